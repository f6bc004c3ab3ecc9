/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/office.h"

#include <stdio.h>
#include <string.h>

#include "app/accounts.h"
#include "app/roster.h"
#include "db/migrate.h"
#include "domain/day_math.h"
#include "store/schema.h"
#include "web/router.h"
#include "web/session.h"
#include "web/site.h"

#define BOUNDARY "jw-boundary-77"

static const struct first_start first = {
	"YL", "云岭县委", LEVEL_COUNTY,
	{"xitong", "张一", "Zhang-Yi-77-xt"}, {"anquan", "王二", "Wang-Er-88-aq"},
	{"shenji", "李三", "Li-San-99-sj"}, {"zuzhi", "赵四", "Zhao-Si-66-zz"},
};

/* Of those hired. */
static const char hired_password[] = "Chen-Lixin-2026";

static const struct first_person *person_of(enum office_who who)
{
	const struct first_person *const people[] = {&first.system, &first.security, &first.auditor,
						     &first.officer};
	return people[who];
}

const char *office_password(enum office_who who)
{
	return person_of(who)->password;
}

struct office *office_of(void **state)
{
	return ((struct engine *)*state)->own;
}

static int sign_in(struct office *office, enum office_who who)
{
	bool first_one = who < OFFICE_PEOPLE;
	unsigned char hash[WEB_HASH_LEN];
	AUTO(arena) struct arena arena = {0};
	struct caller nobody = office->machine;
	struct person person;

	nobody.machine = false;
	token_make(office->tokens[who]);
	token_hash(str_from(office->tokens[who]), hash);
	return people_login(&office->app, &nobody, first_one ? person_of(who)->name : office->logins[who],
			    first_one ? person_of(who)->password : hired_password, "", hash, &arena,
			    &person, NULL);
}

enum office_who office_hire(struct office *office, int64_t node, const char *login, enum role role)
{
	struct caller self = office->machine;
	const struct new_account account = {login, login, "", node};
	enum office_who who = (enum office_who)office->n_people++;
	char password[PASSWORD_MADE_LEN + 1];
	struct err_info info = {0};
	bool pending;

	assert_true(who < OFFICE_ALL);
	self.machine = false;
	snprintf(office->logins[who], sizeof(office->logins[who]), "%s", login);
	if (accounts_add(&office->app, &office->machine, &account, &self.account, password, &info) ||
	    roles_grant(&office->app, &office->machine, self.account, role, node, &pending, &info) ||
	    people_change_password(&office->app, &self, password, hired_password,
				   (const unsigned char[TOKEN_HASH_LEN]){0}, &info) ||
	    sign_in(office, who))
		fail_msg("%s: %s", login, info.text);
	return who;
}

void office_at(struct office *office, int32_t day)
{
	office->now_s = day_begins_ms(day) / 1000 + 12 * 3600;
	office->machine.now_ms = office->now_s * 1000;
	office->machine.today = day;
	for (int who = 0; who < office->n_people; who++)
		if (sign_in(office, (enum office_who)who))
			fail_msg("person %d can't sign in on %d", who, day);
}

static int add_town(struct office *office)
{
	struct org org = org_blank();
	const struct org_when when = {20260101, NULL};

	org.parent = office->county;
	org.level = LEVEL_TOWNSHIP;
	org.code = "07";
	org.name = "龙泉镇党委";
	return roster_add(&office->app, &office->machine, &org, &when, &office->town, NULL);
}

int office_setup(void **state)
{
	struct err_info info = {0};

	if (engine_setup(state))
		return -1;
	struct engine *engine = *state;
	struct office *office = calloc(1, sizeof(*office));
	engine->own = office;
	office->now_s = OFFICE_NOW_S;
	office->n_people = OFFICE_PEOPLE;
	office->machine = (struct caller){.machine = true, .origin = "test",
					  .now_ms = (int64_t)OFFICE_NOW_S * 1000, .today = 20261118};
	if (db_migrate(engine->db, &store_schema, 1, NULL, &info) ||
	    app_init(&office->app, engine->db, &info) ||
	    (app_cheap_passwords(&office->app, true), false) ||
	    site_init(&office->web, &office->app, "1", &info) ||
	    people_first_start(&office->app, &office->machine, &first, &office->county, &info) ||
	    add_town(office)) {
		print_error("setup: %s\n", info.text);
		return -1;
	}
	office->web.address = "http://office.example/";
	for (int who = 0; who < OFFICE_PEOPLE; who++)
		if (sign_in(office, (enum office_who)who))
			return -1;
	return 0;
}

