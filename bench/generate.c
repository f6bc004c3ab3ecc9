/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the files of a made-up nation: orgs.csv, scores.csv (wide),
 * ballots.csv (counted) and, if asked for, ballots-single.csv (one row a
 * ballot in arrival order).
 *
 * A file is a sequence of items (a node, a township, a row) that any thread
 * can write; rounds of blocks are filled side by side and written in order, so
 * the bytes depend on the seed, the size and the order alone.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/par.h"
#include "nation.h"

enum {
	THREADS = 2,
	BLOCK_BYTES = 8 << 20,
	ITEM_BYTES_MAX = 1 << 20, /* a township's rows; checked */
	ROW_BYTES_MAX = 160,
};

enum order { ORDER_TOWNSHIPS, ORDER_SHUFFLED };

static const char *const levels[NATION_LEVELS] = {"province", "city", "county", "township", "unit"};
static const char *const voters[] = {"member", "resident"};
static const char *const options[NATION_OPTIONS] = {"good", "fair", "average", "poor", "spoiled"};

struct output {
	const struct nation *nation;
	const char *head;
	uint32_t items;
	bool shuffled;
	char *(*item)(const struct nation *nation, uint32_t item, char *out);
};

/* One round: each thread fills its own block. */
struct round {
	const struct output *output;
	uint32_t first, per_block;
	char *block[THREADS];
	size_t len[THREADS];
};

static char *add_number(char *out, uint32_t value)
{
	char digits[10];
	int n = 0;
	do
		digits[n++] = (char)('0' + value % 10);
	while (value /= 10);
	while (n > 0)
		*out++ = digits[--n];
	return out;
}

/* Quarters as a decimal: 18, 18.5, 18.25. */
static char *add_quarters(char *out, uint32_t quarters)
{
	static const char *const rest[] = {"", ".25", ".5", ".75"};
	return stpcpy(add_number(out, quarters / 4), rest[quarters % 4]);
}

static char *add_node(const struct nation *nation, int level, uint32_t node, uint32_t parent,
		      char *out)
{
	out = stpcpy(out, nation->code[level][node]);
	*out++ = ',';
	if (level > 0)
		out = stpcpy(out, nation->code[level - 1][parent]);
	*out++ = ',';
	out = nation_name(nation, level, node, out);
	*out++ = ',';
	out = stpcpy(out, levels[level]);
	if (level < NATION_UNIT)
		return stpcpy(out, ",,0,0\n");
	struct nation_unit unit = nation_unit(nation, node);
	*out++ = ',';
	out = stpcpy(out, unit.field);
	*out++ = ',';
	out = add_number(out, unit.members);
	*out++ = ',';
	out = add_number(out, unit.residents);
	*out++ = '\n';
	return out;
}

/* The township, its units, and before it the nodes that begin with it. */
static char *add_orgs(const struct nation *nation, uint32_t township, char *out)
{
	uint32_t path[NATION_LEVELS] = {[3] = township};
	int top = 3;
	for (int level = 2; level >= 0; level--) {
		uint32_t child = path[level + 1], low = 0, high = nation->count[level];
		while (high - low > 1) {
			uint32_t middle = low + (high - low) / 2;
			if (nation->first[level][middle] <= child)
				low = middle;
			else
				high = middle;
		}
		path[level] = low;
		if (top == level + 1 && nation->first[level][low] == child)
			top = level;
	}
	for (int level = top; level < NATION_UNIT; level++)
		out = add_node(nation, level, path[level], level ? path[level - 1] : 0, out);
	for (uint32_t u = nation->first[3][township]; u < nation->first[3][township + 1]; u++)
		out = add_node(nation, NATION_UNIT, u, township, out);
	return out;
}

static char *add_scores(const struct nation *nation, uint32_t unit, bool self, char *out)
{
	struct nation_scores scores = nation_scores(nation, unit, self);
	if (!scores.any)
		return out;
	out = stpcpy(out, nation->code[NATION_UNIT][unit]);
	out = stpcpy(out, self ? ",self,S1" : ",committee,R1");
	for (int i = 0; i < NATION_INDICATORS; i++) {
		*out++ = ',';
		if (scores.quarters[i] != NATION_NO_POINTS)
			out = add_quarters(out, scores.quarters[i]);
	}
	*out++ = '\n';
	return out;
}

