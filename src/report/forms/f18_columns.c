/* SPDX-License-Identifier: Apache-2.0 */
/* F18: a list with the columns that somebody chose. */
#include <stdio.h>

#include "report/forms/forms.h"

void f18_make(struct doc *doc, const struct f18 *in)
{
	int width = 0;
	char n[32];
	const struct doc_head sum = {"党组织数：", n, false, "all", 0};
	for (int i = 0; i < in->n_columns; i++)
		width += in->columns[i].width_mm;
	doc_init(doc, "F18", in->title ? in->title : "自选列统计");
	doc_sheet(doc, "统计", width > 180, true);
	doc_title(doc, "%s", in->title ? in->title : "自选列统计");
	snprintf(n, sizeof(n), "%lld", (long long)in->n);
	form_heads(doc, &in->head, in->n == FORM_UNKNOWN ? NULL : &sum);
	doc_table(doc, in->n_columns, in->columns);
	if (doc->table)
		doc->table->source = in->rows;
}
