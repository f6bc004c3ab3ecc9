/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The yearly campaign (spec: campaign.md): one run of one scheme version in one
 * year over one subtree. The scheme's text is frozen into it, and the tree as
 * it stood when it opened; so nothing a campaign uses can change under it.
 *
 * Rows of an organisation have its region, rows of the campaign as a whole
 * that of the campaign's node. Indices of categories, sources, grades, leaves
 * and steps are those of the frozen scheme.
 */
#ifndef JW_STORE_CAMPAIGN_H
#define JW_STORE_CAMPAIGN_H

#include "base/arena.h"
#include "db/db.h"
#include "domain/scheme.h"
#include "store/org.h"

/* Stored; never renumber. */
enum campaign_state {
	CAMPAIGN_OPEN = 0,
	CAMPAIGN_CLOSED = 1,		/* nothing changes any more; past results are kept */
	CAMPAIGN_ARCHIVED = 2,		/* and it is out of the lists */
};

enum campaign_kind {
	CAMPAIGN_GRADING = 0,		/* branches are graded */
	CAMPAIGN_RECTIFICATION = 1,	/* the scheme has no grades: only the ledger (LD, HN, CT) */
	CAMPAIGN_APPRAISAL = 2,		/* secretaries of a level above are appraised (CT-9) */
};

struct campaign {
	int64_t id;			/* 0: new */
	int64_t node;			/* the subtree's top */
	const char *path;
	const char *node_name;		/* read only */
	int year;
	const char *title;
	enum campaign_kind kind;
	const char *scheme_name, *scheme_title;
	int64_t scheme_version;		/* 0: one that came with the program */
	const char *scheme_text;	/* YAML; NULL in lists */
	enum campaign_state state;
	int64_t previous;		/* campaign of the year before; 0: none */
	int64_t account;
	int64_t opened_ms, closed_ms, graded_ms;
};

/* Writes the campaign (its `id` is set, its path is the node's), the steps with
 * the scheme's days in its year, and the active organisations below and with the
 * node, each with its category. ERR_NOT_FOUND: no such node. */
int store_campaign_insert(struct db_tx *tx, struct campaign *campaign, const struct scheme *scheme);

/* What inserting would find below a path: organisations that will be graded by
 * category, and those of the graded level that will not. */
int store_campaign_preview(struct db_tx *tx, const char *path, const struct scheme *scheme,
			   int64_t ret_by_category[SCHEME_CATEGORIES_MAX], int64_t *ret_outside);

/* 1 and the campaign, 0 if there is none, or an error. */
int store_campaign_get(struct db_tx *tx, int64_t id, struct arena *arena,
		       struct campaign *ret_campaign);

/* Campaigns at, above and below the node with this path, latest year first,
 * at most 500; archived ones only if `archived`. */
int store_campaign_list(struct db_tx *tx, const char *path, bool archived, struct arena *arena,
			struct campaign **ret_campaigns, int *ret_n);

/* Closing, archiving, the time of the last grading. */
int store_campaign_set_state(struct db_tx *tx, int64_t id, enum campaign_state state,
			     int64_t now_ms);
int store_campaign_set_graded(struct db_tx *tx, int64_t id, int64_t now_ms);

/* ---- its organisations ---- */

struct campaign_org {
	int64_t id, parent;
	const char *path, *code, *name;
	enum level level;
	int field;			/* enum field, or ORG_UNSET */
	const char *kind;
	int64_t members, residents;	/* or ORG_UNSET */
	const char *secretary;		/* name; "" if vacant */
	int category;			/* -1: not graded */
	int64_t present[VOTERS_COUNT];	/* in the village or on post (ZJ-10); ORG_UNSET: not entered */
};

/* Reads these at once for what follows on the snapshot. */
int store_campaign_orgs_know(struct db_tx *tx, int64_t campaign, const int64_t *ids, int n);

/* 1, 0 or an error. */
int store_campaign_org_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			   struct campaign_org *ret_org);

/* All below and with the node with this path, by path (parents first). With
 * `graded` only those of a category. */
int store_campaign_orgs(struct db_tx *tx, int64_t campaign, const char *path, bool graded,
			struct arena *arena, struct campaign_org **ret_orgs, int *ret_n);

/* How many of a category (-1: any) are graded. */
int store_campaign_orgs_count(struct db_tx *tx, int64_t campaign, const char *path, int category,
			      int64_t *ret_total);

/* A page of the graded ones by code, and how many there are. `category` -1: any;
 * `limit` at most 10,000. */
int store_campaign_orgs_page(struct db_tx *tx, int64_t campaign, const char *path, int category,
			     int64_t offset, int64_t limit, struct arena *arena,
			     struct campaign_org **ret_orgs, int *ret_n, int64_t *ret_total);

/* Numbers present, the base of the turnout; ORG_UNSET takes one back. */
int store_campaign_org_set_present(struct db_tx *tx, int64_t campaign, int64_t org,
				   enum voters voters, int64_t present);

/* ---- counts of ballots ---- */

/* Stored; never renumber. */
enum tally_origin {
	TALLY_COUNTED = 0,		/* keyed in from paper */
	TALLY_BOX = 1,			/* the anonymous box */
	TALLY_IMPORTED = 2,
};

struct tally {
	int64_t org;
	enum voters voters;
	int question;			/* from 0 */
	int n_options;			/* of the scheme; counts has one more: spoiled */
	uint32_t counts[SCHEME_OPTIONS_MAX + 1];
	enum tally_origin origin;
	const char *counters;		/* who counted, separated by 、 */
	int64_t account, at_ms;
};

