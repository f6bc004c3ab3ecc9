/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte buffer, always NUL-terminated once it holds something.
 *
 * Zero-initialised is ready to use. Appending never reports: a buffer that
 * could not grow turns `failed` and stays as it was, and the one who uses the
 * result asks once at the end.
 */
#ifndef JW_BASE_BUF_H
#define JW_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/auto.h"

struct buf {
	char *data;	/* NULL while empty; else data[len] == 0 */
	size_t len, cap;
	bool failed;	/* memory ran out; content is incomplete */
};

/* Frees the content; the buffer can be used again. NULL is fine. */
void buf_done(struct buf *buf);

/* Makes room for `more` further bytes; false (and failed) without memory. */
bool buf_reserve(struct buf *buf, size_t more);

void buf_add(struct buf *buf, const void *data, size_t len);
void buf_adds(struct buf *buf, const char *text);
void buf_addc(struct buf *buf, char c);
void buf_addu(struct buf *buf, uint64_t value);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Empties it, keeping the memory. */
void buf_clear(struct buf *buf);

/* The text, never NULL. */
static inline const char *buf_str(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

#endif
