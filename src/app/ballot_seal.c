/* SPDX-License-Identifier: Apache-2.0 */
#include "app/ballot_seal.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"

_Static_assert((int)BALLOT_KEY_LEN == (int)crypto_box_SECRETKEYBYTES, "a box's secret key");
_Static_assert((int)BALLOT_KEY_LEN == (int)crypto_box_PUBLICKEYBYTES, "a box's public key");
_Static_assert((int)BALLOT_KEY_LEN == (int)crypto_secretbox_KEYBYTES, "a counter's key");
_Static_assert((int)BALLOT_SEALED_LEN == (int)(crypto_box_SEALBYTES + BALLOT_PLAIN_LEN) &&
	       (int)BALLOT_SEAL_EXTRA == (int)crypto_box_SEALBYTES, "sealed");
_Static_assert((int)BALLOT_WRAP_LEN == (int)(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES +
					     BALLOT_KEY_LEN), "wrapped");
_Static_assert((int)BALLOT_SALT_LEN == (int)crypto_pwhash_SALTBYTES, "salt");

const struct ballot_cost ballot_cost_normal = {3, 256 << 10};

struct ballot_secrets *ballot_secrets_new(void)
{
	/* Guarded, locked, left out of core dumps. */
	struct ballot_secrets *secrets = sodium_init() < 0 ? NULL : sodium_malloc(sizeof(*secrets));
	if (secrets)
		sodium_memzero(secrets, sizeof(*secrets));
	return secrets;
}

void ballot_secrets_free(struct ballot_secrets *secrets)
{
	sodium_free(secrets);	/* clears first; NULL is fine */
}

int ballot_phrase_key(struct app *app, const char *phrase, const unsigned char salt[BALLOT_SALT_LEN],
		      const struct ballot_cost *cost, unsigned char ret_key[BALLOT_KEY_LEN],
		      struct err_info *info)
{
	pthread_mutex_lock(&app->hashing);
	int r = crypto_pwhash(ret_key, BALLOT_KEY_LEN, phrase, strlen(phrase), salt,
			      (unsigned long long)cost->passes, (size_t)cost->kib << 10,
			      crypto_pwhash_ALG_ARGON2ID13);
	pthread_mutex_unlock(&app->hashing);
	return r ? err_nomem(info) : 0;
}

static void pair_key(int64_t box, int a, int b, const struct ballot_secrets *secrets,
		     unsigned char ret_key[BALLOT_KEY_LEN])
{
	unsigned char both[2 * BALLOT_KEY_LEN];
	char text[64];

	_Static_assert(sizeof(both) <= crypto_generichash_KEYBYTES_MAX, "one key of two");
	memcpy(both, secrets->counter_key[a], BALLOT_KEY_LEN);
	memcpy(both + BALLOT_KEY_LEN, secrets->counter_key[b], BALLOT_KEY_LEN);
	int len = snprintf(text, sizeof(text), "jinwei ballot %lld %d %d", (long long)box, a, b);
	crypto_generichash(ret_key, BALLOT_KEY_LEN, (const unsigned char *)text, (size_t)len, both,
			   sizeof(both));
	sodium_memzero(both, sizeof(both));
}

void ballot_wrap_key(int64_t box, int a, int b, const struct ballot_secrets *secrets,
		     struct ballot_wrap *ret_wrap)
{
	unsigned char key[BALLOT_KEY_LEN];

	*ret_wrap = (struct ballot_wrap){.a = a, .b = b};
	randombytes_buf(ret_wrap->sealed, crypto_secretbox_NONCEBYTES);
	pair_key(box, a, b, secrets, key);
	crypto_secretbox_easy(ret_wrap->sealed + crypto_secretbox_NONCEBYTES, secrets->private_key,
			      BALLOT_KEY_LEN, ret_wrap->sealed, key);
	sodium_memzero(key, sizeof(key));
}

int ballot_unwrap_key(int64_t box, const struct ballot_wrap *wrap, struct ballot_secrets *secrets)
{
	unsigned char key[BALLOT_KEY_LEN];

	pair_key(box, wrap->a, wrap->b, secrets, key);
	int r = crypto_secretbox_open_easy(secrets->private_key,
					   wrap->sealed + crypto_secretbox_NONCEBYTES,
					   BALLOT_WRAP_LEN - crypto_secretbox_NONCEBYTES, wrap->sealed,
					   key);
	sodium_memzero(key, sizeof(key));
	return r ? ERR_DENIED : 0;
}

void ballot_fingerprint(const unsigned char public_key[BALLOT_KEY_LEN],
			char ret_text[BALLOT_FINGERPRINT_LEN + 1])
{
	unsigned char hash[16];
	char hex[33];
	int at = 0;

	crypto_generichash(hash, sizeof(hash), public_key, BALLOT_KEY_LEN, NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	for (int i = 0; i < 32; i++) {
		if (i && i % 4 == 0)
			ret_text[at++] = ' ';
		ret_text[at++] = hex[i];
	}
	ret_text[at] = '\0';
}

int ballot_seal(const unsigned char public_key[BALLOT_KEY_LEN], const struct ballot_answers *answers,
		unsigned char ret_sealed[BALLOT_SEALED_LEN])
{
	unsigned char plain[BALLOT_PLAIN_LEN];

	ballot_pack(answers, plain);
	int r = crypto_box_seal(ret_sealed, plain, sizeof(plain), public_key);
	sodium_memzero(plain, sizeof(plain));
	return r ? ERR_IO : 0;
}

/* Opening leaves the head of what was opened on the stack below: libsodium does not
 * clear its first block. */
enum { STACK_BELOW = 8 << 10 };

int ballot_unseal(const unsigned char public_key[BALLOT_KEY_LEN],
		  const struct ballot_secrets *secrets, struct str sealed, int64_t box, int n,
		  int options, struct ballot_answers *ret_answers)
{
	unsigned char plain[BALLOT_PLAIN_LEN];

	if (sealed.len != BALLOT_SEALED_LEN ||
	    crypto_box_seal_open(plain, (const unsigned char *)sealed.data, sealed.len, public_key,
				 secrets->private_key))
		return ERR_INPUT;
	int r = ballot_unpack(plain, box, n, options, ret_answers);
	sodium_memzero(plain, sizeof(plain));
	sodium_stackzero(STACK_BELOW);
	return r;
}

int ballot_seal_text(const unsigned char public_key[BALLOT_KEY_LEN], struct str plain,
		     unsigned char *ret_sealed)
{
	return crypto_box_seal(ret_sealed, (const unsigned char *)plain.data, plain.len, public_key)
		? ERR_IO : 0;
}

int ballot_unseal_text(const unsigned char public_key[BALLOT_KEY_LEN],
		       const struct ballot_secrets *secrets, struct str sealed,
		       unsigned char *ret_plain)
{
	if (sealed.len < BALLOT_SEAL_EXTRA ||
	    crypto_box_seal_open(ret_plain, (const unsigned char *)sealed.data, sealed.len, public_key,
				 secrets->private_key))
		return ERR_INPUT;
	sodium_stackzero(STACK_BELOW);
	return 0;
}

void ballot_hash(const unsigned char key[BALLOT_HASH_LEN], struct str text,
		 unsigned char ret_hash[BALLOT_HASH_LEN])
{
	crypto_generichash(ret_hash, BALLOT_HASH_LEN, (const unsigned char *)text.data, text.len, key,
			   BALLOT_HASH_LEN);
}
