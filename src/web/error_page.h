/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When something can't be answered: a page in plain Chinese that says what
 * happened and what to do, or application/problem+json (RFC 9457). Both carry
 * the reference number under which the log has the details.
 */
#ifndef JW_WEB_ERROR_PAGE_H
#define JW_WEB_ERROR_PAGE_H

#include "web/web.h"

/* Makes the whole answer; `detail` is for the user, NULL or "" for none. Of
 * a failure of the system (5xx) the detail goes to the log only. */
void error_answer(struct web_call *call, int status, const char *detail);

/* The members that RFC 9457 names, into an object that may have others of its own. */
void error_members(const struct web_call *call, int status, const char *detail, json_t *problem);

#endif
