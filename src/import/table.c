/* SPDX-License-Identifier: Apache-2.0 */
#include "import/table.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "import/table_impl.h"

static bool starts(const struct table_input *in, const char *with, size_t len)
{
	return in->len >= len && memcmp(in->data, with, len) == 0;
}
#define STARTS(in, literal) starts(in, literal, sizeof(literal) - 1)

/* What else people hand in. Nothing here can begin a CSV head. */
struct foreign {
	const char *bytes;
	size_t len;
	const char *kind, *advice;
};

#define ADVICE_SAVE "不能直接读取；请用 Excel 或 WPS 打开后另存为 .xlsx"
#define ADVICE_UNPACK "不是表格；请先解压，再选里面的表格文件"
#define ADVICE_CHOOSE "不是表格；请选 .xlsx、.xls 或 .csv 的表格文件"

static const struct foreign *foreign_kind(const struct table_input *in)
{
	static const struct foreign kinds[] = {
#define KIND(bytes, kind, advice) {bytes, sizeof(bytes) - 1, kind, advice}
		KIND("%PDF-", " PDF 文件", ADVICE_CHOOSE),
		KIND("{\\rtf", " RTF 文档", ADVICE_CHOOSE),
		KIND("\x89PNG", "图片", ADVICE_CHOOSE),
		KIND("\xFF\xD8\xFF", "图片", ADVICE_CHOOSE),
		KIND("GIF8", "图片", ADVICE_CHOOSE),
		KIND("Rar!", "压缩包", ADVICE_UNPACK),
		KIND("7z\xBC\xAF", "压缩包", ADVICE_UNPACK),
		KIND("\x1F\x8B\x08", "压缩包", ADVICE_UNPACK),
		KIND("\x09\x08\x06\x00\x00\x00", "很旧的 .xls 表格", ADVICE_SAVE),
		KIND("\x09\x08\x08\x00\x00\x05", "很旧的 .xls 表格", ADVICE_SAVE),
		KIND("\x09\x00\x04\x00", "很旧的 .xls 表格", ADVICE_SAVE),
		KIND("\x09\x02\x06\x00", "很旧的 .xls 表格", ADVICE_SAVE),
		KIND("\x09\x04\x06\x00", "很旧的 .xls 表格", ADVICE_SAVE),
#undef KIND
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (starts(in, kinds[i].bytes, kinds[i].len))
			return &kinds[i];
	return NULL;
}

/* Other programs call a web page or XML .xls; a mark or blanks may stand before it. */
static const struct foreign *markup_kind(const struct table_input *in)
{
	static const struct foreign page = {.kind = "网页", .advice = ADVICE_SAVE},
				    xml = {.kind = " XML 文件", .advice = ADVICE_SAVE};
	static const char *const pages[] = {"<!DOCTYPE", "<html", "<head", "<meta", "<style",
					    "<table", "<div", "<!--"};
	struct str text = {in->data, in->len};
	if (STARTS(in, "\xEF\xBB\xBF"))
		text = (struct str){in->data + 3, in->len - 3};
	while (text.len && strchr(" \t\r\n", text.data[0]) && text.data[0])
		text = (struct str){text.data + 1, text.len - 1};
	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		if (text.len >= strlen(pages[i]) &&
		    strncasecmp(text.data, pages[i], strlen(pages[i])) == 0)
			return &page;
	return text.len >= 5 && memcmp(text.data, "<?xml", 5) == 0 ? &xml : NULL;
}

/* Whether its beginning can be text in an encoding that is read: other bytes
 * under a workbook's name are what is left of a damaged or enciphered file. */
static bool looks_like_text(const struct table_input *in)
{
	if (STARTS(in, "\xFF\xFE") || STARTS(in, "\xFE\xFF"))
		return true;
	for (size_t i = 0; i < in->len && i < 4096; i++)
		if ((unsigned char)in->data[i] < ' ' && !strchr("\t\n\f\r\x1A", in->data[i]))
			return false;
	return !memchr(in->data, '\0', in->len < 4096 ? in->len : 4096);
}

static bool is_zip(const struct table_input *in)
{
	return STARTS(in, "PK\x03\x04") || STARTS(in, "PK\x05\x06");
}

static bool is_ole(const struct table_input *in)
{
	return STARTS(in, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}

bool table_ends_with(const char *name, const char *extension)
{
	size_t n = strlen(name), m = strlen(extension);
	return n >= m && strcasecmp(name + n - m, extension) == 0;
}

const char *table_workbook_name(const char *name)
{
	static const char *const endings[] = {".xlsx", ".xlsm", ".xltx", ".xls",
					      ".et",   ".ett",	".wps",	 ".wpt"};
	for (size_t i = 0; i < ARRAY_LEN(endings); i++)
		if (table_ends_with(name, endings[i]))
			return endings[i];
	return NULL;
}

static int open_input(struct table **ret_table, struct table_input *in, table_is_head is_head,
		      void *arg, struct err_info *info)
{
	if (in->len == 0)
		return err_set(info, ERR_INPUT, "%s：是空的，第一行应是列名", in->name);
	if (is_zip(in))
		return xlsx_open(ret_table, in, is_head, arg, info);
	if (is_ole(in))
		return xls_open(ret_table, in, is_head, arg, info);
	const struct foreign *foreign = foreign_kind(in);
	if (!foreign)
		foreign = markup_kind(in);
	if (foreign)
		return err_set(info, ERR_INPUT, "%s：这是%s，%s", in->name, foreign->kind,
			       foreign->advice);
	const char *ending = table_workbook_name(in->name);
	if (ending && !looks_like_text(in))
		return err_set(info, ERR_INPUT, "%s：文件已损坏，或者被加密软件加了密：既不是工作簿，也不是文本；"
			       "请先解密；没有加密的，" TABLE_COPY_AGAIN, in->name);
	if (ending)
		return err_set(info, ERR_INPUT, "%s：文件名以 %s 结尾，内容却不是工作簿，多半是改了名的"
			       "文本（CSV）；请用 Excel 或 WPS 打开，核对后另存为“Excel 工作簿（.xlsx）”；"
			       "本来就是 CSV 的，把文件名改回 .csv 再用", in->name, ending);
	return csv_open(ret_table, in, info);
}

int table_open_memory(struct table **ret_table, const char *name, const void *data, size_t len,
		      table_is_head is_head, void *arg, struct err_info *info)
{
	struct table_input in = {.name = name, .data = data, .len = len};
	return open_input(ret_table, &in, is_head, arg, info);
}

/* The most bytes to read of a file: what it is shows before it is read whole. */
static uint64_t limit_of(const char *path)
{
	char begin[8];
	struct stat st;
	struct table_input in = {.data = begin};
	/* A pipe would be disturbed by being opened twice. */
	bool regular = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode);
	int fd = regular ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return TABLE_CSV_MAX;
	ssize_t n = pread(fd, begin, sizeof(begin), 0);
	in.len = n > 0 ? (size_t)n : 0;
	close(fd);
	return is_zip(&in) || is_ole(&in) ? TABLE_XLSX_MAX : TABLE_CSV_MAX;
}

int table_open(struct table **ret_table, const char *path, table_is_head is_head, void *arg,
	       struct err_info *info)
{
	struct table_input in = {.name = strcmp(path, "-") == 0 ? "标准输入" : path};
	int r = file_read(path, limit_of(path), &in.own, info);
	if (r == 0) {
		in.data = in.own.data;
		in.len = in.own.len;
		r = open_input(ret_table, &in, is_head, arg, info);
	}
	buf_done(&in.own);
	return r;
}

void table_free(struct table *table)
{
	if (table)
		table->free(table);
}

int table_next(struct table *table, struct table_row *ret_row, struct err_info *info)
{
	return table->next(table, ret_row, info);
}

bool table_is_sheet(const struct table *table)
{
	return table->sheet;
}

void table_column_name(int column, char out[8])
{
	char letters[8];
	int n = 0;
	for (unsigned c = (unsigned)column + 1; c; c = (c - 1) / 26)
		letters[n++] = (char)('A' + (c - 1) % 26);
	for (int i = 0; i < n; i++)
		out[i] = letters[n - 1 - i];
	out[n] = '\0';
}
