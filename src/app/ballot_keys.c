/* SPDX-License-Identifier: Apache-2.0 */
/* The counters' phrases, the key pair and the test ballot. */
#include <sodium.h>
#include <string.h>

#include "app/ballot_in.h"

static int check_counters(const struct ballot_counter_in *in, int n, struct err_info *info)
{
	if (n < BALLOT_COUNTERS_MIN || n > BALLOT_COUNTERS_MAX)
		return err_set(info, ERR_INPUT, "监票人应有 %d 或 %d 人", BALLOT_COUNTERS_MIN,
			       BALLOT_COUNTERS_MAX);
	for (int i = 0; i < n; i++) {
		size_t characters = 0;
		for (const char *p = in[i].phrase; *p; p++)
			characters += ((unsigned char)*p & 0xC0) != 0x80;
		if (!*in[i].name || strlen(in[i].name) > 120)
			return err_set(info, ERR_INPUT, "请写监票人的姓名");
		if (characters < BALLOT_PHRASE_MIN || strlen(in[i].phrase) > BALLOT_PHRASE_MAX)
			return err_set(info, ERR_INPUT, "%s的口令应有 %d 个字以上（最多 %d 字节）",
				       in[i].name, BALLOT_PHRASE_MIN, BALLOT_PHRASE_MAX);
		for (int j = 0; j < i; j++) {
			if (strcmp(in[i].name, in[j].name) == 0)
				return err_set(info, ERR_INPUT, "监票人“%s”写了两次", in[i].name);
			if (strcmp(in[i].phrase, in[j].phrase) == 0)
				return err_set(info, ERR_INPUT, "两名监票人的口令一样，请各用各的");
		}
	}
	return 0;
}

/* What becomes of the phrases; written in one transaction. */
struct keys {
	const struct ballot_counter_in *in;
	int n;
	const struct ballot_cost *cost;
	unsigned char public_key[BALLOT_KEY_LEN];
	unsigned char salt[BALLOT_COUNTERS_MAX][BALLOT_SALT_LEN];
	struct ballot_wrap wraps[BALLOT_COUNTERS_MAX];	/* as many pairs as counters */
	int n_wraps;
};

/* Opens each wrapped copy and with it a sealed ballot. */
static int try_wraps(const struct keys *keys, int64_t box, struct ballot_secrets *secrets,
		     struct err_info *info)
{
	for (int i = 0; i < keys->n_wraps; i++) {
		struct ballot_answers answers = {.box = box, .n = 1}, opened;
		unsigned char sealed[BALLOT_SEALED_LEN];
		sodium_memzero(secrets->private_key, BALLOT_KEY_LEN);
		if (ballot_unwrap_key(box, &keys->wraps[i], secrets) ||
		    ballot_seal(keys->public_key, &answers, sealed) ||
		    ballot_unseal(keys->public_key, secrets,
				  (struct str){(char *)sealed, sizeof(sealed)}, box, 1, 1, &opened))
			return err_set(info, ERR_IO, "密钥自检没有通过，请重新设置口令");
	}
	return 0;
}

static int make_keys(struct app *app, int64_t box, struct keys *keys,
		     struct ballot_secrets *secrets, struct err_info *info)
{
	for (int i = 0; i < keys->n; i++) {
		randombytes_buf(keys->salt[i], BALLOT_SALT_LEN);
		int r = ballot_phrase_key(app, keys->in[i].phrase, keys->salt[i], keys->cost,
					  secrets->counter_key[i], info);
		if (r < 0)
			return r;
	}
	crypto_box_keypair(keys->public_key, secrets->private_key);
	for (int a = 0; a < keys->n; a++)
		for (int b = a + 1; b < keys->n; b++)
			ballot_wrap_key(box, a, b, secrets, &keys->wraps[keys->n_wraps++]);
	return try_wraps(keys, box, secrets, info);
}

static int keys_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	const struct keys *keys = job->arg;
	char fingerprint[BALLOT_FINGERPRINT_LEN + 1];
	AUTO(buf) struct buf after = {0};

	int r = box_enter(tx, job, ACTION_BALLOT_WRITE, 1 << BOX_DRAFT, info);
	if (r < 0)
		return r;
	struct ballot_box *box = &job->view.box;
	ballot_fingerprint(keys->public_key, fingerprint);
	memcpy(box->public_key, keys->public_key, BALLOT_KEY_LEN);
	box->has_key = true;
	box->state = BOX_KEYED;
	box->fingerprint = fingerprint;
	box->kdf_passes = keys->cost->passes;
	box->kdf_kib = keys->cost->kib;
	r = store_box_update(tx, box);
	buf_addf(&after, "密钥指纹 %s；", fingerprint);
	for (int c = 0; c < VOTERS_COUNT; c++)
		if (job->view.there[c])
			buf_addf(&after, "%s %lld 人；", voters_label((enum voters)c),
				 (long long)job->view.figures[c].head);
	buf_adds(&after, "监票人");
	for (int i = 0; r == 0 && i < keys->n; i++) {
		struct ballot_counter counter = {.n = i, .name = keys->in[i].name};
		memcpy(counter.salt, keys->salt[i], BALLOT_SALT_LEN);
		buf_addf(&after, "%s%s", i ? "、" : "：", counter.name);
		r = store_counter_add(tx, job->id, &counter);
	}
	for (int i = 0; r == 0 && i < keys->n_wraps; i++)
		r = store_wrap_add(tx, job->id, &keys->wraps[i]);
	return r ? r : box_audit(tx, job, "ballot.keys", "", buf_str(&after));
}

