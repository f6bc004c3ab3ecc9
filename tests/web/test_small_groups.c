/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Nothing that anybody is shown depends on the ballots of a small group (ballots.md, "Small
 * groups"). Two counties are alike in all but that: where fewer than five voted, other ballots were
 * cast, with the same grades and stars in the end. Then everybody below the approving level asks for
 * everything: every GET route of the table as page and as JSON, every form in every format, and all
 * of them as one zip, with random places, orders and filters. If all answers are the same in both
 * counties, no sum, difference, rank or order of them, from whichever pages they come, can tell the
 * two apart: no solver needs to know what the figures mean, and a new route is in the walk as soon
 * as it is in the table. The county's officer, who approves, must see the difference
 * (SMALL_APPROVED: where SMALL_SCHEME knows no approval, nobody does).
 */
#include "tests/web/cm.h"

#include "tests/web/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/ballot_vote.h"
#include "app/campaign_grading.h"
#include "app/decide_desk.h"
#include "app/forms.h"
#include "app/meeting.h"
#include "app/publicizing.h"
#include "app/review.h"
#include "store/account.h"
#include "store/id.h"
#include "web/assets.h"
#include "web/held.h"
#include "web/router.h"
#include "web/site.h"

enum {
	ORGS = 8, BOXES = 2, OPTIONS = 4, READERS = 14, DRAWS = 2, TRIES = 12,
	ANSWERS_MAX = 12000, SPOILED = OPTIONS,
	ZIP_LEAVES_OUT = 2,	/* f6 and f18 are for their own pages */
};

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* ---- the county ---- */

struct ballots {
	uint32_t votes[VOTERS_COUNT][SCHEME_OPTIONS_MAX + 1];
};

struct reader {
	enum role role;
	int64_t node;
	char token[WEB_TOKEN_LEN + 1], csrf[WEB_TOKEN_LEN + 1];
	bool approves;		/* sees all: what finds no leak here finds none anywhere */
};

struct answer {
	int status;
	char *body;
	size_t len;
};

struct box {
	int64_t id;
	char (*codes[VOTERS_COUNT])[BALLOT_CODE_LEN + 1];
	int n[VOTERS_COUNT];
};

struct county {
	struct matrix m;
	struct decide_desk now, before;		/* the campaign, and last year's */
	int64_t orgs[ORGS], places[ORGS + 4];
	struct box boxes[BOXES];		/* of the first two organisations */
	struct arena arena;
	struct reader readers[READERS];
	int percent[2][ORGS];			/* of committee and self, by year */
	int stage;
	/* The walk. */
	uint64_t chance;
	struct answer *first;			/* of the first county; then compared with */
	int n_first, at;
	bool compare;
	bool answered[512], told[512];		/* by route */
	int leaks, seen, asked, decided, zips;
};

static const struct ballot_counter_in counters[] = {{"甲", "phrase of a"}, {"乙", "phrase of b"}};
static const struct ballot_pair pair = {0, 1, "phrase of a", "phrase of b"};

static void fine(int r, const struct err_info *info)
{
	if (r < 0)
		fail_msg("%s", info->text);
}

static struct caller at_noon(struct county *c)
{
	struct caller who = c->m.desk->machine;
	who.now_ms = (int64_t)NOW_S * 1000 - 60000;
	return who;
}

/* Keyed, tested, its slips printed: the same in both counties. */
static void add_box(struct county *c, struct box *box, int64_t org)
{
	static const char *const questions[] = {"总体"};
	static const struct ballot_cost cheap = {1, 8};
	struct app *app = &c->m.desk->app;
	const struct caller who = at_noon(c);
	struct err_info info = {0};
	struct campaign_detail detail;
	const char *words[SCHEME_OPTIONS_MAX];
	fine(campaigns_get(app, &who, c->now.campaign, 0, &c->arena, &detail, &info), &info);
	for (int i = 0; i < detail.scheme->n_options; i++)
		words[i] = detail.scheme->options[i].label;
	const struct ballot_setup setup = {
		.node = org, .campaign = c->now.campaign, .title = "测评", .opens_ms = who.now_ms - 1,
		.closes_ms = who.now_ms + 7200000, .heads = {20, 20}, .orgs = &org, .n_orgs = 1,
		.questions = questions, .n_questions = 1, .options = words, .n_options = detail.scheme->n_options};
	fine(ballot_create(app, &who, &setup, &box->id, &info), &info);
	fine(ballot_set_counters(app, &who, box->id, counters, 2, &cheap, &info), &info);
	fine(ballot_test(app, &who, box->id, &pair, (unsigned char[]){0}, &info), &info);
	for (int v = 0; v < VOTERS_COUNT; v++)
		fine(ballot_print(app, &who, box->id, (enum voters)v, 0, &c->arena, &box->codes[v], &box->n[v],
				  &info), &info);
}

static void hand_out(struct county *c, struct box *box, int class, int64_t n)
{
	AUTO(buf) struct buf codes = {0};
	struct app *app = &c->m.desk->app;
	const struct caller who = at_noon(c);
	struct err_info info = {0};
	int64_t moved;
	for (int64_t i = 0; i < n; i++)
		buf_addf(&codes, "%s\n", box->codes[class][i]);
	fine(ballot_set_present(app, &who, box->id, (enum voters)class, n, &info), &info);
	if (n)
		fine(ballot_act_on(app, &who, box->id, BALLOT_ACTIVATE, (enum voters)class,
				   str_from(buf_str(&codes)), &moved, &info), &info);
	fine(ballot_act_on(app, &who, box->id, BALLOT_VOID_REST, (enum voters)class, STR(""), &moved, &info),
	     &info);
}

static void vote(struct county *c, struct box *box, const struct ballots *b)
{
	struct app *app = &c->m.desk->app;
	const struct caller who = at_noon(c);
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	struct ballot_mismatch *rows;
	int n;
	for (int v = 0; v < VOTERS_COUNT; v++) {
		int64_t all = 0;
		for (int o = 0; o < OPTIONS; o++)
			all += b->votes[v][o];
		hand_out(c, box, v, all);
	}
	fine(ballot_start(app, &who, box->id, &info), &info);
	for (int v = 0; v < VOTERS_COUNT; v++)
		for (int o = 0, at = 0; o < OPTIONS; o++)
			for (uint32_t i = 0; i < b->votes[v][o]; i++) {
				const unsigned char option = (unsigned char)o;
				enum ballot_refusal refusal;
				fine(ballot_cast_vote(app, str_from(box->codes[v][at++]), STR("nonce-nonce-nonce"),
						      0, &option, 1, who.now_ms, &refusal, &info), &info);
				assert_int_equal(refusal, BALLOT_FINE);
			}
	fine(ballot_close(app, &who, box->id, &info), &info);
	fine(ballot_open(app, &who, box->id, &pair, &arena, &rows, &n, &info), &info);
}

/* ---- who reads ---- */

static int session_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct session *session = arg;
	return store_session_insert(tx, session);
}

