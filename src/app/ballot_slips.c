/* SPDX-License-Identifier: Apache-2.0 */
/* Slips: printed, activated, voided, exchanged; the box opens and closes. */
#include <sodium.h>
#include <string.h>
#include <time.h>

#include "app/ballot_in.h"
#include "store/id.h"

enum {
	BEFORE = 1 << BOX_KEYED | 1 << BOX_TESTED,
	MEANWHILE = BEFORE | 1 << BOX_OPEN,
};

static int no_class(enum voters class, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "这个票箱没有%s票", voters_label(class));
}

/* Figures as they are now, into the kept row. */
static int put_figures(struct db_tx *tx, struct box_job *job, enum voters class)
{
	return store_class_put(tx, job->id, class, &job->view.figures[class]);
}

/* ---- printing ---- */

struct print {
	enum voters class;
	int n;
	char (*codes)[BALLOT_CODE_LEN + 1];
};

static int write_slips(struct db_tx *tx, struct box_job *job, const struct print *print)
{
	unsigned char key[BALLOT_HASH_LEN], hash[BALLOT_HASH_LEN];
	int r = box_hash_key(tx, key);
	/* What was printed before and not used is void. */
	if (r == 0)
		r = store_slip_move_all(tx, job->id, print->class, SLIP_INACTIVE, SLIP_VOIDED);
	if (r >= 0)
		r = store_slip_move_all(tx, job->id, print->class, SLIP_ACTIVE, SLIP_VOIDED);
	for (int i = 0; r >= 0 && i < print->n; i++) {
		ballot_hash(key, (struct str){print->codes[i], BALLOT_CODE_LEN}, hash);
		r = store_slip_add(tx, job->id, hash, print->class);
	}
	return r < 0 ? r : 0;
}

static int print_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	const struct print *print = job->arg;
	AUTO(buf) struct buf after = {0};
	int64_t all = print->n;

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, BEFORE, info);
	if (r < 0)
		return r;
	if (!job->view.there[print->class])
		return no_class(print->class, info);
	for (int c = 0; c < VOTERS_COUNT; c++)
		all += job->view.figures[c].printed;
	if (all > BALLOT_SLIPS_MAX)
		return err_set(info, ERR_LIMIT, "一个票箱最多印 %d 张票", BALLOT_SLIPS_MAX);
	r = write_slips(tx, job, print);
	job->view.figures[print->class].printed += print->n;
	if (r == 0)
		r = put_figures(tx, job, print->class);
	buf_addf(&after, "%s票印 %d 张；以前印的没有用的作废", voters_label(print->class), print->n);
	return r ? r : box_audit(tx, job, "ballot.print", "", buf_str(&after));
}

static int before_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	return box_enter(tx, arg, ACTION_BALLOT_WRITE, BEFORE, info);
}

static int make_codes(struct print *print, struct arena *arena, struct err_info *info)
{
	print->codes = arena_zalloc(arena, (size_t)print->n, sizeof(*print->codes));
	if (!print->codes)
		return err_nomem(info);
	for (int i = 0; i < print->n; i++) {
		unsigned char bytes[BALLOT_CODE_BYTES];
		randombytes_buf(bytes, sizeof(bytes));
		ballot_code_make(bytes, print->codes[i]);
		sodium_memzero(bytes, sizeof(bytes));
	}
	return 0;
}

int ballot_print(struct app *app, const struct caller *caller, int64_t box, enum voters class,
		 int64_t n, struct arena *arena, char (**ret_codes)[BALLOT_CODE_LEN + 1], int *ret_n,
		 struct err_info *info)
{
	struct print print = {.class = class};
	struct box_job job = {.app = app, .caller = caller, .id = box, .arg = &print};
	int r = box_read(&job, before_fn, info);
	if (r == 0 && n == 0)
		n = ballot_slips_for(job.view.figures[class].head);
	if (r == 0 && (n < 1 || n > ballot_slips_for(BALLOT_HEADS_MAX)))
		r = err_set(info, ERR_INPUT, "张数应在 1 到 %lld 之间",
			    (long long)ballot_slips_for(BALLOT_HEADS_MAX));
	print.n = (int)n;
	if (r == 0)
		r = make_codes(&print, arena, info);
	if (r == 0)
		r = box_write(&job, print_fn, info);
	arena_done(&job.arena);
	if (r == 0) {
		*ret_codes = print.codes;
		*ret_n = print.n;
	}
	return r;
}

