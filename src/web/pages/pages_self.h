/* SPDX-License-Identifier: Apache-2.0 */
/* self.c: self-evaluation of a branch, and how far all below a node are. */
#ifndef JW_WEB_PAGES_PAGES_SELF_H
#define JW_WEB_PAGES_PAGES_SELF_H

#include "app/selfs.h"
#include "web/web.h"

extern const struct web_field self_list_fields[], self_fields[], self_save_fields[],
	self_return_fields[];
int act_self_list(struct web_call *call);
void page_self_list(struct web_call *call, struct html *h);
json_t *json_self_list(struct web_call *call);
int act_self(struct web_call *call);
void page_self(struct web_call *call, struct html *h);
json_t *json_self(struct web_call *call);
int act_self_save(struct web_call *call);
/* /confirm, /return (the cadre's) or /send-back (the township's). */
int act_self_decide(struct web_call *call);

#endif
