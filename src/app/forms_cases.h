/* SPDX-License-Identifier: Apache-2.0 */
/* What forms_cases.c and forms_accept.c share. Internal to app/. */
#ifndef JW_APP_FORMS_CASES_H
#define JW_APP_FORMS_CASES_H

#include "app/forms_fill.h"
#include "store/case.h"

/* A case and its organisation as it stands today. */
struct fill_case {
	struct ledger_case row;
	struct org org;
};

/* The cases below the node, by path; `open`: only those in the ledger now. */
int fill_cases(struct form_fill *f, bool open, struct fill_case **ret_cases, int *ret_n,
	       struct err_info *info);

/* The case as forms show it, with helpers and this round's problems. */
int fill_form_case(struct form_fill *f, const struct fill_case *c, struct form_case *out);

#endif
