/* SPDX-License-Identifier: Apache-2.0 */
/* Schemes: list, read, clone, edit, compare (scheme_list.c, scheme_edit.c). */
#ifndef JW_WEB_PAGES_PAGES_SCHEME_H
#define JW_WEB_PAGES_PAGES_SCHEME_H

#include "web/web.h"

/* A text of SCHEME_TEXT_MAX bytes, percent-encoded, and the rest of its form. */
enum { SCHEME_BODY_MAX = 640 << 10 };

extern const struct web_field scheme_list_fields[], scheme_show_fields[], scheme_new_page_fields[],
	scheme_new_fields[], scheme_edit_page_fields[], scheme_edit_fields[], scheme_check_fields[],
	scheme_withdraw_fields[], scheme_compare_fields[];

int act_scheme_list(struct web_call *call);
void page_scheme_list(struct web_call *call, struct html *h);
json_t *json_scheme_list(struct web_call *call);
int act_scheme_show(struct web_call *call);
void page_scheme_show(struct web_call *call, struct html *h);
json_t *json_scheme_show(struct web_call *call);
int act_scheme_file(struct web_call *call);
int act_scheme_new(struct web_call *call);
void page_scheme_new(struct web_call *call, struct html *h);
int act_scheme_clone(struct web_call *call);
int act_scheme_edit(struct web_call *call);
json_t *json_scheme_edit(struct web_call *call);
int act_scheme_template(struct web_call *call);
void page_scheme_edit(struct web_call *call, struct html *h);
int act_scheme_save(struct web_call *call);
int act_scheme_check(struct web_call *call);
void page_scheme_check(struct web_call *call, struct html *h);
json_t *json_scheme_check(struct web_call *call);
int act_scheme_withdraw(struct web_call *call);
int act_scheme_compare(struct web_call *call);
void page_scheme_compare(struct web_call *call, struct html *h);
json_t *json_scheme_compare(struct web_call *call);

#endif
