/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "import/grid.h"
#include "tests/fuzz/fuzz.h"
#include "tests/import/workbook.h"

static void read_all(const void *data, size_t size)
{
	AUTO(arena) struct arena arena = {.limit = 256 << 20};
	struct err_info info = {0};
	struct grid grid;
	if (grid_read(&grid, "f.xlsx", (struct str){data, size}, &arena, &info) < 0) {
		assert(info.text[0] && str_is_utf8(info.text, strlen(info.text)));
		return;
	}
	for (int s = 0; s < grid.n; s++) {
		const struct grid_sheet *sheet = &grid.sheets[s];
		for (int i = 0; i < sheet->n; i++) {
			const struct grid_cell *c = &sheet->cells[i];
			char ref[GRID_REF_LEN];
			grid_ref(c->row, c->column, ref);
			assert(strlen(ref) >= 2);
			assert(str_is_utf8(c->text.data, c->text.len));
			assert(str_trim(c->text).len || c->formula.len);
			assert(i == 0 || c[-1].row < c->row || (c[-1].row == c->row && c[-1].column < c->column));
			assert(grid_text(sheet, c->row, c->column).data == c->text.data);
		}
	}
}

/* Workbooks that come back are read or refused with a message; as fuzz_xlsx.c. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf) struct buf zip = {0};
	if (size >= 4 && memcmp(data, "PK\x03\x04", 4) == 0)
		read_all(data, size);
	else if (workbook_from_text((const char *)data, size, &zip))
		read_all(zip.data, zip.len);
	return 0;
}