static void add_reader(struct county *c, struct reader *reader, int i)
{
	char name[32];
	snprintf(name, sizeof(name), "reader-%d", i);
	struct session session = {.account = desk_account(c->m.desk, reader->node, name, reader->role),
				  .created_ms = (int64_t)NOW_S * 1000, .seen_ms = (int64_t)NOW_S * 1000,
				  .origin = "10.0.0.9"};
	token_make(reader->token);
	token_hash(str_from(reader->token), session.token_hash);
	session.region = id_region(session.account);
	assert_int_equal(db_write(c->m.desk->app.db, session.region, session_fn, &session, NULL), 0);
	csrf_make(c->m.web.key, str_from(reader->token), reader->csrf);
}

static void add_readers(struct county *c)
{
	struct desk *d = c->m.desk;
	const struct reader readers[READERS] = {
		{.role = ROLE_OFFICER, .node = d->county, .approves = true},
		{.role = ROLE_TOWNSHIP, .node = d->township},
		{.role = ROLE_LEADER, .node = d->county},
		{.role = ROLE_CLERK, .node = c->orgs[1]},
		{.role = ROLE_TOWNSHIP, .node = d->other_township},
		{.role = ROLE_INSPECTOR, .node = d->county},
		{.role = ROLE_CADRE, .node = d->township},
		{.role = ROLE_HELPER, .node = d->township},
		{.role = ROLE_REGULATOR, .node = d->county},
		{.role = ROLE_UNIT, .node = d->county},
		{.role = ROLE_SURVEYOR, .node = d->county},
		{.role = ROLE_SYSTEM, .node = d->county},
		{.role = ROLE_SECURITY, .node = d->county},
		{.role = ROLE_AUDITOR, .node = d->county},
	};
	memcpy(c->readers, readers, sizeof(readers));
	for (int i = 0; i < READERS; i++)
		add_reader(c, &c->readers[i], i);
}

