/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/rules.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"

static const struct rule rules[] = {
	{"GET /healthz", "everybody"},
	{"GET /metrics", "this machine"},
	{"GET /openapi.json", "everybody"},
	{"GET /assets/{file}", "everybody"},
	{"GET /help", "everybody"},
	{"GET /help/{page}", "everybody"},
	{"GET /first", "before the first account"},
	{"POST /first", "before the first account"},
	{"GET /login", "signing in"},
	{"POST /login", "signing in"},
	{"POST /logout", "one's own"},
	{"GET /password", "one's own"},
	{"POST /password", "one's own"},
	{"GET /totp", "one's own"},
	{"POST /totp", "one's own"},
	{"POST /totp/off", "one's own"},
	{"GET /", "one's own"},

	{"GET /orgs", "see organisations"},
	{"GET /orgs/export", "take lists away"},
	{"GET /orgs/template", "build the tree"},
	{"GET /orgs/import", "build the tree"},
	{"POST /orgs/import", "build the tree"},
	{"POST /orgs/import/run", "build the tree"},
	{"GET /orgs/new", "build the tree"},
	{"POST /orgs/new", "build the tree"},
	{"GET /orgs/{id}", "see organisations"},
	{"GET /orgs/{id}/edit", "mend particulars"},
	{"POST /orgs/{id}/edit", "mend particulars"},
	{"GET /orgs/{id}/move", "build the tree"},
	{"POST /orgs/{id}/move", "build the tree"},
	{"GET /orgs/{id}/merge", "build the tree"},
	{"POST /orgs/{id}/merge", "build the tree"},
	{"GET /orgs/{id}/split", "build the tree"},
	{"POST /orgs/{id}/split", "build the tree"},
	{"GET /orgs/{id}/dissolve", "build the tree"},
	{"POST /orgs/{id}/dissolve", "build the tree"},
	{"GET /orgs/{id}/establish", "build the tree"},
	{"POST /orgs/{id}/establish", "build the tree"},

	/* Of the organisation itself; files of other things follow their own rights,
	 * which tests/app/test_attachments.c walks. */
	{"GET /files", "see organisations"},
	{"POST /files", "mend particulars"},
	{"GET /files/{attachment}", "see organisations"},
	{"POST /files/{attachment}/withdraw", "mend particulars"},
	{"GET /my", "read campaigns"},
	{"GET /campaigns/{campaign}/chase", "read campaigns"},
	{"GET /campaigns/{campaign}/live", "score in a meeting"},
	{"POST /campaigns/{campaign}/live", "score in a meeting"},
	{"GET /live/{session}", "score in a meeting"},
	{"GET /live/{session}/count", "score in a meeting"},
	{"POST /live/{session}/close", "score in a meeting"},
	{"POST /live/{session}/void", "score in a meeting"},
	{"GET /l", "signing in"},
	{"GET /l/{code}", "signing in"},
	{"POST /l/{code}", "signing in"},
	{"GET /schemes", "read schemes"},
	{"GET /schemes/new", "write schemes"},
	{"POST /schemes/new", "write schemes"},
	{"GET /schemes/compare", "read schemes"},
	{"POST /schemes/check", "write schemes"},
	{"GET /schemes/template", "read schemes"},
	{"GET /schemes/{scheme}", "read schemes"},
	{"GET /schemes/{scheme}/file", "read schemes"},
	{"GET /schemes/{scheme}/edit", "write schemes"},
	{"POST /schemes/{scheme}/edit", "write schemes"},
	{"POST /schemes/{scheme}/withdraw", "write schemes"},

	{"GET /campaigns/{campaign}/counts", "read figures"},
	{"GET /campaigns/{campaign}/counts/import", "count ballots"},
	{"POST /campaigns/{campaign}/counts/import", "count ballots"},
	{"POST /campaigns/{campaign}/counts/import/run", "count ballots"},
	{"GET /campaigns/{campaign}/orgs/{org}/count", "count ballots"},
	{"POST /campaigns/{campaign}/orgs/{org}/count", "count ballots"},
	{"POST /campaigns/{campaign}/orgs/{org}/count/present", "count ballots"},
	{"POST /campaigns/{campaign}/orgs/{org}/count/waive", "count ballots"},
	{"GET /campaigns/{campaign}/survey", "survey"},
	{"POST /campaigns/{campaign}/survey/team", "survey"},
	{"GET /campaigns/{campaign}/orgs/{org}/survey", "survey"},
	{"POST /campaigns/{campaign}/orgs/{org}/survey", "survey"},
	{"GET /campaigns/{campaign}/selfs", "see campaigns"},
	{"GET /campaigns/{campaign}/orgs/{org}/self", "see campaigns"},
	{"POST /campaigns/{campaign}/orgs/{org}/self", "evaluate oneself"},
	{"POST /campaigns/{campaign}/orgs/{org}/self/confirm", "confirm self-evaluations"},
	{"POST /campaigns/{campaign}/orgs/{org}/self/return", "confirm self-evaluations"},
	{"POST /campaigns/{campaign}/orgs/{org}/self/send-back", "score for the committee"},
	{"GET /campaigns", "see campaigns"},
	{"GET /campaigns/new", "run campaigns"},
	{"POST /campaigns/new", "run campaigns"},
	{"GET /campaigns/{campaign}", "see campaigns"},
	{"GET /campaigns/{campaign}/orgs", "see campaigns"},
	{"GET /campaigns/{campaign}/orgs/export", "read figures"},
	{"POST /campaigns/{campaign}/grade", "hand in results"},
	{"GET /campaigns/{campaign}/settings", "run campaigns"},
	{"POST /campaigns/{campaign}/days", "run campaigns"},
	{"POST /campaigns/{campaign}/close", "run campaigns"},
	{"POST /campaigns/{campaign}/reopen", "run campaigns"},
	{"POST /campaigns/{campaign}/archive", "run campaigns"},

	{"GET /campaigns/{campaign}/scores", "read figures"},
	{"POST /campaigns/{campaign}/scores", "score for the committee"},
	{"GET /campaigns/{campaign}/scores/history", "read figures"},
	{"GET /campaigns/{campaign}/scores/now", "read figures"},
	{"GET /campaigns/{campaign}/scores/export", "read figures"},
	{"GET /campaigns/{campaign}/scores/import", "score for the committee"},
	{"POST /campaigns/{campaign}/scores/import", "score for the committee"},
	{"POST /campaigns/{campaign}/scores/import/run", "score for the committee"},
	{"GET /campaigns/{campaign}/raters", "run campaigns"},
	{"POST /campaigns/{campaign}/raters", "run campaigns"},
	{"POST /campaigns/{campaign}/raters/delete", "run campaigns"},
	{"POST /campaigns/{campaign}/raters/assign", "run campaigns"},
	{"GET /campaigns/{campaign}/local", "read figures"},
	{"POST /campaigns/{campaign}/local", "score for the committee"},
	{"POST /campaigns/{campaign}/local/delete", "score for the committee"},
	{"GET /unit-scores", "score as a related unit"},
	{"GET /campaigns/{campaign}/unit-scores", "score as a related unit"},
	{"POST /campaigns/{campaign}/unit-scores", "score as a related unit"},
	{"GET /campaigns/{campaign}/unit-scores/history", "score as a related unit"},
	{"GET /campaigns/{campaign}/unit-scores/now", "score as a related unit"},
	{"GET /campaigns/{campaign}/peer-scores", "evaluate oneself"},
	{"POST /campaigns/{campaign}/peer-scores", "evaluate oneself"},
	{"GET /campaigns/{campaign}/peer-scores/history", "evaluate oneself"},
	{"GET /campaigns/{campaign}/peer-scores/now", "evaluate oneself"},

	/* What else an act of a case needs is walked in tests/app/test_ledger.c. */
	{"GET /tasks", "read the ledger"},
	{"POST /calendar", "read the ledger"},
	{"GET /calendar/{token}", "everybody"},
	{"GET /cases", "read the ledger"},
	{"GET /cases/candidates", "read the ledger"},
	{"POST /cases/candidates", "keep the ledger"},
	{"POST /cases/candidates/all", "keep the ledger"},
	{"GET /cases/bulletin", "read the ledger"},
	{"GET /cases/dates", "read the ledger"},
	{"POST /cases/dates", "accept a case"},
	{"GET /cases/draws", "read the ledger"},
	{"POST /cases/draws", "check on the spot"},
	{"POST /cases/draws/{draw}/reveal", "check on the spot"},
	{"GET /integrity", "see findings"},
	{"POST /integrity", "check on the spot"},
	{"POST /integrity/limits", "run campaigns"},
	{"POST /integrity/sheet", "check on the spot"},
	{"GET /checks", "check on the spot"},
	{"POST /checks", "check on the spot"},
	{"POST /checks/{check}/close", "check on the spot"},
	{"GET /cases/{case}", "read the ledger"},
	{"POST /cases/{case}/move", "keep the ledger"},
	{"POST /cases/{case}/plan", "keep the ledger"},
	{"POST /cases/{case}/problem", "keep the ledger"},
	{"POST /cases/{case}/progress", "work on a case"},
	{"POST /cases/{case}/extend", "keep the ledger"},
	{"POST /cases/{case}/verify", "accept a case there"},
	{"POST /evidence/{attachment}", "accept a case"},
	{"POST /cases/{case}/helper", "keep the ledger"},
	{"POST /cases/{case}/visit", "record visits"},
	{"POST /cases/{case}/secretary", "keep the ledger"},
	{"POST /cases/{case}/election", "keep the ledger"},
	{"POST /cases/{case}/money", "keep the ledger"},
	{"POST /cases/{case}/sheet", "accept a case there"},
	{"POST /cases/{case}/lookback", "accept a case"},
	{"POST /cases/{case}/remind", "remind"},
	{"GET /p/{notice}", "everybody"},
	{"GET /campaigns/last-year", "open campaigns"},
	{"GET /campaigns/last-year/template", "open campaigns"},
	{"POST /campaigns/last-year", "open campaigns"},
	{"POST /campaigns/last-year/run", "open campaigns"},
	{"GET /orgs/{id}/years", "follow campaigns"},
	{"GET /campaigns/{campaign}/meeting", "follow campaigns"},
	{"POST /campaigns/{campaign}/meeting", "hold meetings", "tests/app/test_meeting.c"},
	{"POST /campaigns/{campaign}/meeting/adjust", "hold meetings", "tests/app/test_meeting.c"},
	{"POST /campaigns/{campaign}/meeting/forget", "hold meetings", "tests/app/test_meeting.c"},
	{"GET /campaigns/{campaign}/opinions/{org}", "hold meetings"},
	{"POST /campaigns/{campaign}/opinions/{org}", "hold meetings", "tests/app/test_meeting.c"},
	{"GET /campaigns/{campaign}/orgs/{org}/opinion", "speak for the regulator"},
	{"POST /campaigns/{campaign}/orgs/{org}/opinion", "speak for the regulator",
	 "tests/app/test_meeting.c"},
	{"GET /campaigns/{campaign}/orgs/{org}/why", "follow campaigns"},
	{"GET /campaigns/{campaign}/publicity", "follow campaigns"},
	{"GET /campaigns/{campaign}/publicity/notice", "follow campaigns"},
	{"POST /campaigns/{campaign}/publicity", "publish results", "tests/app/test_review.c"},
	{"POST /campaigns/{campaign}/publicity/withdraw", "publish results"},
	{"POST /campaigns/{campaign}/publicity/objections", "publish results",
	 "tests/app/test_review.c"},
	{"POST /campaigns/{campaign}/publicity/answer", "publish results"},
	{"GET /campaigns/{campaign}/review", "follow campaigns"},
	{"POST /campaigns/{campaign}/review/submit", "hand in results", "tests/app/test_review.c"},
	{"POST /campaigns/{campaign}/review/decide", "review results", "tests/app/test_review.c"},
	{"POST /campaigns/{campaign}/orgs/{org}/unlock", "open campaigns", "tests/app/test_review.c"},
	{"POST /campaigns/{campaign}/orgs/{org}/stars", "review results", "tests/app/test_review.c"},
	{"GET /campaigns/{campaign}/orgs/{org}/improvement", "follow campaigns"},
	{"POST /campaigns/{campaign}/orgs/{org}/improvement", "evaluate oneself",
	 "tests/app/test_review.c"},
	{"GET /campaigns/{campaign}/orgs/{org}/appraisal", "follow campaigns"},
	{"POST /campaigns/{campaign}/orgs/{org}/appraisal", "review results",
	 "tests/app/test_appraisal.c"},
	{"POST /campaigns/{campaign}/orgs/{org}/interviews", "review results"},

	{"GET /accounts", "see accounts"},
	{"GET /accounts/export", "see accounts"},
	{"GET /accounts/new", "make accounts"},
	{"POST /accounts/new", "make accounts"},
	{"GET /accounts/template", "make accounts"},
	{"GET /accounts/import", "make accounts"},
	{"POST /accounts/import", "make accounts"},
	{"POST /accounts/import/run", "make accounts"},
	{"POST /accounts/requests/{request}", "give roles"},
	{"GET /accounts/{account}", "see accounts"},
	{"POST /accounts/{account}/reset", "make accounts"},
	{"POST /accounts/{account}/close", "make accounts"},
	{"POST /accounts/{account}/open", "make accounts"},
	{"POST /accounts/{account}/grant", "give roles"},
	{"POST /accounts/{account}/revoke", "give roles"},

	{"GET /policy", "see the policy"},
	/* Holds for the whole installation: the topmost organisation's only. */
	{"POST /policy", "set the policy of all"},

	{"GET /forms", "read figures"},
	{"GET /forms/batch", "read figures"},
	{"POST /forms/batch", "read figures"},
	{"GET /forms/batch/file", "read figures"},
	{"POST /forms/views", "read figures"},
	{"POST /forms/views/drop", "read figures"},
	{"GET /forms/{form}", "read figures"},
	{"GET /forms/{form}/file", "read figures"},
	{"GET /forms/{form}/orgs", "read figures"},
	{"GET /forms/{form}/columns", "read figures"},
	{"GET /prints", "read figures"},
	{"GET /check", "read figures"},
	{"GET /check/{code}", "read figures"},
	{"GET /v", "whoever holds a slip"},
	{"POST /v", "whoever holds a slip"},
	{"GET /v/about", "whoever holds a slip"},
	{"GET /v/kiosk/{box}", "whoever holds a slip"},
	{"GET /ballots", "hold ballots"},
	{"GET /ballots/new", "hold ballots"},
	{"POST /ballots/new", "hold ballots"},
	{"GET /ballots/{box}", "hold ballots"},
	{"POST /ballots/{box}/keys", "hold ballots"},
	{"POST /ballots/{box}/test", "hold ballots"},
	{"POST /ballots/{box}/slips", "hold ballots"},
	{"GET /ballots/{box}/sheets", "hold ballots"},
	{"POST /ballots/{box}/present", "hold ballots"},
	{"POST /ballots/{box}/activate", "hold ballots"},
	{"POST /ballots/{box}/exchange", "hold ballots"},
	{"POST /ballots/{box}/times", "hold ballots"},
	{"POST /ballots/{box}/start", "hold ballots"},
	{"GET /ballots/{box}/hall", "hold ballots"},
	{"POST /ballots/{box}/close", "hold ballots"},
	{"GET /ballots/{box}/paper", "hold ballots"},
	{"POST /ballots/{box}/paper", "hold ballots"},
	{"POST /ballots/{box}/open", "hold ballots"},
	{"POST /ballots/{box}/abandon", "hold ballots"},
	{"GET /ballots/{box}/record", "hold ballots"},

	{"GET /audit", "read the log"},
	{"GET /audit/export", "read the log"},
	{"GET /audit/verify", "read the log"},
};

