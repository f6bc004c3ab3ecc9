/* SPDX-License-Identifier: Apache-2.0 */
#include "nation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a random number is for; each use has its own stream. */
enum stream {
	STREAM_TREE,
	STREAM_FIELD,
	STREAM_SIZE,
	STREAM_QUALITY,
	STREAM_TURNOUT,
	STREAM_OPTIONS,
	STREAM_COMMITTEE,
	STREAM_SELF,
	STREAM_MISSING,
	STREAM_NAME,
};

enum { HINT_SHIFT = 6, SHUFFLE_ROUNDS = 4 };

static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static uint64_t draw(const struct nation *nation, enum stream stream, uint64_t index)
{
	return mix(nation->seed + mix((uint64_t)stream << 40 | index) + 0x9e3779b97f4a7c15u);
}

uint32_t nation_shuffle(uint64_t key, uint32_t i, uint32_t n)
{
	int half = 1;
	while (half < 16 && (uint64_t)1 << 2 * half < n)
		half++;
	const uint32_t mask = ((uint32_t)1 << half) - 1;
	do {
		uint32_t left = i >> half, right = i & mask;
		for (unsigned r = 0; r < SHUFFLE_ROUNDS; r++) {
			uint32_t next = left ^
					((uint32_t)mix(key + ((uint64_t)r << 32 | right)) & mask);
			left = right;
			right = next;
		}
		i = left << half | right;
	} while (i >= n);
	return i;
}

/* Splits `children` among `parents`, unevenly: the smallest share is about a
 * quarter of the average one and the largest seven quarters. */
static uint32_t *split(const struct nation *nation, int level, uint32_t parents, uint32_t children)
{
	uint32_t *first = malloc(((size_t)parents + 1) * sizeof(*first));
	if (!first)
		return NULL;
	enum { LEAST = 32, SPAN = 193 };
	uint64_t total = 0, before = 0;
	for (uint32_t i = 0; i < parents; i++)
		total += LEAST + draw(nation, STREAM_TREE, (uint64_t)level << 32 | i) % SPAN;
	for (uint32_t i = 0; i < parents; i++) {
		first[i] = (uint32_t)(before * children / total);
		before += LEAST + draw(nation, STREAM_TREE, (uint64_t)level << 32 | i) % SPAN;
	}
	first[parents] = children;
	return first;
}

/* Codes like those of administrative divisions: 11, 1103, 110305, 110305012,
 * and a serial number for the unit: 110305012.0047. */
static bool make_codes(struct nation *nation, int level)
{
	static const int digits[NATION_LEVELS] = {2, 2, 2, 3, 4};
	nation->code[level] = malloc((size_t)nation->count[level] * NATION_CODE_MAX);
	if (!nation->code[level])
		return false;
	const uint32_t parents = level ? nation->count[level - 1] : 1;
	for (uint32_t p = 0; p < parents; p++) {
		uint32_t from = level ? nation->first[level - 1][p] : 0;
		uint32_t end = level ? nation->first[level - 1][p + 1] : nation->count[0];
		for (uint32_t i = from; i < end; i++) {
			char text[64];
			int len = snprintf(text, sizeof(text), "%s%s%0*u",
					   level ? nation->code[level - 1][p] : "",
					   level == NATION_UNIT ? "." : "", digits[level],
					   i - from + (level ? 1 : 11));
			if (len >= NATION_CODE_MAX)
				return false;
			memcpy(nation->code[level][i], text, (size_t)len + 1);
		}
	}
	return true;
}

static bool count_ballots(struct nation *nation)
{
	const uint32_t units = nation->count[NATION_UNIT];
	nation->ballots_before = malloc(((size_t)units + 1) * sizeof(uint32_t));
	if (!nation->ballots_before)
		return false;
	uint32_t sum = 0;
	for (uint32_t u = 0; u < units; u++) {
		nation->ballots_before[u] = sum;
		struct nation_unit unit = nation_unit(nation, u);
		for (int o = 0; o < NATION_OPTIONS; o++)
			sum += unit.ballots[0][o] + unit.ballots[1][o];
	}
	nation->ballots_before[units] = sum;

	nation->ballot_hint = malloc(((size_t)(sum >> HINT_SHIFT) + 1) * sizeof(uint32_t));
	if (!nation->ballot_hint)
		return false;
	uint32_t u = 0;
	for (uint32_t i = 0; i <= sum >> HINT_SHIFT; i++) {
		while (u < units - 1 && nation->ballots_before[u + 1] <= i << HINT_SHIFT)
			u++;
		nation->ballot_hint[i] = u;
	}
	return true;
}

