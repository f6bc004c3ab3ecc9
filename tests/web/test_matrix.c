/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route, asked by every role about its own organisation, one below, one
 * further below, the one above, the one beside and one elsewhere; over a real
 * database, with requests in which nothing is wrong but who sends them. The
 * requests are made from the route table; who may is told by rules.c.
 *
 * A denial is 403 or 404 with a problem document, and nothing at all was
 * written; after each write that was allowed the database is as it was
 * (matrix_engine.c). On SQLite every role asks for every route; on PostgreSQL
 * one that may, and one that may not at its own node.
 */
#include "tests/web/cm.h"

#include "tests/web/matrix.h"

#include <stdio.h>
#include <string.h>
#include "app/campaign_desk.h"
#include "app/ballot.h"
#include "app/desk.h"
#include "app/attachments.h"
#include "app/integrity.h"
#include "app/ledger.h"
#include "app/forms.h"
#include "app/score_setup.h"
#include "store/account.h"
#include "import/scheme_yaml.h"
#include "store/id.h"
#include "store/publicity.h"
#include "store/self_report.h"
#include "store/live.h"
#include "store/scheme_version.h"
#include "tests/web/rules.h"
#include "web/assets.h"
#include "web/held.h"
#include "web/router.h"
#include "web/session.h"
#include "web/site.h"

static const char *const relations[] = {"own", "below", "far below", "above", "beside", "elsewhere"};

/* ---- one request ---- */

struct cell {
	struct matrix *matrix;
	const struct web_route *route;
	enum relation relation;	/* of what the address names */
	enum relation aim;	/* of what the form names besides */
	struct buf path, fields;
	const char *file;
	const char *accept;	/* NULL: JSON */
	bool bare;		/* of the form only the organisation is sent */
};

static const char *text_for(struct cell *cell, const char *name)
{
	struct matrix *m = cell->matrix;
	static char held[HELD_ID_LEN + 1];
	static const struct {
		const char *name, *value;
	} texts[] = {
		{"scheme", "loudi-2014"}, {"reason", "云组〔2026〕12 号"}, {"name", "新党支部"}, {"code", "NEW-1"}, {"login", "newcomer"}, {"old", "Old-Password-1"},
		{"signed", "孙书记"}, {"decision", "同意"}, {"chair", "孙"}, {"recorder", "陈"}, {"number", "3 号"},
		{"why", "写错了"}, {"answer", "属实"}, {"scope", "公开栏"}, {"office", "党群办"}, {"phone", "电话"},
		{"regulator", "工信局"}, {"goal", "晋位"}, {"owner", "谭某"}, {"by", "调研组"}, {"person", "某书记"},
		{"outcome", "限期整改"}, {"post", "县长"}, {"lines", "何某 县长"}, {"helper", "1"}, {"which", "1"}, {"group", "1"},
		{"value", "30"}, {"report", "forms"}, {"label", "修路"}, {"form", "f2"}, {"figure", "x"}, {"ident", "road"}, {"points", "3"}, {"from", "zhangji-town"}, {"title", "新方案"}, {"new", "New-Password-1"}, {"new_again", "New-Password-1"}, {"password", "wrong"},
		{"name1", "甲"}, {"name2", "乙"}, {"new_phrase1", "one long phrase"},
		{"new_again1", "one long phrase"}, {"new_phrase2", "another phrase"},
		{"new_again2", "another phrase"}, {"phrase_a", "phrase of a"}, {"phrase_b", "phrase of b"},
		{"address", "https://h/v"}, {"opens", "08:00"}, {"closes", "18:00"},
		{"n", "0"},
	};

	if (strcmp(name, "to") == 0 || strcmp(name, "org") == 0)
		return m->at[cell->aim].code;
	if (strcmp(name, "slip") == 0)
		return m->at[cell->relation].slip;
	if (strcmp(name, "name") == 0 && strcmp(cell->route->path, "/schemes/new") == 0)
		return "new-scheme";
	if (strncmp(cell->route->path, "/cases/", 7) == 0) {
		if (strcmp(name, "deadline") == 0)
			return "2099-12-31";
		if (strcmp(name, "kind") == 0)
			return "support";
		if (strcmp(name, "text") == 0 || strcmp(name, "yuan") == 0)
			return "100";
	}
	if (strcmp(name, "finding") == 0 && strcmp(cell->route->path, "/integrity") == 0)
		return m->at[cell->relation].finding;
	if (strcmp(name, "finding") == 0 || strcmp(name, "closing") == 0)
		return "门锁着";
	if (strcmp(name, "acceptors") == 0)
		return "周敏、李强";
	if (strcmp(name, "code") == 0 && strncmp(cell->route->path, "/check/", 7) == 0)
		return m->at[cell->relation].print;
	if (strcmp(name, "text") == 0)
		return shipped_scheme_find("loudi-2014")->text;
	if (strcmp(name, "held") == 0) {
		if (held_put(m->web.held, m->account, STR("组织.csv"), str_from(cell->file), NOW_S, held,
			     NULL))
			fail_msg("held");
		return held;
	}
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		if (strcmp(name, texts[i].name) == 0)
			return texts[i].value;
	return NULL;
}