/* ---- two counties ---- */

static void build(struct county *c, struct engine *engine, struct desk *desk)
{
	static const char *const names[] = {"下坪村党支部", "石板村党支部", "双河村党支部", "柳林村党支部"};
	struct err_info info = {0};
	char code[16];
	c->m.engine = engine;
	c->m.desk = desk;
	c->m.role = ROLE_OFFICER;
	c->m.writes = true;
	fine(site_init(&c->m.web, &desk->app, "1", &info), &info);
	int64_t school = campaign_desk_fill(desk);
	memcpy(c->orgs, desk->branch, sizeof(desk->branch));
	c->orgs[3] = school;
	for (int i = 0; i < 4; i++) {
		snprintf(code, sizeof(code), "%s-61%d", i < 3 ? "07" : "08", i);
		c->orgs[4 + i] = desk_add(desk, i < 3 ? desk->township : desk->other_township, code, names[i],
					  LEVEL_UNIT);
		campaign_desk_field(desk, c->orgs[4 + i], FIELD_VILLAGE);
	}
	const struct campaign_draft last = {.node = desk->county, .year = 2024, .scheme = SMALL_SCHEME},
				    this = {.node = desk->county, .year = 2025, .scheme = SMALL_SCHEME};
	c->before = c->now = (struct decide_desk){.desk = desk, .school = school};
	fine(campaigns_open(&desk->app, &desk->machine, &last, &c->before.campaign, &info), &info);
	fine(campaigns_open(&desk->app, &desk->machine, &this, &c->now.campaign, &info), &info);
	c->now.township = desk_caller(desk_account(desk, desk->township, "陈", ROLE_TOWNSHIP), 7000);
	c->now.county = desk_caller(desk_account(desk, desk->county, "周", ROLE_OFFICER), 7000);
	for (int i = 0; i < BOXES; i++)
		add_box(c, &c->boxes[i], c->orgs[i + 1]);
	add_readers(c);
	matrix_add_places(&c->m);
	matrix_add_caller(&c->m);
	memcpy(c->places, c->orgs, sizeof(c->orgs));
	c->places[ORGS] = desk->county;
	c->places[ORGS + 1] = desk->township;
	c->places[ORGS + 2] = desk->township;
	c->places[ORGS + 3] = desk->other_township;
}

/* Ballots of an organisation, and others that nobody may tell from them. */
static void draw_pair(uint64_t *chance, bool boxed, struct ballots *a, struct ballots *b)
{
	uint64_t kind = next(chance) % 10;
	int n[VOTERS_COUNT] = {5 + (int)(next(chance) % 8), 5 + (int)(next(chance) % 12)};
	*a = (struct ballots){0};
	if (kind < 3)		/* a small class */
		n[next(chance) % 2] = 1 + (int)(next(chance) % 4);
	else if (kind < 7) {	/* a small box */
		n[0] = 1 + (int)(next(chance) % 3);
		n[1] = 1 + (int)(next(chance) % (uint64_t)(4 - n[0]));
	}
	for (int v = 0; v < VOTERS_COUNT; v++)
		for (int i = 0; i < n[v]; i++)
			a->votes[v][next(chance) % (boxed || kind < 7 ? OPTIONS : OPTIONS + 1)]++;
	*b = *a;
	if (kind < 3) {
		int x = (int)(next(chance) % OPTIONS), y = (int)(next(chance) % OPTIONS);
		if (!a->votes[0][x] || !a->votes[1][y])
			return;
		b->votes[0][x]--, b->votes[0][y]++;
		b->votes[1][y]--, b->votes[1][x]++;
	} else if (kind < 7) {
		memset(b, 0, sizeof(*b));
		for (int v = 0; v < VOTERS_COUNT; v++)
			for (int i = 0; i < n[v]; i++)
				b->votes[v][next(chance) % OPTIONS]++;
	}
}

