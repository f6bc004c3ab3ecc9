/* SPDX-License-Identifier: Apache-2.0 */
#include "import/csv_fast.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "base/par.h"

/* --- the head --- */

int csv_fast_head(struct str text, struct str *cells, uint64_t *ret_body)
{
	const char *p = text.data, *end = text.data + text.len;
	if (text.len >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	const char *line = memchr(p, '\n', (size_t)(end - p));
	if (!line || memchr(p, '"', (size_t)(line - p)) || memchr(p, '\0', (size_t)(line - p)) ||
	    !str_is_utf8(p, (size_t)(line - p)))
		return CSV_UNUSUAL;
	*ret_body = (uint64_t)(line + 1 - text.data);
	int n = 0;
	for (;;) {
		const char *comma = memchr(p, ',', (size_t)(line - p));
		const char *stop = comma ? comma : line;
		if (n == CSV_COLUMNS_MAX)
			return CSV_UNUSUAL;
		cells[n++] = str_trim((struct str){p, (size_t)(stop - p)});
		if (!comma)
			break;
		p = comma + 1;
	}
	/* One cell: perhaps another separator, or an empty line. */
	return n >= 2 ? n : CSV_UNUSUAL;
}

/* --- finding commas and line ends --- */

/* What a range of bytes holds that needs a closer look. */
enum {
	SEEN_QUOTE = 1,
	SEEN_NUL = 2,
	SEEN_RETURN = 4,
	SEEN_HIGH = 8,		/* not ASCII */
};

/* Marks of a range, and whether each `columns`-th of them and no other is a line
 * end: then the records need no closer look. */
struct marks {
	uint32_t *at;
	size_t n;
	size_t columns, line_end;	/* the mark that should be the next line end */
	bool regular;
	unsigned seen;
};

/* `commas` and `lines` have a bit for each of 64 bytes. */
static inline __attribute__((always_inline)) void check_lines(struct marks *m, uint64_t marks,
							      uint64_t lines)
{
	for (; lines; lines &= lines - 1) {
		uint64_t below = (lines & -lines) - 1;
		m->regular &= m->n + (size_t)__builtin_popcountll(marks & below) == m->line_end;
		m->line_end += m->columns;
	}
}

#if defined(__x86_64__)
/* Eight positions are written whether there are as many or not: how many there
 * are is hard to foretell. */
__attribute__((target("avx2,bmi,popcnt"))) static inline void put_marks_avx2(struct marks *m,
									      uint32_t first,
									      uint64_t bits)
{
	uint32_t *at = m->at + m->n;
	m->n += (size_t)__builtin_popcountll(bits);
	do {
		for (int i = 0; i < 8; i++) {
			at[i] = first + (uint32_t)_tzcnt_u64(bits);
			bits = _blsr_u64(bits);
		}
		at += 8;
	} while (bits);
}

/* What was seen of bytes. */
struct looked {
	__m256i quotes, nuls, returns, high;
};

__attribute__((target("avx2"))) static inline void look_at_avx2(struct looked *l, __m256i v)
{
	l->quotes = _mm256_or_si256(l->quotes, _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')));
	l->nuls = _mm256_or_si256(l->nuls, _mm256_cmpeq_epi8(v, _mm256_setzero_si256()));
	l->returns = _mm256_or_si256(l->returns, _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\r')));
	l->high = _mm256_or_si256(l->high, v);
}

__attribute__((target("avx2"))) static unsigned looked_avx2(const struct looked *l)
{
	return (_mm256_testz_si256(l->quotes, l->quotes) ? 0 : SEEN_QUOTE) |
	       (_mm256_testz_si256(l->nuls, l->nuls) ? 0 : SEEN_NUL) |
	       (_mm256_testz_si256(l->returns, l->returns) ? 0 : SEEN_RETURN) |
	       (_mm256_movemask_epi8(l->high) ? SEEN_HIGH : 0);
}

enum { AHEAD = 2048 };	/* bytes: past the end of a page, too, where the processor stops */

/* All whole runs of 64 bytes; returns where the rest begins. */
__attribute__((target("avx2,bmi,popcnt"))) static size_t find_marks_avx2(const char *data, size_t begin,
									  size_t end, struct marks *m)
{
	const __m256i comma = _mm256_set1_epi8(','), line = _mm256_set1_epi8('\n');
	struct looked l = {0};
	size_t i = begin;
	for (; i + 64 <= end; i += 64) {
		__builtin_prefetch(data + i + AHEAD);
		__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(data + i));
		__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(data + i + 32));
		look_at_avx2(&l, a);
		look_at_avx2(&l, b);
		uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, line));
		uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, line));
		uint64_t lines = low | high << 32;
		low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, comma));
		high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, comma));
		uint64_t marks = low | high << 32 | lines;
		check_lines(m, marks, lines);
		put_marks_avx2(m, (uint32_t)i, marks);
	}
	m->seen |= looked_avx2(&l);
	return i;
}
#endif

