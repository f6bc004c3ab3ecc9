/* SPDX-License-Identifier: Apache-2.0 */
/* Forms filled from what is kept: figures, the ways behind them, versions and
 * check codes, rights, and the floor under small groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "app/attachments.h"
#include "app/decide_desk.h"
#include "app/campaign_desk.h"
#include "app/forms.h"
#include "app/review.h"
#include "domain/exact.h"
#include "store/ballot.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static struct form_ask ask_of(const struct decide_desk *d, const char *form, int64_t node)
{
	const struct form_kind *kind = form_find(form);
	return (struct form_ask){.form = form, .node = node,
				 .campaign = kind->campaign ? d->campaign : 0};
}

/* The words of a form, a cell a line; in the arena. */
static const char *words(const struct decide_desk *d, const struct caller *caller,
			 const struct form_ask *ask, struct arena *arena)
{
	AUTO(buf) struct buf b = {0};
	struct err_info info = {0};
	struct doc doc;
	if (forms_make(&d->desk->app, caller, ask, arena, &doc, &info) < 0)
		fail_msg("%s: %s", ask->form, info.text);
	assert_int_equal(doc_write_essence(&doc, &b, &info), 0);
	doc_done(&doc);
	return arena_strdup(arena, buf_str(&b));
}

static void every_form_can_be_filled_and_had_empty(void **state)
{
	struct decide_desk d = decide_desk_open(desk_of(state));
	for (const struct form_kind *k = form_kinds; k->id; k++) {
		AUTO(arena) struct arena arena = {0};
		struct err_info info = {0};
		struct form_ask ask = ask_of(&d, k->id, d.desk->county);
		struct doc doc;
		int r = forms_make(&d.desk->app, &d.county, &ask, &arena, &doc, &info);
		/* Nobody is accepted or written off yet: that is said, not printed. */
		if (strncmp(k->id, "f12", 3) == 0)
			assert_int_equal(r, ERR_STATE);
		else if (r < 0)
			fail_msg("%s: %s", k->id, info.text);
		if (r == 0)
			doc_done(&doc);
		ask.blank = true;
		r = forms_make(&d.desk->app, &d.county, &ask, &arena, &doc, &info);
		assert_int_equal(r, k->blank ? 0 : ERR_INPUT);
		if (r == 0)
			doc_done(&doc);
	}
}

static void results_stand_in_the_summary_best_first(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f4", d.desk->township);
	struct result best = decide_desk_result(&d, d.desk->branch[0], &arena);
	const char *text = words(&d, &d.township, &ask, &arena);
	const char *first = strstr(text, best.name);
	assert_non_null(first);
	for (int i = 1; i < 3; i++) {
		struct result r = decide_desk_result(&d, d.desk->branch[i], &arena);
		assert_true(strstr(text, r.name) > first);
	}
	/* The school is another committee's. */
	assert_null(strstr(text, decide_desk_result(&d, d.school, &arena).name));
}

static void a_figure_leads_to_its_organisations(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f4", d.desk->township);
	struct result best = decide_desk_result(&d, d.desk->branch[0], &arena);
	struct err_info info = {0};
	struct form_org *orgs;
	char figure[24];
	int n;
	snprintf(figure, sizeof(figure), "grade%d", best.grade);
	ask.figure = figure;
	assert_int_equal(forms_figure(&d.desk->app, &d.township, &ask, &arena, &orgs, &n, &info), 0);
	assert_int_equal(n, 1);
	assert_int_equal(orgs[0].id, d.desk->branch[0]);
	ask = ask_of(&d, "f1", d.desk->county);
	ask.figure = "all/orgs";
	assert_int_equal(forms_figure(&d.desk->app, &d.county, &ask, &arena, &orgs, &n, &info), 0);
	assert_int_equal(n, 6);		/* two townships, three branches, a school */
	ask.figure = "c4/orgs";
	assert_int_equal(forms_figure(&d.desk->app, &d.county, &ask, &arena, &orgs, &n, &info), 0);
	assert_int_equal(n, 1);
	assert_int_equal(orgs[0].id, d.school);
}

/* ---- every figure of every form ---- */

/* Two organisations in the ledger, one of them written off. */
static void add_cases(struct decide_desk *d)
{
	decide_desk_case(d, d->desk->branch[1], CASE_RECTIFYING, 1);
	decide_desk_case(d, d->desk->branch[2], CASE_WRITTEN_OFF, 1);
}

