/* SPDX-License-Identifier: Apache-2.0 */
#include "report/pack.h"

#include <string.h>
#include <zip.h>

/* The archive as it is now, in a source of its own that outlives closing. */
static zip_source_t *open_source(const struct buf *zip)
{
	zip_error_t error;
	void *copy = NULL;
	if (zip->len) {
		copy = malloc(zip->len);
		if (!copy)
			return NULL;
		memcpy(copy, zip->data, zip->len);
	}
	zip_source_t *source = zip_source_buffer_create(copy, zip->len, 1, &error);
	if (!source) {
		free(copy);
		return NULL;
	}
	zip_source_keep(source);
	return source;
}

static int read_back(zip_source_t *source, struct buf *zip, struct err_info *info)
{
	AUTO(buf) struct buf whole = {0};
	zip_stat_t stat;
	if (zip_source_stat(source, &stat) < 0)
		return err_nomem(info);
	if (stat.size > PACK_MAX)
		return err_set(info, ERR_LIMIT, "压缩包超过 %d MB，请选择下一级分别打包", PACK_MAX >> 20);
	if (!buf_reserve(&whole, stat.size) || zip_source_open(source) < 0)
		return err_nomem(info);
	bool good = zip_source_read(source, whole.data, stat.size) == (zip_int64_t)stat.size;
	zip_source_close(source);
	if (!good)
		return err_nomem(info);
	whole.len = stat.size;
	whole.data[whole.len] = '\0';
	struct buf old = *zip;
	*zip = whole;
	whole = old;
	return 0;
}

static int add_file(zip_t *archive, const struct pack_file *file, int64_t made_s)
{
	zip_source_t *source = zip_source_buffer(archive, file->data.data, file->data.len, 0);
	zip_int64_t at = source ? zip_file_add(archive, file->name, source,
					       ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE) : -1;
	if (at < 0) {
		zip_source_free(source);
		return ERR_NOMEM;
	}
	zip_file_set_mtime(archive, (zip_uint64_t)at, (time_t)made_s, 0);
	return 0;
}

int pack_all(struct buf *zip, const struct pack_file *files, int n, int64_t made_s,
	     struct err_info *info)
{
	zip_error_t error;
	zip_source_t *source = open_source(zip);
	if (!source)
		return err_nomem(info);
	zip_t *archive = zip_open_from_source(source, zip->len ? 0 : ZIP_TRUNCATE, &error);
	if (!archive) {
		zip_source_free(source);
		zip_source_free(source);
		return err_set(info, ERR_INPUT, "压缩包读不出来");
	}
	int r = 0;
	for (int i = 0; i < n && r == 0; i++)
		r = add_file(archive, &files[i], made_s);
	if (r < 0 || zip_close(archive) < 0) {
		zip_discard(archive);
		r = err_nomem(info);
	}
	if (r == 0)
		r = read_back(source, zip, info);
	zip_source_free(source);
	return r;
}

int pack_add(struct buf *zip, const char *name, struct str data, int64_t made_s,
	     struct err_info *info)
{
	return pack_all(zip, &(struct pack_file){name, data}, 1, made_s, info);
}
