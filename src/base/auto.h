/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cleanup at the end of a scope: `AUTO(buf) struct buf b = {0};` calls
 * buf_done(&b); `AUTO_FREE char *p` calls free(p). A module offers AUTO(x) by
 * having a function `x_done(struct x *)`.
 */
#ifndef JW_BASE_AUTO_H
#define JW_BASE_AUTO_H

#include <stdlib.h>

#define AUTO(type) __attribute__((cleanup(type##_done)))

static inline void auto_free(void *pointer)
{
	free(*(void **)pointer);
}
#define AUTO_FREE __attribute__((cleanup(auto_free)))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
