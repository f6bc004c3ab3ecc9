/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams of an OLE compound file, the container of .xls (and of encrypted
 * .xlsx, .doc and what WPS saves). Only what reading one stream whole needs.
 */
#ifndef JW_IMPORT_OLE_H
#define JW_IMPORT_OLE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct ole {
	struct str file;		/* borrowed */
	unsigned shift, mini_shift;	/* of sectors' sizes */
	uint32_t cutoff;		/* smaller streams lie in the mini stream */
	struct buf fat, mini_fat;	/* uint32_t each */
	struct buf directory, mini;
};

/* Reads the container's tables. ERR_INPUT (without a message) if they are
 * broken; ERR_NOMEM. */
int ole_open(struct ole *ret_ole, struct str file);
void ole_done(struct ole *ole);

/* Whether there is a stream of this ASCII name, in whatever folder. */
bool ole_has(const struct ole *ole, const char *name);

/* Appends a stream to `out`. ERR_NOT_FOUND, ERR_INPUT (both without a
 * message), ERR_NOMEM. */
int ole_read(const struct ole *ole, const char *name, struct buf *out);

#endif
