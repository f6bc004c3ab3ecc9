/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/import/workbook.h"

#include <string.h>
#include <zip.h>

enum { PARTS_MAX = 32 };

static const char *const default_names[] = {
	"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
};
static const char *const default_content[] = {
	"<Relationships xmlns='" XLSX_PACKAGE_REL "'><Relationship Id='a' Type='" XLSX_REL
	"/officeDocument' Target='xl/workbook.xml'/></Relationships>",
	"<workbook xmlns='" XLSX_NS "' xmlns:r='" XLSX_REL
	"'><sheets><sheet name='一' sheetId='1' r:id='r1'/></sheets></workbook>",
	"<Relationships xmlns='" XLSX_PACKAGE_REL "'><Relationship Id='r1' Type='" XLSX_REL
	"/worksheet' Target='worksheets/sheet1.xml'/><Relationship Id='r2' Type='" XLSX_REL
	"/sharedStrings' Target='sharedStrings.xml'/><Relationship Id='r3' Type='" XLSX_REL
	"/styles' Target='styles.xml'/></Relationships>",
};

static bool add_parts(zip_t *zip, const struct workbook_part *parts, int n, bool deflate)
{
	for (int i = 0; i < n; i++) {
		zip_source_t *s = zip_source_buffer(zip, parts[i].content.data,
						    parts[i].content.len, 0);
		zip_int64_t at = s ? zip_file_add(zip, parts[i].name, s, ZIP_FL_ENC_UTF_8) : -1;
		if (at < 0) {
			zip_source_free(s);
			return false;
		}
		zip_set_file_compression(zip, (zip_uint64_t)at,
					 deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 9);
	}
	return true;
}

bool workbook_zip(const struct workbook_part *parts, int n, bool deflate, struct buf *out)
{
	zip_error_t error;
	zip_error_init(&error);
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
	zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, &error) : NULL;
	zip_error_fini(&error);
	if (!zip) {
		zip_source_free(source);
		return false;
	}
	zip_source_keep(source);
	bool done = add_parts(zip, parts, n, deflate) && zip_close(zip) == 0;
	if (!done)
		zip_discard(zip);
	zip_stat_t stat;
	if (done && zip_source_stat(source, &stat) == 0 && (stat.valid & ZIP_STAT_SIZE) &&
	    zip_source_open(source) == 0) {
		if (buf_reserve(out, stat.size)) {
			zip_int64_t got = zip_source_read(source, out->data + out->len, stat.size);
			done = got == (zip_int64_t)stat.size;
			out->len += done ? stat.size : 0;
		}
		zip_source_close(source);
	} else {
		done = false;
	}
	zip_source_free(source);
	return done && !out->failed;
}

/* The line after `p`, or the end. */
static const char *next_line(const char *p, const char *end)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	return nl ? nl + 1 : end;
}

bool workbook_from_text(const char *text, size_t len, struct buf *out)
{
	struct workbook_part parts[PARTS_MAX + 3];
	char names[PARTS_MAX][64];
	const char *end = text + len, *p = text;
	int n = 0;
	if (len < 3 || memcmp(p, "== ", 3) != 0)
		parts[n++] = (struct workbook_part){"xl/worksheets/sheet1.xml", {text, len}};
	for (; p < end && n < PARTS_MAX; ) {
		const char *content = next_line(p, end);
		if (end - p < 3 || memcmp(p, "== ", 3) != 0) {
			p = content;
			continue;
		}
		size_t name = (size_t)(content - p) - 3;
		name -= name && p[3 + name - 1] == '\n';
		name = strnlen(p + 3, name < sizeof(names[n]) - 1 ? name : sizeof(names[n]) - 1);
		memcpy(names[n], p + 3, name);
		names[n][name] = '\0';
		for (p = content; p < end && !(end - p > 3 && memcmp(p, "== ", 3) == 0); )
			p = next_line(p, end);
		parts[n] = (struct workbook_part){names[n], {content, (size_t)(p - content)}};
		n++;
	}
	int given = n;
	for (int d = 0; d < 3; d++) {
		bool found = false;
		for (int i = 0; i < given && !found; i++)
			found = strcmp(parts[i].name, default_names[d]) == 0;
		if (!found)
			parts[n++] = (struct workbook_part){default_names[d],
							    str_from(default_content[d])};
	}
	int kept = 0;
	for (int i = 0; i < n; i++)
		if (parts[i].content.len)
			parts[kept++] = parts[i];
	return workbook_zip(parts, kept, false, out);
}
