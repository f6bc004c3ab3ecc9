/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_photo.h"

#include <cairo.h>

enum { WIDTH = 640, HEIGHT = 480 };

static cairo_status_t add(void *arg, const unsigned char *data, unsigned len)
{
	struct buf *out = arg;
	buf_add(out, (const char *)data, len);
	return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void box(cairo_t *c, int x, int y, int width, int height, int red, int green, int blue)
{
	cairo_set_source_rgb(c, red / 255.0, green / 255.0, blue / 255.0);
	cairo_rectangle(c, x, y, width, height);
	cairo_fill(c);
}

static void draw(cairo_t *c, unsigned number)
{
	int x = 120 + (int)(number * 37 % 200), sun = 60 + (int)(number * 53 % 500);
	box(c, 0, 0, WIDTH, 300, 176, 208, 232);
	box(c, 0, 300, WIDTH, 180, 122, 154, 92);
	box(c, x, 190, 240, 130, 236, 226, 206);
	box(c, x - 12, 170, 264, 24, 150, 62, 48);
	box(c, x + 100, 250, 44, 70, 92, 66, 48);
	box(c, x + 28, 222, 44, 40, 140, 180, 204);
	box(c, x + 172, 222, 44, 40, 140, 180, 204);
	box(c, x + 200, 120, 3, 60, 90, 90, 90);
	box(c, x + 203, 120, 30, 20, 196, 40, 40);
	cairo_set_source_rgb(c, 0.98, 0.86, 0.46);
	cairo_arc(c, sun, 70, 26, 0, 6.2832);
	cairo_fill(c);
}

int demo_photo(unsigned number, struct buf *out)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
	cairo_t *c = cairo_create(surface);
	draw(c, number);
	cairo_status_t status = cairo_surface_write_to_png_stream(surface, add, out);
	cairo_destroy(c);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS ? 0 : ERR_NOMEM;
}
