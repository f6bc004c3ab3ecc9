/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/web/cm.h"

#include <stdio.h>
#include <string.h>

#include "tests/web/fake.h"
#include "web/assets.h"
#include "web/openapi.h"
#include "web/router.h"
#include "web/session.h"

/* One request; the response is to be given to web_response_done. */
static struct web_response ask(struct fake *fake, struct web_request request)
{
	struct web_response response = {0};
	router_handle(&fake->web, &request, &response);
	return response;
}

static int setup(void **state)
{
	static struct fake fake;
	fake_init(&fake);
	*state = &fake;
	return 0;
}

static int teardown(void **state)
{
	fake_done(*state);
	return 0;
}

static void unknown_paths_and_methods(void **state)
{
	static const struct {
		const char *path;
		enum web_method method;
		int status;
	} cases[] = {
		{"/nowhere", WEB_GET, 404}, {"/hello/", WEB_GET, 404}, {"/things/", WEB_GET, 404},
		{"/things/1/edit/more", WEB_GET, 404}, {"//hello", WEB_GET, 404},
		{"", WEB_GET, 404}, {"hello", WEB_GET, 404},
		{"/hello", WEB_POST, 405}, {"/hello", WEB_OTHER, 405}, {"/nowhere", WEB_OTHER, 404},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct web_request request = fake_get(cases[i].path, NULL);
		request.method = cases[i].method;
		AUTO(web_response) struct web_response r = ask(*state, request);
		assert_int_equal(r.status, cases[i].status);
		assert_true(fake_has(&r, r.ref));
	}
	struct web_request request = fake_get("/things/1", NULL);
	request.method = WEB_OTHER;
	AUTO(web_response) struct web_response r = ask(*state, request);
	assert_string_equal(fake_header(&r, "Allow"), "GET, HEAD, POST");
	assert_int_equal(((struct fake *)*state)->acts, 0);
}

static void every_response_has_the_safety_headers(void **state)
{
	static const char *const paths[] = {"/hello", "/nowhere", "/mine", "/things/2", "/login"};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		for (int tls = 0; tls < 2; tls++) {
			struct web_request request = fake_get(paths[i], NULL);
			request.tls = tls;
			AUTO(web_response) struct web_response r = ask(*state, request);
			const char *csp = fake_header(&r, "Content-Security-Policy");
			assert_non_null(csp);
			assert_non_null(strstr(csp, "default-src 'self'"));
			assert_non_null(strstr(csp, "frame-ancestors 'none'"));
			assert_null(strstr(csp, "unsafe"));
			assert_string_equal(fake_header(&r, "X-Content-Type-Options"), "nosniff");
			assert_string_equal(fake_header(&r, "Referrer-Policy"), "same-origin");
			assert_string_equal(fake_header(&r, "Cache-Control"), "no-store");
			assert_int_equal(fake_header(&r, "Strict-Transport-Security") != NULL, tls);
		}
}

static void sessions_are_needed_and_found(void **state)
{
	struct fake *fake = *state;
	struct web_request request = fake_get("/mine", "a=%E6%9D%91&b=1");
	AUTO(web_response) struct web_response in = ask(fake, request);
	assert_int_equal(in.status, 200);
	assert_string_equal(in.account, "zhoumin");

	request.cookie = STR("other=1; jw=" "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC");
	AUTO(web_response) struct web_response out = ask(fake, request);
	assert_int_equal(out.status, 303);
	assert_string_equal(fake_header(&out, "Location"),
			    "/login?next=%2Fmine%3Fa%3D%25E6%259D%2591%26b%3D1");
	request.accept = STR("application/json");
	AUTO(web_response) struct web_response json = ask(fake, request);
	assert_int_equal(json.status, 401);
	assert_string_equal(json.type, "application/problem+json");
	/* A cookie of plain HTTP is no cookie under TLS. */
	struct web_request tls = fake_get("/mine", NULL);
	tls.tls = true;
	AUTO(web_response) struct web_response other = ask(fake, tls);
	assert_int_equal(other.status, 303);
}

