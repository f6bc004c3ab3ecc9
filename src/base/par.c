/* SPDX-License-Identifier: Apache-2.0 */
#include "base/par.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct part {
	void (*work)(void *arg, unsigned part);
	void *arg;
	unsigned index;
	pthread_t thread;
	bool started;
};

static void *part_main(void *arg)
{
	struct part *part = arg;
	part->work(part->arg, part->index);
	return NULL;
}

void par_run(unsigned threads, void (*work)(void *arg, unsigned part), void *arg)
{
	struct part parts[PAR_THREADS_MAX];
	assert(threads >= 1 && threads <= PAR_THREADS_MAX);
	for (unsigned i = 1; i < threads; i++) {
		parts[i] = (struct part){.work = work, .arg = arg, .index = i};
		parts[i].started = pthread_create(&parts[i].thread, NULL, part_main, &parts[i]) == 0;
	}
	work(arg, 0);
	for (unsigned i = 1; i < threads; i++)
		if (!parts[i].started)
			work(arg, i);
	for (unsigned i = 1; i < threads; i++)
		if (parts[i].started)
			pthread_join(parts[i].thread, NULL);
}

struct ranges {
	void (*work)(void *arg, unsigned part, size_t begin, size_t end);
	void *arg;
	size_t count, step;
	atomic_size_t next;
};

static void ranges_part(void *arg, unsigned part)
{
	struct ranges *r = arg;
	size_t begin;
	while ((begin = atomic_fetch_add(&r->next, r->step)) < r->count)
		r->work(r->arg, part, begin, r->count - begin < r->step ? r->count : begin + r->step);
}

void par_each(unsigned threads, size_t count, size_t step,
	      void (*work)(void *arg, unsigned part, size_t begin, size_t end), void *arg)
{
	size_t few = count / threads / 4 + 1;
	struct ranges r = {.work = work, .arg = arg, .count = count, .step = few < step ? few : step};
	par_run(threads, ranges_part, &r);
}
