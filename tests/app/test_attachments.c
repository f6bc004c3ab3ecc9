/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "app/attachments.h"
#include "app/desk.h"
#include "db/dump.h"
#include "store/schema.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)
#define PICTURE "\x89PNG\r\n\x1A\n"

static struct attachment_new of_case(struct desk *desk, struct str data)
{
	return (struct attachment_new){.org = desk->branch[1], .kind = ATTACHED_CASE, .object = 7,
				       .name = STR("公开栏.png"), .what = "一季度公开栏",
				       .day = 20260309, .data = data};
}

static void a_file_comes_back_as_it_was_and_is_stored_once(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf big = {0}, back = {0};
	int64_t first, second;
	struct attachment a;
	buf_adds(&big, PICTURE);
	for (int i = 0; i < 400000; i++)
		buf_addf(&big, "%d,", i);
	assert_true(big.len > 2 * ATTACHMENT_PIECE);
	struct attachment_new in = of_case(desk, (struct str){big.data, big.len});
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &first, &info), 0);
	in.object = 8;
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &second, &info), 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(attachments_read(&desk->app, &desk->machine, i ? second : first, &arena,
						  &a, &back, &info), 0);
		assert_int_equal(back.len, big.len);
		assert_memory_equal(back.data, big.data, big.len);
		assert_int_equal(a.day, 20260309);
		assert_int_equal(a.object, 7 + i);
		assert_string_equal(a.name, "公开栏.png");
	}
	/* Four pieces of one file, two rows; and a backup carries both tables. */
	struct db_digest digest;
	char path[300];
	snprintf(path, sizeof(path), "%s/backup", ((struct engine *)*state)->folder);
	assert_int_equal(db_backup(desk->app.db, &store_schema, path, 1, &digest, &info), 0);
	int seen = 0;
	for (int i = 0; i < digest.n_tables; i++) {
		if (strcmp(digest.tables[i].name, "file_piece") == 0) {
			assert_int_equal(digest.tables[i].rows, (big.len + ATTACHMENT_PIECE - 1) / ATTACHMENT_PIECE);
			seen++;
		} else if (strcmp(digest.tables[i].name, "attachment") == 0) {
			assert_int_equal(digest.tables[i].rows, 2);
			seen++;
		}
	}
	assert_int_equal(seen, 2);
	assert_int_equal(db_restore(desk->app.db, &store_schema, path, true, 2, NULL, NULL, &digest,
				    &info), 0);
	assert_int_equal(attachments_read(&desk->app, &desk->machine, second, &arena, &a, &back, &info), 0);
	assert_int_equal(back.len, big.len);
}

static void what_is_sent_twice_is_kept_once(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	struct attachments list;
	struct attachment_new in = of_case(desk, (struct str){PICTURE, 8});
	int64_t first, again, other;
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &first, &info), 0);
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &again, &info), 0);
	assert_int_equal(first, again);
	/* The same bytes said to be something else are something else. */
	in.what = "二季度公开栏";
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &other, &info), 0);
	assert_true(other != first);
	assert_int_equal(attachments_withdraw(&desk->app, &desk->machine, other, "传错", &info), 0);
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &again, &info), 0);
	assert_true(again != other);
	assert_int_equal(attachments_list(&desk->app, &desk->machine, in.org, in.kind, in.object, &arena, &list,
					  &info), 0);
	assert_int_equal(list.n, 3);
}

