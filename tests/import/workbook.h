/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workbooks made by hand, with whatever dirt a test wants in them.
 */
#ifndef JW_TESTS_WORKBOOK_H
#define JW_TESTS_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

struct workbook_part {
	const char *name;
	struct str content;
};

/* Appends an archive with these parts to `out`. False if that can't be. */
bool workbook_zip(const struct workbook_part *parts, int n, bool deflate, struct buf *out);

/*
 * As workbook_zip from one text: lines `== name` begin the parts, a text without
 * any is xl/worksheets/sheet1.xml. Of _rels/.rels, xl/workbook.xml and
 * xl/_rels/workbook.xml.rels those that are missing are added (with one sheet,
 * shared strings and styles); an empty part is left out altogether.
 */
bool workbook_from_text(const char *text, size_t len, struct buf *out);

#define XLSX_NS "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define XLSX_REL "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XLSX_PACKAGE_REL "http://schemas.openxmlformats.org/package/2006/relationships"

/* A worksheet part around the content of its sheetData, and what follows it. */
#define XLSX_SHEET(rows, after) \
	"<worksheet xmlns='" XLSX_NS "'><sheetData>" rows "</sheetData>" after "</worksheet>"

#endif
