/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Threads that run what others hand over, first come, first served. A job is part
 * of something that its owner keeps until it has run; the pool allocates nothing
 * for it and never refuses for want of memory.
 */
#ifndef JW_WEB_POOL_H
#define JW_WEB_POOL_H

#include <stdbool.h>

#include "base/err.h"

enum { POOL_TOGETHER_MAX = 16 };

struct pool_job {
	struct pool_job *next;			/* the pool's own */
};

/* Runs 1 to POOL_TOGETHER_MAX jobs; may free them. */
typedef void (*pool_fn)(struct pool_job *const *jobs, int n);

struct pool;

/* `together`: how many jobs a thread takes at most, of those that wait when it is free; 1:
 * one after the other. ERR_IO where threads cannot be had, ERR_NOMEM. */
int pool_start(struct pool **ret_pool, unsigned threads, int together, pool_fn run,
	       struct err_info *info);

/* False once the pool was closed: the job will not run. */
bool pool_add(struct pool *pool, struct pool_job *job);

/* Takes no more jobs; what was added runs. Then nothing of them is running. */
void pool_close(struct pool *pool);

/* Closes and frees. NULL is fine. */
void pool_free(struct pool *pool);

#endif
