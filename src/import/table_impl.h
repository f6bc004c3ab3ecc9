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

/* Whether a file's name ends so, in capitals or not. */
bool table_ends_with(const char *name, const char *extension);

/* What to do with a file that isn't whole. */
#define TABLE_COPY_AGAIN "多半没有拷完、没有下载完，请重新拷贝或下载；还不行，就在原来的电脑上用 Excel 或 WPS " \
	"打开后另存为 .xlsx"

/* Each opens its kind; on failure `in->own` may still hold the bytes. */
int csv_open(struct table **ret_table, struct table_input *in, struct err_info *info);
int xlsx_open(struct table **ret_table, struct table_input *in, table_is_head is_head, void *arg,
	      struct err_info *info);
int xls_open(struct table **ret_table, struct table_input *in, table_is_head is_head, void *arg,
	     struct err_info *info);

/* Who takes every visible sheet of an .xlsx, in order. Texts live for the call;
 * an error ends the reading. */
enum {
	XLSX_SINK_STRINGS = 1 << 20,
	XLSX_SINK_INFLATED = 256 << 20,	/* bytes of all parts */
};
struct xlsx_sink {
	void *arg;
	int (*sheet)(void *arg, const char *name, struct err_info *info);
	/* `formula` without "=" (empty: shared with another cell); NULL: none. */
	int (*cell)(void *arg, uint32_t row, uint32_t column, struct str text,
		    const struct str *formula, struct err_info *info);
};
int xlsx_each(const struct table_input *in, const struct xlsx_sink *sink, struct err_info *info);

#endif