static void a_password_that_must_change_comes_first(void **state)
{
	struct web_request request = fake_get("/mine", NULL);
	request.cookie = STR("jw=" FAKE_TOKEN_NEW);
	AUTO(web_response) struct web_response r = ask(*state, request);
	assert_int_equal(r.status, 303);
	assert_string_equal(fake_header(&r, "Location"), "/password");
	request.path = STR("/password");
	AUTO(web_response) struct web_response open = ask(*state, request);
	assert_int_equal(open.status, 200);
}

static void rights_are_asked_at_the_node(void **state)
{
	struct fake *fake = *state;
	AUTO(web_response) struct web_response own = ask(fake, fake_get("/things/1", NULL));
	assert_int_equal(own.status, 200);
	fake->acts = 0;
	AUTO(web_response) struct web_response foreign = ask(fake, fake_get("/things/2", NULL));
	assert_int_equal(foreign.status, 403);
	AUTO(web_response) struct web_response lost = ask(fake, fake_get("/things/9", NULL));
	assert_int_equal(lost.status, 404);
	/* Encoded or not, it is the same node. */
	AUTO(web_response) struct web_response coded = ask(fake, fake_get("/things/%32", NULL));
	assert_int_equal(coded.status, 403);
	/* A POST without the right is told so, not what is wrong with its fields. */
	AUTO(buf) struct buf body = {0};
	AUTO(web_response) struct web_response post =
		ask(fake, fake_post(fake, "/things/2", "members=x", &body));
	assert_int_equal(post.status, 403);
	assert_false(fake_has(&post, "整数"));
	assert_int_equal(fake->acts, 0);
}

static void posts_need_the_token(void **state)
{
	struct fake *fake = *state;
	AUTO(buf) struct buf body = {0};
	struct web_request request = fake_post(fake, "/things/1", "name=%E9%95%BF%E5%9D%A1", &body);
	AUTO(web_response) struct web_response good = ask(fake, request);
	assert_int_equal(good.status, 303);
	fake->acts = 0;

	struct web_request none = fake_post(fake, "/things/1", "name=ab", NULL);
	struct web_request wrong = fake_post(fake, "/things/1", "name=ab&_csrf=x", NULL);
	struct web_request foreign = request, site = request, session = request;
	foreign.origin = STR("http://evil.example");
	site.fetch_site = STR("cross-site");
	session.cookie = STR("jw=" FAKE_TOKEN_NEW);
	const struct web_request all[] = {none, wrong, foreign, site, session};
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		AUTO(web_response) struct web_response r = ask(fake, all[i]);
		assert_int_equal(r.status, 403);
		/* The last one has a session that must change its password first. */
		if (i + 1 == ARRAY_LEN(all))
			continue;
		assert_non_null(strstr(buf_str(&r.body), "刷新以后重新填写"));
		assert_null(strstr(buf_str(&r.body), "安全管理员"));
	}
	assert_int_equal(fake->acts, 0);
	request.origin = STR("http://localhost:1");
	request.fetch_site = STR("same-origin");
	AUTO(web_response) struct web_response same = ask(fake, request);
	assert_int_equal(same.status, 303);
}

static void handlers_get_typed_values(void **state)
{
	struct fake *fake = *state;
	AUTO(buf) struct buf body = {0};
	AUTO(web_response) struct web_response r =
		ask(fake, fake_post(fake, "/things/1",
				    "name=%E9%95%BF%E5%9D%A1&members=%EF%BC%94%EF%BC%96&founded=2026."
				    "1.5&kind=general&tags=a&tags=b", &body));
	assert_int_equal(r.status, 303);
	assert_string_equal(fake->saved, "1|长坡|46|20260105|1|2");
	assert_string_equal(fake_header(&r, "Location"), "/things/1");
	assert_non_null(strstr(fake_header(&r, "Set-Cookie"), "jwn=%E5%B7%B2"));
}

