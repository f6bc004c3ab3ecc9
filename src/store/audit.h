/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log (spec: campaign.md): one chain per region, so that writes of
 * one county never wait for another's. Each entry's hash is SHA-256 over the
 * hash before it and all its fields, each with its length; entries count from
 * 1. An entry is appended in the transaction of the write that it records.
 *
 * A chain alone cannot show that its end was cut off. So its head is kept
 * elsewhere: in an entry of region 0's chain (audit_anchor in app/), on a
 * printed form, or in somebody's notes; verifying takes such heads.
 */
#ifndef JW_STORE_AUDIT_H
#define JW_STORE_AUDIT_H

#include "base/arena.h"
#include "db/db.h"

enum { AUDIT_HASH_LEN = 32, AUDIT_TEXT_MAX = 1 << 16 };

struct audit_entry {
	int64_t region, seq;		/* set by append */
	int64_t at_ms;
	int64_t account;		/* 0: nobody signed in */
	const char *who;		/* as named then */
	const char *origin;		/* network address, or "命令行" */
	const char *act;		/* e.g. "org.change" */
	int64_t node;			/* organisation concerned; 0: none */
	const char *object;		/* what, for people */
	const char *before, *after;	/* "" where it does not apply */
	unsigned char hash[AUDIT_HASH_LEN];
};

/* Appends to the region's chain; texts beyond AUDIT_TEXT_MAX bytes are cut at a
 * character's edge and end in "…". */
int store_audit_append(struct db_tx *tx, int64_t region, struct audit_entry *entry);

struct audit_head {
	int64_t region, seq;
	unsigned char hash[AUDIT_HASH_LEN];
};

/* All heads, by region. */
int store_audit_heads(struct db_tx *tx, struct arena *arena, struct audit_head **ret_heads,
		      int *ret_n);

/* What a walk along a chain found wrong first. */
enum audit_fault {
	AUDIT_GOOD,
	AUDIT_ALTERED,		/* the hash of `seq` does not follow from what stands before */
	AUDIT_GAP,		/* `seq` is missing */
	AUDIT_CUT,		/* the chain ends before its head, or before a kept head */
	AUDIT_OTHER,		/* a kept head does not lie on this chain: rewritten as a whole */
};

/* Walks the region's chain from its first entry and compares it with its head
 * and with the `n` kept heads of this region (others are passed over). */
int store_audit_verify(struct db_tx *tx, int64_t region, const struct audit_head *kept, int n,
		       enum audit_fault *ret_fault, int64_t *ret_seq);

/* Regions that have entries, or a head. */
int store_audit_regions(struct db_tx *tx, struct arena *arena, int64_t **ret_regions, int *ret_n);

/* Whose entries. */
struct audit_scope {
	int64_t region;			/* one county's chain, or AUDIT_BELOW, or AUDIT_EVERYTHING */
	/* AUDIT_BELOW: the chains of the counties below this node, of its own county,
	 * and what region 0 holds about organisations below it; */
	int64_t node;
	const char *path;
	bool top;			/* and what concerns no organisation: unknown names, anchors */
};
enum { AUDIT_EVERYTHING = -1, AUDIT_BELOW = -2 };

/* Which of them; 0 and NULL mean any. */
struct audit_filter {
	int64_t from_ms, to_ms;		/* to: not included */
	const char *act;		/* begins with this, e.g. "org." */
	const char *text;		/* part of object, before, after or who */
	int64_t skip;			/* entries that are not looked at for the text */
	int64_t look;			/* in how many it is looked for; 0: AUDIT_LOOK_PAGE */
	bool oldest_first;
	int64_t offset, limit;		/* at most 10,000 */
};

enum {
	AUDIT_COUNT_MAX = 30000,	/* counted so far and no further */
	/* Entries in which a text is looked for at a time: for a page, for an export. */
	AUDIT_LOOK_PAGE = 6000,
	AUDIT_LOOK_EXPORT = 100000,
};

struct audit_found {
	struct audit_entry *entries;
	int n;
	int64_t total;			/* on all pages; AUDIT_COUNT_MAX + 1: there are more */
	/* A text was looked for up to this time, and is looked for further with this
	 * `skip`. 0: in all. */
	int64_t looked_to_ms, next_skip;
};
int store_audit_list(struct db_tx *tx, const struct audit_scope *scope,
		     const struct audit_filter *filter, struct arena *arena,
		     struct audit_found *ret_found);

/* Regions of the counties below a node above them. */
int store_audit_regions_below(struct db_tx *tx, const char *path, struct arena *arena,
			      int64_t **ret_regions, int *ret_n);

/* Entries of region 0 that hold heads, oldest first: calls `each` with what was
 * written as `after`. */
int store_audit_anchors(struct db_tx *tx, const char *act,
			int (*each)(void *arg, struct str after), void *arg);

#endif
