/* SPDX-License-Identifier: Apache-2.0 */
/* A box from its setting up to the counts, on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#include "app/ballot_vote.h"
#include "app/desk.h"
#include "store/audit.h"

enum { OPEN_MS = 1000000, CLOSE_MS = 9000000, NOW_MS = 2000000, SLIPS_MAX = 600 };

/* Cheap: what is tested is not the cost. */
static const struct ballot_cost cost = {1, 8};
static const char *const options[] = {"好", "较好", "一般", "较差"};
static const char *const questions[] = {"总体评价", "联系服务群众"};
static const struct ballot_counter_in counters[] = {
	{"田国富", "月亮在白莲花般的云朵里穿行"}, {"彭秀英", "二十年陈的米酒要慢慢喝"},
	{"石大明", "correct horse battery"},
};
static const struct ballot_pair first_two = {0, 1, "月亮在白莲花般的云朵里穿行", "二十年陈的米酒要慢慢喝"};

struct hall {
	struct desk *desk;
	struct app *app;
	struct caller caller;
	int64_t box;
	struct arena arena;
	char (*codes[VOTERS_COUNT])[BALLOT_CODE_LEN + 1];
	int n_codes[VOTERS_COUNT];
};

#define FINE(call) do { \
		struct err_info why_ = {0}; \
		struct err_info *why = &why_; \
		if ((call) < 0) \
			fail_msg("%s: %s", #call, why->text); \
	} while (0)

static void says(int r, int want, const struct err_info *info, const char *part)
{
	if (r != want || !strstr(info->text, part))
		fail_msg("%d, “%s” instead of %d, “%s”", r, info->text, want, part);
}

static struct ballot_view look(struct hall *hall)
{
	struct ballot_view view;
	FINE(ballot_view(hall->app, &hall->caller, ACTION_BALLOT_WRITE, hall->box, &hall->arena, &view,
			 why));
	return view;
}

static void set_up(struct hall *hall, void **state, int64_t members, int64_t residents)
{
	struct desk *desk = desk_of(state);
	*hall = (struct hall){.desk = desk, .app = &desk->app, .caller = desk->machine};
	hall->caller.machine = false;
	hall->caller.account = desk_account(desk, desk->township, "organiser", ROLE_TOWNSHIP);
	hall->caller.now_ms = NOW_MS;
	const struct ballot_setup setup = {
		.node = desk->branch[1], .title = "2026 年度民主测评", .opens_ms = OPEN_MS,
		.closes_ms = CLOSE_MS, .heads = {members, residents}, .orgs = &desk->branch[1],
		.n_orgs = 1, .questions = questions, .n_questions = 2, .options = options,
		.n_options = 4,
	};
	FINE(ballot_create(hall->app, &hall->caller, &setup, &hall->box, why));
	FINE(ballot_set_counters(hall->app, &hall->caller, hall->box, counters, 3, &cost, why));
	FINE(ballot_test(hall->app, &hall->caller, hall->box, &first_two, (unsigned char[]){1, 3}, why));
}

static void print(struct hall *hall, enum voters class, int64_t n)
{
	FINE(ballot_print(hall->app, &hall->caller, hall->box, class, n, &hall->arena,
			  &hall->codes[class], &hall->n_codes[class], why));
}

static int act(struct hall *hall, enum ballot_act what, enum voters class, const char *codes,
	       struct err_info *info)
{
	int64_t n;
	return ballot_act_on(hall->app, &hall->caller, hall->box, what, class, str_from(codes), &n, info);
}

/* As many slips as people: everybody is there, the rest is void. */
static void begin(struct hall *hall, enum voters class, int64_t present)
{
	print(hall, class, 0);
	FINE(ballot_set_present(hall->app, &hall->caller, hall->box, class, present, why));
	for (int i = (int)present; i < hall->n_codes[class]; i++)
		FINE(act(hall, BALLOT_VOID, class, hall->codes[class][i], why));
	FINE(act(hall, BALLOT_ACTIVATE_REST, class, "", why));
}