/* Of the acts of a campaign's owner. */
static bool is_one_of(const struct web_route *route, const char *a, const char *b, const char *c)
{
	static const char prefix[] = "/campaigns/{campaign}/";
	size_t len = sizeof(prefix) - 1;
	if (strncmp(route->path, prefix, len) != 0)
		return false;
	return strcmp(route->path + len, a) == 0 || strcmp(route->path + len, b) == 0 ||
	       strcmp(route->path + len, c) == 0;
}

static int64_t number_for(struct cell *cell, const char *name)
{
	struct matrix *m = cell->matrix;
	bool establish = strstr(cell->route->path, "/establish") && cell->relation == FAR_BELOW;
	const struct site *site = establish ? &m->wanted : &m->at[cell->relation];

	if (strcmp(name, "session") == 0)
		return site->session;
	if (strcmp(name, "present") == 0)
		return 5;
	if (strcmp(name, "campaign") == 0 && strstr(cell->route->path, "/live"))
		return m->live_campaign;
	if (strcmp(name, "campaign") == 0 && (is_one_of(cell->route, "settings", "days", "close") ||
					      strcmp(cell->route->path, "/integrity/limits") == 0))
		return site->campaign;
	if (strcmp(name, "campaign") == 0 && is_one_of(cell->route, "reopen", "archive", ""))
		return site->ended;
	if (strcmp(name, "campaign") == 0)
		return strstr(cell->route->path, "/raters") || strstr(cell->route->path, "/local") ||
		       strstr(cell->route->path, "/self/") ? m->other_campaign : m->campaign;
	if (strcmp(name, "org") == 0 && !strstr(cell->route->path, "/accounts"))
		return site->id;
	if (strcmp(name, "rater") == 0)
		return 1;
	if (strcmp(name, "place") == 0)
		return 0;
	if (strcmp(name, "box") == 0)
		return matrix_box_for(&m->at[cell->relation], cell->route->path);
	if (strcmp(name, "step") == 0)
		return 1;
	if (strcmp(name, "account") == 0)
		return site->account;
	if (strcmp(name, "request") == 0)
		return site->request;
	if (strcmp(name, "attachment") == 0)
		return strstr(cell->route->path, "/evidence") ? site->evidence : site->attachment;
	if (strcmp(name, "template") == 0)
		return site->template;
	if (strcmp(name, "case") == 0)
		return site->case_id;
	if (strcmp(name, "draw") == 0)
		return site->draw;
	if (strcmp(name, "check") == 0)
		return site->check;
	if (strcmp(name, "problem") == 0)
		return site->problem;
	if (strcmp(name, "scheme") == 0)
		return site->scheme;
	if (strcmp(name, "saved") == 0)
		return 1;	/* as row_fn has it */
	if (strcmp(name, "version") == 0)
		return strstr(cell->route->path, "{scheme}") ? 1 : site->version;
	if (strcmp(name, "node") == 0 && strstr(cell->route->path, "{account}"))
		return m->at[cell->aim].id;
	if (strcmp(name, "publicity") == 0)
		return site->publicity;
	if (strcmp(name, "objection") == 0)
		return site->objection;
	return strcmp(name, "id") == 0 || strcmp(name, "org") == 0 || strcmp(name, "about") == 0 ||
	       strcmp(name, "node") == 0 || strcmp(name, "parent") == 0
		? site->id : -1;
}

