/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what, where (spec: campaign.md, "People and rights"): the one
 * place. A role is granted at an organisation and reaches it and what stands
 * below it, nothing beside or above. Pure: what an account holds is an
 * argument.
 *
 * Every route and every command that touches data names an action; whether it
 * is allowed is right_check(holder, action, path of the organisation). One who
 * may do an action nowhere is not shown it: right_anywhere.
 */
#ifndef JW_APP_RIGHT_H
#define JW_APP_RIGHT_H

#include <stdbool.h>

#include "base/str.h"

/* Stored in role_grant; never renumber. */
enum role {
	ROLE_OFFICER = 0,	/* 组织部: county and above */
	ROLE_TOWNSHIP = 1,	/* 乡镇党委组织委员 */
	ROLE_CLERK = 2,		/* 党支部 */
	ROLE_SURVEYOR = 3,	/* 调查组 */
	ROLE_CADRE = 4,		/* 包村干部 */
	ROLE_REGULATOR = 5,	/* 行业主管 */
	ROLE_HELPER = 6,	/* 联系领导、第一书记、帮扶单位 */
	ROLE_UNIT = 7,		/* 相关单位 */
	ROLE_INSPECTOR = 8,	/* 督查组 */
	ROLE_LEADER = 9,	/* 领导 */
	ROLE_SYSTEM = 10,	/* 系统管理员 */
	ROLE_SECURITY = 11,	/* 安全管理员 */
	ROLE_AUDITOR = 12,	/* 审计员 */
	ROLE_COUNT,
};

enum action {
	ACTION_SELF,		/* own password, own second factor: everybody, no organisation */
	ACTION_ORG_READ,
	ACTION_ORG_EDIT,	/* an organisation's particulars */
	ACTION_ORG_STRUCTURE,	/* add, move, merge, split, dissolve, import */
	ACTION_ORG_EXPORT,
	ACTION_ACCOUNT_READ,
	ACTION_ACCOUNT_WRITE,	/* make, close, reset */
	ACTION_ROLE_READ,
	ACTION_ROLE_GRANT,	/* grant, confirm, take back */
	ACTION_POLICY_WRITE,	/* password and session policy */
	ACTION_AUDIT_READ,
	ACTION_SCHEME_READ,
	ACTION_SCHEME_WRITE,
	ACTION_CAMPAIGN_READ,
	ACTION_CAMPAIGN_WRITE,	/* open, dates, steps, unlock */
	ACTION_SURVEY_WRITE,
	ACTION_SELF_WRITE,	/* self-evaluation */
	ACTION_SELF_CONFIRM,
	ACTION_SCORE_WRITE,	/* the committee's scores */
	ACTION_SCORE_UNIT,	/* a related unit's own scores */
	ACTION_BALLOT_WRITE,	/* tallies, numbers present, box */
	ACTION_OPINION_WRITE,	/* a regulator's opinion */
	ACTION_MEETING_WRITE,
	ACTION_PUBLICITY_WRITE,
	ACTION_SUBMIT,		/* hand in to the level above */
	ACTION_REVIEW,		/* accept or return what was handed in */
	ACTION_CASE_READ,
	ACTION_CASE_WRITE,	/* the ledger: pick, plan, problems */
	ACTION_CASE_PROGRESS,	/* measures, progress, evidence */
	ACTION_CASE_ACCEPT,	/* acceptance, write-off, look-back */
	ACTION_VISIT_WRITE,	/* visits and help */
	ACTION_CHECK_READ,	/* findings */
	ACTION_CHECK_WRITE,	/* spot checks */
	ACTION_REPORT_READ,	/* roll-ups, forms, print, export */
	ACTION_LIVE_WRITE,	/* scoring by those present in a meeting */
	ACTION_MY_WORK,		/* what lies before oneself */
	ACTION_COUNT,
};

/* What an account holds: a role at an organisation, by its path. */
struct right_grant {
	enum role role;
	const char *path;	/* "/1/120000001/" */
};

struct right_holder {
	const struct right_grant *grants;
	int n;
	/* The operator of the machine itself, at the command line: whoever can
	 * read the database file can do anything to it. */
	bool machine;
	/* Within a campaign that grades committees instead of branches (CT-9): who
	 * judges one stands above it, and nobody judges himself. `graded` is the path
	 * of the graded organisation that is spoken of; NULL: one above them. */
	bool committees;
	const char *graded;
};

/* May `who` do `action` at the organisation with this path? Where committees are
 * graded, what a township's organiser does for branches is done by the officers
 * above the graded one, who alone also survey, submit, review and unlock; the
 * graded one's own officers act for it as a branch's clerk does. */
bool right_check(const struct right_holder *who, enum action action, const char *path);

/* May `who` do `action` somewhere? For menus, never instead of right_check. */
bool right_anywhere(const struct right_holder *who, enum action action);

/* May one account hold both? The three administrators exclude each other and
 * every other role. */
bool right_compatible(enum role a, enum role b);

/* The id in files ("township") and the label for people. Never NULL. */
const char *role_id(enum role role);
const char *role_label(enum role role);
const char *action_id(enum action action);

/* By id or label; ERR_NOT_FOUND. */
int role_find(struct str text, enum role *ret_role);

#endif