/* ---- present ---- */

struct number {
	enum voters class;
	int64_t n;
};

static int64_t active_of(const struct ballot_figures *f)
{
	return f->by_state[SLIP_ACTIVE] + f->by_state[SLIP_SPENT] + f->by_state[SLIP_EXCHANGED];
}

static int present_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	const struct number *to = job->arg;
	AUTO(buf) struct buf before = {0}, after = {0};

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, MEANWHILE, info);
	if (r < 0)
		return r;
	struct ballot_figures *f = &job->view.figures[to->class];
	if (!job->view.there[to->class])
		return no_class(to->class, info);
	if (to->n < 0 || to->n > f->head)
		return err_set(info, ERR_INPUT, "到场人数应在 0 到 %lld 之间", (long long)f->head);
	if (to->n < active_of(f))
		return err_set(info, ERR_STATE, "已启用 %lld 张票，到场人数不能比它少",
			       (long long)active_of(f));
	buf_addf(&before, "%s到场 %lld 人", voters_label(to->class), (long long)f->present);
	buf_addf(&after, "%s到场 %lld 人", voters_label(to->class), (long long)to->n);
	f->present = to->n;
	r = put_figures(tx, job, to->class);
	return r ? r : box_audit(tx, job, "ballot.present", buf_str(&before), buf_str(&after));
}

int ballot_set_present(struct app *app, const struct caller *caller, int64_t box,
		       enum voters class, int64_t present, struct err_info *info)
{
	struct number to = {class, present};
	struct box_job job = {.app = app, .caller = caller, .id = box, .arg = &to};
	int r = box_write(&job, present_fn, info);
	arena_done(&job.arena);
	return r;
}

/* ---- activate, void, exchange ---- */

struct acting {
	enum ballot_act act;
	enum voters class;
	char (*codes)[BALLOT_CODE_LEN + 1];
	int n;
	int64_t moved;
};

static const char *const act_words[] = {
	[BALLOT_ACTIVATE] = "启用", [BALLOT_ACTIVATE_REST] = "启用", [BALLOT_VOID] = "作废",
	[BALLOT_VOID_REST] = "作废", [BALLOT_EXCHANGE] = "换纸质票",
};

static bool may_move(enum ballot_act act, enum slip_state from)
{
	if (act == BALLOT_ACTIVATE)
		return from == SLIP_INACTIVE;
	if (act == BALLOT_EXCHANGE)
		return from == SLIP_ACTIVE;
	return from == SLIP_INACTIVE || from == SLIP_ACTIVE;
}

static int move_named(struct db_tx *tx, struct box_job *job, struct acting *acting,
		      struct err_info *info)
{
	static const enum slip_state to[] = {[BALLOT_ACTIVATE] = SLIP_ACTIVE, [BALLOT_VOID] = SLIP_VOIDED,
					     [BALLOT_EXCHANGE] = SLIP_EXCHANGED};
	unsigned char key[BALLOT_HASH_LEN], hash[BALLOT_HASH_LEN];
	int r = box_hash_key(tx, key);

	for (int i = 0; r == 0 && i < acting->n; i++) {
		struct ballot_slip slip;
		ballot_hash(key, (struct str){acting->codes[i], BALLOT_CODE_LEN}, hash);
		if ((r = store_slip_find(tx, hash, NULL, &slip)) < 0)
			return r;
		if (!r || slip.box != job->id)
			return err_set(info, ERR_INPUT, "第 %d 个代码不是这个票箱的票", i + 1);
		if (!may_move(acting->act, slip.state))
			return err_set(info, ERR_STATE, "第 %d 个代码的票%s，不能%s", i + 1,
				       slip_state_label(slip.state), act_words[acting->act]);
		r = store_slip_move(tx, job->id, hash, slip.state, to[acting->act], NULL);
		if (r < 0)
			return r;
		r = 0;
		acting->moved++;
	}
	return r;
}

static int move_rest(struct db_tx *tx, struct box_job *job, struct acting *acting,
		     struct err_info *info)
{
	const struct ballot_figures *f = &job->view.figures[acting->class];
	int64_t rest = f->by_state[SLIP_INACTIVE];