static void a_failed_form_keeps_what_was_typed(void **state)
{
	struct fake *fake = *state;
	AUTO(buf) struct buf body = {0};
	AUTO(web_response) struct web_response r =
		ask(fake, fake_post(fake, "/things/1",
				    "name=%3Cb%3E&members=4x&kind=general&password=secret1&note=%0Aab",
				    &body));
	assert_int_equal(r.status, 422);
	assert_int_equal(fake->saved[0], 0);
	assert_true(fake_has(&r, "value='&lt;b&gt;'"));
	assert_true(fake_has(&r, "value='4x'"));
	assert_true(fake_has(&r, "请填整数"));
	assert_true(fake_has(&r, "aria-invalid='true'"));
	assert_true(fake_has(&r, "<option value='general' selected>"));
	assert_true(fake_has(&r, "2 到 10 个字"));
	assert_false(fake_has(&r, "secret1"));
	/* What app/ finds wrong comes back the same way. */
	AUTO(web_response) struct web_response twice =
		ask(fake, fake_post(fake, "/things/1", "name=%E9%87%8D%E5%90%8D", &body));
	assert_int_equal(twice.status, 422);
	assert_true(fake_has(&twice, "<p class='err' id='e-name'>已经有这个名称</p>"));
	AUTO(web_response) struct web_response conflict =
		ask(fake, fake_post(fake, "/things/1", "name=%E5%86%B2%E7%AA%81", &body));
	assert_int_equal(conflict.status, 409);
	assert_true(fake_has(&conflict, "别人刚刚改过"));
}

static void failures_of_the_system_keep_their_details(void **state)
{
	struct fake *fake = *state;
	AUTO(buf) struct buf body = {0};
	AUTO(web_response) struct web_response r =
		ask(fake, fake_post(fake, "/things/1", "name=%E5%9D%8F%E7%9B%98", &body));
	assert_int_equal(r.status, 500);
	assert_false(fake_has(&r, "secret.db"));
	assert_true(fake_has(&r, r.ref));
	assert_non_null(strstr(r.why, "secret.db"));
}

static void json_is_the_other_face(void **state)
{
	struct fake *fake = *state;
	struct web_request request = fake_get("/hello", "name=%3Cb%3E");
	request.accept = STR("application/json");
	AUTO(web_response) struct web_response r = ask(fake, request);
	assert_string_equal(r.type, "application/json");
	assert_string_equal(buf_str(&r.body), "{\"name\":\"<b>\"}");

	AUTO(buf) struct buf body = {0};
	struct web_request post = fake_post(fake, "/things/1", "", &body);
	char csrf[WEB_TOKEN_LEN + 1];
	csrf_make(fake->web.key, STR(FAKE_TOKEN), csrf);
	post.accept = post.content_type = STR("application/json");
	post.csrf = str_from(csrf);
	post.body = STR("{\"name\":\"长坡\",\"members\":46}");
	AUTO(web_response) struct web_response done = ask(fake, post);
	assert_int_equal(done.status, 200);
	assert_true(fake_has(&done, "\"location\":\"/things/1\""));
	post.body = STR("{\"name\":\"长\",\"members\":\"x\"}");
	AUTO(web_response) struct web_response wrong = ask(fake, post);
	assert_int_equal(wrong.status, 422);
	json_t *problem = json_loads(buf_str(&wrong.body), 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(problem, "status")), 422);
	assert_non_null(json_object_get(problem, "title"));
	assert_int_equal(json_array_size(json_object_get(problem, "errors")), 2);
	json_decref(problem);
	post.body = STR("{\"name\":\"长坡\",\"admin\":true}");
	AUTO(web_response) struct web_response more = ask(fake, post);
	assert_int_equal(more.status, 400);
}

