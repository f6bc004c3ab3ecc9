/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Few short words that are met millions of times, ids and labels, and the number
 * each stands for: a table without pointers, compared as integers.
 */
#ifndef JW_IMPORT_WORDS_H
#define JW_IMPORT_WORDS_H

#include <stdint.h>
#include <string.h>

enum {
	WORD_MAX = 16,		/* longer ones are not kept */
	WORD_SLOTS = 256,
};

struct word {
	uint64_t part[2];
	uint32_t len;
	int32_t value;		/* plus 1; 0: free */
};

struct words {
	struct word slots[WORD_SLOTS];
};

static inline struct word word_load(const char *p, uint32_t len)
{
	/* 16 bytes behind p can be read (csv_fast.h). Without branches: the words
	 * of a column have different lengths in no order. */
	struct word w = {.len = len};
	uint32_t low = len < 8 ? len : 8, high = len - low;
	memcpy(w.part, p, WORD_MAX);
	w.part[0] &= low == 8 ? ~(uint64_t)0 : ((uint64_t)1 << 8 * low) - 1;
	w.part[1] &= high == 8 ? ~(uint64_t)0 : ((uint64_t)1 << 8 * (high & 7)) - 1;
	return w;
}

static inline uint32_t word_slot(const struct word *w)
{
	uint64_t h = (w->part[0] ^ w->part[1] * 0x9E3779B97F4A7C15ull) * 0xD6E8FEB86659FD93ull;
	return (uint32_t)(h >> 56) & (WORD_SLOTS - 1);
}

static inline void words_add(struct words *words, const char *text, int value)
{
	char room[WORD_MAX] = {0};
	size_t len = strlen(text);
	if (len > WORD_MAX)
		return;	/* found the slow way */
	memcpy(room, text, len);
	struct word w = word_load(room, (uint32_t)len);
	w.value = value + 1;
	uint32_t i = word_slot(&w);
	for (int tries = 0; tries < WORD_SLOTS / 2; tries++, i = (i + 1) % WORD_SLOTS) {
		if (words->slots[i].value)
			continue;
		words->slots[i] = w;
		return;
	}
}

/* The value, or -1 for a word that needs a closer look. */
static inline int words_find(const struct words *words, const char *p, uint32_t len)
{
	if (len > WORD_MAX)
		return -1;
	struct word w = word_load(p, len);
	for (uint32_t i = word_slot(&w);; i = (i + 1) % WORD_SLOTS) {
		const struct word *s = &words->slots[i];
		if (!s->value)
			return -1;
		if (s->part[0] == w.part[0] && s->part[1] == w.part[1] && s->len == len)
			return s->value - 1;
	}
}

#endif