	if (!job->view.there[acting->class])
		return no_class(acting->class, info);
	if (!rest)
		return err_set(info, ERR_STATE, "没有未启用的%s票", voters_label(acting->class));
	if (acting->act == BALLOT_ACTIVATE_REST && active_of(f) + rest != f->present)
		return err_set(info, ERR_STATE, "%s到场 %lld 人，没有作废的票有 %lld 张，两个数要相等才能启用",
			       voters_label(acting->class), (long long)f->present,
			       (long long)(active_of(f) + rest));
	int r = store_slip_move_all(tx, job->id, acting->class, SLIP_INACTIVE,
				    acting->act == BALLOT_ACTIVATE_REST ? SLIP_ACTIVE : SLIP_VOIDED);
	acting->moved = r;
	return r < 0 ? r : 0;
}

static int check_active(const struct ballot_view *view, struct err_info *info)
{
	for (int c = 0; c < VOTERS_COUNT; c++)
		if (active_of(&view->figures[c]) > view->figures[c].present)
			return err_set(info, ERR_STATE, "%s到场 %lld 人，启用的票不能多过到场人数",
				       voters_label((enum voters)c), (long long)view->figures[c].present);
	return 0;
}

static int act_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	struct acting *acting = job->arg;
	bool rest = acting->act == BALLOT_ACTIVATE_REST || acting->act == BALLOT_VOID_REST;
	AUTO(buf) struct buf after = {0};
	struct ballot_view now;

	acting->moved = 0;
	int r = box_enter(tx, job, ACTION_BALLOT_WRITE,
			  acting->act == BALLOT_EXCHANGE ? 1 << BOX_OPEN : MEANWHILE, info);
	if (r == 0)
		r = rest ? move_rest(tx, job, acting, info) : move_named(tx, job, acting, info);
	if (r == 0)
		r = box_load(tx, job->id, &job->arena, &now);
	if (r == 0)
		r = check_active(&now, info);
	if (r < 0)
		return r;
	if (rest)
		buf_adds(&after, voters_label(acting->class));
	buf_addf(&after, "%s %lld 张", act_words[acting->act], (long long)acting->moved);
	return box_audit(tx, job, "ballot.slips", "", buf_str(&after));
}

/* One code a line, or with commas between. */
static int read_codes(struct str text, struct arena *arena, struct acting *acting,
		      struct err_info *info)
{
	acting->codes = arena_zalloc(arena, BALLOT_CODES_MAX, sizeof(*acting->codes));
	if (!acting->codes)
		return err_nomem(info);
	for (size_t at = 0; at < text.len;) {
		size_t len = 0;
		while (at + len < text.len && !strchr("\r\n,;", text.data[at + len]))
			len++;
		struct str one = str_trim((struct str){text.data + at, len});
		at += len + 1;
		if (!one.len)
			continue;
		if (acting->n == BALLOT_CODES_MAX)
			return err_set(info, ERR_LIMIT, "一次最多 %d 个代码", BALLOT_CODES_MAX);
		struct err_info why = {0};
		if (ballot_code_read(one, acting->codes[acting->n], &why))
			return err_set(info, ERR_INPUT, "第 %d 个代码：%s", acting->n + 1, why.text);
		acting->n++;
	}
	return acting->n ? 0 : err_set(info, ERR_INPUT, "请输入票上的代码，一行一个");
}

int ballot_act_on(struct app *app, const struct caller *caller, int64_t box, enum ballot_act act,
		  enum voters class, struct str codes, int64_t *ret_n, struct err_info *info)
{
	AUTO(arena) struct arena arena = {.wipe = true};
	struct acting acting = {.act = act, .class = class};
	struct box_job job = {.app = app, .caller = caller, .id = box, .arg = &acting};
	int r = 0;

	if (act != BALLOT_ACTIVATE_REST && act != BALLOT_VOID_REST)
		r = read_codes(codes, &arena, &acting, info);
	if (r == 0)
		r = box_write(&job, act_fn, info);
	arena_done(&job.arena);
	if (r == 0)
		*ret_n = acting.moved;
	return r;
}

/* ---- open and close ---- */

struct times {
	int64_t opens_ms, closes_ms;
};

/* In China's time. */
static void add_times(struct buf *out, int64_t opens_ms, int64_t closes_ms)
{
	const int64_t ms[2] = {opens_ms, closes_ms};
	for (int i = 0; i < 2; i++) {
		time_t local = (time_t)(ms[i] / 1000) + 8 * 3600;
		struct tm tm;
		gmtime_r(&local, &tm);
		buf_addf(out, "%s %04d-%02d-%02d %02d:%02d", i ? "，关箱" : "开箱", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min);
	}
}

