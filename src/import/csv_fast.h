/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fast half of reading CSV: plain UTF-8 files with commas, read in blocks
 * by several threads at once. It gives exactly the records that table.h gives,
 * or none: at anything it does not know (a stray quote, a NUL, other encodings,
 * a wrong number of cells) it says CSV_UNUSUAL, and the caller reads the file
 * again with the precise reader, which also finds the words for errors.
 */
#ifndef JW_IMPORT_CSV_FAST_H
#define JW_IMPORT_CSV_FAST_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Tests build this reader with tiny blocks, so that everything lies on an edge. */
#ifndef CSV_TINY
#define CSV_TINY 0
#endif

enum {
	CSV_BLOCK = CSV_TINY ? 64 : 128 << 10,		/* bytes a thread takes at a time */
	CSV_RECORD_MAX = CSV_TINY ? 600 : 64 << 10,	/* longer records are unusual */
	CSV_AHEAD = CSV_TINY ? 16 : 4096,		/* bytes read behind a block at first */
	CSV_COLUMNS_MAX = 320,		/* more columns are unusual */
	CSV_SLACK = 64,			/* readable bytes after a block's end */
	CSV_UNUSUAL = ERR_STATE,
};

/* A cell as a range of the block's bytes; not trimmed. */
struct csv_cell {
	uint32_t begin, end;
};

/* Records of one block. Cell k of all lies between marks[k] and marks[k + 1], or
 * is cells[k] where there are some: use csv_cell_at. */
struct csv_block {
	uint64_t index;			/* blocks count from 0 in the file's order */
	const char *data;		/* CSV_SLACK bytes behind the last cell can be read */
	size_t n;			/* records */
	int columns;
	const uint32_t *marks;
	const struct csv_cell *cells;
	bool in_place;			/* data is the source's own memory */
};

static inline struct csv_cell csv_cell_at(const struct csv_block *block, size_t record, int column)
{
	size_t k = record * (size_t)block->columns + (size_t)column;
	return block->cells ? block->cells[k] :
			      (struct csv_cell){block->marks[k] + 1, block->marks[k + 1]};
}

static inline struct str csv_cell_text(const struct csv_block *block, size_t record, int column)
{
	struct csv_cell cell = csv_cell_at(block, record, column);
	return (struct str){block->data + cell.begin, cell.end - cell.begin};
}

/* Where bytes come from: memory, or an open regular file. */
struct csv_source {
	int fd;
	const char *data;	/* in memory or mapped; NULL: read from fd */
	uint64_t size;
	bool passing;		/* data is a mapped file that nobody needs once it is read */
};

/* The head row of a file that the fast reader can take: its cells, trimmed, in
 * `cells` (at most CSV_COLUMNS_MAX), borrowed from `text`, which holds the first
 * bytes of the file. Returns how many, or CSV_UNUSUAL; *ret_body is the offset
 * of the first byte after it. */
int csv_fast_head(struct str text, struct str *cells, uint64_t *ret_body);

/* Calls `block` for every block, from `threads` threads (`part` tells which),
 * with records of exactly `columns` cells; empty lines are left out. Stops at
 * the first error, which is returned: CSV_UNUSUAL, ERR_IO, ERR_NOMEM or what
 * `block` returned. `progress` (may be NULL) is called by part 0 now and then
 * with the bytes read so far. */
struct csv_scan {
	struct csv_source source;
	uint64_t body;		/* offset of the first record */
	int columns;
	unsigned threads;
	int (*block)(void *arg, unsigned part, const struct csv_block *block);
	void (*progress)(void *arg, uint64_t bytes);
	void *arg;
};
int csv_fast_scan(const struct csv_scan *scan);

#endif
