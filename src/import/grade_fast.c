/* SPDX-License-Identifier: Apache-2.0 */
#include "import/grade_fast.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/big.h"
#include "base/par.h"
#include "domain/exact.h"
#include "domain/org_index.h"
#include "import/ballots_single.h"
#include "import/words.h"

enum {
	BATCH = 64,		/* look-ups under way at once */
	AHEAD = 32,		/* lines that are fetched before their codes likely come */
	BATCH_ROWS = 512,	/* rows of a batch: those of one organisation share a look-up */
	RATER_MAX = 128,
	POINTS_MEMO = 512,
};

/* --- what the threads share --- */

/* A row between its block and its place among all. */
struct fast_org {
	struct org_text text;
	uint32_t eligible[VOTERS_COUNT];
	uint8_t level, field, kind;
};

struct org_block {
	struct fast_org *orgs;
	size_t n;
	uint32_t first;		/* node of its first row */
};

enum {
	TEXTS_OF_BLOCK = CSV_BLOCK + CSV_RECORD_MAX + CSV_SLACK,
	PIECE_MAX = 32 << 20,
};

/* What is left of a thread's piece. */
struct piece_rest {
	char *next;
	size_t left;
};

/* The rater of the last row, so that most rows need no look-up. */
struct rater_memo {
	char text[RATER_MAX];
	uint32_t len, number;
};

struct fast {
	struct grade_reader *reader;
	struct words levels, fields;			/* organisations */
	struct words sources;				/* scores */
	bool wide_plain;	/* wide, every scored column a leaf of the scheme */
	int n_scored;		/* columns that are leaves of the scheme */
	struct {
		int column, leaf;
	} scored[CSV_COLUMNS_MAX];
	uint64_t all_scored[BOOK_WORDS_MAX];	/* their leaves */
	/* Per category (the last: outside) and scored column the most points. */
	int32_t max_e4[SCHEME_CATEGORIES_MAX + 1][CSV_COLUMNS_MAX];
	struct words voters, options;			/* ballots */
	struct words votes;		/* "voters,option": cells of the tally */
	struct singles *singles;	/* ballots one by one; NULL: not this way */
	struct rater_memo rater[PAR_THREADS_MAX];
	struct org_block *blocks;
	uint64_t n_blocks;
	bool texts_in_place;	/* the texts of plain rows are as org_text wants them */
	struct org_texts *texts;
	struct pieces rows;	/* of struct fast_org */
	struct piece_rest text_rest[PAR_THREADS_MAX], row_rest[PAR_THREADS_MAX];
	pthread_mutex_t lock;	/* of all pieces */
	unsigned threads;
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
};

int grade_fast_row(struct grade_reader *reader, const struct csv_block *block, size_t row)
{
	struct str cells[CSV_COLUMNS_MAX];
	for (int i = 0; i < block->columns; i++)
		cells[i] = csv_cell_text(block, row, i);
	return grade_row(reader, cells);
}

/* Digits only, at most 9 of them; -1 otherwise (also when empty). */
static inline int64_t plain_digits(const char *p, uint32_t len)
{
	int64_t value = 0;
	if (len - 1 > 8)
		return -1;
	for (uint32_t i = 0; i < len; i++) {
		unsigned d = (unsigned char)p[i] - '0';
		if (d > 9)
			return -1;
		value = value * 10 + d;
	}
	return value;
}

/* Eight ASCII digits (or zero bytes), the first in the lowest byte. */
static inline uint32_t eight_digits(uint64_t v)
{
	v = (v & 0x0F0F0F0F0F0F0F0Full) * (1 + (10 << 8)) >> 8 & 0x00FF00FF00FF00FFull;
	v = v * (1 + (100ull << 16)) >> 16 & 0x0000FFFF0000FFFFull;
	return (uint32_t)(v * (1 + (10000ull << 32)) >> 32);
}

/* `digits[.1–4 digits]` of up to 7 bytes, 4 before the point, in 0.0001; -1 for
 * anything else. All bytes at once and without a branch for the point, since
 * cells with and without one follow each other in no order. */
