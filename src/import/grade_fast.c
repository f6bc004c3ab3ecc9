/* SPDX-License-Identifier: Apache-2.0 */
#include "import/grade_fast.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/big.h"
#include "base/par.h"
#include "domain/exact.h"
#include "domain/org_index.h"

enum {
	BATCH = 64,		/* look-ups under way at once */
	BATCH_ROWS = 512,	/* rows of a batch: those of one organisation share a look-up */
	WORD_MAX = 16,		/* words up to here are compared as two integers */
	WORD_SLOTS = 256,
	RATER_MAX = 128,
};

/* --- words: ids and labels → numbers --- */

struct word {
	uint64_t part[2];
	uint32_t len;
	int32_t value;		/* plus 1; 0: free */
};

struct words {
	struct word slots[WORD_SLOTS];
};

static inline struct word word_load(const char *p, uint32_t len)
{
	/* 16 bytes behind p can be read (CSV_SLACK). Without branches: the words
	 * of a column have different lengths in no order. */
	struct word w = {.len = len};
	uint32_t low = len < 8 ? len : 8, high = len - low;
	memcpy(w.part, p, WORD_MAX);
	w.part[0] &= low == 8 ? ~(uint64_t)0 : ((uint64_t)1 << 8 * low) - 1;
	w.part[1] &= high == 8 ? ~(uint64_t)0 : ((uint64_t)1 << 8 * (high & 7)) - 1;
	return w;
}

static inline uint32_t word_slot(const struct word *w)
{
	uint64_t h = (w->part[0] ^ w->part[1] * 0x9E3779B97F4A7C15ull) * 0xD6E8FEB86659FD93ull;
	return (uint32_t)(h >> 56) & (WORD_SLOTS - 1);
}

static void words_add(struct words *words, const char *text, int value)
{
	char room[WORD_MAX] = {0};
	size_t len = strlen(text);
	if (len > WORD_MAX)
		return;	/* found the slow way */
	memcpy(room, text, len);
	struct word w = word_load(room, (uint32_t)len);
	w.value = value + 1;
	uint32_t i = word_slot(&w);
	for (int tries = 0; tries < WORD_SLOTS / 2; tries++, i = (i + 1) % WORD_SLOTS) {
		if (words->slots[i].value)
			continue;
		words->slots[i] = w;
		return;
	}
}

/* The value, or -1 for a word that needs a closer look. */
static inline int words_find(const struct words *words, const char *p, uint32_t len)
{
	if (len > WORD_MAX)
		return -1;
	struct word w = word_load(p, len);
	for (uint32_t i = word_slot(&w);; i = (i + 1) % WORD_SLOTS) {
		const struct word *s = &words->slots[i];
		if (!s->value)
			return -1;
		if (s->part[0] == w.part[0] && s->part[1] == w.part[1] && s->len == len)
			return s->value - 1;
	}
}

/* --- what the threads share --- */

struct fast_org {
	uint32_t text;		/* offset in the block's texts */
	uint8_t code_len, parent_len;
	uint16_t name_len;
	uint8_t level, field, kind;
	uint32_t eligible[VOTERS_COUNT];
};

struct org_block {
	const char *texts;	/* in a piece of org_texts */
	struct fast_org *orgs;
	size_t n;
	uint32_t first;		/* node of its first row */
};

enum {
	TEXTS_OF_BLOCK = CSV_BLOCK + CSV_RECORD_MAX + CSV_SLACK,
	PIECE_MAX = 32 << 20,
};

/* What is left of a thread's piece of texts. */
struct text_piece {
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
	/* Per category (the last: outside) and column the most points. */
	int32_t max_e4[SCHEME_CATEGORIES_MAX + 1][CSV_COLUMNS_MAX];
	struct words voters, options;			/* ballots */
	struct rater_memo rater[PAR_THREADS_MAX];
	struct org_block *blocks;
	uint64_t n_blocks;
	struct text_piece piece[PAR_THREADS_MAX];
	size_t piece_size;
	struct org_texts *texts;
	pthread_mutex_t lock;	/* of texts */
	unsigned threads;
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
};

static inline const struct csv_cell *row_cells(const struct csv_block *block, size_t row)
{
	return block->cells + row * (size_t)block->columns;
}