/* Replaces the counts of (organisation, voters, question). */
int store_tally_put(struct db_tx *tx, int64_t campaign, const struct tally *tally);
/* Of one class, or (VOTERS_COUNT) of all. */
int store_tally_delete(struct db_tx *tx, int64_t campaign, int64_t org, enum voters voters);

/* By organisation, voters and question; of one organisation, or of all below a
 * path (`org` 0). `path` may be NULL where `org` is given. */
int store_tally_list(struct db_tx *tx, int64_t campaign, int64_t org, const char *path,
		     struct arena *arena, struct tally **ret_tallies, int *ret_n);

/* The same of up to TALLY_ORGS_MAX organisations. */
enum { TALLY_ORGS_MAX = 49 };
int store_tally_of_orgs(struct db_tx *tx, int64_t campaign, const int64_t *orgs, int n,
			struct arena *arena, struct tally **ret_tallies, int *ret_n);

/* An organisation with few ballots, what its result says, and one of its tallies. */
struct tally_few {
	int64_t org;
	const char *path;
	int category, approval;		/* approval -1: none, or not graded yet */
	struct tally tally;		/* of store_tally_of_few alone */
};

/* By place: a campaign's organisations of which some tally is below the floor. All with
 * small groups are among them. */
int store_tally_few(struct db_tx *tx, int64_t campaign, struct arena *arena, struct tally_few **ret_few,
		    int *ret_n);

/* All tallies of up to `most` of these, by place. */
int store_tally_of_few(struct db_tx *tx, int64_t campaign, int most, struct arena *arena,
		       struct tally_few **ret_few, int *ret_n);

/* ---- results ---- */

struct result {
	int64_t org;
	const char *path;
	int category;
	const char *status;		/* "graded", "missing:committee" … as in result files */
	const char *composite;		/* exact fraction in points, "18123/200"; "" unless graded */
	int64_t score;			/* published, in units of 10^-places; -1 unless graded */
	int places;
	const char *sources;		/* each source's published score, tabs between; "" missing */
	int grade;			/* final; -1: none */
	int computed;			/* by score and quotas */
	int by_score;			/* by the score alone */
	int quota;			/* that moved it; -1: none */
	int64_t meeting;		/* that adjusted it; 0: none */
	int stars;			/* -1: none given */
	int64_t rank;			/* 0: none */
	int approval;			/* enum level; -1: none */
	int64_t graded_ms;
	const char *code, *name;	/* read only, of the organisation */
};

int store_result_put(struct db_tx *tx, int64_t campaign, const struct result *result);

/* Reads those of these at once for what follows on the snapshot. */
int store_results_know(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n);

/* 1, 0 or an error. */
int store_result_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		     struct result *ret_result);

/* Which results; -1 and 0 mean any. */
struct result_filter {
	const char *path;		/* required */
	int category, grade, stars;
	int64_t offset, limit;		/* limit 0: all */
};
#define RESULT_FILTER(node_path) ((struct result_filter){.path = (node_path), .category = -1, \
		.grade = -1, .stars = -1})

/* By path (parents' order), with how many there are in all. */
int store_result_list(struct db_tx *tx, int64_t campaign, const struct result_filter *filter,
		      struct arena *arena, struct result **ret_results, int *ret_n,
		      int64_t *ret_total);

/* The roll-up of a node (domain/summary.h); category -1: all. */
struct result_summary {
	int64_t node;
	int category;
	int64_t orgs, graded;
	int64_t grades[SCHEME_GRADES_MAX];
	int64_t stars[SCHEME_STARS_MAX + 1];
	int64_t mean_e2;		/* -1: none graded */
};
int store_result_summary_put(struct db_tx *tx, int64_t campaign, const struct result_summary *summary);

/* All categories of the node and (`children`) of its children in the tree,
 * by node and category. */
int store_result_summaries(struct db_tx *tx, int64_t campaign, int64_t node, bool children,
			   struct arena *arena, struct result_summary **ret_summaries, int *ret_n);
/* Those of all nodes below and with the path that are not graded themselves. */
int store_result_summaries_below(struct db_tx *tx, int64_t campaign, const char *path,
				 struct arena *arena, struct result_summary **ret_summaries, int *ret_n);

/* ---- past years ---- */

struct past_result {
	int64_t org;
	int year;
	int64_t campaign;		/* 0: imported */
	const char *scheme_title, *score, *grade;
	int place, places;		/* of the grade from the top, 0 first; -1 and 0: not known */
	int stars;			/* -1: none */
	int64_t rank;			/* 0: none */
	const char *ledger;		/* "" or how it stood in that year's ledger */
	const char *note;
	const char *examination;	/* grade of that year's examination; "" not kept (LD-3) */
};
int store_past_put(struct db_tx *tx, const struct past_result *past);

/* Keeps the campaign's results of one grade as past ones of its year; what is
 * known of that year's ledger stays. */
int store_past_from_results(struct db_tx *tx, const struct campaign *campaign, int grade,
			    const char *label, int n_grades, int places);

/* Of one organisation, latest year first. */
int store_past_list(struct db_tx *tx, int64_t org, struct arena *arena,
		    struct past_result **ret_past, int *ret_n);

/* Of up to ORG_CODES_MAX organisations, in any order. */
int store_past_of_orgs(struct db_tx *tx, const int64_t *orgs, int n, struct arena *arena,
		       struct past_result **ret_past, int *ret_n);

/* Of the organisations below a path that have a case in the ledger, by number, the
 * latest year first. */
int store_past_of_cases(struct db_tx *tx, const char *path, struct arena *arena,
			struct past_result **ret_past, int *ret_n);

/* Of all organisations of the campaign below a path in one year, by path. */
int store_past_of_year(struct db_tx *tx, int64_t campaign, const char *path, int year,
		       struct arena *arena, struct past_result **ret_past, int *ret_n);

#endif
