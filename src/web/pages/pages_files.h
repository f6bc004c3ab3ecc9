/* SPDX-License-Identifier: Apache-2.0 */
/* files.c: files and photos that belong to something; for any page to link to. */
#ifndef JW_WEB_PAGES_PAGES_FILES_H
#define JW_WEB_PAGES_PAGES_FILES_H

#include "app/attachments.h"
#include "web/form.h"

extern const struct web_field file_list_fields[], file_add_fields[], file_id_fields[],
	file_withdraw_fields[];
int act_file_list(struct web_call *call);
void page_file_list(struct web_call *call, struct html *h);
json_t *json_file_list(struct web_call *call);
int act_file_add(struct web_call *call);
int act_file_get(struct web_call *call);
int act_file_small(struct web_call *call);

/* The small picture of a photo, where there is one. */
void files_write_small(struct html *h, const struct attachment *a);
int act_file_withdraw(struct web_call *call);

/* A list of files as a table, photos small; those withdrawn struck out with the
 * reason. Inside a page of any subject. */
void files_write(struct web_call *call, struct html *h, const struct attachment *files, int n);

/* One file for JSON; a new reference. */
json_t *file_json(const struct attachment *file);

/* "/files?node=…&kind=…&object=…": the page on which files of a thing are
 * added and withdrawn. */
const char *files_address(struct web_call *call, int64_t org, enum attachment_kind kind,
			  int64_t object);

#endif