static void bodies_are_bounded_and_of_known_kinds(void **state)
{
	struct fake *fake = *state;
	AUTO(buf) struct buf big = {0};
	struct web_request request = fake_post(fake, "/things/1", "", NULL);
	buf_adds(&big, "note=");
	while (big.len <= WEB_BODY_MAX)
		buf_adds(&big, "aaaaaaaaaaaaaaaa");
	request.body = (struct str){big.data, big.len};
	AUTO(web_response) struct web_response large = ask(fake, request);
	assert_int_equal(large.status, 413);
	request.body = STR("x");
	request.content_type = STR("text/plain");
	AUTO(web_response) struct web_response plain = ask(fake, request);
	assert_int_equal(plain.status, 415);
	request.content_type = STR("multipart/form-data; boundary=x");
	AUTO(web_response) struct web_response file = ask(fake, request);
	assert_int_equal(file.status, 415);
	assert_int_equal(router_body_max(&fake->web, WEB_POST, STR("/upload")), 8192);
	assert_int_equal(router_body_max(&fake->web, WEB_GET, STR("/hello")), 0);
	assert_int_equal(fake->acts, 0);
}

static void wrong_queries_are_said_by_their_labels(void **state)
{
	AUTO(web_response) struct web_response r = ask(*state, fake_get("/hello", "page=x&other=1"));
	assert_int_equal(r.status, 422);
	assert_true(fake_has(&r, "页：请填整数"));
	AUTO(web_response) struct web_response broken = ask(*state, fake_get("/hello", "page=%4"));
	assert_int_equal(broken.status, 400);
}

static void signing_in_needs_the_guest_token_and_sets_a_strict_cookie(void **state)
{
	struct fake *fake = *state;
	struct web_request get = fake_get("/login", NULL);
	get.cookie = (struct str){0};
	AUTO(web_response) struct web_response form = ask(fake, get);
	const char *cookie = fake_header(&form, "Set-Cookie");
	assert_true(strncmp(cookie, "jwg=", 4) == 0);
	assert_non_null(strstr(cookie, "; HttpOnly; SameSite=Strict"));

	AUTO(buf) struct buf body = {0};
	struct web_request post = fake_post(fake, "/login", "", NULL);
	post.cookie = (struct str){0};
	AUTO(web_response) struct web_response bare = ask(fake, post);
	assert_int_equal(bare.status, 403);
	char csrf[WEB_TOKEN_LEN + 1], held[80];
	csrf_make(fake->web.key, (struct str){cookie + 4, WEB_TOKEN_LEN}, csrf);
	buf_addf(&body, "_csrf=%s", csrf);
	snprintf(held, sizeof(held), "%.*s", WEB_TOKEN_LEN + 4, cookie);
	post.cookie = str_from(held);
	post.body = str_from(buf_str(&body));
	AUTO(web_response) struct web_response in = ask(fake, post);
	assert_int_equal(in.status, 303);
	assert_string_equal(fake_header(&in, "Set-Cookie"),
			    "jw=" FAKE_TOKEN "; Path=/; HttpOnly; SameSite=Strict");
	post.tls = true;
	snprintf(held, sizeof(held), "__Host-jwg=%.*s", WEB_TOKEN_LEN, cookie + 4);
	post.cookie = str_from(held);
	AUTO(web_response) struct web_response tls = ask(fake, post);
	assert_string_equal(fake_header(&tls, "Set-Cookie"),
			    "__Host-jw=" FAKE_TOKEN "; Path=/; HttpOnly; SameSite=Strict; Secure");
}

static void the_first_start_needs_its_code_and_ends(void **state)
{
	struct fake *fake = *state;
	AUTO(web_response) struct web_response late = ask(fake, fake_get("/first", "code=" FAKE_CODE));
	assert_int_equal(late.status, 404);
	fake->is_new = true;
	AUTO(web_response) struct web_response good = ask(fake, fake_get("/first", "code=" FAKE_CODE));
	assert_int_equal(good.status, 200);
	AUTO(web_response) struct web_response wrong = ask(fake, fake_get("/first", "code=x"));
	assert_int_equal(wrong.status, 403);
	AUTO(web_response) struct web_response none = ask(fake, fake_get("/first", NULL));
	assert_int_equal(none.status, 403);
	memset(fake->web.setup_hash, 0, sizeof(fake->web.setup_hash));
	AUTO(web_response) struct web_response off = ask(fake, fake_get("/first", "code=" FAKE_CODE));
	assert_int_equal(off.status, 403);
}

