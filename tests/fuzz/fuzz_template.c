/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "base/buf.h"
#include "import/grid.h"
#include "import/xlsx_part.h"
#include "tests/fuzz/fuzz.h"
#include "tests/import/workbook.h"
#include "tests/report/template_sample.h"

/* A finished file is whole: it unpacks, all its XML is well-formed, and a
 * workbook's sheets can be read. */
static void look_at(const struct buf *out, enum template_kind kind, struct arena *arena)
{
	struct err_info info = {0};
	struct package package;
	struct package_part *parts;
	struct grid grid;
	int n;
	assert(package_open(&package, "out", out->data, out->len, &info) == 0);
	int r = package_load(&package, arena, &parts, &n, &info);
	package_done(&package);
	assert(r == 0 || r == ERR_LIMIT);
	/* Places that were nonsense stay nonsense. */
	if (kind == TEMPLATE_XLSX && grid_read(&grid, "out", (struct str){out->data, out->len}, arena, &info) < 0)
		assert(info.text[0]);
}

static void fill(const void *data, size_t size)
{
	AUTO(arena) struct arena arena = {.limit = 256 << 20};
	AUTO(buf) struct buf out = {0};
	struct template_part own[PACKAGE_PARTS_MAX];
	struct template_found *found;
	struct err_info info = {0};
	struct package package;
	struct package_part *parts;
	enum template_kind kind;
	int n, n_found;
	if (package_open(&package, "f", data, size, &info) < 0)
		return;
	int r = package_load(&package, &arena, &parts, &n, &info);
	package_done(&package);
	for (int i = 0; r == 0 && i < n; i++)
		own[i] = (struct template_part){.name = parts[i].name, .data = parts[i].data};
	if (r == 0)
		r = template_kind_of(own, n, &kind, &info);
	if (r == 0)
		r = template_scan(kind, own, n, &arena, &found, &n_found, &info);
	if (r == 0)
		r = template_fill(kind, own, n, &template_sample, 0, &arena, &out, &info);
	if (r == 0)
		look_at(&out, kind, &arena);
	else
		assert(info.text[0] && str_is_utf8(info.text, strlen(info.text)));
}

/* Templates are filled or refused with a message. Bytes that begin as an archive
 * are taken as they are; others are the text of the parts (see workbook.h). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf) struct buf zip = {0};
	if (size >= 4 && memcmp(data, "PK\x03\x04", 4) == 0)
		fill(data, size);
	else if (workbook_from_text((const char *)data, size, &zip))
		fill(zip.data, zip.len);
	return 0;
}
