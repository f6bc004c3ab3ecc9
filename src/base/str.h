/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A borrowed piece of text: pointer and length, not NUL-terminated. Used for
 * cells of a file and for slices of larger texts.
 */
#ifndef JW_BASE_STR_H
#define JW_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str {
	const char *data;
	size_t len;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* For printf's %.*s. */
#define STR_ARG(s) (int)(s).len, (s).data

static inline struct str str_from(const char *text)
{
	return (struct str){text, text ? strlen(text) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool str_eqs(struct str a, const char *b)
{
	return str_eq(a, str_from(b));
}

/* Without white space at both ends: ASCII blanks, no-break space, ideographic
 * space, zero-width space and byte order mark. Borrows. */
struct str str_trim(struct str text);

/* How full-width digits, letters and the full-width point count: as ASCII.
 * Writes at most text.len bytes to `out` (it never grows) and returns the
 * length; `out` may be text.data. Other characters are copied. */
size_t str_fold_width(struct str text, char *out);

/* True where str_fold_width would change something. */
bool str_has_wide(struct str text);

/* The number of bytes of the first valid UTF-8 character, 0 where there is
 * none (end, broken, overlong, surrogate, beyond U+10FFFF). */
size_t str_utf8_len(const char *data, size_t len);

/* True if the whole text is valid UTF-8. */
bool str_is_utf8(const char *data, size_t len);

/* The edit distance of two texts in bytes (Damerau, neighbours swapped count
 * one), at most `limit` + 1. For "did you mean". Texts over 64 bytes: limit + 1. */
unsigned str_distance(struct str a, struct str b, unsigned limit);

#endif