static long first_number(const char *text)
{
	text += strcspn(text, "0123456789");
	return *text ? strtol(text, NULL, 10) : -1;
}

struct counting_links {
	const struct decide_desk *d;
	const struct caller *caller;
	struct form_ask ask;
	int figures, orgs;
};

static void try_link(struct counting_links *c, const char *figure, int64_t org, const char *text)
{
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct form_org *found;
	int n;
	c->orgs += org != 0;
	if (!figure)
		return;
	c->figures++;
	c->ask.figure = figure;
	if (forms_figure(&c->d->desk->app, c->caller, &c->ask, &arena, &found, &n, &info) < 0)
		fail_msg("%s %s: %s", c->ask.form, figure, info.text);
	if (n != first_number(text))
		fail_msg("%s: behind %s, \"%s\", stand %d organisations", c->ask.form, figure, text, n);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			assert_int_not_equal(found[i].id, found[k].id);
}

static void try_block(struct counting_links *c, const struct doc_block *b)
{
	struct doc_walk walk;
	const struct doc_row *row;
	char scratch[DOC_NUMBER_LEN];
	for (const struct doc_span *s = b->spans; s; s = s->next)
		try_link(c, s->figure, s->org, b->text + s->from);
	for (int i = 0; i < b->n_heads; i++)
		try_link(c, b->heads[i].figure, b->heads[i].org, b->heads[i].value);
	if (!b->table)
		return;
	doc_walk_begin(&walk, b->table);
	while (doc_walk_next(&walk, &row, NULL) > 0)
		for (int i = 0; i < b->table->n_columns; i++)
			try_link(c, row->cells[i].figure, row->cells[i].org,
				 doc_cell_text(&row->cells[i], scratch));
}

/* How many figures and organisations of a form lead somewhere; each figure is
 * followed, and as many must stand behind it. */
static struct counting_links follow(const struct decide_desk *d, const struct caller *caller,
				    const char *form, int64_t node)
{
	struct counting_links c = {d, caller, ask_of(d, form, node), 0, 0};
	AUTO(arena) struct arena arena = {0};
	struct err_info info = {0};
	struct doc doc;
	int r = forms_make(&d->desk->app, caller, &c.ask, &arena, &doc, &info);
	if (r == ERR_STATE)
		return c;
	if (r < 0)
		fail_msg("%s: %s", form, info.text);
	for (const struct doc_sheet *s = doc.first; s; s = s->next)
		for (const struct doc_block *b = s->first; b; b = b->next)
			try_block(&c, b);
	doc_done(&doc);
	return c;
}

static void behind_every_figure_stand_as_many_organisations(void **state)
{
	/* Forms that count, and those that only name. */
	static const char *const counting[] = {"f1", "f4", "f5-standards", "f10", "f11", "f13", "f15", "f16", "f17", "f18"};
	static const char *const naming[] = {"f2", "f4", "f5", "f6", "f6-tally", "f7", "f8", "f9", "f10", "f11",
					     "f12", "f12-notice", "f13", "f14", "f15", "f18"};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct err_info info = {0};
	int64_t id;
	int orgs;
	add_cases(&d);
	d.county.today = 20260501;	/* steps are late */
	for (const struct form_kind *k = form_kinds; k->id; k++)
		follow(&d, &d.county, k->id, d.desk->county);
	if (decide_desk_meet(&d, &id, &info) < 0 || decide_desk_publish(&d, &id, &info) < 0 ||
	    review_submit(&d.desk->app, &d.township, d.campaign, d.desk->township, "孙", "", &orgs, &info) < 0)
		fail_msg("%s", info.text);
	for (size_t i = 0; i < ARRAY_LEN(counting); i++)
		if (!follow(&d, &d.county, counting[i], d.desk->county).figures)
			fail_msg("%s: no figure leads anywhere", counting[i]);
	for (size_t i = 0; i < ARRAY_LEN(naming); i++)
		if (!follow(&d, &d.township, naming[i], d.desk->township).orgs)
			fail_msg("%s: no organisation is linked", naming[i]);
}

