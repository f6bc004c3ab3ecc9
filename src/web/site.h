/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole site put together: THE table of routes over app/.
 */
#ifndef JW_WEB_SITE_H
#define JW_WEB_SITE_H

#include "app/app.h"
#include "web/web.h"

enum { SITE_CODE_LEN = 23 };	/* "K7M2Q-9QXDR-…": 20 letters in groups of five */

/* THE table: every address, who may call it and what it takes. */
extern const struct web_route site_routes[];

/* Ready to serve; `app` is borrowed. ERR_NOMEM. */
int site_init(struct web *ret_web, struct app *app, const char *version, struct err_info *info);
void site_done(struct web *web);

/* Makes the one-time code of the first start; only its hash stays in `web`. */
void site_make_code(struct web *web, char ret_code[SITE_CODE_LEN + 1]);

#endif
