/* SPDX-License-Identifier: Apache-2.0 */
/* Forms for leaders: the one page (F16) and the reminder (F17). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms_fill.h"
#include "domain/day_math.h"

enum { SHOWN_EACH = 5, LATE_MAX = 500 };

static int by_days(const void *a, const void *b)
{
	const struct form_late *x = a, *y = b;
	const char *p = x->line.before ? x->line.before : x->line.linked;
	const char *q = y->line.before ? y->line.before : y->line.linked;
	return x->days != y->days ? (x->days > y->days ? -1 : 1) : strcmp(p, q);
}

enum { LEFT = 1 << STEP_NOT_BEGUN | 1 << STEP_BEGUN | 1 << STEP_RETURNED };

static int64_t left(const struct step_count *c)
{
	return c->n[STEP_NOT_BEGUN] + c->n[STEP_BEGUN] + c->n[STEP_RETURNED];
}

/* "石桥镇：自评还有 4 个党组织没有完成", or "三岔口村党支部：自评还没有完成". */
static int add_late(struct form_fill *f, const struct step_child *child, const struct campaign_step *day,
		    struct form_late *out)
{
	const char *step = f->call.scheme->steps[day->step].label;
	int64_t n = left(&child->counts[day->step]);
	const char *figure = arena_printf(f->arena, "late%d-%lld", day->step, (long long)child->node);
	*out = (struct form_late){.days = day_between(day->to_day, f->caller->today)};
	if (child->category >= 0)
		out->line = (struct form_line){NULL, child->name, arena_printf(f->arena, "：%s还没有完成", step),
					       NULL, child->node};
	else
		out->line = (struct form_line){arena_printf(f->arena, "%s：%s还有 ", child->name, step),
					       arena_printf(f->arena, "%lld", (long long)n),
					       " 个党组织没有完成", figure, 0};
	return !figure || !out->line.linked || !out->line.after ? ERR_NOMEM :
	       fill_found_step(f, figure, child->path, day->step, LEFT);
}

int fill_late(struct form_fill *f, struct form_late **ret_late, int *ret_n, struct err_info *info)
{
	struct campaign_step *days;
	struct step_child *children = NULL;
	int n_days, n_children = 0, n = 0;
	int r = store_campaign_steps(f->tx, f->ask->campaign, f->arena, &days, &n_days);
	if (r == 0)
		r = store_step_children(f->tx, f->ask->campaign, f->ask->node, f->call.scheme->n_steps,
					f->arena, &children, &n_children);
	if (r < 0)
		return r;
	struct form_late *late = arena_zalloc(f->arena, LATE_MAX, sizeof(*late));
	if (!late)
		return err_nomem(info);
	for (int d = 0; d < n_days; d++) {
		if (!days[d].to_day || days[d].to_day >= f->caller->today ||
		    days[d].step >= f->call.scheme->n_steps)
			continue;
		for (int c = 0; c < n_children && n < LATE_MAX; c++)
			if (left(&children[c].counts[days[d].step]) &&
			    (r = add_late(f, &children[c], &days[d], &late[n++])) < 0)
				return r;
	}
	qsort(late, (size_t)n, sizeof(*late), by_days);
	*ret_late = late;
	*ret_n = n;
	return 0;
}

/* ---- F16 ---- */

/* Of last year only numbers are kept: the name is today's in the campaign. */
static int find_before(struct form_fill *f, int64_t org, int grade)
{
	struct campaign_org o;
	char figure[24];
	snprintf(figure, sizeof(figure), "before%d", grade);
	if (!f->ask->figure || strcmp(figure, f->ask->figure) != 0)
		return 0;
	int r = store_campaign_org_get(f->tx, f->ask->campaign, org, f->arena, &o);
	return r <= 0 ? r : fill_found(f, figure, o.id, o.code, o.name);
}