static enum ballot_refusal vote(struct hall *hall, const char *code, const char *nonce, unsigned a,
				unsigned b)
{
	enum ballot_refusal refusal = BALLOT_REFUSALS;
	const unsigned char answers[] = {(unsigned char)a, (unsigned char)b};
	FINE(ballot_cast_vote(hall->app, str_from(code), str_from(nonce), 0, answers, 2, NOW_MS, &refusal,
			      why));
	return refusal;
}

static void open_box(struct hall *hall)
{
	struct ballot_mismatch *rows;
	int n;
	FINE(ballot_close(hall->app, &hall->caller, hall->box, why));
	FINE(ballot_open(hall->app, &hall->caller, hall->box, &first_two, &hall->arena, &rows, &n, why));
}

static void count_is(struct hall *hall, int question, int class, int option, int64_t want)
{
	const struct ballot_view view = look(hall);
	assert_int_equal(ballot_count_shown(&view, 0, question, class, option), want);
}

/* Rows of a table of the box, seen past all rights. */
struct rows {
	int64_t box, n;
	bool votes;
};

static int rows_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct rows *rows = arg;
	(void)info;
	struct db_stmt *q = rows->votes
		? db_query(tx, "SELECT count(*) FROM ballot_vote WHERE box = $1")
		: db_query(tx, "SELECT (SELECT count(*) FROM ballot_slip WHERE box = $1)"
			   " + (SELECT count(*) FROM ballot_wrap WHERE box = $1)"
			   " + (SELECT count(*) FROM ballot_paper WHERE box = $1)"
			   " + (SELECT count(*) FROM ballot_vote WHERE box = $1)");
	db_bind_int(q, 1, rows->box);
	int r = db_step(q);
	rows->n = db_col_int(q, 0);
	db_finish(q);
	return r < 0 ? r : 0;
}

static int64_t rows_left(struct hall *hall, bool votes)
{
	struct rows rows = {.box = hall->box, .votes = votes};
	assert_int_equal(db_read(hall->app->db, rows_fn, &rows, NULL), 0);
	return rows.n;
}

static void a_box_goes_its_whole_way(void **state)
{
	struct hall hall;
	set_up(&hall, state, 6, 10);
	begin(&hall, VOTERS_MEMBER, 6);
	begin(&hall, VOTERS_RESIDENT, 8);
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	for (int i = 0; i < 6; i++)
		assert_int_equal(vote(&hall, hall.codes[0][i], "nonce-0123456789", i % 2 ? 1 : 0, 3),
				 BALLOT_FINE);
	for (int i = 0; i < 5; i++)
		assert_int_equal(vote(&hall, hall.codes[1][i], "nonce-0123456789", 2, 0), BALLOT_FINE);
	FINE(act(&hall, BALLOT_EXCHANGE, 0, hall.codes[1][5], why));
	FINE(act(&hall, BALLOT_EXCHANGE, 0, hall.codes[1][6], why));
	struct ballot_view view = look(&hall);
	assert_int_equal(view.voted, 13);
	assert_int_equal(view.present, 14);
	assert_int_equal(ballot_count_shown(&view, 0, 0, VOTERS_COUNT, 0), -1);

	FINE(ballot_close(hall.app, &hall.caller, hall.box, why));
	struct ballot_mismatch *rows;
	int n;
	struct err_info info = {0};
	says(ballot_open(hall.app, &hall.caller, hall.box, &first_two, &hall.arena, &rows, &n, &info),
	     ERR_STATE, &info, "要两名监票人各录一遍");
	const int64_t one[] = {1, 0, 1, 0, 0, 0, 0, 1}, two[] = {1, 1, 0, 0, 0, 0, 0, 1};
	struct ballot_paper_in paper = {.counter = 0, .class = VOTERS_RESIDENT, .sheets = 2, .counts = one,
					.n_counts = 8};
	FINE(ballot_key_paper(hall.app, &hall.caller, hall.box, &paper, why));
	paper.counter = 2;
	paper.counts = two;
	FINE(ballot_key_paper(hall.app, &hall.caller, hall.box, &paper, why));
	says(ballot_open(hall.app, &hall.caller, hall.box, &first_two, &hall.arena, &rows, &n, &info),
	     ERR_CONFLICT, &info, "2 处不一样");
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].option, 1);
	assert_int_equal(rows[0].by[1], 1);
	assert_int_equal(rows_left(&hall, true), 11);
	paper.counts = one;
	FINE(ballot_key_paper(hall.app, &hall.caller, hall.box, &paper, why));
	FINE(ballot_open(hall.app, &hall.caller, hall.box, &first_two, &hall.arena, &rows, &n, why));

	count_is(&hall, 0, VOTERS_MEMBER, 0, 3);
	count_is(&hall, 0, VOTERS_MEMBER, 1, 3);
	count_is(&hall, 1, VOTERS_MEMBER, 3, 6);
	count_is(&hall, 0, VOTERS_RESIDENT, 2, 6);
	count_is(&hall, 0, VOTERS_RESIDENT, 0, 1);
	count_is(&hall, 1, VOTERS_RESIDENT, 0, 5);
	count_is(&hall, 1, VOTERS_RESIDENT, 3, 1);
	count_is(&hall, 1, VOTERS_RESIDENT, BALLOT_SPOILED, 1);
	view = look(&hall);
	assert_string_equal(view.box.opened_by, "田国富、彭秀英");
	assert_int_equal(view.figures[1].by_state[SLIP_ACTIVE], 1);
	for (int c = 0; c < VOTERS_COUNT; c++)
		FINE(ballot_check(&view.figures[c], (enum voters)c, true, why));
	assert_int_equal(rows_left(&hall, false), 0);
	arena_done(&hall.arena);
}