static const char *choice_for(struct cell *cell, const struct web_field *field)
{
	struct web_choice choice = {0};
	enum level level = cell->matrix->at[cell->relation].level;
	int i = 0;

	if (strcmp(field->name, "level") == 0)	/* of a new one, or of the same */
		i = strstr(cell->route->path, "/new") && level < LEVEL_UNIT ? (int)level + 1 : (int)level;
	else if (strcmp(field->name, "act") == 0)
		i = BALLOT_VOID_REST;
	else if (strcmp(field->name, "role") == 0)
		i = strstr(cell->route->path, "/revoke") ? ROLE_HELPER : ROLE_LEADER;
	else if (strcmp(field->name, "act") == 0)
		i = CASE_DROP;
	else if (strcmp(field->name, "outcome") == 0)
		i = 1;		/* verified */
	assert_true(web_choice_at(field, i, &choice));
	return choice.id;
}

/* Fills in what the route requires; what the matrix does not know fails it. */
static void fill(struct cell *cell)
{
	struct buf *out = &cell->fields;

	for (const struct web_field *f = cell->route->fields;
	     f && f->name && cell->route->access == WEB_RIGHT; f++) {
		bool node = cell->route->node && strcmp(cell->route->node, f->name) == 0;
		char hole[64];
		const char *text = NULL;
		int64_t number = -1;
		snprintf(hole, sizeof(hole), "{%s}", f->name);
		if ((!f->required && !node) || strstr(cell->route->path, hole) || f->type == WEB_FILE)
			continue;
		if (f->type == WEB_INT && strncmp(cell->route->path, "/ballots/", 9) == 0 &&
		    f->max < BALLOT_HEADS_MAX + 1)
			number = strcmp(f->name, "b") == 0 ? 2 : strcmp(f->name, "sheets") == 0 ? 0 : 1;
		else if (strcmp(f->name, "request") == 0)
			number = number_for(cell, f->name);
		else if (f->type == WEB_INT)
			number = node || f->max == INT64_MAX ? number_for(cell, f->name) : f->max;
		else
			text = f->type == WEB_CHOICE ? choice_for(cell, f)
			     : f->type == WEB_DATE   ? strcmp(f->name, "deadline") == 0 ? "2099-12-31"
			       : strncmp(cell->route->path, "/ballots/", 9) == 0 ? "2026-11-25" : "2026-11-01" : text_for(cell, f->name);
		if (!text && number < 0)
			fail_msg("%s: the matrix does not know what to put into “%s”", cell->route->path,
				 f->name);
		buf_addf(out, "%s%s=", out->len ? "&" : "", f->name);
		if (text)
			url_add(out, str_from(text));
		else
			buf_addf(out, "%lld", (long long)number);
		if (f->many && text)	/* a count for each option of a box */
			buf_addf(out, "&%s=%s", f->name, text);
	}
	/* Two thresholds are there by now. */
	for (int i = 2; i < INTEGRITY_LIMITS && strcmp(cell->route->path, "/integrity/limits") == 0; i++)
		buf_addf(out, "&value=%d", integrity_limit_table[i].min);
	if (strstr(cell->route->path, "/survey/team"))
		buf_adds(out, "&name=%E7%AC%AC%E4%B8%80%E7%BB%84");
	/* Two classes, four options and spoiled ones: nobody has voted. */
	if (cell->route->method == WEB_POST && strstr(cell->route->path, "{org}/count") &&
	    !strstr(cell->route->path, "/count/"))
		buf_adds(out, "counters=%E7%8E%8B%E6%9F%90&n=0&n=0&n=0&n=0&n=0&n=0&n=0&n=0&n=0&n=0");
}

/* Fields that a route does not require, but that what it is for needs here; and
 * the state that a case must be in. */
static void prepare(struct cell *cell)
{
	static const struct {
		const char *path, *fields;
		enum case_state state;
	} cases[] = {
		{"/cases/{case}/move", "&text=x", CASE_CANDIDATE},
		{"/cases/candidates", "&criteria=vacancy&seen=x", CASE_RECTIFYING},
		{"/cases/{case}/progress", "&result=x", CASE_RECTIFYING},
		{"/cases/{case}/sheet", "&label=x&max=100&points=90", CASE_REPORTED},
		{"/cases/{case}/lookback", "", CASE_WRITTEN_OFF},
	};
	char sql[100];
	if (cell->route->method != WEB_POST || strncmp(cell->route->path, "/cases/", 7) != 0)
		return;
	snprintf(sql, sizeof(sql), "UPDATE campaign_org SET category = 0 WHERE campaign = %lld",
		 (long long)cell->matrix->ledger);
	matrix_run(cell->matrix, sql);
	if (strncmp(cell->route->path, "/cases/candidates", 17) == 0 ||
	    strcmp(cell->route->path, "/cases/dates") == 0)
		buf_addf(&cell->fields, "&campaign=%lld", (long long)cell->matrix->ledger);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (strcmp(cases[i].path, cell->route->path) != 0)
			continue;
		buf_adds(&cell->fields, cases[i].fields);
		snprintf(sql, sizeof(sql), "UPDATE ledger_case SET state = %d", cases[i].state);
		matrix_run(cell->matrix, sql);
		return;
	}
	snprintf(sql, sizeof(sql), "UPDATE ledger_case SET state = %d", CASE_RECTIFYING);
	matrix_run(cell->matrix, sql);
}