static void fill(struct county *c, const struct ballots *ballots)
{
	for (int i = 0; i < ORGS; i++) {
		decide_desk_fill(&c->before, c->orgs[i], c->percent[0][i], ballots[i].votes);
		decide_desk_fill(&c->now, c->orgs[i], c->percent[1][i], ballots[i].votes);
	}
	decide_desk_grade(&c->before);
	decide_desk_grade(&c->now);
}

/* What may be known of each: grade, stars and who approves, of both years. */
static void known(struct county *c, uint64_t of[ORGS])
{
	AUTO(arena) struct arena arena = {0};
	for (int i = 0; i < ORGS; i++) {
		of[i] = 0;
		for (int year = 0; year < 2; year++) {
			struct result r = decide_desk_result(year ? &c->now : &c->before, c->orgs[i], &arena);
			of[i] = of[i] * 10000 + (uint64_t)(r.grade + 2) * 1000 + (uint64_t)(r.stars + 2) * 100 +
				(uint64_t)(r.approval + 2) * 10 + (uint64_t)(r.quota + 2);
			for (const char *p = r.status; *p; p++)
				of[i] = of[i] * 31 + (unsigned char)*p;
		}
	}
}

/* As far as the round goes: meeting, publicity, review. */
static int decide(struct county *c)
{
	struct app *app = &c->m.desk->app;
	struct err_info info = {0};
	int64_t id;
	int n, done = 0;
	const struct publicity shown = {
		.campaign = c->now.campaign, .node = c->m.desk->township, .from_day = 20260311,
		.to_day = 20260315, .show = SHOW_GRADE | SHOW_STARS | SHOW_SCORE | SHOW_RANK,
		.scope = "镇、村公开栏", .office = "镇政府一楼党群办", .phone = "（办公室电话）"};
	if (c->stage < 1 || decide_desk_meet(&c->now, &id, &info) < 0)
		return done;
	done++;
	if (c->stage < 2 || publicity_begin(app, &c->now.township, &shown, &id, &info) < 0)
		return done;
	matrix_run(&c->m, "UPDATE publicity SET token = 'own' WHERE token NOT LIKE 'matrix%'");
	done++;
	if (c->stage < 3)
		return done;
	fine(review_submit(app, &c->now.township, c->now.campaign, c->m.desk->township, "孙", "", &n, &info),
	     &info);
	done++;
	const int64_t own[] = {c->orgs[0], c->orgs[1], c->orgs[2], c->orgs[4], c->orgs[5], c->orgs[6]};
	if (c->stage < 4)
		return done;
	fine(review_decide(app, &c->now.county, c->now.campaign, c->m.desk->township, own, ARRAY_LEN(own), true,
			   "", &info), &info);
	return done + 1;
}

static int happen(struct county *c, const struct ballots *ballots)
{
	struct err_info info = {0};
	fill(c, ballots);
	fine(campaigns_close(&c->m.desk->app, &c->m.desk->machine, c->before.campaign, "年底", &info), &info);
	for (int i = 0; i < BOXES; i++)
		vote(c, &c->boxes[i], &ballots[i + 1]);
	decide_desk_grade(&c->now);
	return decide(c);
}

/* ---- the walk ---- */

/* GET routes that are not asked for, and why. */
static const char *const left_out[][2] = {
	{"/assets/{file}", "files of the program"},
	{"/metrics", "for this machine; counts requests"},
	{"/forms/batch/file", "asked for where the zip is ready (ask_zip)"},
	{"/v", "for who holds a slip; no session is looked up"},
	{"/v/kiosk/{box}", "as /v"},
	{"/totp", "a secret of one's own, of chance each time"}, {"/first", "there are accounts"},
	{"/l", "as /v"}, {"/l/{code}", "as /v"},
	{"/help/{page}", "the manual"},
};

static bool is_left_out(const struct web_route *route)
{
	for (size_t i = 0; i < ARRAY_LEN(left_out); i++)
		if (strcmp(route->path, left_out[i][0]) == 0)
			return true;
	return false;
}

