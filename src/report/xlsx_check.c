/* SPDX-License-Identifier: Apache-2.0 */
#include "report/xlsx_check.h"

#include <stdbool.h>
#include <string.h>
#include <zip.h>

/* Whether a part can be read to its end and, if XML, ends with a tag. */
static bool part_is_whole(zip_t *zip, zip_uint64_t index)
{
	zip_stat_t stat;
	char block[1 << 16], last = 0;
	zip_uint64_t size = 0;
	zip_int64_t n;

	if (zip_stat_index(zip, index, 0, &stat) < 0)
		return false;
	zip_file_t *part = zip_fopen_index(zip, index, 0);
	if (!part)
		return false;
	while ((n = zip_fread(part, block, sizeof(block))) > 0) {
		size += (zip_uint64_t)n;
		for (zip_int64_t i = n; i-- > 0;)
			if (block[i] != '\n' && block[i] != ' ') {
				last = block[i];
				break;
			}
	}
	zip_fclose(part);
	return n == 0 && size == stat.size && last == '>';
}

int xlsx_check(const char *path, struct err_info *info)
{
	int error = 0;
	zip_t *zip = zip_open(path, ZIP_RDONLY, &error);
	bool whole = zip != NULL && zip_get_num_entries(zip, 0) > 0;
	zip_int64_t n = whole ? zip_get_num_entries(zip, 0) : 0;
	for (zip_int64_t i = 0; whole && i < n; i++)
		whole = part_is_whole(zip, (zip_uint64_t)i);
	if (zip)
		zip_discard(zip);
	return whole ? 0 : err_set(info, ERR_IO, "工作簿没有写完整：磁盘可能已满");
}
