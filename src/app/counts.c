/* SPDX-License-Identifier: Apache-2.0 */
#include "app/counts.h"

#include <assert.h>
#include <stdlib.h>

#include "app/campaign_tree.h"
#include "app/deciding.h"
#include "base/buf.h"
#include "base/diag.h"
#include "import/grade_sheet.h"
#include "store/ballot.h"
#include "store/id.h"

struct count_job {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;
	int64_t campaign, org;
	struct campaign_call call;
	struct count_view view;
	const struct count_heads *heads;
	const int64_t *counts;
	int n, slot;
	const char *counters, *reason;
	bool agree, dry_run;
	struct count_list list;
	struct campaign_tree tree;
	const struct book *book;
	const char *file;
	struct diag *errors;
	struct count_import import;
};

int count_cell(const struct count_view *view, int voters, int question, int option)
{
	int options = view->scheme->n_options + 1, before = 0;
	for (int v = 0; v < voters; v++)
		before += view->voters >> v & 1;
	return (before * view->n_questions + question) * options + option;
}

int count_n_cells(const struct count_view *view)
{
	return count_cell(view, VOTERS_COUNT, 0, 0);
}

/* ---- what there is ---- */

static uint32_t voters_of(const struct scheme *scheme)
{
	uint32_t voters = 0;
	for (int i = 0; i < scheme->n_sources; i++)
		voters |= scheme->sources[i].voters;
	for (int i = 0; i < scheme->n_turnout; i++)
		voters |= scheme->turnout[i].voters;
	return voters;
}

static void work_turnout(struct count_view *v)
{
	int64_t eligible[VOTERS_COUNT], cast[VOTERS_COUNT] = {0};
	const int64_t all[VOTERS_COUNT] = {v->org.members, v->org.residents};

	for (int i = 0; i < VOTERS_COUNT; i++)
		eligible[i] = v->org.present[i] >= 0 ? v->org.present[i] : all[i];
	for (int t = 0; t < v->n_tallies; t++)
		for (int o = 0; v->tallies[t].question == 0 && o <= v->tallies[t].n_options; o++)
			cast[v->tallies[t].voters] += v->tallies[t].counts[o];
	v->met = v->n_tallies > 0;
	v->n_rules = v->scheme->n_turnout;
	for (int i = 0; i < v->n_rules; i++) {
		v->turnout[i] = turnout_of(&v->scheme->turnout[i], eligible, cast);
		v->met &= v->turnout[i].met;
	}
}

static int load_view(struct db_tx *tx, struct count_job *job)
{
	struct count_view *v = &job->view;
	const struct scheme *scheme = job->call.scheme;
	int step = campaign_step_of(scheme, STEP_BALLOT), r = 0;
	struct org_step *steps = NULL;

	*v = (struct count_view){.campaign = job->call.campaign, .scheme = scheme, .org = job->call.org,
				 .voters = voters_of(scheme),
				 .n_questions = scheme->n_questions ? scheme->n_questions : 1,
				 .waived_why = ""};
	for (int s = 0; r == 0 && s < COUNT_SLOTS; s++)
		r = store_count_get(tx, job->campaign, v->org.id, s, job->arena, &v->entry[s]);
	if (r == 0)
		r = store_tally_list(tx, job->campaign, v->org.id, NULL, job->arena, &v->tallies,
				     &v->n_tallies);
	if (r == 0)
		r = store_issued_get(tx, job->campaign, v->org.id, v->issued);
	if (r == 0)
		r = store_org_steps(tx, job->campaign, v->org.id, scheme->n_steps, job->arena, &steps);
	if (r == 0)
		r = store_boxes_waiting(tx, job->campaign, v->org.id, VOTERS_COUNT, &v->n_waiting);
	if (r < 0)
		return r;
	assert(step < 0 || steps);
	for (int i = 0; v->entry[0].n && v->entry[1].n && i < count_n_cells(v); i++)
		v->n_wrong += v->entry[0].counts[i] != v->entry[1].counts[i];
	struct floor_case few = {.class_alone = floor_class_alone(scheme)};
	decide_ballots(v->tallies, v->n_tallies, &few);
	v->floor = floor_of(&few);
	v->box = v->n_tallies && v->tallies[0].origin == TALLY_BOX;
	v->waived = step >= 0 && steps[step].state == STEP_WAIVED;
	if (v->waived)
		v->waived_why = steps[step].note;
	work_turnout(v);
	return 0;
}

