/* SPDX-License-Identifier: Apache-2.0 */
#include "report/result_csv.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/par.h"

enum {
	NODES = 16384,			/* a block of rows that one thread makes */
	ROW_MAX = 2 * (ORG_CODE_MAX + ORG_NAME_MAX) + 2048,
	FLUSH = 256 << 10,
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

static inline char *put_text(char *p, const char *text)
{
	while (*text)
		*p++ = *text++;
	return p;
}

/* ",score,grade,grade_by,rank,stars,approval,graded\n", up to 512 bytes. */
static char *put_grading(char *p, const struct graded *g, uint32_t node)
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
	*p++ = ',';
	p = put_text(p, s->grades[g->grade[node]].id);
	p = put_text(p, g->quota[node] == QUOTA_NONE ? ",score," : ",quota,");
	p = put_number(p, g->rank[node]);
	*p++ = ',';
	if (g->stars[node] != STARS_NONE)
		p = put_number(p, g->stars[node]);
	*p++ = ',';
	uint8_t approval = graded_approval(g, node);
	if (approval != LEVEL_NONE)
		p = put_text(p, level_id((enum level)approval));
	return put_text(p, ",graded\n");
}

static void add_row(struct buf *buf, const struct graded *g, uint32_t node)
{
	uint8_t category = g->orgs->category[node];
	if (!buf_reserve(buf, ROW_MAX))
		return;
	char *p = put_cell(buf->data + buf->len, orgs_code(g->orgs, node));
	*p++ = ',';
	p = put_cell(p, orgs_name(g->orgs, node));
	*p++ = ',';
	if (category != CATEGORY_NONE)
		p = put_text(p, g->scheme->categories[category].id);
	if (g->status[node] == STATUS_GRADED)
		p = put_grading(p, g, node);
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

struct writing {
	struct outfile *file;
	const struct graded *graded;
	uint32_t blocks;
	atomic_uint next;
	pthread_mutex_t lock;		/* of the next three */
	pthread_cond_t turned;
	uint32_t turn;			/* the block that is to take its place next */
	uint64_t offset;
	atomic_int error;
	struct err_info *info;		/* written once, by the one who sets error */
};

static void set_error(struct writing *w, int code, const struct err_info *info)
{
	int none = 0;
	if (atomic_compare_exchange_strong(&w->error, &none, code) && w->info)
		*w->info = *info;
}

/* Blocks are made at once and take their places in order. */
static void write_part(void *arg, unsigned part)
{
	struct writing *w = arg;
	AUTO(buf) struct buf buf = {0};
	(void)part;
	for (;;) {
		uint32_t block = atomic_fetch_add(&w->next, 1);
		if (block >= w->blocks)
			break;
		buf_clear(&buf);
		if (block == 0)
			buf_add(&buf, head, sizeof(head) - 1);
		uint32_t end = block == w->blocks - 1 ? w->graded->orgs->n : (block + 1) * NODES;
		for (uint32_t i = block * NODES; i < end && atomic_load(&w->error) == 0; i++)
			if (w->graded->status[i] != STATUS_NODE)
				add_row(&buf, w->graded, i);
		struct err_info info = {0};
		pthread_mutex_lock(&w->lock);
		while (w->turn != block)
			pthread_cond_wait(&w->turned, &w->lock);
		int r = buf.failed ? err_nomem(&info) : atomic_load(&w->error);
		uint64_t at = w->offset;
		w->offset += buf.len;
		if (r == 0 && w->file->direct)
			r = outfile_write(w->file, buf_str(&buf), buf.len, &info);
		w->turn = block + 1;
		pthread_cond_broadcast(&w->turned);
		pthread_mutex_unlock(&w->lock);
		if (r == 0 && !w->file->direct)
			r = outfile_write_at(w->file, buf_str(&buf), buf.len, at, &info);
		if (r < 0)
			set_error(w, r, &info);
	}
}

int result_csv_write(struct outfile *file, const struct graded *graded, unsigned threads,
		     struct err_info *info)
{
	uint32_t n = graded->orgs->n;
	struct writing w = {
		.file = file,
		.graded = graded,
		.blocks = n / NODES + (n % NODES != 0),
		.info = info,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.turned = PTHREAD_COND_INITIALIZER,
	};
	if (!w.blocks)
		w.blocks = 1;	/* the head */
	par_run(threads < w.blocks ? threads : w.blocks, write_part, &w);
	return atomic_load(&w.error);
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
