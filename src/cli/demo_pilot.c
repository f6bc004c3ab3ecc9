/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_pilot.h"

#include <assert.h>
#include <string.h>

#include "app/campaign_grading.h"
#include "app/chasing.h"
#include "app/counts.h"
#include "app/roster.h"
#include "app/schemes.h"
#include "app/score_setup.h"
#include "app/surveys.h"
#include "base/buf.h"
#include "cli/demo_dice.h"
#include "cli/demo_selfs.h"
#include "domain/day_math.h"

#define TOWN "02"

struct pilot {
	struct app *app;
	struct demo_people *people;
	struct caller officer, unit;
	int32_t today;
	int64_t now_ms, county, node, campaign;
	const char *login;		/* the unit's */
	const struct scheme *scheme;
	struct campaign_org *orgs;	/* those that are graded */
	int n;
	struct arena arena;
};

static uint32_t dice(const char *code, uint32_t what, uint32_t below)
{
	return demo_dice(11, code, what, below);
}

/* How good, of 100. */
static int quality(const char *code)
{
	return 72 + (int)dice(code, 1, 26);
}

/* `days` ago, in working hours. */
static struct caller back(const struct pilot *p, const struct caller *who, int days)
{
	struct caller c = *who;
	c.today = day_plus(p->today, -days);
	c.now_ms = day_begins_ms(c.today) + (9 * 60 + (int64_t)(days * 37) % 400) * 60000;
	if (c.now_ms > p->now_ms)
		c.now_ms = p->now_ms;
	return c;
}

static int ready(struct pilot *p, const char *code, enum role role, int days, struct caller *ret, struct err_info *info)
{
	const struct caller now = back(p, &p->officer, days);
	return demo_person_ready(p->people, p->app, &now, code, role, ret, info);
}

/* `share` of 100 of a maximum, in half points. */
static const char *points(struct pilot *p, int64_t max_e4, int share)
{
	int64_t halves = max_e4 / 5000 * (share > 99 ? 99 : share) / 100;
	return arena_printf(&p->arena, halves % 2 ? "%lld.5" : "%lld", (long long)(halves / 2));
}

/* ---- the scheme: 遵义's, in which branches score each other as in 黔南's ---- */

static int replace(struct buf *text, const char *from, const char *to, struct err_info *info)
{
	AUTO(buf) struct buf out = {0};
	const char *old = buf_str(text), *at = strstr(old, from);
	if (!at)
		return err_set(info, ERR_STATE, "方案里没有“%s”", from);
	buf_add(&out, old, (size_t)(at - old));
	buf_addf(&out, "%s%s", to, at + strlen(from));
	buf_clear(text);
	buf_add(text, out.data, out.len);
	return out.failed || text->failed ? err_nomem(info) : 0;
}

static int write_scheme(struct pilot *p, const char **ret_ref, struct err_info *info)
{
	const struct caller officer = back(p, &p->officer, 30);
	const struct scheme_ref from = {.shipped = "zunyi"};
	AUTO(diag) struct diag faults = {0};
	AUTO(buf) struct buf text = {0};
	struct scheme_ref own = {0};
	struct scheme_shown shown = {0};
	int version = 0;
	int r = schemes_clone(p->app, &officer, &from, p->county, "yunling-pilot",
			      "云岭县“5+2+X”评价办法（试行）", &own.scheme, info);
	if (r == 0)
		r = schemes_show(p->app, &officer, &own, &p->arena, &shown, info);
	if (r < 0)
		return r;
	buf_adds(&text, shown.version.text);
	r = replace(&text, "assumptions:\n", "assumptions:\n  - 互相评是县里加的：同镇的其他党组织各给一个百分制总分，"
					     "不给自己打分，取平均；10% 的权重从相关单位评里分出\n", info);
	if (r == 0)
		r = replace(&text, "label: 相关单位评\n    weight: 20%", "label: 相关单位评\n    weight: 10%", info);
	if (r == 0)
		r = replace(&text, "\nballot:\n", "  - {id: mutual, label: 互相评, weight: 10%, by: points, who: mutual}\n\nballot:\n",
			    info);
	const struct scheme_edit edit = {
		.scheme = own.scheme, .version = shown.version.version, .saved_ms = shown.version.saved_ms,
		.text = buf_str(&text), .publish = true, .note = "照遵义市的做法，加同镇党组织互相评",
	};
	if (r == 0)
		r = schemes_save(p->app, &officer, &edit, &faults, &version, info);
	scheme_shown_done(&shown);
	*ret_ref = arena_printf(&p->arena, "%lld.%d", (long long)own.scheme, version);
	return r ? r : *ret_ref ? 0 : err_nomem(info);
}

