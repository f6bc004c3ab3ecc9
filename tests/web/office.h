/* SPDX-License-Identifier: Apache-2.0 */
/* An office in a county with its first accounts signed in: requests go through
 * the router to a real database, without a port. */
#ifndef TESTS_WEB_OFFICE_H
#define TESTS_WEB_OFFICE_H

#include "tests/web/cm.h"

#include <stdlib.h>

#include "app/people.h"
#include "tests/support/engines.h"
#include "web/web.h"

enum { OFFICE_NOW_S = 1795000000 };
enum office_who { SYSTEM, SECURITY, AUDITOR, OFFICER, OFFICE_PEOPLE, OFFICE_ALL = OFFICE_PEOPLE + 24 };

struct office {
	struct app app;
	struct web web;
	struct caller machine;
	int64_t county, town;		/* 龙泉镇, code 07 */
	int64_t now_s;
	int n_people;			/* the first OFFICE_PEOPLE and those hired since */
	char logins[OFFICE_ALL][24], tokens[OFFICE_ALL][WEB_TOKEN_LEN + 1];
};

int office_setup(void **state);
int office_teardown(void **state);
struct office *office_of(void **state);
const char *office_password(enum office_who who);

/* Somebody with one role, signed in; his number. */
enum office_who office_hire(struct office *office, int64_t node, const char *login, enum role role);

/* It is noon of another day, and all have signed in again. */
void office_at(struct office *office, int32_t day);

/* Asks with the cookie of somebody; a POST with its token. web_response_done
 * afterwards. */
struct web_response office_ask(struct office *office, enum office_who who,
			       struct web_request *request);

/* Asks as a browser does; web_response_done afterwards. */
struct web_response office_get(struct office *office, enum office_who who, const char *path,
			       const char *query);

/* The JSON face of a page that must answer 200; json_decref afterwards. */
json_t *office_json(struct office *office, enum office_who who, const char *path,
		    const char *query);

/* Sends a form with its token; the status must be `status`. Returns the body,
 * to be freed. */
char *office_post(struct office *office, enum office_who who, const char *path, const char *form,
		  int status);

/* The same with a file in the field "file"; `fields` as in a query. */
char *office_upload(struct office *office, enum office_who who, const char *path,
		    const char *node, struct str file, bool json, int status);

#define IN_OFFICE(test) ON_BOTH_WITH(test, office_setup, office_teardown)

#endif