/* The organisation of the view, which may be another than that of the call. */
static int may_count(struct db_tx *tx, struct count_job *job, enum gate_action doing,
		     struct err_info *info)
{
	struct campaign_call at = job->call;
	struct hold hold;
	if (!job->view.voters)
		return err_set(info, ERR_STATE, "这个方案没有测评票");
	int r = store_hold_get(tx, job->campaign, job->org, job->arena, &hold);
	if (r < 0)
		return r;
	at.hold = hold.state;
	struct gate_facts facts = campaign_facts(&at);
	facts.boxed = job->view.box;
	return gate_check(doing, &facts, info);
}

/* To look. */
static int enter(struct db_tx *tx, struct count_job *job, struct err_info *info)
{
	int r = campaign_enter(tx, job->app, job->caller, ACTION_BALLOT_WRITE, job->campaign, job->org,
			       job->arena, &job->call, info);
	if (r == 0)
		r = load_view(tx, job);
	return r;
}

/* To change something: GATE_BALLOT to key figures, GATE_BOX for what concerns the
 * people, whoever counts. */
static int enter_to(struct db_tx *tx, struct count_job *job, enum gate_action doing,
		    struct err_info *info)
{
	int r = enter(tx, job, info);
	return r < 0 ? r : may_count(tx, job, doing, info);
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct count_job *job = arg;
	struct err_info why = {0}, ignored = {0};
	int r = enter(tx, job, info);

	if (r < 0)
		return r;
	int people = may_count(tx, job, GATE_BOX, &ignored);
	r = may_count(tx, job, GATE_BALLOT, &why);
	if (r < 0 && r != ERR_STATE)
		return r;
	job->view.may_write = r == 0;
	job->view.may_count_people = people == 0;
	job->view.why_not = r < 0 ? arena_strdup(job->arena, why.text) : NULL;
	return 0;
}

int counts_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
	       struct arena *arena, struct count_view *ret_view, struct err_info *info)
{
	struct count_job job = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
				.org = org};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_view = job.view;
	return r;
}

/* ---- writing ---- */

/* Where the step stands now: counted and turnout met, or begun. A waiver stays. */
static int set_step(struct db_tx *tx, struct count_job *job)
{
	int step = campaign_step_of(job->call.scheme, STEP_BALLOT);
	if (step < 0 || job->view.waived)
		return 0;
	bool done = job->view.met && !job->view.n_waiting;
	return store_org_step_set(tx, job->campaign, job->org, step, done ? STEP_DONE : STEP_BEGUN,
				  job->caller->account, job->caller->now_ms, "");
}

int counts_settle(struct db_tx *tx, struct app *app, const struct caller *caller, int64_t campaign,
		  int64_t org, const int64_t heads[VOTERS_COUNT], struct arena *arena,
		  struct err_info *info)
{
	struct count_job job = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
				.org = org};
	int r = enter(tx, &job, info);

	for (int i = 0; r == 0 && i < VOTERS_COUNT; i++) {
		if (heads[i] < 0 || job.view.org.present[i] >= 0)
			continue;
		r = store_campaign_org_set_present(tx, campaign, org, (enum voters)i, heads[i]);
		job.view.org.present[i] = heads[i];
	}
	if (r < 0)
		return r;
	work_turnout(&job.view);
	return set_step(tx, &job);
}

static const char *number_or_none(struct arena *arena, int64_t number)
{
	return number < 0 ? "未填" : arena_printf(arena, "%lld", (long long)number);
}

/* "党员 20，发 18 张；…" for the log. */
static const char *heads_text(struct arena *arena, const int64_t *present, const int64_t *issued)
{
	return arena_printf(arena, "党员 %s，发 %s 张；群众 %s，发 %s 张", number_or_none(arena, present[0]),
			    number_or_none(arena, issued[0]), number_or_none(arena, present[1]),
			    number_or_none(arena, issued[1]));
}

