/* SPDX-License-Identifier: Apache-2.0 */
/* Paper keyed apart by two counters, the opening, and giving a box up. */
#include <sodium.h>
#include <string.h>

#include "app/ballot_case.h"
#include "app/ballot_in.h"
#include "app/campaigns.h"
#include "app/counts.h"
#include "store/id.h"

/* ---- a counter's keying, as bytes ---- */

enum { KEYING_HEAD = 4, NUMBER_LEN = 8 };	/* class, counter, 0, 0; then sheets and counts */

static void put_number(unsigned char *at, int64_t number)
{
	for (int i = 0; i < NUMBER_LEN; i++)
		at[i] = (unsigned char)((uint64_t)number >> (8 * i));
}

static int64_t get_number(const unsigned char *at)
{
	uint64_t number = 0;
	for (int i = NUMBER_LEN - 1; i >= 0; i--)
		number = number << 8 | at[i];
	return (int64_t)number;
}

static size_t keying_len(const struct ballot_view *view)
{
	return KEYING_HEAD + NUMBER_LEN * (size_t)(1 + box_items(view) * view->n_options);
}

static int seal_keying(const struct ballot_view *view, const struct ballot_paper_in *in,
		       struct arena *arena, struct str *ret_sealed, struct err_info *info)
{
	size_t len = keying_len(view);
	unsigned char *plain = arena_zalloc(arena, 1, len);
	unsigned char *sealed = arena_zalloc(arena, 1, len + BALLOT_SEAL_EXTRA);
	if (!plain || !sealed)
		return err_nomem(info);
	plain[0] = (unsigned char)in->class;
	plain[1] = (unsigned char)in->counter;
	put_number(plain + KEYING_HEAD, in->sheets);
	for (int i = 0; i < in->n_counts; i++)
		put_number(plain + KEYING_HEAD + NUMBER_LEN * (size_t)(1 + i), in->counts[i]);
	if (ballot_seal_text(view->box.public_key, (struct str){(char *)plain, len}, sealed))
		return err_set(info, ERR_IO, "没有存上，请再录一次");
	*ret_sealed = (struct str){(char *)sealed, len + BALLOT_SEAL_EXTRA};
	return 0;
}

static int check_keying(const struct ballot_view *view, const struct ballot_paper_in *in,
			struct err_info *info)
{
	const struct ballot_figures *f = &view->figures[in->class];
	int items = box_items(view);

	if (in->counter < 0 || in->counter >= view->n_counters || !view->there[in->class])
		return err_set(info, ERR_INPUT, "请选监票人和票的种类");
	if (in->n_counts != items * view->n_options)
		return err_set(info, ERR_INPUT, "每一格都要填，没有就填 0");
	if (in->sheets < 0 || in->sheets > f->by_state[SLIP_EXCHANGED])
		return err_set(info, ERR_INPUT, "收回张数应在 0 到 %lld 之间（换出 %lld 张）",
			       (long long)f->by_state[SLIP_EXCHANGED],
			       (long long)f->by_state[SLIP_EXCHANGED]);
	for (int i = 0; i < items; i++) {
		int64_t sum = 0;
		for (int o = 0; o < view->n_options; o++) {
			int64_t n = in->counts[i * view->n_options + o];
			if (n < 0 || n > in->sheets)
				return err_set(info, ERR_INPUT, "票数应在 0 到收回张数 %lld 之间",
					       (long long)in->sheets);
			sum += n;
		}
		if (sum > in->sheets)
			return err_set(info, ERR_INPUT, "“%s”“%s”的票数合计 %lld，比收回的 %lld 张多",
				       view->orgs[i / view->n_questions].label,
				       view->questions[i % view->n_questions].label, (long long)sum,
				       (long long)in->sheets);
	}
	return 0;
}

static int keying_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	const struct ballot_paper_in *in = job->arg;
	struct ballot_paper paper = {.class = in->class, .counter = in->counter};
	AUTO(buf) struct buf after = {0};

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, 1 << BOX_CLOSED, info);
	if (r == 0)
		r = check_keying(&job->view, in, info);
	if (r == 0)
		r = seal_keying(&job->view, in, &job->arena, &paper.sealed, info);
	if (r == 0)
		r = store_paper_put(tx, job->id, &paper);
	if (r < 0)
		return r;
	buf_addf(&after, "%s的%s纸质票已由%s录入并封存", job->view.box.title, voters_label(in->class),
		 job->view.counters[in->counter].name);
	return box_audit(tx, job, "ballot.paper", "", buf_str(&after));
}

