/* SPDX-License-Identifier: Apache-2.0 */
/* Own templates: the shelf, one of them, filling, reading back. */
#ifndef JW_WEB_PAGES_PAGES_TEMPLATES_H
#define JW_WEB_PAGES_PAGES_TEMPLATES_H

#include "app/templates.h"
#include "web/pages/pages.h"

/* ---- templates.c: the shelf, putting up, names, samples ---- */
extern const struct web_field template_list_fields[], template_add_page_fields[],
	template_add_fields[], template_names_fields[], template_sample_fields[];
int act_template_list(struct web_call *call);
void page_template_list(struct web_call *call, struct html *h);
json_t *json_template_list(struct web_call *call);
void page_template_new(struct web_call *call, struct html *h);
int act_template_add(struct web_call *call);
void page_template_names(struct web_call *call, struct html *h);
json_t *json_template_names(struct web_call *call);
int act_template_sample(struct web_call *call);

/* ---- template_show.c: one of them ---- */
extern const struct web_field template_show_fields[], template_fill_fields[],
	template_withdraw_fields[];
int act_template_show(struct web_call *call);
void page_template_show(struct web_call *call, struct html *h);
json_t *json_template_show(struct web_call *call);
int act_template_file(struct web_call *call);
int act_template_fill(struct web_call *call);
int act_template_withdraw(struct web_call *call);

/* ---- read_back.c: a workbook that comes back ---- */
extern const struct web_field read_page_fields[], read_try_fields[], read_run_fields[];
int act_read_page(struct web_call *call);
void page_read(struct web_call *call, struct html *h);
json_t *json_read(struct web_call *call);
int act_read_try(struct web_call *call);
void page_read_result(struct web_call *call, struct html *h);
int act_read_run(struct web_call *call);

#define TEMPLATE_NODE \
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}
#define TEMPLATE_ID \
	{.name = "template", .label = "模板", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}

#endif