static void every_slip_has_its_own_answer(void **state)
{
	struct hall hall;
	struct err_info info = {0};
	set_up(&hall, state, 0, 10);
	print(&hall, VOTERS_RESIDENT, 0);
	char (*codes)[BALLOT_CODE_LEN + 1] = hall.codes[1], other[BALLOT_CODE_LEN + 1];
	unsigned char bytes[BALLOT_CODE_BYTES] = {9};
	ballot_code_make(bytes, other);
	FINE(ballot_set_present(hall.app, &hall.caller, hall.box, VOTERS_RESIDENT, 3, why));
	says(act(&hall, BALLOT_ACTIVATE_REST, VOTERS_RESIDENT, "", &info), ERR_STATE, &info, "两个数要相等");
	AUTO(buf) struct buf list = {0};
	for (int i = 0; i < 4; i++)
		buf_addf(&list, "%s\n", codes[i]);
	says(act(&hall, BALLOT_ACTIVATE, VOTERS_RESIDENT, buf_str(&list), &info), ERR_STATE, &info,
	     "不能多过到场人数");
	buf_clear(&list);
	buf_addf(&list, "%s，%s\n%s", codes[0], codes[1], codes[2]);
	FINE(act(&hall, BALLOT_ACTIVATE, VOTERS_RESIDENT, codes[0], why));
	FINE(act(&hall, BALLOT_ACTIVATE, VOTERS_RESIDENT, codes[1], why));
	assert_int_equal(vote(&hall, codes[0], "nonce-0123456789", 0, 0), BALLOT_NOT_YET);
	says(ballot_start(hall.app, &hall.caller, hall.box, &info), ERR_STATE, &info, "两个数要相等");
	FINE(act(&hall, BALLOT_ACTIVATE, VOTERS_RESIDENT, codes[2], why));
	FINE(act(&hall, BALLOT_VOID, VOTERS_RESIDENT, codes[3], why));
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));

	assert_int_equal(vote(&hall, codes[0], "nonce-0123456789", 0, 0), BALLOT_FINE);
	assert_int_equal(vote(&hall, codes[0], "nonce-0123456789", 0, 0), BALLOT_FINE);
	assert_int_equal(vote(&hall, codes[0], "another-nonce-01", 1, 1), BALLOT_USED);
	assert_int_equal(rows_left(&hall, true), 1);
	assert_int_equal(vote(&hall, codes[3], "nonce-0123456789", 0, 0), BALLOT_VOIDED);
	assert_int_equal(vote(&hall, codes[5], "nonce-0123456789", 0, 0), BALLOT_INACTIVE);
	assert_int_equal(vote(&hall, other, "nonce-0123456789", 0, 0), BALLOT_UNKNOWN);
	FINE(act(&hall, BALLOT_EXCHANGE, 0, codes[1], why));
	assert_int_equal(vote(&hall, codes[1], "nonce-0123456789", 0, 0), BALLOT_FOR_PAPER);
	says(act(&hall, BALLOT_EXCHANGE, 0, codes[0], &info), ERR_STATE, &info, "已投");

	enum ballot_refusal refusal;
	struct ballot_sheet sheet;
	FINE(ballot_look(hall.app, str_from(codes[2]), 0, NOW_MS, &hall.arena, &sheet, &refusal, why));
	assert_int_equal(refusal, BALLOT_FINE);
	assert_int_equal(sheet.class, VOTERS_RESIDENT);
	FINE(ballot_look(hall.app, str_from(codes[2]), hall.box + 1, NOW_MS, &hall.arena, &sheet, &refusal,
			 why));
	assert_int_equal(refusal, BALLOT_UNKNOWN);
	FINE(ballot_look(hall.app, str_from(codes[2]), 0, CLOSE_MS, &hall.arena, &sheet, &refusal, why));
	assert_int_equal(refusal, BALLOT_OVER);
	assert_int_equal(rows_left(&hall, true), 1);
	says(ballot_cast_vote(hall.app, str_from(codes[2]), STR("nonce-0123456789"), 0,
			      (unsigned char[]){4, 0}, 2, NOW_MS, &refusal, &info), ERR_INPUT, &info,
	     "每一项都要选");
	FINE(ballot_close(hall.app, &hall.caller, hall.box, why));
	assert_int_equal(vote(&hall, codes[2], "nonce-0123456789", 0, 0), BALLOT_OVER);
	arena_done(&hall.arena);
}

