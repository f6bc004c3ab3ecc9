/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Style sheet, scripts and pictures, embedded at build. Each is served under a
 * name with the hash of its content, so browsers may keep it for ever.
 */
#ifndef JW_WEB_ASSETS_H
#define JW_WEB_ASSETS_H

#include "web/web.h"

/* One embedded file; the table is made by tools/embed_assets.py. */
struct asset {
	const char *name;	/* "style.css" */
	const char *url;	/* "/assets/style.4f0c1d2e3a5b6c7d.css" */
	const char *etag;	/* quoted */
	const char *type;
	const unsigned char *data, *end;
	const unsigned char *gzip, *gzip_end;	/* the same, compressed */
};
extern const struct asset assets[];	/* ends with a NULL name */

/* Where it is served; a name that is not embedded is a bug. */
const char *asset_url(const char *name);

/* The handler of GET /assets/{file} and its field. */
int asset_serve(struct web_call *call);
extern const struct web_field asset_fields[];

#endif
