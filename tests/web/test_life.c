/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole lives of cases through the JSON face alone, as told in tests/web/life/
 * (README.md there says how to read them), on both engines. The router is asked
 * without a port, so that a year passes in a moment.
 */
#include "tests/web/office.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/roster.h"
#include "base/auto.h"
#include "base/file.h"
#include "web/router.h"

#define BOUNDARY "jw-life"
enum { NAMES_MAX = 64, WORDS_MAX = 64, LINE_MAX_LEN = 2000 };

struct life {
	struct office *office;
	const char *file;
	int line;
	struct {
		char name[40], value[300];
	} names[NAMES_MAX];
	int n_names;
	char *words[WORDS_MAX];
	int n_words;
	/* The last answer; of a page without JSON. */
	int status;
	json_t *json;
	struct buf body;
	bool refused;			/* its refusal was asked for */
	bool page;			/* asks for the page instead of its JSON */
};

#define WRONG(life, ...) do { \
		print_error("%s:%d: ", (life)->file, (life)->line); \
		fail_msg(__VA_ARGS__); \
	} while (0)

/* ---- names ---- */

static void call_it(struct life *l, const char *name, const char *value)
{
	int at = 0;
	while (at < l->n_names && strcmp(l->names[at].name, name) != 0)
		at++;
	assert_true(at < NAMES_MAX);
	l->n_names += at == l->n_names;
	snprintf(l->names[at].name, sizeof(l->names[at].name), "%s", name);
	snprintf(l->names[at].value, sizeof(l->names[at].value), "%s", value);
}

static const char *value_of(struct life *l, const char *name)
{
	for (int i = 0; i < l->n_names; i++)
		if (strcmp(l->names[i].name, name) == 0)
			return l->names[i].value;
	WRONG(l, "nothing is called %s", name);
	return "";
}

/* The text with each {name} replaced. */
static void fill_in(struct life *l, const char *text, struct buf *out)
{
	for (const char *p = text; *p; p++) {
		char name[40];
		size_t len = *p == '{' ? strcspn(p, "}") : 0;
		if (!len || p[len] != '}') {
			buf_addc(out, *p);
			continue;
		}
		snprintf(name, sizeof(name), "%.*s", (int)len - 1, p + 1);
		buf_adds(out, value_of(l, name));
		p += len;
	}
}

static enum office_who who_of(struct life *l, const char *name)
{
	if (strcmp(name, "县委组织部") == 0)
		return OFFICER;
	for (int i = OFFICE_PEOPLE; i < l->office->n_people; i++)
		if (strcmp(l->office->logins[i], name) == 0)
			return (enum office_who)i;
	WRONG(l, "nobody is called %s", name);
	return OFFICER;
}

/* ---- asking ---- */

static void keep(struct life *l, struct web_response *response)
{
	json_decref(l->json);
	buf_clear(&l->body);
	buf_add(&l->body, response->body.data, response->body.len);
	l->status = response->status;
	l->json = json_loads(buf_str(&l->body), 0, NULL);
	l->refused = false;
	web_response_done(response);
}

static void ask(struct life *l, const char *who, struct web_request *request)
{
	request->accept = l->page ? STR("text/html") : STR("application/json");
	struct web_response response = office_ask(l->office, who_of(l, who), request);
	keep(l, &response);
}

/* Adds a field to a body; one that comes twice is an array. */
static void add_field(json_t *body, const char *name, const char *value)
{
	json_t *old = json_object_get(body, name);
	if (!old) {
		json_object_set_new(body, name, json_string(value));
		return;
	}
	if (!json_is_array(old)) {
		json_t *list = json_pack("[O]", old);
		json_object_set_new(body, name, list);
		old = list;
	}
	json_array_append_new(old, json_string(value));
}

static void add_words(struct life *l, int from, json_t *body)
{
	for (int i = from; i < l->n_words; i++) {
		AUTO(buf) struct buf value = {0};
		char *eq = strchr(l->words[i], '=');
		if (!eq)
			WRONG(l, "“%s” is no field", l->words[i]);
		*eq = '\0';
		fill_in(l, eq + 1, &value);
		add_field(body, l->words[i], buf_str(&value));
	}
}

static void send_json(struct life *l, const char *who, const char *path, json_t *body)
{
	char *text = json_dumps(body, 0);
	struct web_request request = {.method = WEB_POST, .path = str_from(path), .body = str_from(text),
				      .content_type = STR("application/json")};
	ask(l, who, &request);
	free(text);
	json_decref(body);
}

static void post(struct life *l, const char *who)
{
	AUTO(buf) struct buf path = {0};
	json_t *body = json_object();
	fill_in(l, l->words[2], &path);
	add_words(l, 3, body);
	send_json(l, who, buf_str(&path), body);
}

