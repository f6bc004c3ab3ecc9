/* SPDX-License-Identifier: Apache-2.0 */
/* What goes with a self-evaluation besides its score sheet: report, proposed
 * grade (XS-1), seal, confirmation by the resident cadre (ZJ-9). */
#ifndef JW_STORE_SELF_REPORT_H
#define JW_STORE_SELF_REPORT_H

#include "store/campaign.h"

/* Stored; never renumber. */
enum self_state {
	SELF_DRAFT = 0,
	SELF_HANDED_IN = 1,
	SELF_CONFIRMED = 2,		/* or handed in where nobody need confirm */
	SELF_RETURNED = 3,		/* with a reason; can be changed again */
};
enum { SELF_STATE_COUNT = SELF_RETURNED + 1 };

struct self_report {
	int64_t org;
	const char *report;		/* "" if none */
	int grade;			/* proposed, index in the scheme; -1: none */
	bool sealed;			/* the paper bears the seal */
	bool by_township;		/* entered for the branch (代录) */
	enum self_state state;
	int64_t saved_by, saved_ms;
	int64_t handed_by, handed_ms;	/* 0: not handed in */
	int64_t decided_by, decided_ms;	/* confirmed or returned */
	const char *reason;		/* of the return; "" */
	const char *saved_label, *decided_label;	/* read only: the people's names */
};

/* The report, a blank draft where there is none yet. */
int store_self_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
		   struct self_report *ret_report);
/* Where a page holds its snapshot (db_hold): few questions for the reports of these, each
 * of which is going to be asked for. */
int store_selfs_know(struct db_tx *tx, int64_t campaign, const struct campaign_org *orgs, int n);
/* A blank draft. */
static inline struct self_report store_self_none(int64_t org)
{
	return (struct self_report){.org = org, .report = "", .grade = -1, .reason = "",
				    .saved_label = "", .decided_label = ""};
}
/* Those below a path that there are, without the text of the report. */
int store_self_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
		    struct self_report **ret_reports, int *ret_n);
/* Calls with the report of each organisation below a path that wrote one; the text
 * lives as long as the call. */
int store_self_each(struct db_tx *tx, int64_t campaign, const char *path,
		    int (*fn)(void *arg, int64_t org, struct str report), void *arg);
int store_self_put(struct db_tx *tx, int64_t campaign, const struct self_report *report);

#endif