static inline int64_t plain_points(const char *p, uint32_t len)
{
	const uint64_t ones = 0x0101010101010101ull, zeros = '0' * ones;
	uint64_t v;
	if (len - 1 > 6)
		return -1;
	memcpy(&v, p, sizeof(v));	/* CSV_SLACK */
	uint64_t past = ~(uint64_t)0 << 8 * len;	/* the bytes after the cell */
	uint64_t x = v ^ '.' * ones;
	uint64_t found = ((x - ones) & ~x & 0x80 * ones) | (past & 0x80 * ones);
	unsigned point = (unsigned)__builtin_ctzll(found) & ~7u;	/* in bits; the end if there is none */
	uint64_t others = ~past & ~((uint64_t)0xFF << point);	/* they must be digits */
	uint64_t digits = (v & others) | (zeros & ~others);
	uint64_t wrong = (digits & 0xF0 * ones) ^ 0x30 * ones;
	wrong |= ((digits & 0x0F * ones) + 6 * ones) & 0xF0 * ones;
	unsigned places = 8 * len - point;	/* in bits, with the point */
	if (wrong || point - 8 > 24 || places == 8 || places > 40)
		return -1;
	/* Four digits before the point, four behind it. */
	uint64_t whole = (v & ~past) << (32 - point) & UINT32_MAX;
	uint64_t rest = (v & ~past) >> point >> 8 << 32;
	return eight_digits(whole | rest);
}

/* Points come in few figures: each is read once a block. A cell of up to 7 bytes,
 * none of them zero, is one word; 0: free, never that of a cell. */
struct points_memo {
	struct {
		uint64_t cell;
		int64_t e4;
	} at[POINTS_MEMO];
};

static inline int64_t memo_points(struct points_memo *memo, const char *p, uint32_t len)
{
	uint64_t cell;
	if (len - 1 > 6)
		return -1;
	memcpy(&cell, p, sizeof(cell));	/* CSV_SLACK */
	cell &= ((uint64_t)1 << 8 * len) - 1;
	size_t i = (size_t)(cell * 0x9E3779B97F4A7C15ull >> 32) % POINTS_MEMO;
	if (memo->at[i].cell != cell) {
		memo->at[i].cell = cell;
		memo->at[i].e4 = plain_points(p, len);
	}
	return memo->at[i].e4;
}

/* --- look-ups by batches --- */

/* Rows whose codes are the same as the one before share its look-up. */
struct batch {
	bool in_order;			/* organisations likely follow each other as in their file */
	bool looked_up;			/* the nodes are known */
	uint32_t next;			/* the one after the last */
	size_t first, rows;
	size_t n;			/* codes */
	uint16_t row[BATCH + 1];	/* where each code's rows begin, from `first` on */
	struct str code[BATCH];
	uint64_t hash[BATCH];
	uint64_t word[BATCH][3];
	uint32_t node[BATCH];		/* ORG_NONE: look closer */
};

static inline uint64_t load_word(const char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof(word));
	return word;
}

/* Whether two texts of `len` bytes, up to ORG_INLINE_MAX, are the same. */
static inline bool same_bytes(const char *a, const char *b, size_t len)
{
	if (len < 8)
		return (load_word(a) ^ load_word(b)) << (64 - 8 * len) == 0;
	uint64_t x = (load_word(a) ^ load_word(b)) | (load_word(a + len - 8) ^ load_word(b + len - 8));
	return !(len > 16 ? x | (load_word(a + 8) ^ load_word(b + 8)) : x);
}

/* The node of a code where organisations come as in their file: very likely the
 * next one, whose line stands beside the last one's. */
static uint32_t batch_follow(const struct orgs *orgs, struct batch *b, size_t i, unsigned *misses)
{
	uint32_t node = b->next;
	if (node < orgs->n && orgs->n - node > AHEAD)
		__builtin_prefetch(&orgs->lines[node + AHEAD], 1);
	if (node >= orgs->n || !org_line_has_words(&orgs->lines[node], b->word[i], b->code[i].len)) {
		uint64_t hash = org_hash_words(b->word[i], b->code[i].len);
		node = orgs_find_node(orgs, hash, b->word[i], b->code[i]);
		++*misses;
	}
	if (node != ORG_NONE)
		b->next = node + 1;
	return node;
}

