/* SPDX-License-Identifier: Apache-2.0 */
#include "import/csv_fast.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
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

/* Marks of a range, and whether each `columns`-th of them and no other is a line
 * end: then the records need no closer look. */
struct marks {
	uint32_t *at;
	size_t n;
	size_t columns, line_end;	/* the mark that should be the next line end */
	bool regular;
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

__attribute__((target("avx2,bmi,popcnt"))) static void find_marks_avx2(const char *data, size_t begin,
									size_t end, struct marks *m)
{
	const __m256i comma = _mm256_set1_epi8(','), line = _mm256_set1_epi8('\n');
	for (size_t i = begin; i < end; i += 64) {
		__m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(data + i));
		__m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(data + i + 32));
		uint64_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, line));
		uint64_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, line));
		uint64_t lines = low | high << 32;
		low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, comma));
		high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(b, comma));
		uint64_t marks = low | high << 32 | lines;
		if (end - i < 64) {
			marks &= ((uint64_t)1 << (end - i)) - 1;
			lines &= marks;
		}
		check_lines(m, marks, lines);
		put_marks_avx2(m, (uint32_t)i, marks);
	}
}
#endif

static void find_marks_plain(const char *data, size_t begin, size_t end, struct marks *m)
{
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

/* 64 bytes behind `end` can be read, 64 marks behind the last be written. */
static void find_marks(const char *data, size_t begin, size_t end, int columns, struct marks *m)
{
	m->n = 0;
	m->columns = (size_t)columns;
	m->line_end = m->columns - 1;
	m->regular = true;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
		find_marks_avx2(data, begin, end, m);
	else
		find_marks_plain(data, begin, end, m);
#else
	find_marks_plain(data, begin, end, m);
#endif
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
	size_t to = begin + 1, i = begin + 1;
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

/* What a range of bytes holds that needs a closer look. */
enum {
	SEEN_QUOTE = 1,
	SEEN_NUL = 2,
	SEEN_RETURN = 4,
	SEEN_HIGH = 8,		/* not ASCII */
};

#if defined(__x86_64__)
__attribute__((target("avx2"))) static unsigned look_avx2(const char *p, size_t len)
{
	const __m256i quote = _mm256_set1_epi8('"'), cr = _mm256_set1_epi8('\r');
	const __m256i zero = _mm256_setzero_si256();
	__m256i quotes = zero, nuls = zero, returns = zero, high = zero;
	for (size_t i = 0; i + 32 <= len; i += 32) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
		quotes = _mm256_or_si256(quotes, _mm256_cmpeq_epi8(v, quote));
		nuls = _mm256_or_si256(nuls, _mm256_cmpeq_epi8(v, zero));
		returns = _mm256_or_si256(returns, _mm256_cmpeq_epi8(v, cr));
		high = _mm256_or_si256(high, v);
	}
	return (_mm256_testz_si256(quotes, quotes) ? 0 : SEEN_QUOTE) |
	       (_mm256_testz_si256(nuls, nuls) ? 0 : SEEN_NUL) |
	       (_mm256_testz_si256(returns, returns) ? 0 : SEEN_RETURN) |
	       (_mm256_movemask_epi8(high) ? SEEN_HIGH : 0);
}
#endif

static unsigned look(const char *p, size_t len)
{
	unsigned seen = 0;
	size_t done = 0;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2")) {
		seen = look_avx2(p, len);
		done = len / 32 * 32;
	}
#endif
	for (; done < len; done++) {
		unsigned char c = (unsigned char)p[done];
		seen |= c == '"' ? SEEN_QUOTE : 0;
		seen |= c == '\0' ? SEEN_NUL : 0;
		seen |= c == '\r' ? SEEN_RETURN : 0;
		seen |= c >= 0x80 ? SEEN_HIGH : 0;
	}
	return seen;
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

/* Brings block `index`, `more` bytes behind it and the one before it to w->data:
 * that byte tells whether the block begins with a record. */
static int fetch_block(const struct csv_source *source, struct worker *w, uint64_t first, size_t own,
		       size_t more)
{
	w->data = w->room;
	w->size = 1 + own + more;
	if (!stays_in_place(source, first))
		return read_at(source, first - 1, w->room, w->size);
	w->data = source->data + first - 1;
	w->size = 1 + own + CSV_RECORD_MAX - CSV_SLACK;
	return 0;
}

/* Finds the last record's end, and reads more for it if need be. */
static int end_block(const struct csv_source *source, struct worker *w, uint64_t first, size_t from,
		     bool quoted, size_t *ret_end)
{
	uint64_t next = first + w->size - 1;
	size_t end = after_line(w->data, from, w->size, quoted);
	if (end == w->size && w->data[w->size - 1] != '\n' && next < source->size) {
		if (w->data != w->room)
			return CSV_UNUSUAL;	/* a long record */
		size_t rest = CSV_RECORD_MAX - CSV_AHEAD - 1;
		if (rest > source->size - next)
			rest = (size_t)(source->size - next);
		int r = read_at(source, next, w->room + w->size, rest);
		if (r < 0)
			return r;
		w->size += rest;
		end = after_line(w->data, from, w->size, quoted);
		if (end == w->size && w->data[w->size - 1] != '\n' && next + rest < source->size)
			return CSV_UNUSUAL;
	}
	*ret_end = end;
	return 0;
}

/* Makes what is in place our own: quotes are folded there. */
static void take_block(struct worker *w, size_t end)
{
	if (w->data == w->room)
		return;
	memcpy(w->room, w->data, end);
	w->data = w->room;
}

/* Reads block `index` and what its last record needs beyond it. The records
 * are those that begin in the block: *ret_begin … *ret_end of w->data. */
static int load_block(struct shared *shared, struct worker *w, uint64_t index, size_t *ret_begin,
		      size_t *ret_end, unsigned *ret_seen)
{
	const struct csv_source *source = &shared->scan->source;
	uint64_t body = shared->scan->body, first = body + index * CSV_BLOCK;
	uint64_t left = source->size - first;
	size_t own = left < CSV_BLOCK ? (size_t)left : CSV_BLOCK;
	size_t more = left - own < CSV_AHEAD ? (size_t)(left - own) : CSV_AHEAD;

	int r = fetch_block(source, w, first, own, more);
	unsigned seen = r == 0 ? look(w->data + 1, own) : 0;
	size_t quotes = seen & SEEN_QUOTE ? count_quotes(w->data + 1, own) : 0;
	bool quoted = begins_quoted(shared, index, quotes);
	if (r < 0)
		return r;
	/* `quoted` counts the byte before already, should it be a quote. */
	size_t start = w->data[0] == '"';
	*ret_begin = index == 0 ? 1 : after_line(w->data, start, w->size, quoted);
	bool quoted_end = quoted ^ (quotes % 2);
	*ret_seen = seen | (quoted ? SEEN_QUOTE : 0);
	if (*ret_begin > own) {
		/* A record over the whole block, or nothing begins here. */
		*ret_end = *ret_begin;
		return *ret_begin == w->size && left > own ? CSV_UNUSUAL : 0;
	}
	size_t from = own;	/* the block's last byte; quotes up to it are counted */
	if (w->data[from] == '"')
		from++;
	r = end_block(source, w, first, from, quoted_end, ret_end);
	if (r < 0)
		return r;
	/* The block's own bytes were looked at; the rest is what its last record took. */
	if (*ret_end > 1 + own)
		*ret_seen |= look(w->data + 1 + own, *ret_end - 1 - own);
	if (*ret_seen & SEEN_QUOTE)
		take_block(w, *ret_end);
	if (w->data != w->room)
		return 0;
	/* The file's last line may lack its end. */
	if (w->room[*ret_end - 1] != '\n')
		w->room[(*ret_end)++] = '\n';
	memset(w->room + *ret_end, 0, CSV_SLACK);
	return 0;
}

static int do_block(struct shared *shared, struct worker *w, unsigned part, uint64_t index)
{
	size_t begin, end;
	unsigned seen = 0;
	int r = load_block(shared, w, index, &begin, &end, &seen);
	if (r < 0 || begin >= end)
		return r;
	if (!plain_bytes(w->data, begin, end, seen))
		return CSV_UNUSUAL;
	int columns = shared->scan->columns;
	struct csv_block block = {
		.index = index, .data = w->data, .columns = columns, .in_place = w->data != w->room};
	if (seen & SEEN_QUOTE) {
		r = split_quoted(w, begin, end, columns, &block.n);
		block.cells = w->cells;
	} else {
		struct marks found = {.at = w->marks + 1};
		find_marks(w->data, begin, end, columns, &found);
		if (found.regular && !(seen & SEEN_RETURN)) {
			w->marks[0] = (uint32_t)begin - 1;
			block.marks = w->marks;
			block.n = found.n / (size_t)columns;
		} else {
			r = split_plain(w, begin, &found, columns, &block.n);
			block.cells = w->cells;
		}
	}
	return r < 0 ? r : shared->scan->block(shared->scan->arg, part, &block);
}

static void scan_part(void *arg, unsigned part)
{
	struct shared *shared = arg;
	struct worker w = {0};
	/* What is behind a block's end is saved by memset above the slack. */
	w.room = malloc(DATA_MAX + 1 + 2 * CSV_SLACK);
	w.marks = malloc((1 + DATA_MAX + 2 * CSV_SLACK) * sizeof(*w.marks));
	bool ok = w.room && w.marks;
	for (;;) {
		uint64_t index = atomic_fetch_add(&shared->next, 1);
		if (index >= shared->blocks)
			break;
		int r = ok ? 0 : ERR_NOMEM;
		if (r == 0 && atomic_load(&shared->error) == 0)
			r = do_block(shared, &w, part, index);
		else
			begins_quoted(shared, index, 0);	/* nobody must wait for us */
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
