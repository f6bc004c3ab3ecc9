/* SPDX-License-Identifier: Apache-2.0 */
/* Who works where in the demo county, beside the accounts it prints: an organiser and a
 * cadre of every committee below the county, the secretary of every branch. */
#ifndef JW_CLI_DEMO_PEOPLE_H
#define JW_CLI_DEMO_PEOPLE_H

#include "app/app.h"

struct demo_people;

int demo_people_new(struct demo_people **ret_people, struct err_info *info);
void demo_people_free(struct demo_people *people);

/* An account that is there acts in the role at the organisation. */
int demo_people_know(struct demo_people *people, const char *code, enum role role, int64_t account);

/* Makes the accounts of all others as an office does, from a sheet, and grants their
 * roles. `system` and `security` are the administrators above `county`. */
int demo_people_hire(struct demo_people *people, struct app *app, const struct caller *system,
		     const struct caller *security, int64_t county, struct err_info *info);

/* The committee's part of a code, "02" of "02-602": as it is typed, some in wide digits. */
void demo_committee(const char *code, char ret_code[8]);

/* Who acts in a role at the organisation with this code, or at its committee. */
int64_t demo_person(struct demo_people *people, const char *code, enum role role);

/* The same once he has chosen a password, so that he may act himself. */
int demo_person_ready(struct demo_people *people, struct app *app, const struct caller *now, const char *code,
		      enum role role, struct caller *ret_caller, struct err_info *info);

#endif
