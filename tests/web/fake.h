/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small site for the tests of the web floor: a gate with two accounts and a
 * handful of routes that show every feature of the router. It lives only here.
 */
#ifndef JW_TESTS_WEB_FAKE_H
#define JW_TESTS_WEB_FAKE_H

#include "web/web.h"

/* The session tokens the fake gate knows: an ordinary account, and one that
 * must change its password first. FAKE_OWN is its node, FAKE_FOREIGN is denied
 * and no other exists. */
#define FAKE_TOKEN "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define FAKE_TOKEN_NEW "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define FAKE_CODE "the-one-time-code"

enum { FAKE_ACTION = 7, FAKE_OWN = 1, FAKE_FOREIGN = 2 };

struct fake {
	struct web web;
	bool is_new;		/* no account exists yet */
	int acts;		/* handlers that ran */
	int groups, grouped;	/* calls of POST /group together, and of how many requests */
	char saved[256];	/* what POST /things/{id} got, typed */
};

void fake_init(struct fake *fake);
void fake_done(struct fake *fake);

/* A GET as a browser of account FAKE_TOKEN sends it. */
struct web_request fake_get(const char *path, const char *query);

/* A POST of a form with this body; the CSRF token is appended to it in `buf`
 * unless NULL. */
struct web_request fake_post(struct fake *fake, const char *path, const char *body,
			     struct buf *buf);

/* The value of a response's header, or NULL. */
const char *fake_header(const struct web_response *response, const char *name);

/* True if the response's body has the text. */
bool fake_has(const struct web_response *response, const char *text);

#endif
