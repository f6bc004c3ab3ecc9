/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The index of organisations by code, inline for passes over hundreds of
 * millions of rows: hash first, prefetch, look up later. Others use orgs_find.
 */
#ifndef JW_DOMAIN_ORG_INDEX_H
#define JW_DOMAIN_ORG_INDEX_H

#include <stddef.h>

#include "domain/orgs.h"

enum {
	ORG_INLINE_MAX = 20,	/* codes up to here stand in the line itself */
	ORG_TALLY_MAX = 10,	/* counters in a node's line */
	ORG_SLOT_BITS = 27,	/* of a slot for the node; the others for its tag */
};
_Static_assert(ORG_MAX < 1u << ORG_SLOT_BITS, "a slot can name every node");

/* Half a cache line per node, with all that passes over rows want of it: little
 * memory is what makes them fast. */
struct org_line {
	uint64_t word[2];	/* the code, zero-padded; of a longer one its hash */
	uint32_t last_word;
	uint8_t len;
	uint8_t level : 3, category_plus_1 : 5;	/* 0: CATEGORY_NONE */
	uint8_t tally[ORG_TALLY_MAX];	/* the low bytes of a node's ballots (book.h) */
} __attribute__((aligned(8)));
_Static_assert(sizeof(struct org_line) == 32, "two a cache line");
enum { ORG_TALLY_AT = offsetof(struct org_line, tally) };

/* Eight bytes of a line as one, from a multiple of eight on. */
typedef uint64_t __attribute__((may_alias)) org_line_word_t;
static inline org_line_word_t *org_line_word(struct org_line *line, size_t at)
{
	return (org_line_word_t *)(void *)((char *)line + at);
}

/* A node's category or CATEGORY_NONE. */
static inline uint8_t org_line_category(const struct org_line *line)
{
	return (uint8_t)(line->category_plus_1 - 1);
}

/* The hash of a code longer than ORG_INLINE_MAX. */
uint64_t orgs_hash_long(struct str code);

static inline uint64_t org_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;
	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* The first 20 bytes of a code, zero-padded; reads 24 bytes. */
static inline void org_load_words(struct str code, uint64_t word[3])
{
	size_t len = code.len;
	memcpy(word, code.data, 24);
	if (len < 8) {
		word[0] &= ((uint64_t)1 << 8 * len) - 1;
		word[1] = word[2] = 0;
	} else if (len < 16) {
		word[1] &= ((uint64_t)1 << 8 * (len - 8)) - 1;
		word[2] = 0;
	} else {
		word[2] &= len < ORG_INLINE_MAX ? ((uint64_t)1 << 8 * (len - 16)) - 1 : UINT32_MAX;
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

/* Where the search for a hash begins, and the next place. */
static inline size_t org_slot_first(const struct orgs *orgs, uint64_t hash)
{
	return (size_t)(hash >> (64 - orgs->slot_bits));
}

static inline size_t org_slot_next(const struct orgs *orgs, size_t slot)
{
	return (slot + 1) & (((size_t)1 << orgs->slot_bits) - 1);
}

/* Whether a line has these words of a code of `len` bytes, up to ORG_INLINE_MAX. */
static inline bool org_line_has_words(const struct org_line *line, const uint64_t word[3],
				      size_t len)
{
	return line->len == len && line->word[0] == word[0] && line->word[1] == word[1] &&
	       line->last_word == word[2];
}

/* Whether a node has this code; its words are given as for orgs_find_node. */
static inline bool org_line_holds(const struct orgs *orgs, uint32_t node, uint64_t hash,
				  const uint64_t word[3], struct str code)
{
	const struct org_line *line = &orgs->lines[node];
	if (code.len <= ORG_INLINE_MAX)
		return org_line_has_words(line, word, code.len);
	return line->len == code.len && line->word[0] == hash && str_eq(orgs_code(orgs, node), code);
}

/* A slot's contents: the node plus 1, and above it a few bits of the hash. */
static inline uint32_t org_slot(uint64_t hash, uint32_t node)
{
	return (uint32_t)hash << ORG_SLOT_BITS | (node + 1);
}

static inline bool org_slot_fits(uint32_t slot, uint64_t hash)
{
	return (slot ^ (uint32_t)hash << ORG_SLOT_BITS) >> ORG_SLOT_BITS == 0;
}

static inline uint32_t org_slot_node(uint32_t slot)
{
	return (slot & ((1u << ORG_SLOT_BITS) - 1)) - 1;
}

/* Fetches the slot a search begins at. */
static inline void orgs_prefetch(const struct orgs *orgs, uint64_t hash)
{
	__builtin_prefetch(&orgs->slots[org_slot_first(orgs, hash)]);
}

/* The first node whose tag fits: very likely the one, if org_line_holds. */
static inline uint32_t orgs_guess(const struct orgs *orgs, uint64_t hash)
{
	for (size_t i = org_slot_first(orgs, hash);; i = org_slot_next(orgs, i)) {
		uint32_t slot = orgs->slots[i];
		if (!slot)
			return ORG_NONE;
		if (org_slot_fits(slot, hash))
			return org_slot_node(slot);
	}
}

/* The node with this code, or ORG_NONE; its hash and (if it is no longer than
 * ORG_INLINE_MAX) its words are given. */
static inline uint32_t orgs_find_node(const struct orgs *orgs, uint64_t hash,
				      const uint64_t word[3], struct str code)
{
	for (size_t i = org_slot_first(orgs, hash);; i = org_slot_next(orgs, i)) {
		uint32_t slot = orgs->slots[i];
		if (!slot)
			return ORG_NONE;
		if (org_slot_fits(slot, hash) &&
		    org_line_holds(orgs, org_slot_node(slot), hash, word, code))
			return org_slot_node(slot);
	}
}

#endif