static void standards_stand_once_per_field(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f5-standards", d.desk->county);
	struct err_info info = {0};
	struct doc doc;
	assert_int_equal(forms_make(&d.desk->app, &d.county, &ask, &arena, &doc, &info), 0);
	/* A sheet each, however many organisations; each adds up to 100 points. */
	int sheets = 0;
	for (const struct doc_sheet *s = doc.first; s; s = s->next)
		sheets++;
	doc_done(&doc);
	const char *text = words(&d, &d.county, &ask, &arena);
	int totals = 0, grades = 0;
	for (const char *at = text; (at = strstr(at, "合计")); at++)
		totals += first_number(at) == 100;
	for (const char *at = text; (at = strstr(at, "不到 60 分")); at++)
		grades++;
	assert_true(sheets > 1);
	assert_int_equal(totals, sheets);
	assert_int_equal(grades, sheets);
	assert_null(strstr(text, decide_desk_result(&d, d.desk->branch[0], &arena).name));
}

static void what_was_not_handed_in_is_a_draft_and_unseen_from_above(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask above = ask_of(&d, "f4", d.desk->county), own = ask_of(&d, "f4", d.desk->township);
	struct err_info info = {0};
	struct doc doc;
	int64_t id;
	int orgs;
	/* The committee's points on the score sheets too. */
	struct form_ask sheets = ask_of(&d, "f5", d.desk->township);
	assert_true(strlen(words(&d, &d.county, &sheets, &arena)) < strlen(words(&d, &d.township, &sheets, &arena)));
	assert_null(strstr(words(&d, &d.county, &above, &arena), "四星级"));
	assert_non_null(strstr(words(&d, &d.township, &own, &arena), "四星级"));
	assert_int_equal(forms_make(&d.desk->app, &d.township, &own, &arena, &doc, &info), 0);
	assert_string_equal(doc.first->draft, "未提交");
	doc_done(&doc);
	if (decide_desk_meet(&d, &id, &info) < 0 || decide_desk_publish(&d, &id, &info) < 0 ||
	    review_submit(&d.desk->app, &d.township, d.campaign, d.desk->township, "孙", "", &orgs, &info) < 0)
		fail_msg("%s", info.text);
	assert_non_null(strstr(words(&d, &d.county, &above, &arena), "四星级"));
	assert_int_equal(forms_make(&d.desk->app, &d.township, &own, &arena, &doc, &info), 0);
	assert_null(doc.first->draft);
	doc_done(&doc);
	/* The ledger of the year says what the meeting did (GZ-7). */
	own.form = "f14";
	assert_non_null(strstr(words(&d, &d.township, &own, &arena), "2026年3月18日会议定为“好”"));
}

static void few_ballots_show_the_grade_alone_below_the_approving_level(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	decide_desk_few(&d, d.desk->branch[0]);
	decide_desk_grade(&d);
	struct form_ask ask = ask_of(&d, "f4", d.desk->township);
	const char *text = words(&d, &d.township, &ask, &arena);
	assert_non_null(strstr(text, "票数少，只公布等次"));
	ask.form = "f6-tally";
	assert_non_null(strstr(words(&d, &d.township, &ask, &arena), "收回的票太少"));
	ask.form = "f18";
	ask.columns = "name,score";
	assert_null(strstr(words(&d, &d.township, &ask, &arena), "90"));
}

/* Nothing of a form gives few ballots away, to whoever does not approve: neither
 * the composite nor a source's score nor a count. */
/* Two organisations rated by the slips of one box: 24 members' slips printed, 4 of them voided. */
static int add_box_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct decide_desk *d = arg;
	struct ballot_box box = {.node = d->desk->township, .campaign = d->campaign, .title = "测评会",
				 .state = BOX_COUNTED, .counted_ms = 2, .fingerprint = "", .opened_by = "", .reason = ""};
	const struct ballot_figures figures = {.head = 20, .present = 20, .printed = 24,
					       .by_state[SLIP_VOIDED] = 4, .by_state[SLIP_SPENT] = 20};
	(void)info;
	int r = store_box_insert(tx, &box);
	for (int i = 0; i < 2 && r == 0; i++) {
		const struct ballot_item item = {ITEM_ORG, i, d->desk->branch[i], "x", ""};
		struct tally tally = {.org = d->desk->branch[i], .voters = VOTERS_MEMBER, .n_options = 4, .counts = {20},
				      .origin = TALLY_BOX, .counters = "甲、乙", .at_ms = 2};
		r = store_item_add(tx, box.id, &item);
		if (r == 0)
			r = store_tally_put(tx, d->campaign, &tally);
	}
	return r < 0 ? r : store_class_put(tx, box.id, VOTERS_MEMBER, &figures);
}

