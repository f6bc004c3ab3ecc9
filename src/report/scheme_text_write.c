/* SPDX-License-Identifier: Apache-2.0 */
/* A scheme's words for a terminal. */
#include <libsmartcols.h>
#include <string.h>

#include "report/scheme_text.h"

static int fill_table(struct libscols_table *table, const struct scheme_text_section *section)
{
	for (int i = 0; i < section->n_columns; i++)
		if (!scols_table_new_column(table, section->head[i], 0, SCOLS_FL_WRAP))
			return ERR_NOMEM;
	for (const struct scheme_text_row *row = section->rows; row; row = row->next) {
		struct libscols_line *line = scols_table_new_line(table, NULL);
		for (int i = 0; line && i < section->n_columns; i++)
			if (scols_line_set_data(line, (size_t)i, row->cell[i]) < 0)
				return ERR_NOMEM;
		if (!line)
			return ERR_NOMEM;
	}
	return 0;
}

/* The table without the blanks that fill its last column. */
static void add_trimmed(struct buf *buf, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n"), used = len;
		while (used && text[used - 1] == ' ')
			used--;
		buf_add(buf, text, used);
		buf_addc(buf, '\n');
		text += len + (text[len] == '\n');
	}
}

static int write_table(struct buf *buf, const struct scheme_text_section *section)
{
	struct libscols_table *table = scols_new_table();
	char *text = NULL;
	int r = table ? 0 : ERR_NOMEM;

	if (r == 0)
		r = fill_table(table, section);
	if (r == 0)
		r = scols_table_set_column_separator(table, "  ") < 0 ? ERR_NOMEM : 0;
	if (r == 0)
		r = scols_print_table_to_string(table, &text) < 0 ? ERR_NOMEM : 0;
	if (r == 0)
		add_trimmed(buf, text);
	free(text);
	scols_unref_table(table);
	return r;
}

int scheme_text_write(struct buf *buf, const struct scheme_text *text, struct err_info *info)
{
	for (const struct scheme_text_section *s = text->first; s; s = s->next) {
		buf_addf(buf, "%s【%s】\n", s == text->first ? "" : "\n", s->title);
		if (s->rows && write_table(buf, s) < 0)
			return err_nomem(info);
		for (const struct scheme_text_line *line = s->lines; line; line = line->next)
			buf_addf(buf, "· %s\n", line->text);
	}
	return buf->failed ? err_nomem(info) : 0;
}
