/* SPDX-License-Identifier: Apache-2.0 */
#include "report/result_csv.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/par.h"

enum {
	NODES = 16384,			/* a block of rows that one thread makes */
	CELLS_MAX = 2 * (ORG_CODE_MAX + ORG_NAME_MAX) + 128,	/* code, name, numbers; with quotes */
	FLUSH = 256 << 10,
	WAITING = 4,			/* blocks that are made and wait for those before */
};

/* A text as a cell, quoted where it must be; room for twice its length and two. */
static char *put_cell(char *p, struct str text)
{
	static const bool special[256] = {[','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true};
	bool quote = false;
	for (size_t i = 0; i < text.len; i++)
		quote |= special[(unsigned char)text.data[i]];
	if (!quote)
		return mempcpy(p, text.data, text.len);
	*p++ = '"';
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '"')
			*p++ = '"';
		*p++ = text.data[i];
	}
	*p++ = '"';
	return p;
}

static void add_cell(struct buf *buf, struct str text)
{
	if (!buf_reserve(buf, 2 * text.len + 2))
		return;
	buf->len = (size_t)(put_cell(buf->data + buf->len, text) - buf->data);
	buf->data[buf->len] = '\0';
}

static const char head[] = "code,name,category,score,grade,grade_by,rank,stars,approval,status\n";

/* A small unsigned number. */
static inline char *put_number(char *p, uint32_t value)
{
	char digits[10];
	int n = 0;
	do
		digits[n++] = (char)('0' + value % 10);
	while (value /= 10);
	while (n)
		*p++ = digits[--n];
	return p;
}

/* --- what many rows have in common --- */

enum { SHORT = 32 };	/* bytes that are copied at once, whether they are needed or not */

/* SHORT bytes can be read from its start. */
struct phrase {
	const char *text;
	size_t len;
};

enum { BY_SCORE, BY_QUOTA, BY_COUNT };
enum { STARS_COUNT = SCHEME_STARS_MAX + 2 };	/* the last: none */

struct phrases {
	struct phrase category[SCHEME_CATEGORIES_MAX];
	struct phrase grade[SCHEME_GRADES_MAX][BY_COUNT];		/* ",good,score," */
	struct phrase end[SCHEME_GRADES_MAX][STARS_COUNT];	/* ",5,city,graded\n" */
	size_t longest;
	size_t row_max;		/* bytes of a row at most, and what is written too many */
	struct arena arena;
};

