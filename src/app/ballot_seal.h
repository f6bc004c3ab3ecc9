/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cryptography of a ballot box, all of it libsodium's.
 *
 *   box key      X25519; ballots are sealed to its public half (crypto_box_seal)
 *   counter key  Argon2id of his pass phrase and salt
 *   pair key     BLAKE2b of the box's number, keyed with both counters' keys
 *   wrapped key  the private half, XSalsa20-Poly1305 under a pair key
 *   slip hash    BLAKE2b of the code, keyed with a secret of the installation
 *
 * Secrets live in memory that is locked, kept out of core dumps and cleared.
 */
#ifndef JW_APP_BALLOT_SEAL_H
#define JW_APP_BALLOT_SEAL_H

#include "base/err.h"
#include "store/ballot.h"

struct app;

enum { BALLOT_SEAL_EXTRA = 48 };	/* bytes that sealing adds */

/* What is never to reach a disk. */
struct ballot_secrets {
	unsigned char private_key[BALLOT_KEY_LEN];
	unsigned char counter_key[BALLOT_COUNTERS_MAX][BALLOT_KEY_LEN];
};

/* Locked memory, cleared by ballot_secrets_free; NULL without. */
struct ballot_secrets *ballot_secrets_new(void);
void ballot_secrets_free(struct ballot_secrets *secrets);

/* The cost of a pass phrase; stored with the box. */
struct ballot_cost {
	int64_t passes, kib;
};
/* Argon2id, 256 MiB, 3 passes. */
extern const struct ballot_cost ballot_cost_normal;

/* The key of one pass phrase. One at a time in a process. ERR_NOMEM. */
int ballot_phrase_key(struct app *app, const char *phrase, const unsigned char salt[BALLOT_SALT_LEN],
		      const struct ballot_cost *cost, unsigned char ret_key[BALLOT_KEY_LEN],
		      struct err_info *info);

/* Seals the private key to counters `a` < `b`, whose keys are in `secrets`. */
void ballot_wrap_key(int64_t box, int a, int b, const struct ballot_secrets *secrets,
		     struct ballot_wrap *ret_wrap);

/* Puts the private key into `secrets`; ERR_DENIED where the two keys are not
 * those it was sealed to. */
int ballot_unwrap_key(int64_t box, const struct ballot_wrap *wrap, struct ballot_secrets *secrets);

/* Eight groups of four hexadecimal digits. */
enum { BALLOT_FINGERPRINT_LEN = 39 };
void ballot_fingerprint(const unsigned char public_key[BALLOT_KEY_LEN],
			char ret_text[BALLOT_FINGERPRINT_LEN + 1]);

/* Seals an answered ballot; what was packed is cleared. */
int ballot_seal(const unsigned char public_key[BALLOT_KEY_LEN], const struct ballot_answers *answers,
		unsigned char ret_sealed[BALLOT_SEALED_LEN]);

/* Opens one. ERR_INPUT where it is not sealed to this key, or is no ballot of
 * this box with `n` answers below `options`. */
int ballot_unseal(const unsigned char public_key[BALLOT_KEY_LEN],
		  const struct ballot_secrets *secrets, struct str sealed, int64_t box, int n,
		  int options, struct ballot_answers *ret_answers);

/* The same for any text: a counter's counts of paper. */
int ballot_seal_text(const unsigned char public_key[BALLOT_KEY_LEN], struct str plain,
		     unsigned char *ret_sealed);	/* plain.len + 48 bytes */
int ballot_unseal_text(const unsigned char public_key[BALLOT_KEY_LEN],
		       const struct ballot_secrets *secrets, struct str sealed,
		       unsigned char *ret_plain);	/* sealed.len - 48 bytes */

/* The keyed hash of a code, or of a nonce. */
void ballot_hash(const unsigned char key[BALLOT_HASH_LEN], struct str text,
		 unsigned char ret_hash[BALLOT_HASH_LEN]);

#endif
