/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A campaign graded from what is stored: its organisations, score sheets and
 * counts go into the engine of domain/, and what committees decided is put on
 * top. The whole campaign is one grading, since quotas, ranks and stars compare
 * organisations of different committees.
 *
 * What is locked (shown, handed in, accepted: store/hold.h) keeps its score and
 * grade; ranks and stars are drawn among all as long as the campaign is open.
 */
#ifndef JW_APP_CAMPAIGN_GRADING_H
#define JW_APP_CAMPAIGN_GRADING_H

#include "app/campaigns.h"
#include "domain/explain.h"
#include "domain/local.h"

/* A campaign in memory. Must stay where it is until campaign_grading_done:
 * `graded`, `book` and `orgs` can be given to explain.h, boundary.h, adjust.h. */
struct campaign_grading {
	struct arena arena;
	const struct scheme *scheme;	/* borrowed */
	struct orgs orgs;		/* nodes in the order of `ids` */
	struct local local;
	struct book book;
	struct graded graded;
	int64_t *ids;			/* [orgs.n] rising: the organisation of a node */
	const char **paths;		/* [orgs.n] in the campaign's tree */
	uint8_t *computed;		/* [orgs.n] grade by score and quotas, before any meeting */
	int64_t *meetings;		/* [orgs.n] that decided its grade; 0: none */
	bool *locked;			/* [orgs.n] */
	struct result *stored;		/* [orgs.n] as last written; org 0: none; or NULL */
	int8_t (*local_place)[LOCAL_MAX];	/* [local.n][place]: position in the set, -1: none */
};

/* What goes on top of the computed grades. */
struct campaign_grading_wish {
	bool computed;			/* nothing: as if no meeting had been held */
	int64_t notes_of;		/* … also what this committee has only noted down; 0: nobody's */
	bool stored;			/* read the stored results in any case */
};

/* Inside a transaction. ERR_STATE where the scheme has no grades; ERR_NOMEM;
 * ERR_LIMIT. */
int campaign_grading_load(struct db_tx *tx, const struct campaign *campaign,
			  const struct scheme *scheme, const struct campaign_grading_wish *wish,
			  struct campaign_grading *ret, struct err_info *info);
void campaign_grading_done(struct campaign_grading *grading);

/* The node of an organisation, or ORG_NONE. */
uint32_t campaign_grading_node(const struct campaign_grading *grading, int64_t org);

/* The figures of one organisation for explain_run, by source, rater and leaf; texts
 * in `arena`. */
int campaign_grading_cells(struct db_tx *tx, const struct campaign_grading *grading,
			   int64_t campaign, uint32_t node, struct arena *arena,
			   struct explain_cell **ret_cells, size_t *ret_n, struct err_info *info);

/* What a node's result is, as it would be stored; texts in `arena`. ERR_NOMEM. */
int campaign_grading_result(const struct campaign_grading *grading, uint32_t node,
			    struct arena *arena, struct result *ret_result);

/* How a grading went. */
struct campaign_graded {
	int64_t orgs, graded;		/* of the graded level and in a category */
	int64_t changed;		/* results that differ from those before */
};

/*
 * Grades the campaign and writes what differs from the last time, a
 * transaction a county. For whoever may hand in results somewhere in it
 * (ACTION_SUBMIT at `node`). ERR_STATE where it is closed, ERR_CONFLICT where
 * others graded all the while.
 */
int campaign_grading_run(struct app *app, const struct caller *caller, int64_t campaign,
			 int64_t node, struct campaign_graded *ret_graded, struct err_info *info);

#endif
