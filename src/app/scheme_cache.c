/* SPDX-License-Identifier: Apache-2.0 */
#include "app/scheme_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "import/scheme_yaml.h"

enum { BUCKETS = 256 };

struct kept {
	struct kept *next;
	uint64_t hash;
	size_t len;
	char *text;
	struct scheme scheme;
};

struct scheme_cache {
	pthread_mutex_t lock;
	struct kept *bucket[BUCKETS];
};

struct scheme_cache *scheme_cache_new(void)
{
	struct scheme_cache *cache = calloc(1, sizeof(*cache));
	if (cache)
		pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

static void kept_free(struct kept *kept)
{
	if (!kept)
		return;
	scheme_done(&kept->scheme);
	free(kept->text);
	free(kept);
}

void scheme_cache_free(struct scheme_cache *cache)
{
	if (!cache)
		return;
	for (int i = 0; i < BUCKETS; i++)
		for (struct kept *k = cache->bucket[i], *next; k; k = next) {
			next = k->next;
			kept_free(k);
		}
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

/* FNV-1a. */
static uint64_t hash_of(const char *text, size_t len)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
	return hash;
}

static int parse(const char *text, size_t len, uint64_t hash, struct kept **ret_kept,
		 struct err_info *info)
{
	AUTO(diag) struct diag faults = {0};
	struct kept *kept = calloc(1, sizeof(*kept));
	if (!kept || !(kept->text = malloc(len + 1))) {
		kept_free(kept);
		return err_nomem(info);
	}
	memcpy(kept->text, text, len + 1);
	kept->len = len;
	kept->hash = hash;
	int r = scheme_load_text(&kept->scheme, "方案", text, len, &faults, info);
	if (r < 0) {
		kept_free(kept);
		return r == ERR_INPUT ? err_set(info, ERR_STATE, "这项年度工作的方案读不出来：%s",
						faults.n ? faults.at[0] : "内容有误") : r;
	}
	*ret_kept = kept;
	return 0;
}

int scheme_cache_get(struct scheme_cache *cache, const char *text, const struct scheme **ret_scheme,
		     struct err_info *info)
{
	size_t len = strlen(text);
	uint64_t hash = hash_of(text, len);
	struct kept **bucket = &cache->bucket[hash % BUCKETS], *kept;
	int r = 0;

	pthread_mutex_lock(&cache->lock);
	for (kept = *bucket; kept; kept = kept->next)
		if (kept->hash == hash && kept->len == len && memcmp(kept->text, text, len) == 0)
			break;
	if (!kept && (r = parse(text, len, hash, &kept, info)) == 0) {
		kept->next = *bucket;
		*bucket = kept;
	}
	if (r == 0)
		*ret_scheme = &kept->scheme;
	pthread_mutex_unlock(&cache->lock);
	return r;
}
