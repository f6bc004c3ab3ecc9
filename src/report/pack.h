/* SPDX-License-Identifier: Apache-2.0 */
/* Archives in memory that grow by one file after the other: forms of a node
 * that are handed out together. */
#ifndef JW_REPORT_PACK_H
#define JW_REPORT_PACK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { PACK_MAX = 200 << 20 };	/* bytes of the archive */

/* Adds the file to the archive in `zip` (empty: a new one), whose content is
 * replaced; a name that is there already is written over. Names may be Chinese.
 * ERR_NOMEM, ERR_LIMIT, ERR_INPUT (no archive). On an error `zip` is as it was. */
int pack_add(struct buf *zip, const char *name, struct str data, int64_t made_s,
	    struct err_info *info);

struct pack_file {
	const char *name;
	struct str data;
};

/* As pack_add for several, in their order. */
int pack_all(struct buf *zip, const struct pack_file *files, int n, int64_t made_s,
	     struct err_info *info);

#endif
