/* SPDX-License-Identifier: Apache-2.0 */
/* template_out TEMPLATE OUT: a template filled with made-up values, for other
 * people's programs to open. TEMPLATE is a folder of parts, one file each, listed
 * in it in "parts" (its archive is unpacked by the caller). */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "tests/report/template_sample.h"

enum { PARTS = 200, PART_MAX = 16 << 20 };

static int read_part(const char *folder, int i, const char *name, struct arena *arena,
		     struct template_part *ret_part, struct err_info *info)
{
	AUTO(buf) struct buf b = {0};
	const char *path = arena_printf(arena, "%s/%d", folder, i);
	int r = path ? file_read(path, PART_MAX, &b, info) : err_nomem(info);
	if (r < 0)
		return r;
	*ret_part = (struct template_part){.name = name,
					   .data = {arena_strndup(arena, buf_str(&b), b.len), b.len}};
	return 0;
}

int main(int argc, char **argv)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf out = {0}, names = {0};
	struct template_part parts[PARTS];
	struct err_info info = {0};
	enum template_kind kind;
	int n = 0, r;
	if (argc != 3)
		return 2;
	const char *list = arena_printf(&arena, "%s/parts", argv[1]);
	r = list ? file_read(list, PART_MAX, &names, &info) : ERR_NOMEM;
	for (char *save = NULL, *name = r == 0 ? strtok_r(names.data, "\n", &save) : NULL;
	     name && n < PARTS && r == 0; name = strtok_r(NULL, "\n", &save), n++)
		r = read_part(argv[1], n, name, &arena, &parts[n], &info);
	if (r == 0)
		r = template_kind_of(parts, n, &kind, &info);
	if (r == 0)
		r = template_fill(kind, parts, n, &template_sample, 1795132800, &arena, &out, &info);
	FILE *f = r == 0 ? fopen(argv[2], "we") : NULL;
	if (r < 0 || !f || fwrite(buf_str(&out), 1, out.len, f) != out.len || fclose(f) != 0) {
		fprintf(stderr, "%s: %s\n", argv[1], info.text);
		return 1;
	}
	return 0;
}
