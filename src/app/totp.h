/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second factor: RFC 6238, six digits, 30 seconds, HMAC-SHA-1, as every
 * authenticator does it. (Apart from the rest and without base/err.h, whose
 * names OpenSSL's headers also use.)
 */
#ifndef JW_APP_TOTP_H
#define JW_APP_TOTP_H

#include <stdbool.h>
#include <stdint.h>

enum { TOTP_TEXT_LEN = 32 };	/* a secret in base32 */

/* The code of a step (seconds since 1970 ÷ 30), below 1,000,000. */
uint32_t totp_code(const unsigned char secret[20], int64_t step);

/* One step early or late is fine. The step that fits, or -1; it must be later
 * than `after`, so that a code works once. Blanks in `code` are passed over. */
int64_t totp_fits(const unsigned char secret[20], const char *code, int64_t now_s, int64_t after);

/* For an authenticator: base32 of the secret; and back, false for anything else. */
void totp_text(const unsigned char secret[20], char ret_text[TOTP_TEXT_LEN + 1]);
bool totp_parse(const char *text, unsigned char ret_secret[20]);

#endif
