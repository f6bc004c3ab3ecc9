/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers that look like chance and are the same on every run. */
#ifndef JW_CLI_DEMO_DICE_H
#define JW_CLI_DEMO_DICE_H

#include <stdint.h>

/* A number below `below` that belongs to a text, a year and a purpose. */
static inline uint32_t demo_dice(int year, const char *code, uint32_t what, uint32_t below)
{
	uint32_t h = 2166136261u ^ ((uint32_t)year * 31 + what);
	for (; *code; code++)
		h = (h ^ (unsigned char)*code) * 16777619u;
	h ^= h >> 13;
	h *= 0x5bd1e995u;
	return (h ^ h >> 15) % below;
}

#endif