/* Every way to get at the private key but two phrases of two counters. */
static void two_phrases_are_needed(void **state)
{
	struct hall hall;
	struct err_info info = {0};
	struct ballot_mismatch *rows;
	int n;
	set_up(&hall, state, 0, 5);
	begin(&hall, VOTERS_RESIDENT, 5);
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	assert_int_equal(vote(&hall, hall.codes[1][0], "nonce-0123456789", 0, 0), BALLOT_FINE);
	FINE(ballot_close(hall.app, &hall.caller, hall.box, why));
	const struct ballot_pair wrong[] = {
		{0, 0, counters[0].phrase, counters[0].phrase},
		{0, 1, counters[0].phrase, counters[0].phrase},
		{0, 1, counters[0].phrase, ""},
		{0, 1, counters[1].phrase, counters[0].phrase},
		{1, 2, counters[0].phrase, counters[1].phrase},
		{0, 3, counters[0].phrase, counters[1].phrase},
		{-1, 1, counters[0].phrase, counters[1].phrase},
	};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		int r = ballot_open(hall.app, &hall.caller, hall.box, &wrong[i], &hall.arena, &rows, &n, &info);
		if (r != ERR_DENIED && r != ERR_INPUT)
			fail_msg("pair %zu opens: %d", i, r);
	}
	/* Administrators have no right, phrases or not. */
	static const enum role roles[] = {ROLE_SYSTEM, ROLE_SECURITY, ROLE_AUDITOR, ROLE_OFFICER, ROLE_CLERK};
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		struct caller other = hall.caller;
		char name[20];
		snprintf(name, sizeof(name), "other-%zu", i);
		other.account = desk_account(hall.desk, hall.desk->city, name, roles[i]);
		assert_int_equal(ballot_open(hall.app, &other, hall.box, &first_two, &hall.arena, &rows, &n,
					     &info), ERR_DENIED);
	}
	/* One lost phrase loses nothing. */
	const struct ballot_pair last_two = {2, 1, counters[2].phrase, counters[1].phrase};
	FINE(ballot_open(hall.app, &hall.caller, hall.box, &last_two, &hall.arena, &rows, &n, why));
	arena_done(&hall.arena);
}

