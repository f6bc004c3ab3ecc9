/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzzer over every file of its corpus and reports in TAP: what a
 * fuzzer once found stays found. An empty corpus is a failure.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/file.h"
#include "tests/fuzz/fuzz.h"

static int is_input(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replay(const char *path)
{
	struct err_info info = {0};
	AUTO(buf) struct buf buf = {0};
	int r = file_read(path, 64 << 20, &buf, &info);
	if (r < 0) {
		printf("# %s\n", info.text);
		return r;
	}
	/* A copy without the terminating NUL, so that a read past the end shows. */
	AUTO_FREE uint8_t *data = malloc(buf.len);
	if (!data && buf.len)
		return ERR_NOMEM;
	if (buf.len)
		memcpy(data, buf.data, buf.len);
	LLVMFuzzerTestOneInput(data, buf.len);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
		return 2;
	}
	struct dirent **entries;
	int n = scandir(argv[1], &entries, is_input, alphasort);
	if (n <= 0) {
		printf("Bail out! no corpus in %s\n", argv[1]);
		return 1;
	}
	int failures = 0;
	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		AUTO_FREE char *path = NULL;
		int r = asprintf(&path, "%s/%s", argv[1], entries[i]->d_name);
		r = r < 0 ? ERR_NOMEM : replay(path);
		printf("%sok %d - %s\n", r < 0 ? "not " : "", i + 1, entries[i]->d_name);
		fflush(stdout);
		failures += r < 0;
		free(entries[i]);
	}
	free(entries);
	return failures != 0;
}