/* Paper for more people than there are, or less than came back? */
static int check_issued(const struct count_job *job, struct err_info *info)
{
	const struct count_view *v = &job->view;
	const int64_t all[VOTERS_COUNT] = {v->org.members, v->org.residents};
	for (int i = 0; i < VOTERS_COUNT; i++) {
		int64_t issued = job->heads->issued[i], back = 0;
		int64_t people = job->heads->present[i] >= 0 ? job->heads->present[i] : all[i];
		for (int t = 0; t < v->n_tallies; t++)
			for (int o = 0; v->tallies[t].voters == (enum voters)i && v->tallies[t].question == 0 &&
			     o <= v->tallies[t].n_options; o++)
				back += v->tallies[t].counts[o];
		if (issued >= 0 && people >= 0 && issued > people)
			return err_set(info, ERR_INPUT, "%s发出 %lld 张票，比应到的 %lld 人还多，请核对",
				       voters_label((enum voters)i), (long long)issued, (long long)people);
		if (issued >= 0 && issued < back)
			return err_set(info, ERR_INPUT, "%s发出 %lld 张票，收回了 %lld 张，请核对",
				       voters_label((enum voters)i), (long long)issued, (long long)back);
	}
	return 0;
}

static int present_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct count_job *job = arg;
	struct count_view *v = &job->view;
	int r = enter_to(tx, job, GATE_BOX, info);

	if (r == 0)
		r = check_issued(job, info);
	if (r < 0)
		return r;
	const char *was = heads_text(job->arena, v->org.present, v->issued);
	for (int i = 0; r == 0 && i < VOTERS_COUNT; i++) {
		r = store_campaign_org_set_present(tx, job->campaign, job->org, (enum voters)i,
						   job->heads->present[i]);
		if (r == 0)
			r = store_issued_put(tx, job->campaign, job->org, (enum voters)i, job->heads->issued[i]);
		v->org.present[i] = job->heads->present[i];
		v->issued[i] = job->heads->issued[i];
	}
	work_turnout(v);
	if (r == 0)
		r = set_step(tx, job);
	return r < 0 ? r : app_audit(tx, &job->call.access, "count.present", job->org, job->call.org.name,
				     was, heads_text(job->arena, v->org.present, v->issued));
}

int counts_present(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		   const struct count_heads *heads, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct count_job job = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
				.org = org, .heads = heads};
	return db_write(app->db, id_region(org), present_fn, &job, info);
}

/* Ballots of a class for a question, spoiled ones included. */
static int64_t cast_of(const struct count_view *v, const int64_t *counts, int voters, int question)
{
	int64_t sum = 0;
	for (int o = 0; o <= v->scheme->n_options; o++)
		sum += counts[count_cell(v, voters, question, o)];
	return sum;
}

static int check_counts(const struct count_job *job, struct err_info *info)
{
	const struct count_view *v = &job->view;
	const int64_t all[VOTERS_COUNT] = {v->org.members, v->org.residents};

	if (job->n != count_n_cells(v))
		return err_set(info, ERR_INPUT, "票数没有填全");
	for (int i = 0; i < job->n; i++)
		if (job->counts[i] < 0 || job->counts[i] > COUNTS_FIGURE_MAX)
			return err_set(info, ERR_INPUT, "票数应为 0 到 %d 的整数", COUNTS_FIGURE_MAX);
	for (int voters = 0; voters < VOTERS_COUNT; voters++) {
		if (!(v->voters >> voters & 1))
			continue;
		int64_t cast = cast_of(v, job->counts, voters, 0);
		int64_t eligible = v->org.present[voters] >= 0 ? v->org.present[voters] : all[voters];
		if (eligible >= 0 && cast > eligible)
			return err_set(info, ERR_INPUT, "%s收回 %lld 张票，比应到的 %lld 人还多，请核对",
				       voters_label((enum voters)voters), (long long)cast,
				       (long long)eligible);
		if (v->issued[voters] >= 0 && cast > v->issued[voters])
			return err_set(info, ERR_INPUT, "%s收回 %lld 张票，比发出的 %lld 张还多，请核对",
				       voters_label((enum voters)voters), (long long)cast,
				       (long long)v->issued[voters]);
		for (int q = 1; q < v->n_questions; q++)
			if (cast_of(v, job->counts, voters, q) != cast)
				return err_set(info, ERR_INPUT, "%s各题的票数应当一样多（含废票），请核对",
					       voters_label((enum voters)voters));
	}
	return 0;
}

