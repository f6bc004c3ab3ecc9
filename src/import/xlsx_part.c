/* SPDX-License-Identifier: Apache-2.0 */
#include "import/xlsx_part.h"

#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <zip.h>

#include "import/table.h"

/* Between namespace and name, as expat hands them out. */
#define NS_SEPARATOR '\n'
#define RID_TRANSITIONAL "http://schemas.openxmlformats.org/officeDocument/2006/relationships\nid"
#define RID_STRICT "http://purl.oclc.org/ooxml/officeDocument/relationships\nid"

enum { CHUNK = 1 << 16 };

/* A failure of libzip, before which errno was 0: where memory ran out within
 * it, it doesn't always say so. */
static int zip_failed(const char *name, struct err_info *info)
{
	if (errno == ENOMEM)
		return err_nomem(info);
	return err_set(info, ERR_INPUT, "%s：文件已损坏，不完整，" PACKAGE_COPY_AGAIN, name);
}

int package_open(struct package *ret_package, const char *name, const void *data, size_t len,
		 struct err_info *info)
{
	static const char ole[] = "\xD0\xCF\x11\xE0";
	if (len >= 4 && memcmp(data, ole, 4) == 0)
		return err_set(info, ERR_INPUT, "%s：有打开密码，或者是改了名的旧格式（.xls、.doc）；请用 Office 或 "
			       "WPS 打开，去掉密码后另存为 .xlsx 或 .docx", name);
	if (len < 2 || memcmp(data, "PK", 2) != 0)
		return err_set(info, ERR_INPUT, "%s：名称像 .xlsx 或 .docx，内容却不是；请用 Office 或 WPS "
			       "打开，核对后另存为 .xlsx 或 .docx", name);
	errno = 0;
	zip_source_t *source = zip_source_buffer_create(data, len, 0, NULL);
	zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, NULL) : NULL;
	if (!zip) {
		int r = zip_failed(name, info);
		zip_source_free(source);
		return r;
	}
	*ret_package = (struct package){.zip = zip, .name = name, .len = len};
	return 0;
}

void package_done(struct package *package)
{
	if (package && package->zip)
		zip_discard(package->zip);
	if (package)
		package->zip = NULL;
}

/* The index of a part; names differ only in case by accident. */
static zip_int64_t locate(const struct package *package, const char *part)
{
	zip_int64_t i = zip_name_locate(package->zip, part, 0);
	return i >= 0 ? i : zip_name_locate(package->zip, part, ZIP_FL_NOCASE);
}

bool package_has(const struct package *package, const char *part)
{
	return locate(package, part) >= 0;
}

size_t package_peek(struct package *package, const char *part, char *out, size_t size)
{
	zip_int64_t i = locate(package, part);
	zip_file_t *file = i >= 0 ? zip_fopen_index(package->zip, (zip_uint64_t)i, 0) : NULL;
	if (!file)
		return 0;
	zip_int64_t n = zip_fread(file, out, size);
	zip_fclose(file);
	return n > 0 ? (size_t)n : 0;
}

const char *part_attr(const char **attrs, const char *name)
{
	for (; *attrs; attrs += 2)
		if (strcmp(attrs[0], name) == 0)
			return attrs[1];
	return NULL;
}

const char *part_attr_rid(const char **attrs)
{
	const char *id = part_attr(attrs, RID_TRANSITIONAL);
	return id ? id : part_attr(attrs, RID_STRICT);
}

/* One reading of a part. */
struct reading {
	struct package *package;
	const char *part;
	const struct part_reader *reader;
	struct err_info *info;
	XML_Parser parser;
	int result;
	int depth;			/* elements that are open and matter */
	uint64_t skipped;		/* open ones within one that doesn't */
	uint8_t states[PART_DEPTH_MAX];
};

static void stop(struct reading *reading, int result)
{
	reading->result = result;
	XML_StopParser(reading->parser, XML_FALSE);
}

/* The local name if the namespace is one whose elements we know. */
static const char *local_name(const char *name)
{
	static const char *const known[] = {
		"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
		"http://schemas.openxmlformats.org/package/2006/relationships",
		"http://purl.oclc.org/ooxml/spreadsheetml/main",
	};
	const char *separator = strrchr(name, NS_SEPARATOR);
	if (!separator)
		return NULL;
	size_t len = (size_t)(separator - name);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i]) == len && memcmp(known[i], name, len) == 0)
			return separator + 1;
	return NULL;
}

static int state_of(const struct reading *reading, const char *name)
{
	uint8_t parent = reading->depth ? reading->states[reading->depth - 1] : 0;
	name = local_name(name);
	for (const struct part_rule *rule = reading->reader->rules; name && rule->name; rule++)
		if (rule->parent == parent && strcmp(rule->name, name) == 0)
			return rule->state;
	return 0;
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attrs)
{
	struct reading *reading = arg;
	if (reading->result < 0)
		return;
	int state = reading->skipped ? 0 : state_of(reading, name);
	if (!state) {
		if (!reading->depth) {
			stop(reading, err_set(reading->info, ERR_INPUT, "%s：工作簿已损坏（%s "
					      "不是表格内容），" PACKAGE_COPY_AGAIN,
					      reading->package->name, reading->part));
			return;
		}
		reading->skipped++;
		if (reading->skipped + (uint64_t)reading->depth > PART_DEPTH_MAX)
			stop(reading, err_set(reading->info, ERR_LIMIT, "%s：%s 的标记嵌套超过 %d 层",
					      reading->package->name, reading->part,
					      PART_DEPTH_MAX));
		return;
	}
	reading->states[reading->depth++] = (uint8_t)state;
	if (reading->reader->start) {
		int r = reading->reader->start(reading->reader->arg, state, attrs, reading->info);
		if (r < 0)
			stop(reading, r);
	}
}