static int64_t number_for(struct county *c, const struct web_route *route, const char *name)
{
	struct matrix *m = &c->m;
	const struct site *site = &m->at[next(&c->chance) % 3];
	const struct {
		const char *name;
		int64_t value;
	} things[] = {
		{"session", site->session}, {"account", site->account}, {"request", site->request},
		{"attachment", site->attachment}, {"template", site->template}, {"case", site->case_id},
		{"draw", site->draw}, {"check", site->check}, {"publicity", site->publicity},
		{"objection", site->objection}, {"version", 1}, {"rater", 1}, {"place", 0}, {"step", 1},
		{"saved", 1}, {"n", 1}, {"scheme", site->scheme},
	};
	if (strcmp(name, "campaign") == 0)
		return strstr(route->path, "/live") ? m->live_campaign :
		       strstr(route->path, "/settings") ? c->now.campaign :
		       next(&c->chance) % 8 ? c->now.campaign : c->before.campaign;
	if (strcmp(name, "box") == 0)
		return next(&c->chance) % 4 ? c->boxes[next(&c->chance) % BOXES].id : site->boxes[4];
	if (strcmp(name, "node") == 0 || strcmp(name, "org") == 0 || strcmp(name, "id") == 0 ||
	    strcmp(name, "parent") == 0 || strcmp(name, "about") == 0)
		return c->places[next(&c->chance) % ARRAY_LEN(c->places)];
	for (size_t i = 0; i < ARRAY_LEN(things); i++)
		if (strcmp(name, things[i].name) == 0)
			return things[i].value;
	return -1;
}

static int n_forms(void)
{
	int n = 0;
	while (form_kinds[n].id)
		n++;
	return n;
}

static const char *text_for(struct county *c, const struct web_route *route, const char *name)
{
	if (strcmp(name, "form") == 0)
		return form_kinds[next(&c->chance) % (uint64_t)n_forms()].id;
	if (strcmp(name, "scheme") == 0)
		return SMALL_SCHEME;
	if (strcmp(name, "notice") == 0)
		return next(&c->chance) % 4 ? "own" : "matrix1";
	if (strcmp(name, "code") == 0 && (strstr(route->path, "/check") || strstr(route->path, "/mark")))
		return c->m.at[next(&c->chance) % 3].print;
	if (strcmp(name, "token") == 0)
		return c->m.token;
	if (strcmp(name, "figure") == 0)
		return next(&c->chance) % 2 ? "graded" : "grade0";
	if (strcmp(name, "a") == 0 || strcmp(name, "b") == 0 || strcmp(name, "from") == 0)
		return SMALL_SCHEME;
	if (strcmp(name, "report") == 0)
		return "forms";
	return NULL;
}

/* True if something was found. */
static bool add_value(struct county *c, const struct web_route *route, const struct web_field *f,
		      struct buf *out)
{
	int64_t number = f->type == WEB_INT ? number_for(c, route, f->name) : -1;
	const char *text = f->type == WEB_TEXT ? text_for(c, route, f->name) : NULL;
	if (f->type == WEB_CHOICE) {
		struct web_choice choice;
		int n = 0;
		while (web_choice_at(f, n, &choice))
			n++;
		if (n && web_choice_at(f, (int)(next(&c->chance) % (uint64_t)n), &choice))
			text = choice.id;
	}
	if (number >= 0)
		buf_addf(out, "%lld", (long long)number);
	else if (text)
		buf_adds(out, text);
	return number >= 0 || text;
}

static void add_path(struct county *c, const struct web_route *route, struct buf *path)
{
	for (const char *p = route->path; *p; p++) {
		if (*p != '{') {
			buf_addc(path, *p);
			continue;
		}
		int at = web_field_find(route->fields, (struct str){p + 1, strcspn(p + 1, "}")});
		assert_true(at >= 0);
		if (!add_value(c, route, &route->fields[at], path))
			fail_msg("%s: the walk does not know what to put into {%s}", route->path,
				 route->fields[at].name);
		p += strcspn(p, "}");
	}
}

static void add_query(struct county *c, const struct web_route *route, struct buf *query)
{
	for (const struct web_field *f = route->fields; f && f->name; f++) {
		AUTO(buf) struct buf value = {0};
		char hole[64];
		snprintf(hole, sizeof(hole), "{%s}", f->name);
		bool node = route->node && strcmp(route->node, f->name) == 0;
		bool told = strcmp(f->name, "node") == 0 || strcmp(f->name, "campaign") == 0;
		if (strstr(route->path, hole) ||
		    (!f->required && !node && next(&c->chance) % (told ? 8 : 2) == 0))
			continue;
		if (!f->required && !node && !told && f->type != WEB_CHOICE)
			continue;
		bool found = add_value(c, route, f, &value);
		if (!found && f->required && f->type != WEB_FLAG)
			fail_msg("%s: the walk does not know what to put into “%s”", route->path, f->name);
		if (found)
			buf_addf(query, "%s%s=%s", query->len ? "&" : "", f->name, buf_str(&value));
	}
}