static void local_routes_are_for_this_machine(void **state)
{
	struct web_request request = fake_get("/local", NULL);
	AUTO(web_response) struct web_response far = ask(*state, request);
	assert_int_equal(far.status, 404);
	request.peer_local = true;
	AUTO(web_response) struct web_response near = ask(*state, request);
	assert_int_equal(near.status, 200);
}

static void uploads_arrive_whole(void **state)
{
	struct fake *fake = *state;
	AUTO(buf) struct buf body = {0};
	char csrf[WEB_TOKEN_LEN + 1];
	csrf_make(fake->web.key, STR(FAKE_TOKEN), csrf);
	buf_addf(&body, "--x\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n%s\r\n"
			"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"
			"Content-Type: text/csv\r\n\r\na,b\r\n1,2\r\n--x--\r\n", csrf);
	struct web_request request = fake_post(fake, "/upload", "", NULL);
	request.content_type = STR("multipart/form-data; boundary=x");
	request.body = str_from(buf_str(&body));
	AUTO(web_response) struct web_response r = ask(fake, request);
	assert_int_equal(r.status, 303);
	assert_string_equal(fake->saved, "a,b\r\n1,2");
}

static void hostile_texts_never_become_markup(void **state)
{
	/* Markers that would show up raw if any place forgot to escape. */
	static const char *const queries[] = {
		"name=%3Cjw-x%3E", "name=%27+jw-x%3D%27", "name=%22+jw-x%3D%22",
		"name=javascript%3Ajw-x", "name=%26lt%3Bjw-x", "name=%2F%2Fjw-x", "name=%3C%2Ftitle%3E%3Cjw-x%3E",
	};
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		AUTO(web_response) struct web_response r = ask(*state, fake_get("/hello", queries[i]));
		assert_int_equal(r.status, 200);
		assert_false(fake_has(&r, "<jw-x>"));
		assert_false(fake_has(&r, "' jw-x='"));
		assert_false(fake_has(&r, "\" jw-x=\""));
		assert_false(fake_has(&r, "href='javascript:"));
		assert_false(fake_has(&r, "href='//"));
		assert_false(fake_has(&r, ";jw-x'"));
	}
}

static void notes_survive_one_redirect_escaped(void **state)
{
	struct web_request request = fake_get("/mine", NULL);
	request.cookie = STR("jw=" FAKE_TOKEN "; jwn=%3Cb%3E%E5%B7%B2");
	AUTO(web_response) struct web_response r = ask(*state, request);
	assert_true(fake_has(&r, "<div class='toast' role='status'>&lt;b&gt;已</div>"));
	assert_non_null(strstr(fake_header(&r, "Set-Cookie"), "jwn=; "));
	assert_non_null(strstr(fake_header(&r, "Set-Cookie"), "Max-Age=0"));
}

static void assets_are_kept_by_browsers(void **state)
{
	struct web_request request = fake_get(asset_url("style.css"), NULL);
	AUTO(web_response) struct web_response r = ask(*state, request);
	assert_int_equal(r.status, 200);
	assert_non_null(strstr(fake_header(&r, "Cache-Control"), "immutable"));
	request.if_none_match = str_from(fake_header(&r, "ETag"));
	AUTO(web_response) struct web_response same = ask(*state, request);
	assert_int_equal(same.status, 304);
	request.if_none_match = (struct str){0};
	request.accept_encoding = STR("gzip, br");
	AUTO(web_response) struct web_response small = ask(*state, request);
	assert_string_equal(fake_header(&small, "Content-Encoding"), "gzip");
	assert_true(small.fixed_len < r.fixed_len / 2);
	assert_memory_equal(small.fixed, "\x1f\x8b", 2);
	AUTO(web_response) struct web_response none = ask(*state, fake_get("/assets/x.css", NULL));
	assert_int_equal(none.status, 404);
}

