/* SPDX-License-Identifier: Apache-2.0 */
#include "app/right.h"

#include <assert.h>

#include "base/auto.h"
#include "base/err.h"

/* How far from the organisation at which the role is held. */
enum reach {
	NO = 0,
	OWN,		/* that organisation only */
	BELOW,		/* it and everything below it */
};

#define OFFICER [ROLE_OFFICER]
#define TOWNSHIP [ROLE_TOWNSHIP]
#define CLERK [ROLE_CLERK]
#define SURVEYOR [ROLE_SURVEYOR]
#define CADRE [ROLE_CADRE]
#define REGULATOR [ROLE_REGULATOR]
#define HELPER [ROLE_HELPER]
#define UNIT [ROLE_UNIT]
#define INSPECTOR [ROLE_INSPECTOR]
#define LEADER [ROLE_LEADER]
#define SYSTEM [ROLE_SYSTEM]
#define SECURITY [ROLE_SECURITY]
#define AUDITOR [ROLE_AUDITOR]

static const unsigned char table[ACTION_COUNT][ROLE_COUNT] = {
	/* ACTION_SELF needs no role: right_check knows it. */
	[ACTION_ORG_READ] = {
		OFFICER = BELOW, TOWNSHIP = BELOW, CLERK = BELOW, SURVEYOR = BELOW, CADRE = BELOW,
		REGULATOR = BELOW, HELPER = BELOW, UNIT = BELOW, INSPECTOR = BELOW, LEADER = BELOW,
		SYSTEM = BELOW, SECURITY = BELOW,
	},
	[ACTION_ORG_EDIT] = {OFFICER = BELOW, TOWNSHIP = BELOW, SYSTEM = BELOW},
	[ACTION_ORG_STRUCTURE] = {OFFICER = BELOW, SYSTEM = BELOW},
	[ACTION_ORG_EXPORT] = {OFFICER = BELOW, TOWNSHIP = BELOW, LEADER = BELOW, INSPECTOR = BELOW,
			       SYSTEM = BELOW},
	[ACTION_ACCOUNT_READ] = {SYSTEM = BELOW, SECURITY = BELOW},
	[ACTION_ACCOUNT_WRITE] = {SYSTEM = BELOW},
	[ACTION_ROLE_READ] = {SYSTEM = BELOW, SECURITY = BELOW},
	[ACTION_ROLE_GRANT] = {SECURITY = BELOW},
	[ACTION_POLICY_WRITE] = {SECURITY = BELOW},
	[ACTION_AUDIT_READ] = {AUDITOR = BELOW},
	[ACTION_SCHEME_READ] = {
		OFFICER = BELOW, TOWNSHIP = BELOW, CLERK = BELOW, SURVEYOR = BELOW, CADRE = BELOW,
		REGULATOR = BELOW, HELPER = BELOW, UNIT = BELOW, INSPECTOR = BELOW, LEADER = BELOW,
	},
	[ACTION_SCHEME_WRITE] = {OFFICER = BELOW},
	[ACTION_CAMPAIGN_READ] = {
		OFFICER = BELOW, TOWNSHIP = BELOW, CLERK = BELOW, CADRE = BELOW, INSPECTOR = BELOW,
		LEADER = BELOW,
	},
	[ACTION_CAMPAIGN_WRITE] = {OFFICER = BELOW},
	[ACTION_SURVEY_WRITE] = {OFFICER = BELOW, TOWNSHIP = BELOW, SURVEYOR = BELOW},
	/* A township may enter for a branch, with the sealed original attached. */
	[ACTION_SELF_WRITE] = {TOWNSHIP = BELOW, CLERK = BELOW},
	[ACTION_SELF_CONFIRM] = {CADRE = BELOW},
	[ACTION_SCORE_WRITE] = {TOWNSHIP = BELOW},
	[ACTION_SCORE_UNIT] = {UNIT = BELOW},
	[ACTION_BALLOT_WRITE] = {TOWNSHIP = BELOW},
	[ACTION_OPINION_WRITE] = {REGULATOR = BELOW},
	[ACTION_MEETING_WRITE] = {TOWNSHIP = BELOW},
	[ACTION_PUBLICITY_WRITE] = {TOWNSHIP = BELOW},
	[ACTION_SUBMIT] = {OFFICER = BELOW, TOWNSHIP = BELOW},
	[ACTION_REVIEW] = {OFFICER = BELOW},
	[ACTION_CASE_READ] = {
		OFFICER = BELOW, TOWNSHIP = BELOW, CLERK = BELOW, CADRE = BELOW, HELPER = BELOW,
		INSPECTOR = BELOW, LEADER = BELOW,
	},
	[ACTION_CASE_WRITE] = {OFFICER = BELOW, TOWNSHIP = BELOW},
	[ACTION_CASE_PROGRESS] = {TOWNSHIP = BELOW, CLERK = BELOW},
	[ACTION_CASE_ACCEPT] = {OFFICER = BELOW},
	[ACTION_VISIT_WRITE] = {CADRE = BELOW, HELPER = BELOW},
	[ACTION_CHECK_READ] = {OFFICER = BELOW, INSPECTOR = BELOW, LEADER = BELOW},
	[ACTION_CHECK_WRITE] = {OFFICER = BELOW, INSPECTOR = BELOW},
	[ACTION_LIVE_WRITE] = {OFFICER = BELOW, TOWNSHIP = BELOW},
	[ACTION_REPORT_READ] = {OFFICER = BELOW, TOWNSHIP = BELOW, INSPECTOR = BELOW, LEADER = BELOW},
	[ACTION_MY_WORK] = {
		OFFICER = BELOW, TOWNSHIP = BELOW, CLERK = BELOW, SURVEYOR = BELOW, CADRE = BELOW,
		REGULATOR = BELOW, HELPER = BELOW, UNIT = BELOW, INSPECTOR = BELOW, LEADER = BELOW,
	},
};

