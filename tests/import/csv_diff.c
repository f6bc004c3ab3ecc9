/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/import/csv_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "import/csv_fast.h"
#include "import/table.h"

_Static_assert(CSV_BLOCK == 64, "this is about the edges of blocks");

enum { HEAD_BYTES = 64 << 10 };

/* What each block gave: cells as length and bytes. */
struct taken {
	struct buf *blocks;
	int columns;
};

static int take(void *arg, unsigned part, const struct csv_block *block)
{
	struct taken *t = arg;
	struct buf *buf = &t->blocks[block->index];
	(void)part;
	for (size_t i = 0; i < block->n; i++)
		for (int k = 0; k < block->columns; k++) {
			struct csv_cell cell = csv_cell_at(block, i, k);
			uint32_t len = cell.end - cell.begin;
			buf_add(buf, &len, sizeof(len));
			buf_add(buf, block->data + cell.begin, len);
		}
	return block->columns == t->columns ? 0 : ERR_STATE;
}

static void differ(const void *data, size_t size, const char *what, uint64_t line)
{
	fprintf(stderr, "the readers differ: %s, at line %llu of\n", what, (unsigned long long)line);
	fwrite(data, 1, size, stderr);
	abort();
}

/* The next record of the fast reader that is not blank; false at the end. */
static bool next_record(struct taken *t, uint64_t n_blocks, uint64_t *block, size_t *at,
			struct str *cells)
{
	for (;;) {
		while (*block < n_blocks && *at == t->blocks[*block].len) {
			++*block;
			*at = 0;
		}
		if (*block == n_blocks)
			return false;
		bool blank = true;
		for (int i = 0; i < t->columns; i++) {
			uint32_t len;
			memcpy(&len, t->blocks[*block].data + *at, sizeof(len));
			cells[i] = (struct str){t->blocks[*block].data + *at + sizeof(len), len};
			*at += sizeof(len) + len;
			blank = blank && !str_trim(cells[i]).len;
		}
		if (!blank)
			return true;
	}
}

static int compare(const void *data, size_t size, const struct str *head, struct taken *t,
		   uint64_t n_blocks)
{
	struct err_info info = {0};
	struct table *table;
	struct table_row row;
	struct str cells[CSV_COLUMNS_MAX];
	uint64_t block = 0;
	size_t at = 0;
	int rows = 0, r;

	if (table_open_memory(&table, "f", data, size, NULL, NULL, &info) < 0) {
		/* "<!doctype" and the like; no heading of ours begins so. */
		if (strstr(info.text, "不是表格"))
			return -1;
		differ(data, size, info.text, 0);
	}
	while ((r = table_next(table, &row, &info)) == 1) {
		if (row.broken)
			differ(data, size, row.why, row.line);
		if (rows && !next_record(t, n_blocks, &block, &at, cells))
			differ(data, size, "a record is missing", row.line);
		if (row.n != t->columns)
			differ(data, size, "a wrong number of cells", row.line);
		for (int i = 0; i < row.n; i++)
			if (rows ? !str_eq(row.cells[i], cells[i]) :
				   !str_eq(str_trim(row.cells[i]), head[i]))
				differ(data, size, "a cell", row.line);
		rows++;
	}
	if (r < 0 || !rows || next_record(t, n_blocks, &block, &at, cells))
		differ(data, size, "a record too many", 0);
	table_free(table);
	return rows - 1;
}

int csv_diff(const void *data, size_t size, unsigned threads, int in_file)
{
	struct str head[CSV_COLUMNS_MAX];
	struct csv_source source = {-1, data, size};
	uint64_t body;
	int n = csv_fast_head((struct str){data, size < HEAD_BYTES ? size : HEAD_BYTES}, head, &body);
	bool blank = true;
	for (int i = 0; i < n; i++)
		blank = blank && !head[i].len;
	/* Workbooks go elsewhere; a blank head is no head (grade_head says so). */
	if (n < 0 || blank || memcmp(data, "PK", 2) == 0)
		return -1;

	uint64_t n_blocks = (size - body + CSV_BLOCK - 1) / CSV_BLOCK;
	struct taken taken = {calloc(n_blocks + 1, sizeof(*taken.blocks)), n};
	if (in_file) {
		source.fd = memfd_create("csv", MFD_CLOEXEC);
		if (source.fd < 0 || write(source.fd, data, size) != (ssize_t)size)
			abort();
		source.data = NULL;
	}
	struct csv_scan scan = {
		.source = source, .body = body, .columns = n, .threads = threads,
		.block = take, .arg = &taken,
	};
	int r = csv_fast_scan(&scan);
	if (r == 0)
		r = compare(data, size, head, &taken, n_blocks);
	else if (r != CSV_UNUSUAL)
		differ(data, size, "the fast reader failed", 0);
	else
		r = -1;
	for (uint64_t i = 0; i < n_blocks; i++)
		buf_done(&taken.blocks[i]);
	free(taken.blocks);
	if (in_file)
		close(source.fd);
	return r;
}
