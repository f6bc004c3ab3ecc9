/* SPDX-License-Identifier: Apache-2.0 */
/* Who is late with what, and what a branch is to do (chase.c). */
#ifndef JW_WEB_PAGES_PAGES_CHASE_H
#define JW_WEB_PAGES_PAGES_CHASE_H

#include "web/web.h"

extern const struct web_field chase_fields[];
int act_chase(struct web_call *call);
void page_chase(struct web_call *call, struct html *h);
json_t *json_chase(struct web_call *call);
int act_duties(struct web_call *call);
void page_duties(struct web_call *call, struct html *h);
json_t *json_duties(struct web_call *call);

#endif
