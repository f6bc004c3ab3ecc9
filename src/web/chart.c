/* SPDX-License-Identifier: Apache-2.0 */
#include "web/chart.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "web/assets.h"

enum {
	BAR_HEIGHT = 20,
	PHONE_WIDTH = 280,	/* px of a full bar there: a figure inside must fit */
	DIGIT_WIDTH = 8,
	TEXT_SIZE = 40,
};

/* The fill's class in style.css, whose variables ECharts takes, too; its
 * pattern, or NULL for one that is plain; whether figures on it are white. */
static const struct fill {
	const char *class, *pattern;
	bool dark;
} fills[] = {
	[CHART_GRADE_1] = {"f1", NULL, true}, [CHART_GRADE_2] = {"f2", NULL, false},
	[CHART_GRADE_3] = {"f3", "g3", false}, [CHART_GRADE_4] = {"f4", "g4", false},
	[CHART_GRADE_5] = {"f5", "g5", false},
	[CHART_FILL_1] = {"c1", NULL, true}, [CHART_FILL_2] = {"c2", "c2", false},
	[CHART_FILL_3] = {"c3", NULL, false}, [CHART_FILL_4] = {"c4", "c4", false},
	[CHART_FILL_5] = {"c5", "c5", false}, [CHART_FILL_6] = {"c6", "c6", false},
};

static int64_t value_at(const struct chart *c, int row, int series)
{
	int64_t value = c->values[(size_t)row * (size_t)c->n_series + (size_t)series];
	assert(value >= 0 || value == CHART_NONE);
	return value;
}

/* Never more than INT64_MAX. */
static int64_t row_sum(const struct chart *c, int row)
{
	int64_t sum = 0;
	for (int s = 0; s < c->n_series; s++) {
		int64_t value = value_at(c, row, s);
		if (value != CHART_NONE && __builtin_add_overflow(sum, value, &sum))
			return INT64_MAX;
	}
	return sum;
}

/* 8460 → "84.60", 1017 → "1,017". */
static void number_text(const struct chart *c, int64_t value, char ret_text[TEXT_SIZE])
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%0*" PRId64, c->decimals + 1, value), at = 0;

	if (value == CHART_NONE) {
		snprintf(ret_text, TEXT_SIZE, "—");
		return;
	}
	for (int i = 0; i < n; i++) {
		int left = n - c->decimals - i;	/* digits of the whole part from here on */
		if (i && left > 0 && left % 3 == 0)
			ret_text[at++] = ',';
		if (left == 0)
			ret_text[at++] = '.';
		ret_text[at++] = digits[i];
	}
	ret_text[at] = '\0';
}

/* part ÷ whole in hundredths of a percent, at most 10,000. */
static int percent_e2(int64_t part, int64_t whole)
{
	if (whole <= 0 || part <= 0)
		return 0;
	return part >= whole ? 10000 : (int)((__int128)part * 10000 / whole);
}

static void percent_text(int e2, char ret_text[TEXT_SIZE])
{
	snprintf(ret_text, TEXT_SIZE, "%d.%02d%%", e2 / 100, e2 % 100);
}

/* ---- the picture ---- */

static void write_patterns(struct html *h, const struct chart *c)
{
	html(h, "<svg class='vh' aria-hidden='true' width='0' height='0'><defs>");
	for (int s = 0; s < c->n_series; s++) {
		const struct fill *fill = &fills[c->series[s].fill];
		if (!fill->pattern)
			continue;
		html(h, "<pattern id='{}-{}' width='6' height='6' patternUnits='userSpaceOnUse'>"
			"<rect width='6' height='6' class='{}'/>", c->id, fill->pattern, fill->class);
		switch (c->series[s].fill) {
		case CHART_GRADE_3:
		case CHART_FILL_4:
			html(h, "<path class='hatch' d='M0 3h6'/>");
			break;
		case CHART_GRADE_4:
		case CHART_FILL_2:
			html(h, "<circle class='dot' cx='3' cy='3' r='1'/>");
			break;
		case CHART_FILL_6:
			html(h, "<path class='hatch' d='M0 3h6M3 0v6'/>");
			break;
		default:
			html(h, "<path class='hatch' d='M-1 1l2-2M0 6l6-6M5 7l2-2'/>");
			break;
		}
		html(h, "</pattern>");
	}
	html(h, "</defs></svg>\n");
}