static int times_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	const struct times *to = job->arg;
	AUTO(buf) struct buf before = {0}, after = {0};

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, MEANWHILE | 1 << BOX_DRAFT, info);
	if (r < 0)
		return r;
	struct ballot_box *box = &job->view.box;
	if (to->closes_ms <= to->opens_ms || to->closes_ms <= job->caller->now_ms)
		return err_set(info, ERR_INPUT, "关箱时间应在开箱时间以后，也不能已经过去");
	add_times(&before, box->opens_ms, box->closes_ms);
	add_times(&after, to->opens_ms, to->closes_ms);
	box->opens_ms = to->opens_ms;
	box->closes_ms = to->closes_ms;
	r = store_box_update(tx, box);
	return r ? r : box_audit(tx, job, "ballot.times", buf_str(&before), buf_str(&after));
}

int ballot_set_times(struct app *app, const struct caller *caller, int64_t box, int64_t opens_ms,
		     int64_t closes_ms, struct err_info *info)
{
	struct times to = {opens_ms, closes_ms};
	struct box_job job = {.app = app, .caller = caller, .id = box, .arg = &to};
	int r = box_write(&job, times_fn, info);
	arena_done(&job.arena);
	return r;
}

static int start_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	AUTO(buf) struct buf after = {0};

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, 1 << BOX_TESTED, info);
	if (r < 0)
		return r;
	struct ballot_box *box = &job->view.box;
	if (job->caller->now_ms < box->opens_ms)
		return err_set(info, ERR_STATE, "还没到开箱时间；要提前，请先改时间");
	if (job->caller->now_ms >= box->closes_ms)
		return err_set(info, ERR_STATE, "已经过了关箱时间，请先改时间");
	for (int c = 0; c < VOTERS_COUNT; c++) {
		const struct ballot_figures *f = &job->view.figures[c];
		if (f->by_state[SLIP_ACTIVE] != f->present)
			return err_set(info, ERR_STATE, "%s到场 %lld 人，启用的票有 %lld 张，两个数要相等",
				       voters_label((enum voters)c), (long long)f->present,
				       (long long)f->by_state[SLIP_ACTIVE]);
		if (job->view.there[c])
			buf_addf(&after, "%s到场 %lld 人、启用 %lld 张；", voters_label((enum voters)c),
				 (long long)f->present, (long long)f->by_state[SLIP_ACTIVE]);
	}
	if (!job->view.present)
		return err_set(info, ERR_STATE, "还没有填到场人数");
	box->state = BOX_OPEN;
	box->started_ms = job->caller->now_ms;
	r = store_box_update(tx, box);
	return r ? r : box_audit(tx, job, "ballot.start", "", buf_str(&after));
}

int ballot_start(struct app *app, const struct caller *caller, int64_t box, struct err_info *info)
{
	struct box_job job = {.app = app, .caller = caller, .id = box};
	int r = box_write(&job, start_fn, info);
	arena_done(&job.arena);
	return r;
}

static int close_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	AUTO(buf) struct buf after = {0};

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, 1 << BOX_OPEN, info);
	for (int c = 0; r >= 0 && c < VOTERS_COUNT; c++)
		r = store_slip_move_all(tx, job->id, (enum voters)c, SLIP_INACTIVE, SLIP_VOIDED);
	if (r >= 0)
		r = box_load(tx, job->id, &job->arena, &job->view);
	for (int c = 0; r == 0 && c < VOTERS_COUNT; c++)
		r = ballot_check(&job->view.figures[c], (enum voters)c, true, info);
	if (r < 0)
		return r;
	struct ballot_box *box = &job->view.box;
	box->state = BOX_CLOSED;
	box->closed_ms = job->caller->now_ms;
	buf_addf(&after, "到场 %lld 人，已投 %lld 张", (long long)job->view.present,
		 (long long)job->view.voted);
	r = store_box_update(tx, box);
	return r ? r : box_audit(tx, job, "ballot.close", "", buf_str(&after));
}

int ballot_close(struct app *app, const struct caller *caller, int64_t box, struct err_info *info)
{
	struct box_job job = {.app = app, .caller = caller, .id = box};
	int r = box_write(&job, close_fn, info);
	arena_done(&job.arena);
	return r;
}
