/* SPDX-License-Identifier: Apache-2.0 */
/* A walk along THE table: every route has what the rules ask of it. */
#include "tests/web/cm.h"

#include <string.h>

#include "app/org_field.h"
#include "app/right.h"
#include "tests/web/rules.h"
#include "web/openapi.h"
#include "web/pages/pages.h"
#include "web/site.h"

static void fail_route(const struct web_route *r, const char *why)
{
	fail_msg("%s %s: %s", r->method == WEB_POST ? "POST" : "GET", r->path, why);
}

static void every_route_has_access_help_and_something_to_do(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++) {
		if (r->path[0] != '/')
			fail_route(r, "begins with no slash");
		if (r->access == WEB_ACCESS_UNSET)
			fail_route(r, "does not say who may call it");
		if (r->access == WEB_RIGHT && (r->action <= ACTION_SELF || r->action >= ACTION_COUNT))
			fail_route(r, "names no action");
		if (r->access != WEB_RIGHT && (r->action || r->node))
			fail_route(r, "names an action that nobody checks");
		if (!r->help || !*r->help)
			fail_route(r, "has no help text");
		if (!r->act)
			fail_route(r, "does nothing");
	}
}

static void every_route_has_a_rule(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++) {
		const struct rule *rule = rule_of(r);
		if (!rule)
			fail_route(r, "has no rule in tests/web/rules.c");
		if (rule_is_for_roles(rule) != (r->access == WEB_RIGHT))
			fail_route(r, "asks for a right where its rule does not, or the other way round");
	}
}

static void what_changes_something_needs_a_token(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++)
		if (r->method != WEB_GET && (r->access == WEB_PUBLIC || r->access == WEB_LOCAL))
			fail_route(r, "could be called by any page in the world");
}

static void business_data_needs_a_right(void **state)
{
	(void)state;
	static const char *const doors[] = {"/orgs", "/accounts", "/audit"};
	for (const struct web_route *r = site_routes; r->path; r++)
		for (size_t i = 0; i < ARRAY_LEN(doors); i++)
			if (strncmp(r->path, doors[i], strlen(doors[i])) == 0 &&
			    r->access != WEB_RIGHT)
				fail_route(r, "shows business data without a right");
}

static void check_field(const struct web_route *r, const struct web_field *f)
{
	if (!f->label || !*f->label)
		fail_route(r, "has a field without a label");
	if ((f->type == WEB_TEXT || f->type == WEB_AREA || f->type == WEB_SECRET) && f->max <= 0)
		fail_route(r, "has a text without a limit");
	if (f->type == WEB_INT && f->max <= f->min)
		fail_route(r, "has a number without a range");
	if (f->type == WEB_FILE && (f->max <= 0 || (uint64_t)f->max > r->body_max))
		fail_route(r, "has a file whose limit the body's does not allow");
	if (f->type == WEB_CHOICE && !f->choices && !f->choice_at)
		fail_route(r, "has a choice without choices");
	for (const struct web_field *g = r->fields; g < f; g++)
		if (strcmp(g->name, f->name) == 0)
			fail_route(r, "declares a field twice");
}

static void fields_are_typed_and_bounded(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++) {
		if (web_field_count(r->fields) > WEB_FIELDS_MAX)
			fail_route(r, "declares too many fields");
		for (const struct web_field *f = r->fields; f && f->name; f++)
			check_field(r, f);
	}
}

static void holes_and_nodes_are_declared(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++) {
		for (const char *p = strchr(r->path, '{'); p; p = strchr(p + 1, '{')) {
			struct str name = {p + 1, strcspn(p + 1, "}")};
			int i = web_field_find(r->fields, name);
			if (i < 0 || !r->fields[i].required)
				fail_route(r, "has a hole that is no required field");
		}
		if (!r->node)
			continue;
		int i = web_field_find(r->fields, str_from(r->node));
		if (i < 0 || r->fields[i].type != WEB_INT)
			fail_route(r, "asks the right at a field that is no number");
	}
}

static const struct web_route *find_get(const char *path)
{
	for (const struct web_route *r = site_routes; r->path; r++)
		if (r->method == WEB_GET && strcmp(r->path, path) == 0)
			return r;
	return NULL;
}

