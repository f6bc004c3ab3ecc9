/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole grading: organisations, scores and ballots in one text, separated by
 * lines "====". With a record at its end that the fast reader declines, each
 * file is read by the precise one: both ways must come to the same.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "domain/grade.h"
#include "import/grade_input.h"
#include "import/scheme_yaml.h"
#include "tests/fuzz/fuzz.h"

static const char scheme_text[] =
	"id: fuzz\n"
	"title: 测试方案\n"
	"source: 测试用，无此文件\n"
	"categories:\n"
	"  - {id: village, label: 行政村, fields: [village]}\n"
	"  - {id: other, label: 其他, fields: [agency, soe]}\n"
	"indicators:\n"
	"  - {id: a, label: 甲, max: 60, max_by_category: {other: 0}}\n"
	"  - id: b\n"
	"    label: 乙\n"
	"    max: 40\n"
	"    max_by_category: {other: 100}\n"
	"    items:\n"
	"      - {id: x, label: 子, max: 40}\n"
	"      - {id: y, label: 丑, max: 60, categories: [other]}\n"
	"sources:\n"
	"  - {id: committee, label: 党委评定, weight: 50%, by: indicators}\n"
	"  - {id: units, label: 单位评, weight: 20%, by: points}\n"
	"  - {id: masses, label: 群众测评, weight: 30%, by: ballots, voters: [member, resident]}\n"
	"ballot:\n"
	"  options:\n"
	"    - {id: good, label: 好, points: 100}\n"
	"    - {id: poor, label: 差, points: 0}\n"
	"  turnout:\n"
	"    - {voters: [member], at_least: 30%, everyone_below: 3}\n"
	"grades:\n"
	"  - {id: good, label: 好, from: 80}\n"
	"  - {id: poor, label: 差}\n"
	"ties: [masses]\n"
	"ranking: {within: township}\n"
	"quotas:\n"
	"  - {grade: poor, at_least: 20%, within: all}\n"
	"stars:\n"
	"  - {stars: 5, grade: good, at_most: 50%, within: township}\n";

enum { FILES = 3 };

struct run {
	struct grade_input input;
	struct graded graded;
	int result;
	uint64_t errors;
};

static void load_scheme(struct scheme *scheme)
{
	struct diag errors = {0};
	struct err_info info = {0};
	int r = scheme_load_text(scheme, "s", scheme_text, sizeof(scheme_text) - 1, &errors, &info);
	if (r < 0) {
		fprintf(stderr, "%s\n", errors.n ? errors.at[0] : info.text);
		abort();
	}
	diag_done(&errors);
}

static void run(struct run *run, const struct scheme *scheme, const struct str *files,
		unsigned threads, const char *tail)
{
	struct diag errors = {0}, warnings = {0};
	struct err_info info = {0};
	char path[FILES][40];
	int fd[FILES];
	for (int i = 0; i < FILES; i++) {
		fd[i] = memfd_create("f", MFD_CLOEXEC);
		size_t more = strlen(tail);
		if (fd[i] < 0 || write(fd[i], files[i].data, files[i].len) != (ssize_t)files[i].len ||
		    write(fd[i], tail, more) != (ssize_t)more)
			abort();
		snprintf(path[i], sizeof(path[i]), "/proc/self/fd/%d", fd[i]);
	}
	struct grade_paths paths = {.orgs = path[0], .scores = path[1], .ballots = path[2]};
	run->result = grade_input_read(&run->input, scheme, &paths, threads, NULL, NULL, &errors,
				       &warnings, &info);
	run->errors = errors.total;
	assert(run->result == 0 || info.text[0] || errors.n);
	for (int i = 0; i < errors.n; i++)
		assert(str_is_utf8(errors.at[i], strlen(errors.at[i])));
	if (run->result == 0 && grade_run(&run->graded, scheme, &run->input.orgs, &run->input.book,
					  threads) < 0)
		abort();
	for (int i = 0; i < FILES; i++)
		close(fd[i]);
	diag_done(&errors);
	diag_done(&warnings);
}

static void same(const struct run *a, const struct run *b)
{
	const struct graded *x = &a->graded, *y = &b->graded;
	assert(a->result == b->result);
	if (a->result < 0)
		return;
	uint32_t n = a->input.orgs.n;
	assert(n == b->input.orgs.n);
	for (uint32_t i = 0; i < n; i++) {
		assert(str_eq(orgs_code(x->orgs, i), orgs_code(y->orgs, i)));
		assert(str_eq(orgs_name(x->orgs, i), orgs_name(y->orgs, i)));
		assert(orgs_parent(x->orgs, i) == orgs_parent(y->orgs, i));
		assert(x->status[i] == y->status[i]);
		if (x->status[i] == STATUS_GRADED)
			assert(x->key[i] == y->key[i]);
	}
	if (!n)
		return;
	assert(!memcmp(x->rank, y->rank, n * sizeof(*x->rank)));
	assert(!memcmp(x->grade, y->grade, n) && !memcmp(x->stars, y->stars, n));
}

static void run_done(struct run *run)
{
	graded_done(&run->graded);
	grade_input_done(&run->input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char line[] = "====\n";
	struct str files[FILES] = {0};
	struct str rest = {size ? (const char *)data : "", size};
	struct scheme scheme = {0};
	struct run fast = {0}, precise = {0};
	bool unix_lines = true;

	for (int i = 0; i < FILES; i++) {
		const char *cut = i < FILES - 1 && rest.len ? memmem(rest.data, rest.len, line, 5) : NULL;
		files[i] = (struct str){rest.data, cut ? (size_t)(cut - rest.data) : rest.len};
		rest = cut ? (struct str){cut + 5, rest.len - files[i].len - 5} :
			     (struct str){"", 0};
		unix_lines = unix_lines && files[i].len && memchr(files[i].data, '\n', files[i].len);
		/* Workbooks are fuzz_xlsx's. */
		if (files[i].len >= 2 && (memcmp(files[i].data, "PK", 2) == 0 ||
					  memcmp(files[i].data, "\xD0\xCF", 2) == 0))
			return 0;
	}
	load_scheme(&scheme);
	run(&fast, &scheme, files, 3, "");
	/* The tail would be the first line end of a file from an old Mac. */
	if (unix_lines) {
		run(&precise, &scheme, files, 1, "\n\"\"\n");
		same(&fast, &precise);
	}
	run_done(&fast);
	run_done(&precise);
	scheme_done(&scheme);
	return 0;
}
