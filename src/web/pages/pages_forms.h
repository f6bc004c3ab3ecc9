/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of printed forms: the list, the print view, files, all of a node as
 * one zip, chosen columns, prints and their check codes. */
#ifndef JW_WEB_PAGES_PAGES_FORMS_H
#define JW_WEB_PAGES_PAGES_FORMS_H

#include "app/forms.h"
#include "web/pages/pages.h"

/* ---- forms.c: the list, files, chosen columns ---- */
extern const struct web_field form_list_fields[], form_file_fields[], form_columns_fields[],
	form_view_fields[], form_view_drop_fields[];
int act_form_list(struct web_call *call);
void page_form_list(struct web_call *call, struct html *h);
json_t *json_form_list(struct web_call *call);
int act_form_file(struct web_call *call);
int act_form_columns(struct web_call *call);
void page_form_columns(struct web_call *call, struct html *h);
json_t *json_form_columns(struct web_call *call);
int act_form_view_save(struct web_call *call);
int act_form_view_drop(struct web_call *call);

/* What the address asks for; the declared fields are FORM_ASK. */
struct form_ask form_ask_of(struct web_call *call);
/* "node=1&campaign=2…" of it, without a question mark. */
const char *form_query(struct web_call *call, const struct form_ask *ask);
/* "/forms/f4/file?node=1…": a path below /forms with the query and `more` ("&…"). */
const char *form_address(struct web_call *call, const struct form_ask *ask, const char *path,
			 const char *more);
/* A link for each file format of the form. */
void form_write_files(struct web_call *call, struct html *h, const struct form_kind *kind,
		      const struct form_ask *ask, const char *class);

/* ---- print.c: the print view and the way behind a figure ---- */
extern const struct web_field form_print_fields[], form_orgs_fields[];
int act_form_print(struct web_call *call);
void page_form_print(struct web_call *call, struct html *h);
json_t *json_form_print(struct web_call *call);
/* The style sheet that puts version and check code under every printed page. */
extern const struct web_field form_mark_fields[];
int act_form_mark(struct web_call *call);
int act_form_orgs(struct web_call *call);
void page_form_orgs(struct web_call *call, struct html *h);
json_t *json_form_orgs(struct web_call *call);

/* ---- form_batch.c: all forms of a node as one zip ---- */
extern const struct web_field form_batch_page_fields[], form_batch_fields[],
	form_batch_file_fields[];
int act_form_batch_page(struct web_call *call);
void page_form_batch_page(struct web_call *call, struct html *h);
int act_form_batch(struct web_call *call);
void page_form_batch(struct web_call *call, struct html *h);
json_t *json_form_batch(struct web_call *call);
int act_form_batch_file(struct web_call *call);

/* ---- form_check.c: prints and check codes ---- */
extern const struct web_field print_list_fields[], form_check_fields[], form_check_find_fields[];
int act_print_list(struct web_call *call);
void page_print_list(struct web_call *call, struct html *h);
json_t *json_print_list(struct web_call *call);
void page_check_find(struct web_call *call, struct html *h);
int act_form_check(struct web_call *call);
void page_form_check(struct web_call *call, struct html *h);
json_t *json_form_check(struct web_call *call);

/* The fields of struct form_ask, for the lists of fields. */
#define FORM_ASK \
	{.name = "form", .label = "表", .type = WEB_TEXT, .required = true, .max = 20, \
	 .pattern = "a-z0-9-"}, \
	{.name = "node", .label = "单位", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "campaign", .label = "年度工作", .type = WEB_INT, .min = 0, .max = INT64_MAX}, \
	{.name = "blank", .label = "空表", .type = WEB_FLAG}, \
	{.name = "each", .label = "下级各一张", .type = WEB_FLAG}, \
	{.name = "red", .label = "红头", .type = WEB_FLAG}, \
	{.name = "sheets", .label = "页数", .type = WEB_INT, .min = 1, .max = FORM_SHEETS_MAX}, \
	{.name = "columns", .label = "列", .type = WEB_TEXT, .many = true, .max = 400, \
	 .pattern = "a-z_,"}, \
	{.name = "filter", .label = "筛选", .type = WEB_TEXT, .many = true, .blanks = true, .max = 100, \
	 .pattern = "a-z0-9=&"}, \
	{.name = "title", .label = "标题", .type = WEB_TEXT, .max = 30}

#endif
