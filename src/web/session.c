/* SPDX-License-Identifier: Apache-2.0 */
#include "web/session.h"

#include <sodium.h>
#include <string.h>

const char *session_cookie_name(bool tls)
{
	return tls ? "__Host-jw" : "jw";
}

const char *guest_cookie_name(bool tls)
{
	return tls ? "__Host-jwg" : "jwg";
}

const char *note_cookie_name(void)
{
	return "jwn";
}

struct str cookie_find(struct str header, const char *name)
{
	size_t len = strlen(name);

	for (size_t at = 0; at < header.len;) {
		const char *semi = memchr(header.data + at, ';', header.len - at);
		size_t end = semi ? (size_t)(semi - header.data) : header.len;
		while (at < end && header.data[at] == ' ')
			at++;
		if (end - at > len && memcmp(header.data + at, name, len) == 0 &&
		    header.data[at + len] == '=')
			return (struct str){header.data + at + len + 1, end - at - len - 1};
		at = end + 1;
	}
	return (struct str){0};
}

void token_make(char out[WEB_TOKEN_LEN + 1])
{
	unsigned char bytes[32];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(out, WEB_TOKEN_LEN + 1, bytes, sizeof(bytes),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void token_hash(struct str token, unsigned char out[WEB_HASH_LEN])
{
	crypto_generichash(out, WEB_HASH_LEN, (const unsigned char *)token.data, token.len, NULL, 0);
}

void csrf_make(const unsigned char key[WEB_HASH_LEN], struct str token,
	       char out[WEB_TOKEN_LEN + 1])
{
	unsigned char hash[WEB_HASH_LEN];

	crypto_generichash(hash, sizeof(hash), (const unsigned char *)token.data, token.len, key,
			   WEB_HASH_LEN);
	sodium_bin2base64(out, WEB_TOKEN_LEN + 1, hash, sizeof(hash),
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool token_equal(struct str a, const char *b)
{
	size_t len = strlen(b);
	return a.len == len && len && sodium_memcmp(a.data, b, len) == 0;
}

void cookie_set(struct web_call *call, const char *name, const char *value, int max_age_s)
{
	const char *secure = call->request->tls ? "; Secure" : "";
	char *text;

	if (max_age_s)
		text = arena_printf(call->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s; Max-Age=%d",
				    name, value, secure, *value ? max_age_s : 0);
	else
		text = arena_printf(call->arena, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s", name,
				    value, secure);
	if (text)
		web_header(call->response, "Set-Cookie", text);
}
