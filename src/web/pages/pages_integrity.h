/* SPDX-License-Identifier: Apache-2.0 */
/* integrity.c: findings of false figures, explained or confirmed by an officer. */
#ifndef JW_WEB_PAGES_PAGES_INTEGRITY_H
#define JW_WEB_PAGES_PAGES_INTEGRITY_H

#include "app/integrity.h"
#include "web/pages/pages.h"

extern const struct web_field integrity_fields[], integrity_mark_fields[], integrity_limits_fields[],
	integrity_sheet_fields[];
int act_integrity(struct web_call *call);
void page_integrity(struct web_call *call, struct html *h);
json_t *json_integrity(struct web_call *call);
int act_integrity_mark(struct web_call *call);
int act_integrity_limits(struct web_call *call);
int act_integrity_sheet(struct web_call *call);

#endif