static void get(struct life *l, const char *who)
{
	AUTO(buf) struct buf path = {0};
	fill_in(l, l->words[2], &path);
	const char *query = strchr(buf_str(&path), '?');
	size_t len = query ? (size_t)(query - buf_str(&path)) : path.len;
	struct web_request request = {.method = WEB_GET, .path = {path.data, len},
				      .query = str_from(query ? query + 1 : "")};
	ask(l, who, &request);
	l->page = false;
}

/* A paper is a PDF of a few bytes, each another one; "表=a,b/1,2" is a sheet. */
static void upload(struct life *l, const char *who)
{
	AUTO(buf) struct buf body = {0}, path = {0}, sheet = {0};
	fill_in(l, l->words[2], &path);
	for (int i = 3; i < l->n_words; i++) {
		AUTO(buf) struct buf value = {0};
		size_t len = strcspn(l->words[i], "=");
		fill_in(l, l->words[i] + len + 1, &value);
		if (strncmp(l->words[i], "表=", strlen("表=")) == 0) {
			for (const char *p = buf_str(&value); *p; p++)
				buf_addc(&sheet, *p == '/' ? '\n' : *p);
			continue;
		}
		buf_addf(&body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%.*s\"\r\n\r\n%s\r\n",
			 (int)len, l->words[i], buf_str(&value));
	}
	if (sheet.len)
		buf_addf(&body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n"
			 "Content-Type: text/csv\r\n\r\n%s\r\n--" BOUNDARY "--\r\n", buf_str(&sheet));
	else
		buf_addf(&body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n"
			 "Content-Type: application/pdf\r\n\r\n%%PDF-1.7 %d\r\n--" BOUNDARY "--\r\n", l->line);
	struct web_request request = {.method = WEB_POST, .path = str_from(buf_str(&path)),
				      .body = {body.data, body.len},
				      .content_type = STR("multipart/form-data; boundary=" BOUNDARY)};
	ask(l, who, &request);
}

/* ---- what stands in an answer ---- */

static json_t *member(json_t *json, const char *path)
{
	while (json && *path) {
		char name[80];
		size_t len = strcspn(path, ".");
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		json = isdigit((unsigned char)*name) && json_is_array(json)
			? json_array_get(json, (size_t)atoi(name)) : json_object_get(json, name);
		path += len + (path[len] == '.');
	}
	return json;
}

static void text_of(json_t *json, char *text, size_t size)
{
	if (json_is_string(json))
		snprintf(text, size, "%s", json_string_value(json));
	else if (json_is_integer(json))
		snprintf(text, size, "%lld", (long long)json_integer_value(json));
	else if (json_is_array(json))
		snprintf(text, size, "%zu", json_array_size(json));
	else
		snprintf(text, size, "%s", json_is_true(json) ? "true" : json_is_false(json) ? "false" : "nothing");
}

/* "state = rectifying"; of an array, how many. */
static void expect_member(struct life *l)
{
	AUTO(buf) struct buf wanted = {0};
	char text[600];
	fill_in(l, l->n_words > 2 ? l->words[2] : "", &wanted);
	text_of(member(l->json, l->words[0]), text, sizeof(text));
	if (strcmp(text, buf_str(&wanted)) != 0)
		WRONG(l, "%s is “%s”, not “%s”, in %s", l->words[0], text, buf_str(&wanted), buf_str(&l->body));
}

/* Do the words stand anywhere in the answer? */
static bool has_words(struct life *l, const char *words)
{
	if (!l->json)
		return strstr(buf_str(&l->body), words) != NULL;
	char *plain = json_dumps(l->json, JSON_ENCODE_ANY);
	bool found = plain && strstr(plain, words);
	free(plain);
	return found;
}

/* "拒 409 看到了什么" */
static void expect_refusal(struct life *l)
{
	if (l->status != atoi(l->words[1]) || (l->n_words > 2 && !has_words(l, l->words[2])))
		WRONG(l, "answered %d %s", l->status, buf_str(&l->body));
	l->refused = true;
}

/* "含 已办结 3 个": the rest of the line. */
static void expect_words(struct life *l)
{
	AUTO(buf) struct buf words = {0};
	for (int i = 1; i < l->n_words; i++)
		buf_addf(&words, "%s%s", i > 1 ? " " : "", l->words[i]);
	if (!has_words(l, buf_str(&words)))
		WRONG(l, "no “%s” in %s", buf_str(&words), buf_str(&l->body));
}

