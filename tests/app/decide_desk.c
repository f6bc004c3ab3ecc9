/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "app/decide_desk.h"
#include "app/meeting.h"
#include "app/publicizing.h"
#include "app/scheme_cache.h"
#include "store/score.h"

struct fill {
	struct decide_desk *d;
	int64_t org;
	int percent;
	uint32_t votes[VOTERS_COUNT][SCHEME_OPTIONS_MAX + 1];
};

static int fill_sheets(struct db_tx *tx, const struct fill *fill, const struct scheme *scheme,
		       const struct campaign_org *org)
{
	AUTO(arena) struct arena arena = {0};
	struct score_edit edits[SCORE_CELLS_MAX];
	char text[SCORE_CELLS_MAX][16];
	int n = 0, changed, r = 0;
	for (int i = 0; i < scheme->n_indicators; i++) {
		int leaf = scheme->indicators[i].leaf;
		int max = scheme->leaves[leaf].max_by_category_e4[org->category] / 10000;
		snprintf(text[n], sizeof(text[n]), "%d.%02d", max * fill->percent / 100,
			 max * fill->percent % 100);
		edits[n] = (struct score_edit){.leaf = leaf, .value = text[n]};
		n++;
	}
	for (int i = 0; r == 0 && i < scheme->n_sources; i++) {
		const struct score_key key = {fill->d->campaign, fill->org, i, 0};
		struct score_sheet sheet;
		if (scheme->sources[i].by != BY_BALLOTS)
			r = store_score_save(tx, &key, edits, n, 1, 1000, &arena, &sheet, &changed);
	}
	return r;
}

static int fill_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct fill *fill = arg;
	AUTO(arena) struct arena arena = {0};
	struct campaign campaign;
	struct campaign_org org;
	const struct scheme *scheme;
	int64_t c = fill->d->campaign;
	assert_int_equal(store_campaign_get(tx, c, &arena, &campaign), 1);
	assert_int_equal(store_campaign_org_get(tx, c, fill->org, &arena, &org), 1);
	assert_int_equal(scheme_cache_get(fill->d->desk->app.schemes, campaign.scheme_text, &scheme, info),
			 0);
	int r = fill_sheets(tx, fill, scheme, &org);
	for (int v = 0; r == 0 && v < VOTERS_COUNT; v++) {
		uint32_t ballots = 0;
		struct tally tally = {.org = fill->org, .voters = (enum voters)v,
				      .n_options = scheme->n_options, .counters = "甲、乙", .at_ms = 1};
		memcpy(tally.counts, fill->votes[v], sizeof(tally.counts));
		for (int o = 0; o <= scheme->n_options; o++)
			ballots += tally.counts[o];
		r = store_campaign_org_set_present(tx, c, fill->org, (enum voters)v, ballots);
		if (r == 0)
			r = store_tally_put(tx, c, &tally);
	}
	return r;
}

void decide_desk_fill(struct decide_desk *d, int64_t org, int percent,
		      const uint32_t votes[VOTERS_COUNT][SCHEME_OPTIONS_MAX + 1])
{
	struct fill fill = {.d = d, .org = org, .percent = percent};
	memcpy(fill.votes, votes, sizeof(fill.votes));
	campaign_desk_write(d->desk, fill_fn, &fill);
}

void decide_desk_score(struct decide_desk *d, int64_t org, int percent)
{
	decide_desk_fill(d, org, percent, (const uint32_t[VOTERS_COUNT][SCHEME_OPTIONS_MAX + 1]){{20}, {20}});
}

void decide_desk_few(struct decide_desk *d, int64_t org)
{
	decide_desk_fill(d, org, 95, (const uint32_t[VOTERS_COUNT][SCHEME_OPTIONS_MAX + 1]){{2}, {2}});
}

void decide_desk_grade(struct decide_desk *d)
{
	struct err_info info = {0};
	struct campaign_graded graded;
	if (campaign_grading_run(&d->desk->app, &d->desk->machine, d->campaign, d->desk->county, &graded,
				 &info) < 0)
		fail_msg("%s", info.text);
}

struct decide_desk decide_desk_open(struct desk *desk)
{
	struct decide_desk d = {.desk = desk};
	d.school = campaign_desk_fill(desk);
	d.campaign = campaign_desk_open(desk, desk->county, "zhangji-town");
	d.township = desk_caller(desk_account(desk, desk->township, "陈", ROLE_TOWNSHIP), 7000);
	d.county = desk_caller(desk_account(desk, desk->county, "周", ROLE_OFFICER), 7000);
	d.city = desk_caller(desk_account(desk, desk->city, "市", ROLE_OFFICER), 7000);
	d.clerk = desk_caller(desk_account(desk, desk->branch[1], "支", ROLE_CLERK), 7000);
	decide_desk_score(&d, desk->branch[0], 95);
	decide_desk_score(&d, desk->branch[1], 60);
	decide_desk_score(&d, desk->branch[2], 60);
	decide_desk_score(&d, d.school, 85);
	decide_desk_grade(&d);
	return d;
}