static int draft_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	return box_enter(tx, arg, ACTION_BALLOT_WRITE, 1 << BOX_DRAFT, info);
}

int ballot_set_counters(struct app *app, const struct caller *caller, int64_t box,
			const struct ballot_counter_in *counters, int n,
			const struct ballot_cost *cost, struct err_info *info)
{
	struct keys keys = {.in = counters, .n = n, .cost = cost};
	struct box_job job = {.app = app, .caller = caller, .id = box, .arg = &keys};
	int r = check_counters(counters, n, info);
	/* The right first: hashing takes seconds. */
	if (r == 0)
		r = box_read(&job, draft_fn, info);
	struct ballot_secrets *secrets = r ? NULL : ballot_secrets_new();
	if (r == 0 && !secrets)
		r = err_nomem(info);
	if (r == 0)
		r = make_keys(app, box, &keys, secrets, info);
	ballot_secrets_free(secrets);
	if (r == 0)
		r = box_write(&job, keys_fn, info);
	arena_done(&job.arena);
	return r;
}

/* ---- two phrases ---- */

struct unlock {
	struct box_job *job;
	int a, b;
	struct ballot_wrap wrap;
};

static int wrap_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct unlock *unlock = arg;
	int r = store_wrap_get(tx, unlock->job->id, unlock->a, unlock->b, &unlock->wrap);
	return r < 0 ? r : r ? 0 : err_set(info, ERR_STATE, "这个票箱没有可用的密钥");
}

int box_unlock(struct box_job *job, const struct ballot_pair *pair, struct ballot_secrets *secrets,
	       struct err_info *info)
{
	const struct ballot_view *view = &job->view;
	const struct ballot_cost cost = {view->box.kdf_passes, view->box.kdf_kib};
	bool swapped = pair->a > pair->b;
	struct unlock unlock = {.job = job, .a = swapped ? pair->b : pair->a,
				.b = swapped ? pair->a : pair->b};
	const char *phrases[2] = {swapped ? pair->phrase_b : pair->phrase_a,
				  swapped ? pair->phrase_a : pair->phrase_b};

	if (unlock.a < 0 || unlock.b >= view->n_counters || unlock.a == unlock.b)
		return err_set(info, ERR_INPUT, "要两名不同的监票人，各输各的口令");
	int r = db_read(job->app->db, wrap_fn, &unlock, info);
	if (r == 0)
		r = ballot_phrase_key(job->app, phrases[0], view->counters[unlock.a].salt, &cost,
				      secrets->counter_key[unlock.a], info);
	if (r == 0)
		r = ballot_phrase_key(job->app, phrases[1], view->counters[unlock.b].salt, &cost,
				      secrets->counter_key[unlock.b], info);
	if (r == 0 && ballot_unwrap_key(job->id, &unlock.wrap, secrets))
		r = err_set(info, ERR_INPUT, "口令不对：%s、%s两人的口令要都对才能打开",
			    view->counters[unlock.a].name, view->counters[unlock.b].name);
	return r;
}

/* ---- the test ballot ---- */

static int keyed_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	return box_enter(tx, arg, ACTION_BALLOT_WRITE, 1 << BOX_KEYED | 1 << BOX_TESTED, info);
}

static int tested_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct box_job *job = arg;
	int r = keyed_fn(tx, arg, info);
	if (r < 0)
		return r;
	job->view.box.state = BOX_TESTED;
	r = store_box_update(tx, &job->view.box);
	return r ? r : box_audit(tx, job, "ballot.test", "", "试投一票，封好、打开，内容相符");
}

static int try_ballot(struct box_job *job, const struct ballot_pair *pair,
		      const unsigned char *answers, struct ballot_secrets *secrets,
		      struct err_info *info)
{
	const struct ballot_view *view = &job->view;
	struct ballot_answers in = {.box = job->id, .n = box_items(view)}, out;
	unsigned char sealed[BALLOT_SEALED_LEN];

	for (int i = 0; i < in.n; i++) {
		if (answers[i] >= view->n_options)
			return err_set(info, ERR_INPUT, "试投的票每项都要选");
		in.option[i] = answers[i];
	}
	int r = box_unlock(job, pair, secrets, info);
	if (r < 0)
		return r;
	if (ballot_seal(view->box.public_key, &in, sealed) ||
	    ballot_unseal(view->box.public_key, secrets, (struct str){(char *)sealed, sizeof(sealed)},
			  job->id, in.n, view->n_options, &out) ||
	    memcmp(in.option, out.option, (size_t)in.n) != 0)
		return err_set(info, ERR_IO, "试投的票打开后和投的不一样，这个票箱不能用");
	return 0;
}

int ballot_test(struct app *app, const struct caller *caller, int64_t box,
		const struct ballot_pair *pair, const unsigned char *answers,
		struct err_info *info)
{
	struct box_job job = {.app = app, .caller = caller, .id = box};
	struct ballot_secrets *secrets = ballot_secrets_new();
	int r = secrets ? box_read(&job, keyed_fn, info) : err_nomem(info);
	if (r == 0)
		r = try_ballot(&job, pair, answers, secrets, info);
	ballot_secrets_free(secrets);
	if (r == 0)
		r = box_write(&job, tested_fn, info);
	arena_done(&job.arena);
	return r;
}
