/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of how cases go on and end: acceptance and write-off (F12), the
 * bulletin (F13). */
#include <stdlib.h>
#include <string.h>

#include "app/forms_cases.h"
#include "app/ledger_standing.h"
#include "domain/day.h"
#include "domain/day_math.h"
#include "domain/exact.h"

enum { ITEMS_MAX = 64, MOVED_MAX = 60, LATE_MAX = 60, ENDS = 3 };

/* ---- F12 ---- */

/* LD-5a's four, where the sheet names none. */
static const struct f12_item usual_items[] = {
	{"党组织班子配齐配强", 250000, FORM_UNKNOWN},
	{"能组织带领党员正常开展活动", 250000, FORM_UNKNOWN},
	{"能解决自身建设和党员作风方面存在的突出问题", 250000, FORM_UNKNOWN},
	{"努力做好服务群众的各项工作", 250000, FORM_UNKNOWN},
};

/* "label\tmax_e4\tgiven_e4\n" … */
static int read_items(struct form_fill *f, const char *text, struct f12 *out)
{
	struct f12_item *items = arena_zalloc(f->arena, ITEMS_MAX, sizeof(*items));
	int n = 0;
	if (!items)
		return ERR_NOMEM;
	while (*text && n < ITEMS_MAX) {
		size_t line = strcspn(text, "\n"), label = strcspn(text, "\t");
		char *end = NULL;
		if (label >= line)
			break;
		items[n].label = arena_strndup(f->arena, text, label);
		items[n].max_e4 = strtoll(text + label + 1, &end, 10);
		items[n].points_e4 = *end == '\t' && end[1] != '\n' ? strtoll(end + 1, NULL, 10) :
								      FORM_UNKNOWN;
		if (!items[n++].label)
			return ERR_NOMEM;
		text += line + (text[line] == '\n');
	}
	out->items = items;
	out->n_items = n;
	return 0;
}

static const char *residents_text(struct form_fill *f, const struct case_sheet *s)
{
	if (!s->heard)
		return NULL;
	int64_t share = form_share_e1(s->satisfied, s->heard);
	return arena_printf(f->arena, "%s%s听取 %lld 人意见，满意 %lld 人，占 %lld.%lld%%；不满意 %lld 人",
			    s->how, *s->how ? "，" : "", (long long)s->heard, (long long)s->satisfied,
			    (long long)(share / 10), (long long)(share % 10), (long long)s->dissatisfied);
}

static int set_sheet(struct form_fill *f, const struct case_sheet *s, struct f12 *out)
{
	int r = read_items(f, s->items, out);
	if (!out->n_items) {
		out->items = usual_items;
		out->n_items = ARRAY_LEN(usual_items);
	}
	out->pass_e4 = s->pass_e4;
	out->residents = residents_text(f, s);
	out->verdict = s->outcome == SHEET_PASSED ? "合格" : s->outcome == SHEET_FAILED ? "不合格" : NULL;
	if (*s->opinion)
		out->verdict = out->verdict ? arena_printf(f->arena, "%s。%s", out->verdict, s->opinion) :
					      s->opinion;
	out->inspectors = fill_some(s->acceptors);
	out->day = fill_day(f, s->day);
	return r;
}

/* One acceptance; 1 where there is something to print of it. */
static int set_acceptance(struct form_fill *f, const struct fill_case *c, struct f12 *out)
{
	struct form_case *of = arena_zalloc(f->arena, 1, sizeof(*of));
	struct case_sheet *sheets;
	int n, r = store_sheets(f->tx, c->row.id, f->arena, &sheets, &n);
	if (r == 0)
		r = of ? fill_form_case(f, c, of) : ERR_NOMEM;
	if (r < 0)
		return r;
	*out = (struct f12){.head = f->head, .of = of, .n_items = ARRAY_LEN(usual_items),
			    .items = usual_items, .pass_e4 = 700000, .office = f->node.name};
	if (n && (r = set_sheet(f, &sheets[n - 1], out)) < 0)
		return r;
	if (c->row.number) {
		out->number = arena_printf(f->arena, "〔%d〕第 %d 号", c->row.number_year, c->row.number);
		out->day = fill_day(f, c->row.accepted_day);
	}
	return n > 0 || c->row.number;
}

static bool wanted(const struct ledger_case *row, bool notice)
{
	if (notice)
		return row->number != 0;
	return row->state == CASE_REPORTED || row->state == CASE_ACCEPTED ||
	       row->state == CASE_WRITTEN_OFF || row->state == CASE_SETTLED;
}

