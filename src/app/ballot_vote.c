/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ballot_vote.h"

#include <assert.h>
#include <sched.h>
#include <sodium.h>
#include <string.h>

#include "app/ballot_in.h"
#include "store/id.h"

/* One who votes, or looks at his ballot. */
struct vote {
	struct app *app;
	unsigned char code[BALLOT_CODE_LEN + 1], hash[BALLOT_HASH_LEN], nonce[BALLOT_HASH_LEN];
	struct str nonce_text;
	int64_t kiosk, now_ms;
	struct ballot_slip slip;
	struct vote_box box;
	enum ballot_refusal refusal;
	struct ballot_try *try;		/* whose vote it is; NULL: who only looks */
	bool known;			/* the slip */
	bool taken;			/* into a statement of cast_fn */
	unsigned char random[BALLOT_RANDOM_LEN], sealed[BALLOT_SEALED_LEN];
};

static enum ballot_refusal judge(const struct vote *vote)
{
	if (vote->slip.state == SLIP_SPENT)
		return vote->slip.same_try ? BALLOT_FINE : BALLOT_USED;
	if (vote->slip.state == SLIP_VOIDED)
		return BALLOT_VOIDED;
	if (vote->slip.state == SLIP_EXCHANGED)
		return BALLOT_FOR_PAPER;
	if (vote->box.state > BOX_OPEN || vote->now_ms >= vote->box.closes_ms)
		return BALLOT_OVER;
	if (vote->slip.state != SLIP_ACTIVE)
		return BALLOT_INACTIVE;
	return vote->box.state == BOX_OPEN ? BALLOT_FINE : BALLOT_NOT_YET;
}

/* The same for all votes: read once. */
static int hash_key(struct db_tx *tx, struct app *app, unsigned char ret_key[BALLOT_HASH_LEN])
{
	_Static_assert(sizeof(app->slips.key) == (size_t)BALLOT_HASH_LEN, "a key");
	pthread_mutex_lock(&app->slips.lock);
	bool known = app->slips.known;
	memcpy(ret_key, app->slips.key, BALLOT_HASH_LEN);
	pthread_mutex_unlock(&app->slips.lock);
	int r = known ? 0 : box_hash_key(tx, ret_key);
	if (r < 0 || known)
		return r;
	pthread_mutex_lock(&app->slips.lock);
	memcpy(app->slips.key, ret_key, BALLOT_HASH_LEN);
	app->slips.known = true;
	pthread_mutex_unlock(&app->slips.lock);
	return 0;
}

struct looking {
	struct vote **votes;
	int n;
	/* Of one only: the ballot, where it is asked for. */
	struct arena *arena;
	struct ballot_view *view;
};

/* The slips of all, with one statement. */
static int find_slips(struct db_tx *tx, struct vote **votes, int n)
{
	struct slip_row rows[VOTES_MAX];

	for (int i = 0; i < n; i++)
		rows[i] = (struct slip_row){votes[i]->hash, votes[i]->nonce_text.len ? votes[i]->nonce : NULL};
	int r = store_slips_find(tx, rows, n);
	for (int i = 0; r >= 0 && i < n; i++) {
		votes[i]->slip = rows[i].slip;
		votes[i]->known = rows[i].found && (!votes[i]->kiosk || votes[i]->kiosk == rows[i].slip.box);
	}
	return r;
}

/* Their boxes, each read once. */
static int find_boxes(struct db_tx *tx, struct vote **votes, int n)
{
	for (int i = 0; i < n; i++) {
		struct vote *vote = votes[i];
		int k = 0, r = 1;
		if (!vote->known)
			continue;
		while (k < i && !(votes[k]->known && votes[k]->slip.box == vote->slip.box))
			k++;
		if (k < i)
			vote->box = votes[k]->box;
		else
			r = store_vote_box(tx, vote->slip.box, &vote->box);
		if (r < 0)
			return r;
		vote->known = r > 0;
		if (vote->known)
			vote->refusal = judge(vote);
	}
	return 0;
}

static int find_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct looking *looking = arg;
	unsigned char key[BALLOT_HASH_LEN];

	(void)info;
	if (!looking->view)
		db_keyed(tx);
	for (int i = 0; i < looking->n; i++) {
		looking->votes[i]->refusal = BALLOT_UNKNOWN;
		looking->votes[i]->known = false;
	}
	int r = looking->n ? hash_key(tx, looking->votes[0]->app, key) : 0;
	if (r == ERR_NOT_FOUND || !looking->n)
		return 0;
	if (r < 0)
		return r;
	for (int i = 0; i < looking->n; i++) {
		struct vote *vote = looking->votes[i];
		ballot_hash(key, (struct str){(char *)vote->code, BALLOT_CODE_LEN}, vote->hash);
		ballot_hash(key, vote->nonce_text, vote->nonce);
	}
	r = find_slips(tx, looking->votes, looking->n);
	if (r >= 0)
		r = find_boxes(tx, looking->votes, looking->n);
	if (r < 0 || !looking->view || !looking->votes[0]->known)
		return r < 0 ? r : 0;
	return box_load_ballot(tx, looking->votes[0]->slip.box, looking->arena, looking->view);
}

