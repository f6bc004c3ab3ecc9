/* SPDX-License-Identifier: Apache-2.0 */
/*
 * .xls through freexl: the first worksheet that holds anything. freexl tells
 * neither hidden sheets nor merged cells. The other things that lie in an OLE
 * container (encrypted workbooks, WPS's own formats, Word) are named.
 */
#include <errno.h>
#include <freexl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "import/sheet.h"
#include "import/sheet_format.h"

enum { SHEETS_MAX = 256 };

static bool ends_with(const char *name, const char *extension)
{
	size_t n = strlen(name), m = strlen(extension);
	return n >= m && strcasecmp(name + n - m, extension) == 0;
}

/* Whether a stream of this (ASCII) name is in the container: the directory
 * writes it in UTF-16. */
static bool has_stream(const struct table_input *in, const char *name)
{
	char wide[64];
	size_t n = 0;
	for (; *name; name++) {
		wide[n++] = *name;
		wide[n++] = '\0';
	}
	return memmem(in->data, in->len, wide, n) != NULL;
}

/* What can't be read as .xls, or NULL. */
static const char *foreign_kind(const struct table_input *in)
{
	if (has_stream(in, "EncryptedPackage"))
		return "有打开密码的工作簿，请先去掉密码";
	if (ends_with(in->name, ".et") || ends_with(in->name, ".ett"))
		return "WPS 表格的专用格式（.et）";
	if (ends_with(in->name, ".wps") || ends_with(in->name, ".wpt"))
		return "WPS 文字文档（.wps）";
	if (has_stream(in, "WordDocument"))
		return "Word 文档（.doc）";
	if (has_stream(in, "PowerPoint Document"))
		return "演示文稿（.ppt）";
	return NULL;
}

static int refuse(const struct table_input *in, const char *kind, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "%s：这是%s；请用 WPS 或 Excel 打开后另存为 .xlsx", in->name,
		       kind);
}

static int freexl_failed(const struct table_input *in, int code, struct err_info *info)
{
	if (code == FREEXL_INSUFFICIENT_MEMORY)
		return err_nomem(info);
	return refuse(in, "读不出来的旧格式文件（已损坏，或是 WPS 的 .et）", info);
}

static int add_value(struct sheet *sheet, unsigned column, const FreeXL_CellValue *value,
		     struct err_info *info)
{
	char text[SHEET_TEXT_MAX], shown[SHEET_TEXT_MAX];
	size_t n;
	switch (value->type) {
	case FREEXL_CELL_INT:
		n = (size_t)snprintf(shown, sizeof(shown), "%d", value->value.int_value);
		return sheet_add_cell(sheet, column, (struct str){shown, n}, info);
	case FREEXL_CELL_DOUBLE:
		/* 17 digits are all there is in it; from here on it is text. */
		snprintf(text, sizeof(text), "%.16e", value->value.double_value);
		n = sheet_number(str_from(text), shown);
		return sheet_add_cell(sheet, column, n ? (struct str){shown, n} : str_from(text),
				      info);
	case FREEXL_CELL_TEXT:
	case FREEXL_CELL_SST_TEXT:
	case FREEXL_CELL_DATE:
	case FREEXL_CELL_DATETIME:
	case FREEXL_CELL_TIME: {
		struct str s = str_from(value->value.text_value);
		if (value->type == FREEXL_CELL_DATETIME && s.len == 19 &&
		    memcmp(s.data + 10, " 00:00:00", 9) == 0)
			s.len = 10;
		if (!str_is_utf8(s.data, s.len))
			return err_set(info, ERR_INPUT, "%s：文字的编码有错；"
				       "请用 Excel 或 WPS 打开后另存为 .xlsx", sheet->name);
		return sheet_add_cell(sheet, column, s, info);
	}
	default:
		return 0;
	}
}

/* Copies the active worksheet. */
static int copy_sheet(const struct table_input *in, const void *xls, struct sheet *sheet,
		      struct err_info *info)
{
	unsigned rows;
	unsigned short columns;
	int code = freexl_worksheet_dimensions(xls, &rows, &columns);
	if (code != FREEXL_OK)
		return freexl_failed(in, code, info);
	for (unsigned row = 0; row < rows; row++) {
		sheet_begin_row(sheet, row);
		for (unsigned column = 0; column < columns; column++) {
			FreeXL_CellValue value;
			code = freexl_get_cell_value(xls, row, (unsigned short)column, &value);
			if (code != FREEXL_OK)
				return freexl_failed(in, code, info);
			int r = add_value(sheet, column, &value, info);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Copies the first worksheet that holds anything. */
static int copy_book(const struct table_input *in, const void *xls, struct sheet *sheet,
		     struct err_info *info)
{
	unsigned sheets = 0, password = 0;
	if (freexl_get_info(xls, FREEXL_BIFF_PASSWORD, &password) == FREEXL_OK &&
	    password == FREEXL_BIFF_OBFUSCATED)
		return refuse(in, "有打开密码的工作簿，请先去掉密码", info);
	int code = freexl_get_info(xls, FREEXL_BIFF_SHEET_COUNT, &sheets);
	for (unsigned i = 0; code == FREEXL_OK && i < sheets && i < SHEETS_MAX; i++) {
		code = freexl_select_active_worksheet(xls, (unsigned short)i);
		if (code != FREEXL_OK)
			break;
		int r = copy_sheet(in, xls, sheet, info);
		if (r < 0 || sheet->packed.len)
			return r;
	}
	return code == FREEXL_OK ? 0 : freexl_failed(in, code, info);
}

/* A file in memory with these bytes, since freexl only reads by path. */
static int memory_file(const struct table_input *in, int *ret_fd, struct err_info *info)
{
	int fd = memfd_create("xls", MFD_CLOEXEC);
	if (fd < 0)
		return err_io(info, "建立临时文件", "", errno);
	for (size_t done = 0; done < in->len; ) {
		ssize_t n = write(fd, in->data + done, in->len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int r = err_io(info, "写入", "临时文件", errno);
			close(fd);
			return r;
		}
		done += (size_t)n;
	}
	*ret_fd = fd;
	return 0;
}

int xls_open(struct table **ret_table, struct table_input *in, table_is_head is_head, void *arg,
	     struct err_info *info)
{
	const char *kind = foreign_kind(in);
	if (kind)
		return refuse(in, kind, info);
	if (in->len > TABLE_XLSX_MAX)
		return err_set(info, ERR_LIMIT, "%s 太大：工作簿的上限是 %llu MB", in->name,
			       (unsigned long long)(TABLE_XLSX_MAX >> 20));
	int fd = -1;
	int r = memory_file(in, &fd, info);
	if (r < 0)
		return r;
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	const void *xls = NULL;
	struct sheet *sheet = NULL;
	int code = freexl_open(path, &xls);
	if (code != FREEXL_OK)
		r = freexl_failed(in, code, info);
	if (r == 0)
		r = sheet_new(&sheet, in->name, info);
	if (r == 0)
		r = copy_book(in, xls, sheet, info);
	if (r == 0)
		r = sheet_finish(sheet, is_head, arg, info);
	if (xls)
		freexl_close(xls);
	close(fd);
	if (r < 0) {
		sheet_free(sheet);
		return r;
	}
	*ret_table = &sheet->table;
	return 0;
}
