/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include <string.h>

#include "tests/web/fake.h"
#include "web/form.h"

static const struct web_field fields[] = {
	{.name = "step", .label = "步骤", .type = WEB_INT},
	{.name = "reason", .label = "理由", .type = WEB_AREA, .required = true},
	{0},
};
static const struct web_field others[] = {{.name = "reason", .label = "理由", .type = WEB_AREA}, {0}};

struct fixture {
	struct web_request request;
	struct arena arena;
	struct web_param typed[4];
	struct web_call call;
	struct html h;
};

/* A page whose form at `path` was sent with step and reason, and is shown again. */
static void fixture_init(struct fixture *f, const char *path, const char *step, const char *reason)
{
	*f = (struct fixture){.request = fake_get(path, NULL)};
	f->request.method = WEB_POST;
	f->typed[0] = (struct web_param){.name = STR("step"), .value = str_from(step)};
	f->typed[1] = (struct web_param){.name = STR("reason"), .value = str_from(reason)};
	f->call = (struct web_call){.request = &f->request, .arena = &f->arena, .typed_fields = fields,
				    .typed = {.n = 2, .at = f->typed}, .problem = "有 1 处需要改正"};
	f->call.typed_errors[1] = "这一项必须填";
}

static void fixture_done(struct fixture *f)
{
	html_done(&f->h);
	arena_done(&f->arena);
}

static int count(const char *text, const char *needle)
{
	int n = 0;
	for (; (text = strstr(text, needle)); text += strlen(needle))
		n++;
	return n;
}

static void of_forms_with_the_same_fields_one_keeps_what_was_typed(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "/days", "2", "下雨");
	static const char *const steps[] = {"1", "2", "3"};
	for (int i = 0; i < 3; i++) {
		struct form form = form_fold(&f.call, &f.h, steps[i], "/days", fields, "step", steps[i]);
		assert_int_equal(form.again, i == 1);
		form_row(&form, "reason", NULL);
		form_end(&form, "改", "", NULL);
		html(&f.h, "</details>");
	}
	const char *page = buf_str(&f.h.out);
	assert_int_equal(count(page, "下雨"), 1);
	assert_int_equal(count(page, "有 1 处需要改正"), 1);
	assert_int_equal(count(page, "这一项必须填"), 1);
	assert_int_equal(count(page, "<details class='fold' open><summary>2</summary>"), 1);
	assert_int_equal(count(page, " open>"), 1);
	assert_true(f.call.problem_said);
}

static void the_address_tells_forms_apart_too(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "/orgs/7/unlock", "1", "错了");
	form_begin(&f.call, &f.h, "/orgs/8/unlock", fields);
	html(&f.h, "</form>");
	assert_int_equal(count(buf_str(&f.h.out), "需要改正"), 0);
	struct form form = form_begin(&f.call, &f.h, "/orgs/7/unlock?node=3", fields);
	assert_true(form.again);
	assert_int_equal(count(buf_str(&f.h.out), "需要改正"), 1);
}

static void a_form_written_by_hand_keeps_its_values_and_no_other_form_s(void **state)
{
	(void)state;
	AUTO(fixture) struct fixture f;
	fixture_init(&f, "/days", "2", "");
	f.typed[1] = (struct web_param){.name = STR("step"), .value = STR("5")};
	assert_string_equal(form_typed(&f.call, fields, "step", 0, "0"), "2");
	assert_string_equal(form_typed(&f.call, fields, "step", 1, "0"), "5");
	assert_string_equal(form_typed(&f.call, fields, "step", 2, "0"), "0");
	assert_string_equal(form_typed(&f.call, others, "step", 0, "0"), "0");
	form_problem(&f.call, &f.h, others);
	assert_false(f.call.problem_said);
	form_problem(&f.call, &f.h, fields);
	assert_true(f.call.problem_said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_forms_with_the_same_fields_one_keeps_what_was_typed),
		cmocka_unit_test(the_address_tells_forms_apart_too),
		cmocka_unit_test(a_form_written_by_hand_keeps_its_values_and_no_other_form_s),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