struct look {
	struct decide_desk *d;
	int64_t org;
	struct arena *arena;
	struct result result;
};

static int look_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	(void)info;
	return store_result_get(tx, look->d->campaign, look->org, look->arena, &look->result) == 1
		? 0 : ERR_NOT_FOUND;
}

struct result decide_desk_result(struct decide_desk *d, int64_t org, struct arena *arena)
{
	struct look look = {.d = d, .org = org, .arena = arena};
	assert_int_equal(db_read(d->desk->app.db, look_fn, &look, NULL), 0);
	return look.result;
}

int decide_desk_meet(struct decide_desk *d, int64_t *ret_id, struct err_info *info)
{
	const struct meeting m = {
		.campaign = d->campaign, .node = d->desk->township, .day = 20260318,
		.title = "党政班子会议", .number = "〔2026〕3号", .chair = "孙", .recorder = "陈",
		.expected = 9, .present = 8, .absent = "刘", .guests = "", .votes_yes = 8,
		.decision = "同意",
	};
	return meeting_record(&d->desk->app, &d->township, &m, ret_id, info);
}

int decide_desk_publish(struct decide_desk *d, int64_t *ret_id, struct err_info *info)
{
	const struct publicity p = {
		.campaign = d->campaign, .node = d->desk->township, .from_day = 20260311,
		.to_day = 20260315, .show = SHOW_GRADE | SHOW_STARS, .scope = "镇、村公开栏",
		.office = "镇政府一楼党群办", .phone = "（办公室电话）",
	};
	return publicity_begin(&d->desk->app, &d->township, &p, ret_id, info);
}

/* ---- the ledger ---- */

struct add_case {
	int64_t org, campaign;
	enum case_state state;
	int problems;
};

static int add_case_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct add_case *in = arg;
	struct ledger_case c = {.org = in->org, .campaign = in->campaign, .year = 2026, .state = in->state, .round = 1,
				.opened_day = 20260105, .deadline = 20260630, .seen = "", .shows = "班子不团结",
				.meeting_no = "", .decision = "", .election_note = "", .support_kind = -1};
	const struct case_reason why = {.round = 1, .because = BECAUSE_CRITERIA, .ref = "divided",
					.label = "班子不团结", .seen = "", .day = 20260105, .who = "陈"};
	const struct case_event moved = {.seq = 1, .round = 1, .at_ms = 1768000000000, .day = 20260110,
					 .who = "陈", .act = CASE_APPROVE, .text = ""};
	(void)info;
	if (c.state == CASE_WRITTEN_OFF) {
		c.number = 1;
		c.number_year = 2026;
		c.accepted_day = 20260301;
	}
	int r = store_case_insert(tx, &c);
	if (r == 0)
		r = store_case_reason_add(tx, c.id, &why);
	for (int i = 0; i < in->problems && r == 0; i++) {
		char title[32];
		snprintf(title, sizeof(title), "第 %d 个问题", i + 1);
		struct case_problem late = {.case_id = c.id, .round = 1, .title = i ? title : "三会一课不经常", .ref = "",
					    .cause = "", .measure = "", .goal = "", .deadline = 20260201, .owner = "陈",
					    .post = "", .phone = "", .result = "", .verified_by = "", .verdict = "",
					    .extended = ""};
		r = store_problem_put(tx, &late);
	}
	return r < 0 ? r : store_case_event_add(tx, c.id, &moved);
}

void decide_desk_case(struct decide_desk *d, int64_t org, enum case_state state, int problems)
{
	struct add_case in = {org, d->campaign, state, problems};
	campaign_desk_write(d->desk, add_case_fn, &in);
}

struct postpone {
	int64_t org;
	const char *note;
};

static int postpone_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	const struct postpone *in = arg;
	struct ledger_case c;
	(void)info;
	int r = store_case_of_org(tx, in->org, &arena, &c);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	c.election = ELECTION_POSTPONED;
	c.election_note = in->note;
	return store_case_update(tx, &c);
}

void decide_desk_postpone(struct decide_desk *d, int64_t org, const char *note)
{
	struct postpone in = {org, note};
	campaign_desk_write(d->desk, postpone_fn, &in);
}
