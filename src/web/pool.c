/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pool.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct pool_job *head, **tail;
	pool_fn run;
	int together;
	bool closed;
	unsigned n;
	pthread_t threads[];
};

/* Takes what waits; under the lock. */
static int take(struct pool *pool, struct pool_job **ret_jobs)
{
	int n = 0;

	while (pool->head && n < pool->together) {
		ret_jobs[n++] = pool->head;
		pool->head = pool->head->next;
	}
	if (!pool->head)
		pool->tail = &pool->head;
	return n;
}

static void *thread_main(void *arg)
{
	struct pool *pool = arg;
	struct pool_job *jobs[POOL_TOGETHER_MAX];

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		int n = take(pool, jobs);
		if (!n && pool->closed)
			break;
		if (!n) {
			pthread_cond_wait(&pool->work, &pool->lock);
			continue;
		}
		pthread_mutex_unlock(&pool->lock);
		pool->run(jobs, n);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

int pool_start(struct pool **ret_pool, unsigned threads, int together, pool_fn run,
	       struct err_info *info)
{
	struct pool *pool = calloc(1, sizeof(*pool) + sizeof(pool->threads[0]) * threads);

	assert(together >= 1 && together <= POOL_TOGETHER_MAX);
	if (!pool)
		return err_nomem(info);
	pool->run = run;
	pool->together = together;
	pool->tail = &pool->head;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	while (pool->n < threads) {
		int why = pthread_create(&pool->threads[pool->n], NULL, thread_main, pool);
		if (why) {
			pool_free(pool);
			return err_io(info, "启动", "网页服务的工作线程", why);
		}
		pool->n++;
	}
	*ret_pool = pool;
	return 0;
}

bool pool_add(struct pool *pool, struct pool_job *job)
{
	job->next = NULL;
	pthread_mutex_lock(&pool->lock);
	bool open = !pool->closed;
	if (open) {
		*pool->tail = job;
		pool->tail = &job->next;
		pthread_cond_signal(&pool->work);
	}
	pthread_mutex_unlock(&pool->lock);
	return open;
}

void pool_close(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->closed = true;
	pthread_cond_broadcast(&pool->work);
	pthread_mutex_unlock(&pool->lock);
	while (pool->n)
		pthread_join(pool->threads[--pool->n], NULL);
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	pool_close(pool);
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->work);
	free(pool);
}