static const char *const action_ids[ACTION_COUNT] = {
	[ACTION_SELF] = "self",
	[ACTION_ORG_READ] = "org.read",
	[ACTION_ORG_EDIT] = "org.edit",
	[ACTION_ORG_STRUCTURE] = "org.structure",
	[ACTION_ORG_EXPORT] = "org.export",
	[ACTION_ACCOUNT_READ] = "account.read",
	[ACTION_ACCOUNT_WRITE] = "account.write",
	[ACTION_ROLE_READ] = "role.read",
	[ACTION_ROLE_GRANT] = "role.grant",
	[ACTION_POLICY_WRITE] = "policy.write",
	[ACTION_AUDIT_READ] = "audit.read",
	[ACTION_SCHEME_READ] = "scheme.read",
	[ACTION_SCHEME_WRITE] = "scheme.write",
	[ACTION_CAMPAIGN_READ] = "campaign.read",
	[ACTION_CAMPAIGN_WRITE] = "campaign.write",
	[ACTION_SURVEY_WRITE] = "survey.write",
	[ACTION_SELF_WRITE] = "self.write",
	[ACTION_SELF_CONFIRM] = "self.confirm",
	[ACTION_SCORE_WRITE] = "score.write",
	[ACTION_SCORE_UNIT] = "score.unit",
	[ACTION_BALLOT_WRITE] = "ballot.write",
	[ACTION_OPINION_WRITE] = "opinion.write",
	[ACTION_MEETING_WRITE] = "meeting.write",
	[ACTION_PUBLICITY_WRITE] = "publicity.write",
	[ACTION_SUBMIT] = "submit",
	[ACTION_REVIEW] = "review",
	[ACTION_CASE_READ] = "case.read",
	[ACTION_CASE_WRITE] = "case.write",
	[ACTION_CASE_PROGRESS] = "case.progress",
	[ACTION_CASE_ACCEPT] = "case.accept",
	[ACTION_VISIT_WRITE] = "visit.write",
	[ACTION_CHECK_READ] = "check.read",
	[ACTION_CHECK_WRITE] = "check.write",
	[ACTION_REPORT_READ] = "report.read",
	[ACTION_LIVE_WRITE] = "live.write",
	[ACTION_MY_WORK] = "my.work",
};