static void only_the_bytes_say_what_a_file_is(void **state)
{
	struct desk *desk = desk_of(state);
	static const struct {
		struct str data;
		int type;		/* -1: not taken */
	} cases[] = {
		{{"\xFF\xD8\xFF\xE0", 4}, FILE_JPEG},
		{{PICTURE, 8}, FILE_PNG},
		{{"%PDF-1.7", 8}, FILE_PDF},
		{STR("PK\x03\x04 [Content_Types].xml word/document.xml"), FILE_DOCX},
		{STR("PK\x03\x04 [Content_Types].xml xl/workbook.xml"), FILE_XLSX},
		{STR("PK\x03\x04 [Content_Types].xml xl/workbook.xml xl/vbaProject.bin"), -1},
		{STR("PK\x03\x04 word/document.xml"), -1},
		{STR("PK\x03\x04 anything"), -1},
		{STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 W\0o\0r\0k\0b\0o\0o\0k\0"), FILE_XLS},
		{STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"), FILE_DOC},
		{STR("<html><script>alert(1)</script>"), -1},
		{STR("<svg xmlns='http://www.w3.org/2000/svg'/>"), -1},
		{STR("MZ"), -1},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		AUTO(arena) struct arena arena = {0};
		AUTO(buf) struct buf back = {0};
		struct err_info info = {0};
		struct attachment_new in = of_case(desk, cases[i].data);
		struct attachment a;
		int64_t id;
		in.name = STR("C:\\\\fake\\..\\<b>照片.html");
		int r = attachments_add(&desk->app, &desk->machine, &in, &id, &info);
		if (cases[i].type < 0) {
			assert_int_equal(r, ERR_INPUT);
			continue;
		}
		assert_int_equal(r, 0);
		assert_int_equal(attachments_read(&desk->app, &desk->machine, id, &arena, &a, &back, &info), 0);
		assert_int_equal(a.type, cases[i].type);
		/* The name keeps neither folder nor ending, nor what a page could be made of. */
		assert_null(strpbrk(a.name, "<>\\/"));
		assert_non_null(strstr(a.name, "照片"));
		assert_string_equal(strrchr(a.name, '.'), file_type_ending(a.type));
	}
}

static void what_is_wrong_is_refused(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	int64_t id;
	struct attachment_new in = of_case(desk, STR(""));
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &id, &info), ERR_INPUT);
	in.data = (struct str){PICTURE, 8};
	in.day = 20260321;
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &id, &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "材料日期"));
	in.day = 20260320;
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &id, &info), 0);
	AUTO_FREE char *much = calloc(1, ATTACHMENT_MAX + 1);
	assert_non_null(much);
	memcpy(much, PICTURE, 8);
	in.data = (struct str){much, ATTACHMENT_MAX + 1};
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &id, &info), ERR_LIMIT);
	in.org = 999;
	in.data.len = 8;
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &id, &info), ERR_NOT_FOUND);
}

static void a_withdrawn_file_stays_with_its_reason(void **state)
{
	struct desk *desk = desk_of(state);
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf back = {0};
	struct attachments list;
	struct attachment a;
	int64_t id;
	struct attachment_new in = of_case(desk, (struct str){PICTURE, 8});
	assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &id, &info), 0);
	assert_int_equal(attachments_withdraw(&desk->app, &desk->machine, id, "", &info), ERR_INPUT);
	assert_int_equal(attachments_withdraw(&desk->app, &desk->machine, id, "传错了村", &info), 0);
	assert_int_equal(attachments_withdraw(&desk->app, &desk->machine, id, "再来", &info), ERR_CONFLICT);
	assert_int_equal(attachments_list(&desk->app, &desk->machine, in.org, in.kind, -1, &arena, &list,
					  &info), 0);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.at[0].withdrawn_why, "传错了村");
	assert_int_equal(attachments_read(&desk->app, &desk->machine, id, &arena, &a, &back, &info), 0);
	assert_int_equal(attachments_list(&desk->app, &desk->machine, in.org, in.kind, 9, &arena, &list,
					  &info), 0);
	assert_int_equal(list.n, 0);
}

