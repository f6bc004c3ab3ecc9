/* SPDX-License-Identifier: Apache-2.0 */
#include "app/secret.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "app/app.h"

_Static_assert(PASSWORD_HASH_MAX >= crypto_pwhash_STRBYTES, "room for libsodium's text");

/* ---- what is a good one ---- */

/* Beginnings that everybody tries first, in small letters; what follows them
 * (digits and signs) does not help. */
static const char *const weak[] = {
	"password", "passw0rd", "p@ssw0rd", "p@ssword", "admin", "administrator", "root", "test",
	"guest", "user", "welcome", "letmein", "iloveyou", "woaini", "woaizuguo", "qwerty",
	"qwertyuiop", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "qazwsx", "qazwsxedc", "wsxedc",
	"1qaz2wsx", "1q2w3e4r", "qweasd", "qweasdzxc", "abc", "abcd", "abcdef", "aaaaaa", "monkey",
	"dragon", "sunshine", "zhongguo", "china", "beijing", "dangyuan", "dangzhibu", "zuzhibu",
	"gongchandang", "dangjian", "jinwei", "fupin", "cunzhishu", "shuji", "xiangzhen",
	"nihao", "wodemima", "mima", "gongan", "zhengfu", "bangong", "renmin", "wangluo",
	"computer", "internet", "changeme", "default", "master", "secret", "login", "hello",
};

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
	c = small(c);
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool holds(const char *text, const char *part)
{
	size_t n = strlen(part);
	/* Very short names are in everything. */
	return n >= 4 && strstr(text, part);
}

/* How many characters tell something that the ones before did not: steps of a
 * row (1234, abcd, aaaa) and of a repeated beginning tell nothing. */
static int telling(const char *text)
{
	int n = 0;
	size_t len = strlen(text);
	size_t period = 0;
	for (size_t p = 1; p <= len / 2 && !period; p++)
		if (memcmp(text, text + p, len - p) == 0)
			period = p;
	if (period)
		len = period;
	for (size_t i = 0; i < len; i++) {
		int step = i ? text[i] - text[i - 1] : 9;
		n += step < -1 || step > 1;
	}
	return n;
}

int password_check(const char *password, int min, const char *name, const char *label,
		   struct err_info *info)
{
	char folded[PASSWORD_MAX + 1] = "", name_small[PASSWORD_MAX + 1];
	size_t len = strlen(password), start = 0;
	int characters = 0, kinds = 0;
	bool letter = false, digit = false, other = false;

	if (len > PASSWORD_MAX)
		return err_set(info, ERR_INPUT, "密码太长，最多 %d 个字节", PASSWORD_MAX);
	for (size_t i = 0; i < len; i++) {
		characters += ((unsigned char)password[i] & 0xC0) != 0x80;
		folded[i] = small(password[i]);
		letter |= is_letter(password[i]);
		digit |= is_digit(password[i]);
		other |= !is_letter(password[i]) && !is_digit(password[i]);
	}
	folded[len] = '\0';
	kinds = letter + digit + other;
	if (characters < min)
		return err_set(info, ERR_INPUT, "密码至少要 %d 个字符", min);
	if (kinds < 2)
		return err_set(info, ERR_INPUT, "密码要有字母、数字、符号中的至少两种");
	for (size_t i = 0; i <= strlen(name) && i < PASSWORD_MAX; i++)
		name_small[i] = small(name[i]);
	name_small[PASSWORD_MAX] = '\0';
	if (holds(folded, name_small) || holds(folded, label))
		return err_set(info, ERR_INPUT, "密码里不能有账号或姓名");
	if (telling(folded) < 5)
		return err_set(info, ERR_INPUT, "密码太有规律，容易被猜到");
	/* "1234abcd…" and "!admin2026" are no better than what they hold. */
	while (start < len && !is_letter(folded[start]))
		start++;
	for (size_t i = 0; i < sizeof(weak) / sizeof(*weak); i++) {
		size_t n = strlen(weak[i]);
		for (int side = 0; side < 2; side++) {
			const char *at = side ? folded : folded + start;
			if (strncmp(at, weak[i], n) != 0)
				continue;
			size_t rest = n;
			while (at[rest] && !is_letter(at[rest]))
				rest++;
			if (!at[rest])
				return err_set(info, ERR_INPUT, "这个密码在常见弱密码之列，请换一个");
		}
	}
	return 0;
}

/* ---- keeping ---- */

int password_hash(struct app *app, const char *password, char ret_hash[PASSWORD_HASH_MAX],
		  struct err_info *info)
{
	pthread_mutex_lock(&app->hashing);
	int r = crypto_pwhash_str_alg(ret_hash, password, strlen(password),
				      app->hash_ops, app->hash_bytes, crypto_pwhash_ALG_ARGON2ID13);
	pthread_mutex_unlock(&app->hashing);
	return r ? err_nomem(info) : 0;
}

int password_hash_made(const char *password, char ret_hash[PASSWORD_HASH_MAX],
		       struct err_info *info)
{
	int r = crypto_pwhash_str_alg(ret_hash, password, strlen(password), crypto_pwhash_OPSLIMIT_MIN,
				      crypto_pwhash_MEMLIMIT_MIN, crypto_pwhash_ALG_ARGON2ID13);
	return r ? err_nomem(info) : 0;
}

bool password_fits(struct app *app, const char *hash, const char *password)
{
	char scratch[PASSWORD_HASH_MAX];
	if (strlen(password) > PASSWORD_MAX)
		password = "";
	if (!*hash) {
		password_hash(app, password, scratch, NULL);
		return false;
	}
	pthread_mutex_lock(&app->hashing);
	bool fits = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
	pthread_mutex_unlock(&app->hashing);
	return fits;
}

void password_make(char ret_password[PASSWORD_MADE_LEN + 1])
{
	/* Without what looks alike: 0 O 1 I L. */
	static const char signs[] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
	for (int i = 0; i < PASSWORD_MADE_LEN; i++)
		ret_password[i] = i % 5 == 4 ? '-' : signs[randombytes_uniform(sizeof(signs) - 1)];
	ret_password[PASSWORD_MADE_LEN] = '\0';
}