int ballot_key_paper(struct app *app, const struct caller *caller, int64_t box,
		     const struct ballot_paper_in *paper, struct err_info *info)
{
	struct box_job job = {.app = app, .caller = caller, .id = box, .arg = (void *)paper,
			      .arena = {.wipe = true}};
	int r = box_write(&job, keying_fn, info);
	arena_done(&job.arena);
	return r;
}

/* ---- opening ---- */

struct opening {
	struct box_job *job;
	struct ballot_secrets *secrets;
	const struct ballot_pair *pair;
	struct arena *arena;		/* the caller's: mismatches */
	struct arena counting;		/* cleared at the end */
	/* [class][item][option], the last option: spoiled */
	int64_t *counts;
	int64_t votes[VOTERS_COUNT];
	int64_t bad;
	int64_t sheets[VOTERS_COUNT];
	struct ballot_mismatch *mismatches;
	int n_mismatches;
};

static int64_t *cell(struct opening *o, int class, int item, int option)
{
	const struct ballot_view *view = &o->job->view;
	return &o->counts[(class * box_items(view) + item) * (view->n_options + 1) + option];
}

static int count_vote(void *arg, struct str sealed)
{
	struct opening *o = arg;
	const struct ballot_view *view = &o->job->view;
	struct ballot_answers answers;

	if (ballot_unseal(view->box.public_key, o->secrets, sealed, o->job->id, box_items(view),
			  view->n_options, &answers)) {
		o->bad++;
		return 0;
	}
	o->votes[answers.class]++;
	for (int i = 0; i < answers.n; i++)
		(*cell(o, (int)answers.class, i, answers.option[i]))++;
	sodium_memzero(&answers, sizeof(answers));
	return 0;
}

static int read_votes(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct opening *o = arg;
	const struct ballot_view *view = &o->job->view;
	size_t cells = (size_t)(VOTERS_COUNT * box_items(view) * (view->n_options + 1));

	memset(o->votes, 0, sizeof(o->votes));
	o->bad = 0;
	arena_done(&o->counting);
	o->counts = arena_zalloc(&o->counting, cells, sizeof(*o->counts));
	if (!o->counts)
		return err_nomem(info);
	return store_vote_each(tx, o->job->id, count_vote, o);
}

/* Every spent slip has its ballot and no more, class by class. */
static int check_votes(const struct opening *o, struct err_info *info)
{
	for (int c = 0; c < VOTERS_COUNT; c++) {
		int64_t spent = o->job->view.figures[c].by_state[SLIP_SPENT];
		if (o->votes[c] != spent)
			return err_set(info, ERR_STATE, "%s用掉 %lld 张票，箱里能打开的是 %lld 张，对不上；"
				       "票箱没有动，请联系系统管理员", voters_label((enum voters)c),
				       (long long)spent, (long long)o->votes[c]);
	}
	return o->bad ? err_set(info, ERR_STATE, "箱里有 %lld 张不是这个票箱的票；票箱没有动",
				(long long)o->bad) : 0;
}

static int add_mismatch(struct opening *o, struct ballot_mismatch row, struct err_info *info)
{
	enum { ROWS_MAX = VOTERS_COUNT * (BALLOT_CELLS_MAX + 1) };
	if (!o->mismatches)
		o->mismatches = arena_zalloc(o->arena, ROWS_MAX, sizeof(*o->mismatches));
	if (!o->mismatches)
		return err_nomem(info);
	if (o->n_mismatches < ROWS_MAX)
		o->mismatches[o->n_mismatches++] = row;
	return 0;
}

static int compare_keyings(struct opening *o, enum voters class, unsigned char *const plain[2],
			   struct err_info *info)
{
	const struct ballot_view *view = &o->job->view;
	int cells = box_items(view) * view->n_options, r = 0;

