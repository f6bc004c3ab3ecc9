/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_MIN = 4096, BLOCK_MAX = 1 << 20, ALIGN = _Alignof(max_align_t) };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(max_align_t) char data[];
};

void arena_done(struct arena *arena)
{
	if (!arena)
		return;
	for (struct arena_block *b = arena->head; b;) {
		struct arena_block *next = b->next;
		if (arena->wipe)
			explicit_bzero(b->data, b->used);
		free(b);
		b = next;
	}
	arena->head = NULL;
	arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (arena->limit && (size > arena->limit || arena->used > arena->limit - size))
		return NULL;
	struct arena_block *b = arena->head;
	if (!b || b->size - b->used < size) {
		/* Blocks double, so that a large arena has few of them. */
		size_t want = b ? b->size * 2 : BLOCK_MIN;
		if (want > BLOCK_MAX)
			want = BLOCK_MAX;
		if (want < size)
			want = size;
		b = malloc(sizeof(*b) + want);
		if (!b)
			return NULL;
		b->next = arena->head;
		b->used = 0;
		b->size = want;
		arena->head = b;
	}
	void *p = b->data + b->used;
	b->used += size;
	arena->used += size;
	return p;
}

void *arena_zalloc(struct arena *arena, size_t count, size_t size)
{
	size_t total;
	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	void *p = arena_alloc(arena, total);
	return p ? memset(p, 0, total) : NULL;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *p = len < SIZE_MAX ? arena_alloc(arena, len + 1) : NULL;
	if (!p)
		return NULL;
	memcpy(p, text, len);
	p[len] = '\0';
	return p;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *p = n >= 0 ? arena_alloc(arena, (size_t)n + 1) : NULL;
	if (p)
		vsnprintf(p, (size_t)n + 1, format, again);
	va_end(again);
	return p;
}