int ballot_look(struct app *app, struct str code, int64_t kiosk, int64_t now_ms,
		struct arena *arena, struct ballot_sheet *ret_sheet,
		enum ballot_refusal *ret_refusal, struct err_info *info)
{
	struct vote vote = {.app = app, .kiosk = kiosk, .now_ms = now_ms}, *one = &vote;
	struct looking looking = {&one, 1, arena, &ret_sheet->view};
	int r = ballot_code_read(code, (char *)vote.code, info);
	if (r == 0)
		r = db_read(app->db, find_fn, &looking, info);
	if (r == 0) {
		ret_sheet->class = vote.slip.class;
		*ret_refusal = vote.refusal;
	}
	sodium_memzero(&vote, sizeof(vote));
	return r;
}

/* ---- what a vote writes, of many at once ---- */

static bool same_slip(const struct vote *a, const struct vote *b)
{
	return memcmp(a->hash, b->hash, BALLOT_HASH_LEN) == 0;
}

/* The next votes for the box of `first` that were not taken yet, no slip twice. */
static int next_votes(struct vote *const *votes, int n, int first, struct vote **ret_rows)
{
	const struct vote *one = votes[first];
	int n_rows = 0;

	for (int i = first; i < n && n_rows < VOTES_MAX; i++) {
		struct vote *vote = votes[i];
		bool twice = false;
		for (int k = 0; k < n_rows; k++)
			twice |= same_slip(ret_rows[k], vote);
		if (!vote->taken && !twice && vote->slip.box == one->slip.box)
			ret_rows[n_rows++] = vote;
	}
	return n_rows;
}

/* Somebody was faster, or the box has closed. */
static int ask_again(struct db_tx *tx, struct vote *vote)
{
	int r = store_slip_find(tx, vote->hash, vote->nonce, &vote->slip);
	vote->refusal = r > 0 ? judge(vote) : BALLOT_UNKNOWN;
	return r < 0 ? r : 0;
}

/* ERR_CONFLICT where somebody was faster with one of the slips. */
static int cast_some(struct db_tx *tx, struct vote *const *votes, int n)
{
	int64_t box = votes[0]->slip.box;
	struct vote_row rows[VOTES_MAX];
	enum box_state state = BOX_VOID;
	int r = store_box_state(tx, box, &state);

	for (int i = 0; i < n; i++) {
		rows[i] = (struct vote_row){votes[i]->hash, votes[i]->nonce, votes[i]->random,
					    votes[i]->sealed};
		votes[i]->box.state = state;
		votes[i]->taken = true;
	}
	if (r >= 0 && state == BOX_OPEN) {
		r = store_votes_add(tx, box, rows, n);
		if (r != 0)
			return r < 0 ? r : 0;
		if (n > 1)
			return ERR_CONFLICT;
	}
	for (int i = 0; r >= 0 && i < n; i++)
		r = ask_again(tx, votes[i]);
	return r < 0 ? r : 0;
}

struct casting {
	struct vote **votes;
	int n;
};

static int cast_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct casting *casting = arg;
	struct vote *some[VOTES_MAX];
	int r = 0;

	(void)info;
	db_keyed(tx);
	for (int i = 0; i < casting->n; i++) {
		casting->votes[i]->taken = false;
		casting->votes[i]->refusal = BALLOT_FINE;
	}
	for (int i = 0; r == 0 && i < casting->n; i++)
		if (!casting->votes[i]->taken)
			r = cast_some(tx, some, next_votes(casting->votes, casting->n, i, some));
	return r;
}

static int seal(struct vote *vote)
{
	const unsigned char *options = vote->try->options;
	struct err_info *info = vote->try->info;
	int n = vote->try->n;
	struct ballot_answers answers = {.box = vote->slip.box, .class = vote->slip.class, .n = n};
	int r = 0;

	if (n != vote->box.n_items)
		return err_set(info, ERR_INPUT, "每一项都要选");
	for (int i = 0; i < n; i++) {
		if (options[i] >= vote->box.n_options)
			r = err_set(info, ERR_INPUT, "每一项都要选");
		answers.option[i] = options[i];
	}
	if (r == 0 && ballot_seal(vote->box.public_key, &answers, vote->sealed))
		r = err_set(info, ERR_IO, "没有投成，请再按一次“确认投票”");
	randombytes_buf(vote->random, sizeof(vote->random));
	sodium_memzero(&answers, sizeof(answers));
	return r;
}

