/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords, without a database: what is a good one, how it is kept, whether
 * one fits.
 */
#ifndef JW_APP_SECRET_H
#define JW_APP_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct app;

enum {
	PASSWORD_MIN = 10,		/* characters, unless the policy asks for more */
	PASSWORD_MAX = 128,		/* bytes */
	PASSWORD_HASH_MAX = 128,
	PASSWORD_MADE_LEN = 14,		/* "K7M2-9QXD-R4TP" */
};

/* ERR_INPUT tells what is wrong: too short, known as weak, holds the name, only
 * one sort of characters. `name` and `label` are the account's. */
int password_check(const char *password, int min, const char *name, const char *label,
		   struct err_info *info);

/* Argon2id (64 MiB, 2 passes). ERR_NOMEM. */
int password_hash(struct app *app, const char *password, char ret_hash[PASSWORD_HASH_MAX],
		  struct err_info *info);

/* The same for one that password_make made: 59 random bits need no slow hash,
 * and a sheet has thousands. */
int password_hash_made(const char *password, char ret_hash[PASSWORD_HASH_MAX],
		       struct err_info *info);

/* Takes as long with no hash ("") as with one: nobody learns from the time
 * whether an account exists. */
bool password_fits(struct app *app, const char *hash, const char *password);

/* A random one to print on a slip: easy to read and type, 59 bits. */
void password_make(char ret_password[PASSWORD_MADE_LEN + 1]);

#endif