/* Lists the codes of the rows from `first` on, until there are enough codes or
 * rows, and finds their nodes or fetches their slots. Codes too long for a line
 * stand alone and are looked up row by row. */
static void batch_list(const struct fast *f, const struct csv_block *block, int column,
		       struct batch *b)
{
	const struct orgs *orgs = f->reader->orgs;
	size_t rows = block->n - b->first < BATCH_ROWS ? block->n - b->first : BATCH_ROWS;
	size_t n = 0, i = 0, len_before = 0;
	unsigned misses = 0;
	const char *before = "";
	for (; i < rows; i++) {
		struct str code = csv_cell_text(block, b->first + i, column);
		if (code.len == len_before && len_before && same_bytes(code.data, before, code.len))
			continue;
		if (n == BATCH)
			break;
		bool plain = code.len - 1 < ORG_INLINE_MAX;
		len_before = plain ? code.len : 0;
		before = code.data;
		b->row[n] = (uint16_t)i;
		b->code[n] = code;
		b->node[n] = ORG_NONE;
		if (plain) {
			org_load_words(code, b->word[n]);
			if (b->in_order) {
				b->node[n] = batch_follow(orgs, b, n, &misses);
			} else {
				b->hash[n] = org_hash_words(b->word[n], code.len);
				orgs_prefetch(orgs, b->hash[n]);
			}
		}
		n++;
	}
	b->row[n] = (uint16_t)i;
	b->rows = i;
	b->n = n;
	b->looked_up = b->in_order;
	if (misses > n / 4)
		b->in_order = false;
}

/* Two rounds, each of which fetches what the next one reads: the nodes' lines,
 * the nodes. */
static void batch_by_hash(const struct orgs *orgs, struct batch *b)
{
	size_t in_order = 0;
	for (size_t i = 0; i < b->n; i++) {
		if (b->code[i].len - 1 >= ORG_INLINE_MAX)
			continue;
		b->node[i] = orgs_guess(orgs, b->hash[i]);
		if (b->node[i] != ORG_NONE)
			__builtin_prefetch(&orgs->lines[b->node[i]], 1);
	}
	for (size_t i = 0; i < b->n; i++) {
		if (b->node[i] != ORG_NONE &&
		    !org_line_holds(orgs, b->node[i], b->hash[i], b->word[i], b->code[i]))
			b->node[i] = orgs_find_node(orgs, b->hash[i], b->word[i], b->code[i]);
		if (b->node[i] == ORG_NONE)
			continue;
		in_order += b->node[i] == b->next;
		b->next = b->node[i] + 1;
	}
	b->in_order = in_order > b->n / 2;
}

static void batch_look_up(const struct fast *f, const struct csv_block *block, int column,
			  struct batch *b)
{
	const struct orgs *orgs = f->reader->orgs;
	unsigned graded = f->reader->scheme->graded;

	batch_list(f, block, column, b);
	if (!b->looked_up)
		batch_by_hash(orgs, b);
	for (size_t i = 0; i < b->n; i++)
		if (b->node[i] != ORG_NONE && orgs->lines[b->node[i]].level != graded)
			b->node[i] = ORG_NONE;
}

/* --- ballots --- */