/* Check codes are keyed (two groups of five), references pure chance (of four): they tell nothing. */
static void blank_codes(char *body, size_t len, size_t group)
{
	size_t all = 2 * group + 1;
	for (size_t i = 0; i + all <= len; i++) {
		size_t k = 0;
		while (k < all && (k == group ? body[i + k] == '-' : (body[i + k] >= '0' && body[i + k] <= '9') ||
							     (body[i + k] >= 'A' && body[i + k] <= 'Z')))
			k++;
		if (k == all)
			memset(body + i, '#', all);
	}
}

/* Files of all sorts say when they were made: always now. */
time_t time(time_t *ret)
{
	if (ret)
		*ret = NOW_S;
	return NOW_S;
}

static void report(struct county *c, const struct reader *reader, const char *path, const char *query,
		   const struct answer *a, const struct answer *b)
{
	size_t at = 0;
	while (at < a->len && at < b->len && a->body[at] == b->body[at])
		at++;
	size_t from = at > 120 ? at - 120 : 0;
	print_error("%s %s?%s: %d, %d\n  one: …%.240s\n  two: …%.240s\n", role_id(reader->role), path, query,
		    a->status, b->status, a->len > from ? a->body + from : "", b->len > from ? b->body + from : "");
	c->leaks++;
}

static void compare(struct county *c, const struct web_route *route, const struct reader *reader,
		    const char *path, const char *query, struct answer *now)
{
	size_t number = (size_t)(route - site_routes);
	if (!c->compare) {
		assert_true(c->n_first < ANSWERS_MAX);
		c->first[c->n_first++] = *now;
		return;
	}
	assert_true(c->at < c->n_first);
	const struct answer *then = &c->first[c->at++];
	bool same = then->status == now->status && then->len == now->len &&
		    (!then->len || memcmp(then->body, now->body, then->len) == 0);
	if (!same && reader->approves)
		c->seen++;
	else if (!same && c->told[number])
		c->leaks++;
	else if (!same)
		report(c, reader, path, query, then, now);
	c->told[number] |= !same && !reader->approves;
	free(now->body);
}

/* `sent`: of a POST. `held`: where the name of what is kept until it is fetched goes, which is
 * chance and not compared; "" where nothing is. */
static void send_and_compare(struct county *c, const struct web_route *route, const struct reader *reader,
			     const char *path, const char *query, const char *accept, const char *sent,
			     char held[HELD_ID_LEN + 1])
{
	char cookie[100];
	AUTO(web_response) struct web_response response = {0};
	snprintf(cookie, sizeof(cookie), "jw=%s", reader->token);
	struct web_request request = {
		.method = route->method, .path = str_from(path), .query = str_from(query),
		.accept = str_from(accept), .host = STR("h"), .peer = "10.0.0.9", .cookie = str_from(cookie),
		.now = NOW_S, .body = str_from(sent), .csrf = str_from(reader->csrf),
		.content_type = sent ? STR("application/x-www-form-urlencoded") : (struct str){0},
	};
	router_handle(&c->m.web, &request, &response);
	c->asked++;
	if (response.status >= 500)
		fail_msg("%s?%s answers %d: %s", path, query, response.status, response.why);
	struct answer now = {response.status, malloc(response.body.len + 1), response.body.len};
	assert_non_null(now.body);
	memcpy(now.body, buf_str(&response.body), now.len);
	now.body[now.len] = '\0';
	char *name = held ? strstr(now.body, "\"held\":\"") : NULL;	/* first: it may look like a code */
	if (name) {
		*stpncpy(held, name + 8, strcspn(name + 8, "\"")) = '\0';
		memset(name + 8, '#', strlen(held));
	}
	blank_codes(now.body, now.len, 5);
	if (now.status >= 400)
		blank_codes(now.body, now.len, 4);
	c->answered[route - site_routes] |= response.status == 200;
	compare(c, route, reader, path, query, &now);
}