static unsigned look(const char *p, size_t len)
{
	unsigned seen = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)p[i];
		seen |= c == '"' ? SEEN_QUOTE : 0;
		seen |= c == '\0' ? SEEN_NUL : 0;
		seen |= c == '\r' ? SEEN_RETURN : 0;
		seen |= c >= 0x80 ? SEEN_HIGH : 0;
	}
	return seen;
}

static void find_marks_plain(const char *data, size_t begin, size_t end, struct marks *m)
{
	m->seen |= look(data + begin, end - begin);
	for (size_t i = begin; i < end; i++) {
		if (data[i] != ',' && data[i] != '\n')
			continue;
		if (data[i] == '\n') {
			m->regular &= m->n == m->line_end;
			m->line_end += m->columns;
		}
		m->at[m->n++] = (uint32_t)i;
	}
}

/* 64 marks behind the last can be written. */
static void find_marks(const char *data, size_t begin, size_t end, int columns, struct marks *m)
{
	m->n = 0;
	m->columns = (size_t)columns;
	m->line_end = m->columns - 1;
	m->regular = true;
	m->seen = 0;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		begin = find_marks_avx2(data, begin, end, m);
#endif
	find_marks_plain(data, begin, end, m);
	m->regular &= m->n == m->line_end - (m->columns - 1);
}

/* --- one block --- */

/* What a thread keeps. data[0] is the byte before the block, if there is one. */
struct worker {
	const char *data;	/* in the source's memory, or `room` */
	size_t size;		/* bytes in data */
	char *room;
	uint32_t *marks;
	struct csv_cell *cells;
	size_t cells_cap;
};

struct shared {
	const struct csv_scan *scan;
	uint64_t blocks;
	atomic_ullong next;	/* the next block to take */
	pthread_mutex_t lock;	/* of the next two */
	pthread_cond_t turned;
	uint64_t turn;		/* the block whose quotes are to be counted next */
	bool quoted;		/* whether that block begins inside quotes */
	atomic_ullong done;	/* bytes */
	atomic_int error;
};

enum { DATA_MAX = 1 + CSV_BLOCK + CSV_RECORD_MAX };

