/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ballots one a row: runs of codes, and counts against a tally made row by row while
 * the file is written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "domain/org_runs.h"
#include "import/grade_input.h"
#include "tests/domain/town.h"

enum {
	TOWNSHIPS = 6,
	UNITS = 60,		/* of each */
	NODES_MAX = 1 + TOWNSHIPS * (UNITS + 1),
	CELLS = 2 * 4,		/* classes; three options and spoiled */
	ROWS = 700000,		/* more than a pile holds, and than a byte counts */
	CODE_ROOM = 48,
};

static char codes[NODES_MAX][CODE_ROOM];
static bool unit[NODES_MAX];
static uint32_t expected[NODES_MAX][CELLS];

/* --- runs --- */

static uint32_t find(const struct org_runs *runs, const char *code)
{
	char room[64] = {0};
	struct org_run_key key;
	snprintf(room, sizeof(room), "%s", code);
	if (!org_run_key(room, strlen(code), &key))
		return ORG_NONE;
	org_runs_fetch(runs, &key);
	return org_runs_find(runs, &key);
}

static void runs_hold_just_their_codes(void **state)
{
	struct town town;
	struct org_runs runs;
	char code[CODE_ROOM];
	(void)state;
	town_init(&town, town_scheme_text, NULL);
	town_add(&town, "330", NULL, LEVEL_TOWNSHIP, FIELD_NONE);
	for (int i = 0; i < 5; i++) {	/* a run of five, then one of eight behind a gap */
		snprintf(code, sizeof(code), "33.%03d", i + 1);
		town_add(&town, code, "330", LEVEL_UNIT, 0);
	}
	for (int i = 0; i < 8; i++) {
		snprintf(code, sizeof(code), "33.%03d", i + 992);
		town_add(&town, code, "330", LEVEL_UNIT, 0);
	}
	for (int i = 0; i < 4; i++) {	/* the longest prefix */
		snprintf(code, sizeof(code), "A123456789012345%03d", i);
		town_add(&town, code, "330", LEVEL_UNIT, 0);
	}
	for (int i = 0; i < 4; i++) {	/* one byte more */
		snprintf(code, sizeof(code), "B1234567890123456%03d", i);
		town_add(&town, code, "330", LEVEL_UNIT, 0);
	}
	for (int i = 0; i < 3; i++) {	/* too few */
		snprintf(code, sizeof(code), "C%03d", i);
		town_add(&town, code, "330", LEVEL_UNIT, 0);
	}
	for (int i = 0; i < 4; i++) {	/* downwards */
		snprintf(code, sizeof(code), "D%03d", 9 - i);
		town_add(&town, code, "330", LEVEL_UNIT, 0);
	}
	town_open(&town);
	assert_int_equal(org_runs_init(&runs, &town.orgs, LEVEL_UNIT), 0);
	assert_int_equal(runs.nodes, 5 + 8 + 4);
	for (uint32_t i = 0; i < town.orgs.n; i++) {
		struct str text = orgs_code(&town.orgs, i);
		snprintf(code, sizeof(code), "%.*s", (int)text.len, text.data);
		bool in = i >= 1 && i < 1 + 5 + 8 + 4;
		assert_int_equal(find(&runs, code), in ? i : ORG_NONE);
	}
	static const char *const none[] = {"33.000", "33.991", "33.006", "33.99", "33.9999", "33.99a",
					   "33.9:2", "33.9/2", "34.992", "3.992", "992", "",
					   "A123456789012345004", "\xE4\xB8\xADn001"};
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_int_equal(find(&runs, none[i]), ORG_NONE);
	org_runs_done(&runs);
	town_done(&town);
}

/* --- counts --- */

/* Nearly all in runs; not a gap, a long code, letters, and some of the last township. */
static void make_code(char *code, const char *township, int t, int i)
{
	if (t == TOWNSHIPS - 1 && i % 3 == 0 && i > 40)
		snprintf(code, CODE_ROOM, "%s/%d", township, i);
	else if (i == 30)
		snprintf(code, CODE_ROOM, "%s-第%d支部-代码很长很长", township, i);
	else if (i == 31)
		snprintf(code, CODE_ROOM, "%s.X%02d", township, i);
	else
		snprintf(code, CODE_ROOM, "%s.%04d", township, i == 20 ? 4000 : i + 1);
}

static void write_orgs(struct buf *text, uint32_t *ret_n)
{
	uint32_t n = 0;
	buf_adds(text, "code,parent,name,level,field,members,residents\n");
	snprintf(codes[n++], CODE_ROOM, "33");
	buf_adds(text, "33,,某县委,county,,0,0\n");
	for (int t = 0; t < TOWNSHIPS; t++) {
		char township[16];
		snprintf(township, sizeof(township), "33%02d", t);
		snprintf(codes[n++], CODE_ROOM, "%s", township);
		buf_addf(text, "%s,33,某镇党委,township,,0,0\n", township);
		for (int i = 0; i < UNITS; i++) {
			unit[n] = true;
			make_code(codes[n], township, t, i);
			buf_addf(text, "%s,%s,某支部,unit,village,900000,900000\n", codes[n], township);
			n++;
		}
	}
	*ret_n = n;
}

