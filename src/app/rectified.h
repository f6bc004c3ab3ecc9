/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The year's rectification in the appraisal of secretaries (HN-7, CT-9): counted from
 * the ledger, nobody types it. Until the appraisal is decided the figures are today's;
 * the meeting that decides fixes them, and so does closing a campaign without one.
 */
#ifndef JW_APP_RECTIFIED_H
#define JW_APP_RECTIFIED_H

#include "app/campaigns.h"
#include "domain/rectified.h"

struct rectified_case {
	int64_t id, org;
	const char *name;		/* of the organisation */
	enum case_state state;		/* now */
	int32_t deadline, written_off_day;
};

/* Of one appraised organisation. */
struct rectified_year {
	int64_t org;
	const char *name;
	bool fixed;
	int32_t as_of;			/* the last day that counts */
	int64_t fixed_ms, meeting;	/* where `fixed`; meeting 0: closed without one */
	struct {
		struct rectified_case *cases;
		int n;
	} of[RECTIFIED_COUNT];
};

/* Of all organisations that the campaign appraises below and with the path of `call`. */
int rectified_load(struct db_tx *tx, const struct campaign_call *call, struct arena *arena,
		   struct rectified_year **ret_years, int *ret_n);

/* Keeps them as they are now: by a meeting, of all that are not handed in; without one
 * (0), of those that no meeting has fixed. Nothing where nobody is appraised. */
int rectified_fix(struct db_tx *tx, const struct campaign_call *call, int64_t meeting,
		  struct arena *arena);

struct rectified_list {
	struct campaign_call call;
	struct rectified_year *years;
	int n;
};
/* ACTION_CAMPAIGN_READ at the node. Empty where the campaign appraises nobody. */
int rectified_get(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct rectified_list *ret_list, struct err_info *info);

#endif