static int put_tallies(struct db_tx *tx, struct count_job *job)
{
	const struct count_view *v = &job->view;
	const char *counters = arena_printf(job->arena, "%s、%s", v->entry[0].counters,
					    v->entry[1].counters);
	if (!counters)
		return db_doom_nomem(tx);
	for (int voters = 0; voters < VOTERS_COUNT; voters++)
		for (int q = 0; v->voters >> voters & 1 && q < v->n_questions; q++) {
			struct tally tally = {.org = job->org, .voters = (enum voters)voters, .question = q,
					      .n_options = v->scheme->n_options, .origin = TALLY_COUNTED,
					      .counters = counters, .account = job->caller->account,
					      .at_ms = job->caller->now_ms};
			for (int o = 0; o <= v->scheme->n_options; o++)
				tally.counts[o] = (uint32_t)v->entry[0].counts[count_cell(v, voters, q, o)];
			int r = store_tally_put(tx, job->campaign, &tally);
			if (r < 0)
				return r;
		}
	return 0;
}

static int key_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct count_job *job = arg;
	struct count_entry entry = {.n = job->n, .counters = job->counters,
				    .account = job->caller->account, .at_ms = job->caller->now_ms};
	int r = enter_to(tx, job, GATE_BALLOT, info);

	if (r == 0)
		r = check_counts(job, info);
	if (r < 0)
		return r;
	const struct count_entry *other = &job->view.entry[1 - job->slot];
	if (other->n && strcmp(other->counters, job->counters) == 0)
		return err_set(info, ERR_INPUT, "两遍要由不同的人清点，“%s”已经清点过一遍", job->counters);
	memcpy(entry.counts, job->counts, (size_t)job->n * sizeof(*job->counts));
	r = store_count_put(tx, job->campaign, job->org, job->slot, &entry);
	if (r == 0)
		r = store_tally_delete(tx, job->campaign, job->org, VOTERS_COUNT);
	if (r == 0)
		r = load_view(tx, job);
	if (r < 0)
		return r;
	job->agree = job->view.entry[0].n && job->view.entry[1].n && !job->view.n_wrong;
	if (job->agree && ((r = put_tallies(tx, job)) < 0 || (r = load_view(tx, job)) < 0))
		return r;
	if ((r = set_step(tx, job)) < 0)
		return r;
	/* Who counted, never the figures of a ballot. */
	return app_audit(tx, &job->call.access, "count.key", job->org, job->call.org.name, "",
			 arena_printf(job->arena, "第 %d 遍，清点人 %s%s", job->slot + 1, job->counters,
				      job->agree ? "，两遍一致" : ""));
}

int counts_key(struct app *app, const struct caller *caller, int64_t campaign, int64_t org, int slot,
	       const char *counters, const int64_t *counts, int n, bool *ret_agree,
	       struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct count_job job = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
				.org = org, .slot = slot, .counters = counters, .counts = counts, .n = n};
	if (slot < 0 || slot >= COUNT_SLOTS)
		return err_set(info, ERR_INPUT, "只录两遍");
	if (!counters || !*counters || strlen(counters) > COUNTS_COUNTERS_MAX)
		return err_set(info, ERR_INPUT, "请写明清点人，100 字以内");
	int r = db_write(app->db, id_region(org), key_fn, &job, info);
	if (r == 0)
		*ret_agree = job.agree;
	return r;
}

static int waive_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct count_job *job = arg;
	int r = enter_to(tx, job, GATE_BOX, info);

	if (r < 0)
		return r;
	int step = campaign_step_of(job->call.scheme, STEP_BALLOT);
	if (step < 0)
		return err_set(info, ERR_STATE, "这个方案没有测评这一步");
	if (*job->reason && job->view.met)
		return err_set(info, ERR_STATE, "参评人数已经够了，不用免除");
	const char *before = job->view.waived_why;
	job->view.waived = false;
	r = *job->reason ? store_org_step_set(tx, job->campaign, job->org, step, STEP_WAIVED,
					      job->caller->account, job->caller->now_ms, job->reason)
			 : set_step(tx, job);
	return r < 0 ? r : app_audit(tx, &job->call.access, "count.waive", job->org, job->call.org.name,
				     before, job->reason);
}

int counts_waive(struct app *app, const struct caller *caller, int64_t campaign, int64_t org,
		 const char *reason, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct count_job job = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
				.org = org, .reason = reason ? reason : ""};
	if (strlen(job.reason) > COUNTS_REASON_MAX)
		return err_set(info, ERR_INPUT, "理由太长，应在 500 字以内");
	return db_write(app->db, id_region(org), waive_fn, &job, info);
}