static char *add_scores_slot(const struct nation *nation, uint32_t slot, char *out)
{
	return add_scores(nation, slot / 2, slot % 2, out);
}

/* A township hands in its sheet of the committee, then its self-evaluations. */
static char *add_scores_township(const struct nation *nation, uint32_t township, char *out)
{
	for (int self = 0; self < 2; self++)
		for (uint32_t u = nation->first[3][township]; u < nation->first[3][township + 1];
		     u++)
			out = add_scores(nation, u, self, out);
	return out;
}

static char *add_ballot(const struct nation *nation, uint32_t unit, int voter, int option,
			char *out)
{
	out = stpcpy(out, nation->code[NATION_UNIT][unit]);
	*out++ = ',';
	out = stpcpy(out, voters[voter]);
	*out++ = ',';
	return stpcpy(out, options[option]);
}

static char *add_count(const struct nation *nation, uint32_t slot, char *out)
{
	uint32_t u = slot / (2 * NATION_OPTIONS);
	int voter = slot / NATION_OPTIONS % 2, option = slot % NATION_OPTIONS;
	struct nation_unit unit = nation_unit(nation, u);
	uint32_t count = unit.ballots[voter][option];
	if (count == 0)
		return out;
	out = add_ballot(nation, u, voter, option, out);
	*out++ = ',';
	out = add_number(out, count);
	*out++ = '\n';
	return out;
}

static char *add_counts_township(const struct nation *nation, uint32_t township, char *out)
{
	uint32_t first = nation->first[3][township] * 2 * NATION_OPTIONS;
	uint32_t end = nation->first[3][township + 1] * 2 * NATION_OPTIONS;
	for (uint32_t slot = first; slot < end; slot++)
		out = add_count(nation, slot, out);
	return out;
}

static char *add_single(const struct nation *nation, uint32_t ballot, char *out)
{
	uint32_t unit;
	int voter, option;
	nation_ballot(nation, ballot, &unit, &voter, &option);
	out = add_ballot(nation, unit, voter, option, out);
	*out++ = '\n';
	return out;
}