/* What was sent can be a vote. */
static int read_try(const struct ballot_try *try, struct vote *ret_vote)
{
	if (ballot_code_read(try->code, (char *)ret_vote->code, try->info) < 0)
		return ERR_INPUT;
	if (try->nonce.len < BALLOT_NONCE_MIN || try->nonce.len > BALLOT_NONCE_MAX)
		return err_set(try->info, ERR_INPUT, "这一页放得太久了，请重新输入代码");
	if (try->n < 1 || try->n > BALLOT_ITEMS_MAX)
		return err_set(try->info, ERR_INPUT, "每一项都要选");
	return 0;
}

/* All of one county in one transaction; where one of them is not to be had any more, each
 * in its own. */
static void cast_region(struct app *app, struct vote **votes, int n)
{
	struct err_info info = {0};
	struct casting casting = {votes, n};
	int r = db_write(app->db, id_region(votes[0]->slip.box), cast_fn, &casting, &info);

	if (r == ERR_CONFLICT && n > 1) {
		for (int i = 0; i < n; i++)
			cast_region(app, &votes[i], 1);
		return;
	}
	for (int i = 0; r < 0 && i < n; i++) {
		votes[i]->try->result = r;
		if (votes[i]->try->info)
			*votes[i]->try->info = info;
	}
}

static void cast_sealed(struct app *app, struct vote **votes, int n)
{
	struct vote *some[VOTES_MAX];

	while (n) {
		int64_t region = id_region(votes[0]->slip.box);
		int n_some = 0, rest = 0;
		for (int i = 0; i < n; i++) {
			if (id_region(votes[i]->slip.box) == region)
				some[n_some++] = votes[i];
			else
				votes[rest++] = votes[i];
		}
		cast_region(app, some, n_some);
		n = rest;
	}
}

void ballot_cast_votes(struct app *app, struct ballot_try *tries, int n, int64_t now_ms)
{
	struct vote all[VOTES_MAX], *votes[VOTES_MAX];
	struct err_info info = {0};
	int n_votes = 0, n_sealed = 0;

	assert(n <= VOTES_MAX);
	for (int i = 0; i < n; i++) {
		all[i] = (struct vote){.app = app, .kiosk = tries[i].kiosk, .now_ms = now_ms,
				       .nonce_text = tries[i].nonce, .try = &tries[i]};
		tries[i].result = read_try(&tries[i], &all[i]);
		if (tries[i].result == 0)
			votes[n_votes++] = &all[i];
	}
	struct looking looking = {.votes = votes, .n = n_votes};
	int r = db_read(app->db, find_fn, &looking, &info);
	for (int i = 0; i < n_votes; i++) {
		struct ballot_try *try = votes[i]->try;
		try->result = r;
		if (r < 0 && try->info)
			*try->info = info;
		if (r == 0 && votes[i]->refusal == BALLOT_FINE && votes[i]->slip.state == SLIP_ACTIVE &&
		    (try->result = seal(votes[i])) == 0)
			votes[n_sealed++] = votes[i];
		/* Who has just been woken by the disk or by a connection goes first: all others wait
		 * for him, and sealing is long. */
		sched_yield();
	}
	cast_sealed(app, votes, n_sealed);
	for (int i = 0; i < n; i++)
		tries[i].refusal = all[i].refusal;
	sodium_memzero(all, sizeof(all[0]) * (size_t)n);
}

int ballot_cast_vote(struct app *app, struct str code, struct str nonce, int64_t kiosk,
		     const unsigned char *options, int n, int64_t now_ms,
		     enum ballot_refusal *ret_refusal, struct err_info *info)
{
	struct ballot_try try = {.code = code, .nonce = nonce, .kiosk = kiosk, .options = options, .n = n,
				 .info = info};

	ballot_cast_votes(app, &try, 1, now_ms);
	if (try.result == 0)
		*ret_refusal = try.refusal;
	return try.result;
}

struct kiosk {
	int64_t box;
	struct arena *arena;
	struct ballot_view *view;
};

static int kiosk_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct kiosk *kiosk = arg;
	int r = box_load_ballot(tx, kiosk->box, kiosk->arena, kiosk->view);
	if (r == 0 && kiosk->view->box.state != BOX_OPEN)
		r = ERR_NOT_FOUND;
	return r == ERR_NOT_FOUND ? err_set(info, r, "这个票箱现在没有开") : r;
}

int ballot_kiosk(struct app *app, int64_t box, struct arena *arena, struct ballot_view *ret_view,
		 struct err_info *info)
{
	struct kiosk kiosk = {box, arena, ret_view};
	return db_read(app->db, kiosk_fn, &kiosk, info);
}