static int read_at(const struct csv_source *source, uint64_t offset, char *to, size_t len)
{
	if (source->data) {
		memcpy(to, source->data + offset, len);
		return 0;
	}
	while (len) {
		ssize_t n = pread(source->fd, to, len, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_IO;	/* shorter than it was: somebody is writing to it */
		to += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

static size_t count_quotes(const char *data, size_t len)
{
	size_t n = 0;
	const char *p = data, *end = data + len;
	while ((p = memchr(p, '"', (size_t)(end - p)))) {
		n++;
		p++;
	}
	return n;
}

/* The position after the first line end at or after `from` that is not inside
 * quotes; `size` if there is none. */
static size_t after_line(const char *data, size_t from, size_t size, bool quoted)
{
	if (!quoted) {
		const char *line = memchr(data + from, '\n', size - from);
		size_t end = line ? (size_t)(line - data) + 1 : size;
		if (!memchr(data + from, '"', end - from))
			return end;
	}
	for (size_t i = from; i < size; i++) {
		if (data[i] == '"')
			quoted = !quoted;
		else if (data[i] == '\n' && !quoted)
			return i + 1;
	}
	return size;
}

/* Waits for the blocks before, then says whether this one begins inside
 * quotes. Blocks are taken in order and a thread waits for none after its own. */
static bool begins_quoted(struct shared *shared, uint64_t block, size_t quotes)
{
	pthread_mutex_lock(&shared->lock);
	while (shared->turn != block)
		pthread_cond_wait(&shared->turned, &shared->lock);
	bool quoted = shared->quoted;
	if (quotes % 2)
		shared->quoted = !quoted;
	shared->turn = block + 1;
	pthread_cond_broadcast(&shared->turned);
	pthread_mutex_unlock(&shared->lock);
	return quoted;
}

static bool cells_room(struct worker *w, size_t n)
{
	if (n <= w->cells_cap)
		return true;
	struct csv_cell *cells = reallocarray(w->cells, n, sizeof(*cells));
	if (!cells)
		return false;
	w->cells = cells;
	w->cells_cap = n;
	return true;
}

/* Splits a range without quotes by its marks. */
static int split_plain(struct worker *w, size_t begin, const struct marks *found, int columns,
		       size_t *ret_n)
{
	const char *data = w->data;
	size_t marks = found->n;
	if (!cells_room(w, marks + (size_t)columns))
		return ERR_NOMEM;
	struct csv_cell *cell = w->cells;
	assert(cell && columns > 0);
	const uint32_t *mark = found->at, *last = mark + marks;
	uint32_t start = (uint32_t)begin;
	while (mark < last) {
		uint32_t line = *mark;
		if (data[line] == '\n' && (line == start || (line == start + 1 && data[start] == '\r'))) {
			start = line + 1;	/* an empty line */
			mark++;
			continue;
		}
		if (last - mark < columns)
			return CSV_UNUSUAL;
		for (int c = 0; c < columns - 1; c++) {
			if (data[mark[c]] != ',')
				return CSV_UNUSUAL;
			cell[c] = (struct csv_cell){start, mark[c]};
			start = mark[c] + 1;
		}
		line = mark[columns - 1];
		if (data[line] != '\n')
			return CSV_UNUSUAL;
		cell[columns - 1] = (struct csv_cell){start, line - (line > start && data[line - 1] == '\r')};
		start = line + 1;
		mark += columns;
		cell += columns;
	}
	*ret_n = (size_t)(cell - w->cells) / (size_t)columns;
	return 0;
}

/* Reads one cell that begins with a quote; doubled quotes are folded in place.
 * Returns the position of the mark behind it, or 0 if it is unusual. */
static size_t quoted_cell(char *data, size_t begin, size_t end, struct csv_cell *cell)
{
	size_t i = begin + 1, to = i;
	for (; i < end; i++) {
		if (data[i] == '"') {
			if (data[i + 1] != '"')
				break;
			i++;
		}
		data[to++] = data[i];
	}
	if (i >= end)
		return 0;
	*cell = (struct csv_cell){(uint32_t)begin + 1, (uint32_t)to};
	i++;
	if (data[i] == '\r' && data[i + 1] == '\n')
		i++;
	return data[i] == ',' || data[i] == '\n' ? i : 0;
}

/* Splits a range that may have quotes, byte by byte. */
static int split_quoted(struct worker *w, size_t begin, size_t end, int columns, size_t *ret_n)
{
	char *data = w->room;
	size_t n = 0, i = begin;
	while (i < end) {
		if (data[i] == '\n' || (data[i] == '\r' && data[i + 1] == '\n')) {
			i += data[i] == '\r' ? 2 : 1;
			continue;
		}
		if (!cells_room(w, n + 4096 + (size_t)columns))
			return ERR_NOMEM;
		for (int c = 0; c < columns; c++) {
			struct csv_cell *cell = &w->cells[n++];
			size_t mark = i;
			if (data[i] == '"') {
				mark = quoted_cell(data, i, end, cell);
				if (!mark)
					return CSV_UNUSUAL;
			} else {
				while (data[mark] != ',' && data[mark] != '\n')
					if (data[mark++] == '"')
						return CSV_UNUSUAL;
				size_t stop = mark;
				if (data[mark] == '\n' && stop > i && data[stop - 1] == '\r')
					stop--;
				*cell = (struct csv_cell){(uint32_t)i, (uint32_t)stop};
			}
			if (mark >= end || (data[mark] == '\n') != (c == columns - 1))
				return CSV_UNUSUAL;
			i = mark + 1;
		}
	}
	*ret_n = n / (size_t)columns;
	return 0;
}

/* What the precise reader must look at: NUL, a lone CR, no UTF-8. */
static bool plain_bytes(const char *data, size_t begin, size_t end, unsigned seen)
{
	if (seen & SEEN_NUL)
		return false;
	const char *p = data + begin, *stop = data + end;
	while (seen & SEEN_RETURN && (p = memchr(p, '\r', (size_t)(stop - p)))) {
		if (p[1] != '\n')
			return false;
		p++;
	}
	return !(seen & SEEN_HIGH) || str_is_utf8(data + begin, end - begin);
}

/* Whether the rest of a source from `at` on, which begins a block, is so long
 * that the block and its last record can be looked at where they are. */
static bool stays_in_place(const struct csv_source *source, uint64_t at)
{
	return source->data && source->size - at >= CSV_BLOCK + CSV_RECORD_MAX + CSV_SLACK;
}

/* Reads `len` bytes from `at` on behind the first `have` of w->room. The file's last
 * line may lack its end: it gets one. */
static int read_room(const struct csv_source *source, struct worker *w, uint64_t at, size_t have,
		     size_t len)
{
	int r = read_at(source, at, w->room + have, len);
	if (r < 0)
		return r;
	w->data = w->room;
	w->size = have + len;
	if (at + len == source->size && w->room[w->size - 1] != '\n')
		w->room[w->size++] = '\n';
	memset(w->room + w->size, 0, CSV_SLACK);
	return 0;
}

/* Brings a block that begins at `first`, `more` bytes behind it and the one before it
 * to w->data: that byte tells whether the block begins with a record. */
static int fetch_block(const struct csv_source *source, struct worker *w, uint64_t first, size_t own,
		       size_t more)
{
	if (!stays_in_place(source, first))
		return read_room(source, w, first - 1, 0, 1 + own + more);
	w->data = source->data + first - 1;
	w->size = 1 + own + CSV_RECORD_MAX - CSV_SLACK;
	return 0;
}

/* A block of a file: `own` bytes from `first` on, and where in w->data the records
 * are that begin in it. */
struct own_block {
	uint64_t index, first;
	size_t own;
	size_t begin, end;
};

/* Finds the last record's end, and reads more for it if need be. */
static int end_block(const struct csv_source *source, struct worker *w, struct own_block *b,
		     size_t from, bool quoted)
{
	uint64_t next = b->first + w->size - 1;
	b->end = after_line(w->data, from, w->size, quoted);
	if (b->end < w->size || w->data[w->size - 1] == '\n' || next >= source->size)
		return 0;
	if (w->data != w->room)
		return CSV_UNUSUAL;	/* a long record */
	size_t rest = CSV_RECORD_MAX - CSV_AHEAD - 1;
	if (rest > source->size - next)
		rest = (size_t)(source->size - next);
	int r = read_room(source, w, next, w->size, rest);
	if (r < 0)
		return r;
	b->end = after_line(w->data, from, w->size, quoted);
	return b->end == w->size && w->data[w->size - 1] != '\n' ? CSV_UNUSUAL : 0;
}

/* Makes what is in place our own: quotes are folded there. */
static void take_block(struct worker *w, size_t end)
{
	if (w->data == w->room)
		return;
	memcpy(w->room, w->data, end);
	w->data = w->room;
	memset(w->room + end, 0, CSV_SLACK);
}

/* The marks of a block as if it had no quotes; false where it has some, or needs a
 * closer look for another reason. */
static bool mark_plain(struct worker *w, struct own_block *b, int columns, struct marks *found)
{
	const char *data = w->data;
	if (data[0] == '"')
		return false;
	b->begin = b->index == 0 ? 1 : after_line(data, 0, w->size, false);
	if (b->begin > b->own)
		return false;
	b->end = after_line(data, b->own, w->size, false);
	if (data[b->end - 1] != '\n' || memchr(data + 1, '"', b->begin - 1))
		return false;
	find_marks(data, b->begin, b->end, columns, found);
	return !(found->seen & SEEN_QUOTE);
}

/* Finds the records of a block with quotes, inside of which it may begin. `quotes`:
 * how many it has. */
static int find_records(const struct csv_source *source, struct worker *w, struct own_block *b,
			bool quoted, size_t quotes)
{
	/* `quoted` counts the byte before already, should it be a quote. */
	size_t start = w->data[0] == '"';
	b->begin = b->index == 0 ? 1 : after_line(w->data, start, w->size, quoted);
	if (b->begin > b->own) {
		/* A record over the whole block, or nothing begins here. */
		b->end = b->begin;
		return b->begin == w->size && source->size - b->first > b->own ? CSV_UNUSUAL : 0;
	}
	size_t from = b->own;	/* the block's last byte; quotes up to it are counted */
	if (w->data[from] == '"')
		from++;
	return end_block(source, w, b, from, quoted ^ (quotes % 2));
}

/* Splits the records of a block into cells. Blocks are read in order, but for the
 * order of quotes: that one waits for those before. */
static int split_block(struct shared *shared, struct worker *w, struct own_block *own,
		       struct csv_block *block)
{
	const struct csv_source *source = &shared->scan->source;
	uint64_t left = source->size - own->first;
	own->own = left < CSV_BLOCK ? (size_t)left : CSV_BLOCK;
	size_t more = left - own->own < CSV_AHEAD ? (size_t)(left - own->own) : CSV_AHEAD;

	struct marks found = {.at = w->marks + 1};
	int r = fetch_block(source, w, own->first, own->own, more);
	bool plain = r == 0 && mark_plain(w, own, block->columns, &found);
	size_t quotes = r == 0 && !plain ? count_quotes(w->data + 1, own->own) : 0;
	bool quoted = begins_quoted(shared, own->index, quotes);
	if (r == 0 && (!plain || quoted)) {
		r = find_records(source, w, own, quoted, quotes);
		found.seen = r == 0 ? look(w->data + own->begin, own->end - own->begin) : 0;
		plain = false;
	}
	if (r < 0 || own->begin >= own->end)
		return r;
	if (!plain_bytes(w->data, own->begin, own->end, found.seen))
		return CSV_UNUSUAL;
	if (plain && found.regular && !(found.seen & SEEN_RETURN)) {
		w->marks[0] = (uint32_t)own->begin - 1;
		block->marks = w->marks;
		block->n = found.n / (size_t)block->columns;
		return 0;
	}
	if (!plain)
		take_block(w, own->end);
	r = plain ? split_plain(w, own->begin, &found, block->columns, &block->n) :
		    split_quoted(w, own->begin, own->end, block->columns, &block->n);
	block->cells = w->cells;
	return r;
}

static int do_block(struct shared *shared, struct worker *w, unsigned part, uint64_t index)
{
	const struct csv_scan *scan = shared->scan;
	struct own_block own = {.index = index, .first = scan->body + index * CSV_BLOCK};
	struct csv_block block = {.index = index, .columns = scan->columns};
	int r = split_block(shared, w, &own, &block);
	if (r < 0 || own.begin >= own.end)
		return r;
	block.data = w->data;
	block.in_place = w->data != w->room;
	return scan->block(scan->arg, part, &block);
}

/* A mapped file's pages count as ours while they are mapped: those that were read are
 * let go, a window behind the present one. Who still reads there gets them again. And
 * what comes next is asked for: where the system does not have it any more, it is read
 * while the present window is worked on. */
static void move_window(const struct csv_scan *scan, uint64_t index)
{
	enum { WINDOW = 8 << 20 };
	const struct csv_source *source = &scan->source;
	uint64_t at = scan->body + index * CSV_BLOCK, window = at / WINDOW;
	if (!source->passing || (index && window == (at - CSV_BLOCK) / WINDOW))
		return;
	char *first = (char *)(uintptr_t)source->data;
	uint64_t next = (window + 1) * WINDOW;
	if (next < source->size)
		madvise(first + next, source->size - next < WINDOW ? (size_t)(source->size - next) : WINDOW,
			MADV_WILLNEED);
	if (window >= 2)
		madvise(first + (window - 2) * WINDOW, WINDOW, MADV_DONTNEED);
}

static void scan_part(void *arg, unsigned part)
{
	struct shared *shared = arg;
	struct worker w = {0};
	/* What is behind a block's end is saved by memset above the slack. */
	w.room = malloc(DATA_MAX + 1 + 2 * CSV_SLACK);
	w.marks = calloc(1 + DATA_MAX + 2 * CSV_SLACK, sizeof(*w.marks));
	bool ok = w.room && w.marks;
	for (;;) {
		uint64_t index = atomic_fetch_add(&shared->next, 1);
		if (index >= shared->blocks)
			break;
		int r = ok ? 0 : ERR_NOMEM;
		if (r == 0 && atomic_load(&shared->error) == 0) {
			r = do_block(shared, &w, part, index);
			move_window(shared->scan, index);
		} else {
			begins_quoted(shared, index, 0);	/* nobody must wait for us */
		}
		if (r < 0) {
			int none = 0;
			atomic_compare_exchange_strong(&shared->error, &none, r);
		}
		uint64_t done = atomic_fetch_add(&shared->done, CSV_BLOCK) + CSV_BLOCK;
		if (part == 0 && shared->scan->progress)
			shared->scan->progress(shared->scan->arg, done);
	}
	free(w.room);
	free(w.marks);
	free(w.cells);
}

int csv_fast_scan(const struct csv_scan *scan)
{
	struct shared shared = {
		.scan = scan,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.turned = PTHREAD_COND_INITIALIZER,
	};
	if (scan->body >= scan->source.size)
		return 0;
	shared.blocks = (scan->source.size - scan->body + CSV_BLOCK - 1) / CSV_BLOCK;
	unsigned threads = scan->threads;
	if (threads > shared.blocks)
		threads = (unsigned)shared.blocks;
	par_run(threads, scan_part, &shared);
	return atomic_load(&shared.error);
}