/* ---- opening it ---- */

static int step_days(const struct pilot *p, struct campaign_step steps[static 16])
{
	static const struct {
		const char *id;
		int from, to;
	} days[] = {
		{"survey", -27, -23}, {"standard", -22, -20}, {"self", -19, -13}, {"ballot", -12, -7},
		{"grading", -6, 3}, {"publicity", 4, 9}, {"review", 10, 16}, {"improvement", 17, 200},
	};
	int n = 0;
	assert(p->scheme);
	for (int s = 0; s < p->scheme->n_steps; s++)
		for (size_t i = 0; i < ARRAY_LEN(days); i++)
			if (strcmp(p->scheme->steps[s].id, days[i].id) == 0)
				steps[n++] = (struct campaign_step){s, day_plus(p->today, days[i].from),
								    day_plus(p->today, days[i].to)};
	return n;
}

static int begin(struct pilot *p, struct err_info *info)
{
	const struct caller officer = back(p, &p->officer, 28);
	struct campaign_step steps[16];
	struct campaign_draft draft = {.node = p->node, .year = p->today / 10000 + 1};
	struct campaign_preview preview = {0};
	struct campaign_detail detail = {0};
	struct count_list list = {0};
	int r = write_scheme(p, &draft.scheme, info);
	if (r == 0)
		r = campaigns_preview(p->app, &officer, &draft, &p->arena, &preview, info);
	if (r < 0)
		return r;
	p->scheme = preview.scheme;
	draft.steps = steps;
	draft.n_steps = step_days(p, steps);
	draft.title = arena_printf(&p->arena, "石桥镇 %d 年度“5+2+X”试评", draft.year);
	r = campaigns_open(p->app, &officer, &draft, &p->campaign, info);
	if (r == 0)
		r = campaigns_get(p->app, &officer, p->campaign, p->node, &p->arena, &detail, info);
	if (r == 0)
		r = counts_list(p->app, &officer, p->campaign, p->node, &p->arena, &list, info);
	if (r < 0)
		return r;
	p->scheme = detail.scheme;	/* the frozen one */
	p->orgs = list.listed.orgs;
	p->n = list.listed.n;
	return 0;
}

/* The townships' own items (X), 18 of the 20 points that the scheme leaves them. */
static int set_locals(struct pilot *p, struct err_info *info)
{
	static const struct local_draft drafts[] = {
		{-1, "tea", "茶园管护和集体增收", "8"}, {-1, "tidy", "人居环境整治", "6"}, {-1, "merit", "党员积分管理", "4"},
	};
	struct caller town;
	int r = ready(p, TOWN, ROLE_TOWNSHIP, 21, &town, info);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(drafts); i++)
		r = locals_put(p->app, &town, p->campaign, p->node, &drafts[i], info);
	return r;
}

/* ---- survey, self-evaluation, ballots ---- */

