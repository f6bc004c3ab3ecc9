/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ballot_vote.h"

#include <sodium.h>
#include <string.h>

#include "app/ballot_in.h"
#include "store/id.h"

struct vote {
	struct app *app;
	unsigned char code[BALLOT_CODE_LEN + 1], hash[BALLOT_HASH_LEN], nonce[BALLOT_HASH_LEN];
	struct str nonce_text;
	int64_t kiosk, now_ms;
	struct ballot_slip slip;
	struct vote_box box;
	enum ballot_refusal refusal;
	bool taken;			/* into a statement of cast_fn */
	struct arena *arena;
	struct ballot_view *view;	/* NULL: not asked for */
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

static int find_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct vote *vote = arg;
	unsigned char key[BALLOT_HASH_LEN];

	(void)info;
	vote->refusal = BALLOT_UNKNOWN;
	int r = hash_key(tx, vote->app, key);
	if (r == ERR_NOT_FOUND)
		return 0;
	if (r < 0)
		return r;
	ballot_hash(key, (struct str){(char *)vote->code, BALLOT_CODE_LEN}, vote->hash);
	ballot_hash(key, vote->nonce_text, vote->nonce);
	r = store_vote_find(tx, vote->hash, vote->nonce_text.len ? vote->nonce : NULL, &vote->slip,
			    &vote->box);
	if (r <= 0 || (vote->kiosk && vote->kiosk != vote->slip.box))
		return r < 0 ? r : 0;
	vote->refusal = judge(vote);
	return vote->view ? box_load_ballot(tx, vote->slip.box, vote->arena, vote->view) : 0;
}

int ballot_look(struct app *app, struct str code, int64_t kiosk, int64_t now_ms,
		struct arena *arena, struct ballot_sheet *ret_sheet,
		enum ballot_refusal *ret_refusal, struct err_info *info)
{
	struct vote vote = {.app = app, .kiosk = kiosk, .now_ms = now_ms, .arena = arena,
			    .view = &ret_sheet->view};
	int r = ballot_code_read(code, (char *)vote.code, info);
	if (r == 0)
		r = db_read(app->db, find_fn, &vote, info);
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
static int next_votes(void *const *votes, int n, int first, struct vote **ret_rows)
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

static int cast_some(struct db_tx *tx, struct vote *const *votes, int n)
{
	int64_t box = votes[0]->slip.box;
	struct vote_row rows[VOTES_MAX];
	enum box_state state = BOX_VOID;
	int r = store_box_state(tx, box, &state);

	for (int i = 0; i < n; i++) {
		rows[i] = (struct vote_row){votes[i]->hash, votes[i]->nonce, votes[i]->random,
					    votes[i]->sealed, false};
		votes[i]->box.state = state;
		votes[i]->taken = true;
	}
	if (r >= 0 && state == BOX_OPEN)
		r = store_votes_add(tx, box, rows, n);
	for (int i = 0; r >= 0 && i < n; i++) {
		if (rows[i].spent)
			votes[i]->refusal = BALLOT_FINE;
		else
			r = ask_again(tx, votes[i]);
	}
	return r < 0 ? r : 0;
}

static int cast_fn(struct db_tx *tx, void *const *votes, int n, struct err_info *info)
{
	struct vote *some[VOTES_MAX];
	int r = 0;

	(void)info;
	for (int i = 0; i < n; i++)
		((struct vote *)votes[i])->taken = false;
	for (int i = 0; r == 0 && i < n; i++)
		if (!((struct vote *)votes[i])->taken)
			r = cast_some(tx, some, next_votes(votes, n, i, some));
	return r;
}

static int seal(struct vote *vote, const unsigned char *options, int n, struct err_info *info)
{
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

int ballot_cast_vote(struct app *app, struct str code, struct str nonce, int64_t kiosk,
		     const unsigned char *options, int n, int64_t now_ms,
		     enum ballot_refusal *ret_refusal, struct err_info *info)
{
	struct vote vote = {.app = app, .kiosk = kiosk, .now_ms = now_ms, .nonce_text = nonce};
	int r = ballot_code_read(code, (char *)vote.code, info);

	if (r == 0 && (nonce.len < BALLOT_NONCE_MIN || nonce.len > BALLOT_NONCE_MAX))
		r = err_set(info, ERR_INPUT, "这一页放得太久了，请重新输入代码");
	if (r == 0 && (n < 1 || n > BALLOT_ITEMS_MAX))
		r = err_set(info, ERR_INPUT, "每一项都要选");
	if (r == 0)
		r = db_read(app->db, find_fn, &vote, info);
	if (r == 0 && vote.refusal == BALLOT_FINE && vote.slip.state == SLIP_ACTIVE) {
		r = seal(&vote, options, n, info);
		if (r == 0)
			r = db_write_together(app->db, id_region(vote.slip.box), cast_fn, &vote, info);
	}
	if (r == 0)
		*ret_refusal = vote.refusal;
	sodium_memzero(&vote, sizeof(vote));
	return r;
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