/* A row's cell of the tally and its count; false: it needs a closer look. */
static inline bool ballots_plain(const struct fast *f, const struct csv_block *block, size_t row,
				 int *ret_cell, uint32_t *ret_count)
{
	const int *column = f->reader->column;
	struct str voters = csv_cell_text(block, row, column[BALLOTS_VOTERS]);
	struct str option = csv_cell_text(block, row, column[BALLOTS_OPTION]);
	int64_t count = 1;
	if (column[BALLOTS_COUNT] != COLUMN_NONE) {
		struct str text = csv_cell_text(block, row, column[BALLOTS_COUNT]);
		count = plain_digits(text.data, (uint32_t)text.len);
	}
	*ret_count = (uint32_t)count;
	/* Both at once where they stand side by side. */
	*ret_cell = option.data == voters.data + voters.len + 1 ?
			    words_find(&f->votes, voters.data, (uint32_t)(voters.len + option.len + 1)) : -1;
	if (*ret_cell < 0) {
		int v = words_find(&f->voters, voters.data, (uint32_t)voters.len);
		int o = words_find(&f->options, option.data, (uint32_t)option.len);
		*ret_cell = v < 0 || o < 0 ? -1 : v * f->reader->book->options + o;
	}
	return *ret_cell >= 0 && count >= 0;
}

/* Rows of one organisation. */
static int ballots_rows(struct fast *f, const struct csv_block *block, size_t first, size_t end,
			uint32_t node)
{
	struct book *book = f->reader->book;
	struct book_votes votes = {0};
	int r = 0;
	for (size_t row = first; row < end && r == 0; row++) {
		int cell;
		uint32_t count;
		if (node == ORG_NONE || !ballots_plain(f, block, row, &cell, &count))
			r = grade_fast_row(f->reader, block, row);
		else if (end - first == 1 || !book_collect(book, &votes, cell, count))
			r = book_vote_cell(book, node, cell, count);
	}
	return r < 0 || node == ORG_NONE ? r : book_add_votes(book, node, &votes);
}