static const char *const for_all[] = {
	"everybody", "this machine", "before the first account", "signing in", "one's own",
	"whoever holds a slip",
};

/* Each role's things, as the specification tells them. Nobody is named twice,
 * and what is not named is not allowed. */
static const char *const ruled_roles[ROLE_COUNT] = {
	[ROLE_OFFICER] = "see organisations, score in a meeting, read campaigns, read schemes, write schemes, mend particulars, build the tree, take lists away",
	/* The live session of the matrix grades townships: nobody scores himself. */
	[ROLE_TOWNSHIP] = "see organisations, read campaigns, read schemes, mend particulars, take lists away, hold ballots",
	[ROLE_CLERK] = "see organisations, read campaigns, read schemes",
	[ROLE_SURVEYOR] = "see organisations, read schemes",
	[ROLE_CADRE] = "see organisations, read campaigns, read schemes",
	[ROLE_REGULATOR] = "see organisations, read schemes",
	[ROLE_HELPER] = "see organisations, read schemes",
	[ROLE_UNIT] = "see organisations, read schemes",
	[ROLE_INSPECTOR] = "see organisations, read campaigns, read schemes, take lists away",
	[ROLE_LEADER] = "see organisations, read campaigns, read schemes, take lists away",
	/* Accounts and nodes; no business data. */
	[ROLE_SYSTEM] = "see organisations, mend particulars, build the tree, take lists away, "
			"see accounts, make accounts",
	/* Roles and rights; sees for whom and where. */
	[ROLE_SECURITY] = "see organisations, see accounts, give roles, see the policy",
	/* The log of everyone, read only; nothing else. */
	[ROLE_AUDITOR] = "read the log",
};

