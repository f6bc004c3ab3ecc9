/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole site over a real database, without a port: every page with hostile
 * texts in every field, and every route asked by people who may not.
 */
#include "tests/web/cm.h"

#include <stdio.h>
#include <string.h>

#include "app/accounts.h"
#include "app/roster.h"
#include "db/migrate.h"
#include "store/schema.h"
#include "tests/support/engines.h"
#include "web/router.h"
#include "web/session.h"
#include "web/site.h"

#define HOSTILE "<jw-x>' jw-y=' \" jw-z=\" </title> &lt; {} %s "
enum { NOW_S = 1795000000 };
enum who { SYSTEM, SECURITY, AUDITOR, OFFICER, TOWNSHIP, PEOPLE };

struct desk {
	struct app app;
	struct web web;
	struct caller machine;
	int64_t county, town, village, neighbour, account;
	char tokens[PEOPLE][WEB_TOKEN_LEN + 1];
};

static int add_org(struct desk *desk, int64_t parent, enum level level, const char *code,
		   int64_t *ret_id)
{
	struct org org = org_blank();
	const struct org_when when = {20260101, HOSTILE};

	org.parent = parent;
	org.level = level;
	org.code = code;
	org.name = org.short_name = org.secretary_name = org.secretary_phone = org.liaison_name =
		org.liaison_other = org.cadre = org.note = HOSTILE;
	org.short_name = "<jw-x>";
	org.secretary_phone = org.secretary_name = org.liaison_name = org.cadre = "' jw-y='<jw-x>";
	return roster_add(&desk->app, &desk->machine, &org, &when, ret_id, NULL);
}

static int log_in(struct desk *desk, enum who who, const char *name, const char *password,
		  int64_t *ret_account)
{
	unsigned char hash[WEB_HASH_LEN];
	AUTO(arena) struct arena arena = {0};
	struct caller nobody = desk->machine;
	struct person person;

	nobody.machine = false;
	token_make(desk->tokens[who]);
	token_hash(str_from(desk->tokens[who]), hash);
	int r = people_login(&desk->app, &nobody, name, password, "", hash, &arena, &person, NULL);
	if (r == 0 && ret_account)
		*ret_account = person.account;
	return r;
}

/* A township's organiser, who has changed his first password. */
static int add_organiser(struct desk *desk)
{
	struct caller self = desk->machine;
	const struct new_account account = {"town", "' jw-y='<jw-x>", "", desk->town};
	char password[PASSWORD_MADE_LEN + 1];
	bool pending;

	self.machine = false;
	if (accounts_add(&desk->app, &desk->machine, &account, &desk->account, password, NULL) ||
	    roles_grant(&desk->app, &desk->machine, desk->account, ROLE_TOWNSHIP, desk->town, &pending,
			NULL))
		return -1;
	self.account = desk->account;
	if (people_change_password(&desk->app, &self, password, "Chen-Lixin-2026",
				   (const unsigned char[TOKEN_HASH_LEN]){0}, NULL))
		return -1;
	return log_in(desk, TOWNSHIP, "town", "Chen-Lixin-2026", NULL);
}