static int ballots_block(void *arg, unsigned part, const struct csv_block *block)
{
	struct fast *f = arg;
	struct batch b = {.in_order = false};

	if (f->singles && !block->cells)
		return singles_block(f->singles, part, block);
	for (b.first = 0; b.first < block->n; b.first += b.rows) {
		batch_look_up(f, block, f->reader->column[BALLOTS_ORG], &b);
		for (size_t i = 0; i < b.n; i++) {
			int r = ballots_rows(f, block, b.first + b.row[i], b.first + b.row[i + 1],
					     b.node[i]);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* --- scores, wide --- */

static uint32_t rater_number(struct fast *f, unsigned part, struct str text)
{
	struct rater_memo *memo = &f->rater[part];
	if (memo->len == text.len && memo->number &&
	    (text.len - 1 < ORG_INLINE_MAX ? same_bytes(memo->text, text.data, text.len) :
					     memcmp(memo->text, text.data, text.len) == 0))
		return memo->number;
	if (text.len > GRADE_RATER_MAX)
		return 0;
	/* Anything but plain ASCII may need trimming or folding. */
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] <= ' ' || (unsigned char)text.data[i] == 0xE3 ||
		    (unsigned char)text.data[i] == 0xEF || (unsigned char)text.data[i] == 0xC2 ||
		    (unsigned char)text.data[i] == 0xE2)
			return 0;
	uint32_t number = intern_get(f->reader->raters, text);
	if (number && text.len <= RATER_MAX) {
		memcpy(memo->text, text.data, text.len);
		memo->len = (uint32_t)text.len;
		memo->number = number;
	}
	return number;
}

/* Adds a row if all its cells are plain; 1: it needs a closer look. */
static inline int wide_row(struct fast *f, unsigned part, const struct csv_block *block, size_t row,
			   uint32_t node, struct points_memo *memo)
{
	struct grade_reader *r = f->reader;
	struct str text = csv_cell_text(block, row, r->column[SCORES_SOURCE]);
	int source = words_find(&f->sources, text.data, (uint32_t)text.len);
	uint64_t seen[BOOK_WORDS_MAX];
	int64_t sum = 0;
	int empty = 0;

	if (node == ORG_NONE || source < 0 || r->scheme->sources[source].by != BY_INDICATORS ||
	    (r->column[SCORES_POINTS] != COLUMN_NONE &&
	     csv_cell_text(block, row, r->column[SCORES_POINTS]).len))
		return 1;
	uint8_t category = org_line_category(&r->orgs->lines[node]);
	const int32_t *max_e4 =
		f->max_e4[category == CATEGORY_NONE ? SCHEME_CATEGORIES_MAX : category];
	for (int i = 0; i < r->book->words; i++)
		seen[i] = f->all_scored[i];
	for (int i = 0; i < f->n_scored; i++) {
		text = csv_cell_text(block, row, f->scored[i].column);
		if (!text.len) {
			int leaf = f->scored[i].leaf;
			seen[leaf / 64] &= ~((uint64_t)1 << (leaf % 64));
			empty++;
			continue;
		}
		int64_t points = memo_points(memo, text.data, (uint32_t)text.len);
		if (points < 0 || points > max_e4[i])
			return 1;
		sum += points;
	}
	if (empty == f->n_scored)
		return 0;
	uint32_t rater = rater_number(f, part, csv_cell_text(block, row, r->column[SCORES_RATER]));
	if (!rater)
		return 1;
	return book_add(r->book, node, source, rater, seen, (uint32_t)sum);
}

static int scores_block(void *arg, unsigned part, const struct csv_block *block)
{
	struct fast *f = arg;
	struct grade_reader *r = f->reader;
	struct batch b = {.in_order = false};
	struct points_memo memo = {0};

	for (b.first = 0; b.first < block->n; b.first += b.rows) {
		batch_look_up(f, block, r->column[SCORES_ORG], &b);
		for (size_t i = 0; i < b.n; i++)
			if (b.node[i] != ORG_NONE)
				book_prefetch(r->book, b.node[i]);
		for (size_t i = 0; i < b.n; i++)
			for (size_t row = b.row[i]; row < b.row[i + 1]; row++) {
				int result = 1;
				if (f->wide_plain)
					result = wide_row(f, part, block, b.first + row, b.node[i], &memo);
				if (result == 1)
					result = grade_fast_row(f->reader, block, b.first + row);
				if (result < 0)
					return result;
			}
	}
	return 0;
}

/* --- organisations --- */

/* A row whose cells are plain; false: it needs a closer look. */
static bool plain_org(const struct fast *f, const struct csv_block *block, size_t record,
		      struct org_row *row)
{
	const struct grade_reader *r = f->reader;
	static const int counts[VOTERS_COUNT] = {ORGS_MEMBERS, ORGS_RESIDENTS};
	struct str text[ORGS_FIELD + 1];

	if (r->column[ORGS_KIND] != COLUMN_NONE || r->column[ORGS_PRESENT_MEMBERS] != COLUMN_NONE ||
	    r->column[ORGS_PRESENT_RESIDENTS] != COLUMN_NONE)
		return false;
	for (int i = ORGS_CODE; i <= ORGS_FIELD; i++)
		text[i] = csv_cell_text(block, record, r->column[i]);
	for (int i = ORGS_CODE; i <= ORGS_PARENT; i++)
		for (size_t k = 0; k < text[i].len; k++)
			if ((unsigned char)text[i].data[k] <= ' ' || (unsigned char)text[i].data[k] > '~')
				return false;
	if (!text[ORGS_CODE].len || text[ORGS_CODE].len > ORG_CODE_MAX ||
	    text[ORGS_PARENT].len > ORG_CODE_MAX)
		return false;
	struct str name = str_trim(text[ORGS_NAME]);
	int level = words_find(&f->levels, text[ORGS_LEVEL].data, (uint32_t)text[ORGS_LEVEL].len);
	int field = text[ORGS_FIELD].len ?
			    words_find(&f->fields, text[ORGS_FIELD].data,
				       (uint32_t)text[ORGS_FIELD].len) : FIELD_NONE;
	if (level < 0 || field < 0 || name.len > ORG_NAME_MAX)
		return false;
	*row = (struct org_row){text[ORGS_CODE], text[ORGS_PARENT], name, (uint8_t)level,
				(uint8_t)field, KIND_EMPTY, {0}};
	for (int v = 0; v < VOTERS_COUNT; v++) {
		struct str cell = csv_cell_text(block, record, r->column[counts[v]]);
		int64_t count = plain_digits(cell.data, (uint32_t)cell.len);
		if (count < 0)
			return false;
		row->eligible[v] = (uint32_t)count;
	}
	return true;
}

static void pieces_done(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->n; i++)
		big_free(pieces->at[i], pieces->size);
	free(pieces->at);
	*pieces = (struct pieces){0};
}