/* Written down a second time, by what people do: r reads, w reads and writes. */
static const struct {
	enum attachment_kind kind;
	const char *who;
} rules[] = {
	{ATTACHED_ORG, "w:officer w:township w:system r:clerk r:surveyor r:cadre r:regulator r:helper "
		       "r:unit r:inspector r:leader r:security"},
	{ATTACHED_SURVEY, "w:officer w:township w:surveyor r:clerk r:cadre r:inspector r:leader"},
	{ATTACHED_SELF, "w:township w:clerk w:cadre r:officer r:inspector r:leader"},
	{ATTACHED_SCORE, "w:township w:unit r:officer r:clerk r:cadre r:inspector r:leader"},
	{ATTACHED_COUNT, "w:township r:officer r:clerk r:cadre r:inspector r:leader"},
	{ATTACHED_MEETING, "w:township r:officer r:clerk r:cadre r:inspector r:leader"},
	{ATTACHED_PUBLICITY, "w:township r:officer r:clerk r:cadre r:inspector r:leader"},
	{ATTACHED_SUBMISSION, "w:officer w:township r:clerk r:cadre r:inspector r:leader"},
	{ATTACHED_CASE, "w:officer w:township w:clerk r:cadre r:helper r:inspector r:leader"},
	{ATTACHED_PROBLEM, "w:officer w:township w:clerk r:cadre r:helper r:inspector r:leader"},
	{ATTACHED_VISIT, "w:cadre w:helper w:officer w:township r:clerk r:inspector r:leader"},
	{ATTACHED_CHECK, "w:officer w:inspector r:township r:clerk r:cadre r:helper r:leader"},
	{ATTACHED_ACCEPTANCE, "w:officer r:township r:clerk r:cadre r:helper r:inspector r:leader"},
	{ATTACHED_PRINT, "w:officer w:township r:inspector r:leader"},
};

static void who_may_follows_from_what_it_belongs_to(void **state)
{
	struct desk *desk = desk_of(state);
	struct caller callers[ROLE_COUNT];
	assert_int_equal(ARRAY_LEN(rules), ATTACHED_COUNT_KINDS);
	for (int role = 0; role < ROLE_COUNT; role++)
		callers[role] = desk_caller(desk_account(desk, desk->branch[1], role_id((enum role)role),
							 (enum role)role), 5);
	for (size_t k = 0; k < ARRAY_LEN(rules); k++) {
		struct attachment_new in = of_case(desk, (struct str){PICTURE, 8});
		int64_t id, other, mine;
		in.kind = rules[k].kind;
		assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &id, NULL), 0);
		in.org = desk->branch[2];
		assert_int_equal(attachments_add(&desk->app, &desk->machine, &in, &other, NULL), 0);
		for (int role = 0; role < ROLE_COUNT; role++) {
			AUTO(arena) struct arena arena = {0};
			AUTO(buf) struct buf back = {0};
			struct attachment a;
			struct err_info info = {0};
			char reads[40], writes[40];
			snprintf(reads, sizeof(reads), "r:%s", role_id((enum role)role));
			snprintf(writes, sizeof(writes), "w:%s", role_id((enum role)role));
			bool write = strstr(rules[k].who, writes), read = write || strstr(rules[k].who, reads);
			int r = attachments_read(&desk->app, &callers[role], id, &arena, &a, &back, &info);
			if (r != (read ? 0 : ERR_DENIED))
				fail_msg("%s reads %s: %d", role_id((enum role)role),
					 attachment_kind_id(in.kind), r);
			in.org = desk->branch[1];
			r = attachments_add(&desk->app, &callers[role], &in, &mine, &info);
			if (r != (write ? 0 : ERR_DENIED))
				fail_msg("%s writes %s: %d", role_id((enum role)role),
					 attachment_kind_id(in.kind), r);
			/* The organisation beside it is none of theirs. */
			assert_int_equal(attachments_read(&desk->app, &callers[role], other, &arena, &a, &back,
							  &info), ERR_DENIED);
			assert_int_equal(attachments_withdraw(&desk->app, &callers[role], other, "x", &info),
					 ERR_DENIED);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_file_comes_back_as_it_was_and_is_stored_once),
		ON_DESK(what_is_sent_twice_is_kept_once),
		ON_DESK(only_the_bytes_say_what_a_file_is),
		ON_DESK(what_is_wrong_is_refused),
		ON_DESK(a_withdrawn_file_stays_with_its_reason),
		ON_DESK(who_may_follows_from_what_it_belongs_to),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