static uint32_t at_least_one(uint32_t n)
{
	return n ? n : 1;
}

bool nation_init(struct nation *ret_nation, uint64_t seed, uint32_t units)
{
	struct nation nation = {.seed = mix(seed)};
	uint32_t *count = nation.count;
	count[4] = units;
	count[3] = at_least_one(units / (units < 5000 ? 40 : 128));
	count[2] = at_least_one(count[3] * 10 / 144);
	count[1] = at_least_one(count[2] * 10 / 84);
	count[0] = at_least_one((count[1] + 5) / 11);

	bool ok = true;
	for (int level = 0; ok && level < NATION_UNIT; level++) {
		nation.first[level] = split(&nation, level, count[level], count[level + 1]);
		ok = nation.first[level] != NULL;
	}
	for (int level = 0; ok && level < NATION_LEVELS; level++)
		ok = make_codes(&nation, level);
	if (!ok || !count_ballots(&nation)) {
		nation_done(&nation);
		return false;
	}
	*ret_nation = nation;
	return true;
}

void nation_done(struct nation *nation)
{
	if (!nation)
		return;
	for (int level = 0; level < NATION_UNIT; level++)
		free(nation->first[level]);
	for (int level = 0; level < NATION_LEVELS; level++)
		free(nation->code[level]);
	free(nation->ballots_before);
	free(nation->ballot_hint);
	*nation = (struct nation){0};
}

uint32_t nation_ballots(const struct nation *nation)
{
	return nation->ballots_before[nation->count[NATION_UNIT]];
}

static const char *draw_field(uint64_t random)
{
	static const struct {
		const char *id;
		unsigned below; /* of 1000 */
	} fields[] =
		{
			{"village", 380},     {"community", 510}, {"agency", 650},
			{"institution", 730}, {"soe", 790},       {"private", 900},
			{"social", 935},      {"school", 970},    {"hospital", 994},
			{"university", 997},  {"", 1000}, /* these two are in no category */
		};
	int i = 0;
	while (random % 1000 >= fields[i].below)
		i++;
	return fields[i].id;
}

/* 0 … 998, most near the middle; a few come out disastrous, below 0. */
static int quality(const struct nation *nation, uint32_t unit)
{
	uint64_t h = draw(nation, STREAM_QUALITY, unit);
	if (h % 64 == 0)
		return -500;
	return (int)((h >> 8) % 500 + (h >> 32) % 500);
}

/* Turnout in percent: sometimes too low, complete in most small ones. */
static uint32_t turnout(uint64_t random, uint32_t eligible)
{
	if (random % 64 == 0)
		return (uint32_t)(random >> 8) % 30;
	if (eligible < 20)
		return random % 16 == 1 ? 90 : 100;
	return 35 + (uint32_t)(random >> 8) % 66;
}

/* How `cast` ballots of an organisation fall on the options. */
static void vote(uint32_t cast, int quality, uint64_t random, uint32_t *ret_options)
{
	uint32_t spoiled = random % 24 == 0 && cast > 4 ? 1 + (uint32_t)(random >> 8) % 2 : 0;
	uint32_t left = cast - spoiled;
	int percent = 40 + quality * 55 / 1000 + (int)((random >> 16) % 11) - 5;
	uint32_t good = left * (uint32_t)(percent < 5 ? 5 : percent > 100 ? 100 : percent) / 100;
	left -= good;
	uint32_t fair = left * (40 + (uint32_t)(random >> 24) % 40) / 100;
	left -= fair;
	uint32_t average = left * (30 + (uint32_t)(random >> 32) % 50) / 100;
	ret_options[0] = good;
	ret_options[1] = fair;
	ret_options[2] = average;
	ret_options[3] = left - average;
	ret_options[4] = spoiled;
}

