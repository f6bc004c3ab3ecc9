/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing two schemes in words: people compare rules, not files. */
#include <stdlib.h>

#include "app/schemes.h"
#include "base/buf.h"
#include "import/scheme_yaml.h"

enum { LINES_MAX = 4000 };	/* of one scheme; the table of lengths is its square */

struct line {
	const char *section, *text;
};

struct lines {
	int n, cap;
	struct line *at;
};

static bool add_line(struct lines *lines, struct arena *arena, const char *section,
		     const char *text)
{
	if (!text || lines->n == LINES_MAX)
		return false;
	if (lines->n == lines->cap) {
		int cap = lines->cap ? 2 * lines->cap : 256;
		struct line *at = arena_zalloc(arena, (size_t)cap, sizeof(*at));
		if (!at)
			return false;
		if (lines->n)
			memcpy(at, lines->at, (size_t)lines->n * sizeof(*at));
		lines->at = at;
		lines->cap = cap;
	}
	lines->at[lines->n++] = (struct line){section, text};
	return true;
}

/* A row as one line: each cell with the head of its column, but for the first. */
static const char *row_text(const struct scheme_text_section *s, const struct scheme_text_row *row,
			    struct arena *arena)
{
	AUTO(buf) struct buf buf = {0};
	buf_adds(&buf, row->cell[0]);
	for (int c = 1; c < s->n_columns; c++)
		if (row->cell[c][0])
			buf_addf(&buf, "%s%s %s", c == 1 ? "：" : "，", s->head[c], row->cell[c]);
	return buf.failed ? NULL : arena_strdup(arena, buf_str(&buf));
}

static bool flatten(struct lines *lines, const struct scheme_text *words, struct arena *arena)
{
	for (const struct scheme_text_section *s = words->first; s; s = s->next) {
		/* The first bears the scheme's own name. */
		const char *title = s == words->first ? "基本情况" : arena_strdup(arena, s->title);
		if (!title)
			return false;
		for (const struct scheme_text_row *row = s->rows; row; row = row->next)
			if (!add_line(lines, arena, title, row_text(s, row, arena)))
				return false;
		for (const struct scheme_text_line *line = s->lines; line; line = line->next)
			if (!add_line(lines, arena, title, arena_strdup(arena, line->text)))
				return false;
	}
	return true;
}

static bool same(const struct line *a, const struct line *b)
{
	return strcmp(a->text, b->text) == 0 && strcmp(a->section, b->section) == 0;
}

/* Lines of one section. */
struct part {
	const struct line *at;
	int n;
};

/* The longest common subsequence, from the end: length[i][j] is that of what
 * follows line i and line j. */
static uint16_t *lengths(const struct part *a, const struct part *b)
{
	size_t wide = (size_t)b->n + 1;
	uint16_t *length = calloc((size_t)(a->n + 1) * wide, sizeof(*length));
	for (int i = a->n - 1; length && i >= 0; i--)
		for (int j = b->n - 1; j >= 0; j--) {
			uint16_t down = length[(size_t)(i + 1) * wide + (size_t)j];
			uint16_t right = length[(size_t)i * wide + (size_t)j + 1];
			length[(size_t)i * wide + (size_t)j] =
				same(&a->at[i], &b->at[j])
					? (uint16_t)(length[(size_t)(i + 1) * wide + (size_t)j + 1] + 1)
					: down > right ? down : right;
		}
	return length;
}

static bool merge(const struct part *a, const struct part *b, struct scheme_diff *diff)
{
	AUTO_FREE uint16_t *length = lengths(a, b);
	size_t wide = (size_t)b->n + 1;
	int i = 0, j = 0;
	while (length && (i < a->n || j < b->n)) {
		struct scheme_diff_line *out = &diff->lines[diff->n++];
		if (i < a->n && j < b->n && same(&a->at[i], &b->at[j])) {
			*out = (struct scheme_diff_line){SIDE_BOTH, a->at[i].section, a->at[i].text};
			i++, j++;
		} else if (j == b->n || (i < a->n && length[(size_t)(i + 1) * wide + (size_t)j] >=
							     length[(size_t)i * wide + (size_t)j + 1])) {
			*out = (struct scheme_diff_line){SIDE_LEFT, a->at[i].section, a->at[i].text};
			diff->n_left++, i++;
		} else {
			*out = (struct scheme_diff_line){SIDE_RIGHT, b->at[j].section, b->at[j].text};
			diff->n_right++, j++;
		}
	}
	return length != NULL;
}

/* The section that begins at line `from`. */
static struct part section_at(const struct lines *lines, int from)
{
	int to = from;
	while (to < lines->n && strcmp(lines->at[to].section, lines->at[from].section) == 0)
		to++;
	return (struct part){lines->at + from, to - from};
}

static bool has_section(const struct lines *lines, int from, const char *section)
{
	for (int i = from; i < lines->n; i++)
		if (strcmp(lines->at[i].section, section) == 0)
			return true;
	return false;
}

/* Section by section: what two schemes say of one thing stands side by side,
 * however little they share. */
static bool merge_sections(const struct lines *a, const struct lines *b, struct scheme_diff *diff)
{
	for (int i = 0, j = 0; i < a->n || j < b->n;) {
		struct part left = section_at(a, i), right = section_at(b, j);
		if (left.n && right.n && strcmp(left.at->section, right.at->section) != 0) {
			if (has_section(a, i, right.at->section))
				right.n = 0;
			else
				left.n = 0;
		}
		if (!merge(&left, &right, diff))
			return false;
		i += left.n;
		j += right.n;
	}
	return true;
}

static int load_lines(struct app *app, const struct caller *caller, const struct scheme_ref *ref,
		      struct arena *arena, struct scheme_version *ret_version,
		      struct lines *ret_lines, struct err_info *info)
{
	struct scheme_shown shown;
	int r = schemes_show(app, caller, ref, arena, &shown, info);
	if (r < 0)
		return r;
	*ret_version = shown.version;
	if (!shown.sound)
		r = err_set(info, ERR_STATE, "“%s”还有错误，改好以后才能比较", shown.version.title);
	else if (!flatten(ret_lines, &shown.words, arena))
		r = err_nomem(info);
	scheme_shown_done(&shown);
	return r;
}

int schemes_compare(struct app *app, const struct caller *caller, const struct scheme_ref *left,
		    const struct scheme_ref *right, struct arena *arena,
		    struct scheme_diff *ret_diff, struct err_info *info)
{
	struct scheme_diff diff = {.lines = NULL};
	struct lines of_left = {0}, of_right = {0};
	int r = load_lines(app, caller, left, arena, &diff.left, &of_left, info);
	if (r == 0)
		r = load_lines(app, caller, right, arena, &diff.right, &of_right, info);
	if (r < 0)
		return r;
	diff.lines = arena_zalloc(arena, (size_t)(of_left.n + of_right.n) + 1, sizeof(*diff.lines));
	if (!diff.lines || !merge_sections(&of_left, &of_right, &diff))
		return err_nomem(info);
	*ret_diff = diff;
	return 0;
}
