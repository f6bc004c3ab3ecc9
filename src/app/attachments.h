/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and photos as people use them: add, read, list, withdraw. Which right
 * each takes follows from what the file belongs to. Whoever may write a thing may
 * attach to it and read what is attached.
 */
#ifndef JW_APP_ATTACHMENTS_H
#define JW_APP_ATTACHMENTS_H

#include "app/app.h"
#include "store/attachment.h"

const char *attachment_kind_id(enum attachment_kind kind);	/* "self" */
const char *attachment_kind_label(enum attachment_kind kind);	/* "自评材料" */

/* What is sent. */
struct attachment_new {
	int64_t org;
	enum attachment_kind kind;
	int64_t object;
	struct str name;		/* as the browser says; only its last part is kept */
	const char *what;		/* at most 200 characters */
	int32_t day;			/* of the thing; not after today; 0: not told */
	struct str data;
	struct str small;		/* its small picture; empty: none can be made; {NULL}: not tried */
};

/* Keeps a file, of a photo its small picture too where app->thumbnailer makes one;
 * what the same account sends twice (a phone whose answer was lost) is kept once.
 * ERR_INPUT: empty, of a type not taken, or dated tomorrow; ERR_LIMIT: over
 * ATTACHMENT_MAX. */
int attachments_add(struct app *app, const struct caller *caller, const struct attachment_new *in,
		    int64_t *ret_id, struct err_info *info);

/* The same inside another use case, which has checked the right. */
int attachments_put(struct db_tx *tx, const struct access *access, const struct attachment_new *in,
		    struct arena *arena, int64_t *ret_id, struct err_info *info);

/* One file and its bytes, appended to `data`. */
int attachments_read(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		     struct attachment *ret_attachment, struct buf *data, struct err_info *info);

/* The small picture of a photo, made now where that was never tried. ERR_NOT_FOUND
 * where none can be made. */
int attachments_small(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		      struct buf *data, struct err_info *info);

struct attachments {
	struct org org;
	struct attachment *at;
	int n;
	bool may_add;			/* the caller may add and withdraw */
};

/* Those of one kind and object of an organisation; object -1: any. */
int attachments_list(struct app *app, const struct caller *caller, int64_t org,
		     enum attachment_kind kind, int64_t object, struct arena *arena,
		     struct attachments *ret_list, struct err_info *info);

/* Marks a file as not counting any more; the reason stays with it.
 * ERR_CONFLICT where it was withdrawn before. */
int attachments_withdraw(struct app *app, const struct caller *caller, int64_t id,
			 const char *reason, struct err_info *info);

#endif
