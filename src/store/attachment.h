/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and photos that belong to something: a self-evaluation's sealed
 * original, a signed tally, evidence of a case. The day of the thing itself is
 * kept apart from the time of its upload. Bytes are stored once in a region, in
 * pieces, found by their SHA-256; nothing is deleted, a file is withdrawn with a
 * reason and stays readable.
 */
#ifndef JW_STORE_ATTACHMENT_H
#define JW_STORE_ATTACHMENT_H

#include "base/buf.h"
#include "db/db.h"
#include "domain/file_type.h"

enum {
	ATTACHMENT_MAX = 20 << 20,	/* bytes of a file */
	ATTACHMENT_PIECE = 1 << 20,	/* bytes of a row */
	ATTACHMENT_LIST_MAX = 2000,	/* of one list */
	ATTACHMENT_HASH_LEN = 32,
};

/* What it belongs to; stored, never renumber. `object` is the number in
 * brackets. */
enum attachment_kind {
	ATTACHED_ORG = 0,		/* the organisation (0) */
	ATTACHED_SURVEY = 1,		/* survey (campaign) */
	ATTACHED_SELF = 2,		/* self-evaluation (campaign) */
	ATTACHED_SCORE = 3,		/* scores (campaign) */
	ATTACHED_COUNT = 4,		/* counted ballots (campaign) */
	ATTACHED_MEETING = 5,		/* meeting (its number) */
	ATTACHED_PUBLICITY = 6,		/* publicity (its number) */
	ATTACHED_SUBMISSION = 7,	/* what is handed in (campaign) */
	ATTACHED_CASE = 8,		/* rectification as a whole (case) */
	ATTACHED_PROBLEM = 9,		/* evidence for a problem (problem) */
	ATTACHED_VISIT = 10,		/* visit (case) */
	ATTACHED_CHECK = 11,		/* spot check (its number) */
	ATTACHED_ACCEPTANCE = 12,	/* acceptance, look-back (case) */
	ATTACHED_PRINT = 13,		/* a printed form, stamped (its print) */
	ATTACHED_COUNT_KINDS,
};

/* The small picture of a photo. */
enum attachment_small { SMALL_UNTRIED, SMALL_KEPT, SMALL_NONE };

struct attachment {
	int64_t id;			/* 0: new; carries its region */
	int64_t org;
	enum attachment_kind kind;
	int64_t object;
	const char *name;		/* the file's */
	const char *what;		/* what it shows; "" if not told */
	enum file_type type;
	int64_t size;			/* bytes */
	unsigned char sha256[ATTACHMENT_HASH_LEN];
	int32_t day;			/* of the thing; 0: not told */
	int64_t added_ms;
	int64_t account;
	const char *who;
	int64_t withdrawn_ms;		/* 0: it counts */
	const char *withdrawn_by, *withdrawn_why;
	enum attachment_small small;	/* read only */
};

/* Writes the file's bytes, unless the region has them, and the row; sets `id`,
 * `size` and `sha256`. 1 where the same account sent the same bytes for the same
 * thing, with the same words and day, before: that one's id, and nothing is
 * written. */
int store_attachment_insert(struct db_tx *tx, struct attachment *attachment, struct str data);

/* 1 and the row (texts in `arena`), 0 if there is none, or an error. */
int store_attachment_get(struct db_tx *tx, int64_t id, struct arena *arena,
			 struct attachment *ret_attachment);

/* Appends the file's bytes to `out`; ERR_IO where they are not those that were
 * stored. */
int store_attachment_read(struct db_tx *tx, const struct attachment *attachment, struct buf *out);

/* The small picture of a photo, a JPEG without metadata, kept with its bytes: put
 * once (empty: none can be made), read as 1, or 0 where there is none. */
int store_attachment_put_small(struct db_tx *tx, const struct attachment *attachment,
			       struct str small);
int store_attachment_read_small(struct db_tx *tx, const struct attachment *attachment,
				struct buf *out);

/* Those of an organisation, oldest first; `kind` -1 and `object` -1 mean any.
 * Withdrawn ones too. At most ATTACHMENT_LIST_MAX. */
int store_attachment_list(struct db_tx *tx, int64_t org, int kind, int64_t object,
			  struct arena *arena, struct attachment **ret_attachments, int *ret_n);

/* Those of organisations with cases below the path, all of each, for the lists that follow
 * on the snapshot. */
int store_attachments_know(struct db_tx *tx, const char *path);

/* Those of spot checks of organisations below and with a path, oldest first, at
 * most ATTACHMENT_LIST_MAX. */
int store_attachments_of_checks(struct db_tx *tx, const char *path, struct arena *arena,
				struct attachment **ret_attachments, int *ret_n);

/* ERR_CONFLICT where it is withdrawn already. */
int store_attachment_withdraw(struct db_tx *tx, int64_t id, int64_t now_ms, const char *who,
			      const char *why);

/* The same of any table whose rows are withdrawn, never deleted: the statement is
 * "UPDATE table" STORE_WITHDRAWS " AND id = $5". */
#define STORE_WITHDRAWS " SET withdrawn_ms = $1, withdrawn_by = $2, withdrawn_why = $3" \
	" WHERE region = $4 AND withdrawn_ms = 0"
int store_withdraw(struct db_stmt *q, int64_t id, int64_t now_ms, const char *who, const char *why);

/* Bytes of a region, kept once however often they come; other tables hold their
 * hash. The reading appends and is ERR_IO where they are not those stored. */
int store_bytes_put(struct db_tx *tx, int64_t region, struct str data,
		    unsigned char ret_sha256[ATTACHMENT_HASH_LEN]);
int store_bytes_get(struct db_tx *tx, int64_t region, const unsigned char *sha256, struct buf *out);

#endif
