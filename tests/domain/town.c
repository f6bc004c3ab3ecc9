/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/domain/town.h"

#include "import/scheme_yaml.h"

const char town_scheme_text[] =
	"id: town\n"
	"title: 测试方案\n"
	"source: 测试用，无此文件\n"
	"categories:\n"
	"  - {id: village, label: 行政村, fields: [village]}\n"
	"  - {id: other, label: 其他, fields: [agency, soe]}\n"
	"indicators:\n"
	"  - {id: all, label: 全部, max: 100}\n"
	"sources:\n"
	"  - {id: committee, label: 党委评定, weight: 30%, by: indicators}\n"
	"  - {id: units, label: 单位评, weight: 20%, by: points}\n"
	"  - {id: members, label: 党员测评, weight: 30%, by: ballots, voters: [member]}\n"
	"  - {id: residents, label: 群众测评, weight: 20%, by: ballots, voters: [resident]}\n"
	"ballot:\n"
	"  options:\n"
	"    - {id: good, label: 好, points: 100}\n"
	"    - {id: fair, label: 较好, points: 60}\n"
	"    - {id: poor, label: 差, points: 0}\n"
	"grades:\n"
	"  - {id: good, label: 好, from: 90}\n"
	"  - {id: fair, label: 较好, from: 60}\n"
	"  - {id: poor, label: 差}\n";

void town_init(struct town *town, const char *scheme, const char *more)
{
	AUTO(buf) struct buf text = {0};
	AUTO(diag) struct diag errors = {0};
	struct err_info info = {0};
	*town = (struct town){0};
	buf_adds(&text, scheme);
	buf_adds(&text, more ? more : "");
	if (scheme_load_text(&town->scheme, "town.yaml", text.data, text.len, &errors, &info) < 0)
		fail_msg("%s", errors.n ? errors.at[0] : info.text);
}

void town_done(struct town *town)
{
	graded_done(&town->graded);
	book_done(&town->book);
	local_done(&town->local);
	orgs_done(&town->orgs);
	scheme_done(&town->scheme);
}

uint32_t town_add(struct town *town, const char *code, const char *parent, enum level level,
		  uint8_t field)
{
	struct org_row row = {
		.code = str_from(code),
		.parent = str_from(parent ? parent : ""),
		.name = str_from("某组织"),
		.level = (uint8_t)level,
		.field = field,
	};
	assert_int_equal(orgs_add(&town->orgs, &row), 0);
	return town->orgs.n - 1;
}

void town_open(struct town *town)
{
	assert_int_equal(orgs_finish(&town->orgs, 2, NULL, NULL), 0);
	assert_int_equal(orgs_categorise(&town->orgs, &town->scheme, 2), 0);
	assert_int_equal(local_finish(&town->local, &town->orgs), 0);
	assert_int_equal(book_init(&town->book, &town->scheme, &town->orgs, &town->local), 0);
}

void town_points(struct town *town, uint32_t node, const char *source, uint32_t rater,
		 uint32_t points_e4)
{
	static const uint64_t seen[BOOK_WORDS_MAX] = {1};
	int s = scheme_find_source(&town->scheme, str_from(source));
	assert_true(s >= 0);
	assert_int_equal(book_add(&town->book, node, s, rater, seen, points_e4), 0);
}

void town_vote(struct town *town, uint32_t node, enum voters voters, int option, uint32_t count)
{
	assert_int_equal(book_vote(&town->book, node, voters, option, count), 0);
}

void town_grade(struct town *town, unsigned threads)
{
	assert_int_equal(book_finish(&town->book, threads), 0);
	assert_int_equal(grade_run(&town->graded, &town->scheme, &town->orgs, &town->book, threads), 0);
}

uint64_t town_random(uint64_t *seed, uint64_t n)
{
	/* splitmix64 */
	uint64_t z = *seed += 0x9E3779B97F4A7C15ull;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
	z = (z ^ z >> 27) * 0x94D049BB133111EBull;
	return (z ^ z >> 31) % n;
}
