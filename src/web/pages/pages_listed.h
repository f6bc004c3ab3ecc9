/* SPDX-License-Identifier: Apache-2.0 */
/* What the lists of survey, self-evaluation and count have in common. */
#ifndef JW_WEB_PAGES_PAGES_LISTED_H
#define JW_WEB_PAGES_PAGES_LISTED_H

#include "app/listed.h"
#include "domain/scheme.h"
#include "web/table.h"

/*
 * What lists of a campaign's organisations (survey, self-evaluation, count) show: the
 * call's fields are campaign and node. `cells` are the organisations' where all are
 * listed; else the table has the units right below, with how many of theirs are how far
 * in the step of `kind`, and each leads to the same list of its own (`list`: "counts"),
 * or to the page of an organisation (`one`: "count"). ERR_NOMEM.
 */
int listed_table(struct web_call *call, const struct listed *listed, const struct scheme *scheme,
		 enum scheme_step_kind kind, const char *list, const char *one,
		 const struct table_column *columns, const struct table_cell *cells,
		 struct web_table *ret_table);

/* "3,200 个党组织；点名称填写", or that there are too many to be shown together. */
void listed_note(struct html *h, const struct listed *listed, const char *what);

#endif