int office_teardown(void **state)
{
	struct engine *engine = *state;
	struct office *office = engine->own;
	site_done(&office->web);
	app_done(&office->app);
	free(office);
	return engine_teardown(state);
}

static struct web_response ask(struct office *office, enum office_who who,
			       struct web_request *request)
{
	char cookie[160];
	struct web_response response = {0};

	snprintf(cookie, sizeof(cookie), "jw=%s", office->tokens[who]);
	request->cookie = str_from(cookie);
	request->host = STR("office.example");
	request->peer = "10.0.0.9";
	request->now = office->now_s;
	router_handle(&office->web, request, &response);
	return response;
}

struct web_response office_get(struct office *office, enum office_who who, const char *path,
			       const char *query)
{
	struct web_request request = {.method = WEB_GET, .path = str_from(path),
				      .query = str_from(query), .accept = STR("text/html")};
	return ask(office, who, &request);
}

json_t *office_json(struct office *office, enum office_who who, const char *path,
		    const char *query)
{
	struct web_request request = {.method = WEB_GET, .path = str_from(path),
				      .query = str_from(query), .accept = STR("application/json")};
	AUTO(web_response) struct web_response response = ask(office, who, &request);
	json_t *json = json_loads(buf_str(&response.body), 0, NULL);

	if (response.status != 200 || !json)
		fail_msg("%s answers %d: %s", path, response.status, buf_str(&response.body));
	return json;
}

static void token_for(struct office *office, enum office_who who, char token[WEB_TOKEN_LEN + 1])
{
	AUTO(web_response) struct web_response response = office_get(office, who, "/password", "");
	const char *at = strstr(buf_str(&response.body), "name='_csrf' value='");

	assert_non_null(at);
	snprintf(token, WEB_TOKEN_LEN + 1, "%.*s", (int)WEB_TOKEN_LEN, at + strlen("name='_csrf' value='"));
}

struct web_response office_ask(struct office *office, enum office_who who,
			       struct web_request *request)
{
	char csrf[WEB_TOKEN_LEN + 1] = "";

	if (request->method == WEB_POST)
		token_for(office, who, csrf);
	request->csrf = str_from(csrf);
	return ask(office, who, request);
}

static char *send(struct office *office, enum office_who who, struct web_request *request,
		  int status)
{
	request->method = WEB_POST;
	AUTO(web_response) struct web_response response = office_ask(office, who, request);
	if (response.status != status)
		fail_msg("%.*s answers %d, not %d: %s", (int)request->path.len, request->path.data,
			 response.status, status, buf_str(&response.body));
	return strdup(buf_str(&response.body));
}

char *office_post(struct office *office, enum office_who who, const char *path, const char *form,
		  int status)
{
	struct web_request request = {
		.path = str_from(path), .body = str_from(form), .accept = STR("text/html"),
		.content_type = STR("application/x-www-form-urlencoded")};
	return send(office, who, &request, status);
}

char *office_upload(struct office *office, enum office_who who, const char *path,
		    const char *node, struct str file, bool json, int status)
{
	AUTO(buf) struct buf body = {0};

	buf_addf(&body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"node\"\r\n\r\n%s\r\n"
		 "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"t.%s\"\r\n"
		 "Content-Type: application/octet-stream\r\n\r\n", node,
		 file.len > 2 && !memcmp(file.data, "PK", 2) ? "xlsx" : "csv");
	buf_add(&body, file.data, file.len);
	buf_adds(&body, "\r\n--" BOUNDARY "--\r\n");
	struct web_request request = {
		.path = str_from(path), .body = {body.data, body.len},
		.accept = json ? STR("application/json") : STR("text/html"),
		.content_type = STR("multipart/form-data; boundary=" BOUNDARY)};
	return send(office, who, &request, status);
}