static void write_fill(struct html *h, const struct chart *c, int series)
{
	const struct fill *fill = &fills[c->series[series].fill];

	if (fill->pattern)
		html(h, " class='k' fill='url(#{}-{})'/>", c->id, fill->pattern);
	else
		html(h, " class='{}'/>", fill->class);
}

static void write_legend(struct html *h, const struct chart *c)
{
	if (c->n_series < 2)
		return;
	html(h, "<ul class='keys'>");
	for (int s = 0; s < c->n_series; s++) {
		html(h, "<li><svg width='14' height='12' aria-hidden='true'><rect x='0.5' y='0.5' width='13' height='11'");
		write_fill(h, c, s);
		html(h, "</svg>{}</li>", c->series[s].name);
	}
	html(h, "</ul>\n");
}

/* What a screen reader says for the bar: all its figures. */
static void write_bar_title(struct html *h, const struct chart *c, int row)
{
	char text[TEXT_SIZE];

	html(h, "<title>{}：", c->rows[row].name);
	for (int s = 0; s < c->n_series; s++) {
		number_text(c, value_at(c, row, s), text);
		html(h, "{}", s ? "，" : "");
		if (c->n_series > 1)
			html(h, "{} ", c->series[s].name);
		html(h, "{} {}", text, c->unit);
	}
	html(h, "</title>");
}

/* One part of a bar from `from` on; where the next begins. */
static int write_part(struct html *h, const struct chart *c, int row, int series, int from,
		      int width)
{
	const struct fill *fill = &fills[c->series[series].fill];
	char x[TEXT_SIZE], w[TEXT_SIZE], text[TEXT_SIZE];

	if (width <= 0)
		return from;
	percent_text(from, x);
	percent_text(width, w);
	html(h, "<rect x='{}' width='{}' y='0' height='{}'", x, w, (int)BAR_HEIGHT);
	write_fill(h, c, series);
	number_text(c, value_at(c, row, series), text);
	/* A plain bar has its figure at the end of the line. */
	if (c->n_series > 1 && (int64_t)width * PHONE_WIDTH / 10000 >=
				       DIGIT_WIDTH * (int)strlen(text) + DIGIT_WIDTH) {
		percent_text(from + width / 2, x);
		html(h, "<text x='{}' y='15' text-anchor='middle' class='{}'>{}</text>", x,
		     fill->dark ? "on" : fill->pattern ? "halo" : "", text);
	}
	return from + width;
}

static void write_bar(struct html *h, const struct chart *c, int row, int64_t full)
{
	const char *href = c->rows[row].href;
	int64_t sum = row_sum(c, row), whole = c->share ? sum : full, upto = 0;
	bool known = false;
	char text[TEXT_SIZE];
	int at = 0;

	html(h, "<li><span>");
	if (href)
		html(h, "<a href='{}'>{}</a>", href, c->rows[row].name);
	else
		html(h, "{}", c->rows[row].name);
	html(h, "</span><svg role='img' width='100%' height='{}'>", (int)BAR_HEIGHT);
	write_bar_title(h, c, row);
	for (int s = 0; s < c->n_series; s++) {
		int64_t value = value_at(c, row, s);
		if (value == CHART_NONE)
			continue;
		known = true;
		/* From where all before ends to where this ends: rounding never adds up. */
		if (__builtin_add_overflow(upto, value, &upto))
			upto = INT64_MAX;
		at = write_part(h, c, row, s, at, percent_e2(upto, whole) - at);
	}
	number_text(c, known ? sum : CHART_NONE, text);
	html(h, "</svg><b>{}</b></li>\n", text);
}