static int survey_one(struct pilot *p, const struct campaign_org *org, struct err_info *info)
{
	struct survey_put puts[SCHEME_LIST_MAX];
	struct caller town;
	int n = 0, wrong, r = ready(p, TOWN, ROLE_TOWNSHIP, 24 + (int)dice(org->code, 5, 3), &town, info);
	for (int i = 0; i < p->scheme->n_survey; i++) {
		const struct scheme_question *q = &p->scheme->survey[i];
		bool bad = (int)dice(org->code, 20 + (uint32_t)i, 100) > quality(org->code);
		if (!survey_asks(q, org->category))
			continue;
		puts[n++] = (struct survey_put){.question = i, .value =
			q->ask == ASK_YES_NO ? bad ? "no" : "yes"
			: q->ask == ASK_CHOICE ? bad ? "1" : "0"
			: q->ask == ASK_NUMBER ? arena_printf(&p->arena, "%u", 3 + dice(org->code, 21, 20))
					       : "平时按岗位编组活动，重点看组织生活是否经常。"};
	}
	return r ? r : surveys_save(p->app, &town, p->campaign, org->id, puts, n, NULL, "", &p->arena, &wrong, info);
}

/* One has not begun. */
static bool self_when(void *arg, const struct campaign_org *org, struct caller *ret_now)
{
	const struct pilot *p = arg;
	*ret_now = back(p, &p->officer, 14 + (org ? (int)dice(org->code, 6, 5) : 0));
	return !org || strcmp(org->code, "02-614") != 0;
}

static const char *self_figure(void *arg, const struct campaign_org *org, int column, int64_t max_e4)
{
	return points(arg, max_e4, quality(org->code) + (int)dice(org->code, 30 + (uint32_t)column, 12));
}

static const char *self_words(void *arg, const struct campaign_org *org)
{
	static const char *const done[] = {"茶园由支部牵头统防统治", "每月 5 日党员积分上墙", "清运积存垃圾 40 多车",
					   "改厕和污水管网都已完成", "办了两期实用技术培训"};
	static const char *const lacks[] = {"外出党员积分不好记", "集体收入还不稳", "卫生保持得不够好", "年轻党员少"};
	struct pilot *p = arg;
	return arena_printf(&p->arena, "按“5+2+X”逐项对照，%s；不足是%s。",
			    done[dice(org->code, 40, ARRAY_LEN(done))], lacks[dice(org->code, 41, ARRAY_LEN(lacks))]);
}

/* The counts of one pass; the second counter has read one figure of 黄泥坳村 wrong. */
static void count_votes(const struct count_view *v, int64_t *counts, bool misread)
{
	const int64_t all[VOTERS_COUNT] = {v->org.members, v->org.residents};
	for (int c = 0; c < VOTERS_COUNT; c++) {
		int64_t left = v->org.present[c] >= 0 ? v->org.present[c] : all[c];
		left -= (int64_t)dice(v->org.code, 50 + (uint32_t)c, 3);
		for (int o = 0; o <= v->scheme->n_options; o++) {
			int64_t here = o < v->scheme->n_options - 1 ? left * (quality(v->org.code) - 34) / 100 : 0;
			counts[count_cell(v, c, 0, o)] = o == v->scheme->n_options - 1 ? left : here;
			left -= o == v->scheme->n_options - 1 ? left : here;
		}
	}
	if (misread) {
		counts[count_cell(v, VOTERS_RESIDENT, 0, 1)] -= 3;
		counts[count_cell(v, VOTERS_RESIDENT, 0, 2)] += 3;
	}
}

