/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Organisations (spec: campaign.md): a tree with dated history.
 *
 * The table `org` holds what is known now, `org_version` every state that was
 * ever recorded and when. A path of numbers (/root/…/own/) makes a subtree one
 * range of an index, also across regions. Texts are never NULL.
 */
#ifndef JW_STORE_ORG_H
#define JW_STORE_ORG_H

#include "base/arena.h"
#include "db/db.h"
#include "domain/level.h"

enum {
	ORG_DEPTH_MAX = 12,
	ORG_PATH_MAX = 256,
	ORG_TEXT_MAX = 255,		/* bytes of a text that is looked for */
	ORG_UNSET = -1,			/* a filter that is not set; a number not known */
};

/* Stored; never renumber. */
enum org_state {
	ORG_ACTIVE = 0,
	ORG_MERGED = 1,			/* into `successor` */
	ORG_DISSOLVED = 2,
	ORG_SHOULD_EXIST = 3,		/* but does not (LD-12) */
	ORG_STATE_COUNT,
};

/* What was done to it; stored, never renumber. */
enum org_act {
	ORG_ADDED = 0,
	ORG_CHANGED = 1,
	ORG_MOVED = 2,
	ORG_MERGED_INTO = 3,
	ORG_SPLIT_OFF = 4,
	ORG_DISSOLVED_ACT = 5,
	ORG_IMPORTED = 6,
	ORG_ACT_COUNT,
};

struct org {
	int64_t id;			/* 0: new */
	int64_t parent;			/* 0: a root */
	const char *code;		/* unique; never changes */
	const char *name, *short_name;
	enum level level;
	int field;			/* enum field, or ORG_UNSET */
	const char *kind;		/* 党委, 党总支, 党支部 … */
	int64_t members, residents;	/* or ORG_UNSET */
	const char *secretary_name, *secretary_phone;
	int32_t secretary_since, secretary_until;	/* yyyymmdd; 0: not known */
	const char *liaison_name, *liaison_phone, *liaison_other;
	const char *cadre;		/* resident cadre */
	int32_t founded, election_due;
	enum org_state state;
	int64_t successor;
	const char *note;
	/* Kept by the store and the app, not typed by people. */
	const char *path;
	const char *search;
	struct str sort_key;
	int64_t version;		/* of what was read: a change must name it */
	int32_t since_day;
};

/* Who changed it, when it holds from, when it is recorded. */
struct org_stamp {
	enum org_act act;
	int64_t account;
	int32_t since_day;
	int64_t now_ms;
	const char *reason;		/* "" if none */
};

/* 1 and the organisation (texts in `arena`), 0 if there is none, or an error. */
int store_org_get(struct db_tx *tx, int64_t id, struct arena *arena, struct org *ret_org);
int store_org_by_code(struct db_tx *tx, const char *code, struct arena *arena,
		      struct org *ret_org);

/* Where a page holds its snapshot (db_hold): one question for the organisations below a
 * path that have a case, each of which is going to be asked for. */
int store_case_orgs_know(struct db_tx *tx, const char *path);
/* The same for these, whatever they are. */
int store_orgs_know(struct db_tx *tx, const int64_t *ids, int n);

/* Those of up to 49 codes that are there, in no order. */
enum { ORG_CODES_MAX = 49 };
int store_orgs_by_codes(struct db_tx *tx, const char *const *codes, int n, struct arena *arena,
			struct org **ret_orgs, int *ret_n);

/* Only the path, into `ret_path`; 1, 0 or an error. */
int store_org_path(struct db_tx *tx, int64_t id, char ret_path[ORG_PATH_MAX]);

/* Writes a new organisation and its first version; `org->id` and `version` are set.
 * `above`: the parent's path where it is known; NULL: from the table. ERR_LIMIT when
 * too deep. */
int store_org_insert(struct db_tx *tx, struct org *org, const char *above, const struct org_stamp *stamp);

/* Writes all fields over what is there (the path is not touched) and a new
 * version. ERR_CONFLICT where it is no longer at `org->version`. */
int store_org_update(struct db_tx *tx, struct org *org, const struct org_stamp *stamp);
/* The same of one that this function has read as `before`: nobody is asked. */
int store_org_change(struct db_tx *tx, const struct org *before, struct org *org,
		     const struct org_stamp *stamp);