/* At least `need` bytes (no more than a piece has) at rest->next. */
static int piece_room(struct fast *f, struct pieces *pieces, struct piece_rest *rest, size_t need)
{
	if (rest->left >= need)
		return 0;
	pthread_mutex_lock(&f->lock);
	if (pieces->n == pieces->cap) {
		size_t cap = pieces->cap ? pieces->cap * 2 : 16;
		char **at = reallocarray(pieces->at, cap, sizeof(*at));
		if (at) {
			pieces->at = at;
			pieces->cap = cap;
		}
	}
	char *data = pieces->n < pieces->cap ? big_zalloc(pieces->size) : NULL;
	if (data)
		pieces->at[pieces->n++] = data;
	pthread_mutex_unlock(&f->lock);
	*rest = (struct piece_rest){data, data ? pieces->size : 0};
	return data ? 0 : ERR_NOMEM;
}

static void *piece_take(struct piece_rest *rest, size_t size)
{
	char *data = rest->next;
	rest->next += size;
	rest->left -= size;
	return data;
}

/* Copies a row's texts to the rest, which has room for them. Codes are hashed 32
 * bytes at a time: there is room behind the last, too. */
static struct org_text texts_keep(struct piece_rest *rest, const struct org_row *row)
{
	const struct str part[] = {row->code, row->parent, row->name};
	struct org_text text = {
		.data = rest->next,
		.code_len = (uint8_t)row->code.len,
		.parent_len = (uint8_t)row->parent.len,
		.name_len = (uint16_t)row->name.len & 0x3FFF,
	};
	for (size_t i = 0; i < ARRAY_LEN(part); i++)
		if (part[i].len)
			memcpy(piece_take(rest, part[i].len), part[i].data, part[i].len);
	return text;
}

static int orgs_block(void *arg, unsigned part, const struct csv_block *block)
{
	struct fast *f = arg;
	struct org_block *to = &f->blocks[block->index];
	struct piece_rest *texts = &f->text_rest[part], *rows = &f->row_rest[part];
	struct str cells[CSV_COLUMNS_MAX];
	bool in_place = block->in_place && f->texts_in_place;
	struct str parent = {0};	/* of the row before */

	AUTO_FREE char *room = malloc(CSV_BLOCK + CSV_RECORD_MAX);
	if (!room || piece_room(f, &f->rows, rows, block->n * sizeof(*to->orgs)) < 0 ||
	    piece_room(f, &f->texts->pieces, texts, TEXTS_OF_BLOCK) < 0)
		return ERR_NOMEM;
	/* Not where the blocks stand: that line of the cache is another thread's, too. */
	struct fast_org *orgs = (struct fast_org *)(void *)rows->next, *org = orgs;
	for (size_t i = 0; i < block->n; i++) {
		struct org_row row;
		bool plain = plain_org(f, block, i, &row);
		if (!plain) {
			for (int k = 0; k < block->columns; k++)
				cells[k] = csv_cell_text(block, i, k);
			int result = grade_org_parse(f->reader, cells, room, &row);
			if (result < 0)
				return result;
			if (result == 1)
				continue;
		}
		org->text = plain && in_place && row.name.data == row.parent.data + row.parent.len + 1 ?
				    (struct org_text){row.code.data, (uint8_t)row.code.len,
						      (uint8_t)row.parent.len, 1, 0,
						      (uint16_t)row.name.len & 0x3FFF} :
				    texts_keep(texts, &row);
		/* Texts of a row that is not plain may lie in `room`, which is used again. */
		org->text.sibling = plain && org > orgs && parent.len && parent.len == row.parent.len &&
				    memcmp(parent.data, row.parent.data, parent.len) == 0;
		parent = plain ? row.parent : (struct str){0};
		org->level = row.level;
		org->field = row.field;
		org->kind = row.kind;
		memcpy(org->eligible, row.eligible, sizeof(org->eligible));
		org++;
	}
	to->orgs = orgs;
	to->n = (size_t)(org - orgs);
	piece_take(rows, to->n * sizeof(*orgs));
	piece_take(texts, CSV_SLACK);
	return 0;
}