static void fill_block(void *arg, unsigned part)
{
	struct round *round = arg;
	const struct output *output = round->output;
	char *out = round->block[part];
	uint64_t first = round->first + (uint64_t)part * round->per_block;
	uint64_t end = first + round->per_block;
	for (uint64_t i = first; i < end && i < output->items; i++) {
		uint32_t item = (uint32_t)i;
		if (output->shuffled)
			item = nation_shuffle(output->nation->seed, item, output->items);
		out = output->item(output->nation, item, out);
	}
	round->len[part] = (size_t)(out - round->block[part]);
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static bool write_rounds(int fd, const struct output *output, size_t item_bytes)
{
	struct round round = {.output = output, .per_block = (uint32_t)(BLOCK_BYTES / item_bytes)};
	bool ok = write_all(fd, output->head, strlen(output->head));
	for (int i = 0; i < THREADS; i++) {
		round.block[i] = malloc(BLOCK_BYTES);
		ok = ok && round.block[i];
	}
	for (uint64_t first = 0; ok && first < output->items;
	     first += (uint64_t)THREADS * round.per_block) {
		round.first = (uint32_t)first;
		par_run(THREADS, fill_block, &round);
		for (int i = 0; ok && i < THREADS; i++)
			ok = write_all(fd, round.block[i], round.len[i]);
	}
	for (int i = 0; i < THREADS; i++)
		free(round.block[i]);
	return ok;
}

static bool write_file(const char *folder, const char *name, const struct output *output,
		       size_t item_bytes)
{
	AUTO_FREE char *path = NULL;
	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return false;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool ok = fd >= 0 && write_rounds(fd, output, item_bytes);
	if (fd >= 0 && close(fd) < 0)
		ok = false;
	if (!ok)
		fprintf(stderr, "generate: %s: %s\n", path, strerror(errno));
	return ok;
}

static bool write_nation(const struct nation *nation, const char *folder, enum order order,
			 bool single)
{
	static const char orgs_head[] = "code,parent,name,level,field,members,residents\n";
	static const char scores_head[] = "org,source,rater,leader,ideas,systems,venue,guarantees,"
					  "results,response\n";
	const uint32_t units = nation->count[NATION_UNIT], townships = nation->count[3];
	const bool shuffled = order == ORDER_SHUFFLED;
	const size_t bytes = shuffled ? ROW_BYTES_MAX : ITEM_BYTES_MAX;
	const struct output orgs = {nation, orgs_head, townships, false, add_orgs};
	const struct output scores = {
		nation,
		scores_head,
		shuffled ? units * 2 : townships,
		true,
		shuffled ? add_scores_slot : add_scores_township,
	};
	const struct output counts = {
		nation,
		"org,voters,option,count\n",
		shuffled ? units * 2 * NATION_OPTIONS : townships,
		true,
		shuffled ? add_count : add_counts_township,
	};
	const struct output singles = {
		nation, "org,voters,option\n", nation_ballots(nation), true, add_single,
	};
	return write_file(folder, "orgs.csv", &orgs, ITEM_BYTES_MAX) &&
	       write_file(folder, "scores.csv", &scores, bytes) &&
	       write_file(folder, "ballots.csv", &counts, bytes) &&
	       (!single || write_file(folder, "ballots-single.csv", &singles, ROW_BYTES_MAX));
}

/* The rows of the largest township must fit an item's room. */
static bool townships_fit(const struct nation *nation)
{
	for (uint32_t t = 0; t < nation->count[3]; t++) {
		uint64_t units = nation->first[3][t + 1] - nation->first[3][t];
		if (units * 2 * NATION_OPTIONS * 48 + 8 * ROW_BYTES_MAX > ITEM_BYTES_MAX)
			return false;
	}
	return true;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: generate [-n ORGS] [-s SEED] [-1] [-r] FOLDER\n"
		"  -n  graded organisations, 1 to %d (default 50000)\n"
		"  -s  seed (default 1)\n"
		"  -1  write ballots-single.csv too, one row a ballot\n"
		"  -r  rows of scores and counts in random order, not by township\n",
		NATION_UNITS_MAX);
	return 2;
}

static bool parse_number(const char *text, uint64_t max, uint64_t *ret_value)
{
	char *end;
	errno = 0;
	unsigned long long value = strtoull(text, &end, 10);
	if (errno || end == text || *end || value > max)
		return false;
	*ret_value = value;
	return true;
}

int main(int argc, char **argv)
{
	uint64_t units = 50000, seed = 1;
	enum order order = ORDER_TOWNSHIPS;
	bool single = false;
	int c;
	while ((c = getopt(argc, argv, "n:s:1r")) != -1) {
		if (c == '1')
			single = true;
		else if (c == 'r')
			order = ORDER_SHUFFLED;
		else if (c == 'n' && parse_number(optarg, NATION_UNITS_MAX, &units) && units > 0)
			continue;
		else if (c != 's' || !parse_number(optarg, UINT64_MAX, &seed))
			return usage();
	}
	if (optind != argc - 1)
		return usage();

	AUTO(nation) struct nation nation = {0};
	if (!nation_init(&nation, seed, (uint32_t)units)) {
		fprintf(stderr, "generate: out of memory\n");
		return 1;
	}
	if (!townships_fit(&nation)) {
		fprintf(stderr, "generate: a township is too large\n");
		return 1;
	}
	if (!write_nation(&nation, argv[optind], order, single))
		return 1;
	printf("{\"organisations\": %u, \"townships\": %u, \"counties\": %u, \"cities\": %u, "
	       "\"provinces\": %u, \"ballots\": %u}\n",
	       nation.count[4], nation.count[3], nation.count[2], nation.count[1], nation.count[0],
	       nation_ballots(&nation));
	return 0;
}