struct nation_unit nation_unit(const struct nation *nation, uint32_t u)
{
	uint64_t size = draw(nation, STREAM_SIZE, u);
	struct nation_unit unit = {
		.field = draw_field(draw(nation, STREAM_FIELD, u)),
		.members = 4 + (uint32_t)size % 21,
		.residents = 4 + (uint32_t)(size >> 32) % 54,
	};
	uint64_t random = draw(nation, STREAM_TURNOUT, u);
	uint32_t percent = turnout(random, unit.members + unit.residents);
	uint64_t options = draw(nation, STREAM_OPTIONS, u);
	int q = quality(nation, u);
	vote((unit.members * percent + 50) / 100, q, mix(options), unit.ballots[0]);
	vote((unit.residents * percent + 50) / 100, q, mix(options + 1), unit.ballots[1]);
	return unit;
}

struct nation_scores nation_scores(const struct nation *nation, uint32_t u, bool self)
{
	static const uint8_t max[NATION_INDICATORS] = {80, 40, 60, 40, 40, 80, 60};
	uint64_t random = draw(nation, self ? STREAM_SELF : STREAM_COMMITTEE, u);
	uint64_t missing = draw(nation, STREAM_MISSING, u);
	struct nation_scores scores = {.any = !self || missing % 256 != 1};
	uint32_t lack = (uint32_t)(1000 - quality(nation, u)) * (self ? 36 : 72) / 100;
	for (int i = 0; i < NATION_INDICATORS; i++) {
		uint32_t most = max[i] * lack / 1000;
		uint32_t lost = (uint32_t)(random >> 8 * i & 0xff) * (most + 1) >> 8;
		scores.quarters[i] = (uint8_t)(max[i] - (lost > max[i] ? max[i] : lost));
	}
	if (!self && missing % 256 == 2)
		scores.quarters[(missing >> 8) % NATION_INDICATORS] = NATION_NO_POINTS;
	return scores;
}

void nation_ballot(const struct nation *nation, uint32_t i, uint32_t *ret_unit, int *ret_voters,
		   int *ret_option)
{
	uint32_t u = nation->ballot_hint[i >> HINT_SHIFT];
	while (nation->ballots_before[u + 1] <= i)
		u++;
	struct nation_unit unit = nation_unit(nation, u);
	uint32_t left = i - nation->ballots_before[u];
	int cell = 0;
	while (left >= unit.ballots[cell / NATION_OPTIONS][cell % NATION_OPTIONS]) {
		left -= unit.ballots[cell / NATION_OPTIONS][cell % NATION_OPTIONS];
		cell++;
	}
	*ret_unit = u;
	*ret_voters = cell / NATION_OPTIONS;
	*ret_option = cell % NATION_OPTIONS;
}

char *nation_name(const struct nation *nation, int level, uint32_t node, char *out)
{
	static const char *const first[] = {"张", "王", "李", "赵", "周", "上", "下", "大",
					    "小", "新", "东", "西", "南", "北", "高", "青"};
	static const char *const second[] = {"家", "石", "河", "林", "桥", "沙", "泉", "山"};
	static const char *const third[] = {"湾", "坪", "岭", "塘", "店", "营", "堡", "滩"};
	static const char *const last[NATION_LEVELS] = {"省委", "市委", "县委", "镇党委", "党支部"};
	uint64_t h = draw(nation, STREAM_NAME, (uint64_t)level << 32 | node);
	out = stpcpy(out, first[h % 16]);
	out = stpcpy(out, second[(h >> 8) % 8]);
	if (level >= 3)
		out = stpcpy(out, third[(h >> 16) % 8]);
	if (level == NATION_UNIT && h >> 24 & 1)
		out = stpcpy(out, h >> 25 & 1 ? "第一" : "第二");
	return stpcpy(out, last[level]);
}
