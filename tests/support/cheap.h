/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords that cost next to nothing: a test signs in more often than people. */
#ifndef JW_TESTS_CHEAP_H
#define JW_TESTS_CHEAP_H

#include <sodium.h>

#include "app/app.h"

static inline void cheap_passwords(struct app *app)
{
	app->hash_ops = crypto_pwhash_OPSLIMIT_MIN;
	app->hash_bytes = crypto_pwhash_MEMLIMIT_MIN;
}

#endif