/* The same told by the thing: one line for each, and who may. */
#define MAY(role) (1u << (role))
static const struct {
	const char *what;
	unsigned roles;
} ruled_things[] = {
	{"read figures", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP) | MAY(ROLE_INSPECTOR) | MAY(ROLE_LEADER)},
	{"score for the committee", MAY(ROLE_TOWNSHIP)},
	{"confirm self-evaluations", MAY(ROLE_CADRE)},
	{"see campaigns", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP) | MAY(ROLE_CLERK) | MAY(ROLE_CADRE) |
			  MAY(ROLE_INSPECTOR) | MAY(ROLE_LEADER)},
	{"survey", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP) | MAY(ROLE_SURVEYOR)},
	{"count ballots", MAY(ROLE_TOWNSHIP)},
	{"run campaigns", MAY(ROLE_OFFICER)},
	{"read the ledger", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP) | MAY(ROLE_CLERK) | MAY(ROLE_CADRE) |
			    MAY(ROLE_HELPER) | MAY(ROLE_INSPECTOR) | MAY(ROLE_LEADER)},
	{"keep the ledger", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP)},
	{"work on a case", MAY(ROLE_TOWNSHIP) | MAY(ROLE_CLERK)},
	{"accept a case", MAY(ROLE_OFFICER)},
	/* By the rules of Loudi the township accepts too. */
	{"accept a case there", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP)},
	{"record visits", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP) | MAY(ROLE_CADRE) | MAY(ROLE_HELPER)},
	{"see findings", MAY(ROLE_OFFICER) | MAY(ROLE_INSPECTOR) | MAY(ROLE_LEADER)},
	{"check on the spot", MAY(ROLE_OFFICER) | MAY(ROLE_INSPECTOR)},
	{"remind", MAY(ROLE_OFFICER) | MAY(ROLE_INSPECTOR)},
	{"score as a related unit", MAY(ROLE_UNIT)},
	{"follow campaigns", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP) | MAY(ROLE_CLERK) | MAY(ROLE_CADRE) |
				     MAY(ROLE_INSPECTOR) | MAY(ROLE_LEADER)},
	{"open campaigns", MAY(ROLE_OFFICER)},
	{"hold meetings", MAY(ROLE_TOWNSHIP)},
	{"publish results", MAY(ROLE_TOWNSHIP)},
	{"hand in results", MAY(ROLE_OFFICER) | MAY(ROLE_TOWNSHIP)},
	{"review results", MAY(ROLE_OFFICER)},
	{"speak for the regulator", MAY(ROLE_REGULATOR)},
	/* A township may enter for a branch (代录). */
	{"evaluate oneself", MAY(ROLE_CLERK) | MAY(ROLE_TOWNSHIP)},
};

const struct rule *rule_of(const struct web_route *route)
{
	char name[200];
	snprintf(name, sizeof(name), "%s %s", route->method == WEB_POST ? "POST" : "GET", route->path);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (strcmp(rules[i].route, name) == 0)
			return &rules[i];
	return NULL;
}

bool rule_allows(enum role role, const char *what)
{
	for (size_t i = 0; i < ARRAY_LEN(ruled_things); i++)
		if (strcmp(ruled_things[i].what, what) == 0)
			return ruled_things[i].roles >> role & 1;
	return strstr(ruled_roles[role], what) != NULL;
}

bool rule_is_for_roles(const struct rule *rule)
{
	for (size_t i = 0; i < ARRAY_LEN(for_all); i++)
		if (strcmp(for_all[i], rule->what) == 0)
			return false;
	return true;
}
