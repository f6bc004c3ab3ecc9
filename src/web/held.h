/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Uploads kept between the dry run that shows what would happen and the click
 * that makes it happen, so that nobody has to choose the file twice. In memory,
 * bounded, for half an hour, each for the account that sent it.
 */
#ifndef JW_WEB_HELD_H
#define JW_WEB_HELD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
	HELD_MAX = 32,			/* uploads at once; the oldest gives way */
	HELD_BYTES_MAX = 256 << 20,	/* all together */
	HELD_S = 1800,
	HELD_ID_LEN = 43,
};

struct held;

/* NULL without memory. */
struct held *held_new(void);
void held_free(struct held *held);

/* Copies an upload; its id goes to `ret_id`. ERR_NOMEM, ERR_LIMIT. */
int held_put(struct held *held, int64_t account, struct str name, struct str data, int64_t now,
	     char ret_id[HELD_ID_LEN + 1], struct err_info *info);

/* A copy of the upload, in `arena`; it stays held. ERR_STATE where it is
 * another's, too old or gone. */
int held_get(struct held *held, int64_t account, const char *id, int64_t now, struct arena *arena,
	     struct str *ret_name, struct str *ret_data, struct err_info *info);

/* Lets it go. */
void held_drop(struct held *held, int64_t account, const char *id);

#endif
