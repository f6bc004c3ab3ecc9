/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/str.h"
#include "import/table.h"
#include "tests/fuzz/fuzz.h"

/* Every text is read to its end or refused with a message; lines ascend, a row
 * says something, cells are UTF-8. Workbooks are fuzz_xlsx's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err_info info = {0};
	struct table *table;
	if (size >= 2 && (memcmp(data, "PK", 2) == 0 || memcmp(data, "\xD0\xCF", 2) == 0))
		return 0;
	if (table_open_memory(&table, "f.csv", data, size, NULL, NULL, &info) < 0) {
		assert(info.text[0] && str_is_utf8(info.text, strlen(info.text)));
		return 0;
	}
	uint64_t line = 0, rows = 0;
	struct table_row row;
	int r;
	while ((r = table_next(table, &row, &info)) == 1) {
		assert(row.line > line && row.n >= 1 && row.n <= TABLE_COLUMNS_MAX);
		line = row.line;
		size_t said = row.broken;
		for (int i = 0; i < row.n; i++) {
			said += str_trim(row.cells[i]).len;
			assert(row.cells[i].len <= TABLE_CELL_MAX);
			assert(str_is_utf8(row.cells[i].data, row.cells[i].len));
		}
		assert(said);
		assert(row.broken == (row.why != NULL));
		assert(!row.broken || row.why_cell == row.n - 1);
		rows++;
	}
	assert(r == 0 && rows);
	table_free(table);
	return 0;
}
