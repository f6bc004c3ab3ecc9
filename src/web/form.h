/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forms that keep what was typed. The rows come from the declared fields of
 * the POST route: label, hint, limits and, where a try failed, what was typed
 * and what is wrong with it, under the field.
 */
#ifndef JW_WEB_FORM_H
#define JW_WEB_FORM_H

#include "web/web.h"

struct form {
	struct web_call *call;
	struct html *h;
	const struct web_field *fields;
	bool again;		/* this is the one that was sent: shown after a failed try */
	const char *nth;	/* in the ids of its fields: "", and "2" … for further forms of a page */
};

/* <form>, the CSRF token, and above all what went wrong. `action` is an
 * address of this site. */
struct form form_begin(struct web_call *call, struct html *h, const char *action,
		       const struct web_field *fields);

/* A form that is folded away behind `summary`, open where it is shown again; the
 * page writes </details>. `key` names the field that tells forms with one address
 * apart, `value` goes along in it (both NULL: the address does). */
struct form form_fold(struct web_call *call, struct html *h, const char *summary, const char *action,
		      const struct web_field *fields, const char *key, const char *value);

/* What is wrong with a form that a page writes by hand, if it is shown again. What no
 * form of the page says, page_end does. */
void form_problem(struct web_call *call, struct html *h, const struct web_field *fields);

/* What was typed into the nth (from 0) field `name` of a form that a page writes by
 * hand and that is shown again; else `otherwise`. */
const char *form_typed(struct web_call *call, const struct web_field *fields, const char *name, int nth,
		       const char *otherwise);

/* A day in the filter of a list, which goes by the route's own fields: what was typed,
 * marked where it is no day; else `value`. */
void form_filter_day(struct web_call *call, struct html *h, const char *name, const char *value);

/* One labelled row of the declared field `name`; `value` is shown unless
 * something was typed (NULL: nothing). CHOICE: the id. FLAG: "1" is ticked. */
void form_row(const struct form *form, const char *name, const char *value);

/* As form_row, with choices that depend on the page (ends with a NULL id;
 * NULL: those declared). */
void form_row_choice(const struct form *form, const char *name, const char *value,
		     const struct web_choice *choices);

/* Boxes to tick for a field that takes many; `ticked` has the chosen ids,
 * ending with NULL (NULL: none). */
void form_row_many(const struct form *form, const char *name, const char *const *ticked,
		   const struct web_choice *choices);

/* A value that goes along unseen. */
void form_hidden(const struct form *form, const char *name, const char *value);

/* The buttons and </form>. `kind`: "main", "danger" or "". `back` may be NULL. */
void form_end(const struct form *form, const char *button, const char *kind, const char *back);

#endif
