/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a file is, by its bytes and never by its name: the few types that are
 * taken as evidence. Nothing here can be run or shown as a page by a browser.
 */
#ifndef JW_DOMAIN_FILE_TYPE_H
#define JW_DOMAIN_FILE_TYPE_H

#include "base/str.h"

/* Stored; never renumber. */
enum file_type {
	FILE_JPEG = 0,
	FILE_PNG = 1,
	FILE_PDF = 2,
	FILE_DOCX = 3,
	FILE_XLSX = 4,
	FILE_DOC = 5,
	FILE_XLS = 6,
	FILE_TYPE_COUNT,
};

/* ERR_INPUT: none of these. */
int file_type_of(struct str data, enum file_type *ret_type);

bool file_type_is_image(enum file_type type);
const char *file_type_mime(enum file_type type);
const char *file_type_ending(enum file_type type);	/* ".jpg" */
const char *file_type_label(enum file_type type);	/* "照片" */

#endif
