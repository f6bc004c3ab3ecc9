/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each route is for and who may do that, written down a second time, from
 * the table of roles in the specification, not from src/app/right.c: the two
 * must agree. A route without a line here fails tests (and, through
 * test_web_routes, the build).
 */
#ifndef JW_TESTS_RULES_H
#define JW_TESTS_RULES_H

#include "app/right.h"
#include "web/web.h"

struct rule {
	const char *route;	/* "GET /orgs" */
	const char *what;	/* one of the words below, or of `ruled_roles` */
	/* What must have happened before it does anything; then the test that carries
	 * it out. NULL: the matrix does. */
	const char *done_in;
};

/* NULL where nobody has thought of it. */
const struct rule *rule_of(const struct web_route *route);

/* May the role do `what` at its organisation and below? */
bool rule_allows(enum role role, const char *what);

/* Rules that ask for no role: for everybody, for this machine, before the first
 * account, for signing in, and for one's own things. */
bool rule_is_for_roles(const struct rule *rule);

#endif
