/* SPDX-License-Identifier: Apache-2.0 */
/* Slips as a printer gets them: rendered by poppler, their codes read back by
 * zbar and as text. Kept in SHOTS, where that names a folder, to look at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "report/ballot_pdf.h"

enum { SLIPS = 13 };

static void save(const char *folder, const char *name, const struct buf *pdf)
{
	char path[300];
	snprintf(path, sizeof(path), "%s/%s.pdf", folder, name);
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(pdf->data, 1, pdf->len, f), pdf->len);
	assert_int_equal(fclose(f), 0);
}

/* A shell command in the folder; it must succeed. */
static void run(const char *words, const char *folder, char *out, size_t size)
{
	char command[1024];
	snprintf(command, sizeof(command), "cd '%s' && %s", folder, words);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	size_t n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	if (pclose(f) != 0)
		fail_msg("%s: %s", command, out);
}

static const char *folder_make(char template[40])
{
	const char *shots = getenv("SHOTS");
	if (shots)
		return shots;
	snprintf(template, 40, "/tmp/jinwei-pdf-XXXXXX");
	return mkdtemp(template);
}

static void folder_remove(const char *folder)
{
	char command[200];
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (!getenv("SHOTS"))
		assert_int_equal(system(command), 0);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines that begin with `head`, sorted, without it. */
static int lines_of(char *text, const char *head, char *lines[], int max)
{
	int n = 0;
	for (char *save_at, *l = strtok_r(text, "\n", &save_at); l; l = strtok_r(NULL, "\n", &save_at)) {
		char *at = strstr(l, head);
		if (at && n < max)
			lines[n++] = at + strlen(head);
	}
	qsort(lines, (size_t)n, sizeof(*lines), by_text);
	return n;
}

static void every_slip_scans_and_reads(void **state)
{
	(void)state;
	char codes[SLIPS][BALLOT_CODE_LEN + 1], name[40], *want[SLIPS], *got[2 * SLIPS], text[20000];
	struct err_info info = {0};
	AUTO(buf) struct buf pdf = {0};
	for (int i = 0; i < SLIPS; i++) {
		unsigned char bytes[BALLOT_CODE_BYTES];
		for (int j = 0; j < BALLOT_CODE_BYTES; j++)
			bytes[j] = (unsigned char)(i * 37 + j * 101 + i * j * 13);
		ballot_code_make(bytes, codes[i]);
		want[i] = codes[i];
	}
	qsort(want, SLIPS, sizeof(*want), by_text);
	const struct ballot_slips slips = {
		"2026 年度民主测评", "枫林乡鹰嘴岩村党支部", "群众", "https://cp.yunling.example/v",
		(const char (*)[BALLOT_CODE_LEN + 1])codes, SLIPS};
	if (ballot_slips_pdf(&slips, &pdf, &info))
		fail_msg("%s", info.text);
	const char *folder = folder_make(name);
	save(folder, "slips", &pdf);
	run("pdftoppm -r 150 -png slips.pdf slips && zbarimg -q slips-*.png", folder, text,
	    sizeof(text));
	assert_int_equal(lines_of(text, "https://cp.yunling.example/v#", got, 2 * SLIPS), SLIPS);
	for (int i = 0; i < SLIPS; i++)
		assert_string_equal(got[i], want[i]);
	/* What is typed is the same code. */
	run("pdftotext -layout slips.pdf -", folder, text, sizeof(text));
	for (int i = 0; i < SLIPS; i++) {
		char printed[BALLOT_PRINTED_LEN + 1];
		ballot_code_print(codes[i], printed);
		if (!strstr(text, printed))
			fail_msg("%s is not printed", printed);
	}
	assert_non_null(strstr(text, "两名监票人一起开箱一次"));
	/* No date, by which slips of two runs could be told apart. */
	run("pdfinfo slips.pdf | grep CreationDate", folder, text, sizeof(text));
	assert_non_null(strstr(text, "2000"));
	folder_remove(folder);
}

static void sheets_are_identical_and_the_record_has_its_lines(void **state)
{
	(void)state;
	static const char *const options[] = {"好", "较好", "一般", "较差"};
	static const char *const rows[] = {"联系服务群众情况", "在群众中的威信", "工作得到群众认可的程度"};
	static const char *const cells[] = {"测评内容", "好", "较好", "一般", "较差", "未选",
					    "联系服务群众情况", "31", "12", "4", "1", "0"};
	static const char *const signers[] = {"监票人　田国富", "监票人　彭秀英", "计票人"};
	static const char *const lines[] = {"印票 71 张 = 作废 11 张 + 手机投 48 张 + 换纸质票 10 张 + 没有交回 2 张"};
	const struct ballot_sheets sheets = {"2026 年度民主测评", "枫林乡鹰嘴岩村党支部", rows, 3, options, 4, 4};
	const struct ballot_table table = {"群众（48 张）", cells, 2, 6};
	const struct ballot_record record = {"测评计票单", "枫林乡鹰嘴岩村党支部", lines, 1, &table, 1, signers,
					     3, "密钥指纹 0123 4567"};
	struct err_info info = {0};
	AUTO(buf) struct buf one = {0};
	AUTO(buf) struct buf two = {0};
	char name[40], text[20000];
	assert_int_equal(ballot_sheets_pdf(&sheets, &one, &info), 0);
	assert_int_equal(ballot_record_pdf(&record, &two, &info), 0);
	const char *folder = folder_make(name);
	save(folder, "sheets", &one);
	save(folder, "record", &two);
	/* Two pages of two sheets: byte by byte the same picture. */
	run("pdftoppm -r 60 sheets.pdf sheets && ls sheets-*.ppm | wc -l && cmp sheets-1.ppm "
	    "sheets-2.ppm", folder, text, sizeof(text));
	assert_string_equal(text, "2\n");
	run("pdftotext -layout record.pdf -", folder, text, sizeof(text));
	assert_non_null(strstr(text, "田国富"));
	assert_non_null(strstr(text, "没有交回 2 张"));
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_slip_scans_and_reads),
		cmocka_unit_test(sheets_are_identical_and_the_record_has_its_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