static int fill_acceptances(struct form_fill *f, bool notice, struct doc *doc, struct err_info *info)
{
	static const struct form_case empty = {.members = FORM_UNKNOWN};
	struct fill_case *cases = NULL;
	int n = 0, kept = 0, r = f->head.blank ? 0 : fill_cases(f, false, &cases, &n, info);
	struct f12 *out = r == 0 ? arena_zalloc(f->arena, (size_t)n + 1, sizeof(*out)) : NULL;
	if (r < 0 || !out)
		return r < 0 ? r : err_nomem(info);
	for (int i = 0; i < n; i++) {
		if (!wanted(&cases[i].row, notice))
			continue;
		if ((r = set_acceptance(f, &cases[i], &out[kept])) < 0)
			return r;
		kept++;
	}
	if (f->head.blank)
		out[kept++] = (struct f12){.head = f->head, .of = &empty, .pass_e4 = 700000, .items = usual_items,
					   .n_items = ARRAY_LEN(usual_items), .office = f->node.name};
	if (!kept)
		return err_set(info, ERR_STATE, notice ? "还没有销号的党组织" :
							 "还没有报请验收的党组织，可以先打印空表");
	if (notice)
		f12_notice(doc, kept, out);
	else
		f12_sheet(doc, kept, out);
	return 0;
}

int fill_f12(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	return fill_acceptances(f, false, doc, info);
}

int fill_f12_notice(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	return fill_acceptances(f, true, doc, info);
}

/* ---- F13 ---- */

/* China's midnight at the beginning of a day, UTC. */
static int64_t day_ms(int32_t day)
{
	return ((int64_t)day_to_number(day) * 24 - 8) * 3600 * 1000;
}

static const struct fill_case *case_of(const struct fill_case *cases, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (cases[i].row.id == id)
			return &cases[i];
	return NULL;
}

/* "……共 80 项": of what the list leaves out. */
static int add_rest(struct form_fill *f, struct form_lines *lines, struct form_line *at, int all)
{
	if (all <= lines->n)
		return 0;
	at[lines->n] = (struct form_line){.before = arena_printf(f->arena, "……共 %d 项。", all)};
	return at[lines->n++].before ? 0 : ERR_NOMEM;
}

static int set_moved(struct form_fill *f, const struct fill_case *cases, int n_cases, int32_t from,
		     int32_t to, struct form_lines *ret_lines)
{
	struct case_event *events;
	struct form_line *lines = arena_zalloc(f->arena, MOVED_MAX + 1, sizeof(*lines));
	struct form_lines out = {0, lines};
	int n, all = 0, r = store_case_events_between(f->tx, f->node.path, day_ms(from),
						      day_ms(to) + 86400000, f->arena, &events, &n);
	if (r < 0 || !lines)
		return r < 0 ? r : ERR_NOMEM;
	for (int i = 0; i < n; i++) {
		const struct case_event *e = &events[i];
		const struct fill_case *of = case_of(cases, n_cases, e->case_id);
		if (e->act >= CASE_ACT_COUNT || all++ >= MOVED_MAX)
			continue;
		lines[out.n++] = (struct form_line){arena_printf(f->arena, "%s ", fill_day(f, e->day)), e->org_name,
						    arena_printf(f->arena, "：%s。", case_event_label(e->act)), NULL,
						    of ? of->row.org : 0};
		if (!lines[out.n - 1].before || !lines[out.n - 1].after)
			return ERR_NOMEM;
	}
	r = add_rest(f, &out, lines, all);
	*ret_lines = out;
	return r;
}

/* As of the bulletin's last day: on a later day it says the same. */
static int set_late(struct form_fill *f, int32_t to, struct f13 *in)
{
	struct case_problem *rows;
	struct form_late *late = arena_zalloc(f->arena, LATE_MAX + 1, sizeof(*late));
	int n, kept = 0, all = 0, r = store_problems_below(f->tx, f->node.path, f->arena, &rows, &n);
	if (r < 0 || !late)
		return r < 0 ? r : ERR_NOMEM;
	for (int i = 0; i < n; i++) {
		const struct case_problem *p = &rows[i];
		if (p->state != PROBLEM_OPEN || !p->deadline || p->deadline >= to ||
		    !case_is_open(p->case_state) || all++ >= LATE_MAX)
			continue;
		late[kept++] = (struct form_late){
			{NULL, p->org_name, arena_printf(f->arena, "：%s", p->title), NULL, p->org},
			day_between(p->deadline, to)};
		if (!late[kept - 1].line.after)
			return ERR_NOMEM;
	}
	if (all > kept)
		late[kept++].line.before = arena_printf(f->arena, "……共 %d 项", all);
	in->late = late;
	in->n_late = kept;
	return 0;
}