/* "记 台账 = location": the last number of a text, or the member itself. */
static void keep_name(struct life *l)
{
	char text[300];
	text_of(member(l->json, l->words[3]), text, sizeof(text));
	const char *end = text + strlen(text);
	if (*text == '/') {
		end = text + strcspn(text, "#?");
		if (*end == '#' && strpbrk(end, "0123456789"))
			end += strlen(end);
	}
	while (end > text && !isdigit((unsigned char)end[-1]))
		end--;
	char *last = text + (end - text);
	*last = '\0';
	while (last > text && isdigit((unsigned char)last[-1]))
		last--;
	if (!*last)
		WRONG(l, "no number in %s", buf_str(&l->body));
	call_it(l, l->words[1], last);
}

/* What nobody asked to be refused must have gone well. */
static void check_last(struct life *l)
{
	if (l->status && l->status >= 300 && !l->refused)
		WRONG(l, "before this line: %d %s", l->status, buf_str(&l->body));
}

/* "记住 发现 = findings.0.finding": the whole text. */
static void keep_text(struct life *l)
{
	char text[300];
	text_of(member(l->json, l->words[3]), text, sizeof(text));
	call_it(l, l->words[1], text);
}

/* ---- setting the scene ---- */

/* "组织 镇 县 07-1 township area 龙泉镇党委" */
static void add_org(struct life *l)
{
	struct org org = org_blank();
	const struct org_when when = {20260101, NULL};
	struct err_info info = {0};
	enum field field;
	char text[40];
	int64_t id;
	org.parent = atoll(value_of(l, l->words[2]));
	org.code = l->words[3];
	org.name = l->words[6];
	org.members = 30;
	org.residents = 300;
	org.kind = "党支部";
	if (level_find(str_from(l->words[4]), &org.level) < 0)
		WRONG(l, "no level %s", l->words[4]);
	if (field_find(str_from(l->words[5]), &field) == 0)
		org.field = field;
	if (roster_add(&l->office->app, &l->office->machine, &org, &when, &id, &info) < 0)
		WRONG(l, "%s", info.text);
	snprintf(text, sizeof(text), "%lld", (long long)id);
	call_it(l, l->words[1], text);
}

/* "人 镇党委 township 镇" */
static void add_person(struct life *l)
{
	static const struct {
		const char *name;
		enum role role;
	} roles[] = {{"officer", ROLE_OFFICER}, {"township", ROLE_TOWNSHIP}, {"clerk", ROLE_CLERK},
		     {"helper", ROLE_HELPER}, {"inspector", ROLE_INSPECTOR}, {"surveyor", ROLE_SURVEYOR},
		     {"cadre", ROLE_CADRE}};
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (strcmp(roles[i].name, l->words[2]) == 0) {
			office_hire(l->office, atoll(value_of(l, l->words[3])), l->words[1], roles[i].role);
			return;
		}
	WRONG(l, "no role %s", l->words[2]);
}

/* "打分 镇党委 committee 村 18 9 …": every indicator of one organisation; "18>17": what
 * stood there before. */
static void score(struct life *l)
{
	AUTO(buf) struct buf path = {0};
	json_t *body = json_object();
	const char *org = value_of(l, l->words[3]);
	fill_in(l, "/campaigns/{年度}/scores", &path);
	add_field(body, "node", org);
	add_field(body, "source", l->words[2]);
	for (int i = 4; i < l->n_words; i++) {
		char key[80];
		const char *after = strchr(l->words[i], '>');
		snprintf(key, sizeof(key), "%s:%d:%.*s", org, i - 4, after ? (int)(after - l->words[i]) : 0, l->words[i]);
		add_field(body, "key", key);
		add_field(body, "value", after ? after + 1 : l->words[i]);
	}
	send_json(l, l->words[1], buf_str(&path), body);
}

/* "自评 支部 村 18 9 …", handed in at once. */
static void self(struct life *l)
{
	char path[120];
	json_t *body = json_object();
	snprintf(path, sizeof(path), "/campaigns/%s/orgs/%s/self", value_of(l, "年度"), value_of(l, l->words[2]));
	for (int i = 3; i < l->n_words; i++) {
		char leaf[16];
		snprintf(leaf, sizeof(leaf), "%d", i - 3);
		add_field(body, "leaf", leaf);
		add_field(body, "value", l->words[i]);
	}
	add_field(body, "report", "一年来的工作，问题和打算");
	add_field(body, "hand_in", "1");
	send_json(l, l->words[1], path, body);
}