static int vote_one(struct pilot *p, const struct campaign_org *org, struct err_info *info)
{
	static const char *const counters[COUNT_SLOTS] = {"石大明", "彭秀英"};
	/* Two are still at it: one count differs, one waits for the second counter. */
	bool misread = strcmp(org->code, "02-613") == 0;
	int n_slots = strcmp(org->code, "02-612") == 0 ? 1 : strcmp(org->code, "02-614") == 0 ? 0 : COUNT_SLOTS;
	struct count_heads heads = {.present = {org->members, org->residents}};
	int64_t counts[COUNT_CELLS_MAX];
	struct count_view view;
	struct caller town;
	bool agree;
	int r = ready(p, TOWN, ROLE_TOWNSHIP, 8 + (int)dice(org->code, 7, 4), &town, info);
	heads.present[VOTERS_MEMBER] = org->members * 4 / 5 + 1;
	heads.present[VOTERS_RESIDENT] = org->residents > 60 ? 30 + org->residents / 40 : org->residents;
	for (int c = 0; c < VOTERS_COUNT; c++)
		heads.issued[c] = heads.present[c];
	if (r == 0 && n_slots)
		r = counts_present(p->app, &town, p->campaign, org->id, &heads, info);
	if (r == 0)
		r = counts_get(p->app, &town, p->campaign, org->id, &p->arena, &view, info);
	for (int s = 0; r == 0 && s < n_slots; s++) {
		count_votes(&view, counts, misread && s == 1);
		r = counts_key(p->app, &town, p->campaign, org->id, s, counters[s], counts, count_n_cells(&view),
			       &agree, info);
	}
	return r;
}

/* ---- scores ---- */

/* One grid: what `share` gives of every column; 0: nothing yet. */
static int score(struct pilot *p, const struct caller *who, const struct score_at *at,
		 int (*share)(const char *scorer, const struct campaign_org *org, int column), const char *scorer,
		 struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	const struct score_query query = {.at = *at, .category = -1, .page = 1, .size = SCORES_PAGE_MAX};
	struct score_put puts[SCORES_PUTS_MAX];
	struct score_grid grid;
	struct score_saved saved;
	int n = 0, r = scores_grid(p->app, who, &query, &arena, &grid, info);
	for (int i = 0; r == 0 && i < grid.n_rows; i++) {
		for (int k = 0; k < grid.n_columns; k++) {
			int of = share(scorer, &grid.rows[i].org, k);
			const char *value = of ? points(p, grid.rows[i].cells[k].max_e4, of) : "";
			if (!value)
				return err_nomem(info);
			if (*value && grid.rows[i].cells[k].max_e4)
				puts[n++] = (struct score_put){.org = grid.rows[i].org.id, .leaf = grid.columns[k].leaf,
							       .value = value};
		}
		if (n && (n + grid.n_columns > SCORES_PUTS_MAX || i + 1 == grid.n_rows)) {
			r = scores_save(p->app, who, at, puts, n, &arena, &saved, info);
			n = 0;
			if (r == 0 && saved.n_wrong)
				r = err_set(info, ERR_STATE, "演示打分有 %d 格没有存下", saved.n_wrong);
		}
	}
	return r;
}

static int first_share(const char *scorer, const struct campaign_org *org, int column)
{
	(void)scorer;
	return quality(org->code) + (int)dice(org->code, 60 + (uint32_t)column, 9) - 5;
}

/* Two cells are mended after a talk, two left out. */
static int committee_share(const char *scorer, const struct campaign_org *org, int column)
{
	bool left_out = strcmp(org->code, "02-614") == 0 && column >= 8;
	bool mended = strcmp(org->code, "02-604") == 0 && (column == 2 || column == 7);
	return left_out ? 0 : first_share(scorer, org, column) - (mended ? 12 : 0);
}

/* Neighbours know each other; 三岔口村 has not come to the last four. */
static int peer_share(const char *scorer, const struct campaign_org *org, int column)
{
	bool later = strcmp(scorer, "02-602") == 0 && strcmp(org->code, "02-611") > 0;
	(void)column;
	return later ? 0 : quality(org->code) + (int)dice(org->code, 80 + demo_dice(1, scorer, 1, 90), 9) - 4;
}

/* A related unit has been to most of them. */
static int unit_share(const char *scorer, const struct campaign_org *org, int column)
{
	bool later = strcmp(scorer, "县卫健局") == 0 && strcmp(org->code, "02-610") > 0;
	(void)column;
	return later ? 0 : quality(org->code) + (int)dice(org->code, 180 + demo_dice(2, scorer, 1, 90), 12) - 5;
}