static void ask(struct county *c, const struct web_route *route, const struct reader *reader,
		const char *path, const char *query, const char *accept)
{
	send_and_compare(c, route, reader, path, query, accept, NULL, NULL);
}

static void ask_route(struct county *c, const struct web_route *route, const struct reader *reader)
{
	AUTO(buf) struct buf path = {0}, query = {0};
	add_path(c, route, &path);
	add_query(c, route, &query);
	if (route->page || !route->json)
		ask(c, route, reader, buf_str(&path), buf_str(&query), "text/html");
	if (route->json)
		ask(c, route, reader, buf_str(&path), buf_str(&query), "application/json");
}

static const struct web_route *route_of(enum web_method method, const char *path)
{
	for (const struct web_route *r = site_routes; r->path; r++)
		if (r->method == method && strcmp(r->path, path) == 0)
			return r;
	fail_msg("there is no %s", path);
	return NULL;
}

/* Every form, as page and as a file in one of its formats. */
static void ask_forms(struct county *c, const struct reader *reader)
{
	static const char *const places[] = {"", "/file"};
	for (int i = 0; i < n_forms(); i++) {
		char path[100], query[200];
		int64_t node = c->places[next(&c->chance) % ARRAY_LEN(c->places)];
		int format = (int)(next(&c->chance) % DOC_FORMAT_COUNT);
		while (!(form_kinds[i].formats >> format & 1))
			format = (format + 1) % DOC_FORMAT_COUNT;
		for (int k = 0; k < 2; k++) {
			snprintf(path, sizeof(path), "/forms/%s%s", form_kinds[i].id, places[k]);
			snprintf(query, sizeof(query), "node=%lld&campaign=%lld%s%s", (long long)node,
				 (long long)c->now.campaign, k ? "&format=" : "",
				 k ? doc_format_id((enum doc_format)format) : "");
			ask(c, route_of(WEB_GET, k ? "/forms/{form}/file" : "/forms/{form}"), reader, path, query, "text/html");
		}
	}
}

/* All forms of a place as one zip, a form a step, and the zip. */
static void ask_zip(struct county *c, const struct reader *reader)
{
	const struct web_route *step = route_of(WEB_POST, "/forms/batch");
	long long node = (long long)c->places[next(&c->chance) % ARRAY_LEN(c->places)];
	char held[HELD_ID_LEN + 1] = "", query[100];
	for (int i = 0; i < n_forms() - ZIP_LEAVES_OUT; i++) {
		AUTO(buf) struct buf sent = {0};
		buf_addf(&sent, "node=%lld&campaign=%lld&step=%d&held=%s", node, (long long)c->now.campaign, i, held);
		send_and_compare(c, step, reader, step->path, "", "application/json", buf_str(&sent), held);
	}
	if (!*held)
		return;
	snprintf(query, sizeof(query), "node=%lld&held=%s", node, held);
	ask(c, route_of(WEB_GET, "/forms/batch/file"), reader, "/forms/batch/file", query, "application/zip");
	c->zips++;
}

static void walk(struct county *c, uint64_t seed, int round)
{
	struct err_info info = {0};
	unsigned char key[sizeof(c->m.web.key)];
	c->chance = seed;
	c->at = 0;
	/* Who is on which page is remembered by the site. */
	memcpy(key, c->m.web.key, sizeof(key));
	site_done(&c->m.web);
	fine(site_init(&c->m.web, &c->m.desk->app, "1", &info), &info);
	memcpy(c->m.web.key, key, sizeof(key));
	/* The officer last: what he prints has check codes, keyed, of what he sees. */
	for (int k = 1; k <= READERS; k++) {
		int i = k % READERS;
		const struct reader *reader = &c->readers[i];
		/* The first four in each round, the others in turn. */
		if (i >= 4 && i % 2 != round % 2)
			continue;
		for (const struct web_route *r = site_routes; r->path; r++)
			for (int d = 0; d < (i < 4 ? DRAWS : 1) && r->method == WEB_GET && !is_left_out(r); d++)
				ask_route(c, r, reader);
		if (i < 4)
			ask_forms(c, reader);
		if (i < 4 && i % 2 == round % 2)
			ask_zip(c, reader);
	}
	assert_true(!c->compare || c->at == c->n_first);
}

/* ---- rounds ---- */

