/* SPDX-License-Identifier: Apache-2.0 */
/* What a returned workbook changes, written in one transaction: all of it or
 * nothing. */
#include "app/improving.h"
#include "app/ledger.h"
#include "app/roster.h"
#include "app/scores.h"
#include "app/selfs.h"
#include "app/template_read_in.h"
#include "store/id.h"

/* The transaction, run anew when others were faster. */
struct writing {
	struct reading *rd;
	const char *reason;
	int written;
};

static int failed(const struct writing *w, struct err_info *info, const char *what)
{
	const char *why = arena_strdup(w->rd->arena, info->text);
	return err_set(info, info->code, "“%s”写不进去：%s。整个文件都没有写入，改好后再读一次", what, why ? why : "");
}

static int write_orgs(struct db_tx *tx, struct writing *w, struct err_info *info)
{
	struct reading *rd = w->rd;
	const struct org_when when = {0, w->reason};
	for (int i = 0; i < rd->n_orgs; i++) {
		const struct org_edit *edit = &rd->orgs[i];
		if (!edit->changed)
			continue;
		if (roster_change_in(tx, rd->app, rd->caller, &edit->now, &when, info) < 0)
			return failed(w, info, edit->old.name);
		for (int f = 0; f < org_n_fields; f++)
			w->written += !org_field_equal(&org_fields[f], &edit->old, &edit->now);
	}
	return 0;
}

static int write_ledger(struct db_tx *tx, struct writing *w, struct err_info *info)
{
	struct reading *rd = w->rd;
	for (int i = 0; i < rd->n_cases; i++) {
		if (!rd->cases[i].changed)
			continue;
		if (ledger_set_election_in(tx, rd->app, rd->caller, &rd->cases[i].now, info) < 0)
			return failed(w, info, rd->cases[i].now.org_name);
		w->written++;
	}
	for (int i = 0; i < rd->n_problems; i++) {
		if (!rd->problems[i].changed)
			continue;
		if (ledger_put_problem_in(tx, rd->app, rd->caller, &rd->problems[i].now, info) < 0)
			return failed(w, info, rd->problems[i].old.title);
		w->written++;
	}
	return 0;
}

static int write_plans(struct db_tx *tx, struct writing *w, struct err_info *info)
{
	struct reading *rd = w->rd;
	for (int i = 0; i < rd->n_plans; i++) {
		if (!rd->plans[i].changed)
			continue;
		if (improvement_put_in(tx, rd->app, rd->caller, rd->ask->campaign, &rd->plans[i].now, info) < 0)
			return failed(w, info, rd->plans[i].name);
		w->written++;
	}
	return 0;
}

/* The cells from `from` on that belong to one organisation and one side of the sheet. */
static int write_sheet(struct db_tx *tx, struct writing *w, int from, int n, struct err_info *info)
{
	struct reading *rd = w->rd;
	const struct score_edit_cell *cells = rd->scores + from;
	struct score_put *puts = arena_zalloc(rd->arena, (size_t)n, sizeof(*puts));
	struct score_saved saved;
	if (!puts)
		return err_nomem(info);
	for (int i = 0; i < n; i++)
		puts[i] = (struct score_put){.org = cells[i].org, .leaf = cells[i].leaf, .value = cells[i].value,
					     .seen = cells[i].seen};
	const struct score_at at = {.door = SCORE_COMMITTEE, .campaign = rd->ask->campaign, .node = cells->org,
				    .source = ""};
	int r = cells->self ? selfs_scores_in(tx, rd->app, rd->caller, rd->ask->campaign, cells->org, puts, n,
					      rd->arena, info) :
			      scores_save_in(tx, rd->app, rd->caller, &at, puts, n, rd->arena, &saved, info);
	for (int i = 0; r == 0 && i < n; i++)
		if (puts[i].wrong)
			r = err_set(info, ERR_INPUT, "%s", puts[i].wrong);
	if (r < 0)
		return failed(w, info, cells->name);
	w->written += n;
	return 0;
}

static int write_scores(struct db_tx *tx, struct writing *w, struct err_info *info)
{
	const struct score_edit_cell *cells = w->rd->scores;
	int r = 0, n;
	for (int i = 0; i < w->rd->n_scores && r == 0; i += n) {
		for (n = 1; i + n < w->rd->n_scores; n++)
			if (cells[i + n].org != cells[i].org || cells[i + n].self != cells[i].self)
				break;
		r = write_sheet(tx, w, i, n, info);
	}
	return r;
}

static int write_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct writing *w = arg;
	struct reading *rd = w->rd;
	struct access access;
	w->written = 0;
	int r = app_enter(tx, rd->caller, ACTION_REPORT_READ, rd->ask->node, rd->arena, &access, NULL, info);
	if (r == 0)
		r = write_orgs(tx, w, info);
	if (r == 0)
		r = write_ledger(tx, w, info);
	if (r == 0)
		r = write_plans(tx, w, info);
	if (r == 0)
		r = write_scores(tx, w, info);
	if (r < 0 || !w->written)
		return r;
	return app_audit(tx, &access, "template.read", rd->ask->node, rd->ask->template ? "自定模板" : rd->ask->form,
			 "", arena_printf(rd->arena, "读回 %d 行，写入 %d 项", rd->result.rows, w->written));
}

int read_write(struct reading *rd, const char *name, struct err_info *info)
{
	struct writing w = {rd, arena_printf(rd->arena, "读回表格“%s”", name), 0};
	if (!w.reason)
		return err_nomem(info);
	int r = db_write(rd->app->db, id_region(rd->ask->node), write_fn, &w, info);
	if (r == 0)
		rd->result.written = w.written;
	return r;
}