/* ---- below a node ---- */

/* Rows as they are filled: both counters' figures of an organisation come one after
 * the other. */
struct filling {
	struct count_job *job;
	struct count_entry first;
	int64_t first_org;
};

static void take_entry(void *arg, int64_t org, int slot, const struct count_entry *entry)
{
	struct filling *f = arg;
	int at = listed_find(&f->job->list.listed, org);
	if (at < 0)
		return;
	struct count_row *row = &f->job->list.rows[at];
	row->keyed++;
	if (slot == 0) {
		f->first = *entry;
		f->first_org = org;
	} else if (f->first_org == org) {
		row->differ = memcmp(f->first.counts, entry->counts, sizeof(entry->counts)) != 0;
	}
}

static void fill_row(struct filling *f, struct count_row *row, struct tally *tallies, int n)
{
	struct count_view *v = &f->job->view;
	*v = (struct count_view){.scheme = f->job->call.scheme, .org = row->org, .tallies = tallies,
				 .n_tallies = n};
	work_turnout(v);
	row->counted = n > 0;
	row->box = n && tallies[0].origin == TALLY_BOX;
	row->cast = v->n_rules ? v->turnout[0].cast : -1;
	row->need = v->n_rules ? v->turnout[0].need : -1;
	row->met = v->met;
	row->state = v->met ? STEP_DONE : STEP_BEGUN;
	row->note = "";
}

static int fill_below(struct db_tx *tx, struct filling *f, const char *path)
{
	struct count_job *job = f->job;
	int step = campaign_step_of(job->call.scheme, STEP_BALLOT), n = 0, n_steps = 0;
	struct tally *tallies;
	struct org_step *steps = NULL;
	int r = store_count_each(tx, job->campaign, path, take_entry, f);

	if (r == 0)
		r = store_tally_list(tx, job->campaign, 0, path, job->arena, &tallies, &n);
	if (r == 0 && step >= 0)
		r = store_org_steps_below(tx, job->campaign, path, step, job->arena, &steps, &n_steps);
	for (int i = 0, to; r == 0 && i < n; i = to) {
		int at = listed_find(&job->list.listed, tallies[i].org);
		for (to = i + 1; to < n && tallies[to].org == tallies[i].org; to++)
			;
		if (at >= 0)
			fill_row(f, &job->list.rows[at], &tallies[i], to - i);
	}
	for (int i = 0; r == 0 && i < n_steps; i++) {
		/* Begun, though enough have voted: another box for it waits. */
		bool told = steps[i].state == STEP_WAIVED || steps[i].state == STEP_BEGUN;
		int at = told ? listed_find(&job->list.listed, steps[i].org) : -1;
		if (at < 0)
			continue;
		job->list.rows[at].state = steps[i].state;
		job->list.rows[at].note = steps[i].state == STEP_WAIVED ? steps[i].note : "";
	}
	return r;
}

static int list_rows(struct db_tx *tx, struct count_job *job)
{
	struct filling f = {.job = job};
	struct count_list *l = &job->list;
	int r = listed_load(tx, job->campaign, job->org, job->call.path, job->call.scheme->n_steps,
			    job->arena, &l->listed);

	if (r < 0)
		return r;
	l->rows = arena_zalloc(job->arena, (size_t)l->listed.n + 1, sizeof(*l->rows));
	if (!l->rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < l->listed.n; i++) {
		l->rows[i].org = l->listed.orgs[i];
		fill_row(&f, &l->rows[i], NULL, 0);
	}
	return l->listed.n ? fill_below(tx, &f, job->call.path) : 0;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct count_job *job = arg;
	struct count_list *l = &job->list;
	struct err_info why = {0};
	int r = campaign_enter(tx, job->app, job->caller, ACTION_REPORT_READ, job->campaign, job->org,
			       job->arena, &job->call, info);

	if (r < 0)
		return r;
	*l = (struct count_list){.campaign = job->call.campaign, .scheme = job->call.scheme,
				 .node = job->call.org};
	l->may_write = app_may(tx, &job->call.access, ACTION_BALLOT_WRITE, job->org, NULL, &why) == 0;
	return list_rows(tx, job);
}