/* What a new box needs that no single field does. */
static void fill_box(struct cell *cell)
{
	if (cell->route->method == WEB_POST && strcmp(cell->route->path, "/ballots/new") == 0)
		buf_adds(&cell->fields, "&members=3&questions=q&options=a%0Ab");
}

static void fill_path(struct cell *cell)
{
	for (const char *p = cell->route->path; *p; p++) {
		if (*p != '{') {
			buf_addc(&cell->path, *p);
			continue;
		}
		char name[64];
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(p + 1, "}"), p + 1);
		int64_t number = number_for(cell, name);
		const char *text = number < 0 ? text_for(cell, name) : NULL;
		if (number >= 0)
			buf_addf(&cell->path, "%lld", (long long)number);
		else if (strcmp(name, "token") == 0)
			buf_adds(&cell->path, cell->matrix->token);
		else if (strcmp(name, "notice") == 0)
			buf_addf(&cell->path, "matrix%d", (int)cell->relation);
		else if (text)
			buf_adds(&cell->path, text);
		else if (strcmp(name, "page") == 0)
			buf_adds(&cell->path, "orgs");
		else if (strcmp(name, "file") == 0)
			buf_adds(&cell->path, asset_url("style.css") + strlen("/assets/"));
		else
			fail_msg("%s: the matrix does not know {%s}", cell->route->path, name);
		p += strcspn(p, "}");
	}
}

/* A form that is nothing without its file. */
static bool takes_file(const struct web_route *route)
{
	for (const struct web_field *f = route->fields; f && f->name; f++)
		if (f->type == WEB_FILE && f->required)
			return true;
	return false;
}

#define BOUNDARY "----matrix"

static struct web_response send(struct cell *cell)
{
	struct matrix *m = cell->matrix;
	AUTO(buf) struct buf file = {0}, body = {0};
	char cookie[100], sheet[200];
	bool post = cell->route->method == WEB_POST, upload = takes_file(cell->route);
	struct web_response response = {0};

	if (strncmp(cell->route->path, "/accounts/", 10) == 0)
		snprintf(sheet, sizeof(sheet), "账号,姓名,组织代码\nxinren,王某,%s\n",
			 m->at[cell->relation].code);
	else if (strstr(cell->route->path, "/last-year"))
		snprintf(sheet, sizeof(sheet), "组织代码,年度,等次\n%s,2025,好\n", m->at[cell->relation].code);
	else if (strstr(cell->route->path, "/scores/import"))
		snprintf(sheet, sizeof(sheet), "组织代码,评价主体,评价人,工作思路\n");
	else if (strstr(cell->route->path, "/counts/import"))
		snprintf(sheet, sizeof(sheet), "组织代码,评议人类别,选项,票数\n");
	else if (strstr(cell->route->path, "/guarantees/import"))
		snprintf(sheet, sizeof(sheet), "组织代码,运转经费\n");
	else if (strstr(cell->route->path, "/survey/import"))
		snprintf(sheet, sizeof(sheet), "组织代码\n");
	else if (strcmp(cell->route->path, "/integrity/sheet") == 0)
		snprintf(sheet, sizeof(sheet), "党委,个数\n龙泉镇,3\n合计,3\n");
	else if (strcmp(cell->route->path, "/files") == 0)
		snprintf(sheet, sizeof(sheet), "%s", picture.data);
	else
		snprintf(sheet, sizeof(sheet), "组织代码,上级代码,名称,层级\nNEW-2,%s,新党支部,基层\n",
			 m->at[cell->relation].code);
	cell->file = sheet;
	fill_path(cell);
	fill(cell);
	prepare(cell);
	fill_box(cell);
	if (upload)
		buf_addf(&body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"node\"\r\n\r\n"
			 "%lld\r\n--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; "
			 "filename=\"a.csv\"\r\n\r\n%s\r\n--" BOUNDARY "--\r\n",
			 (long long)m->at[cell->relation].id, sheet);
	if (cell->bare) {
		buf_clear(&cell->fields);
		buf_addf(&cell->fields, "node=%lld", (long long)m->at[cell->relation].id);
	}
	snprintf(cookie, sizeof(cookie), "jw=%s", m->token);
	struct web_request request = {
		.method = cell->route->method, .path = str_from(buf_str(&cell->path)),
		.query = str_from(post ? "" : buf_str(&cell->fields)),
		.body = str_from(upload ? buf_str(&body) : post ? buf_str(&cell->fields) : ""),
		.content_type = str_from(upload ? "multipart/form-data; boundary=" BOUNDARY
						: "application/x-www-form-urlencoded"),
		.accept = str_from(cell->accept ? cell->accept : "application/json"), .host = STR("h"), .peer = "10.0.0.9",
		.cookie = str_from(cookie), .csrf = str_from(m->csrf), .now = NOW_S,
	};
	router_handle(&m->web, &request, &response);
	return response;
}