static int add_units(struct pilot *p, struct err_info *info)
{
	const struct {
		const char *label, *login;
	} units[] = {{"县卫健局", p->login}, {"县信访局", ""}};
	const struct caller officer = back(p, &p->officer, 20), unit = back(p, &p->unit, 4);
	struct caller town;
	int r = ready(p, TOWN, ROLE_TOWNSHIP, 4, &town, info);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(units); i++) {
		const struct rater_draft draft = {.source = "units", .label = units[i].label, .login = units[i].login};
		struct score_at at = {SCORE_COMMITTEE, p->campaign, p->node, "units", 0};
		int64_t n;
		r = raters_put(p->app, &officer, p->campaign, p->node, &draft, &at.rater, info);
		if (r == 0)
			r = raters_assign(p->app, &officer, p->campaign, at.rater, p->node, -1, true, &n, info);
		at.door = *units[i].login ? SCORE_UNIT : SCORE_COMMITTEE;
		if (r == 0)
			r = score(p, *units[i].login ? &unit : &town, &at, unit_share, units[i].label, info);
	}
	return r;
}

static int score_all(struct pilot *p, struct err_info *info)
{
	struct score_at at = {SCORE_COMMITTEE, p->campaign, p->node, "superior", 0};
	struct caller who;
	int r = ready(p, TOWN, ROLE_TOWNSHIP, 3, &who, info);
	if (r == 0)
		r = score(p, &who, &at, first_share, "", info);
	who = back(p, &who, 1);
	if (r == 0)
		r = score(p, &who, &at, committee_share, "", info);
	if (r == 0)
		r = add_units(p, info);
	for (int i = 0; r == 0 && i < p->n; i++) {
		at = (struct score_at){SCORE_PEER, p->campaign, p->orgs[i].id, "mutual", 0};
		r = ready(p, p->orgs[i].code, ROLE_CLERK, 2 + (int)dice(p->orgs[i].code, 8, 4), &who, info);
		if (r == 0)
			r = score(p, &who, &at, peer_share, p->orgs[i].code, info);
	}
	return r;
}

/* The county has told what the points mean. */
static int mark_standard(struct pilot *p, struct err_info *info)
{
	const struct caller officer = back(p, &p->officer, 20);
	int64_t n;
	for (int s = 0; s < p->scheme->n_steps; s++)
		if (p->scheme->steps[s].kind == STEP_OTHER)
			return duties_mark(p->app, &officer, p->campaign, p->node, s, true, &n, info);
	return 0;
}

static int fill(struct pilot *p, struct err_info *info)
{
	const struct demo_selfs selfs = {.app = p->app, .people = p->people, .campaign = p->campaign, .node = p->node,
					 .sent_back = "", .arg = p, .when = self_when, .figure = self_figure,
					 .report = self_words};
	struct campaign_graded graded;
	int r = set_locals(p, info);
	for (int i = 0; r == 0 && i < p->n; i++)
		r = survey_one(p, &p->orgs[i], info);
	if (r == 0)
		r = demo_selfs(&selfs, info);
	for (int i = 0; r == 0 && i < p->n; i++)
		r = vote_one(p, &p->orgs[i], info);
	if (r == 0)
		r = score_all(p, info);
	if (r == 0)
		r = mark_standard(p, info);
	return r ? r : campaign_grading_run(p->app, &p->officer, p->campaign, p->node, &graded, info);
}

int demo_pilot(struct app *app, const struct caller *officer, const struct caller *unit, const char *login,
	       struct demo_people *people, int64_t county, struct err_info *info)
{
	struct pilot p = {.app = app, .people = people, .officer = *officer, .unit = *unit, .today = officer->today,
			  .now_ms = officer->now_ms, .county = county, .login = login};
	int r = roster_find(app, officer, TOWN, &p.node, info);
	if (r == 0)
		r = begin(&p, info);
	if (r == 0)
		r = fill(&p, info);
	arena_done(&p.arena);
	return r;
}
