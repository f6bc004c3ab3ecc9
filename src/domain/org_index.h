/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of organisations by code, inline for passes over hundreds of
 * millions of rows: hash first, prefetch, look up later. Others use orgs_find.
 */
#ifndef JW_DOMAIN_ORG_INDEX_H
#define JW_DOMAIN_ORG_INDEX_H

#include "domain/orgs.h"

enum {
	ORG_INLINE_MAX = 24,	/* codes up to here stand in the line itself */
	ORG_REGION_BITS = 4,	/* the index is built by regions, each by one thread */
};

/* Eight to a cache line; the tag is the hash's low half. */
struct org_slot {
	uint32_t tag;
	uint32_t node_plus_1;	/* 0: free */
};

/* One cache line per node: its code, and what passes over rows want of it. */
struct org_line {
	uint64_t word[3];	/* the code, zero-padded; of a longer one its hash */
	uint16_t len;
	uint8_t level, category;
	uint16_t tally[ORG_TALLY_MAX];	/* the low halves of a node's ballots (book.h) */
};
_Static_assert(sizeof(struct org_line) == 64, "one miss a node");

/* The hash of a code longer than ORG_INLINE_MAX. */
uint64_t orgs_hash_long(struct str code);

static inline uint64_t org_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;
	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* The first 24 bytes of a code, zero-padded; reads 24 bytes. */
static inline void org_load_words(struct str code, uint64_t word[3])
{
	memcpy(word, code.data, ORG_INLINE_MAX);
	size_t len = code.len;
	if (len < 8) {
		word[0] &= ((uint64_t)1 << 8 * len) - 1;
		word[1] = word[2] = 0;
	} else if (len < 16) {
		word[1] &= ((uint64_t)1 << 8 * (len - 8)) - 1;
		word[2] = 0;
	} else if (len < 24) {
		word[2] &= ((uint64_t)1 << 8 * (len - 16)) - 1;
	}
}

static inline uint64_t org_hash_words(const uint64_t word[3], size_t len)
{
	uint64_t a = org_mix(word[0] ^ 0xa0761d6478bd642full, word[1] ^ 0xe7037ed1a0b428dbull);
	uint64_t b = org_mix(word[2] ^ 0x8ebc6af09c88c6e3ull, len ^ 0x589965cc75374cc3ull);
	return org_mix(a ^ 0x1d8e4e27c47d124full, b ^ a);
}

/* The 32 bytes from code.data on must be readable. */
static inline uint64_t orgs_hash(struct str code)
{
	if (code.len > ORG_INLINE_MAX)
		return orgs_hash_long(code);
	uint64_t word[3];
	org_load_words(code, word);
	return org_hash_words(word, code.len);
}

/* Where the search for a hash begins, and the next place: a region wraps in
 * itself, so that threads can fill different regions at once. */
static inline size_t org_slot_first(const struct orgs *orgs, uint64_t hash)
{
	return (size_t)(hash >> (64 - orgs->slot_bits));
}

static inline size_t org_slot_next(const struct orgs *orgs, size_t slot)
{
	size_t region = ((size_t)1 << (orgs->slot_bits - ORG_REGION_BITS)) - 1;
	return (slot & ~region) | ((slot + 1) & region);
}

/* Whether a node has this code; its words are given as for orgs_find_node. */
static inline bool org_line_holds(const struct orgs *orgs, uint32_t node, uint64_t hash,
				  const uint64_t word[3], struct str code)
{
	const struct org_line *line = &orgs->lines[node];
	if (line->len != code.len)
		return false;
	if (code.len <= ORG_INLINE_MAX)
		return line->word[0] == word[0] && line->word[1] == word[1] &&
		       line->word[2] == word[2];
	return line->word[0] == hash && str_eq(orgs_code(orgs, node), code);
}

/* Fetches the slot a search begins at. */
static inline void orgs_prefetch(const struct orgs *orgs, uint64_t hash)
{
	__builtin_prefetch(&orgs->slots[org_slot_first(orgs, hash)]);
}

/* The first node with this tag: very likely the one, if org_line_holds. */
static inline uint32_t orgs_guess(const struct orgs *orgs, uint64_t hash)
{
	for (size_t i = org_slot_first(orgs, hash);; i = org_slot_next(orgs, i)) {
		const struct org_slot *s = &orgs->slots[i];
		if (!s->node_plus_1)
			return ORG_NONE;
		if (s->tag == (uint32_t)hash)
			return s->node_plus_1 - 1;
	}
}

/* The node with this code, or ORG_NONE; its hash and (if it is no longer than
 * ORG_INLINE_MAX) its words are given. */
static inline uint32_t orgs_find_node(const struct orgs *orgs, uint64_t hash,
				      const uint64_t word[3], struct str code)
{
	for (size_t i = org_slot_first(orgs, hash);; i = org_slot_next(orgs, i)) {
		const struct org_slot *s = &orgs->slots[i];
		if (!s->node_plus_1)
			return ORG_NONE;
		if (s->tag == (uint32_t)hash &&
		    org_line_holds(orgs, s->node_plus_1 - 1, hash, word, code))
			return s->node_plus_1 - 1;
	}
}

#endif
