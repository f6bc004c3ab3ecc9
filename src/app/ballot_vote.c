/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ballot_vote.h"

#include <sodium.h>
#include <string.h>

#include "app/ballot_in.h"
#include "store/id.h"

struct vote {
	unsigned char code[BALLOT_CODE_LEN + 1], hash[BALLOT_HASH_LEN], nonce[BALLOT_HASH_LEN];
	struct str nonce_text;
	int64_t kiosk, now_ms;
	struct ballot_slip slip;
	struct vote_box box;
	enum ballot_refusal refusal;
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

static int find_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct vote *vote = arg;
	unsigned char key[BALLOT_HASH_LEN];

	(void)info;
	vote->refusal = BALLOT_UNKNOWN;
	int r = box_hash_key(tx, key);
	if (r == ERR_NOT_FOUND)
		return 0;
	if (r < 0)
		return r;
	ballot_hash(key, (struct str){(char *)vote->code, BALLOT_CODE_LEN}, vote->hash);
	ballot_hash(key, vote->nonce_text, vote->nonce);
	r = store_slip_find(tx, vote->hash, vote->nonce_text.len ? vote->nonce : NULL, &vote->slip);
	if (r <= 0 || (vote->kiosk && vote->kiosk != vote->slip.box))
		return r < 0 ? r : 0;
	if ((r = store_vote_box(tx, vote->slip.box, &vote->box)) <= 0)
		return r;
	vote->refusal = judge(vote);
	return vote->view ? box_load(tx, vote->slip.box, vote->arena, vote->view) : 0;
}

int ballot_look(struct app *app, struct str code, int64_t kiosk, int64_t now_ms,
		struct arena *arena, struct ballot_sheet *ret_sheet,
		enum ballot_refusal *ret_refusal, struct err_info *info)
{
	struct vote vote = {.kiosk = kiosk, .now_ms = now_ms, .arena = arena,
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

/* Everything that a vote writes. */
static int cast_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct vote *vote = arg;
	struct ballot_slip slip = vote->slip;

	(void)info;
	int r = store_vote_box(tx, slip.box, &vote->box);
	if (r < 0)
		return r;
	if (vote->box.state == BOX_OPEN) {
		r = store_slip_move(tx, slip.box, vote->hash, SLIP_ACTIVE, SLIP_SPENT, vote->nonce);
		if (r < 0)
			return r;
		if (r > 0) {
			vote->refusal = BALLOT_FINE;
			return store_vote_add(tx, slip.box, vote->random, vote->sealed);
		}
	}
	/* Somebody was faster, or the box has closed. */
	r = store_slip_find(tx, vote->hash, vote->nonce, &vote->slip);
	vote->refusal = r > 0 ? judge(vote) : BALLOT_UNKNOWN;
	return r < 0 ? r : 0;
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
	struct vote vote = {.kiosk = kiosk, .now_ms = now_ms, .nonce_text = nonce};
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
			r = db_write(app->db, id_region(vote.slip.box), cast_fn, &vote, info);
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
	int r = box_load(tx, kiosk->box, kiosk->arena, kiosk->view);
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
