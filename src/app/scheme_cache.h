/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frozen schemes of campaigns, each text parsed once. What it gives lives as
 * long as the cache: a process uses few different texts. Safe for threads.
 */
#ifndef JW_APP_SCHEME_CACHE_H
#define JW_APP_SCHEME_CACHE_H

#include "base/err.h"
#include "domain/scheme.h"

struct scheme_cache;

struct scheme_cache *scheme_cache_new(void);
void scheme_cache_free(struct scheme_cache *cache);

/* The scheme of this text. ERR_STATE where it can't be read (any more), and why. */
int scheme_cache_get(struct scheme_cache *cache, const char *text, const struct scheme **ret_scheme,
		     struct err_info *info);

#endif