/* First and last by the order of the page; none where all stand alike. */
static int set_ends(struct form_fill *f, const struct fill_case *cases, int n, int32_t to,
		    struct f13 *in)
{
	const struct ledger_case **rows = arena_zalloc(f->arena, (size_t)n + 1, sizeof(*rows));
	struct form_line *names = arena_zalloc(f->arena, 2 * ENDS, sizeof(*names));
	struct case_problem *problems;
	struct ledger_standing *of = NULL;
	int n_problems, m = 0;
	if (!rows || !names)
		return ERR_NOMEM;
	for (int i = 0; i < n; i++)
		rows[i] = &cases[i].row;
	int r = store_problems_below(f->tx, f->node.path, f->arena, &problems, &n_problems);
	if (r == 0)
		r = ledger_standings(rows, n, problems, n_problems, to, f->arena, &of, &m);
	if (r < 0 || !m || of[m - 1].place == 1)
		return r;
	int ends = m / 2 < ENDS ? m / 2 : ENDS;
	for (int i = 0; i < ends; i++) {
		const struct ledger_standing *last = &of[m - 1 - i];
		names[i] = (struct form_line){.linked = of[i].name, .org = of[i].committee};
		names[ENDS + i] = (struct form_line){.linked = last->name, .org = last->committee};
	}
	in->first = (struct form_lines){ends, names};
	in->last = (struct form_lines){ends, names + ENDS};
	return 0;
}

struct counting {
	struct form_fill *f;
	int64_t n;
};

static int count_org(void *arg, const struct org *org, const char *parent_code)
{
	struct counting *c = arg;
	(void)parent_code;
	if (org->level != LEVEL_UNIT || org->state != ORG_ACTIVE)
		return 0;
	c->n++;
	if (!c->f->ask->figure || strcmp(c->f->ask->figure, "orgs") != 0)
		return 0;
	const char *code = arena_strdup(c->f->arena, org->code), *name = arena_strdup(c->f->arena, org->name);
	return code && name ? fill_found(c->f, "orgs", org->id, code, name) : ERR_NOMEM;
}

/* Organisations, cases, and those written off; with the ways behind them. */
static int set_sums(struct form_fill *f, const struct fill_case *cases, int n, struct f13 *in)
{
	struct counting c = {f, 0};
	int r = store_org_each(f->tx, f->node.path, count_org, &c);
	in->orgs = c.n;
	in->cases = n;
	for (int i = 0; i < n && r == 0; i++) {
		const struct ledger_case *row = &cases[i].row;
		bool done = row->state == CASE_WRITTEN_OFF || row->state == CASE_SETTLED;
		in->written_off += done;
		r = fill_found(f, "cases", row->org, row->org_code, row->org_name);
		if (r == 0)
			r = fill_found(f, done ? "written-off" : "open", row->org, row->org_code, row->org_name);
	}
	return r;
}

static int32_t filter_day(const char *filter, const char *name, int32_t otherwise)
{
	const char *at = filter ? strstr(filter, name) : NULL;
	long day = at ? strtol(at + strlen(name), NULL, 10) : 0;
	return day > 0 && day < INT32_MAX ? (int32_t)day : otherwise;
}

int fill_f13(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct f13 in = {.head = f->head};
	struct fill_case *all = NULL, *cases;
	int n = 0, kept = 0;
	int32_t from = filter_day(f->ask->filter, "from=", f->caller->today / 100 * 100 + 1);
	int32_t to = filter_day(f->ask->filter, "to=", f->caller->today);
	if (!day_valid(from) || !day_valid(to) || from % 100 == 0 || to % 100 == 0)
		return err_set(info, ERR_INPUT, "日期不对");
	if (from > to)
		return err_set(info, ERR_INPUT, "开始日期晚于结束日期");
	in.from = fill_day(f, from);
	in.to = fill_day(f, to);
	int r = f->head.blank ? 0 : fill_cases(f, false, &all, &n, info);
	cases = all;
	/* Those that were approved once: candidates are not in the ledger. */
	for (int i = 0; i < n && r == 0; i++)
		if (all[i].row.state >= CASE_APPROVED && all[i].row.state != CASE_DROPPED)
			cases[kept++] = all[i];
	if (!f->head.blank) {
		if (r == 0)
			r = set_sums(f, cases, kept, &in);
		if (r == 0)
			r = set_moved(f, cases, kept, from, to, &in.moved);
		if (r == 0)
			r = set_late(f, to, &in);
		if (r == 0)
			r = set_ends(f, cases, kept, to, &in);
	}
	if (r == 0)
		f13_make(doc, &in);
	return r;
}