static void a_box_for_several_tells_what_it_handed_out(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	const int64_t *branch = d.desk->branch;
	campaign_desk_write(d.desk, add_box_fn, &d);
	/* Of one organisation alone too, whose box stands at the township. */
	struct form_ask ask = ask_of(&d, "f6-tally", branch[1]);
	const char *text = words(&d, &d.township, &ask, &arena);
	assert_non_null(strstr(text, "\n20\n20\n20\n"));	/* present, handed out, returned */
	assert_non_null(strstr(text, "一张票同时测评 2 个党组织"));
	/* The third voted on paper, and nobody has said how much was handed out. */
	ask.node = branch[2];
	text = words(&d, &d.township, &ask, &arena);
	assert_null(strstr(text, "\n20\n20\n20\n"));
	assert_null(strstr(text, "同时测评"));
}

static void no_form_gives_few_ballots_away(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	decide_desk_few(&d, d.desk->branch[0]);
	decide_desk_grade(&d);
	struct result r = decide_desk_result(&d, d.desk->branch[0], &arena);
	AUTO(buf) struct buf composite = {0};
	decimal_format_places(&composite, (uint64_t)r.score, r.places);
	assert_true(r.score > 0);
	for (const struct form_kind *k = form_kinds; k->id; k++) {
		struct form_ask ask = ask_of(&d, k->id, d.desk->township);
		struct err_info info = {0};
		struct doc doc;
		ask.campaign = d.campaign;
		if (strcmp(k->id, "f18") == 0)
			ask.columns = "name,score,rank,grade";
		if (forms_make(&d.desk->app, &d.township, &ask, &arena, &doc, &info) < 0)
			continue;
		doc_done(&doc);
		const char *text = words(&d, &d.township, &ask, &arena);
		if (strstr(text, buf_str(&composite)))
			fail_msg("%s shows %s", k->id, buf_str(&composite));
	}
	/* The notice is public: it hides them also where who prints it approves. */
	struct form_ask notice = ask_of(&d, "f10", d.desk->county);
	assert_null(strstr(words(&d, &d.county, &notice, &arena), buf_str(&composite)));
}

static struct print issue(const struct decide_desk *d, const struct form_ask *ask,
			  struct arena *arena)
{
	struct err_info info = {0};
	struct print print;
	struct doc doc;
	if (forms_issue(&d->desk->app, &d->township, ask, "打印", arena, &doc, &print, &info) < 0)
		fail_msg("%s", info.text);
	doc_done(&doc);
	return print;
}

static void a_print_keeps_its_version_until_the_data_move(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f4", d.desk->township);
	struct form_check check;
	struct err_info info = {0};
	struct print one = issue(&d, &ask, &arena), same = issue(&d, &ask, &arena);
	assert_int_equal(one.version, 1);
	assert_int_equal(same.id, one.id);
	assert_string_equal(same.code, one.code);
	assert_int_equal(strlen(one.code), 11);
	assert_int_equal(forms_check(&d.desk->app, &d.township, one.code, &arena, &check, &info), 0);
	assert_false(check.moved);
	assert_true(check.latest);

	decide_desk_score(&d, d.desk->branch[0], 60);
	decide_desk_grade(&d);
	assert_int_equal(forms_check(&d.desk->app, &d.township, one.code, &arena, &check, &info), 0);
	assert_true(check.moved);
	struct print two = issue(&d, &ask, &arena);
	assert_int_equal(two.version, 2);
	assert_string_not_equal(two.code, one.code);
	assert_int_equal(forms_check(&d.desk->app, &d.township, one.code, &arena, &check, &info), 0);
	assert_false(check.latest);
	assert_int_equal(forms_check(&d.desk->app, &d.township, two.code, &arena, &check, &info), 0);
	assert_false(check.moved);
}

