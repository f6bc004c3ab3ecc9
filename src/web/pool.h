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

struct pool_job {
	void (*run)(struct pool_job *job);	/* may free the job */
	struct pool_job *next;			/* the pool's own */
};

struct pool;

/* ERR_IO where threads cannot be had, ERR_NOMEM. */
int pool_start(struct pool **ret_pool, unsigned threads, struct err_info *info);

/* False once the pool was closed: the job will not run. */
bool pool_add(struct pool *pool, struct pool_job *job);

/* Takes no more jobs; what was added runs. Then nothing of them is running. */
void pool_close(struct pool *pool);

/* Closes and frees. NULL is fine. */
void pool_free(struct pool *pool);

#endif
