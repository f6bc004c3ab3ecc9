/* SPDX-License-Identifier: Apache-2.0 */
/* A picture for the demonstration: a house on a hill, drawn, no photo of anything. */
#ifndef JW_CLI_DEMO_PHOTO_H
#define JW_CLI_DEMO_PHOTO_H

#include "base/buf.h"
#include "base/err.h"

/* Appends a PNG; another one for each number. ERR_NOMEM. */
int demo_photo(unsigned number, struct buf *out);

#endif