static void on_another_day_the_paper_still_says_the_same(void **state)
{
	static const char *const forms[] = {"f1", "f4", "f8", "f13", "f16", "f17"};
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_check check;
	struct err_info info = {0};
	add_cases(&d);
	/* 2026-05-01, when steps are late; and three days on. */
	d.township.now_ms = d.county.now_ms = 1777600000000;
	d.township.today = d.county.today = 20260501;
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct form_ask ask = ask_of(&d, forms[i], d.desk->township);
		struct print p = issue(&d, &ask, &arena);
		struct caller later = d.township, above = d.county;
		later.today = above.today = 20260504;
		later.now_ms = above.now_ms += 3 * 86400000ll;
		assert_int_equal(forms_check(&d.desk->app, &later, p.code, &arena, &check, &info), 0);
		if (check.moved || check.why_unknown)
			fail_msg("%s has moved by itself", forms[i]);
		/* Nor has it for one who would see more or less. */
		assert_int_equal(forms_check(&d.desk->app, &above, p.code, &arena, &check, &info), 0);
		if (check.moved || check.why_unknown)
			fail_msg("%s has moved for the county", forms[i]);
	}
}

static void a_code_is_read_as_people_write_it(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f2", d.desk->township);
	struct form_check check;
	struct err_info info = {0};
	struct print p = issue(&d, &ask, &arena);
	char typed[32];
	size_t n = 0;
	for (const char *c = p.code; *c; c++) {
		if (*c == '-')
			continue;
		typed[n++] = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c == '0' ? 'o' : *c == '1' ? 'l' : *c;
		if (n == 4)
			typed[n++] = ' ';
	}
	typed[n] = '\0';
	assert_int_equal(forms_check(&d.desk->app, &d.township, typed, &arena, &check, &info), 0);
	assert_int_equal(check.print.id, p.id);
	assert_int_equal(forms_check(&d.desk->app, &d.township, "ABC", &arena, &check, &info), ERR_NOT_FOUND);
	assert_int_equal(forms_check(&d.desk->app, &d.township, "0000000000", &arena, &check, &info),
			 ERR_NOT_FOUND);
	/* Another township learns nothing of it. */
	struct caller other = desk_caller(desk_account(d.desk, d.desk->other_township, "柳河", ROLE_TOWNSHIP),
					  d.township.now_ms);
	assert_int_equal(forms_check(&d.desk->app, &other, p.code, &arena, &check, &info), ERR_NOT_FOUND);
}

static void a_stamped_scan_belongs_to_its_print(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f4", d.desk->township);
	struct print p = issue(&d, &ask, &arena);
	const struct attachment_new scan = {.org = p.node, .kind = ATTACHED_PRINT, .object = p.id,
					    .name = STR("盖章.pdf"), .what = "盖章件",
					    .data = STR("%PDF-1.4\n%%EOF\n")};
	struct form_check check;
	struct err_info info = {0};
	int64_t id;
	if (attachments_add(&d.desk->app, &d.township, &scan, &id, &info) < 0)
		fail_msg("%s", info.text);
	assert_int_equal(forms_check(&d.desk->app, &d.township, p.code, &arena, &check, &info), 0);
	assert_int_equal(check.print.scans, 1);
	/* Printed again it is the same, until the data move: then it is told. */
	struct print same = issue(&d, &ask, &arena);
	assert_int_equal(forms_sealed(&d.desk->app, &d.township, &same, &arena, &check, &info), 0);
	decide_desk_score(&d, d.desk->branch[0], 60);
	decide_desk_grade(&d);
	struct print later = issue(&d, &ask, &arena);
	assert_int_equal(forms_sealed(&d.desk->app, &d.township, &later, &arena, &check, &info), 1);
	assert_int_equal(check.print.version, 1);
}

static void rights_are_those_of_reports(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f4", d.desk->other_township);
	struct err_info info = {0};
	struct print print;
	struct doc doc;
	assert_int_equal(forms_issue(&d.desk->app, &d.township, &ask, "打印", &arena, &doc, &print, &info),
			 ERR_DENIED);
	ask.node = d.desk->branch[0];
	assert_int_equal(forms_issue(&d.desk->app, &d.clerk, &ask, "打印", &arena, &doc, &print, &info),
			 ERR_DENIED);
}

static void ballots_and_empty_forms_leave_no_print(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = ask_of(&d, "f6", d.desk->branch[0]);
	struct print *prints;
	struct err_info info = {0};
	int64_t total;
	int n;
	assert_int_equal(issue(&d, &ask, &arena).id, 0);
	ask = ask_of(&d, "f2", d.desk->township);
	ask.blank = true;
	assert_int_equal(issue(&d, &ask, &arena).id, 0);
	assert_int_equal(forms_prints(&d.desk->app, &d.township, d.desk->township, 0, 10, &arena, &prints, &n,
				      &total, &info), 0);
	assert_int_equal(total, 0);
}

