/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every county and township leader is linked to weak organisations (LD-8): the
 * leaders of a node and of those below it, to which organisations in the ledger each
 * is linked, who is linked to none, which organisations have nobody; and the units
 * and teams that help. The links themselves are the helpers of the cases: a leader is
 * the helper of that name (and post, where a name stands twice) in a case below his
 * node.
 */
#ifndef JW_APP_LEADERS_H
#define JW_APP_LEADERS_H

#include "app/ledger.h"
#include "store/leader.h"

struct leader_link {
	const struct ledger_case *c;
	int visits;			/* this year */
	int32_t last_day;		/* 0: never there */
};
struct leader_row {
	struct leader leader;
	struct leader_link *links;	/* to open cases */
	int n_links;
	bool may_write;
};
/* Who helps without being one of the leaders: by name and kind, with the cases. */
struct support_row {
	enum helper_kind kind;		/* HELPER_LEADER: named in a case, but in no list of leaders */
	const char *name, *post;
	struct leader_link *links;
	int n_links;
};
struct weak_row {
	const struct ledger_case *c;
	const char *leaders, *units, *teams;	/* names, 、 between; "" */
};
struct leaders {
	struct org node;
	struct org *crumbs;
	int n_crumbs;
	struct leader_row *rows;	/* of the node and below it, by path */
	int n, n_unlinked;
	struct weak_row *weak;		/* open cases, by path */
	int n_weak, n_without;		/* … of which have no linked leader */
	struct support_row *support;
	int n_support;
	bool may_write;
};
/* ACTION_REPORT_READ at the node. */
int leaders_get(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct leaders *ret_leaders, struct err_info *info);

/* A new leader (seq 0) or another name, post, phone. ACTION_CASE_WRITE at leader->node,
 * a county, township or what stands above. */
int leaders_put(struct app *app, const struct caller *caller, const struct leader *leader,
		struct err_info *info);
/* He leaves the list; what he did stays in the cases. */
int leaders_drop(struct app *app, const struct caller *caller, int64_t node, int seq,
		 struct err_info *info);
/* Many at once, as copied from a sheet: a line each, name, post and phone with tabs, commas
 * or blanks between; who is in the list already gets the new post and phone. One
 * bad line changes nothing. `ret_n`: how many are new. */
int leaders_paste(struct app *app, const struct caller *caller, int64_t node, const char *text,
		  int *ret_n, struct err_info *info);

/* Links a leader to an open case. ACTION_CASE_WRITE at its organisation. */
int leaders_link(struct app *app, const struct caller *caller, int64_t node, int seq, int64_t case_id,
		 int every_days, struct err_info *info);

#endif
