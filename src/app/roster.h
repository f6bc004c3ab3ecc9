/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Organisations: find, show, add, change, move, merge, split, dissolve.
 *
 * Every change names the day it holds from (0: today) and may give a reason;
 * it carries the version that was read, and ERR_CONFLICT tells that somebody
 * else was faster. An organisation never leaves its county: moving across
 * counties is refused (it is dissolved here and registered there).
 */
#ifndef JW_APP_ROSTER_H
#define JW_APP_ROSTER_H

#include "app/app.h"
#include "app/org_field.h"

/* From when it holds, and why. */
struct org_when {
	int32_t since_day;	/* 0: today; not after today, not before the last change */
	const char *reason;	/* or NULL */
};

/* Whether a change may hold from that day: not from one to come, nor (`org` given) from
 * before the last change of that organisation, which history would then contradict.
 * ERR_INPUT. For all who write organisations. */
int roster_check_day(const struct org *org, int32_t since, int32_t today, struct err_info *info);

/* Adds `org` under org->parent (0: a root, only by the machine's operator or
 * the first start). State active or ORG_SHOULD_EXIST. ACTION_ORG_STRUCTURE at
 * the parent. ERR_INPUT, ERR_CONFLICT (the code is taken). */
int roster_add(struct app *app, const struct caller *caller, const struct org *org,
	     const struct org_when *when, int64_t *ret_id, struct err_info *info);

/* Writes all fields of the table in org_field.h; code, parent and state stay.
 * Nothing is recorded where nothing differs. ACTION_ORG_EDIT; changing level,
 * field or kind takes ACTION_ORG_STRUCTURE. `_in`: within a transaction that
 * writes more. */
int roster_change_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		     const struct org *org, const struct org_when *when, struct err_info *info);
int roster_change(struct app *app, const struct caller *caller, const struct org *org,
		const struct org_when *when, struct err_info *info);

/* Under another parent of the same region. ACTION_ORG_STRUCTURE at both. */
int roster_move(struct app *app, const struct caller *caller, int64_t id, int64_t version,
	      int64_t parent, const struct org_when *when, struct err_info *info);

enum { ROSTER_MERGE_MAX = 50, ROSTER_SPLIT_MAX = 50 };

/* `ids` cease and become `into`; what stood below them moves below it. Members
 * are not added up: whoever merges enters the new number. */
int roster_merge(struct app *app, const struct caller *caller, const int64_t *ids, int n,
	       int64_t into, const struct org_when *when, struct err_info *info);

/* New organisations beside `from`, which goes on or (`dissolve`) ceases; it
 * can't cease while others stand below it. `ret_ids` holds n. */
int roster_split(struct app *app, const struct caller *caller, int64_t from, int64_t version,
	       const struct org *parts, int n, bool dissolve, const struct org_when *when,
	       int64_t *ret_ids, struct err_info *info);

/* ERR_STATE while active organisations stand below it. */
int roster_dissolve(struct app *app, const struct caller *caller, int64_t id, int64_t version,
		  const struct org_when *when, struct err_info *info);

/* One that should exist now does; one that was dissolved is restored. */
int roster_establish(struct app *app, const struct caller *caller, int64_t id, int64_t version,
		   const struct org_when *when, struct err_info *info);

/* The page of a list below `node`; filter->path is filled in here. */
struct roster_page {
	struct org *orgs;
	int n;
	struct org_sum sum;		/* over all pages */
};
int roster_list(struct app *app, const struct caller *caller, int64_t node,
	      const struct org_filter *filter, struct arena *arena, struct roster_page *ret_page,
	      struct err_info *info);

/* Everything about one. The breadcrumb begins where the caller's reach begins. */
struct org_detail {
	struct org org;
	struct org *crumbs;		/* the last is the organisation itself */
	int n_crumbs;
	struct org_child *children;
	int n_children;
	struct org_link *links;
	int n_links;
	struct org_count *counts;	/* below and with it */
	int n_counts;
	const char *successor_name;	/* "" if none */
	uint64_t may;			/* a bit per action, as app_rights_at */
	uint64_t may_above;		/* the same at its parent; 0 for a root */
};
int roster_detail(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		struct org_detail *ret_detail, struct err_info *info);

int roster_history(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		 struct org_version **ret_versions, int *ret_n, struct err_info *info);

/* By code, for addresses and the command line. */
int roster_find(struct app *app, const struct caller *caller, const char *code, int64_t *ret_id,
	      struct err_info *info);

/* Calls `each` for every organisation below and with `node` that fits the filter
 * (NULL: every one; parent, order and page do not count), by path, and writes an audit entry. ACTION_ORG_EXPORT. `restart` is called before the first
 * and whenever it begins anew. On an error what was collected is thrown away. */
struct roster_sink {
	void *arg;
	void (*restart)(void *arg);
	/* parent_code "" for a root; texts live until the call returns. */
	int (*each)(void *arg, const struct org *org, const char *parent_code,
		    struct err_info *info);
};
int roster_export(struct app *app, const struct caller *caller, int64_t node,
		const struct org_filter *filter, const struct roster_sink *sink,
		struct err_info *info);

/* ---- import.c's helpers ---- */

/* Fills search and sort_key. ERR_NOMEM. */
int org_make_searchable(struct app *app, struct org *org, struct arena *arena,
			struct err_info *info);
/* A child's level is below its parent's, or both are units. */
bool org_level_fits(enum level parent, enum level child);
/* 1 to 40 characters, no blanks, no controls. */
int org_check_code(const char *code, struct err_info *info);

#endif
