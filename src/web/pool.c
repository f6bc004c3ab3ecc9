/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pool.h"

#include <pthread.h>
#include <stdlib.h>

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct pool_job *head, **tail;
	bool closed;
	unsigned n;
	pthread_t threads[];
};

static void *thread_main(void *arg)
{
	struct pool *pool = arg;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		struct pool_job *job = pool->head;
		if (!job && pool->closed)
			break;
		if (!job) {
			pthread_cond_wait(&pool->work, &pool->lock);
			continue;
		}
		pool->head = job->next;
		if (!pool->head)
			pool->tail = &pool->head;
		pthread_mutex_unlock(&pool->lock);
		job->run(job);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

int pool_start(struct pool **ret_pool, unsigned threads, struct err_info *info)
{
	struct pool *pool = calloc(1, sizeof(*pool) + sizeof(pool->threads[0]) * threads);

	if (!pool)
		return err_nomem(info);
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