static void two_lost_phrases_mean_voting_again(void **state)
{
	struct hall hall;
	int64_t again;
	set_up(&hall, state, 3, 5);
	begin(&hall, VOTERS_RESIDENT, 4);
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	assert_int_equal(vote(&hall, hall.codes[1][0], "nonce-0123456789", 0, 0), BALLOT_FINE);
	FINE(ballot_abandon(hall.app, &hall.caller, hall.box, "两名监票人都忘了口令", &again, why));
	assert_int_equal(rows_left(&hall, false), 0);
	struct ballot_view old = look(&hall);
	assert_int_equal(old.box.state, BOX_VOID);
	assert_int_equal(old.box.again, again);
	hall.box = again;
	struct ballot_view view = look(&hall);
	assert_int_equal(view.box.state, BOX_DRAFT);
	assert_int_equal(view.n_options, 4);
	assert_int_equal(view.n_questions, 2);
	assert_int_equal(view.figures[1].head, 5);
	FINE(ballot_set_counters(hall.app, &hall.caller, again, counters, 2, &cost, why));
	arena_done(&hall.arena);
}

static void small_classes_are_pooled_and_small_boxes_silent(void **state)
{
	struct hall hall;
	set_up(&hall, state, 4, 9);
	begin(&hall, VOTERS_MEMBER, 3);
	begin(&hall, VOTERS_RESIDENT, 6);
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	for (int i = 0; i < 3; i++)
		vote(&hall, hall.codes[0][i], "nonce-0123456789", 0, 0);
	for (int i = 0; i < 6; i++)
		vote(&hall, hall.codes[1][i], "nonce-0123456789", 1, 1);
	open_box(&hall);
	count_is(&hall, 0, VOTERS_MEMBER, 0, -1);
	count_is(&hall, 0, VOTERS_RESIDENT, 1, -1);
	count_is(&hall, 0, VOTERS_COUNT, 0, 3);
	count_is(&hall, 0, VOTERS_COUNT, 1, 6);
	arena_done(&hall.arena);
}

static void a_box_of_four_shows_no_counts(void **state)
{
	struct hall hall;
	set_up(&hall, state, 0, 4);
	begin(&hall, VOTERS_RESIDENT, 4);
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	for (int i = 0; i < 4; i++)
		vote(&hall, hall.codes[1][i], "nonce-0123456789", 0, 0);
	open_box(&hall);
	count_is(&hall, 0, VOTERS_RESIDENT, 0, -1);
	count_is(&hall, 0, VOTERS_COUNT, 0, -1);
	assert_int_equal(look(&hall).voted, 4);
	arena_done(&hall.arena);
}

static void printing_again_voids_what_was_printed(void **state)
{
	struct hall hall;
	set_up(&hall, state, 0, 10);
	print(&hall, VOTERS_RESIDENT, 0);
	char old[BALLOT_CODE_LEN + 1];
	memcpy(old, hall.codes[1][0], sizeof(old));
	print(&hall, VOTERS_RESIDENT, 7);
	assert_int_equal(hall.n_codes[1], 7);
	assert_int_equal(vote(&hall, old, "nonce-0123456789", 0, 0), BALLOT_VOIDED);
	struct ballot_view view = look(&hall);
	assert_int_equal(view.figures[1].printed, 18);
	assert_int_equal(view.figures[1].by_state[SLIP_VOIDED], 11);
	FINE(ballot_set_present(hall.app, &hall.caller, hall.box, VOTERS_RESIDENT, 7, why));
	FINE(act(&hall, BALLOT_ACTIVATE_REST, VOTERS_RESIDENT, "", why));
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	struct err_info info = {0};
	char (*codes)[BALLOT_CODE_LEN + 1];
	int n;
	says(ballot_print(hall.app, &hall.caller, hall.box, VOTERS_RESIDENT, 7, &hall.arena, &codes, &n,
			  &info), ERR_STATE, &info, "正在投票");
	arena_done(&hall.arena);
}

