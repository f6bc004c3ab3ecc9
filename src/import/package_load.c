/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <expat.h>
#include <string.h>
#include <strings.h>
#include <zip.h>

#include "base/buf.h"
#include "import/xlsx_part.h"

enum { CHUNK = 1 << 16 };

static int broken(const struct package *package, const char *what, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "%s：文件已损坏（%s），" PACKAGE_COPY_AGAIN,
		       package->name, what);
}

/* ---- is it XML? ---- */

struct check {
	XML_Parser parser;
	int depth;
	bool doctype, deep;
};

static void on_start(void *arg, const XML_Char *name, const XML_Char **attrs)
{
	struct check *check = arg;
	(void)name;
	(void)attrs;
	if (++check->depth > PART_DEPTH_MAX) {
		check->deep = true;
		XML_StopParser(check->parser, XML_FALSE);
	}
}

static void on_end(void *arg, const XML_Char *name)
{
	(void)name;
	((struct check *)arg)->depth--;
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
		       const XML_Char *public_id, int has_internal_subset)
{
	struct check *check = arg;
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	check->doctype = true;
	XML_StopParser(check->parser, XML_FALSE);
}

static int check_xml(const struct package *package, const char *part, struct str text,
		     struct err_info *info)
{
	struct check check = {.parser = XML_ParserCreate("UTF-8")};
	if (!check.parser)
		return err_nomem(info);
	XML_SetUserData(check.parser, &check);
	XML_SetElementHandler(check.parser, on_start, on_end);
	XML_SetStartDoctypeDeclHandler(check.parser, on_doctype);
	errno = 0;
	bool good = XML_Parse(check.parser, text.data, (int)text.len, 1) == XML_STATUS_OK;
	bool nomem = XML_GetErrorCode(check.parser) == XML_ERROR_NO_MEMORY || errno == ENOMEM;
	XML_ParserFree(check.parser);
	if (check.doctype)
		return err_set(info, ERR_INPUT, "%s：%s 里有 DTD，拒绝读取", package->name, part);
	if (check.deep)
		return err_set(info, ERR_LIMIT, "%s：%s 的标记嵌套超过 %d 层", package->name, part,
			       PART_DEPTH_MAX);
	if (!good && nomem)
		return err_nomem(info);
	return good && str_is_utf8(text.data, text.len) ? 0 : broken(package, part, info);
}

/* ---- bytes ---- */

static bool ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name), n = strlen(ending);
	return len >= n && strcasecmp(name + len - n, ending) == 0;
}

/* Counts before anything is kept; declared sizes are not believed. */
static int count(struct package *package, uint64_t bytes, uint64_t part_bytes, struct err_info *info)
{
	package->inflated += bytes;
	if (package->inflated > PACKAGE_LOAD_MAX)
		return err_set(info, ERR_LIMIT, "%s：解压后超过 %d MB 的上限", package->name,
			       PACKAGE_LOAD_MAX >> 20);
	/* Sheets of blanks compress well; what is small does no harm. */
	if (part_bytes > (8 << 20) && part_bytes / PART_RATIO_MAX > package->len)
		return err_set(info, ERR_LIMIT, "%s：解压后比文件大 %d 倍以上，可能是恶意文件，拒绝读取",
			       package->name, PART_RATIO_MAX);
	return 0;
}

static int inflate(struct package *package, zip_file_t *file, struct buf *out, struct err_info *info)
{
	char chunk[CHUNK];
	for (;;) {
		errno = 0;
		zip_int64_t n = zip_fread(file, chunk, sizeof(chunk));
		if (n < 0)
			return errno == ENOMEM ? err_nomem(info) : broken(package, "压缩包读不出来", info);
		if (n == 0)
			return out->failed ? err_nomem(info) : 0;
		int r = count(package, (uint64_t)n, out->len + (uint64_t)n, info);
		if (r < 0)
			return r;
		buf_add(out, chunk, (size_t)n);
	}
}

static bool name_is_fit(const char *name)
{
	return *name && *name != '/' && !strchr(name, '\\') && !strstr(name, "..") &&
	       str_is_utf8(name, strlen(name));
}

static int load_one(struct package *package, zip_uint64_t index, struct arena *arena,
		    struct package_part *ret_part, struct err_info *info)
{
	AUTO(buf) struct buf bytes = {0};
	zip_stat_t stat;
	if (zip_stat_index(package->zip, index, 0, &stat) < 0 || !(stat.valid & ZIP_STAT_NAME) ||
	    !name_is_fit(stat.name))
		return broken(package, "压缩包的目录不对", info);
	if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) && stat.encryption_method != ZIP_EM_NONE)
		return err_set(info, ERR_INPUT, "%s：文件有密码，请去掉密码后重新保存", package->name);
	zip_file_t *file = zip_fopen_index(package->zip, index, 0);
	if (!file)
		return broken(package, "压缩包读不出来", info);
	int r = inflate(package, file, &bytes, info);
	zip_fclose(file);
	if (r < 0)
		return r;
	struct package_part part = {
		.name = arena_strdup(arena, stat.name),
		.data = {arena_strndup(arena, buf_str(&bytes), bytes.len), bytes.len},
		.xml = ends_with(stat.name, ".xml") || ends_with(stat.name, ".rels"),
	};
	if (!part.name || !part.data.data)
		return err_nomem(info);
	r = part.xml ? check_xml(package, part.name, part.data, info) : 0;
	if (r == 0)
		*ret_part = part;
	return r;
}

int package_load(struct package *package, struct arena *arena, struct package_part **ret_parts,
		 int *ret_n, struct err_info *info)
{
	zip_int64_t entries = zip_get_num_entries(package->zip, 0);
	int n = 0, r = 0;
	if (entries > PACKAGE_PARTS_MAX)
		return err_set(info, ERR_LIMIT, "%s：压缩包里超过 %d 个部分", package->name, PACKAGE_PARTS_MAX);
	struct package_part *parts = arena_zalloc(arena, (size_t)entries + 1, sizeof(*parts));
	if (!parts)
		return err_nomem(info);
	for (zip_int64_t i = 0; i < entries && r == 0; i++) {
		const char *name = zip_get_name(package->zip, (zip_uint64_t)i, 0);
		if (name && ends_with(name, "/"))
			continue;	/* a folder */
		r = load_one(package, (zip_uint64_t)i, arena, &parts[n], info);
		for (int j = 0; r == 0 && j < n; j++)
			if (strcasecmp(parts[j].name, parts[n].name) == 0)
				r = broken(package, "有两个同名的部分", info);
		n += r == 0;
	}
	if (r < 0)
		return r;
	*ret_parts = parts;
	*ret_n = n;
	return 0;
}
