/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/desk.h"
#include "app/schemes.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static const struct scheme_ref zhangji = {.shipped = "zhangji-town"};

static int64_t own_scheme(struct desk *desk, const struct caller *officer)
{
	struct err_info info = {0};
	int64_t scheme = 0;
	if (schemes_clone(&desk->app, officer, &zhangji, desk->county, "yunling-2026", "云岭县分类定级",
			  &scheme, &info) != 0)
		fail_msg("%s", info.text);
	return scheme;
}

static struct scheme_shown show(struct desk *desk, const struct caller *who, int64_t scheme,
				int version, struct arena *arena)
{
	struct scheme_shown shown;
	struct err_info info = {0};
	const struct scheme_ref ref = {.scheme = scheme, .version = version};
	if (schemes_show(&desk->app, who, &ref, arena, &shown, &info) != 0)
		fail_msg("%s", info.text);
	return shown;
}

static int save(struct desk *desk, const struct caller *who, const struct scheme_version *read,
		const char *text, bool publish, int *ret_version, struct err_info *info)
{
	AUTO(diag) struct diag faults = {0};
	const struct scheme_edit edit = {read->scheme, read->version, read->saved_ms, text, "改了说明",
					 publish};
	return schemes_save(&desk->app, who, &edit, &faults, ret_version, info);
}

static void references_are_read(void **state)
{
	struct scheme_ref ref;
	(void)state;
	assert_int_equal(scheme_ref_parse("gaide-township", &ref, NULL), 0);
	assert_string_equal(ref.shipped, "gaide-township");
	assert_int_equal(scheme_ref_parse("120000001", &ref, NULL), 0);
	assert_int_equal(ref.scheme, 120000001);
	assert_int_equal(ref.version, 0);
	assert_int_equal(scheme_ref_parse("120000001.3", &ref, NULL), 0);
	assert_int_equal(ref.version, 3);
	const char *const bad[] = {"", "12x", "12.", "12.0", "12.3.4", "0"};
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(scheme_ref_parse(bad[i], &ref, NULL), ERR_INPUT);
}

static void a_clone_says_the_same_under_its_own_name(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER), 5000);
	int64_t scheme = own_scheme(desk, &officer);
	struct scheme_diff diff;
	const struct scheme_ref own = {.scheme = scheme};

	struct scheme_shown shown = show(desk, &officer, scheme, 0, &arena);
	assert_true(shown.sound);
	assert_true(shown.may_write);
	assert_string_equal(shown.scheme.id, "yunling-2026");
	assert_string_equal(shown.scheme.title, "云岭县分类定级");
	assert_int_equal(shown.version.state, SCHEME_DRAFT);
	scheme_shown_done(&shown);
	assert_int_equal(schemes_compare(&desk->app, &officer, &zhangji, &own, &arena, &diff, NULL), 0);
	assert_int_equal(diff.n_left, 1);	/* only the id: titles are no rule */
	assert_int_equal(diff.n_right, 1);
}

static void two_that_share_little_are_compared_section_by_section(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER), 5000);
	struct scheme_ref guizhou;
	struct scheme_diff diff;

	assert_int_equal(scheme_ref_parse("guizhou", &guizhou, NULL), 0);
	assert_int_equal(schemes_compare(&desk->app, &officer, &guizhou, &zhangji, &arena, &diff, NULL), 0);
	for (int i = 1; i < diff.n; i++)
		for (int k = 0; k < i && strcmp(diff.lines[i].section, diff.lines[i - 1].section) != 0; k++)
			assert_string_not_equal(diff.lines[i].section, diff.lines[k].section);
}

static void names_are_checked(void **state)
{
	struct desk *desk = desk_of(state);
	struct caller officer = desk_caller(desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER), 5000);
	int64_t scheme;
	own_scheme(desk, &officer);
	assert_int_equal(schemes_clone(&desk->app, &officer, &zhangji, desk->county, "yunling-2026", "又一个",
				       &scheme, NULL), ERR_CONFLICT);
	assert_int_equal(schemes_clone(&desk->app, &officer, &zhangji, desk->county, "zhangji-town", "又一个",
				       &scheme, NULL), ERR_CONFLICT);
	assert_int_equal(schemes_clone(&desk->app, &officer, &zhangji, desk->county, "2026", "又一个", &scheme,
				       NULL), ERR_INPUT);
	assert_int_equal(schemes_clone(&desk->app, &officer, &zhangji, desk->county, "a: b", "又一个", &scheme,
				       NULL), ERR_INPUT);
	assert_int_equal(schemes_clone(&desk->app, &officer, &zhangji, desk->county, "good", "a'\nid: x",
				       &scheme, NULL), ERR_INPUT);
}

