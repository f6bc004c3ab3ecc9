/* SPDX-License-Identifier: Apache-2.0 */
#include "import/picture.h"

#include <stdlib.h>
#include <string.h>

#include <png.h>
#include <turbojpeg.h>

enum { ORIENTATION_TAG = 0x0112, QUALITY = 80, PLAIN = 1 };

/* Pixels, three bytes each. */
struct pixels {
	unsigned width, height;
	unsigned char *at;
};

/* ---- Exif ---- */

static unsigned number(const unsigned char *p, int bytes, bool little)
{
	unsigned value = 0;
	for (int i = 0; i < bytes; i++)
		value = value << 8 | p[little ? bytes - 1 - i : i];
	return value;
}

/* 1 to 8, as in the first directory of an Exif block; 1 where it says nothing. */
static int orientation_in(const unsigned char *p, size_t len)
{
	if (len < 14 || memcmp(p, "Exif\0", 6) != 0)
		return PLAIN;
	p += 6;
	len -= 6;
	bool little = p[0] == 'I';
	size_t at = number(p + 4, 4, little);
	if (at > len || len - at < 2)
		return PLAIN;
	unsigned n = number(p + at, 2, little);
	for (unsigned i = 0; i < n && len - at >= 2 + (size_t)(i + 1) * 12; i++) {
		const unsigned char *entry = p + at + 2 + (size_t)i * 12;
		unsigned value = number(entry + 8, 2, little);
		if (number(entry, 2, little) == ORIENTATION_TAG)
			return value >= 1 && value <= 8 ? (int)value : PLAIN;
	}
	return PLAIN;
}

/* What stands before the picture: which way up it is, and whether it comes in one
 * go (baseline) or in several, for which all of it must be in memory. */
static int look_ahead(struct str data, bool *ret_whole)
{
	const unsigned char *p = (const unsigned char *)data.data;
	int orientation = PLAIN;
	*ret_whole = true;
	for (size_t at = 2; data.len - at >= 4 && p[at] == 0xFF;) {
		size_t len = number(p + at + 2, 2, false);
		unsigned marker = p[at + 1];
		if (len < 2 || data.len - at - 2 < len || marker == 0xDA)
			break;
		if (marker == 0xE1)
			orientation = orientation_in(p + at + 4, len - 2);
		if (marker == 0xC0 || marker == 0xC1)
			*ret_whole = false;
		at += 2 + len;
	}
	return orientation;
}

/* ---- reading ---- */

static int check_size(unsigned width, unsigned height, uint64_t most)
{
	if (!width || !height)
		return ERR_INPUT;
	return width > PICTURE_SIDE_MAX || height > PICTURE_SIDE_MAX || (uint64_t)width * height > most
		? ERR_LIMIT : 0;
}

static int read_scaled(tjhandle jpeg, struct str data, int width, int height, struct pixels *out)
{
	int times = 8;
	/* A whole number of times smaller, and still twice what is wanted. */
	while (times > 1 && (width / times < 2 * PICTURE_EDGE || height / times < 2 * PICTURE_EDGE))
		times /= 2;
	const tjscalingfactor factor = {1, times};
	out->width = (unsigned)TJSCALED(width, factor);
	out->height = (unsigned)TJSCALED(height, factor);
	out->at = malloc((size_t)out->width * out->height * 3);
	if (!out->at)
		return ERR_NOMEM;
	/* Damage inside is shown as well as can be. */
	if (tjDecompress2(jpeg, (const unsigned char *)data.data, data.len, out->at, (int)out->width, 0,
			  (int)out->height, TJPF_RGB, TJFLAG_LIMITSCANS) < 0 &&
	    tjGetErrorCode(jpeg) != TJERR_WARNING)
		return ERR_INPUT;
	return 0;
}

static int read_jpeg(struct str data, struct pixels *out, int *ret_orientation)
{
	int width, height, samples, colours, r = ERR_INPUT;
	bool whole;
	tjhandle jpeg = tjInitDecompress();
	if (!jpeg)
		return ERR_NOMEM;
	*ret_orientation = look_ahead(data, &whole);
	if (tjDecompressHeader3(jpeg, (const unsigned char *)data.data, data.len, &width, &height, &samples,
				&colours) == 0)
		r = check_size((unsigned)width, (unsigned)height, whole ? PICTURE_WHOLE_MAX : PICTURE_PIXELS_MAX);
	if (r == 0)
		r = read_scaled(jpeg, data, width, height, out);
	tjDestroy(jpeg);
	return r;
}

