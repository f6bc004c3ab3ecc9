/* SPDX-License-Identifier: Apache-2.0 */
/* Letters about graded organisations: the notice (F10), explanations and the
 * summary (F11). */
#include <stdio.h>

#include "app/forms_fill.h"
#include "store/meeting.h"
#include "store/publicity.h"

static int last_meeting(struct form_fill *f, const char **ret_text)
{
	struct meeting *meetings;
	int n, r = store_meeting_list(f->tx, f->ask->campaign, f->ask->node, f->arena, &meetings, &n);
	*ret_text = NULL;
	for (int i = 0; r == 0 && i < n; i++)
		if (meetings[i].kind == MEETING_GRADING) {
			const char *day = fill_day(f, meetings[i].day);
			const char *what = f->call.scheme->meetings.grading;
			*ret_text = arena_printf(f->arena, "%s%s", day ? day : "", *what ? what : "党委会议");
			break;
		}
	return r;
}

int fill_f10(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	struct publicity *notices = NULL;
	int n = 0, r;
	f->in_public = true;
	r = fill_graded(f, &list, info);
	struct f10 in = {.head = f->head, .scheme = list.scheme, .list = &list, .show_stars = true};
	if (r == 0)
		r = last_meeting(f, &in.meeting);
	if (r == 0)
		r = store_publicity_list(f->tx, f->ask->campaign, f->ask->node, f->arena, &notices, &n);
	if (r < 0)
		return r;
	in.scheme = list.scheme;
	for (int i = 0; i < n; i++) {
		const struct publicity *p = &notices[i];
		if (*p->withdrawn)
			continue;
		in.from = fill_day(f, p->from_day);
		in.to = fill_day(f, p->to_day);
		in.place = fill_some(p->office);
		in.phone = fill_some(p->phone);
		in.show_stars = p->show & SHOW_STARS;
		in.show_score = p->show & SHOW_SCORE;
		in.show_rank = p->show & SHOW_RANK;
		break;
	}
	f10_make(doc, &in);
	return 0;
}

static int steps_done(struct form_fill *f, struct f11_step **ret_steps)
{
	const struct scheme *scheme = f->call.scheme;
	struct step_count *counts;
	struct campaign_step *days;
	int n_days, r = store_step_counts(f->tx, f->ask->campaign, f->ask->node, scheme->n_steps,
					  f->arena, &counts);
	if (r == 0)
		r = store_campaign_steps(f->tx, f->ask->campaign, f->arena, &days, &n_days);
	struct f11_step *steps = arena_zalloc(f->arena, (size_t)scheme->n_steps + 1, sizeof(*steps));
	if (r < 0 || !steps)
		return r < 0 ? r : ERR_NOMEM;
	for (int i = 0; i < scheme->n_steps; i++) {
		steps[i].label = scheme->steps[i].label;
		for (int s = 0; s < STEP_STATE_COUNT; s++)
			steps[i].all += counts[i].n[s];
		steps[i].done = counts[i].n[STEP_DONE] + counts[i].n[STEP_WAIVED];
		for (int d = 0; d < n_days; d++)
			if (days[d].step == i && days[d].from_day && days[d].to_day)
				steps[i].days = arena_printf(f->arena, "%s至%s", fill_day(f, days[d].from_day),
							     fill_day(f, days[d].to_day));
	}
	*ret_steps = steps;
	return 0;
}

/* The organisations behind a step's figures. */
static int find_step(struct form_fill *f, int step)
{
	char figure[24];
	int r;
	snprintf(figure, sizeof(figure), "step%d-all", step);
	r = fill_found_step(f, figure, f->path, step, ~0u);
	snprintf(figure, sizeof(figure), "step%d-done", step);
	return r < 0 ? r : fill_found_step(f, figure, f->path, step, 1u << STEP_DONE | 1u << STEP_WAIVED);
}

int fill_f11(struct form_fill *f, struct doc *doc, struct err_info *info)
{
	struct graded_list list;
	struct f11_step *steps = NULL;
	f->with_words = true;
	int r = fill_graded(f, &list, info);
	if (r == 0 && list.n_grades < 1)
		return err_set(info, ERR_STATE, "这项年度工作不定等次，没有情况说明");
	if (r == 0 && !f->head.blank)
		r = steps_done(f, &steps);
	for (int i = 0; r == 0 && steps && i < f->call.scheme->n_steps; i++)
		r = find_step(f, i);
	if (r < 0)
		return r;
	f11_make(doc, &(struct f11){&list, 0, list.n_grades - 1,
				    steps ? f->call.scheme->n_steps : 0, steps});
	return 0;
}