static bool phrase_make(struct phrases *phrases, struct phrase *ret_phrase, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool phrase_make(struct phrases *phrases, struct phrase *ret_phrase, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *made = NULL;
	int len = vasprintf(&made, format, args);
	va_end(args);
	char *text = len < 0 ? NULL : arena_alloc(&phrases->arena, (size_t)len + SHORT);
	if (text) {
		memset(text, 0, (size_t)len + SHORT);
		memcpy(text, made, (size_t)len);
		*ret_phrase = (struct phrase){text, (size_t)len};
		phrases->longest = (size_t)len > phrases->longest ? (size_t)len : phrases->longest;
	}
	if (len >= 0)
		free(made);
	return text;
}

static int phrases_make(struct phrases *phrases, const struct scheme *s)
{
	bool ok = true;
	for (int c = 0; c < s->n_categories; c++)
		ok = ok && phrase_make(phrases, &phrases->category[c], "%s", s->categories[c].id);
	for (int i = 0; i < s->n_grades; i++) {
		ok = ok && phrase_make(phrases, &phrases->grade[i][BY_SCORE], ",%s,score,", s->grades[i].id) &&
		     phrase_make(phrases, &phrases->grade[i][BY_QUOTA], ",%s,quota,", s->grades[i].id);
		for (int k = 0; k < STARS_COUNT; k++) {
			uint8_t stars = k == STARS_COUNT - 1 ? STARS_NONE : (uint8_t)k;
			uint8_t approval = approval_level(s, (uint8_t)i, stars);
			char digits[12] = "";
			if (stars != STARS_NONE)
				snprintf(digits, sizeof(digits), "%d", stars);
			ok = ok && phrase_make(phrases, &phrases->end[i][k], ",%s,%s,graded\n", digits,
					       approval == LEVEL_NONE ? "" : level_id((enum level)approval));
		}
	}
	phrases->row_max = CELLS_MAX + 3 * phrases->longest + SHORT;
	return ok ? 0 : ERR_NOMEM;
}

/* Writes up to SHORT bytes too many. */
static inline char *put_phrase(char *p, const struct phrase *phrase)
{
	if (phrase->len > SHORT)
		return mempcpy(p, phrase->text, phrase->len);
	memcpy(p, phrase->text, SHORT);
	return p + phrase->len;
}

/* ",score,grade,grade_by,rank,stars,approval,graded\n". */
static char *put_grading(char *p, const struct graded *g, const struct phrases *phrases, uint32_t node)
{
	static const uint32_t unit[5] = {1, 10, 100, 1000, 10000};
	const struct scheme *s = g->scheme;
	uint64_t score = graded_score(g, node);
	uint32_t rest = (uint32_t)(score % unit[s->places]);

	*p++ = ',';
	p = put_number(p, (uint32_t)(score / unit[s->places]));
	if (s->places) {
		*p++ = '.';
		for (int i = s->places - 1; i >= 0; i--)
			*p++ = (char)('0' + rest / unit[i] % 10);
	}
	uint8_t grade = g->grade[node], stars = g->stars[node];
	p = put_phrase(p, &phrases->grade[grade][g->quota[node] == QUOTA_NONE ? BY_SCORE : BY_QUOTA]);
	p = put_number(p, g->rank[node]);
	return put_phrase(p, &phrases->end[grade][stars == STARS_NONE ? STARS_COUNT - 1 : stars]);
}

static void add_row(struct buf *buf, const struct graded *g, const struct phrases *phrases,
		    uint32_t node)
{
	uint8_t category = g->orgs->category[node];
	if (!buf_reserve(buf, phrases->row_max))
		return;
	struct str code = orgs_code(g->orgs, node), name = orgs_name(g->orgs, node);
	char *p = buf->data + buf->len;
	if (g->orgs->text[node].gap) {	/* cells of a file that needed no quotes there */
		p = mempcpy(p, code.data, code.len);
		*p++ = ',';
		p = mempcpy(p, name.data, name.len);
	} else {
		p = put_cell(p, code);
		*p++ = ',';
		p = put_cell(p, name);
	}
	*p++ = ',';
	if (category != CATEGORY_NONE)
		p = put_phrase(p, &phrases->category[category]);
	if (g->status[node] == STATUS_GRADED)
		p = put_grading(p, g, phrases, node);
	buf->len = (size_t)(p - buf->data);
	buf->data[buf->len] = '\0';
	if (g->status[node] == STATUS_GRADED)
		return;
	AUTO(buf) struct buf status = {0};
	graded_status_text(g, node, &status);
	buf_adds(buf, ",,,,,,,");
	add_cell(buf, (struct str){buf_str(&status), status.len});
	buf_addc(buf, '\n');
	buf->failed |= status.failed;
}

/* Rows are made a block at a time by all threads, and written in their order by
 * whoever finds the next one ready and nobody writing: the others go on making. */
struct writing {
	struct outfile *file;
	const struct graded *graded;
	const struct phrases *phrases;
	struct result_first first;
	uint32_t blocks;
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t changed;
	uint32_t next, turn;		/* the block to be made, to be written next */
	bool busy;			/* somebody writes */
	struct {
		struct buf rows;
		bool ready;
	} slots[PAR_THREADS_MAX + WAITING];
	uint32_t n_slots;
	int error;
	struct err_info *info;		/* of the first error */
};

static void set_error(struct writing *w, int code, const struct err_info *info)
{
	if (w->error)
		return;
	w->error = code;
	if (w->info)
		*w->info = *info;
}

static void make_rows(const struct writing *w, uint32_t block, struct buf *rows)
{
	uint32_t end = block == w->blocks - 1 ? w->graded->orgs->n : (block + 1) * NODES;
	buf_clear(rows);
	if (block == 0)
		buf_add(rows, head, sizeof(head) - 1);
	for (uint32_t i = block * NODES; i < end; i++)
		if (w->graded->status[i] != STATUS_NODE)
			add_row(rows, w->graded, w->phrases, i);
}

/* One block is made or written, or waited for; the lock is held before and after. */
static void write_step(struct writing *w)
{
	uint32_t block = w->turn;
	struct buf *rows = &w->slots[block % w->n_slots].rows;
	struct err_info info = {0};
	int r = 0;
	if (!w->busy && w->slots[block % w->n_slots].ready) {
		w->busy = true;
		pthread_mutex_unlock(&w->lock);
		r = rows->failed ? err_nomem(&info) :
				   outfile_write(w->file, buf_str(rows), rows->len, &info);
		pthread_mutex_lock(&w->lock);
		w->slots[block % w->n_slots].ready = w->busy = false;
		w->turn++;
	} else if (w->next < w->blocks && w->next < w->turn + w->n_slots) {
		block = w->next++;
		pthread_mutex_unlock(&w->lock);
		make_rows(w, block, &w->slots[block % w->n_slots].rows);
		pthread_mutex_lock(&w->lock);
		w->slots[block % w->n_slots].ready = true;
	} else {
		pthread_cond_wait(&w->changed, &w->lock);
		return;
	}
	if (r < 0)
		set_error(w, r, &info);
	pthread_cond_broadcast(&w->changed);
}

static void write_part(void *arg, unsigned part)
{
	struct writing *w = arg;
	struct err_info info = {0};
	int r = part == 0 && w->first.work ? w->first.work(w->first.arg, &info) : 0;
	pthread_mutex_lock(&w->lock);
	if (r < 0)
		set_error(w, r, &info);
	while (w->turn < w->blocks && !w->error)
		write_step(w);
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

int result_csv_write(struct outfile *file, const struct graded *graded, unsigned threads,
		     const struct result_first *first, struct err_info *info)
{
	uint32_t n = graded->orgs->n;
	struct phrases phrases = {0};
	struct writing *w = calloc(1, sizeof(*w));
	if (!w)
		return err_nomem(info);
	*w = (struct writing){
		.file = file,
		.graded = graded,
		.phrases = &phrases,
		.blocks = n / NODES + (n % NODES != 0),
		.info = info,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
	};
	if (first)
		w->first = *first;
	if (!w->blocks)
		w->blocks = 1;	/* the head */
	if (threads > w->blocks)
		threads = w->blocks;
	w->n_slots = threads + WAITING;
	int r = phrases_make(&phrases, graded->scheme);
	if (r == 0) {
		par_run(threads, write_part, w);
		r = w->error;
	} else {
		err_nomem(info);
	}
	for (uint32_t i = 0; i < w->n_slots; i++)
		buf_done(&w->slots[i].rows);
	arena_done(&phrases.arena);
	free(w);
	return r;
}

/* --- roll-up --- */

static int add_summary_row(struct buf *buf, struct summary *s, uint32_t node, uint8_t category)
{
	const struct scheme *scheme = s->graded->scheme;
	const struct orgs *orgs = s->graded->orgs;
	struct summary_cell cell;
	uint64_t mean;

	if (!summary_get(s, node, category, &cell))
		return 0;
	add_cell(buf, orgs_code(orgs, node));
	buf_addc(buf, ',');
	buf_adds(buf, level_id(orgs->level[node]));
	buf_addc(buf, ',');
	if (category != CATEGORY_NONE)
		buf_adds(buf, scheme->categories[category].id);
	buf_addc(buf, ',');
	buf_addu(buf, cell.orgs);
	buf_addc(buf, ',');
	buf_addu(buf, cell.graded);
	for (int i = 0; i < scheme->n_grades; i++) {
		buf_addc(buf, ',');
		buf_addu(buf, cell.grades[i]);
	}
	for (int i = 0; i <= SCHEME_STARS_MAX; i++) {
		buf_addc(buf, ',');
		buf_addu(buf, cell.stars[i]);
	}
	buf_addc(buf, ',');
	if (cell.graded) {
		int r = summary_mean(s, node, category, &cell, &mean);
		if (r < 0)
			return r;
		decimal_format_places(buf, mean, 2);
	}
	buf_addc(buf, '\n');
	return 0;
}

int summary_csv_write(struct outfile *file, struct summary *s, struct err_info *info)
{
	const struct scheme *scheme = s->graded->scheme;
	AUTO(buf) struct buf buf = {0};
	int r = 0;

	buf_adds(&buf, "code,level,category,orgs,graded");
	for (int i = 0; i < scheme->n_grades; i++)
		buf_addf(&buf, ",%s", scheme->grades[i].id);
	for (int i = 0; i <= SCHEME_STARS_MAX; i++)
		buf_addf(&buf, ",stars_%d", i);
	buf_adds(&buf, ",mean_score\n");
	for (uint32_t node = 0; r == 0 && node < s->graded->orgs->n; node++) {
		if (!summary_has(s, node))
			continue;
		r = add_summary_row(&buf, s, node, CATEGORY_NONE);
		for (int c = 0; r == 0 && c < scheme->n_categories; c++)
			r = add_summary_row(&buf, s, node, (uint8_t)c);
		if (r == 0 && buf.len >= FLUSH) {
			r = outfile_write(file, buf.data, buf.len, info);
			buf_clear(&buf);
		}
	}
	if (r == ERR_NOMEM || buf.failed)
		return err_nomem(info);
	return r < 0 ? r : outfile_write(file, buf_str(&buf), buf.len, info);
}
