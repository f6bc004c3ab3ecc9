/* SPDX-License-Identifier: Apache-2.0 */
/* Live scoring in a meeting (live.c): the organiser's pages and the phone's. */
#ifndef JW_WEB_PAGES_PAGES_LIVE_H
#define JW_WEB_PAGES_PAGES_LIVE_H

#include "web/web.h"

extern const struct web_field live_list_fields[], live_open_fields[], live_show_fields[],
	live_close_fields[], live_void_fields[], live_code_fields[], live_phone_fields[], live_send_fields[];

int act_live_list(struct web_call *call);
void page_live_list(struct web_call *call, struct html *h);
json_t *json_live_list(struct web_call *call);
int act_live_open(struct web_call *call);
int act_live_show(struct web_call *call);
void page_live_show(struct web_call *call, struct html *h);
void page_live_count(struct web_call *call, struct html *h);
json_t *json_live_show(struct web_call *call);
int act_live_close(struct web_call *call);
int act_live_void(struct web_call *call);

int act_live_phone(struct web_call *call);
void page_live_phone(struct web_call *call, struct html *h);
json_t *json_live_phone(struct web_call *call);
int act_live_send(struct web_call *call);

#endif
