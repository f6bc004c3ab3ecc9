/* SPDX-License-Identifier: Apache-2.0 */
#include "app/selfs.h"

#include "app/scores_in.h"
#include "base/buf.h"
#include "store/id.h"

const char *self_state_label(enum self_state state)
{
	static const char *const labels[SELF_STATE_COUNT] = {
		[SELF_DRAFT] = "填写中", [SELF_HANDED_IN] = "已上报，待包村干部确认",
		[SELF_CONFIRMED] = "已完成", [SELF_RETURNED] = "已退回"};
	return labels[state];
}

struct self_job {
	struct score_desk desk;
	struct score_at at;
	int64_t org;
	struct self_report report;
	struct score_put *puts;
	int n;
	const struct self_draft *draft;
	const char *missing, *reason;
	bool confirm, changing;
	struct self_view view;
	struct self_list list;
};

static int enter(struct db_tx *tx, struct self_job *job, struct err_info *info)
{
	int r = score_desk_open(tx, &job->desk, info);
	if (r < 0)
		return r;
	if (job->desk.call.org.category < 0 && job->changing)
		return err_set(info, ERR_STATE, "“%s”不参加评定，不用自评", job->desk.call.org.name);
	return store_self_get(tx, job->at.campaign, job->org, job->desk.arena, &job->report);
}

static struct self_job job_of(struct app *app, const struct caller *caller, int64_t campaign,
			      int64_t org, struct arena *arena)
{
	return (struct self_job){
		.desk = {.app = app, .caller = caller, .arena = arena},
		.at = {SCORE_SELF, campaign, org, "", 0}, .org = org};
}

/* ---- reading ---- */

/* Those that the caller may see (his own always), or with `hidden` false all. */
static int count_files(struct db_tx *tx, struct self_job *job, bool hidden, struct attachment **ret_files,
		       int *ret_n, int *ret_valid)
{
	struct attachment *files;
	int n = 0, r = store_attachment_list(tx, job->org, ATTACHED_SELF, job->at.campaign, job->desk.arena,
					     &files, &n);
	*ret_n = *ret_valid = 0;
	for (int i = 0; r == 0 && i < n; i++) {
		if (hidden && files[i].account != job->desk.caller->account)
			continue;
		files[(*ret_n)++] = files[i];
		*ret_valid += !files[i].withdrawn_ms;
	}
	*ret_files = files;
	return r;
}

static bool is_open(enum self_state state)
{
	return state == SELF_DRAFT || state == SELF_RETURNED;
}

/* The table of gates, with how far this self-evaluation is. */
static int may(const struct self_job *job, enum gate_action action, struct err_info *info)
{
	struct gate_facts facts = campaign_facts(&job->desk.call);
	facts.handed_in = !is_open(job->report.state);
	facts.confirmed = job->report.state == SELF_CONFIRMED;
	return gate_check(action, &facts, info);
}

static void hide(struct self_report *report)
{
	report->report = "";
	report->grade = -1;
	report->sealed = false;
}

static int view_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct self_job *job = arg;
	struct self_view *v = &job->view;
	struct err_info why = {0};
	int valid, r = enter(tx, job, info);

	if (r < 0)
		return r;
	v->report = job->report;
	v->as_township = !sight_own(&job->desk.call.access, job->desk.call.path);
	v->why_not = NULL;
	if (job->desk.call.org.category < 0) {
		v->why_not = "这个组织不参加评定，不用自评";
		return 0;
	}
	bool seen;
	if ((r = sight_self_get(tx, &job->desk.sight, &job->desk.call.org, &seen)) < 0 ||
	    (r = count_files(tx, job, !seen, &v->files, &v->n_files, &valid)) < 0)
		return r;
	if ((v->hidden = !seen && v->report.saved_ms))
		hide(&v->report);
	bool writer = app_may(tx, &job->desk.call.access, ACTION_SELF_WRITE, job->org, NULL, &why) == 0;
	bool cadre = app_may(tx, &job->desk.call.access, ACTION_SELF_CONFIRM, job->org, NULL, &why) == 0;
	bool township = app_may(tx, &job->desk.call.access, ACTION_SCORE_WRITE, job->org, NULL, &why) == 0;
	v->may_confirm = cadre && may(job, GATE_SELF_CONFIRM, &why) == 0;
	v->may_return = (cadre || township) && may(job, GATE_SELF_RETURN, &why) == 0;
	v->may_write = may(job, GATE_SELF, &why) == 0;
	/* That it is handed in is said by its state. */
	if (!v->may_write && !v->may_return)
		v->why_not = arena_strdup(job->desk.arena, why.text);
	v->may_write &= writer;
	if (v->hidden && !cadre && !township)
		v->report.reason = "";
	return 0;
}

