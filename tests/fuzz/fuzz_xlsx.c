/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "import/table.h"
#include "tests/fuzz/fuzz.h"
#include "tests/import/workbook.h"

static bool has_code(void *arg, int n, const struct str *cells)
{
	(void)arg;
	for (int i = 0; i < n; i++)
		if (str_eqs(cells[i], "code"))
			return n > 1;
	return false;
}

static void read_all(const void *data, size_t size)
{
	struct err_info info = {0};
	struct table *table;
	if (table_open_memory(&table, "f.xlsx", data, size, has_code, NULL, &info) < 0) {
		assert(info.text[0] && str_is_utf8(info.text, strlen(info.text)));
		return;
	}
	uint64_t line = 0;
	struct table_row row;
	int r, n = -1;
	while ((r = table_next(table, &row, &info)) == 1) {
		assert(row.line > line && row.n <= TABLE_COLUMNS_MAX && !row.broken);
		assert(n < 0 || row.n == n);
		line = row.line;
		n = row.n;
		size_t said = 0;
		for (int i = 0; i < row.n; i++) {
			said += str_trim(row.cells[i]).len;
			assert(row.cells[i].len <= TABLE_CELL_MAX);
			assert(str_is_utf8(row.cells[i].data, row.cells[i].len));
			assert(!row.cells[i].len ||
			       !memchr(row.cells[i].data, '\0', row.cells[i].len));
		}
		assert(said);
	}
	assert(r == 0 && n > 0);
	table_free(table);
}

/* Workbooks are read to their end or refused with a message. Bytes that begin
 * as an archive or an OLE container are taken as they are; others are the text
 * of the parts (see workbook.h), since no fuzzer guesses checksums. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size >= 8 && (memcmp(data, "PK\x03\x04", 4) == 0 ||
			  memcmp(data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)) {
		read_all(data, size);
		return 0;
	}
	AUTO(buf) struct buf zip = {0};
	if (workbook_from_text((const char *)data, size, &zip))
		read_all(zip.data, zip.len);
	return 0;
}
