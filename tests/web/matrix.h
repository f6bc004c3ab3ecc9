/* SPDX-License-Identifier: Apache-2.0 */
/* What the rights matrix walks over: an organisation of each relation to the
 * caller's own, with one thing of every kind that belongs to it. */
#ifndef JW_TESTS_MATRIX_H
#define JW_TESTS_MATRIX_H

#include "app/ballot.h"
#include "app/desk.h"
#include "web/session.h"
#include "web/web.h"

enum { NOW_S = 1795000000 };
enum relation { OWN, BELOW, FAR_BELOW, ABOVE, BESIDE, ELSEWHERE, RELATION_COUNT };

/* An organisation with an account, a request and a file that belong to it. */
struct site {
	int64_t id, account, request, version, attachment, scheme, evidence, case_id, problem, draw, check,
		publicity, objection, session, template;
	char code[16], print[16];	/* print: the check code of one */
	char finding[80];		/* one that can be marked */
	int64_t boxes[5];		/* by state */
	char slip[BALLOT_CODE_LEN + 1];	/* of the open one */
	int64_t campaign, ended;	/* its own: going on, closed */
	enum level level;
};

struct matrix {
	struct desk *desk;
	struct engine *engine;
	struct web web;
	struct matrix_watcher *watcher;
	enum role role;
	int64_t account;
	char token[WEB_TOKEN_LEN + 1], csrf[WEB_TOKEN_LEN + 1];
	struct site at[RELATION_COUNT];
	struct site wanted;		/* should exist, below the county */
	int64_t campaign;		/* over the city */
	int64_t ledger;			/* the one whose rules the cases follow */
	int64_t live_campaign;		/* one with a live session at every site */
	int64_t other_campaign;		/* with a rater and an X indicator of the township */
	bool done[512];			/* a write of this route was carried out */
	int asked, denied;
	bool writes;			/* what is written stays until it is put back */
};

/* Keeps the database as it is now; says whether anything was written since
 * matrix_watch, and puts it back. Until matrix_end. */
void matrix_keep(struct matrix *m);
void matrix_watch(struct matrix *m);
bool matrix_wrote(struct matrix *m);
void matrix_put_back(struct matrix *m);
void matrix_end(struct matrix *m);
void matrix_rest(void);		/* from now on all is saved as usual */
/* A statement outside the program, which stays until the database is put back. */
void matrix_run(struct matrix *m, const char *sql);

static const struct str picture = {"\x89PNG\r\n\x1A\n-", 9};

void matrix_add_caller(struct matrix *m);
void matrix_add_places(struct matrix *m);
int64_t matrix_box_for(const struct site *site, const char *route);

#endif