/* "计票 镇党委 镇党委乙 村 40 1 0 0 0 …": counted twice, by two. */
static void count(struct life *l)
{
	char path[120];
	snprintf(path, sizeof(path), "/campaigns/%s/orgs/%s/count", value_of(l, "年度"),
		 value_of(l, l->words[3]));
	for (int slot = 0; slot < 2; slot++) {
		json_t *body = json_object();
		add_field(body, "slot", slot ? "2" : "1");
		add_field(body, "counters", slot ? "冯雪" : "何平");
		for (int i = 4; i < l->n_words; i++)
			add_field(body, "n", l->words[i]);
		send_json(l, l->words[1 + slot], path, body);
		check_last(l);
	}
}

/* ---- the script ---- */

static int32_t day_from(const char *text)
{
	int year, month, day;
	assert_int_equal(sscanf(text, "%d-%d-%d", &year, &month, &day), 3);
	return year * 10000 + month * 100 + day;
}

static const struct {
	const char *word;
	int least;
	void (*fn)(struct life *l);
	bool looks;			/* at the last answer, which need not have gone well */
} lines[] = {
	{"组织", 7, add_org, false}, {"人", 4, add_person, false}, {"打分", 5, score, false},
	{"自评", 4, self, false}, {"计票", 5, count, false}, {"拒", 2, expect_refusal, true},
	{"含", 2, expect_words, true}, {"记", 4, keep_name, true},
	{"记住", 4, keep_text, true},
};

static void run_line(struct life *l)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (strcmp(l->words[0], lines[i].word) == 0 && l->n_words >= lines[i].least) {
			if (!lines[i].looks)
				check_last(l);
			lines[i].fn(l);
			return;
		}
	if (l->n_words >= 2 && strcmp(l->words[1], "=") == 0) {
		expect_member(l);
		return;
	}
	check_last(l);
	if (strcmp(l->words[0], "日") == 0 && l->n_words == 2)
		office_at(l->office, day_from(l->words[1]));
	else if (l->n_words >= 3 && strcmp(l->words[1], "看") == 0)
		get(l, l->words[0]);
	else if (l->n_words >= 3 && strcmp(l->words[1], "页") == 0) {
		l->page = true;
		get(l, l->words[0]);
	} else if (l->n_words >= 3 && strcmp(l->words[1], "传") == 0)
		upload(l, l->words[0]);
	else if (l->n_words >= 3 && strcmp(l->words[1], "办") == 0)
		post(l, l->words[0]);
	else
		WRONG(l, "this line says nothing");
}

static void split(struct life *l, char *line)
{
	char *save = NULL;
	l->n_words = 0;
	for (char *w = strtok_r(line, " \t", &save); w && *w != '#'; w = strtok_r(NULL, " \t", &save)) {
		assert_true(l->n_words < WORDS_MAX);
		l->words[l->n_words++] = w;
	}
}

static void live(void **state, const char *file)
{
	struct life life = {.office = office_of(state), .file = file}, *l = &life;
	AUTO(buf) struct buf text = {0};
	struct err_info info = {0};
	char county[40];
	if (file_read(file, 1 << 20, &text, &info) < 0)
		fail_msg("%s", info.text);
	snprintf(county, sizeof(county), "%lld", (long long)l->office->county);
	call_it(l, "县", county);
	for (const char *p = buf_str(&text); *p;) {
		char line[LINE_MAX_LEN];
		size_t len = strcspn(p, "\n");
		assert_true(len < sizeof(line));
		snprintf(line, sizeof(line), "%.*s", (int)len, p);
		l->line++;
		split(l, line);
		if (l->n_words)
			run_line(l);
		p += len + (p[len] == '\n');
	}
	check_last(l);
	json_decref(l->json);
	buf_done(&l->body);
}

static void loudi_2014_from_candidate_to_settled(void **state)
{
	live(state, "tests/web/life/loudi-2014.txt");
}

static void the_university_of_2019_from_nomination_to_settled(void **state)
{
	live(state, "tests/web/life/hnust-2019.txt");
}

static void the_city_of_2020_from_grading_to_settled(void **state)
{
	live(state, "tests/web/life/city-2020.txt");
}

static void zhangji_town_from_survey_to_rectification(void **state)
{
	live(state, "tests/web/life/zhangji-town.txt");
}

static void each_fraud_is_found_and_nothing_else(void **state)
{
	live(state, "tests/web/life/frauds.txt");
}

static void each_fraud_with_ballots_and_quotas_is_found(void **state)
{
	live(state, "tests/web/life/frauds-ballots.txt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_OFFICE(loudi_2014_from_candidate_to_settled),
		IN_OFFICE(the_university_of_2019_from_nomination_to_settled),
		IN_OFFICE(the_city_of_2020_from_grading_to_settled),
		IN_OFFICE(zhangji_town_from_survey_to_rectification),
		IN_OFFICE(each_fraud_is_found_and_nothing_else),
		IN_OFFICE(each_fraud_with_ballots_and_quotas_is_found),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