static const char *const voters_words[2][2] = {{"member", "党员"}, {"resident", "群众"}};
static const char *const option_words[4][2] = {
	{"good", "好"}, {"fair", "较好"}, {"poor", "差"}, {"spoiled", "废票"}};

static void write_ballots(struct buf *text, uint32_t n, uint64_t *seed, bool odd)
{
	memset(expected, 0, sizeof(expected));
	buf_adds(text, "org,voters,option\n");
	for (int i = 0; i < ROWS; i++) {
		uint32_t node = town_random(seed, 2) ? 40 : (uint32_t)town_random(seed, n);
		while (!unit[node])
			node = (uint32_t)town_random(seed, n);
		size_t voters = town_random(seed, 2), option = town_random(seed, 4) & town_random(seed, 4);
		bool padded = town_random(seed, 1000) == 0;
		bool quoted = odd && town_random(seed, 20000) == 0;
		const char *quote = quoted ? "\"" : "", *space = padded ? " " : "";
		buf_addf(text, "%s%s%s,%s,%s%s%s\n", quote, codes[node], quote,
			 voters_words[voters][town_random(seed, 8) == 0], space,
			 option_words[option][town_random(seed, 8) == 0], space);
		expected[node][voters * 4 + option]++;
	}
}

static void write_file(const struct str *text, char *path, size_t size, int *ret_fd)
{
	*ret_fd = memfd_create("f", MFD_CLOEXEC);
	assert_true(*ret_fd >= 0);
	for (size_t done = 0; done < text->len;) {
		ssize_t more = write(*ret_fd, text->data + done, text->len - done);
		assert_true(more > 0);
		done += (size_t)more;
	}
	snprintf(path, size, "/proc/self/fd/%d", *ret_fd);
}

static void read_and_compare(const struct str files[3], uint32_t n, unsigned threads, int error)
{
	struct town town;
	struct grade_input input;
	struct err_info info = {0};
	AUTO(diag) struct diag errors = {0};
	AUTO(diag) struct diag warnings = {0};
	char path[3][40];
	int fd[3];
	town_init(&town, town_scheme_text, NULL);
	for (int i = 0; i < 3; i++)
		write_file(&files[i], path[i], sizeof(path[i]), &fd[i]);
	struct grade_paths paths = {.orgs = path[0], .scores = path[1], .ballots = path[2],
				    .look_up_later = true};
	int r = grade_input_read(&input, &town.scheme, &paths, threads, NULL, NULL, &errors, &warnings,
				 &info);
	assert_int_equal(r, error);
	if (r == 0) {
		struct org_runs runs;
		assert_int_equal(input.orgs.n, n);
		assert_int_equal(org_runs_init(&runs, &input.orgs, LEVEL_UNIT), 0);
		assert_true(runs.nodes >= n / 10 * 9 && runs.nodes < n);	/* both ways are taken */
		org_runs_done(&runs);
		for (uint32_t i = 0; i < n; i++)
			for (int c = 0; c < CELLS; c++)
				assert_int_equal(book_count(&input.book, i, c), expected[i][c]);
		grade_input_done(&input);
	} else {
		assert_int_equal(errors.total, 1);
		assert_non_null(strstr(errors.at[0], "3399.0001"));
	}
	for (int i = 0; i < 3; i++)
		close(fd[i]);
	town_done(&town);
}

static void counts_are_those_of_each_row(void **state)
{
	AUTO(buf) struct buf orgs = {0};
	AUTO(buf) struct buf ballots = {0};
	static const char scores[] = "org,source,rater,all\n";
	uint64_t seed = 20261123;
	uint32_t n;
	(void)state;
	write_orgs(&orgs, &n);
	for (int odd = 0; odd < 2; odd++) {
		buf_clear(&ballots);
		write_ballots(&ballots, n, &seed, odd);
		struct str files[] = {{orgs.data, orgs.len}, {scores, sizeof(scores) - 1},
				      {ballots.data, ballots.len}};
		for (unsigned threads = 1; threads <= 3; threads++)
			read_and_compare(files, n, threads, 0);
		/* One that nobody knows voids all, and is named. */
		buf_adds(&ballots, "3399.0001,member,good\n");
		files[2] = (struct str){ballots.data, ballots.len};
		read_and_compare(files, n, 2, ERR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_hold_just_their_codes),
		cmocka_unit_test(counts_are_those_of_each_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