static void complain(const struct cell *cell, const struct web_response *response, const char *why)
{
	fail_msg("%s: %s %s (%s, naming %s) answers %d: %s\n%.200s", role_id(cell->matrix->role),
		 cell->route->method == WEB_POST ? "POST" : "GET", buf_str(&cell->path),
		 relations[cell->relation], relations[cell->aim], response->status, why,
		 buf_str(&response->body));
}

/* By its code, or where a role is taken back. */
static bool names_another(const struct web_route *route)
{
	int org = web_field_find(route->fields, STR("org"));
	int to = web_field_find(route->fields, STR("to"));
	return (to >= 0 && route->fields[to].type == WEB_TEXT) ||
	       (org >= 0 && route->fields[org].type == WEB_TEXT) ||
	       strcmp(route->path, "/accounts/{account}/revoke") == 0;
}

static void try_cell(struct matrix *m, const struct web_route *route, enum relation relation,
		     enum relation aim, bool allowed)
{
	struct cell cell = {.matrix = m, .route = route, .relation = relation, .aim = aim};
	matrix_watch(m);
	AUTO(web_response) struct web_response response = send(&cell);
	int status = response.status;
	bool wrote = matrix_wrote(m);

	m->asked++;
	if (status >= 500 || status == 400 || status == 405 || status == 401 || status == 415)
		complain(&cell, &response, "not a matter of rights");
	if (!allowed) {
		/* A code that one may not see is none. */
		if (status != 403 && status != 404 && !(names_another(route) && status == 422))
			complain(&cell, &response, "not denied");
		if (strcmp(response.type, "application/problem+json") != 0)
			complain(&cell, &response, "no problem document");
		if (wrote)
			complain(&cell, &response, "denied, but something was written");
		m->denied++;
	} else {
		if (status == 403 || (status == 404 && relation == aim))
			complain(&cell, &response, "denied");
		if (route->method == WEB_GET && status != 200)
			complain(&cell, &response, "not shown");
		if (status == 200)
			m->done[route - site_routes] = true;
	}
	buf_done(&cell.path);
	buf_done(&cell.fields);
	if (wrote)
		matrix_put_back(m);
}

/* A form that is sent as it stands, or with next to nothing in it, comes back as a
 * page: the route of the page does not have the fields of the form. */
static void try_page(struct matrix *m, const struct web_route *route, bool bare)
{
	struct cell cell = {.matrix = m, .route = route, .accept = "text/html", .bare = bare};
	matrix_watch(m);
	AUTO(web_response) struct web_response response = send(&cell);

	if (response.status >= 500)
		complain(&cell, &response, "no page");
	buf_done(&cell.path);
	buf_done(&cell.fields);
	if (matrix_wrote(m))
		matrix_put_back(m);
}

/* ---- all of them ---- */

static bool within(enum relation relation)
{
	return relation == OWN || relation == BELOW || relation == FAR_BELOW;
}

/* What changes its place among those beside it is up to whoever has them all. */
static bool is_for_the_parent(const struct web_route *route)
{
	if (strstr(route->path, "/review/decide"))
		return true;	/* who handed in does not judge */
	return route->method == WEB_POST && strncmp(route->path, "/orgs/", 6) == 0 &&
	       (strstr(route->path, "/move") || strstr(route->path, "/merge") ||
		strstr(route->path, "/split"));
}

/* Schemes of the node above are read below it: who works by them must know them. */
static bool reaches_down(const struct web_route *route)
{
	return strcmp(route->path, "/schemes/{scheme}") == 0 ||
	       strcmp(route->path, "/schemes/{scheme}/file") == 0;
}

