/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A photo made small: JPEG and PNG in, a JPEG of at most PICTURE_EDGE by
 * PICTURE_EDGE out, turned as its Exif orientation asks and without any of its
 * metadata (place, camera, owner). What comes in is hostile: run it in a process of
 * its own (app/thumbnail.h), with limits.
 */
#ifndef JW_IMPORT_PICTURE_H
#define JW_IMPORT_PICTURE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
	PICTURE_EDGE = 192,			/* pixels, of what comes out */
	PICTURE_SIDE_MAX = 20000,		/* pixels, of what goes in */
	PICTURE_PIXELS_MAX = 60000000,
	PICTURE_WHOLE_MAX = 25000000,		/* where all of it must be in memory at once */
};

/* Appends the small picture. ERR_INPUT: neither JPEG nor PNG, or broken; ERR_LIMIT:
 * too many pixels; ERR_NOMEM. */
int picture_shrink(struct str data, struct buf *out);

#endif