static void forget(struct county *c)
{
	for (int i = 0; i < c->n_first; i++)
		free(c->first[i].body);
	c->n_first = 0;
}

/* Ballots of one that are told apart by a grade become the same. False where nothing
 * that differs is left. */
static bool make_alike(struct county *c, const struct ballots *a, struct ballots *b)
{
	uint64_t one[ORGS], two[ORGS];
	bool differ = true, alike = false;
	fill(c, a);
	known(c, one);
	while (differ && !alike) {
		fill(c, b);
		known(c, two);
		alike = memcmp(one, two, sizeof(one)) == 0;
		differ = false;
		int first = -1;
		for (int i = 0; i < ORGS; i++) {
			bool other = memcmp(&a[i], &b[i], sizeof(*a)) != 0;
			if (other && one[i] != two[i])
				b[i] = a[i];
			else if (other && first < 0)
				first = i;
		}
		/* Or by the place that it takes from another. */
		bool moved = false;
		for (int i = 0; i < ORGS; i++)
			moved |= one[i] != two[i] && memcmp(&a[i], &b[i], sizeof(*a)) == 0;
		if (!alike && moved && first >= 0)
			b[first] = a[first];
		for (int i = 0; i < ORGS; i++)
			differ |= memcmp(&a[i], &b[i], sizeof(*a)) != 0;
	}
	matrix_put_back(&c->m);
	return differ && alike;
}

static bool draw(struct county *c, uint64_t *chance, struct ballots *a, struct ballots *b)
{
	for (int try = 0; try < TRIES; try++) {
		for (int i = 0; i < ORGS; i++) {
			for (int year = 0; year < 2; year++)
				c->percent[year][i] = 40 + (int)(next(chance) % 60);
			draw_pair(chance, i >= 1 && i <= BOXES, &a[i], &b[i]);
		}
		if (make_alike(c, a, b))
			return true;
	}
	return false;
}

static void two_counties(struct county *c, uint64_t seed, int round)
{
	struct ballots a[ORGS], b[ORGS];
	uint64_t chance = seed;
	if (!draw(c, &chance, a, b))
		return;
	/* Those above see it once it is handed in. */
	c->stage = round % 2 ? (int)(next(&chance) % 5) : 3 + (int)(next(&chance) % 2);
	c->compare = false;
	int reached = happen(c, a);
	c->decided += reached;
	walk(c, chance, round);
	matrix_put_back(&c->m);
	c->compare = true;
	assert_int_equal(happen(c, b), reached);
	walk(c, chance, round);
	matrix_put_back(&c->m);
	forget(c);
}

static void nobody_can_tell_small_groups_apart(void **state)
{
	(void)state;
	struct county *c = calloc(1, sizeof(*c));
	void *engine = (void *)(MATRIX_POSTGRES ? &engine_postgres : &engine_sqlite);
	const char *rounds = getenv("SMALL_ROUNDS"), *only = getenv("SMALL_SEED");
	int n = rounds ? atoi(rounds) : 2;

	assert_non_null(c);
	c->first = calloc(ANSWERS_MAX, sizeof(*c->first));
	assert_non_null(c->first);
	assert_int_equal(desk_setup(&engine), 0);
	build(c, engine, desk_of(&engine));
	matrix_keep(&c->m);
	for (int round = 0; round < n; round++)
		two_counties(c, (uint64_t)(only ? atoi(only) : 20261122) * 1000 + (uint64_t)round, round);
	print_message("%d questions, %d steps decided; the officer saw %d differences\n", c->asked, c->decided,
		      c->seen);
	for (const struct web_route *r = site_routes; r->path; r++)
		if (r->method == WEB_GET && !is_left_out(r) && !c->answered[r - site_routes])
			fail_msg("%s was never answered", r->path);
	assert_int_equal(c->leaks, 0);
	assert_true(c->zips > 0);
	if (SMALL_APPROVED)
		assert_true(c->seen >= n);
	matrix_end(&c->m);
	site_done(&c->m.web);
	arena_done(&c->arena);
	free(c->first);
	free(c);
	desk_teardown(&engine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_can_tell_small_groups_apart)};
	return _cmocka_run_group_tests("small groups", tests, 1, MATRIX_POSTGRES ? engines_start : NULL,
				       MATRIX_POSTGRES ? engines_stop : NULL);
}