static void what_is_wrong_with_a_box_is_said(void **state)
{
	struct hall hall;
	struct err_info info = {0};
	int64_t box;
	set_up(&hall, state, 0, 10);
	struct ballot_setup setup = {
		.node = hall.desk->branch[1], .title = "测评", .opens_ms = OPEN_MS, .closes_ms = CLOSE_MS,
		.heads = {0, 10}, .orgs = &hall.desk->branch[1], .n_orgs = 1, .questions = questions,
		.n_questions = 2, .options = options, .n_options = 4};
	const struct ballot_setup good = setup;
	setup.closes_ms = NOW_MS;
	says(ballot_create(hall.app, &hall.caller, &setup, &box, &info), ERR_INPUT, &info, "关箱时间");
	setup = good;
	setup.heads[1] = 0;
	says(ballot_create(hall.app, &hall.caller, &setup, &box, &info), ERR_INPUT, &info, "人数");
	setup = good;
	setup.n_options = 1;
	says(ballot_create(hall.app, &hall.caller, &setup, &box, &info), ERR_INPUT, &info, "选项");
	setup = good;
	setup.orgs = &hall.desk->branch[2];
	says(ballot_create(hall.app, &hall.caller, &setup, &box, &info), ERR_INPUT, &info, "下级");
	setup = good;
	setup.node = hall.desk->other_township;
	says(ballot_create(hall.app, &hall.caller, &setup, &box, &info), ERR_DENIED, &info, "权限");
	struct ballot_counter_in same[] = {counters[0], {"另一人", counters[0].phrase}};
	FINE(ballot_create(hall.app, &hall.caller, &good, &box, why));
	says(ballot_set_counters(hall.app, &hall.caller, box, same, 2, &cost, &info), ERR_INPUT, &info,
	     "口令一样");
	says(ballot_set_counters(hall.app, &hall.caller, box, counters, 1, &cost, &info), ERR_INPUT, &info,
	     "2 或 3 人");
	says(ballot_start(hall.app, &hall.caller, box, &info), ERR_STATE, &info, "待设口令");
	arena_done(&hall.arena);
}

/* ---- a storm ---- */

enum { CLIENTS = 16, STORM = 400 };

struct client {
	struct hall *hall;
	int from;
	int64_t fine, used;
};

/* Every slip is tried by two clients, one of them twice with the same nonce. */
static void *client_main(void *arg)
{
	struct client *client = arg;
	for (int i = 0; i < STORM; i++) {
		int slip = (i + client->from) % STORM;
		char nonce[40];
		if (slip % (CLIENTS / 2) != client->from % (CLIENTS / 2))
			continue;
		snprintf(nonce, sizeof(nonce), "client-%08d-%08d", client->from, slip);
		enum ballot_refusal refusal = BALLOT_REFUSALS;
		const unsigned char answers[] = {(unsigned char)(slip % 4), 0};
		for (int again = 0; again < 2; again++)
			ballot_cast_vote(client->hall->app, str_from(client->hall->codes[1][slip]),
					 str_from(nonce), 0, answers, 2, NOW_MS, &refusal, NULL);
		client->fine += refusal == BALLOT_FINE;
		client->used += refusal == BALLOT_USED;
	}
	return NULL;
}

static void in_a_storm_each_active_slip_counts_once(void **state)
{
	struct hall hall;
	struct client clients[CLIENTS];
	pthread_t threads[CLIENTS];
	int64_t fine = 0, used = 0;
	set_up(&hall, state, 0, STORM);
	print(&hall, VOTERS_RESIDENT, STORM);
	FINE(ballot_set_present(hall.app, &hall.caller, hall.box, VOTERS_RESIDENT, STORM, why));
	FINE(act(&hall, BALLOT_ACTIVATE_REST, VOTERS_RESIDENT, "", why));
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){&hall, i, 0, 0};
		assert_int_equal(pthread_create(&threads[i], NULL, client_main, &clients[i]), 0);
	}
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], NULL);
		fine += clients[i].fine;
		used += clients[i].used;
	}
	assert_int_equal(fine, STORM);
	assert_int_equal(used, STORM);
	open_box(&hall);
	for (int o = 0; o < 4; o++)
		count_is(&hall, 0, VOTERS_RESIDENT, o, STORM / 4);
	arena_done(&hall.arena);
}