int selfs_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	      struct arena *arena, struct self_view *ret_view, struct err_info *info)
{
	struct self_job job = job_of(app, caller, campaign, org, arena);
	const struct score_query query = {.at = job.at, .category = -1, .page = 1};
	job.desk.at = &job.at;
	int r = db_read(app->db, view_fn, &job, info);
	if (r == 0)
		r = scores_grid(app, caller, &query, arena, &job.view.grid, info);
	if (r == 0)
		*ret_view = job.view;
	return r;
}

/* ---- what is missing ---- */

static void lack(struct buf *out, const char *what)
{
	buf_addf(out, "%s%s", out->len ? "；" : "", what);
}

static int find_missing(struct db_tx *tx, struct self_job *job)
{
	const struct scheme *scheme = job->desk.call.scheme;
	AUTO(buf) struct buf out = {0};
	struct sheet_rules rules;
	struct score_sheet sheet;
	struct attachment *files;
	int n, valid, r = count_files(tx, job, false, &files, &n, &valid);

	if (r == 0 && job->desk.source >= 0) {
		struct score_key key = score_desk_key(&job->desk, job->org);
		r = store_score_get(tx, &key, job->desk.arena, &sheet);
		if (r < 0)
			return r;
		score_desk_rules(&job->desk, &job->desk.call.org, &rules);
		struct sheet_total total = sheet_total(&rules, sheet.cells, sheet.n);
		if (total.missing)
			buf_addf(&out, "还有 %d 项没有打分", total.missing);
		if (total.mixed >= 0)
			lack(&out, "有一项总分和分项都填了，只能填一种");
	}
	for (int i = 0; i < job->n; i++)
		if (job->puts[i].wrong) {
			lack(&out, "有一格得分不对");
			break;
		}
	if (scheme->self.report && !*job->report.report)
		lack(&out, "没有写自评报告");
	if (scheme->self.propose && job->report.grade < 0)
		lack(&out, "没有提出等次建议");
	if (scheme->self.seal && !job->report.sealed)
		lack(&out, "没有注明已加盖公章");
	if (job->report.by_township && !valid)
		lack(&out, "代录要附上盖章的原件");
	job->missing = out.len ? arena_strdup(job->desk.arena, buf_str(&out)) : NULL;
	return r < 0 || (out.len && !job->missing) ? (r < 0 ? r : db_doom_nomem(tx)) : 0;
}

/* ---- saving and handing in ---- */

/* Is a branch's own draft, which the caller may not read, entered for it now? */
static bool takes_over(const struct self_job *job)
{
	return job->report.saved_ms && !job->report.by_township &&
	       !sight_own(&job->desk.call.access, job->desk.call.path);
}

static bool is_put(const struct self_job *job, int leaf)
{
	for (int i = 0; i < job->n; i++)
		if (job->puts[i].leaf == leaf)
			return true;
	return false;
}

