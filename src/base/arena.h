/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that dies together: everything made while handling one request or
 * loading one file. Nothing in an arena is freed alone.
 *
 * Zero-initialised is ready to use. Not shared between threads.
 */
#ifndef JW_BASE_ARENA_H
#define JW_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/auto.h"

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t used;	/* bytes handed out so far */
	size_t limit;	/* most bytes to hand out; 0: no limit */
	bool wipe;	/* holds secrets: cleared before it is freed */
};

/* Frees everything. NULL is fine; the arena can be used again. */
void arena_done(struct arena *arena);

/* `size` bytes aligned for any type, not cleared; NULL without memory or over
 * the limit. A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc));

/* As arena_alloc for `count` things of `size` bytes, cleared. */
void *arena_zalloc(struct arena *arena, size_t count, size_t size) __attribute__((malloc));

/* Copies `len` bytes and adds a NUL. NULL without memory. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);

/* Copies a C string. NULL without memory. */
char *arena_strdup(struct arena *arena, const char *text);

/* printf into the arena. NULL without memory. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