enum { GROUPS = 6, TOGETHER = VOTES_MAX - 3, MOMENTS = 15, CROWD = TOGETHER * MOMENTS };

struct group {
	struct hall *hall;
	int number, wrong;
	bool fine[CROWD];
};

/* All slips in groups, the last of each twice, with other nonces than the other groups have. */
static void *group_main(void *arg)
{
	struct group *g = arg;
	static const unsigned char answers[] = {1, 2}, nothing[] = {9, 9};
	for (int m = 0; m < MOMENTS; m++) {
		struct ballot_try tries[TOGETHER + 3];
		char nonces[TOGETHER + 3][40];
		for (int i = 0; i < TOGETHER + 3; i++) {
			int slip = m * TOGETHER + (i < TOGETHER ? i : TOGETHER - 1);
			snprintf(nonces[i], sizeof(nonces[i]), "group-%08d-%08d", g->number, i);
			tries[i] = (struct ballot_try){.code = str_from(g->hall->codes[1][slip]),
						       .nonce = str_from(nonces[i]), .options = answers, .n = 2};
		}
		tries[TOGETHER + 1].code = STR("no code at all");
		tries[TOGETHER + 2].options = nothing;
		ballot_cast_votes(g->hall->app, tries, TOGETHER + 3, NOW_MS);
		for (int i = 0; i < TOGETHER; i++) {
			g->wrong += tries[i].result != 0 || (tries[i].refusal != BALLOT_FINE &&
							     tries[i].refusal != BALLOT_USED);
			g->fine[m * TOGETHER + i] = tries[i].refusal == BALLOT_FINE;
		}
		g->wrong += tries[TOGETHER].result != 0 || tries[TOGETHER].refusal != BALLOT_USED;
		g->wrong += tries[TOGETHER + 1].result != ERR_INPUT;
		g->wrong += tries[TOGETHER + 2].result == 0 && tries[TOGETHER + 2].refusal != BALLOT_USED;
	}
	return NULL;
}

static void votes_of_one_moment_count_once_each(void **state)
{
	static struct group groups[GROUPS];
	struct hall hall;
	pthread_t threads[GROUPS];
	set_up(&hall, state, 0, CROWD);
	print(&hall, VOTERS_RESIDENT, CROWD);
	FINE(ballot_set_present(hall.app, &hall.caller, hall.box, VOTERS_RESIDENT, CROWD, why));
	FINE(act(&hall, BALLOT_ACTIVATE_REST, VOTERS_RESIDENT, "", why));
	FINE(ballot_start(hall.app, &hall.caller, hall.box, why));
	for (int i = 0; i < GROUPS; i++) {
		groups[i] = (struct group){.hall = &hall, .number = i};
		assert_int_equal(pthread_create(&threads[i], NULL, group_main, &groups[i]), 0);
	}
	for (int i = 0; i < GROUPS; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(groups[i].wrong, 0);
	}
	for (int slip = 0; slip < CROWD; slip++) {
		int fine = 0;
		for (int i = 0; i < GROUPS; i++)
			fine += groups[i].fine[slip];
		assert_int_equal(fine, 1);
	}
	open_box(&hall);
	count_is(&hall, 0, VOTERS_RESIDENT, 1, CROWD);
	count_is(&hall, 1, VOTERS_RESIDENT, 2, CROWD);
	arena_done(&hall.arena);
}

#define BOTH(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(a_box_goes_its_whole_way),
		BOTH(every_slip_has_its_own_answer),
		BOTH(two_phrases_are_needed),
		BOTH(two_lost_phrases_mean_voting_again),
		BOTH(small_classes_are_pooled_and_small_boxes_silent),
		BOTH(a_box_of_four_shows_no_counts),
		BOTH(printing_again_voids_what_was_printed),
		BOTH(what_is_wrong_with_a_box_is_said),
		BOTH(in_a_storm_each_active_slip_counts_once),
		BOTH(votes_of_one_moment_count_once_each),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