static int save_cells(struct db_tx *tx, struct self_job *job)
{
	struct score_desk *desk = &job->desk;
	struct score_edit *edits = arena_zalloc(desk->arena, (size_t)job->n + SCORE_CELLS_MAX + 1, sizeof(*edits));
	struct sheet_rules rules;
	struct score_sheet sheet;
	int n = 0, changed;

	if (!edits)
		return db_doom_nomem(tx);
	if (desk->source < 0)
		return 0;
	score_desk_rules(desk, &desk->call.org, &rules);
	for (int i = 0; i < job->n; i++) {
		struct score_put *put = &job->puts[i];
		char text[SHEET_TEXT_MAX + 1];
		struct err_info why = {0};
		put->wrong = NULL;
		if (sheet_read(&rules, put->leaf, str_from(put->value), text, &why) < 0) {
			put->wrong = arena_strdup(desk->arena, why.text);
			continue;
		}
		edits[n++] = (struct score_edit){.leaf = put->leaf, .seen = takes_over(job) ? NULL : put->seen,
						 .value = arena_strdup(desk->arena, text)};
		if (!edits[n - 1].value)
			return db_doom_nomem(tx);
	}
	for (int leaf = 0; takes_over(job) && leaf < sheet_n_cells(&rules); leaf++)
		if (!is_put(job, leaf))
			edits[n++] = (struct score_edit){.leaf = leaf, .value = ""};
	int r = n ? score_desk_write(tx, desk, &desk->call.org, NULL, edits, n, &sheet, &changed) : 0;
	for (int e = 0; r == 0 && e < n; e++)
		for (int i = 0; edits[e].conflict && i < job->n; i++)
			if (job->puts[i].leaf == edits[e].leaf)
				job->puts[i].wrong = "这一格刚被别人改过，没有覆盖";
	return r;
}

static int set_step(struct db_tx *tx, struct self_job *job, enum step_state state, const char *note)
{
	int step = campaign_step_of(job->desk.call.scheme, STEP_SELF);
	return step < 0 ? 0 : store_org_step_set(tx, job->at.campaign, job->org, step, state,
						 job->desk.caller->account, job->desk.caller->now_ms, note);
}

static int hand_in(struct db_tx *tx, struct self_job *job)
{
	const struct scheme *scheme = job->desk.call.scheme;
	int r = find_missing(tx, job);

	if (r < 0 || job->missing)
		return r;
	job->report.state = scheme->self.confirm ? SELF_HANDED_IN : SELF_CONFIRMED;
	job->report.handed_by = job->desk.caller->account;
	job->report.handed_ms = job->desk.caller->now_ms;
	job->report.decided_by = job->report.decided_ms = 0;
	return set_step(tx, job, scheme->self.confirm ? STEP_BEGUN : STEP_DONE, "");
}

static int check_draft(const struct self_job *job, struct err_info *info)
{
	if (strlen(job->draft->report) > SELF_REPORT_MAX)
		return err_set(info, ERR_INPUT, "自评报告太长，应在 1 万字以内");
	if (job->draft->grade >= job->desk.call.scheme->n_grades)
		return err_set(info, ERR_INPUT, "没有这个等次");
	return 0;
}

static int save_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct self_job *job = arg;
	int r = enter(tx, job, info);

	job->missing = NULL;
	if (r == 0)
		r = may(job, GATE_SELF, info);
	if (r == 0 && job->draft)
		r = check_draft(job, info);
	if (r == 0)
		r = save_cells(tx, job);
	if (r < 0)
		return r;
	enum self_state before = job->report.state;
	if (takes_over(job))
		hide(&job->report);
	if (job->draft) {
		job->report.report = job->draft->report;
		job->report.grade = job->draft->grade;
		job->report.sealed = job->draft->sealed;
	}
	job->report.by_township = !sight_own(&job->desk.call.access, job->desk.call.path);
	job->report.saved_by = job->desk.caller->account;
	job->report.saved_ms = job->desk.caller->now_ms;
	if (job->draft && job->draft->hand_in)
		r = hand_in(tx, job);
	if (r == 0 && is_open(job->report.state) && before == SELF_DRAFT)
		r = set_step(tx, job, STEP_BEGUN, "");
	if (r == 0)
		r = store_self_put(tx, job->at.campaign, &job->report);
	return r < 0 ? r : app_audit(tx, &job->desk.call.access, "self.save", job->org,
				     job->desk.call.org.name, self_state_label(before),
				     self_state_label(job->report.state));
}