/* ---- the table ---- */

static void write_table_head(struct html *h, const struct chart *c)
{
	html(h, "<thead><tr><th scope='col'>{}</th>", c->row_head);
	for (int s = 0; s < c->n_series; s++) {
		html(h, "<th scope='col' class='n' data-fill='{}' data-name='{}'>{}",
		     fills[c->series[s].fill].class, c->series[s].name, c->series[s].name);
		if (*c->unit)
			html(h, "（{}）", c->unit);
		html(h, "</th>");
	}
	if (c->sums && c->n_series > 1)
		html(h, "<th scope='col' class='n'>合计</th>");
	html(h, "</tr></thead>\n");
}

static void write_number_cell(struct html *h, const struct chart *c, int64_t value)
{
	char text[TEXT_SIZE];

	number_text(c, value, text);
	html(h, "<td class='n'>{}</td>", text);
}

static void write_table_sums(struct html *h, const struct chart *c)
{
	int64_t all = 0;

	html(h, "<tfoot><tr><th scope='row'>合计</th>");
	for (int s = 0; s < c->n_series; s++) {
		int64_t sum = 0;
		for (int r = 0; r < c->n_rows; r++)
			if (value_at(c, r, s) != CHART_NONE &&
			    __builtin_add_overflow(sum, value_at(c, r, s), &sum))
				sum = INT64_MAX;
		if (__builtin_add_overflow(all, sum, &all))
			all = INT64_MAX;
		write_number_cell(h, c, sum);
	}
	if (c->n_series > 1)
		write_number_cell(h, c, all);
	html(h, "</tr></tfoot>\n");
}

static void write_table(struct html *h, const struct chart *c)
{
	if (c->table_shown)
		html(h, "<details open>");
	else
		html(h, "<details>");
	html(h, "<summary>看数字</summary><div class='scroll'><table class='data'>"
		"<caption class='vh'>{}</caption>\n", c->title);
	write_table_head(h, c);
	html(h, "<tbody>\n");
	for (int r = 0; r < c->n_rows; r++) {
		html(h, "<tr><th scope='row'>{}</th>", c->rows[r].name);
		for (int s = 0; s < c->n_series; s++)
			write_number_cell(h, c, value_at(c, r, s));
		if (c->sums && c->n_series > 1)
			write_number_cell(h, c, row_sum(c, r));
		html(h, "</tr>\n");
	}
	html(h, "</tbody>\n");
	if (c->sums)
		write_table_sums(h, c);
	html(h, "</table></div></details>\n");
}

void chart_write(struct html *h, const struct chart *c)
{
	int64_t full = c->full;
	int shown = c->n_rows < CHART_ROWS_MAX ? c->n_rows : CHART_ROWS_MAX;

	assert(c->n_series >= 1 && c->n_series <= CHART_SERIES_MAX);
	assert(c->decimals >= 0 && c->decimals <= 4);
	if (c->n_rows <= 0)
		return;
	for (int r = 0; r < c->n_rows && !c->full; r++)
		if (row_sum(c, r) > full)
			full = row_sum(c, r);
	html(h, "<figure class='chart' id='{}' data-chart='bars' data-code='{}' data-library='{}'>",
	     c->id, asset_url("chart.js"), asset_url("echarts.js"));
	html(h, "<figcaption class='sec'><h2>{}</h2>", c->title);
	if (c->note)
		html(h, "<span class='note'>{}</span>", c->note);
	html(h, "</figcaption>\n");
	write_patterns(h, c);
	write_legend(h, c);
	html(h, "<ol class='bars'>\n");
	for (int r = 0; r < shown; r++)
		write_bar(h, c, r, full);
	html(h, "</ol>\n");
	if (shown < c->n_rows)
		html(h, "<p class='note'>图上只画前 {} 行，表里有全部 {} 行</p>\n", shown, c->n_rows);
	write_table(h, c);
	html(h, "</figure>\n");
}