static void on_end(void *arg, const XML_Char *name)
{
	struct reading *reading = arg;
	(void)name;
	if (reading->result < 0)
		return;
	if (reading->skipped) {
		reading->skipped--;
		return;
	}
	int state = reading->states[--reading->depth];
	if (reading->reader->end) {
		int r = reading->reader->end(reading->reader->arg, state, reading->info);
		if (r < 0)
			stop(reading, r);
	}
}

static void on_text(void *arg, const XML_Char *text, int len)
{
	struct reading *reading = arg;
	if (reading->result < 0 || reading->skipped || !reading->depth || !reading->reader->text)
		return;
	int r = reading->reader->text(reading->reader->arg, reading->states[reading->depth - 1],
				      (struct str){text, (size_t)len}, reading->info);
	if (r < 0)
		stop(reading, r);
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
		       const XML_Char *public_id, int has_internal_subset)
{
	struct reading *reading = arg;
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	stop(reading, err_set(reading->info, ERR_INPUT, "%s：%s 里有 DTD，工作簿里不该有，拒绝读取",
			      reading->package->name, reading->part));
}

/* Counts inflated bytes against the limits. */
static int count_inflated(struct package *package, uint64_t bytes, uint64_t part_bytes,
			  struct err_info *info)
{
	uint64_t most = package->inflated_max ? package->inflated_max : TABLE_XLSX_INFLATED_MAX;
	package->inflated += bytes;
	if (package->inflated > most)
		return err_set(info, ERR_LIMIT, "%s：解压后超过 %llu MB 的上限", package->name,
			       (unsigned long long)(most >> 20));
	if (part_bytes > PART_RATIO_FROM && part_bytes / PART_RATIO_MAX > package->len)
		return err_set(info, ERR_LIMIT, "%s：解压后比文件大 %d 倍以上，可能是恶意文件，"
			       "拒绝读取", package->name, PART_RATIO_MAX);
	return 0;
}

static int xml_error(const struct reading *reading)
{
	if (reading->result < 0)
		return reading->result;
	/* expat too has places where it doesn't say so; errno was 0. */
	if (XML_GetErrorCode(reading->parser) == XML_ERROR_NO_MEMORY || errno == ENOMEM)
		return err_nomem(reading->info);
	return err_set(reading->info, ERR_INPUT, "%s：工作簿已损坏（%s 不完整或有错，第 %lld 字节处），"
		       PACKAGE_COPY_AGAIN, reading->package->name, reading->part,
		       (long long)XML_GetCurrentByteIndex(reading->parser));
}

/* Feeds the part to the parser piece by piece. */
static int feed(struct reading *reading, zip_file_t *file)
{
	struct package *package = reading->package;
	uint64_t total = 0;
	for (;;) {
		errno = 0;
		void *chunk = XML_GetBuffer(reading->parser, CHUNK);
		if (!chunk)
			return xml_error(reading);
		zip_int64_t n = zip_fread(file, chunk, CHUNK);
		if (n < 0)
			return zip_failed(package->name, reading->info);
		total += (uint64_t)n;
		int r = count_inflated(package, (uint64_t)n, total, reading->info);
		if (r < 0)
			return r;
		if (XML_ParseBuffer(reading->parser, (int)n, n == 0) != XML_STATUS_OK)
			return xml_error(reading);
		if (n == 0)
			return 0;
		/* expat reads an unfinished tag anew with every piece. */
		XML_Index done = XML_GetCurrentByteIndex(reading->parser);
		if (done < 0 ? total > PART_TOKEN_MAX :
			       total - (uint64_t)done > PART_TOKEN_MAX + CHUNK)
			return err_set(reading->info, ERR_LIMIT, "%s：%s 里有一个标记超过 1 MB",
				       package->name, reading->part);
	}
}

int package_read(struct package *package, const char *part, const struct part_reader *reader,
		 struct err_info *info)
{
	zip_int64_t i = locate(package, part);
	if (i < 0)
		return ERR_NOT_FOUND;
	zip_stat_t stat;
	errno = 0;
	if (zip_stat_index(package->zip, (zip_uint64_t)i, 0, &stat) < 0 ||
	    !(stat.valid & ZIP_STAT_COMP_METHOD))
		return zip_failed(package->name, info);
	if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
		return err_set(info, ERR_INPUT, "%s：压缩包有密码，请去掉密码后重新保存",
			       package->name);
	if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)
		return zip_failed(package->name, info);

	struct reading reading = {
		.package = package,
		.part = part,
		.reader = reader,
		.info = info,
		.parser = XML_ParserCreateNS(NULL, NS_SEPARATOR),
	};
	if (!reading.parser)
		return err_nomem(info);
	XML_SetUserData(reading.parser, &reading);
	XML_SetElementHandler(reading.parser, on_start, on_end);
	XML_SetCharacterDataHandler(reading.parser, on_text);
	XML_SetStartDoctypeDeclHandler(reading.parser, on_doctype);

	errno = 0;
	zip_file_t *file = zip_fopen_index(package->zip, (zip_uint64_t)i, 0);
	int r = file ? feed(&reading, file) : zip_failed(package->name, info);
	if (file)
		zip_fclose(file);
	XML_ParserFree(reading.parser);
	return r;
}