static int setup(void **state)
{
	const struct first_start first = {
		"YL", HOSTILE, LEVEL_COUNTY,
		{"xitong", "<jw-x>一", "Zhang-Yi-77-xt"}, {"anquan", "<jw-x>二", "Wang-Er-88-aq"},
		{"shenji", "<jw-x>三", "Li-San-99-sj"}, {"zuzhi", "<jw-x>四", "Zhao-Si-66-zz"},
	};
	struct err_info info = {0};

	if (engine_setup(state))
		return -1;
	struct engine *engine = *state;
	struct desk *desk = calloc(1, sizeof(*desk));
	engine->own = desk;
	desk->machine = (struct caller){.machine = true, .origin = "<jw-x>",
					.now_ms = (int64_t)NOW_S * 1000, .today = 20261118};
	if (db_migrate(engine->db, &store_schema, 1, NULL, &info) ||
	    app_init(&desk->app, engine->db, &info) ||
	    (app_cheap_passwords(&desk->app, true), false) ||
	    site_init(&desk->web, &desk->app, "1", &info) ||
	    people_first_start(&desk->app, &desk->machine, &first, &desk->county, &info) ||
	    add_org(desk, desk->county, LEVEL_TOWNSHIP, "07", &desk->town) ||
	    add_org(desk, desk->county, LEVEL_TOWNSHIP, "08", &desk->neighbour) ||
	    add_org(desk, desk->town, LEVEL_UNIT, "07-1", &desk->village) || add_organiser(desk) ||
	    log_in(desk, SYSTEM, "xitong", "Zhang-Yi-77-xt", NULL) ||
	    log_in(desk, SECURITY, "anquan", "Wang-Er-88-aq", NULL) ||
	    log_in(desk, AUDITOR, "shenji", "Li-San-99-sj", NULL) ||
	    log_in(desk, OFFICER, "zuzhi", "Zhao-Si-66-zz", NULL)) {
		print_error("setup: %s\n", info.text);
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	struct engine *engine = *state;
	struct desk *desk = engine->own;
	site_done(&desk->web);
	app_done(&desk->app);
	free(desk);
	return engine_teardown(state);
}

/* The address of a route about one organisation and one account. */
static void address_of(const struct web_route *r, int64_t org, int64_t account, struct buf *path,
		       struct buf *query)
{
	for (const char *p = r->path; *p; p++) {
		if (*p != '{') {
			buf_addc(path, *p);
			continue;
		}
		bool other = strncmp(p, "{account}", 9) == 0 || strncmp(p, "{request}", 9) == 0;
		if (strncmp(p, "{form}", 6) == 0)
			buf_adds(path, "f2");
		else if (strncmp(r->path, "/l/", 3) == 0)
			buf_adds(path, "ABCDEFGH");	/* read well, and nobody's */
		else
			buf_addu(path, (uint64_t)(other ? account : org));
		p += strcspn(p, "}");
	}
	char hole[64];
	snprintf(hole, sizeof(hole), "{%s}", r->node ? r->node : "");
	if (r->node && !strstr(r->path, hole))
		buf_addf(query, "%s=%lld", r->node, (long long)org);
	if (r->fields && web_field_find(r->fields, STR("figure")) >= 0)
		buf_adds(query, "&figure=x");
}

static struct web_response ask(struct desk *desk, const struct web_route *r, const char *token,
			       const char *path, const char *query)
{
	char cookie[160] = "";
	struct web_response response = {0};
	struct web_request request = {
		.method = r->method, .path = str_from(path), .query = str_from(query),
		.accept = STR("text/html"), .host = STR("h"), .peer = "10.0.0.9", .now = NOW_S + 60};

	if (token)
		snprintf(cookie, sizeof(cookie), "jw=%s; jwn=%%3Cjw-x%%3E%%27%%20jw-y%%3D%%27", token);
	request.cookie = str_from(cookie);
	router_handle(&desk->web, &request, &response);
	return response;
}

static void hostile_texts_stay_texts_on_every_page(void **state)
{
	struct desk *desk = ((struct engine *)*state)->own;
	static const char *const raw[] = {"<jw-x>", "' jw-y='", "\" jw-z=\"", "</title> &lt;"};
	int pages = 0, escaped = 0;

	for (const struct web_route *r = site_routes; r->path; r++)
		for (int who = 0; who < PEOPLE && r->method == WEB_GET && r->page; who++) {
			AUTO(buf) struct buf path = {0};
			AUTO(buf) struct buf query = {0};
			address_of(r, who % 2 ? desk->village : desk->town, desk->account, &path, &query);
			if (web_field_find(r->fields, STR("q")) >= 0)
				buf_adds(&query, "&q=%3Cjw-x%3E%27+jw-y%3D%27");
			AUTO(web_response) struct web_response response =
				ask(desk, r, desk->tokens[who], buf_str(&path), buf_str(&query));
			const char *body = buf_str(&response.body);
			if (response.status != 200 && response.status != 403 && response.status != 404)
				fail_msg("%s?%s answers %d", buf_str(&path), buf_str(&query), response.status);
			for (size_t i = 0; i < ARRAY_LEN(raw); i++)
				if (strstr(body, raw[i]))
					fail_msg("%s shows %s as markup", buf_str(&path), raw[i]);
			pages += response.status == 200;
			escaped += strstr(body, "&lt;jw-x&gt;") != NULL;
		}
	/* The walk saw pages, and the texts on them. */
	assert_true(pages > 30);
	assert_true(escaped > 30);
}

static void nobody_gets_in_without_a_session(void **state)
{
	struct desk *desk = ((struct engine *)*state)->own;

	for (const struct web_route *r = site_routes; r->path; r++) {
		AUTO(buf) struct buf path = {0};
		AUTO(buf) struct buf query = {0};
		address_of(r, desk->town, desk->account, &path, &query);
		AUTO(web_response) struct web_response response =
			ask(desk, r, NULL, buf_str(&path), buf_str(&query));
		bool open = r->access == WEB_PUBLIC ||
			    ((r->access == WEB_GUEST || r->access == WEB_SLIP) && r->method == WEB_GET);
		if (!open && response.status == 200)
			fail_msg("%s is open to all", r->path);
		if ((r->access == WEB_RIGHT || r->access == WEB_SIGNED_IN) &&
		    response.status != (r->method == WEB_GET ? 303 : 401))
			fail_msg("%s answers %d to nobody", r->path, response.status);
	}
}

static void no_route_opens_a_neighbour(void **state)
{
	struct desk *desk = ((struct engine *)*state)->own;
	int asked = 0;

	for (const struct web_route *r = site_routes; r->path; r++) {
		if (r->access != WEB_RIGHT || !r->node || r->method != WEB_GET)
			continue;
		const int64_t foreign[] = {desk->county, desk->neighbour};
		for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
			AUTO(buf) struct buf path = {0};
			AUTO(buf) struct buf query = {0};
			address_of(r, foreign[i], desk->account, &path, &query);
			AUTO(web_response) struct web_response response = ask(
				desk, r, desk->tokens[TOWNSHIP], buf_str(&path), buf_str(&query));
			if (response.status != 403)
				fail_msg("%s answers %d", buf_str(&path), response.status);
			asked++;
		}
	}
	assert_true(asked > 15);
}

