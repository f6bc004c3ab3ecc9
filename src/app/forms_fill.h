/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that fill forms (forms_*.c) share. Internal to app/. */
#ifndef JW_APP_FORMS_FILL_H
#define JW_APP_FORMS_FILL_H

#include "app/campaigns.h"
#include "app/forms.h"
#include "report/forms/forms.h"

/* A form on its way through one transaction. */
struct form_fill {
	struct app *app;
	struct db_tx *tx;
	const struct caller *caller;
	const struct form_ask *ask;
	struct arena *arena;		/* the document may point into it */
	struct access access;
	struct org node;
	struct campaign_call call;	/* of ask->campaign, else zeros */
	char path[ORG_PATH_MAX];	/* of the node: today, or in the campaign's tree */
	struct form_head head;
	bool with_words;		/* the list of graded organisations tells what survey, meeting
					 * and approving level said: F11, F14, F15 */
	bool in_public;			/* the form is hung up: nobody's right opens small groups */
	struct form_org *found;		/* behind ask->figure */
	int n_found, cap_found;
};

/* Enters at ask->node (and its campaign): app, tx, caller, ask and arena are set,
 * the rest follows. ACTION_REPORT_READ. */
int fill_enter(struct form_fill *f, struct err_info *info);

/* "2026年11月20日"; NULL for 0. */
const char *fill_day(struct form_fill *f, int32_t day);

/* Remembers the organisation if `figure` is the one asked for. ERR_NOMEM. */
int fill_found(struct form_fill *f, const char *figure, int64_t id, const char *code,
	       const char *name);

/* As fill_found, of all graded organisations below a path of the campaign's tree
 * whose step is in one of `states` (bit per enum step_state). */
int fill_found_step(struct form_fill *f, const char *figure, const char *path, int step,
		    unsigned states);

/* "" becomes NULL. */
static inline const char *fill_some(const char *text)
{
	return text && *text ? text : NULL;
}

/* The graded organisations with their results, as the caller may see them. */
int fill_graded(struct form_fill *f, struct graded_list *ret_list, struct err_info *info);

/* Who is late with what: steps whose days are over, by child node, then by the
 * node's own organisations. */
int fill_late(struct form_fill *f, struct form_late **ret_late, int *ret_n, struct err_info *info);

int fill_f1(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f2(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f3(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f4(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f5(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f5_standards(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f6(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f6_tally(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f7(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f8(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f9(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f10(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f11(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f12(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f12_notice(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f13(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f14(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f15(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f16(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f17(struct form_fill *f, struct doc *doc, struct err_info *info);
int fill_f18(struct form_fill *f, struct doc *doc, struct err_info *info);

#endif