static void a_published_version_never_changes(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER), 5000);
	int64_t scheme = own_scheme(desk, &officer);
	struct err_info info = {0};
	int version;

	struct scheme_shown first = show(desk, &officer, scheme, 0, &arena);
	const char *text = first.version.text;
	assert_int_equal(save(desk, &officer, &first.version, text, true, &version, &info), 0);
	assert_int_equal(version, 1);
	struct scheme_shown published = show(desk, &officer, scheme, 0, &arena);
	const char *longer = arena_printf(&arena, "%s\n# 下一年\n", text);
	assert_int_equal(save(desk, &officer, &published.version, longer, false, &version, &info), 0);
	assert_int_equal(version, 2);
	struct scheme_shown again = show(desk, &officer, scheme, 1, &arena);
	assert_string_equal(again.version.text, text);
	assert_int_equal(again.version.state, SCHEME_PUBLISHED);
	assert_int_equal(again.n_versions, 2);
	/* The draft does not keep anybody from working by what is published. */
	struct scheme_entry *entries;
	int n;
	assert_int_equal(schemes_list(&desk->app, &officer, &arena, &entries, &n, NULL), 0);
	assert_string_equal(entries[0].published, arena_printf(&arena, "%lld.1", (long long)scheme));
	/* Who read before that is told. */
	assert_int_equal(save(desk, &officer, &published.version, text, false, &version, &info),
			 ERR_CONFLICT);
	scheme_shown_done(&first);
	scheme_shown_done(&published);
	scheme_shown_done(&again);
}

static void a_faulty_text_may_be_a_draft_but_not_published(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER), 5000);
	int64_t scheme = own_scheme(desk, &officer);
	struct err_info info = {0};
	int version;

	struct scheme_shown first = show(desk, &officer, scheme, 0, &arena);
	const char *bad = arena_printf(&arena, "%s\nno-such-key: 1\n", first.version.text);
	assert_int_equal(save(desk, &officer, &first.version, bad, true, &version, &info), ERR_INPUT);
	assert_int_equal(save(desk, &officer, &first.version, bad, false, &version, &info), 0);
	struct scheme_shown draft = show(desk, &officer, scheme, 0, &arena);
	assert_false(draft.sound);
	assert_int_equal(draft.faults.n, 1);
	/* Its id can't change. */
	const char *other = "id: another\n";
	assert_int_equal(save(desk, &officer, &draft.version,
			      arena_printf(&arena, "%s%s", other, strchr(first.version.text, '\n')), false,
			      &version, &info), 0);	/* faulty: two ids, still a draft */
	scheme_shown_done(&first);
	scheme_shown_done(&draft);
}

static void rights_are_kept(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct caller officer = desk_caller(desk_account(desk, desk->county, "zuzhi", ROLE_OFFICER), 5000);
	struct caller clerk = desk_caller(desk_account(desk, desk->branch[0], "clerk", ROLE_CLERK), 5000);
	struct caller foreign = desk_caller(desk_account(desk, desk->other_county, "foreign", ROLE_OFFICER),
					    5000);
	struct caller auditor = desk_caller(desk_account(desk, desk->county, "auditor", ROLE_AUDITOR), 5000);
	int64_t scheme = own_scheme(desk, &officer), other;
	const struct scheme_ref ref = {.scheme = scheme};
	struct scheme_shown shown;
	struct scheme_entry *entries;
	int n, version, shipped;

	/* Below its node everybody reads it, nobody else. */
	shown = show(desk, &clerk, scheme, 0, &arena);
	assert_false(shown.may_write);
	assert_int_equal(save(desk, &clerk, &shown.version, shown.version.text, false, &version, NULL),
			 ERR_DENIED);
	scheme_shown_done(&shown);
	assert_int_equal(schemes_show(&desk->app, &foreign, &ref, &arena, &shown, NULL), ERR_DENIED);
	assert_int_equal(schemes_show(&desk->app, &auditor, &ref, &arena, &shown, NULL), ERR_DENIED);
	assert_int_equal(schemes_clone(&desk->app, &clerk, &zhangji, desk->county, "mine", "我的", &other,
				       NULL), ERR_DENIED);
	assert_int_equal(schemes_list(&desk->app, &foreign, &arena, &entries, &shipped, NULL), 0);
	assert_int_equal(schemes_list(&desk->app, &clerk, &arena, &entries, &n, NULL), 0);
	assert_int_equal(n, shipped + 1);
	assert_int_equal(schemes_list(&desk->app, &auditor, &arena, &entries, &n, NULL), ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_are_read),
		ON_DESK(a_clone_says_the_same_under_its_own_name),
		ON_DESK(two_that_share_little_are_compared_section_by_section),
		ON_DESK(names_are_checked),
		ON_DESK(a_published_version_never_changes),
		ON_DESK(a_faulty_text_may_be_a_draft_but_not_published),
		ON_DESK(rights_are_kept),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