static void set_part(void *arg, unsigned part)
{
	struct fast *f = arg;
	for (uint64_t b = part; b < f->n_blocks; b += f->threads) {
		const struct org_block *block = &f->blocks[b];
		for (size_t i = 0; i < block->n; i++) {
			const struct fast_org *org = &block->orgs[i];
			struct org_row row = {.level = org->level, .field = org->field, .kind = org->kind};
			memcpy(row.eligible, org->eligible, sizeof(row.eligible));
			orgs_set(f->reader->orgs, block->first + (uint32_t)i, &row, org->text);
		}
	}
}

/* Puts the blocks' rows behind each other. */
static int join_orgs(struct fast *f)
{
	struct orgs *orgs = f->reader->orgs;
	uint64_t n = 0;
	for (uint64_t b = 0; b < f->n_blocks; b++) {
		f->blocks[b].first = (uint32_t)n;
		n += f->blocks[b].n;
		if (n > ORG_MAX)
			return ERR_LIMIT;
	}
	int r = orgs_reserve(orgs, n);
	if (r < 0)
		return r;
	par_run(f->threads, set_part, f);
	orgs->n = (uint32_t)n;
	/* The rows are read: their memory becomes that of the index's lines. */
	size_t room = n * sizeof(struct org_line);
	orgs_drop_lines(orgs);
	orgs->lines = room ? big_join((void *const *)f->rows.at, f->rows.n, f->rows.size, room) : NULL;
	if (orgs->lines) {
		orgs->lines_room = room;
		f->rows.n = 0;
	}
	return 0;
}

void org_texts_done(struct org_texts *texts)
{
	if (!texts)
		return;
	pieces_done(&texts->pieces);
	if (texts->file)
		munmap((void *)(uintptr_t)texts->file, texts->file_size);
	*texts = (struct org_texts){0};
}

/* --- the whole --- */

static void learn_words(struct fast *f)
{
	const struct scheme *s = f->reader->scheme;
	for (int i = 0; i < LEVEL_COUNT; i++) {
		words_add(&f->levels, level_id((enum level)i), i);
		words_add(&f->levels, level_label((enum level)i), i);
	}
	for (int i = 0; i < FIELD_COUNT; i++) {
		words_add(&f->fields, field_id((enum field)i), i);
		words_add(&f->fields, field_label((enum field)i), i);
	}
	for (int i = 0; i < VOTERS_COUNT; i++) {
		words_add(&f->voters, voters_id((enum voters)i), i);
		words_add(&f->voters, voters_label((enum voters)i), i);
	}
	for (int i = 0; i < s->n_sources; i++) {
		words_add(&f->sources, s->sources[i].id, i);
		words_add(&f->sources, s->sources[i].label, i);
	}
	for (int i = 0; i < s->n_options; i++) {
		words_add(&f->options, s->options[i].id, i);
		words_add(&f->options, s->options[i].label, i);
	}
	words_add(&f->options, "spoiled", s->n_options);
	words_add(&f->options, "废票", s->n_options);
}

/* Voters and options as they stand side by side in a file. */
static void learn_votes(struct fast *f)
{
	const struct scheme *s = f->reader->scheme;
	for (int v = 0; v < VOTERS_COUNT; v++)
		for (int o = 0; o <= s->n_options; o++) {
			const char *voters[] = {voters_id((enum voters)v), voters_label((enum voters)v)};
			const char *option[] = {o < s->n_options ? s->options[o].id : "spoiled",
						o < s->n_options ? s->options[o].label : "废票"};
			for (int i = 0; i < 4; i++) {
				char room[WORD_MAX + 1];
				int len = snprintf(room, sizeof(room), "%s,%s", voters[i / 2], option[i % 2]);
				if (len <= WORD_MAX && !strchr(option[i % 2], ','))
					words_add(&f->votes, room, v * f->reader->book->options + o);
			}
		}
}

