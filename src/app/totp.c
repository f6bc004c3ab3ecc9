/* SPDX-License-Identifier: Apache-2.0 */
#include "app/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

uint32_t totp_code(const unsigned char secret[20], int64_t step)
{
	unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
	unsigned int len = 0;
	for (int i = 0; i < 8; i++)
		counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
	if (!HMAC(EVP_sha1(), secret, 20, counter, sizeof(counter), mac, &len) || len != 20)
		return UINT32_MAX;
	int at = mac[19] & 0xF;
	uint32_t value = ((uint32_t)mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 |
			 (uint32_t)mac[at + 2] << 8 | mac[at + 3];
	return value % 1000000;
}

int64_t totp_fits(const unsigned char secret[20], const char *code, int64_t now_s, int64_t after)
{
	uint32_t typed = 0;
	int digits = 0;
	for (const char *p = code; *p; p++) {
		if (*p == ' ')
			continue;
		if (*p < '0' || *p > '9' || ++digits > 6)
			return -1;
		typed = typed * 10 + (uint32_t)(*p - '0');
	}
	if (digits != 6)
		return -1;
	for (int64_t step = now_s / 30 - 1; step <= now_s / 30 + 1; step++)
		if (step > after && totp_code(secret, step) == typed)
			return step;
	return -1;
}

static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_text(const unsigned char secret[20], char ret_text[TOTP_TEXT_LEN + 1])
{
	for (int i = 0; i < TOTP_TEXT_LEN; i++) {
		int bit = i * 5, byte = bit / 8, shift = bit % 8;
		unsigned two = (unsigned)secret[byte] << 8 | (byte < 19 ? secret[byte + 1] : 0);
		ret_text[i] = base32[two >> (11 - shift) & 31];
	}
	ret_text[TOTP_TEXT_LEN] = '\0';
}

bool totp_parse(const char *text, unsigned char ret_secret[20])
{
	unsigned char secret[20] = {0};
	if (strlen(text) != TOTP_TEXT_LEN)
		return false;
	for (int i = 0; i < TOTP_TEXT_LEN; i++) {
		const char *sign = strchr(base32, text[i]);
		if (!sign)
			return false;
		unsigned value = (unsigned)(sign - base32);
		for (int b = 0; b < 5; b++)
			if (value >> (4 - b) & 1)
				secret[(i * 5 + b) / 8] |= (unsigned char)(0x80 >> (i * 5 + b) % 8);
	}
	memcpy(ret_secret, secret, sizeof(secret));
	return true;
}