static int last_year(struct form_fill *f, int64_t *before)
{
	struct past_result *past;
	int n, r = store_past_of_year(f->tx, f->ask->campaign, f->path, f->head.year - 1, f->arena, &past,
				      &n);
	int n_grades = f->call.scheme->n_grades;
	for (int g = 0; g < n_grades; g++)
		before[g] = r < 0 || n == 0 ? FORM_UNKNOWN : 0;
	for (int i = 0; r == 0 && i < n; i++)
		for (int g = 0; g < n_grades && r == 0; g++)
			if (strcmp(past[i].grade, f->call.scheme->grades[g].label) == 0) {
				before[g]++;
				r = find_before(f, past[i].org, g);
			}
	return r;
}

static bool set_line(struct form_fill *f, const struct graded_org *o, struct form_line *out)
{
	*out = (struct form_line){.linked = o->name, .org = o->id};
	if (o->score && *o->score)
		out->after = arena_printf(f->arena, "（%s）", o->score);
	return out->after || !o->score || !*o->score;
}

/* The list is best first; those not graded stand at its end. */
static int ends_of(struct form_fill *f, const struct graded_list *list, int graded,
		   struct form_lines *first, struct form_lines *last)
{
	int n = graded < SHOWN_EACH ? graded : SHOWN_EACH;
	struct form_line *lines = arena_zalloc(f->arena, 2 * SHOWN_EACH, sizeof(*lines));
	if (!lines)
		return ERR_NOMEM;
	for (int i = 0; i < n; i++)
		if (!set_line(f, &list->orgs[i], &lines[i]) ||
		    !set_line(f, &list->orgs[graded - 1 - i], &lines[SHOWN_EACH + i]))
			return ERR_NOMEM;
	*first = (struct form_lines){n, lines};
	*last = (struct form_lines){n, lines + SHOWN_EACH};
	return 0;
}

static int decide(struct form_fill *f, const struct graded_list *list, int graded,
		  struct form_lines *ret_lines)
{
	struct form_line *lines = arena_zalloc(f->arena, 4, sizeof(*lines));
	int n = 0, top = 0;
	if (!lines)
		return ERR_NOMEM;
	for (int i = 0; i < list->n; i++)
		top += list->orgs[i].stars == SCHEME_STARS_MAX;
	if (graded < list->n)
		lines[n++] = (struct form_line){"还有 ", arena_printf(f->arena, "%d", list->n - graded),
						" 个党组织没有定级或没有提交，请督促", "ungraded", 0};
	if (top)
		lines[n++] = (struct form_line){"五星级 ", arena_printf(f->arena, "%d", top), " 个，报上级审定",
						"stars5", 0};
	for (int i = 0; i < n; i++)
		if (!lines[i].linked)
			return ERR_NOMEM;
	*ret_lines = (struct form_lines){n, lines};
	return 0;
}

int fill_f16(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	struct form_late *late = NULL;
	int64_t before[SCHEME_GRADES_MAX];
	int r = fill_graded(f, &list, info);
	struct f16 in = {.head = f->head, .campaign = f->call.campaign.title};
	if (r == 0 && !f->head.blank)
		r = fill_late(f, &late, &in.n_late, info);
	if (r == 0)
		r = last_year(f, before);
	struct form_count *counts = r == 0 ? arena_zalloc(f->arena, SCHEME_GRADES_MAX, sizeof(*counts)) : NULL;
	if (r < 0 || !counts)
		return r < 0 ? r : err_nomem(info);
	for (int g = 0; g < list.n_grades; g++) {
		counts[g] = (struct form_count){list.grades[g], arena_printf(f->arena, "grade%d", g),
						arena_printf(f->arena, "before%d", g), 0, before[g]};
		for (int i = 0; i < list.n; i++)
			counts[g].now += list.orgs[i].grade == g;
		in.graded += counts[g].now;
	}
	in.orgs = list.n;
	in.n_counts = list.n_grades;
	in.counts = counts;
	in.late = late;
	if ((r = ends_of(f, &list, (int)in.graded, &in.first, &in.last)) < 0 ||
	    (r = decide(f, &list, (int)in.graded, &in.decide)) < 0)
		return r;
	f16_make(doc, &in);
	return 0;
}

int fill_f17(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct f17 in = {.head = f->head, .campaign = f->call.campaign.title};
	struct form_late *late = NULL;
	int r = fill_late(f, &late, &in.n_late, info);
	in.late = late;
	if (r == 0)
		f17_make(doc, &in);
	return r;
}
