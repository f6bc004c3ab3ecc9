/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chart of bars that prints and needs no script: SVG made here from
 * integers, each bar with its figure and a pattern of its own, and the same
 * figures as a table. One series gives plain bars, several give stacked ones.
 *
 * Where script runs, the reader may open the same table in ECharts (points at
 * bars, hides series, zooms, sorts): assets/js/chart.js, which is loaded by
 * pages with a chart, and the library only when asked for.
 */
#ifndef JW_WEB_CHART_H
#define JW_WEB_CHART_H

#include "web/html.h"

enum {
	CHART_SERIES_MAX = 8,
	CHART_ROWS_MAX = 400,		/* more are not drawn; the table says how many */
};
#define CHART_NONE INT64_MIN		/* no figure here: "—" */

/* How a series is filled: a colour and a pattern, apart in black and white too. */
enum chart_fill {
	CHART_GRADE_1, CHART_GRADE_2, CHART_GRADE_3, CHART_GRADE_4, CHART_GRADE_5,	/* best to worst */
	CHART_FILL_1, CHART_FILL_2, CHART_FILL_3, CHART_FILL_4, CHART_FILL_5, CHART_FILL_6,
};

struct chart_series {
	const char *name;
	enum chart_fill fill;
};

struct chart_row {
	const char *name;
	const char *href;		/* to the rows behind the bar; NULL: no link */
};

/* Borrowed for the call. */
struct chart {
	const char *id;			/* of the figure; letters and digits, unique on the page */
	const char *title;
	const char *note;		/* what the figures count; NULL */
	const char *row_head;		/* what a row is, e.g. "层级" */
	const char *unit;		/* "个", "人"; "" */
	const struct chart_series *series;
	int n_series;			/* 1 to CHART_SERIES_MAX */
	const struct chart_row *rows;
	int n_rows;
	const int64_t *values;		/* row by row, n_series each; from 0, or CHART_NONE */
	int decimals;			/* 0 to 4: with 2, 8460 is shown as 84.60 */
	int64_t full;			/* what fills the width, e.g. 10000 for 100.00;
					 * 0: the greatest row */
	bool share;			/* every row fills the width: parts of its own sum */
	bool sums;			/* figures add up: a sum for each row and each column */
	bool table_shown;		/* the table is open from the start */
};

/* Nothing where there are no rows. */
void chart_write(struct html *h, const struct chart *chart);

#endif
