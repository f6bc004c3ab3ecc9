/* SPDX-License-Identifier: Apache-2.0 */
/* A document as plain text, to copy into a message; and its essence, of which
 * check codes are made. */
#include "report/doc_write.h"

static void add_heads(const struct doc_block *b, struct buf *out, bool essence)
{
	const char *between = "";
	for (int i = 0; i < b->n_heads; i++) {
		if (essence && b->heads[i].passing)
			continue;
		buf_adds(out, between);
		buf_adds(out, b->heads[i].label);
		buf_adds(out, b->heads[i].value ? b->heads[i].value : "");
		between = essence ? "\n" : "　";
	}
	buf_addc(out, '\n');
}

static int add_table(const struct doc_block *b, struct buf *out, const char *between,
		     struct err_info *info)
{
	struct doc_walk walk;
	const struct doc_row *row;
	char scratch[DOC_NUMBER_LEN];
	int r;

	doc_walk_begin(&walk, b->table);
	while ((r = doc_walk_next(&walk, &row, info)) > 0) {
		for (int i = 0; i < b->table->n_columns; i++) {
			if (i)
				buf_adds(out, between);
			buf_adds(out, doc_cell_text(&row->cells[i], scratch));
		}
		buf_addc(out, '\n');
		if (out->failed)
			return err_nomem(info);
	}
	return r;
}

static int add_block(const struct doc_block *b, struct buf *out, bool essence,
		     struct err_info *info)
{
	if (essence && b->passing)
		return 0;
	switch (b->kind) {
	case DOC_TABLE:
		return add_table(b, out, essence ? "\n" : "\t", info);
	case DOC_HEADS:
	case DOC_SIGNS:
		add_heads(b, out, essence);
		break;
	case DOC_RED_HEAD:
	case DOC_TITLE:
	case DOC_PARA:
		buf_adds(out, b->text);
		if (b->number)
			buf_addf(out, "\n%s", b->number);
		buf_addc(out, '\n');
		break;
	case DOC_CUT:
	case DOC_BREAK:
		break;
	}
	return 0;
}

static int add_all(const struct doc *doc, struct buf *out, bool essence, struct err_info *info)
{
	if (doc->failed)
		return err_nomem(info);
	for (const struct doc_sheet *s = doc->first; s; s = s->next) {
		if (s != doc->first)
			buf_adds(out, essence ? "\f" : "\n");
		if (s->draft)
			buf_addf(out, "%s\n", s->draft);
		for (const struct doc_block *b = s->first; b; b = b->next) {
			int r = add_block(b, out, essence, info);
			if (r < 0)
				return r;
		}
	}
	return out->failed ? err_nomem(info) : 0;
}

int doc_write_plain(const struct doc *doc, struct buf *out, struct err_info *info)
{
	return add_all(doc, out, false, info);
}

int doc_write_essence(const struct doc *doc, struct buf *out, struct err_info *info)
{
	return add_all(doc, out, true, info);
}