static inline struct str cell_text(const struct csv_block *block, struct csv_cell cell)
{
	return (struct str){block->data + cell.begin, cell.end - cell.begin};
}

/* One row by the rules of grade_rows.h. */
static int slow_row(struct fast *f, const struct csv_block *block, size_t row)
{
	struct str cells[CSV_COLUMNS_MAX];
	const struct csv_cell *at = row_cells(block, row);
	for (int i = 0; i < block->columns; i++)
		cells[i] = cell_text(block, at[i]);
	return grade_row(f->reader, cells);
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

/* Eight ASCII digits, the first in the lowest byte. */
static inline uint32_t eight_digits(uint64_t v)
{
	v = (v & 0x0F0F0F0F0F0F0F0Full) * (1 + (10 << 8)) >> 8 & 0x00FF00FF00FF00FFull;
	v = v * (1 + (100ull << 16)) >> 16 & 0x0000FFFF0000FFFFull;
	return (uint32_t)(v * (1 + (10000ull << 32)) >> 32);
}

/* `digits[.1–4 digits]` of up to 8 bytes in 0.0001; -1 for anything else. All
 * bytes at once, since lengths follow each other in no order. */
static inline int64_t plain_points(const char *p, uint32_t len)
{
	const uint64_t zeros = 0x3030303030303030ull, points = 0x2E2E2E2E2E2E2E2Eull;
	uint64_t v;
	if (len - 1 > 7)
		return -1;
	/* To the right end, with zeros before. */
	unsigned shift = 8 * (8 - len);
	memcpy(&v, p, sizeof(v));	/* CSV_SLACK */
	v = v << shift | (shift ? zeros >> (64 - shift) : 0);
	/* The first point: bytes before it move up by one, a zero comes in. */
	uint64_t x = v ^ points;
	uint64_t found = (x - 0x0101010101010101ull) & ~x & 0x8080808080808080ull;
	unsigned places = 0;
	if (found) {
		unsigned at = (unsigned)__builtin_ctzll(found) / 8;	/* its byte */
		places = 7 - at;
		if (at <= 8 - len || places - 1 > 3)
			return -1;
		uint64_t before = v & (((uint64_t)1 << 8 * at) - 1);
		uint64_t after = v >> 8 * at >> 8 << 8 * at << 8;
		v = after | before << 8 | '0';
	}
	/* All digits? */
	if (((v & 0xF0F0F0F0F0F0F0F0ull) | ((v + 0x0606060606060606ull) & 0xF0F0F0F0F0F0F0F0ull) >> 4) !=
	    0x3333333333333333ull)
		return -1;
	static const int32_t unit[5] = {E4, 1000, 100, 10, 1};
	return (int64_t)eight_digits(v) * unit[places];
}

/* --- look-ups by batches --- */

enum { CODE_NEW, CODE_SAME, CODE_ODD };	/* CODE_SAME: as in the row before */

struct batch {
	size_t first, n;
	uint8_t code[BATCH_ROWS];
	uint64_t hash[BATCH_ROWS];
	uint64_t word[BATCH_ROWS][3];
	uint32_t node[BATCH_ROWS];	/* ORG_NONE: look closer */
};

/* Hashes the codes of the rows from `first` on and fetches their slots, until
 * there are enough look-ups or rows; sets `n`. Codes too long for a line are
 * looked up row by row. */
static void batch_hash(const struct fast *f, const struct csv_block *block, int column,
		       struct batch *b)
{
	size_t len_before = 0, looked_up = 0, i = 0;
	size_t rows = block->n - b->first < BATCH_ROWS ? block->n - b->first : BATCH_ROWS;
	for (; i < rows && looked_up < BATCH; i++) {
		struct str code = cell_text(block, row_cells(block, b->first + i)[column]);
		uint64_t *word = b->word[i];
		b->code[i] = CODE_ODD;
		if (code.len - 1 < ORG_INLINE_MAX) {
			org_load_words(code, word);
			if (code.len == len_before && word[0] == word[-3] && word[1] == word[-2] &&
			    word[2] == word[-1]) {
				b->code[i] = CODE_SAME;
				continue;
			}
			b->code[i] = CODE_NEW;
			b->hash[i] = org_hash_words(word, code.len);
			orgs_prefetch(f->reader->orgs, b->hash[i]);
			len_before = code.len;
			looked_up++;
		} else {
			len_before = 0;
		}
	}
	b->n = i;
}

static inline struct str batch_code(const struct csv_block *block, int column,
				    const struct batch *b, size_t i)
{
	return cell_text(block, row_cells(block, b->first + i)[column]);
}

/* Three rounds, each of which fetches what the next one reads: the slots, the
 * nodes' lines, the nodes. */
static void batch_look_up(const struct fast *f, const struct csv_block *block, int column,
			  struct batch *b)
{
	const struct grade_reader *r = f->reader;
	const struct orgs *orgs = r->orgs;

	batch_hash(f, block, column, b);
	for (size_t i = 0; i < b->n; i++) {
		if (b->code[i] != CODE_NEW)
			continue;
		b->node[i] = orgs_guess(orgs, b->hash[i]);
		if (b->node[i] != ORG_NONE)
			__builtin_prefetch(&orgs->lines[b->node[i]], 1);
	}
	for (size_t i = 0; i < b->n; i++) {
		if (b->code[i] == CODE_SAME)
			b->node[i] = b->node[i - 1];
		else if (b->code[i] == CODE_ODD)
			b->node[i] = ORG_NONE;
		if (b->code[i] != CODE_NEW || b->node[i] == ORG_NONE)
			continue;
		struct str code = batch_code(block, column, b, i);
		if (!org_line_holds(orgs, b->node[i], b->hash[i], b->word[i], code))
			b->node[i] = orgs_find_node(orgs, b->hash[i], b->word[i], code);
		if (b->node[i] != ORG_NONE && orgs->lines[b->node[i]].level != r->scheme->graded)
			b->node[i] = ORG_NONE;
	}
}

/* --- ballots --- */

static int ballots_block(void *arg, unsigned part, const struct csv_block *block)
{
	struct fast *f = arg;
	struct grade_reader *r = f->reader;
	const int *column = r->column;
	struct batch b;
	(void)part;

	for (b.first = 0; b.first < block->n; b.first += b.n) {
		batch_look_up(f, block, column[BALLOTS_ORG], &b);
		for (size_t i = 0; i < b.n; i++) {
			const struct csv_cell *cell = row_cells(block, b.first + i);
			struct csv_cell c = cell[column[BALLOTS_VOTERS]];
			int voters = words_find(&f->voters, block->data + c.begin, c.end - c.begin);
			c = cell[column[BALLOTS_OPTION]];
			int option = words_find(&f->options, block->data + c.begin, c.end - c.begin);
			int64_t count = 1;
			if (column[BALLOTS_COUNT] != COLUMN_NONE) {
				c = cell[column[BALLOTS_COUNT]];
				count = plain_digits(block->data + c.begin, c.end - c.begin);
			}
			int result;
			if (b.node[i] == ORG_NONE || voters < 0 || option < 0 || count < 0)
				result = slow_row(f, block, b.first + i);
			else
				result = book_vote(r->book, b.node[i], (enum voters)voters, option,
						   (uint32_t)count);
			if (result < 0)
				return result;
		}
	}
	return 0;
}

/* --- scores, wide --- */

static uint32_t rater_number(struct fast *f, unsigned part, struct str text)
{
	struct rater_memo *memo = &f->rater[part];
	if (memo->number && memo->len == text.len && memcmp(memo->text, text.data, text.len) == 0)
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
static int wide_row(struct fast *f, unsigned part, const struct csv_block *block, size_t row,
		    uint32_t node)
{
	struct grade_reader *r = f->reader;
	const struct csv_cell *cell = row_cells(block, row);
	struct csv_cell c = cell[r->column[SCORES_SOURCE]];
	int source = words_find(&f->sources, block->data + c.begin, c.end - c.begin);
	uint64_t seen[BOOK_WORDS_MAX] = {0};
	int64_t sum = 0;
	bool any = false;
	uint8_t category = node == ORG_NONE ? CATEGORY_NONE : r->orgs->lines[node].category;
	const int32_t *max_e4 =
		f->max_e4[category == CATEGORY_NONE ? SCHEME_CATEGORIES_MAX : category];

	if (node == ORG_NONE || source < 0 || r->scheme->sources[source].by != BY_INDICATORS)
		return 1;
	for (int i = 0; i < block->columns; i++) {
		int leaf = r->leaf[i];
		if (i == r->column[SCORES_POINTS] && cell[i].end > cell[i].begin)
			return 1;
		if (leaf < 0 || cell[i].begin == cell[i].end)
			continue;
		int64_t points = plain_points(block->data + cell[i].begin, cell[i].end - cell[i].begin);
		if (points < 0 || points > max_e4[i])
			return 1;
		sum += points;
		seen[leaf / 64] |= (uint64_t)1 << (leaf % 64);
		any = true;
	}
	if (!any)
		return 0;
	c = cell[r->column[SCORES_RATER]];
	uint32_t rater = rater_number(f, part, cell_text(block, c));
	if (!rater)
		return 1;
	return book_add(r->book, node, source, rater, seen, (uint32_t)sum);
}

static int scores_block(void *arg, unsigned part, const struct csv_block *block)
{
	struct fast *f = arg;
	struct grade_reader *r = f->reader;
	struct batch b;

	for (b.first = 0; b.first < block->n; b.first += b.n) {
		batch_look_up(f, block, r->column[SCORES_ORG], &b);
		for (size_t i = 0; i < b.n; i++)
			if (b.node[i] != ORG_NONE)
				book_prefetch(r->book, b.node[i]);
		for (size_t i = 0; i < b.n; i++) {
			int result = f->wide_plain ?
					     wide_row(f, part, block, b.first + i, b.node[i]) : 1;
			if (result == 1)
				result = slow_row(f, block, b.first + i);
			if (result < 0)
				return result;
		}
	}
	return 0;
}

/* --- organisations --- */

/* A row whose cells are plain; false: it needs a closer look. */
static bool plain_org(const struct fast *f, const struct csv_block *block,
		      const struct csv_cell *at, struct org_row *row)
{
	const struct grade_reader *r = f->reader;
	static const int counts[VOTERS_COUNT] = {ORGS_MEMBERS, ORGS_RESIDENTS};
	struct str text[ORGS_FIELD + 1];

	if (r->column[ORGS_KIND] != COLUMN_NONE || r->column[ORGS_PRESENT_MEMBERS] != COLUMN_NONE ||
	    r->column[ORGS_PRESENT_RESIDENTS] != COLUMN_NONE)
		return false;
	for (int i = ORGS_CODE; i <= ORGS_FIELD; i++)
		text[i] = cell_text(block, at[r->column[i]]);
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
		struct str cell = cell_text(block, at[r->column[counts[v]]]);
		int64_t count = plain_digits(cell.data, (uint32_t)cell.len);
		if (count < 0)
			return false;
		row->eligible[v] = (uint32_t)count;
	}
	return true;
}

/* Room in a thread's piece of texts for all of one block. */
static char *texts_room(struct fast *f, unsigned part)
{
	struct text_piece *piece = &f->piece[part];
	if (piece->left >= TEXTS_OF_BLOCK)
		return piece->next;
	pthread_mutex_lock(&f->lock);
	struct org_texts *texts = f->texts;
	if (texts->n == texts->cap) {
		size_t cap = texts->cap ? texts->cap * 2 : 16;
		char **at = reallocarray(texts->at, cap, sizeof(*at));
		if (at) {
			texts->at = at;
			texts->cap = cap;
		}
	}
	char *data = texts->n < texts->cap ? big_malloc(f->piece_size) : NULL;
	if (data)
		texts->at[texts->n++] = data;
	pthread_mutex_unlock(&f->lock);
	piece->next = data;
	piece->left = data ? f->piece_size : 0;
	return data;
}

static size_t org_keep(struct org_block *to, char *texts, size_t used, const struct org_row *row)
{
	struct fast_org *org = &to->orgs[to->n++];
	*org = (struct fast_org){
		.text = (uint32_t)used,
		.code_len = (uint8_t)row->code.len,
		.parent_len = (uint8_t)row->parent.len,
		.name_len = (uint16_t)row->name.len,
		.level = row->level,
		.field = row->field,
		.kind = row->kind,
	};
	memcpy(org->eligible, row->eligible, sizeof(org->eligible));
	const struct str part[] = {row->code, row->parent, row->name};
	for (size_t i = 0; i < ARRAY_LEN(part); i++) {
		memcpy(texts + used, part[i].data, part[i].len);
		used += part[i].len;
	}
	return used;
}

static int orgs_block(void *arg, unsigned part, const struct csv_block *block)
{
	struct fast *f = arg;
	struct org_block *to = &f->blocks[block->index];
	struct str cells[CSV_COLUMNS_MAX];
	size_t used = 0;

	/* Codes are hashed 32 bytes at a time: leave room behind the last. */
	char *texts = texts_room(f, part);
	to->texts = texts;
	to->orgs = malloc((block->n ? block->n : 1) * sizeof(*to->orgs));
	AUTO_FREE char *room = malloc(CSV_BLOCK + CSV_RECORD_MAX);
	if (!texts || !to->orgs || !room)
		return ERR_NOMEM;
	for (size_t i = 0; i < block->n; i++) {
		const struct csv_cell *at = row_cells(block, i);
		struct org_row row;
		if (!plain_org(f, block, at, &row)) {
			for (int k = 0; k < block->columns; k++)
				cells[k] = cell_text(block, at[k]);
			int result = grade_org_parse(f->reader, cells, room, &row);
			if (result < 0)
				return result;
			if (result == 1)
				continue;
		}
		used = org_keep(to, texts, used, &row);
	}
	memset(texts + used, 0, CSV_SLACK);
	f->piece[part].next += used + CSV_SLACK;
	f->piece[part].left -= used + CSV_SLACK;
	return 0;
}

static void set_part(void *arg, unsigned part)
{
	struct fast *f = arg;
	for (uint64_t b = part; b < f->n_blocks; b += f->threads) {
		const struct org_block *block = &f->blocks[b];
		for (size_t i = 0; i < block->n; i++) {
			const struct fast_org *org = &block->orgs[i];
			struct org_row row = {
				.code.len = org->code_len,
				.parent.len = org->parent_len,
				.name.len = org->name_len,
				.level = org->level,
				.field = org->field,
				.kind = org->kind,
			};
			memcpy(row.eligible, org->eligible, sizeof(row.eligible));
			orgs_set(f->reader->orgs, block->first + (uint32_t)i, &row,
				 block->texts + org->text);
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
	return 0;
}

void org_texts_done(struct org_texts *texts)
{
	if (!texts)
		return;
	for (size_t i = 0; i < texts->n; i++)
		free(texts->at[i]);
	free(texts->at);
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
	/* A small file needs no large piece. */
	f->piece_size = scan->source.size + TEXTS_OF_BLOCK < PIECE_MAX ?
				(size_t)scan->source.size + TEXTS_OF_BLOCK : PIECE_MAX;
	int r = f->blocks ? csv_fast_scan(scan) : ERR_NOMEM;
	if (r == 0)
		r = join_orgs(f);
	for (uint64_t b = 0; f->blocks && b < f->n_blocks; b++)
		free(f->blocks[b].orgs);
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
		.wide_plain = reader->wide,
		.threads = threads,
		.progress = progress,
		.progress_arg = arg,
		.lock = PTHREAD_MUTEX_INITIALIZER,
	};
	for (int i = 0; reader->wide && i < reader->n_columns; i++)
		if (reader->leaf[i] == WIDE_LOCAL)
			f->wide_plain = false;
	learn_words(f);
	for (int i = 0; reader->wide && i < reader->n_columns; i++) {
		const struct scheme_leaf *leaf =
			reader->leaf[i] >= 0 ? &reader->scheme->leaves[reader->leaf[i]] : NULL;
		for (int c = 0; leaf && c < SCHEME_CATEGORIES_MAX; c++)
			f->max_e4[c][i] = leaf->max_by_category_e4[c];
		if (leaf)
			f->max_e4[SCHEME_CATEGORIES_MAX][i] = leaf->max_e4;
	}
	struct csv_scan scan = {
		.source = *source,
		.body = body,
		.columns = reader->n_columns,
		.threads = threads,
		.block = blocks[reader->file],
		.progress = report_progress,
		.arg = f,
	};
	int r = reader->file == FILE_ORGS ? read_orgs(f, &scan, texts) : csv_fast_scan(&scan);
	free(f);
	return r;
}