static void openapi_tells_what_the_table_says(void **state)
{
	struct fake *fake = *state;
	json_t *api = openapi_make(fake->web.routes, "1");
	assert_non_null(api);
	json_t *post = json_object_get(json_object_get(json_object_get(api, "paths"), "/things/{id}"),
				       "post");
	json_t *schema = json_object_get(
		json_object_get(json_object_get(json_object_get(post, "requestBody"), "content"),
				"application/json"), "schema");
	json_t *name = json_object_get(json_object_get(schema, "properties"), "name");
	assert_int_equal(json_integer_value(json_object_get(name, "maxLength")), 10);
	assert_int_equal(json_array_size(json_object_get(schema, "required")), 1);
	assert_int_equal(json_array_size(json_object_get(post, "parameters")), 1);
	json_t *security = json_array_get(json_object_get(post, "security"), 0);
	assert_non_null(json_object_get(security, "session"));
	assert_non_null(json_object_get(security, "token"));
	json_decref(api);
}

/* The work is done once for all who are well-formed; each gets his own answer. */
static void requests_of_one_moment_are_handled_together(void **state)
{
	enum { N = 4 };
	static const char *const bodies[N] = {"n=1", "n=many", "n=13", "n=99"};
	static const int statuses[N] = {200, 422, 409, 200};
	struct fake *fake = *state;
	struct web_request requests[N];
	const struct web_request *asked[N];
	struct web_response responses[N] = {0}, *answers[N];

	for (int i = 0; i < N; i++) {
		requests[i] = fake_post(fake, "/group", bodies[i], NULL);
		requests[i].accept = STR("application/json");
		asked[i] = &requests[i];
		answers[i] = &responses[i];
	}
	assert_true(router_is_together(&fake->web, WEB_POST, STR("/group")));
	assert_false(router_is_together(&fake->web, WEB_GET, STR("/group")));
	assert_false(router_is_together(&fake->web, WEB_POST, STR("/upload")));
	router_handle_together(&fake->web, asked, answers, N);
	assert_int_equal(fake->groups, 1);
	assert_int_equal(fake->grouped, 3);
	assert_int_equal(fake->acts, 2);
	for (int i = 0; i < N; i++)
		assert_int_equal(responses[i].status, statuses[i]);
	assert_true(fake_has(&responses[0], "{\"n\":1}"));
	assert_true(fake_has(&responses[3], "{\"n\":99}"));
	assert_true(responses[1].quiet && responses[1].arena.wipe);
	assert_non_null(fake_header(&responses[2], "Content-Security-Policy"));
	for (int i = 0; i < N; i++)
		web_response_done(&responses[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(unknown_paths_and_methods),
		TEST(every_response_has_the_safety_headers),
		TEST(sessions_are_needed_and_found),
		TEST(a_password_that_must_change_comes_first),
		TEST(rights_are_asked_at_the_node),
		TEST(posts_need_the_token),
		TEST(handlers_get_typed_values),
		TEST(a_failed_form_keeps_what_was_typed),
		TEST(failures_of_the_system_keep_their_details),
		TEST(json_is_the_other_face),
		TEST(bodies_are_bounded_and_of_known_kinds),
		TEST(wrong_queries_are_said_by_their_labels),
		TEST(signing_in_needs_the_guest_token_and_sets_a_strict_cookie),
		TEST(the_first_start_needs_its_code_and_ends),
		TEST(local_routes_are_for_this_machine),
		TEST(uploads_arrive_whole),
		TEST(hostile_texts_never_become_markup),
		TEST(notes_survive_one_redirect_escaped),
		TEST(assets_are_kept_by_browsers),
		TEST(openapi_tells_what_the_table_says),
		TEST(requests_of_one_moment_are_handled_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
