/* SPDX-License-Identifier: Apache-2.0 */
#include "web/gate.h"

#include <stdio.h>
#include <time.h>

#include "app/campaigns.h"
#include "app/people.h"
#include "web/session.h"

_Static_assert((int)WEB_HASH_LEN == (int)TOKEN_HASH_LEN, "one length of a token's hash");

struct caller gate_caller(const struct web_request *request, int64_t account)
{
	struct tm tm;
	time_t local = (time_t)request->now + 8 * 3600;	/* China has one time zone */

	gmtime_r(&local, &tm);
	return (struct caller){
		.account = account,
		.origin = request->peer,
		.now_ms = request->now * 1000,
		.today = (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday,
	};
}

/* The actions that some role of the account allows, for menus. */
static int load_may(struct app *app, const struct caller *caller, struct arena *arena,
		    uint64_t *ret_may, struct err_info *info)
{
	struct app_place *places;
	int n;
	int r = app_places(app, caller, arena, &places, &n, info);
	if (r)
		return r;
	struct right_grant *grants = arena_zalloc(arena, (size_t)n + 1, sizeof(*grants));
	if (!grants)
		return err_nomem(info);
	for (int i = 0; i < n; i++)
		grants[i] = (struct right_grant){places[i].role, places[i].path};
	struct right_holder holder = {grants, n, false};
	*ret_may = 0;
	for (int action = 0; action < ACTION_COUNT; action++)
		if (right_anywhere(&holder, (enum action)action))
			*ret_may |= (uint64_t)1 << action;
	return 0;
}
_Static_assert(ACTION_COUNT <= 64, "a bit per action");

static int find_session(void *arg, struct str token, const struct web_request *request,
			struct web_session *ret_session, struct err_info *info)
{
	struct app *app = arg;
	AUTO(arena) struct arena arena = {0};
	unsigned char hash[TOKEN_HASH_LEN];
	struct person person;
	struct web_session session = {.signed_in = true};

	token_hash(token, hash);
	int r = people_session(app, hash, request->now * 1000, &arena, &person, info);
	if (r)
		return r;
	session.account = person.account;
	session.must_change_password = person.must_change;
	session.has_totp = person.has_totp;
	session.node = person.node;
	snprintf(session.login, sizeof(session.login), "%s", person.name);
	snprintf(session.name, sizeof(session.name), "%s", person.label);
	snprintf(session.node_name, sizeof(session.node_name), "%s", person.node_name);
	struct caller caller = gate_caller(request, person.account);
	r = load_may(app, &caller, &arena, &session.may, info);
	if (r == 0)
		*ret_session = session;
	return r;
}

static int may(void *arg, const struct web_session *session, const struct web_request *request,
	       int action, int64_t campaign, int64_t node, struct err_info *info)
{
	struct caller caller = gate_caller(request, session->account);
	uint64_t allowed = 0;

	int r = app_rights_at(arg, &caller, node, &allowed, info);
	if (r)
		return r;
	if (allowed >> action & 1)
		return 0;
	/* Where committees are graded, others may do more. */
	if (campaign && campaigns_may(arg, &caller, (enum action)action, campaign, node, info) == 0)
		return 0;
	return err_set(info, ERR_DENIED, "您没有权限在这个组织做这件事");
}

static int is_new(void *arg, struct err_info *info)
{
	bool fresh = false;
	int r = people_is_new(arg, &fresh, info);
	return r ? r : fresh;
}

struct web_gate gate_make(struct app *app)
{
	return (struct web_gate){app, find_session, may, is_new};
}