static const char *const roles[ROLE_COUNT][2] = {
	[ROLE_OFFICER] = {"officer", "组织部"},
	[ROLE_TOWNSHIP] = {"township", "乡镇组织委员"},
	[ROLE_CLERK] = {"clerk", "党支部"},
	[ROLE_SURVEYOR] = {"surveyor", "调查组"},
	[ROLE_CADRE] = {"cadre", "包村干部"},
	[ROLE_REGULATOR] = {"regulator", "行业主管"},
	[ROLE_HELPER] = {"helper", "帮扶人"},
	[ROLE_UNIT] = {"unit", "相关单位"},
	[ROLE_INSPECTOR] = {"inspector", "督查组"},
	[ROLE_LEADER] = {"leader", "领导"},
	[ROLE_SYSTEM] = {"system", "系统管理员"},
	[ROLE_SECURITY] = {"security", "安全管理员"},
	[ROLE_AUDITOR] = {"auditor", "审计员"},
};

static bool reaches(enum reach reach, const char *from, const char *path)
{
	size_t len = strlen(from);
	/* Every path ends in a slash: /1/12/ is not within /1/1/. */
	if (reach == NO || len < 2 || from[len - 1] != '/')
		return false;
	return reach == OWN ? strcmp(path, from) == 0 : strncmp(path, from, len) == 0;
}

/* What is done to those who are graded, not by them. */
static bool is_judging(enum action action)
{
	switch (action) {
	case ACTION_CAMPAIGN_WRITE:
	case ACTION_SURVEY_WRITE:
	case ACTION_SCORE_WRITE:
	case ACTION_BALLOT_WRITE:
	case ACTION_MEETING_WRITE:
	case ACTION_PUBLICITY_WRITE:
	case ACTION_LIVE_WRITE:
	case ACTION_SUBMIT:
	case ACTION_REVIEW:
		return true;
	default:
		return false;
	}
}

static bool grant_reaches(const struct right_holder *who, const struct right_grant *g,
			  enum action action, const char *path)
{
	if (!who->committees)
		return reaches((enum reach)table[action][g->role], g->path, path);
	if (action == ACTION_SELF_WRITE && g->role == ROLE_OFFICER)
		return who->graded && strcmp(g->path, who->graded) == 0 && reaches(BELOW, g->path, path);
	if (!is_judging(action))
		return reaches((enum reach)table[action][g->role], g->path, path);
	if (g->role != ROLE_OFFICER && (action != ACTION_SURVEY_WRITE || g->role != ROLE_SURVEYOR))
		return false;
	bool himself = who->graded && reaches(BELOW, who->graded, g->path);
	return !himself && reaches(BELOW, g->path, path);
}

bool right_check(const struct right_holder *who, enum action action, const char *path)
{
	assert(action >= 0 && action < ACTION_COUNT);
	if (who->machine || action == ACTION_SELF)
		return true;
	if (!path || !*path)
		return false;
	for (int i = 0; i < who->n; i++) {
		const struct right_grant *g = &who->grants[i];
		if (g->role >= 0 && g->role < ROLE_COUNT && g->path &&
		    grant_reaches(who, g, action, path))
			return true;
	}
	return false;
}

bool right_anywhere(const struct right_holder *who, enum action action)
{
	if (who->machine || action == ACTION_SELF)
		return true;
	for (int i = 0; i < who->n; i++)
		if (table[action][who->grants[i].role] != NO)
			return true;
	return false;
}

static bool is_administrator(enum role role)
{
	return role == ROLE_SYSTEM || role == ROLE_SECURITY || role == ROLE_AUDITOR;
}

bool right_compatible(enum role a, enum role b)
{
	return a == b || (!is_administrator(a) && !is_administrator(b));
}

const char *role_id(enum role role) { return roles[role][0]; }
const char *role_label(enum role role) { return roles[role][1]; }
const char *action_id(enum action action) { return action_ids[action]; }

int role_find(struct str text, enum role *ret_role)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		for (size_t j = 0; j < ARRAY_LEN(roles[i]); j++)
			if (str_eqs(text, roles[i][j])) {
				*ret_role = (enum role)i;
				return 0;
			}
	return ERR_NOT_FOUND;
}
