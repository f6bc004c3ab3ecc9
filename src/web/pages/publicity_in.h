/* SPDX-License-Identifier: Apache-2.0 */
/* What publicity.c and notice.c share: a notice as a table and as JSON. */
#ifndef JW_WEB_PAGES_PUBLICITY_IN_H
#define JW_WEB_PAGES_PUBLICITY_IN_H

#include "app/publicizing.h"
#include "web/web.h"

void notice_write_table(struct html *h, const struct notice *notice);
json_t *notice_json(struct web_call *call, const struct notice *notice);

#endif
