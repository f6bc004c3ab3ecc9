/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Printed forms (spec: forms.md): the list of them, filled from what is kept
 * or empty, written out, remembered with a version and a check code, and
 * checked again later. ACTION_REPORT_READ at the node; every print and export
 * is in the audit log. The floor under small groups (domain/floor.h) holds.
 */
#ifndef JW_APP_FORMS_H
#define JW_APP_FORMS_H

#include "app/app.h"
#include "report/doc_write.h"
#include "store/campaign.h"
#include "store/print.h"

enum {
	FORM_DETAIL_MAX = 1000,		/* bytes of what else is asked for */
	FORM_ORGS_MAX = 100000,		/* organisations of one form, kept in memory */
	FORM_EACH_MAX = 5000,		/* … with a sheet each */
	FORM_FIGURE_MAX = 80,
	FORM_SHEETS_MAX = 2000,		/* of ballots of one organisation */
};

struct form_fill;

struct form_kind {
	const char *id;			/* "f6-tally": in addresses */
	const char *name;		/* "F6" */
	const char *label, *about;
	unsigned formats;		/* bit per enum doc_format */
	bool campaign;			/* tells of a campaign: none, no figures */
	bool ledger;			/* tells of the ledger */
	bool blank;			/* can be had empty */
	bool red;			/* a letter: can have a red head */
	int (*fill)(struct form_fill *fill, struct doc *doc, struct err_info *info);
};

/* All of them, in the order of forms.md; ends with a NULL id. */
extern const struct form_kind form_kinds[];

/* NULL where there is none. */
const struct form_kind *form_find(const char *id);

/* What is wanted. */
struct form_ask {
	const char *form;
	int64_t node;
	int64_t campaign;		/* 0: none */
	bool blank;
	bool each;			/* one for each child of the node, in one document */
	bool red;			/* letters with the office's name in red */
	int sheets;			/* F6: pages of ballots; 0: one */
	/* F18: columns, and "field=0&grade=3&case=1" (1: in the ledger now, 2: ever); F13: "from=20261101&to=20261130" as
	 * the filter. NULL: the usual ones, all; this month. */
	const char *columns, *filter;
	const char *title;		/* F18; NULL */
	const char *figure;		/* collect the organisations behind this one; NULL */
};

/* Fills the form; `arena` holds what the document points to. Nothing is
 * remembered: for a preview. ERR_INPUT, ERR_NOT_FOUND, ERR_DENIED, ERR_LIMIT. */
int forms_make(struct app *app, const struct caller *caller, const struct form_ask *ask,
	       struct arena *arena, struct doc *ret_doc, struct err_info *info);

/* The organisations behind the figure ask->figure, as many as it says. */
struct form_org {
	int64_t id;
	const char *code, *name;
};
int forms_figure(struct app *app, const struct caller *caller, const struct form_ask *ask,
		 struct arena *arena, struct form_org **ret_orgs, int *ret_n, struct err_info *info);

/* Fills it, remembers the print (a new version where the data moved since the
 * last one, else the same again), sets its imprint and writes an audit entry.
 * An empty form is only audited: ret_print->id 0. `how`: "print", "xlsx" … */
int forms_issue(struct app *app, const struct caller *caller, const struct form_ask *ask,
		const char *how, struct arena *arena, struct doc *ret_doc, struct print *ret_print,
		struct err_info *info);

/* A name for the file, without ending: "F4-基层党组织分类定级结果汇总表-石桥镇". */
const char *forms_file_name(const struct doc *doc, const char *unit, struct arena *arena);

/* ---- prints ---- */

struct form_check {
	struct print print;
	const struct form_kind *kind;	/* NULL: a form of a later version of this program */
	bool latest;			/* no later version was printed */
	bool moved;			/* the data is another than on the paper */
	const char *why_unknown;	/* it cannot be told now, because …; NULL: it can */
};

/* By the code on the paper (blanks, hyphens and case do not matter). */
int forms_check(struct app *app, const struct caller *caller, const char *code, struct arena *arena,
		struct form_check *ret_check, struct err_info *info);

/* Whether the same form was stamped before (a scan is attached) and its data moved
 * since: 1 and what was stamped, else 0. */
int forms_sealed(struct app *app, const struct caller *caller, const struct print *print,
		 struct arena *arena, struct form_check *ret_check, struct err_info *info);

/* Prints of a node, latest first. */
int forms_prints(struct app *app, const struct caller *caller, int64_t node, int64_t offset,
		 int64_t limit, struct arena *arena, struct print **ret_prints, int *ret_n,
		 int64_t *ret_total, struct err_info *info);

/* What the list of forms needs: the node, the campaigns that reach it. */
struct form_place {
	struct org org;
	struct org *crumbs;
	int n_crumbs;
	struct campaign *campaigns;
	int n_campaigns;
	struct form_view *views;
	int n_views;
};
int forms_place(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct form_place *ret_place, struct err_info *info);

/* ---- chosen columns (F18) ---- */

struct form_column {
	const char *id, *label;
	bool campaign;			/* needs one */
};
/* All that can be chosen; ends with a NULL id. */
extern const struct form_column form_columns[];
enum { FORM_COLUMNS_MAX = 12 };	/* chosen at once */
/* Label of the organisation's field (org_field.h) that a column shows, or "代码"; NULL: it shows something
 * else. */
const char *form_column_field(const struct form_column *column);

int forms_view_save(struct app *app, const struct caller *caller, const struct form_view *view,
		    struct err_info *info);
int forms_view_drop(struct app *app, const struct caller *caller, int64_t node, const char *name,
		    struct err_info *info);

#endif
