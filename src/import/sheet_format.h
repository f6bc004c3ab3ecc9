/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a workbook's stored values look: numbers with the 15 significant digits
 * that Excel shows, dates from day counts. All of it works on the decimal text
 * in the file; no floating point comes near a score.
 */
#ifndef JW_IMPORT_SHEET_FORMAT_H
#define JW_IMPORT_SHEET_FORMAT_H

#include "base/str.h"

/* What a number format shows. */
enum sheet_format {
	FORMAT_NUMBER,
	FORMAT_DATE,
	FORMAT_DATETIME,
	FORMAT_TIME,
};

enum { SHEET_TEXT_MAX = 64 };	/* room for any of the texts below */

/* The built-in formats of Excel, those of its Chinese versions included. */
enum sheet_format sheet_format_builtin(unsigned id);

/* The kind of a custom format such as `yyyy"年"m"月"d"日"` or `0.00_ `: its
 * first section decides. */
enum sheet_format sheet_format_custom(struct str code);

/*
 * The number `text` (decimal, with or without an exponent) rounded half away
 * from zero to 15 significant digits, in plain digits without an exponent:
 * 0.30000000000000004 → 0.3, 1E+20 → 100000000000000000000. Returns the length
 * written to `out`; 0 where `text` is no number or has more than 40 digits
 * before or zeros behind the point.
 */
size_t sheet_number(struct str text, char out[SHEET_TEXT_MAX]);

/*
 * The date that the day count `text` stands for, as YYYY-MM-DD, followed by
 * HH:MM:SS where the format shows a time and it is not midnight; a time alone
 * for FORMAT_TIME. The 1900 system has Excel's 29 February 1900. Returns the
 * length; 0 where there is no such date (before 1900-01-01, after 9999-12-31).
 */
size_t sheet_date(struct str text, enum sheet_format format, bool date1904,
		  char out[SHEET_TEXT_MAX]);

#endif
