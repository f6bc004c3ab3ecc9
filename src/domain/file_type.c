/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/file_type.h"

#include "base/auto.h"
#include "base/err.h"

static const struct {
	const char *mime, *ending, *label;
} types[FILE_TYPE_COUNT] = {
	[FILE_JPEG] = {"image/jpeg", ".jpg", "照片"},
	[FILE_PNG] = {"image/png", ".png", "图片"},
	[FILE_PDF] = {"application/pdf", ".pdf", "PDF"},
	[FILE_DOCX] = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		       ".docx", "Word"},
	[FILE_XLSX] = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx",
		       "Excel"},
	[FILE_DOC] = {"application/msword", ".doc", "Word"},
	[FILE_XLS] = {"application/vnd.ms-excel", ".xls", "Excel"},
};

static bool begins(struct str data, struct str with)
{
	return data.data && data.len >= with.len && memcmp(data.data, with.data, with.len) == 0;
}

static bool holds(struct str data, struct str part)
{
	return data.data && memmem(data.data, data.len, part.data, part.len);
}

/* Names of a zip's parts stand in it as they are; an office file has both its
 * list of types and its main part. */
static int office_zip(struct str data, enum file_type *ret_type)
{
	if (!holds(data, STR("[Content_Types].xml")) || holds(data, STR("vbaProject.bin")))
		return ERR_INPUT;
	if (holds(data, STR("word/document.xml")))
		*ret_type = FILE_DOCX;
	else if (holds(data, STR("xl/workbook.xml")))
		*ret_type = FILE_XLSX;
	else
		return ERR_INPUT;
	return 0;
}

/* Streams of a compound file are named in UTF-16; WPS writes the same names. */
static int office_compound(struct str data, enum file_type *ret_type)
{
	if (holds(data, STR("W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0")))
		*ret_type = FILE_DOC;
	else if (holds(data, STR("W\0o\0r\0k\0b\0o\0o\0k\0")))
		*ret_type = FILE_XLS;
	else
		return ERR_INPUT;
	return 0;
}

int file_type_of(struct str data, enum file_type *ret_type)
{
	static const struct {
		struct str begin;
		enum file_type type;
	} plain[] = {
		{{"\xFF\xD8\xFF", 3}, FILE_JPEG},
		{{"\x89PNG\r\n\x1A\n", 8}, FILE_PNG},
		{{"%PDF-", 5}, FILE_PDF},
	};
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (begins(data, plain[i].begin)) {
			*ret_type = plain[i].type;
			return 0;
		}
	if (begins(data, STR("PK\x03\x04")))
		return office_zip(data, ret_type);
	if (begins(data, STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")))
		return office_compound(data, ret_type);
	return ERR_INPUT;
}

bool file_type_is_image(enum file_type type)
{
	return type == FILE_JPEG || type == FILE_PNG;
}

const char *file_type_mime(enum file_type type) { return types[type].mime; }
const char *file_type_ending(enum file_type type) { return types[type].ending; }
const char *file_type_label(enum file_type type) { return types[type].label; }