static int read_png(struct str data, struct pixels *out)
{
	png_image image = {.version = PNG_IMAGE_VERSION};
	const png_color white = {255, 255, 255};
	int r;
	if (!png_image_begin_read_from_memory(&image, data.data, data.len))
		return ERR_INPUT;
	r = check_size(image.width, image.height, PICTURE_WHOLE_MAX);
	image.format = PNG_FORMAT_RGB;
	if (r == 0 && !(out->at = malloc(PNG_IMAGE_SIZE(image))))
		r = ERR_NOMEM;
	if (r == 0 && !png_image_finish_read(&image, &white, out->at, 0, NULL))
		r = ERR_INPUT;
	out->width = image.width;
	out->height = image.height;
	png_image_free(&image);
	return r;
}

/* ---- smaller, and turned ---- */

/* Each pixel is the mean of those it stands for. */
static int shrink(const struct pixels *in, struct pixels *out)
{
	unsigned longer = in->width > in->height ? in->width : in->height;
	unsigned edge = longer < PICTURE_EDGE ? longer : PICTURE_EDGE;
	out->width = (unsigned)((uint64_t)in->width * edge / longer);
	out->height = (unsigned)((uint64_t)in->height * edge / longer);
	out->width += !out->width;
	out->height += !out->height;
	out->at = malloc((size_t)out->width * out->height * 3);
	if (!out->at)
		return ERR_NOMEM;
	for (unsigned y = 0; y < out->height; y++)
		for (unsigned x = 0; x < out->width; x++) {
			unsigned y0 = (unsigned)((uint64_t)y * in->height / out->height);
			unsigned y1 = (unsigned)((uint64_t)(y + 1) * in->height / out->height);
			unsigned x0 = (unsigned)((uint64_t)x * in->width / out->width);
			unsigned x1 = (unsigned)((uint64_t)(x + 1) * in->width / out->width);
			uint64_t sum[3] = {0}, n = 0;
			for (unsigned v = y0; v < y1 + (y1 == y0); v++)
				for (unsigned u = x0; u < x1 + (x1 == x0); u++, n++)
					for (int c = 0; c < 3; c++)
						sum[c] += in->at[((size_t)v * in->width + u) * 3 + (size_t)c];
			for (int c = 0; c < 3; c++)
				out->at[((size_t)y * out->width + x) * 3 + (size_t)c] = (unsigned char)(sum[c] / n);
		}
	return 0;
}

/* As the Exif orientation asks: 2, 4, 5, 7 are mirrored, 5 to 8 lie on their side. */
static int turn(struct pixels *p, int orientation)
{
	bool side = orientation >= 5;
	struct pixels out = {side ? p->height : p->width, side ? p->width : p->height,
			     malloc((size_t)p->width * p->height * 3)};
	if (!out.at)
		return ERR_NOMEM;
	for (unsigned y = 0; y < out.height; y++)
		for (unsigned x = 0; x < out.width; x++) {
			unsigned u = side ? y : x, v = side ? x : y;
			if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8)
				u = p->width - 1 - u;
			if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
				v = p->height - 1 - v;
			memcpy(out.at + ((size_t)y * out.width + x) * 3,
			       p->at + ((size_t)v * p->width + u) * 3, 3);
		}
	free(p->at);
	*p = out;
	return 0;
}

/* ---- writing ---- */

static int write_jpeg(const struct pixels *p, struct buf *out)
{
	unsigned char *bytes = NULL;
	unsigned long len = 0;
	tjhandle jpeg = tjInitCompress();
	if (!jpeg)
		return ERR_NOMEM;
	int r = tjCompress2(jpeg, p->at, (int)p->width, 0, (int)p->height, TJPF_RGB, &bytes, &len, TJSAMP_420,
			    QUALITY, 0) < 0 ? ERR_NOMEM : 0;
	if (r == 0)
		buf_add(out, (const char *)bytes, len);
	tjFree(bytes);
	tjDestroy(jpeg);
	return r < 0 ? r : out->failed ? ERR_NOMEM : 0;
}

int picture_shrink(struct str data, struct buf *out)
{
	struct pixels whole = {0}, small = {0};
	int orientation = PLAIN, r = ERR_INPUT;
	if (data.len > 3 && memcmp(data.data, "\xFF\xD8\xFF", 3) == 0)
		r = read_jpeg(data, &whole, &orientation);
	else if (data.len > 8 && memcmp(data.data, "\x89PNG\r\n\x1A\n", 8) == 0)
		r = read_png(data, &whole);
	if (r == 0)
		r = shrink(&whole, &small);
	if (r == 0 && orientation != PLAIN)
		r = turn(&small, orientation);
	if (r == 0)
		r = write_jpeg(&small, out);
	free(whole.at);
	free(small.at);
	return r;
}