/* Gives it another parent: its path and those of all below change; as
 * store_org_update besides. ERR_STATE where the new parent is below it. */
int store_org_move(struct db_tx *tx, struct org *org, int64_t parent, const struct org_stamp *stamp);

/* Remembers that `org` came from or went into `other`. */
int store_org_link(struct db_tx *tx, int64_t org, int64_t other, enum org_act act,
		   int32_t since_day);

enum org_order {
	ORG_BY_CODE,
	ORG_BY_NAME,
	ORG_BY_MEMBERS,
	ORG_BY_ELECTION,
	ORG_BY_SECRETARY,
	ORG_ORDER_COUNT,
};

/* Which organisations; ORG_UNSET, NULL and 0 mean any. */
struct org_filter {
	const char *path;		/* below and with this node; required */
	int64_t parent;			/* only direct children */
	int level, field, state;
	const char *text;		/* part of code, name, short name or initials;
					 * at most ORG_TEXT_MAX bytes */
	enum org_order order;
	bool descending;
	int64_t offset, limit;		/* limit: at most 10,000 */
};
#define ORG_FILTER(node_path) ((struct org_filter){.path = (node_path), .level = ORG_UNSET, \
		.field = ORG_UNSET, .state = ORG_UNSET, .limit = 50})

/* Over all pages: how many, and their members (of those known). */
struct org_sum {
	int64_t n, members;
};

/* The page asked for, and the sums over all pages. */
int store_org_list(struct db_tx *tx, const struct org_filter *filter, struct arena *arena,
		   struct org **ret_orgs, int *ret_n, struct org_sum *ret_sum);

/* A child with the number of active organisations below it (itself not
 * counted) at the level `unit`. By code. */
struct org_child {
	struct org org;
	int64_t below;
};
int store_org_children(struct db_tx *tx, int64_t parent, struct arena *arena,
		       struct org_child **ret_children, int *ret_n);

/* From the root down to the organisation itself; at most ORG_DEPTH_MAX. */
int store_org_breadcrumb(struct db_tx *tx, const char *path, struct arena *arena,
			 struct org **ret_orgs, int *ret_n);

/* Does it have the filter's level, field, state and text? Node and parent are
 * not looked at. */
bool org_fits(const struct org_filter *filter, const struct org *org);

/* Roots (there may be several). */
int store_org_roots(struct db_tx *tx, struct arena *arena, struct org_child **ret_roots, int *ret_n);

/* Organisations below and with a node by level, field and state, in this order. */
struct org_count {
	int level, field, state;
	int64_t n;
};
int store_org_counts(struct db_tx *tx, const struct org *org, struct arena *arena,
		     struct org_count **ret_counts, int *ret_n);

/* Every recorded state, newest first. */
struct org_version {
	struct org org;			/* without path, search and sort key */
	struct org_stamp stamp;
	const char *account_label;
	const char *parent_name;	/* as it is called now; "" for a root */
};
int store_org_history(struct db_tx *tx, int64_t id, struct arena *arena,
		      struct org_version **ret_versions, int *ret_n);

/* Calls `each` for all below and with the node, by path; the arena lives for
 * one call. No other statement may run meanwhile. */
int store_org_each(struct db_tx *tx, const char *path,
		   int (*each)(void *arg, const struct org *org, const char *parent_code), void *arg);

struct org_link {
	int64_t org, other;		/* of which the one asked for is either */
	const char *other_name;		/* of the one not asked for */
	enum org_act act;
	int32_t since_day;
};
int store_org_links(struct db_tx *tx, int64_t id, struct arena *arena, struct org_link **ret_links,
		    int *ret_n);

/*
 * The subtree of `node` as it was known at `at_ms`, parents before children
 * (paths are those of then and begin at `node`). For a campaign that opens, or opened.
 */
int store_org_as_of(struct db_tx *tx, int64_t node, int64_t at_ms, struct arena *arena,
		    struct org **ret_orgs, int *ret_n);

/* The smallest text that is greater than all paths below `path`. */
void store_path_end(const char *path, char ret_end[ORG_PATH_MAX]);

/* The last number of a path and the one before it: the organisation and its parent; 0
 * where there is none. */
int64_t store_path_last(const char *path);
int64_t store_path_parent(const char *path);

#endif
