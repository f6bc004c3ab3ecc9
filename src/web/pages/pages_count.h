/* SPDX-License-Identifier: Apache-2.0 */
/* count.c: paper ballots keyed by two counters, turnout, import. */
#ifndef JW_WEB_PAGES_PAGES_COUNT_H
#define JW_WEB_PAGES_PAGES_COUNT_H

#include "app/counts.h"
#include "web/web.h"

extern const struct web_field count_list_fields[], count_fields[], count_key_fields[],
	count_present_fields[], count_waive_fields[], count_import_page_fields[],
	count_import_fields[], count_import_run_fields[];
int act_count_list(struct web_call *call);
void page_count_list(struct web_call *call, struct html *h);
json_t *json_count_list(struct web_call *call);
int act_count(struct web_call *call);
void page_count(struct web_call *call, struct html *h);
json_t *json_count(struct web_call *call);
int act_count_key(struct web_call *call);
int act_count_present(struct web_call *call);
int act_count_waive(struct web_call *call);
int act_count_import_page(struct web_call *call);
void page_count_import(struct web_call *call, struct html *h);
int act_count_import(struct web_call *call);
void page_count_import_result(struct web_call *call, struct html *h);
json_t *json_count_import(struct web_call *call);
int act_count_import_run(struct web_call *call);

#endif