	for (int i = -1; r == 0 && i < cells; i++) {
		const size_t at = KEYING_HEAD + NUMBER_LEN * (size_t)(1 + i);
		int64_t one = get_number(plain[0] + at), two = get_number(plain[1] + at);
		int item = i < 0 ? 0 : i / view->n_options;
		if (one != two)
			r = add_mismatch(o, (struct ballot_mismatch){
				class, i < 0 ? -1 : item / view->n_questions,
				item % view->n_questions, i < 0 ? 0 : i % view->n_options,
				{one, two}}, info);
	}
	return r;
}

static void add_keying(struct opening *o, enum voters class, const unsigned char *plain)
{
	const struct ballot_view *view = &o->job->view;

	o->sheets[class] = get_number(plain + KEYING_HEAD);
	for (int i = 0; i < box_items(view); i++) {
		int64_t left = o->sheets[class];
		for (int p = 0; p < view->n_options; p++) {
			int64_t n = get_number(plain + KEYING_HEAD +
					       NUMBER_LEN * (size_t)(1 + i * view->n_options + p));
			*cell(o, (int)class, i, p) += n;
			left -= n;
		}
		*cell(o, (int)class, i, view->n_options) += left;
	}
}

/* Both keyings of one class: opened, compared, added. */
static int add_paper(struct opening *o, enum voters class, const struct ballot_paper *papers, int n,
		     struct err_info *info)
{
	const struct ballot_view *view = &o->job->view;
	unsigned char *plain[2];
	size_t len = keying_len(view);
	int found = 0;

	if (!view->figures[class].by_state[SLIP_EXCHANGED])
		return 0;
	for (int i = 0; i < n && found < 2; i++) {
		if (papers[i].class != class)
			continue;
		plain[found] = arena_zalloc(&o->counting, 1, len);
		if (!plain[found])
			return err_nomem(info);
		if (papers[i].sealed.len != len + BALLOT_SEAL_EXTRA ||
		    ballot_unseal_text(view->box.public_key, o->secrets, papers[i].sealed, plain[found]))
			return err_set(info, ERR_STATE, "%s纸质票的录入打不开，请重新录入",
				       voters_label(class));
		found++;
	}
	if (found < 2)
		return err_set(info, ERR_STATE, "%s换出 %lld 张纸质票，要两名监票人各录一遍",
			       voters_label(class),
			       (long long)view->figures[class].by_state[SLIP_EXCHANGED]);
	int before = o->n_mismatches;
	int r = compare_keyings(o, class, plain, info);
	if (r == 0 && o->n_mismatches == before)
		add_keying(o, class, plain[0]);
	return r;
}

struct papers {
	struct opening *o;
	struct ballot_paper *at;
	int n;
};

static int papers_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct papers *papers = arg;
	(void)info;
	return store_paper_list(tx, papers->o->job->id, &papers->o->counting, &papers->at, &papers->n);
}

/* Opens, counts and adds the paper; nothing is written. */
static int count_all(struct opening *o, struct err_info *info)
{
	struct box_job *job = o->job;
	struct papers papers = {.o = o};
	int r = box_unlock(job, o->pair, o->secrets, info);

	if (r == 0)
		r = db_read(job->app->db, read_votes, o, info);
	if (r == 0)
		r = check_votes(o, info);
	if (r == 0)
		r = db_read(job->app->db, papers_fn, &papers, info);
	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++)
		r = add_paper(o, (enum voters)c, papers.at, papers.n, info);
	if (r == 0 && o->n_mismatches)
		r = err_set(info, ERR_CONFLICT, "纸质票两人录入的有 %d 处不一样，请核对后重新录入",
			    o->n_mismatches);
	return r;
}

static int write_counts(struct db_tx *tx, struct opening *o)
{
	const struct ballot_view *view = &o->job->view;
	int r = 0;

	for (int c = 0; c < VOTERS_COUNT; c++)
		for (int i = 0; view->there[c] && i < box_items(view); i++)
			for (int p = 0; r == 0 && p <= view->n_options; p++) {
				const struct ballot_count count = {
					i / view->n_questions, i % view->n_questions, (enum voters)c,
					p == view->n_options ? BALLOT_SPOILED : p, *cell(o, c, i, p)};
				r = store_count_add(tx, o->job->id, &count);
			}
	return r;
}

