/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pinyin.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { NAME_MAX_UNITS = 1024 };	/* longer names are cut for search and sort */

struct pinyin {
	pthread_mutex_t lock;	/* ICU's objects are not shared */
	UTransliterator *latin;
	UCollator *order;
};

int pinyin_new(struct pinyin **ret_pinyin, struct err_info *info)
{
	/* "lóng quán zhèn" → "long quan zhen" */
	static const UChar id[] = u"Han-Latin; Latin-ASCII; Lower";
	struct pinyin *p = calloc(1, sizeof(*p));
	UErrorCode status = U_ZERO_ERROR;
	if (!p)
		return err_nomem(info);
	pthread_mutex_init(&p->lock, NULL);
	p->latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
	if (U_SUCCESS(status))
		p->order = ucol_open("zh@collation=pinyin", &status);
	if (U_FAILURE(status)) {
		int r = err_set(info, ERR_IO, "拼音数据（ICU）不可用：%s", u_errorName(status));
		pinyin_free(p);
		return r;
	}
	*ret_pinyin = p;
	return 0;
}

void pinyin_free(struct pinyin *p)
{
	if (!p)
		return;
	if (p->latin)
		utrans_close(p->latin);
	if (p->order)
		ucol_close(p->order);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The name in UTF-16, cut to fit; its length. */
static int32_t to_units(const char *name, UChar units[NAME_MAX_UNITS])
{
	UErrorCode status = U_ZERO_ERROR;
	int32_t len = 0;
	size_t bytes = strlen(name);
	/* A UTF-16 text is never longer than its UTF-8 in units. */
	if (bytes >= NAME_MAX_UNITS) {
		bytes = NAME_MAX_UNITS - 1;
		while (bytes && ((unsigned char)name[bytes] & 0xC0) == 0x80)
			bytes--;
	}
	u_strFromUTF8(units, NAME_MAX_UNITS, &len, name, (int32_t)bytes, &status);
	return U_SUCCESS(status) ? len : 0;
}

static bool is_han(UChar32 c)
{
	return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC);
}

/* Characters of names with two readings, and both first letters. ICU knows one
 * of them; whoever searches may think of the other. */
static const struct {
	UChar character;
	char letters[2];
} twofold[] = {
	{u'长', {'c', 'z'}}, {u'重', {'c', 'z'}}, {u'行', {'h', 'x'}}, {u'乐', {'l', 'y'}},
	{u'朝', {'c', 'z'}}, {u'厦', {'s', 'x'}}, {u'会', {'h', 'k'}}, {u'覃', {'q', 't'}},
	{u'盛', {'s', 'c'}}, {u'石', {'s', 'd'}}, {u'宿', {'s', 'x'}}, {u'藏', {'c', 'z'}},
	{u'车', {'c', 'j'}}, {u'查', {'c', 'z'}}, {u'仇', {'c', 'q'}},
	{u'单', {'d', 's'}}, {u'解', {'j', 'x'}}, {u'曾', {'c', 'z'}},
	{u'番', {'f', 'p'}}, {u'蔚', {'w', 'y'}}, {u'尉', {'w', 'y'}}, {u'堡', {'b', 'p'}},
};

static char other_letter(UChar32 c, char letter)
{
	for (size_t i = 0; i < sizeof(twofold) / sizeof(*twofold); i++)
		if (c == twofold[i].character)
			return twofold[i].letters[0] == letter ? twofold[i].letters[1]
							       : twofold[i].letters[0];
	return letter;
}

/* The first letter of a character's reading, or 0. */
static char first_letter(struct pinyin *p, const UChar *units, int32_t n)
{
	UChar text[64];
	UErrorCode status = U_ZERO_ERROR;
	int32_t size = n, limit = n;
	memcpy(text, units, (size_t)n * sizeof(*text));
	utrans_transUChars(p->latin, text, &size, (int32_t)(sizeof(text) / sizeof(*text)), 0, &limit,
			   &status);
	return U_SUCCESS(status) && size && text[0] >= 'a' && text[0] <= 'z' ? (char)text[0] : 0;
}

const char *pinyin_initials(struct pinyin *p, const char *name, struct arena *arena)
{
	UChar units[NAME_MAX_UNITS];
	char other[NAME_MAX_UNITS];
	int32_t len = to_units(name, units);
	char *out = arena_alloc(arena, 2 * (size_t)len + 2);
	size_t n = 0;
	if (!out)
		return NULL;
	pthread_mutex_lock(&p->lock);
	for (int32_t i = 0; i < len;) {
		int32_t from = i;
		UChar32 c;
		U16_NEXT(units, i, len, c);
		c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
		if (c >= 0xFF10 && c <= 0xFF5A)		/* full width */
			c -= 0xFEE0;
		char letter = 0;
		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'))
			letter = (char)c;
		else if (is_han(c))
			letter = first_letter(p, units + from, i - from);
		if (letter) {
			other[n] = other_letter(c, letter);
			out[n++] = letter;
		}
	}
	pthread_mutex_unlock(&p->lock);
	if (memcmp(out, other, n) != 0) {
		out[n] = ' ';
		memcpy(out + n + 1, other, n);
		n = 2 * n + 1;
	}
	out[n] = '\0';
	return out;
}

struct str pinyin_sort_key(struct pinyin *p, const char *name, struct arena *arena)
{
	UChar units[NAME_MAX_UNITS];
	int32_t len = to_units(name, units);
	struct str key = {0};
	/* In names 长 is mostly cháng; ICU sorts it under zhǎng. */
	for (int32_t i = 0; i < len; i++)
		if (units[i] == u'长')
			units[i] = u'常';
	pthread_mutex_lock(&p->lock);
	int32_t size = ucol_getSortKey(p->order, units, len, NULL, 0);
	uint8_t *data = arena_alloc(arena, (size_t)size + 1);
	if (data) {
		ucol_getSortKey(p->order, units, len, data, size);
		/* Without its NUL. */
		key = (struct str){(char *)data, size > 0 ? (size_t)size - 1 : 0};
	}
	pthread_mutex_unlock(&p->lock);
	return key;
}
