/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this machine can do at best with the benchmark's data: `limits FILE…`.
 *
 * Three passes that any program must make in some form, each with nothing else
 * around it: reading the bytes, finding the lines and cells, and adding one
 * ballot after the other to the tally of its organisation, in arrival order
 * (each a cache miss) and organisation by organisation.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/par.h"
#include "nation.h"

enum { THREADS = 2, UNITS = 5250000, BALLOTS = 157500000, TALLY = 8 };

struct input {
	const unsigned char *data;
	size_t len;
	uint64_t sum[THREADS]; /* a result, so that no pass is left out */
};

/* A ballot as the reader hands it over: the organisation and what to count. */
struct tally {
	const uint32_t *ballots;
	uint32_t *counts; /* [UNITS * TALLY] */
};

static uint64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void read_bytes(void *arg, unsigned part)
{
	struct input *input = arg;
	size_t end = par_begin(input->len, part + 1, THREADS);
	uint64_t sum = 0, word;
	for (size_t i = par_begin(input->len, part, THREADS); i + sizeof(word) <= end;
	     i += sizeof(word)) {
		memcpy(&word, input->data + i, sizeof(word));
		sum += word;
	}
	input->sum[part] += sum;
}

static void find_cells(void *arg, unsigned part)
{
	struct input *input = arg;
	size_t end = par_begin(input->len, part + 1, THREADS);
	uint64_t cells = 0;
	for (size_t i = par_begin(input->len, part, THREADS); i < end; i++)
		cells += (input->data[i] == ',') + (input->data[i] == '\n');
	input->sum[part] += cells;
}

/* Each part takes half of the organisations, as two cores must do that do not
 * want to wait for each other. */
static void count_ballots(void *arg, unsigned part)
{
	const struct tally *tally = arg;
	size_t end = par_begin(BALLOTS, part + 1, THREADS);
	for (size_t i = par_begin(BALLOTS, part, THREADS); i < end; i++)
		tally->counts[tally->ballots[i]]++;
}

static int pass_files(int count, char **paths)
{
	uint64_t bytes = 0, read_us = 0, cells_us = 0, check = 0;
	for (int i = 0; i < count; i++) {
		int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
		struct stat st;
		if (fd < 0 || fstat(fd, &st) < 0) {
			perror(paths[i]);
			return 1;
		}
		size_t len = (size_t)st.st_size;
		void *data = mmap(NULL, len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
		close(fd);
		if (data == MAP_FAILED) {
			perror(paths[i]);
			return 1;
		}
		struct input input = {.data = data, .len = len};
		uint64_t start = now_us();
		par_run(THREADS, read_bytes, &input);
		uint64_t middle = now_us();
		par_run(THREADS, find_cells, &input);
		cells_us += now_us() - middle;
		read_us += middle - start;
		bytes += len;
		check += input.sum[0] + input.sum[1];
		munmap(data, len);
	}
	printf("the bytes of all files (%llu MB) read once: %llu ms\n",
	       (unsigned long long)bytes / 1000000, (unsigned long long)read_us / 1000);
	printf("their lines and cells counted: %llu ms\n", (unsigned long long)cells_us / 1000);
	return check == 0;
}

static int pass_ballots(bool shuffled)
{
	AUTO_FREE uint32_t *ballots = malloc((size_t)BALLOTS * sizeof(*ballots));
	AUTO_FREE uint32_t *counts = calloc((size_t)UNITS * TALLY, sizeof(*counts));
	if (!ballots || !counts) {
		fprintf(stderr, "limits: out of memory\n");
		return 1;
	}
	memset(counts, 0, (size_t)UNITS * TALLY * sizeof(*counts));
	for (uint32_t i = 0; i < BALLOTS; i++) {
		uint32_t unit = i / (BALLOTS / UNITS);
		if (shuffled)
			unit = nation_shuffle(1, i, BALLOTS) % (UNITS / 2) +
			       (i < BALLOTS / 2 ? 0 : UNITS / 2);
		ballots[i] = unit * TALLY + i % TALLY;
	}
	struct tally tally = {ballots, counts};
	uint64_t start = now_us();
	par_run(THREADS, count_ballots, &tally);
	uint64_t end = now_us();
	printf("%d M ballots added to %d k tallies, %s: %llu ms\n", BALLOTS / 1000000, UNITS / 1000,
	       shuffled ? "in arrival order" : "organisation by organisation",
	       (unsigned long long)(end - start) / 1000);
	return 0;
}

int main(int argc, char **argv)
{
	int status = pass_files(argc - 1, argv + 1);
	for (int shuffled = 0; status == 0 && shuffled < 2; shuffled++)
		status = pass_ballots(shuffled);
	return status;
}