/* An organisation whose figures are locked must be unlocked first. */
static int check_campaign(struct db_tx *tx, struct opening *o, struct err_info *info)
{
	const struct ballot_view *view = &o->job->view;
	int r = 0;

	for (int i = 0; r == 0 && view->box.campaign && i < view->n_orgs; i++) {
		struct campaign_call call;
		r = campaign_enter(tx, o->job->app, o->job->caller, ACTION_BALLOT_WRITE,
				   view->box.campaign, view->orgs[i].org, &o->job->arena, &call, info);
		if (r == 0)
			r = campaign_gate(&call, GATE_BOX, info);
	}
	return r;
}

/* Who could vote on one organisation is who must be asked of it; of a meeting on
 * several it is not known. */
static int settle(struct db_tx *tx, struct opening *o, int64_t org, struct err_info *info)
{
	const struct ballot_view *view = &o->job->view;
	int64_t heads[VOTERS_COUNT];

	for (int c = 0; c < VOTERS_COUNT; c++)
		heads[c] = view->n_orgs == 1 && view->there[c] ? view->figures[c].head : -1;
	return counts_settle(tx, o->job->app, o->job->caller, view->box.campaign, org, heads,
			     &o->job->arena, info);
}

/* The counts go into the campaign as the box's, named after the counters. */
static int write_tallies(struct db_tx *tx, struct opening *o, struct err_info *info)
{
	const struct ballot_view *view = &o->job->view;
	int r = 0;

	if (!view->box.campaign)
		return 0;
	for (int c = 0; c < VOTERS_COUNT; c++)
		for (int i = 0; r == 0 && view->there[c] && i < box_items(view); i++) {
			/* What another count left of more questions. */
			if (i % view->n_questions == 0 &&
			    (r = store_tally_delete(tx, view->box.campaign, view->orgs[i / view->n_questions].org,
						    (enum voters)c)) < 0)
				return r;
			struct tally tally = {
				.org = view->orgs[i / view->n_questions].org, .voters = (enum voters)c,
				.question = i % view->n_questions, .n_options = view->n_options,
				.origin = TALLY_BOX, .counters = view->box.opened_by,
				.account = o->job->caller->account, .at_ms = o->job->caller->now_ms,
			};
			for (int p = 0; p <= view->n_options; p++)
				tally.counts[p] = (uint32_t)*cell(o, c, i, p);
			r = store_tally_put(tx, view->box.campaign, &tally);
		}
	for (int i = 0; r == 0 && i < view->n_orgs; i++)
		r = settle(tx, o, view->orgs[i].org, info);
	return r;
}

static int write_figures(struct db_tx *tx, struct opening *o, struct err_info *info)
{
	struct ballot_view *view = &o->job->view;
	int r = 0;

	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++) {
		struct ballot_figures *f = &view->figures[c];
		if (!view->there[c])
			continue;
		f->sheets = o->sheets[c];
		r = ballot_check(f, (enum voters)c, true, info);
		if (r == 0)
			r = store_class_put(tx, o->job->id, (enum voters)c, f);
	}
	return r;
}

static int opened_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct opening *o = arg;
	struct box_job *job = o->job;
	AUTO(buf) struct buf after = {0};
	int64_t cast = 0;

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, 1 << BOX_CLOSED, info);
	if (r < 0)
		return r;
	struct ballot_view *view = &job->view;
	/* Nobody votes into a closed box; so only another opening could have. */
	if ((r = check_votes(o, info)) < 0)
		return r;
	view->box.state = BOX_COUNTED;
	view->box.counted_ms = job->caller->now_ms;
	view->box.opened_by = arena_printf(&job->arena, "%s、%s", view->counters[o->pair->a].name,
					   view->counters[o->pair->b].name);
	if (!view->box.opened_by)
		return db_doom_nomem(tx);
	if ((r = check_campaign(tx, o, info)) < 0 || (r = write_figures(tx, o, info)) < 0 || (r = write_counts(tx, o)) < 0 ||
	    (r = write_tallies(tx, o, info)) < 0 || (r = store_box_update(tx, &view->box)) < 0 ||
	    (r = store_box_destroy(tx, job->id)) < 0 ||
	    (r = ballot_case_counted(tx, job->id, job->caller, job->access.label, &job->arena)) < 0)
		return r;
	for (int c = 0; c < VOTERS_COUNT; c++)
		cast += ballot_cast(&view->figures[c]);
	buf_addf(&after, "%s打开；共 %lld 张票，已计票，封存的票和密钥已销毁；密钥指纹 %s",
		 view->box.opened_by, (long long)cast, view->box.fingerprint);
	return box_audit(tx, job, "ballot.open", "", buf_str(&after));
}

