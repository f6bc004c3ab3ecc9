/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the readers behind table.h share among themselves. Every reader embeds
 * `struct table` as its first member.
 */
#ifndef JW_IMPORT_TABLE_IMPL_H
#define JW_IMPORT_TABLE_IMPL_H

#include "base/buf.h"
#include "import/table.h"

struct table {
	bool sheet;
	int (*next)(struct table *table, struct table_row *ret_row, struct err_info *info);
	void (*free)(struct table *table);
};

/* The bytes of a file. A reader that keeps them beyond its open call takes
 * `own` (and leaves it empty); borrowed bytes have an empty `own`. */
struct table_input {
	const char *name;	/* for messages; only valid during open */
	const char *data;
	size_t len;
	struct buf own;
};

/* Each opens its kind; on failure `in->own` may still hold the bytes. */
int csv_open(struct table **ret_table, struct table_input *in, struct err_info *info);
int xlsx_open(struct table **ret_table, struct table_input *in, table_is_head is_head, void *arg,
	      struct err_info *info);
int xls_open(struct table **ret_table, struct table_input *in, table_is_head is_head, void *arg,
	     struct err_info *info);

#endif
