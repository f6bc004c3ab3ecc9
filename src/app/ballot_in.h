/* SPDX-License-Identifier: Apache-2.0 */
/* What the use cases of a ballot box share among themselves. */
#ifndef JW_APP_BALLOT_IN_H
#define JW_APP_BALLOT_IN_H

#include "app/ballot.h"
#include "base/buf.h"

/* One request on its way through a transaction, which may run again. */
struct box_job {
	struct app *app;
	const struct caller *caller;
	int64_t id;
	struct arena arena;		/* emptied when the function runs again */
	struct access access;
	struct ballot_view view;
	void *arg;
};

/* Enters with the right at the box's organisation and reads the box. ERR_STATE
 * where its state is not in `states` (bits 1 << enum box_state), in words. */
int box_enter(struct db_tx *tx, struct box_job *job, enum action action, unsigned states,
	      struct err_info *info);

/* As box_enter without any right: for those who hold a slip. */
int box_load(struct db_tx *tx, int64_t id, struct arena *arena, struct ballot_view *ret_view);

/* The same without any figure: what a voter sees. Takes no longer for a large box. */
int box_load_ballot(struct db_tx *tx, int64_t id, struct arena *arena,
		    struct ballot_view *ret_view);

/* An entry about the box. */
int box_audit(struct db_tx *tx, struct box_job *job, const char *act, const char *before,
	      const char *after);

int box_read(struct box_job *job, db_fn fn, struct err_info *info);
int box_write(struct box_job *job, db_fn fn, struct err_info *info);

/* Derives both counters' keys and unwraps the private key into `secrets`; the
 * view must have been read. ERR_INPUT says that a phrase is wrong. */
int box_unlock(struct box_job *job, const struct ballot_pair *pair, struct ballot_secrets *secrets,
	       struct err_info *info);

/* ballot_create inside a transaction. */
int box_create(struct db_tx *tx, struct app *app, const struct caller *caller,
	       const struct ballot_setup *setup, int64_t *ret_box, struct err_info *info);

/* The secret under which codes are hashed; made when it is first needed. */
int box_hash_key(struct db_tx *tx, unsigned char ret_key[BALLOT_HASH_LEN]);

static inline int box_items(const struct ballot_view *view)
{
	return view->n_orgs * view->n_questions;
}

#endif