static int closed_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	return box_enter(tx, arg, ACTION_BALLOT_WRITE, 1 << BOX_CLOSED, info);
}

/* The log's pages go as soon as nobody reads them; while somebody does, the
 * next opening or the engine's own clean-up gets there. */
static void forget(struct app *app)
{
	struct err_info ignored = {0};
	for (int i = 0; i < 3 && db_forget(app->db, &ignored) == ERR_STATE; i++)
		;
}

int ballot_open(struct app *app, const struct caller *caller, int64_t box,
		const struct ballot_pair *pair, struct arena *arena,
		struct ballot_mismatch **ret_mismatches, int *ret_n, struct err_info *info)
{
	struct box_job job = {.app = app, .caller = caller, .id = box, .arena = {.wipe = true}};
	struct opening o = {.job = &job, .pair = pair, .arena = arena, .counting = {.wipe = true},
			    .secrets = ballot_secrets_new()};
	int r = o.secrets ? box_read(&job, closed_fn, info) : err_nomem(info);
	if (r == 0)
		r = count_all(&o, info);
	ballot_secrets_free(o.secrets);
	if (r == 0)
		r = db_write(app->db, id_region(box), opened_fn, &o, info);
	if (r == 0)
		forget(app);
	arena_done(&o.counting);
	arena_done(&job.arena);
	*ret_mismatches = o.mismatches;
	*ret_n = o.n_mismatches;
	return r;
}

/* ---- giving up ---- */

struct abandoning {
	const char *reason;
	int64_t again;
};

static int copy_box(struct db_tx *tx, struct box_job *job, int64_t *ret_again)
{
	const struct ballot_view *view = &job->view;
	struct ballot_box next = {.node = view->box.node, .campaign = view->box.campaign,
				  .title = view->box.title, .opens_ms = view->box.opens_ms,
				  .closes_ms = view->box.closes_ms};
	const struct ballot_item *items[] = {view->options, view->questions, view->orgs};
	const int n[] = {view->n_options, view->n_questions, view->n_orgs};
	int r = store_box_insert(tx, &next);

	for (int k = 0; k < 3; k++)
		for (int i = 0; r == 0 && i < n[k]; i++)
			r = store_item_add(tx, next.id, &items[k][i]);
	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++)
		if (view->there[c]) {
			const struct ballot_figures figures = {.head = view->figures[c].head, .sheets = -1};
			r = store_class_put(tx, next.id, (enum voters)c, &figures);
		}
	/* For whatever the old one was held. */
	if (r == 0)
		r = store_box_case_copy(tx, job->id, next.id);
	*ret_again = next.id;
	return r;
}

static int abandon_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	struct abandoning *abandoning = job->arg;
	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, ~(1u << BOX_COUNTED | 1u << BOX_VOID), info);
	if (r == 0)
		r = copy_box(tx, job, &abandoning->again);
	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++)
		if (job->view.there[c])
			r = store_class_put(tx, job->id, (enum voters)c, &job->view.figures[c]);
	if (r == 0)
		r = store_box_destroy(tx, job->id);
	if (r < 0)
		return r;
	struct ballot_box *box = &job->view.box;
	const char *before = box_state_label(box->state);
	box->state = BOX_VOID;
	box->reason = abandoning->reason;
	box->again = abandoning->again;
	r = store_box_update(tx, box);
	return r ? r : box_audit(tx, job, "ballot.abandon", before, abandoning->reason);
}

int ballot_abandon(struct app *app, const struct caller *caller, int64_t box, const char *reason,
		   int64_t *ret_again, struct err_info *info)
{
	struct abandoning abandoning = {.reason = reason};
	struct box_job job = {.app = app, .caller = caller, .id = box, .arg = &abandoning};

	if (!*reason || strlen(reason) > 1500)
		return err_set(info, ERR_INPUT, "请写明为什么作废（500 字以内）");
	int r = box_write(&job, abandon_fn, info);
	if (r == 0)
		forget(app);
	arena_done(&job.arena);
	if (r == 0)
		*ret_again = abandoning.again;
	return r;
}