int selfs_save(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	       struct score_put *puts, int n, const struct self_draft *draft, struct arena *arena,
	       const char **ret_missing, struct err_info *info)
{
	struct self_job job = job_of(app, caller, campaign, org, arena);
	job.desk.at = &job.at;
	job.desk.write = true;
	job.changing = true;
	job.puts = puts;
	job.n = n;
	job.draft = draft;
	int r = db_write(app->db, id_region(org), save_fn, &job, info);
	if (r == 0)
		*ret_missing = job.missing;
	return r;
}

int selfs_scores_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		    int64_t campaign, int64_t org, struct score_put *puts, int n,
		    struct arena *arena, struct err_info *info)
{
	struct self_job job = job_of(app, caller, campaign, org, arena);
	job.desk.at = &job.at;
	job.desk.write = true;
	job.changing = true;
	job.puts = puts;
	job.n = n;
	int r = save_fn(tx, &job, info);
	for (int i = 0; r == 0 && i < n; i++)
		if (puts[i].wrong)
			r = err_set(info, ERR_INPUT, "%s", puts[i].wrong);
	return r;
}

/* ---- confirming, sending back ---- */

static int may_decide(struct db_tx *tx, struct self_job *job, struct err_info *info)
{
	struct err_info why = {0};
	int r = app_may(tx, &job->desk.call.access, ACTION_SELF_CONFIRM, job->org, NULL, &why);
	if (r == ERR_DENIED && !job->confirm)
		r = app_may(tx, &job->desk.call.access, ACTION_SCORE_WRITE, job->org, NULL, &why);
	return r < 0 ? err_set(info, r, "%s", why.text) : 0;
}

static int decide_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct self_job *job = arg;
	int r = enter(tx, job, info);

	if (r == 0)
		r = may_decide(tx, job, info);
	if (r == 0)
		r = may(job, job->confirm ? GATE_SELF_CONFIRM : GATE_SELF_RETURN, info);
	if (r < 0)
		return r;
	enum self_state before = job->report.state;
	job->report.state = job->confirm ? SELF_CONFIRMED : SELF_RETURNED;
	job->report.decided_by = job->desk.caller->account;
	job->report.decided_ms = job->desk.caller->now_ms;
	job->report.reason = job->confirm ? "" : job->reason;
	if ((r = store_self_put(tx, job->at.campaign, &job->report)) < 0 ||
	    (r = set_step(tx, job, job->confirm ? STEP_DONE : STEP_RETURNED,
			  job->confirm ? "" : job->reason)) < 0)
		return r;
	return app_audit(tx, &job->desk.call.access, job->confirm ? "self.confirm" : "self.return",
			 job->org, job->desk.call.org.name, self_state_label(before),
			 job->confirm ? self_state_label(job->report.state) : job->reason);
}

int selfs_decide(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 bool confirm, const char *reason, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct self_job job = job_of(app, caller, campaign, org, &arena);
	job.desk.at = &job.at;
	job.confirm = confirm;
	job.changing = true;
	job.reason = reason ? reason : "";
	if (!confirm && (!*job.reason || strlen(job.reason) > SELF_REASON_MAX))
		return err_set(info, ERR_INPUT, "请写明退回的理由，500 字以内");
	return db_write(app->db, id_region(org), decide_fn, &job, info);
}

/* ---- the list ---- */

struct filling {
	struct db_tx *tx;
	struct self_job *job;
	enum hold_state *holds;		/* of each row */
};

static int fill_sum(struct filling *f, struct self_row *row, const struct score_sheet *sheet)
{
	struct score_desk *desk = &f->job->desk;
	struct score_row totals = {0};
	struct sheet_rules rules;
	score_desk_rules(desk, &row->org, &rules);
	int r = score_desk_total(f->tx, desk, &rules, sheet, &totals);
	row->sum = totals.sum;
	row->missing = totals.missing;
	return r;
}

