/* SPDX-License-Identifier: Apache-2.0 */
#include "base/intern.h"

#include <stdlib.h>

#include "base/err.h"

enum { BITS_MIN = 6, BITS_MAX = 30 };

int intern_init(struct intern *intern)
{
	*intern = (struct intern){.bits = BITS_MIN};
	intern->slots = calloc((size_t)1 << BITS_MIN, sizeof(*intern->slots));
	if (!intern->slots)
		return ERR_NOMEM;
	pthread_mutex_init(&intern->lock, NULL);
	return 0;
}

void intern_done(struct intern *intern)
{
	if (!intern || !intern->slots)
		return;
	pthread_mutex_destroy(&intern->lock);
	free(intern->slots);
	free(intern->texts);
	arena_done(&intern->arena);
	*intern = (struct intern){0};
}

static uint32_t hash(struct str text)
{
	uint64_t h = 0xcbf29ce484222325ull;	/* FNV-1a */
	for (size_t i = 0; i < text.len; i++)
		h = (h ^ (unsigned char)text.data[i]) * 0x100000001b3ull;
	return (uint32_t)(h ^ h >> 32);
}

/* The slot that holds the text, or the free one where it belongs. */
static uint32_t *find(struct intern *intern, struct str text)
{
	uint32_t mask = (1u << intern->bits) - 1;
	uint32_t i = hash(text) & mask;
	while (intern->slots[i] && !str_eq(intern->texts[intern->slots[i] - 1], text))
		i = (i + 1) & mask;
	return &intern->slots[i];
}

static bool grow(struct intern *intern)
{
	uint32_t bits = intern->bits + 1;
	uint32_t *slots = bits <= BITS_MAX ? calloc((size_t)1 << bits, sizeof(*slots)) : NULL;
	if (!slots)
		return false;
	free(intern->slots);
	intern->slots = slots;
	intern->bits = bits;
	for (uint32_t i = 0; i < intern->n; i++)
		*find(intern, intern->texts[i]) = i + 1;
	return true;
}

static uint32_t get(struct intern *intern, struct str text)
{
	uint32_t *slot = find(intern, text);
	if (*slot)
		return *slot;
	if (intern->n == intern->cap) {
		uint32_t cap = intern->cap ? intern->cap * 2 : 32;
		struct str *texts = reallocarray(intern->texts, cap, sizeof(*texts));
		if (!texts)
			return 0;
		intern->texts = texts;
		intern->cap = cap;
	}
	char *copy = arena_strndup(&intern->arena, text.data ? text.data : "", text.len);
	if (!copy)
		return 0;
	intern->texts[intern->n] = (struct str){copy, text.len};
	*slot = ++intern->n;
	uint32_t number = intern->n;
	if (number > (1u << intern->bits) / 2 && !grow(intern) &&
	    number >= (1u << intern->bits) - 1)
		return 0;
	return number;
}

uint32_t intern_get(struct intern *intern, struct str text)
{
	pthread_mutex_lock(&intern->lock);
	uint32_t number = get(intern, text);
	pthread_mutex_unlock(&intern->lock);
	return number;
}
