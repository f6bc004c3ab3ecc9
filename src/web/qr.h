/* SPDX-License-Identifier: Apache-2.0 */
/* A QR code as an SVG element of the page: no picture to fetch, none to keep. */
#ifndef JW_WEB_QR_H
#define JW_WEB_QR_H

#include "web/html.h"

/* `label` is read out instead. Without memory h->out.failed is set. */
void qr_write(struct html *h, const char *text, const char *label);

#endif
