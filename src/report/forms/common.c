/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms share. */
#include <stdio.h>
#include <string.h>

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

void form_points(struct doc *doc, int64_t points_e4)
{
	if (points_e4 == FORM_UNKNOWN)
		doc_text(doc, NULL);
	else if (points_e4 % 10000 == 0)
		doc_int(doc, points_e4 / 10000);
	else
		doc_decimal(doc, points_e4 / 100, 2);
}

/* ---- letters ---- */

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), back = strlen(end);
	return len > back && strcmp(text + len - back, end) == 0;
}

static bool is_committee(const char *unit)
{
	return strncmp(unit, "中共", strlen("中共")) == 0 && ends_with(unit, "委员会");
}

const char *unit_place(struct arena *arena, const char *unit)
{
	size_t front = strlen("中共"), back = strlen("委员会");
	if (!unit || !is_committee(unit))
		return unit ? unit : "";
	return arena_strndup(arena, unit + front, strlen(unit) - front - back);
}

const char *unit_office(struct arena *arena, const char *unit)
{
	static const char *const offices[] = {"委员会", "党委", "工委", "组织部", "办公室", "支部", "总支", "党组",
					      "领导小组", "督查组"};
	if (!unit || !*unit)
		return "";
	for (size_t i = 0; i < sizeof(offices) / sizeof(offices[0]); i++)
		if (ends_with(unit, offices[i]))
			return unit;
	return arena_printf(arena, "中共%s委员会", unit);
}

const char *form_place_name(struct doc *doc, const char *unit)
{
	const char *place = unit_place(&doc->arena, unit);
	doc->failed |= !place;
	return place ? place : unit;
}

const char *form_office(struct doc *doc, const char *unit)
{
	const char *office = unit_office(&doc->arena, unit);
	doc->failed |= !office;
	return office ? office : unit;
}

bool form_ends(const char *text)
{
	size_t len = strlen(text), stop = strlen("。");
	return len >= stop && strcmp(text + len - stop, "。") == 0;
}

void form_signs(struct doc *doc)
{
	doc_signs(doc, 3, (struct doc_head[]){{"填表人：", NULL, false}, {"审核人：", NULL, false}, {"（盖章）", NULL, false}});
}

void form_red_head(struct doc *doc, const struct form_head *head)
{
	if (!head->red)
		return;
	const char *office = arena_printf(&doc->arena, "%s文件", form_office(doc, head->unit));
	const char *number = head->year ? arena_printf(&doc->arena, "〔%d〕　　号", head->year) : "〔　　〕　　号";
	doc->failed |= !office || !number;
	doc_red_head(doc, office, number);
}

void form_sign(struct doc *doc, const struct form_head *head, const char *office)
{
	doc_para(doc, DOC_SIGN, " ");
	doc_para(doc, DOC_SIGN, "%s", form_office(doc, office ? office : head->unit));
	doc_para_passing(doc, DOC_SIGN, head->blank || !head->day ? "　　年　月　日" : head->day);
}

void form_add_line(struct doc *doc, const struct form_line *line)
{
	if (line->before)
		doc_add(doc, "%s", line->before);
	if (line->linked)
		doc_add_link(doc, line->linked, line->figure, line->org);
	if (line->after)
		doc_add(doc, "%s", line->after);
}

void form_add_late(struct doc *doc, const struct form_late *late, const char *by)
{
	form_add_line(doc, &late->line);
	if (late->days > 0)
		doc_add(doc, "，%s %lld 天", by, (long long)late->days);
}

/* ---- lists of graded organisations ---- */

int graded_count(const struct graded_list *list, int grade)
{
	int n = 0;
	for (int i = 0; i < list->n; i++)
		n += list->orgs[i].grade == grade;
	return n;
}

void graded_add_counts(struct doc *doc, const struct graded_list *list, bool zeros)
{
	const char *between = "";
	for (int g = 0; g < list->n_grades; g++) {
		char figure[24];
		int n = graded_count(list, g);
		if (!n && !zeros)
			continue;
		snprintf(figure, sizeof(figure), "grade%d", g);
		doc_add(doc, "%s“%s” ", between, list->grades[g]);
		doc_add_figure(doc, n, figure);
		doc_add(doc, " 个");
		between = "，";
	}
}
