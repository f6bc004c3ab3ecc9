/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Codes that count upwards: most registers number the organisations of a place
 * one after the other, 210104005.0001, .0002, … A run is such a row of nodes
 * without a gap; which node a code of it names follows from its last digits, and
 * the runs of a nation fit the cache where the index by code does not. Exact: a
 * run holds just the codes that it says, all others are looked up in the index.
 */
#ifndef JW_DOMAIN_ORG_RUNS_H
#define JW_DOMAIN_ORG_RUNS_H

#include <string.h>

#include "domain/org_index.h"

enum {
	ORG_RUN_DIGITS = 3,		/* at the end of a code that count */
	ORG_RUN_PREFIX_MAX = 16,	/* bytes before them */
};

/* The nodes `first` … `first + n - 1`, whose codes are the prefix and three digits,
 * `low` … `low + n - 1`. */
struct org_run {
	uint64_t prefix[2];	/* zero-padded */
	uint32_t first;
	uint16_t low, n;	/* n = 0: a free place */
	uint64_t room;		/* two a cache line */
};
_Static_assert(sizeof(struct org_run) == 32, "two a cache line");

struct org_runs {
	struct org_run *slots;
	unsigned slot_bits;
	uint32_t nodes;		/* that are in runs */
};

/* Finds the runs among the nodes of a level. Codes must be unique, the index and the
 * lines there (orgs_finish). ERR_NOMEM. */
int org_runs_init(struct org_runs *ret_runs, const struct orgs *orgs, unsigned level);
void org_runs_done(struct org_runs *runs);

static inline size_t org_run_slot(const struct org_runs *runs, const uint64_t prefix[2])
{
	uint64_t h = org_mix(prefix[0] ^ 0xa0761d6478bd642full, prefix[1] ^ 0xe7037ed1a0b428dbull);
	return (size_t)(h >> (64 - runs->slot_bits));
}

/* ORG_RUN_PREFIX_MAX bytes with all bits set, and as many without. */
extern const unsigned char org_run_mask[2 * ORG_RUN_PREFIX_MAX];

/* What a code is looked up by. */
struct org_run_key {
	uint64_t prefix[2];
	uint32_t number;
	uint32_t slot;		/* by org_runs_fetch */
};

/* Takes a code apart; the 20 bytes from `code` on must be readable. false for one that
 * can be in no run. */
static inline bool org_run_key(const char *code, size_t len, struct org_run_key *ret_key)
{
	size_t bytes = len - ORG_RUN_DIGITS;
	if (bytes - 1 >= ORG_RUN_PREFIX_MAX)
		return false;
	uint32_t d;
	memcpy(&d, code + bytes, sizeof(d));
	if (((d & 0xF0F0F0) ^ 0x303030) | (((d & 0x0F0F0F) + 0x060606) & 0xF0F0F0))
		return false;
	ret_key->number = (d & 15) * 100 + (d >> 8 & 15) * 10 + (d >> 16 & 15);
	uint64_t word[2];
	memcpy(word, code, sizeof(word));
	/* The first `bytes` of them, without a branch: codes of several lengths come in no
	 * order. */
	uint64_t mask[2];
	memcpy(mask, org_run_mask + ORG_RUN_PREFIX_MAX - bytes, sizeof(mask));
	ret_key->prefix[0] = word[0] & mask[0];
	ret_key->prefix[1] = word[1] & mask[1];
	return true;
}

/* Finds where the search begins, and fetches it. */
static inline void org_runs_fetch(const struct org_runs *runs, struct org_run_key *key)
{
	key->slot = (uint32_t)org_run_slot(runs, key->prefix);
	__builtin_prefetch(&runs->slots[key->slot]);
}

/* The node of a code, after org_runs_fetch, or ORG_NONE: then it may still be in the
 * index. */
static inline uint32_t org_runs_find(const struct org_runs *runs, const struct org_run_key *key)
{
	size_t mask = ((size_t)1 << runs->slot_bits) - 1;
	for (size_t i = key->slot;; i = (i + 1) & mask) {
		const struct org_run *run = &runs->slots[i];
		uint32_t k = key->number - run->low;
		if (run->prefix[0] == key->prefix[0] && run->prefix[1] == key->prefix[1] && k < run->n)
			return run->first + k;
		if (!run->n)
			return ORG_NONE;
	}
}

#endif
