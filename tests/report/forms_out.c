/* SPDX-License-Identifier: Apache-2.0 */
/* forms_out DIR: every sample, filled and empty, in every format it is offered
 * in: what the tests open with other people's programs. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "report/doc_write.h"
#include "tests/report/sample.h"

static int write_one(const char *dir, const struct sample *s, bool blank, enum doc_format format)
{
	struct doc doc;
	struct err_info info = {0};
	char path[4096];
	s->make(&doc, blank);
	doc.imprint = blank ? NULL : "第 1 版　校验码 K7M2-9QXD";
	doc.made_s = 1795132800;
	snprintf(path, sizeof(path), "%s/%s%s.%s", dir, s->name, blank ? "-empty" : "",
		 doc_format_id(format));
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int r = fd < 0 ? err_io(&info, "写出", path, errno) : doc_write_fd(&doc, format, fd, &info);
	if (r < 0)
		fprintf(stderr, "%s: %s\n", path, info.text);
	if (fd >= 0)
		close(fd);
	doc_done(&doc);
	return r;
}

/* NAME.cells: the words and figures, a cell a line. */
static int write_cells(const char *dir, const struct sample *s)
{
	AUTO(buf) struct buf b = {0};
	struct doc doc;
	struct err_info info = {0};
	char path[4096];
	s->make(&doc, false);
	snprintf(path, sizeof(path), "%s/%s.cells", dir, s->name);
	int r = doc_write_essence(&doc, &b, &info);
	FILE *f = fopen(path, "we");
	if (!f || fwrite(buf_str(&b), 1, b.len, f) != b.len || fclose(f) != 0)
		r = ERR_IO;
	doc_done(&doc);
	return r;
}

int main(int argc, char **argv)
{
	int failed = 0;
	if (argc != 2)
		return 2;
	for (const struct sample *s = samples; s->name; s++) {
		failed |= write_cells(argv[1], s) < 0;
		for (int f = 0; f < DOC_FORMAT_COUNT; f++) {
			if (!strstr(s->formats, doc_format_id((enum doc_format)f)))
				continue;
			failed |= write_one(argv[1], s, false, (enum doc_format)f) < 0;
			failed |= write_one(argv[1], s, true, (enum doc_format)f) < 0;
		}
	}
	return failed;
}