static void every_chosen_column_shows_what_is_kept(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct org org = desk_get(d.desk, d.desk->branch[0], &arena);
	struct form_ask ask = {.form = "f18", .node = d.desk->township};
	struct err_info info = {0};
	org.secretary_name = "书记甲";
	org.secretary_phone = "0000-0001";
	org.secretary_until = 20290301;
	org.liaison_name = "联络乙";
	org.liaison_phone = "0000-0002";
	org.cadre = "包村丙";
	org.founded = 19870701;
	org.election_due = 20280601;
	assert_int_equal(roster_change(&d.desk->app, &d.desk->machine, &org, &desk_today, &info), 0);
	ask.columns = "name,secretary_name,secretary_phone,secretary_until,liaison_name,liaison_phone,cadre,founded,"
		      "election_due";
	const char *text = words(&d, &d.township, &ask, &arena);
	const char *const shown[] = {org.name, "书记甲", "0000-0001", "2029-03-01", "联络乙", "0000-0002", "包村丙",
				     "1987-07-01", "2028-06-01"};
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		assert_non_null(strstr(text, shown[i]));
}

static void chosen_columns_are_kept_under_a_name(void **state)
{
	AUTO(arena) struct arena arena = {0};
	struct decide_desk d = decide_desk_open(desk_of(state));
	struct form_ask ask = {.form = "f18", .node = d.desk->township, .columns = "name,members"};
	struct form_view view = {.node = d.desk->township, .name = "人数", .columns = "name,members",
				 .filter = ""};
	struct form_place place;
	struct err_info info = {0};
	struct doc doc;
	assert_non_null(strstr(words(&d, &d.township, &ask, &arena), "\n40\n"));
	/* Cases are columns and a filter too. */
	add_cases(&d);
	ask.columns = "name,case_state,case_problems";
	ask.filter = "case=1";
	const char *text = words(&d, &d.township, &ask, &arena);
	assert_non_null(strstr(text, case_state_label(CASE_RECTIFYING)));
	assert_null(strstr(text, case_state_label(CASE_WRITTEN_OFF)));
	ask.filter = "case=2";
	assert_non_null(strstr(words(&d, &d.township, &ask, &arena), case_state_label(CASE_WRITTEN_OFF)));
	ask.filter = NULL;
	assert_int_equal(forms_view_save(&d.desk->app, &d.township, &view, &info), 0);
	assert_int_equal(forms_place(&d.desk->app, &d.township, d.desk->township, &arena, &place, &info), 0);
	assert_int_equal(place.n_views, 1);
	assert_string_equal(place.views[0].columns, "name,members");
	assert_int_equal(forms_view_drop(&d.desk->app, &d.township, d.desk->township, "人数", &info), 0);
	assert_int_equal(forms_view_drop(&d.desk->app, &d.township, d.desk->township, "人数", &info),
			 ERR_NOT_FOUND);
	ask.columns = "name,score";	/* without a campaign there is no score */
	assert_int_equal(forms_make(&d.desk->app, &d.township, &ask, &arena, &doc, &info), ERR_INPUT);
	ask.columns = "name,secret";
	assert_int_equal(forms_make(&d.desk->app, &d.township, &ask, &arena, &doc, &info), ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(every_form_can_be_filled_and_had_empty),
		ON_DESK(results_stand_in_the_summary_best_first),
		ON_DESK(a_figure_leads_to_its_organisations),
		ON_DESK(behind_every_figure_stand_as_many_organisations),
		ON_DESK(standards_stand_once_per_field),
		ON_DESK(what_was_not_handed_in_is_a_draft_and_unseen_from_above),
		ON_DESK(few_ballots_show_the_grade_alone_below_the_approving_level),
		ON_DESK(a_box_for_several_tells_what_it_handed_out),
		ON_DESK(no_form_gives_few_ballots_away),
		ON_DESK(a_print_keeps_its_version_until_the_data_move),
		ON_DESK(on_another_day_the_paper_still_says_the_same),
		ON_DESK(a_code_is_read_as_people_write_it),
		ON_DESK(a_stamped_scan_belongs_to_its_print),
		ON_DESK(rights_are_those_of_reports),
		ON_DESK(ballots_and_empty_forms_leave_no_print),
		ON_DESK(every_chosen_column_shows_what_is_kept),
		ON_DESK(chosen_columns_are_kept_under_a_name),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