static bool about_something(const struct web_route *route)
{
	return route->node || strchr(route->path, '{');
}

static void ask_everywhere(struct matrix *m, const struct web_route *route, bool role_may)
{
	for (int i = 0; i < (MATRIX_POSTGRES && !role_may ? BELOW : RELATION_COUNT); i++) {
		enum relation relation = (enum relation)i;
		bool may = role_may && (within(relation) || (relation == ABOVE && reaches_down(route))) &&
			   !(relation == OWN && is_for_the_parent(route));
		if (about_something(route))
			try_cell(m, route, relation, relation, may);
		else if (relation == OWN)
			try_cell(m, route, OWN, OWN, role_may);
		if (relation == OWN && may && route->form && !takes_file(route)) {
			try_page(m, route, true);
			try_page(m, route, false);
		}
		/* From where one may to where one may not, and the other way round. */
		if (names_another(route) && relation != FAR_BELOW) {
			try_cell(m, route, FAR_BELOW, relation, role_may && within(relation));
			try_cell(m, route, relation, FAR_BELOW, may);
		}
	}
}

/* On PostgreSQL the first role that may, and (at its own node only) the last one
 * that may not. */
static bool takes_its_turn(enum role role, const struct web_route *route)
{
	const struct rule *rule = rule_of(route);
	int first = -1, last = -1;
	for (int i = 0; rule && i < ROLE_COUNT; i++) {
		bool may = rule_is_for_roles(rule) && rule_allows((enum role)i, rule->what);
		if (may && first < 0)
			first = i;
		if (!may)
			last = i;
	}
	return !MATRIX_POSTGRES || (int)role == first || (int)role == last;
}

static int turns(enum role role)
{
	int n = 0;
	for (const struct web_route *r = site_routes; r->path; r++)
		n += takes_its_turn(role, r);
	return n;
}

static void walk(struct matrix *m)
{
	for (const struct web_route *r = site_routes; r->path; r++) {
		const struct rule *rule = rule_of(r);
		if (!rule)
			fail_msg("%s has no rule in tests/web/rules.c", r->path);
		assert_true(r - site_routes < (ptrdiff_t)ARRAY_LEN(m->done));
		if (!takes_its_turn(m->role, r))
			continue;
		if (rule_is_for_roles(rule)) {
			bool may = rule_allows(m->role, rule->what);
			ask_everywhere(m, r, may);
			if (may && !rule->done_in && !m->done[r - site_routes])
				fail_msg("%s never did what was allowed", r->path);
		} else if (strcmp(rule->what, "this machine") == 0 ||
			   strcmp(rule->what, "before the first account") == 0) {
			try_cell(m, r, OWN, OWN, false);
		} else if (r->method == WEB_GET && strcmp(rule->what, "signing in") != 0) {
			try_cell(m, r, OWN, OWN, true);
		}
	}
}

static void every_route_at_every_relation(void **state)
{
	struct matrix m = {.role = *(const enum role *)*state};
	void *engine = (void *)(MATRIX_POSTGRES ? &engine_postgres : &engine_sqlite);
	struct err_info info = {0};

	matrix_rest();
	assert_int_equal(desk_setup(&engine), 0);
	m.engine = engine;
	m.desk = desk_of(&engine);
	assert_int_equal(site_init(&m.web, &m.desk->app, "1", &info), 0);
	matrix_add_places(&m);
	matrix_add_caller(&m);
	matrix_keep(&m);
	walk(&m);
	matrix_end(&m);
	print_message("%s: %d requests, %d denied\n", role_id(m.role), m.asked, m.denied);
	assert_true(m.asked > turns(m.role) / 2);
	site_done(&m.web);
	desk_teardown(&engine);
}

int main(void)
{
	static enum role roles[ROLE_COUNT];
	struct CMUnitTest tests[ROLE_COUNT];
	size_t n = 0;

	for (int i = 0; i < ROLE_COUNT; i++) {
		roles[i] = (enum role)i;
		if (turns(roles[i]))
			tests[n++] = (struct CMUnitTest){role_id(roles[i]), every_route_at_every_relation,
							 NULL, NULL, &roles[i]};
	}
	return _cmocka_run_group_tests("matrix", tests, n, MATRIX_POSTGRES ? engines_start : NULL,
				       MATRIX_POSTGRES ? engines_stop : NULL);
}