int counts_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct count_list *ret_list,
		struct err_info *info)
{
	struct count_job job = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
				.org = node};
	int r = db_read(app->db, list_fn, &job, info);
	if (r == 0)
		*ret_list = job.list;
	return r;
}

/* ---- a ballot file ---- */

static int tree_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct count_job *job = arg;
	int r = campaign_enter(tx, job->app, job->caller, ACTION_BALLOT_WRITE, job->campaign, job->org,
			       job->arena, &job->call, info);
	return r < 0 ? r : campaign_tree_load(tx, job->call.scheme, job->campaign, job->call.path,
					      job->arena, &job->tree, info);
}

static int apply_org(struct db_tx *tx, struct count_job *job, uint32_t node, struct err_info *info)
{
	const struct scheme *scheme = job->call.scheme;
	int options = job->book->options, r;
	uint64_t all = 0;

	for (int i = 0; i < VOTERS_COUNT * options; i++)
		all += book_count(job->book, node, i);
	if (!all)
		return 0;
	job->org = job->tree.at[node].id;
	job->call.org = job->tree.at[node];
	if ((r = load_view(tx, job)) < 0)
		return r;
	r = may_count(tx, job, GATE_BALLOT, info);
	if (r < 0)
		return r;
	job->import.n_orgs++;
	job->import.n_ballots += (int64_t)all;
	job->import.n_replaced += job->view.n_tallies > 0;
	if (job->dry_run)
		return 0;
	if ((r = store_tally_delete(tx, job->campaign, job->org, VOTERS_COUNT)) < 0)
		return r;
	for (int v = 0; v < VOTERS_COUNT; v++) {
		struct tally tally = {.org = job->org, .voters = (enum voters)v,
				      .n_options = scheme->n_options, .origin = TALLY_IMPORTED,
				      .counters = "", .account = job->caller->account,
				      .at_ms = job->caller->now_ms};
		for (int o = 0; o < options; o++)
			tally.counts[o] = book_count(job->book, node, v * options + o);
		if ((job->view.voters >> v & 1) && (r = store_tally_put(tx, job->campaign, &tally)) < 0)
			return r;
	}
	if ((r = load_view(tx, job)) < 0)
		return r;
	return set_step(tx, job);
}

static int apply_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct count_job *job = arg;
	int64_t node = job->list.node.id;
	int r = campaign_enter(tx, job->app, job->caller, ACTION_BALLOT_WRITE, job->campaign, node,
			       job->arena, &job->call, info);

	job->import = (struct count_import){0};
	for (uint32_t i = 0; r == 0 && i < job->tree.orgs.n; i++)
		r = apply_org(tx, job, i, info);
	if (r < 0 || job->dry_run)
		return r;
	return app_audit(tx, &job->call.access, "count.import", node, job->file, "",
			 arena_printf(job->arena, "%d 个党组织，%lld 张票", job->import.n_orgs,
				      (long long)job->import.n_ballots));
}

static int read_ballots(struct count_job *job, struct table *table, struct book *book,
			struct err_info *info)
{
	int r = grade_sheet_read(FILE_BALLOTS, job->call.scheme, &job->tree.orgs, &job->tree.local, book,
				 table, job->file, NULL, job->errors, info);
	if (r == 0 && book_finish_votes(book, 1) < 0)
		return err_nomem(info);
	return r;
}

int counts_import(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct table *table, const char *file, bool dry_run, struct diag *errors,
		  struct count_import *ret_import, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct count_job job = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
				.org = node, .file = file, .errors = errors, .dry_run = dry_run};
	struct book book;
	int r = db_read(app->db, tree_fn, &job, info);

	if (r == 0 && !voters_of(job.call.scheme))
		r = err_set(info, ERR_STATE, "这个方案没有测评票");
	if (r == 0 && (r = book_init(&book, job.call.scheme, &job.tree.orgs, &job.tree.local)) == 0) {
		r = read_ballots(&job, table, &book, info);
		job.book = &book;
		job.list.node.id = node;
		if (r == 0)
			r = dry_run ? db_read(app->db, apply_fn, &job, info)
				    : db_write(app->db, id_region(node), apply_fn, &job, info);
		book_done(&book);
	}
	campaign_tree_done(&job.tree);
	if (r == 0)
		*ret_import = job.import;
	return r;
}
