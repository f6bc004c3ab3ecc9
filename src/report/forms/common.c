/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms share. */
#include <stdio.h>

#include "domain/exact.h"
#include "report/forms/forms.h"

void form_heads(struct doc *doc, const struct form_head *head, const struct doc_head *middle)
{
	struct doc_head heads[3];
	int n = 0;
	heads[n++] = (struct doc_head){"填报单位：", head->unit, false};
	if (middle)
		heads[n++] = *middle;
	heads[n++] = (struct doc_head){"填表时间：", head->blank ? NULL : head->day, true};
	doc_heads(doc, n, heads);
}

void form_number(struct doc *doc, int64_t number)
{
	if (number == FORM_UNKNOWN)
		doc_text(doc, NULL);
	else
		doc_int(doc, number);
}

void form_score(struct doc *doc, const char *score)
{
	static const int64_t unit[] = {10000, 1000, 100, 10, 1};
	struct str text = str_from(score ? score : "");
	const char *point = score ? strchr(score, '.') : NULL;
	size_t places = point ? strlen(point + 1) : 0;
	int64_t e4;
	if (places <= 4 && decimal_parse_e4(text, &e4))
		doc_decimal(doc, e4 / unit[places], (int)places);
	else
		doc_text(doc, score);
}

int64_t form_share_e1(int64_t part, int64_t whole)
{
	return (part * 2000 + whole) / (2 * whole);
}

void form_blank_rows(struct doc *doc, int n_columns, int rows)
{
	for (int i = 0; i < rows; i++) {
		doc_row(doc);
		doc_row_height(doc, 10);
		doc_int(doc, i + 1);
		for (int c = 1; c < n_columns; c++)
			doc_text(doc, NULL);
	}
}

const char *form_stars(int stars)
{
	static const char *const labels[] = {"不定星", "一星级", "二星级", "三星级", "四星级", "五星级"};
	return stars < 0 || stars > 5 ? "" : labels[stars];
}
