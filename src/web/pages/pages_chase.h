/* SPDX-License-Identifier: Apache-2.0 */
/* Who is late with what (chase.c), and what oneself is to do (my.c). */
#ifndef JW_WEB_PAGES_PAGES_CHASE_H
#define JW_WEB_PAGES_PAGES_CHASE_H

#include "web/web.h"

extern const struct web_field chase_fields[];
int act_chase(struct web_call *call);
void page_chase(struct web_call *call, struct html *h);
json_t *json_chase(struct web_call *call);
/* "逾期 3 天"; `days` late by, as in app/chasing.h. */
const char *chase_when(struct web_call *call, int64_t days, int32_t day);

/* ---- my.c: one's own page, and steps marked by hand ---- */
extern const struct web_field step_mark_fields[];
int act_my(struct web_call *call);
void page_my(struct web_call *call, struct html *h);
json_t *json_my(struct web_call *call);
int act_step_mark(struct web_call *call);

#endif
