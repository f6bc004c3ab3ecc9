/* SPDX-License-Identifier: Apache-2.0 */
#include "web/qr.h"

#include <qrencode.h>

enum { QUIET = 4 };	/* the light margin that scanners want, in modules */

void qr_write(struct html *h, const char *text, const char *label)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

	if (!code) {
		h->out.failed = true;
		return;
	}
	int side = code->width + 2 * QUIET;
	html(h, "<svg class='qr' role='img' aria-label='{}' viewBox='0 0 {} {}' "
		"shape-rendering='crispEdges'><path fill='#fff' d='M0 0h{}v{}h-{}z'/><path d='",
	     label, side, side, side, side, side);
	for (int y = 0; y < code->width; y++)
		for (int x = 0, n = 1; x < code->width; x += n, n = 1) {
			const unsigned char *dark = &code->data[(size_t)y * (size_t)code->width];
			if (!(dark[x] & 1))
				continue;
			while (x + n < code->width && (dark[x + n] & 1))
				n++;
			html(h, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, n, n);
		}
	html(h, "'/></svg>");
	QRcode_free(code);
}