static void both_faces_exist(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++) {
		if (r->page && !r->json)
			fail_route(r, "has a page but no JSON");
		if (r->page && r->json && r->method == WEB_POST && !r->form)
			fail_route(r, "has nothing to show when it fails");
		if (!r->form)
			continue;
		const struct web_route *get = find_get(r->form);
		if (!get || !get->page)
			fail_route(r, "names a form that is no page");
	}
}

/* True if the request path of a literal pattern would be taken by `r`. */
static bool takes(const struct web_route *r, const char *path)
{
	const char *p = r->path;

	while (*p && *path) {
		if (*p == '{') {
			p += strcspn(p, "}") + 1;
			path += strcspn(path, "/");
		} else if (*p++ != *path++) {
			return false;
		}
	}
	return !*p && !*path;
}

static void no_route_hides_another(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++)
		for (const struct web_route *before = site_routes; before < r; before++)
			if (before->method == r->method && !strchr(r->path, '{') &&
			    takes(before, r->path))
				fail_route(r, "is hidden by one above it");
}

static void the_form_names_an_organisations_fields_as_app_does(void **state)
{
	(void)state;
	for (int i = 0; i < org_n_fields; i++) {
		int at = web_field_find(org_add_fields, str_from(org_fields[i].id));
		assert_true(at >= 0);
		assert_string_equal(org_add_fields[at].label, org_fields[i].label);
		assert_int_equal(org_add_fields[at].required, org_fields[i].required);
		if (org_fields[i].max)
			assert_int_equal(org_add_fields[at].max, org_fields[i].max);
	}
}

/* A reason that is missing comes back with the form, not on a page of its own. */
static void a_reason_that_is_missing_is_asked_for_where_it_was_typed(void **state)
{
	(void)state;
	for (const struct web_route *r = site_routes; r->path; r++) {
		bool known = r->method != WEB_POST || r->form;
		for (int i = 0; !known && r->fields && r->fields[i].name; i++)
			if (r->fields[i].required && (strcmp(r->fields[i].name, "reason") == 0 ||
						      strcmp(r->fields[i].name, "closing") == 0))
				fail_route(r, "takes a reason and has no form to show again");
	}
}

static void the_description_has_every_route(void **state)
{
	(void)state;
	json_t *api = openapi_make(site_routes, "1");
	json_t *paths = json_object_get(api, "paths");
	for (const struct web_route *r = site_routes; r->path; r++) {
		json_t *item = json_object_get(paths, r->path);
		json_t *op = json_object_get(item, r->method == WEB_POST ? "post" : "get");
		if (!json_is_object(op))
			fail_route(r, "is missing in the description");
		assert_string_equal(json_string_value(json_object_get(op, "summary")), r->help);
	}
	json_decref(api);
}

static int broken(void *arg, struct err_info *info)
{
	(void)arg;
	return err_set(info, ERR_IO, "连不上 secret-host");
}

static int sound(void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	return 0;
}

/* Whether the database answers is the status; why it does not is for the log alone. */
static void a_monitor_is_told_of_the_database(void **state)
{
	struct web web = {.gate = {.is_new = broken}};
	AUTO(web_response) struct web_response down = {0}, up = {0};
	struct web_call call = {.web = &web, .response = &down};
	(void)state;
	assert_int_equal(act_health(&call), 0);
	assert_int_equal(down.status, 503);
	assert_string_equal(buf_str(&down.body), "数据库没有应答\n");
	assert_string_equal(down.why, "连不上 secret-host");
	web.gate.is_new = sound;
	call = (struct web_call){.web = &web, .response = &up};
	assert_int_equal(act_health(&call), 0);
	assert_int_equal(up.status, 0);
	assert_string_equal(buf_str(&up.body), "ok\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_has_access_help_and_something_to_do),
		cmocka_unit_test(every_route_has_a_rule),
		cmocka_unit_test(what_changes_something_needs_a_token),
		cmocka_unit_test(business_data_needs_a_right),
		cmocka_unit_test(fields_are_typed_and_bounded),
		cmocka_unit_test(holes_and_nodes_are_declared),
		cmocka_unit_test(both_faces_exist),
		cmocka_unit_test(no_route_hides_another),
		cmocka_unit_test(the_form_names_an_organisations_fields_as_app_does),
		cmocka_unit_test(a_reason_that_is_missing_is_asked_for_where_it_was_typed),
		cmocka_unit_test(the_description_has_every_route),
		cmocka_unit_test(a_monitor_is_told_of_the_database),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