/* The scored columns of a wide file. */
static void learn_columns(struct fast *f)
{
	const struct grade_reader *r = f->reader;
	f->wide_plain = true;
	for (int i = 0; i < r->n_columns; i++) {
		int leaf = r->leaf[i];
		if (leaf == WIDE_LOCAL)
			f->wide_plain = false;
		if (leaf < 0 || i == r->column[SCORES_POINTS])
			continue;
		const struct scheme_leaf *of = &r->scheme->leaves[leaf];
		int n = f->n_scored++;
		f->scored[n].column = i;
		f->scored[n].leaf = leaf;
		f->all_scored[leaf / 64] |= (uint64_t)1 << (leaf % 64);
		for (int c = 0; c < SCHEME_CATEGORIES_MAX; c++)
			f->max_e4[c][n] = of->max_by_category_e4[c];
		f->max_e4[SCHEME_CATEGORIES_MAX][n] = of->max_e4;
	}
}

static void report_progress(void *arg, uint64_t bytes)
{
	struct fast *f = arg;
	if (f->progress)
		f->progress(f->progress_arg, bytes);
}

static int read_orgs(struct fast *f, const struct csv_scan *scan, struct org_texts *texts)
{
	f->n_blocks = (scan->source.size - scan->body + CSV_BLOCK - 1) / CSV_BLOCK;
	f->blocks = calloc(f->n_blocks ? f->n_blocks : 1, sizeof(*f->blocks));
	f->texts = texts;
	const int *column = f->reader->column;
	f->texts_in_place = texts->file && column[ORGS_PARENT] == column[ORGS_CODE] + 1 &&
			    column[ORGS_NAME] == column[ORGS_PARENT] + 1;
	/* A small file needs no large piece. A row of seven cells has as many bytes at
	 * least, and takes no more than four times as many. */
	size_t block = TEXTS_OF_BLOCK * sizeof(struct fast_org) / ORGS_KIND;
	f->texts->pieces.size = scan->source.size + TEXTS_OF_BLOCK < PIECE_MAX ?
					(size_t)scan->source.size + TEXTS_OF_BLOCK : PIECE_MAX;
	f->rows.size = scan->source.size < CSV_BLOCK ? block : PIECE_MAX;
	int r = f->blocks ? csv_fast_scan(scan) : ERR_NOMEM;
	if (r == 0)
		r = join_orgs(f);
	pieces_done(&f->rows);
	free(f->blocks);
	return r;
}

int grade_fast_read(struct grade_reader *reader, const struct csv_source *source, uint64_t body,
		    unsigned threads, void (*progress)(void *arg, uint64_t bytes), void *arg,
		    struct org_texts *texts)
{
	static int (*const blocks[FILE_COUNT])(void *, unsigned, const struct csv_block *) = {
		[FILE_ORGS] = orgs_block,
		[FILE_SCORES] = scores_block,
		[FILE_BALLOTS] = ballots_block,
	};
	if (!blocks[reader->file])
		return CSV_UNUSUAL;
	struct fast *f = calloc(1, sizeof(*f));
	if (!f)
		return ERR_NOMEM;
	*f = (struct fast){
		.reader = reader,
		.threads = threads,
		.progress = progress,
		.progress_arg = arg,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	learn_words(f);
	if (reader->file == FILE_BALLOTS)
		learn_votes(f);
	if (reader->wide)
		learn_columns(f);
	struct csv_scan scan = {
		.source = *source,
		.body = body,
		.columns = reader->n_columns,
		.threads = threads,
		.block = blocks[reader->file],
		.progress = report_progress,
		.arg = f,
	};
	int r = reader->file == FILE_BALLOTS ? singles_new(&f->singles, reader, &f->votes, threads) : 0;
	if (r == 0)
		r = reader->file == FILE_ORGS ? read_orgs(f, &scan, texts) : csv_fast_scan(&scan);
	if (r == 0 && f->singles)
		r = singles_count(f->singles);
	singles_free(f->singles);
	free(f);
	return r;
}