static int take_sheet(void *arg, const struct score_sheet *sheet)
{
	struct filling *f = arg;
	int at = sheet->source == f->job->desk.source && !sheet->rater ? listed_find(&f->job->list.listed, sheet->org) : -1;
	return at < 0 || f->job->list.rows[at].hidden ? 0 : fill_sum(f, &f->job->list.rows[at], sheet);
}

/* By then their reports are there. */
static int hide_below(struct filling *f, const char *path)
{
	struct self_job *job = f->job;
	struct hold *holds;
	int n, r = store_hold_list(f->tx, job->at.campaign, path, job->desk.arena, &holds, &n);

	for (int i = 0; r == 0 && i < n; i++) {
		int at = listed_find(&f->job->list.listed, holds[i].org);
		if (at >= 0)
			f->holds[at] = holds[i].state;
	}
	for (int i = 0; r == 0 && i < job->list.listed.n; i++) {
		struct self_row *row = &job->list.rows[i];
		bool seen;
		if (strncmp(row->org.path, path, strlen(path)) != 0)
			continue;
		r = sight_self(f->tx, &job->desk.sight, &row->org, f->holds[i], &row->report, &seen);
		if (r == 0 && (row->hidden = !seen))
			hide(&row->report);
	}
	return r;
}

static int fill_below(struct filling *f, const char *path)
{
	struct self_job *job = f->job;
	struct self_report *reports;
	int n, r = store_self_list(f->tx, job->at.campaign, path, job->desk.arena, &reports, &n);

	for (int i = 0; r == 0 && i < n; i++) {
		int at = listed_find(&job->list.listed, reports[i].org);
		if (at >= 0)
			job->list.rows[at].report = reports[i];
	}
	if (r == 0)
		r = hide_below(f, path);
	return r < 0 || job->desk.source < 0 ? r
		: store_score_each(f->tx, job->at.campaign, path, take_sheet, f);
}

static int list_rows(struct db_tx *tx, struct self_job *job)
{
	struct filling f = {.tx = tx, .job = job};
	struct self_list *l = &job->list;
	const struct score_sheet none = {0};
	int r = listed_load(tx, job->at.campaign, job->org, job->desk.call.path, l->scheme->n_steps,
			    job->desk.arena, &l->listed);

	if (r < 0)
		return r;
	int n = l->listed.n;
	l->rows = arena_zalloc(job->desk.arena, (size_t)n + 1, sizeof(*l->rows));
	f.holds = arena_zalloc(job->desk.arena, (size_t)n + 1, sizeof(*f.holds));
	if (!l->rows || !f.holds)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		l->rows[i] = (struct self_row){.org = l->listed.orgs[i],
					       .report = store_self_none(l->listed.orgs[i].id)};
	if (n)
		r = fill_below(&f, job->desk.call.path);
	for (int i = 0; r == 0 && i < n; i++)
		if (l->rows[i].sum)
			;
		else if (job->desk.source < 0 || l->rows[i].hidden)
			l->rows[i].sum = "";
		else
			r = fill_sum(&f, &l->rows[i], &none);
	return r;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct self_job *job = arg;
	struct self_list *l = &job->list;
	int r = score_desk_open(tx, &job->desk, info);

	if (r < 0)
		return r;
	*l = (struct self_list){.campaign = job->desk.call.campaign, .scheme = job->desk.call.scheme,
				.node = job->desk.call.org};
	return list_rows(tx, job);
}

int selfs_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       struct arena *arena, struct self_list *ret_list,
	       struct err_info *info)
{
	struct self_job job = job_of(app, caller, campaign, node, arena);
	job.desk.at = &job.at;
	int r = db_read(app->db, list_fn, &job, info);
	if (r == 0)
		*ret_list = job.list;
	return r;
}
