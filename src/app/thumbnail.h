/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A photo made small by a process of its own, since who sent it is not known: it
 * has no files, no network, little memory and time, and may do nothing but read
 * and write what it was given (src/cli/cmd_thumbnail.c).
 */
#ifndef JW_APP_THUMBNAIL_H
#define JW_APP_THUMBNAIL_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum { THUMBNAIL_MAX = 64 << 10, THUMBNAIL_WAIT_MS = 10000 };

/* `program`: this one, which is run with the word “thumbnail”. Appends a JPEG. An
 * error where none came in time: the photo is broken, too large, or worse. */
int thumbnail_make(const char *program, struct str photo, struct buf *out);

#endif
