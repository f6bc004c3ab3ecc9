/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Own templates as people use them (spec: forms.md, "Own template"): put one up
 * for a node and all below it, see what its placeholders mean, fill it with what
 * is kept, read a returned workbook back (app/template_read.h).
 *
 * Putting up and taking back: ACTION_SUBMIT at the node; seeing and filling:
 * ACTION_REPORT_READ at a node at or below the template's. Every fill is in the
 * audit log; the floor under small groups holds.
 */
#ifndef JW_APP_TEMPLATES_H
#define JW_APP_TEMPLATES_H

#include "app/app.h"
#include "report/template.h"
#include "store/campaign.h"
#include "store/template.h"

/* ---- what can be asked for ---- */

struct template_known {
	const char *name;		/* as in braces: "组织.书记" */
	const char *about, *example;
	bool written;			/* can be changed by reading a workbook back */
};
/* All placeholders there are, single values first, then list by list. In `arena`; NULL
 * without memory. */
const struct template_known *templates_known(struct arena *arena, int *ret_n);

/* The lists by which rows and sheets are repeated, with what each is; NULL-ended. */
struct template_list_kind {
	const char *name, *about;
	bool sheets;			/* whole sheets too */
};
extern const struct template_list_kind template_lists[];

/* ---- the shelf ---- */

struct template_shelf {
	struct org org;
	struct org *crumbs;
	int n_crumbs;
	struct form_template *templates;	/* of the node and those above, nearest first */
	int n;
	bool may_add;
};
int templates_list(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		   struct template_shelf *ret_shelf, struct err_info *info);

struct template_new {
	int64_t node;
	const char *name, *note;	/* at most 60 and 200 characters */
	struct str file_name, data;
};
/* Keeps a file as a template. ERR_INPUT: no .xlsx or .docx, broken, or rows that
 * can't be repeated; ERR_LIMIT. Unknown placeholders are taken: the page says so. */
int templates_add(struct app *app, const struct caller *caller, const struct template_new *in,
		  int64_t *ret_id, struct err_info *info);

/* Takes it out of use; it stays with its reason. ACTION_SUBMIT at its node. */
int templates_withdraw(struct app *app, const struct caller *caller, int64_t id, const char *why,
		       struct err_info *info);

/* ---- one template at a node ---- */

struct template_ask {
	int64_t template, node;
	int64_t campaign;		/* 0: none */
};

/* A placeholder of the file, the same name once. */
struct template_hole_info {
	const char *name, *where;	/* where it stands first */
	int times;
	const struct template_known *known;	/* NULL: not known */
	const char *nearest;		/* for one that is not known: what may be meant; NULL */
	const char *value;		/* now, of the first row; "" if empty */
	int rows;			/* of its list; -1: a single value */
};
struct template_detail {
	struct form_template template;
	struct template_shelf shelf;	/* the node and its path; templates empty */
	struct campaign *campaigns;	/* that reach the node */
	int n_campaigns;
	struct template_hole_info *holes;
	int n_holes, n_unknown;
	bool readable;			/* a workbook in which something can be written back */
	bool may_withdraw;
};
/* With the values of the node and campaign as they are now. */
int templates_get(struct app *app, const struct caller *caller, const struct template_ask *ask,
		  struct arena *arena, struct template_detail *ret_detail, struct err_info *info);

/* The file as it was put up. */
int templates_file(struct app *app, const struct caller *caller, const struct template_ask *ask,
		   struct arena *arena, struct form_template *ret_template, struct buf *data,
		   struct err_info *info);

/* The filled file. `ret_name` is one for it, with its ending. */
int templates_fill(struct app *app, const struct caller *caller, const struct template_ask *ask,
		   struct arena *arena, struct buf *out, const char **ret_name,
		   struct err_info *info);

/* ---- samples to begin with ---- */

struct template_sample {
	const char *id;			/* the file's name without ending */
	const char *text;		/* its bytes */
	size_t len;
};
/* Built into the program. */
const struct template_sample *template_samples(size_t *ret_n);

#endif
