/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two secrets a browser holds. The session's token is random and lives in
 * a cookie (HttpOnly, SameSite=Strict, Secure under TLS); only its hash is
 * ever stored. The CSRF token of a form is a keyed hash of that cookie, so it
 * needs no storage and dies with the session. Where nobody is signed in a
 * guest cookie takes the session's place, so that a foreign page can't sign
 * its visitor in either.
 */
#ifndef JW_WEB_SESSION_H
#define JW_WEB_SESSION_H

#include "web/web.h"

/* Under TLS the names carry __Host-, which no other host can set. */
const char *session_cookie_name(bool tls);
const char *guest_cookie_name(bool tls);
const char *note_cookie_name(void);

/* The value of a cookie in a Cookie header; data NULL without. Borrows. */
struct str cookie_find(struct str header, const char *name);

/* A new random token. */
void token_make(char out[WEB_TOKEN_LEN + 1]);

/* What is stored of a token. */
void token_hash(struct str token, unsigned char out[WEB_HASH_LEN]);

/* The CSRF token that belongs to a session's or guest's token. */
void csrf_make(const unsigned char key[WEB_HASH_LEN], struct str token,
	       char out[WEB_TOKEN_LEN + 1]);

/* Compares without telling by time how much was right. */
bool token_equal(struct str a, const char *b);

/* Adds a Set-Cookie header; an empty value removes the cookie. */
void cookie_set(struct web_call *call, const char *name, const char *value, int max_age_s);

#endif
