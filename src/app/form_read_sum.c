/* SPDX-License-Identifier: Apache-2.0 */
/* Totals of a returned form that are not what its rows add up to: the reading is refused,
 * and they are kept as findings (integrity.md, "sums"). */
#include "app/forms.h"
#include "app/template_read_in.h"
#include "store/id.h"

static bool is_summed(const struct reading *rd, int64_t node)
{
	for (int i = 0; i < rd->n_summed; i++)
		if (rd->summed[i] == node)
			return true;
	return false;
}

void read_total(struct reading *rd, int64_t node, const struct grid_sheet *sheet, uint32_t row, uint32_t column,
		const char *what, int64_t reported_e4, int64_t rows_e4)
{
	char cell[GRID_REF_LEN];
	if (!is_summed(rd, node)) {
		int64_t *nodes = read_grow(rd, rd->summed, rd->n_summed, &rd->cap_summed, sizeof(*nodes));
		if (!nodes)
			return;
		rd->summed = nodes;
		nodes[rd->n_summed++] = node;
	}
	if (reported_e4 == rows_e4 || rd->n_sums == READ_ITEMS_MAX)
		return;
	struct reported_sum *sums = read_grow(rd, rd->sums, rd->n_sums, &rd->cap_sums, sizeof(*sums));
	if (!sums)
		return;
	grid_ref(row, column, cell);
	const char *words = what ? arena_printf(rd->arena, "“%s”%s %s", sheet->name, cell, what) : NULL;
	rd->nomem |= !words;
	rd->sums = sums;
	sums[rd->n_sums++] = (struct reported_sum){.node = node, .what = words ? words : "",
						   .reported_e4 = reported_e4, .rows_e4 = rows_e4};
}

struct keeping {
	struct reading *rd;
	int64_t campaign;
	int kept;
};

/* Who reports figures there: the unit itself, or whoever hands in or checks. */
static bool reports(const struct campaign_call *call)
{
	static const enum action any[] = {ACTION_SELF_WRITE, ACTION_SUBMIT, ACTION_CHECK_WRITE};
	for (size_t i = 0; i < ARRAY_LEN(any); i++)
		if (right_check(&call->access.holder, any[i], call->path))
			return true;
	return false;
}

static int keep_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct keeping *k = arg;
	struct reading *rd = k->rd;
	struct campaign_call call;
	k->kept = 0;
	int cleared = 0;
	int r = campaign_enter(tx, rd->app, rd->caller, ACTION_REPORT_READ, k->campaign, rd->ask->node, rd->arena,
			       &call, info);
	if (r < 0 || !reports(&call))
		return r;
	for (int i = 0; r >= 0 && i < rd->n_summed; i++) {
		r = store_reported_clear(tx, k->campaign, rd->summed[i], rd->title);
		cleared += r > 0;
	}
	for (int i = 0; r >= 0 && i < rd->n_sums; i++) {
		rd->sums[i].file = rd->title;
		r = store_reported_put(tx, k->campaign, &rd->sums[i], rd->caller->now_ms, call.access.label);
		k->kept++;
	}
	if (r < 0 || (!cleared && !k->kept))
		return r < 0 ? r : 0;
	return app_audit(tx, &call.access, "check.sheet", rd->ask->node, rd->title, "",
			 arena_printf(rd->arena, "交回的表，合计对不上 %d 处", k->kept));
}

/* The campaign that was asked for, else the one under way. */
static int find_campaign(struct reading *rd, int64_t *ret_campaign, struct err_info *info)
{
	struct campaign *list;
	int n, r;
	*ret_campaign = rd->ask->campaign;
	if (*ret_campaign)
		return 0;
	r = campaigns_of(rd->app, rd->caller, rd->ask->node, rd->arena, &list, &n, info);
	for (int i = 0; r == 0 && i < n && !*ret_campaign; i++)
		if (list[i].kind != CAMPAIGN_APPRAISAL)
			*ret_campaign = list[i].id;
	return r;
}

int read_keep_sums(struct reading *rd, struct err_info *info)
{
	const struct form_kind *form = form_find(rd->ask->form);
	struct keeping k = {.rd = rd};
	struct err_info why;
	if (!rd->n_summed)
		return 0;
	if (!rd->title)
		rd->title = form ? arena_printf(rd->arena, "%s %s", form->name, form->label) : "";
	if (!rd->title)
		return err_nomem(info);
	int r = find_campaign(rd, &k.campaign, info);
	/* One that does not cover this node has no findings of it. */
	if (r < 0 || !k.campaign ||
	    campaigns_may(rd->app, rd->caller, ACTION_REPORT_READ, k.campaign, rd->ask->node, &why) < 0)
		return r;
	r = db_write(rd->app->db, id_region(k.campaign), keep_fn, &k, info);
	if (r == 0)
		rd->result.sums = k.kept;
	return r;
}