static void administrators_see_no_more_than_their_part(void **state)
{
	struct desk *desk = ((struct engine *)*state)->own;
	static const struct {
		enum who who;
		const char *path;
		int status;
	} cases[] = {
		{AUDITOR, "/orgs", 403}, {AUDITOR, "/accounts", 403}, {AUDITOR, "/audit", 200},
		{SYSTEM, "/audit", 403}, {SYSTEM, "/accounts", 200}, {SYSTEM, "/audit/verify", 403},
		{SECURITY, "/accounts", 200}, {SECURITY, "/audit", 403}, {SECURITY, "/orgs/import", 403},
		{OFFICER, "/accounts", 403}, {OFFICER, "/audit", 403}, {OFFICER, "/orgs", 200},
		{TOWNSHIP, "/orgs", 200}, {TOWNSHIP, "/orgs/template", 403},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct web_route get = {.method = WEB_GET};
		AUTO(web_response) struct web_response response =
			ask(desk, &get, desk->tokens[cases[i].who], cases[i].path, "");
		if (response.status != cases[i].status)
			fail_msg("%s answers %d to %d", cases[i].path, response.status,
				 cases[i].who);
	}
}

#define TEST(name) ON_BOTH_WITH(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hostile_texts_stay_texts_on_every_page),
		TEST(nobody_gets_in_without_a_session),
		TEST(no_route_opens_a_neighbour),
		TEST(administrators_see_no_more_than_their_part),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
