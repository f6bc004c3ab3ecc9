/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"

/* Makes the directory and those above it, for the owner only. */
static int make_directories(char *path, struct err_info *info)
{
	for (char *p = path + 1;; p++) {
		char c = *p;
		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return err_io(info, "建立目录", path, errno);
		*p = c;
		if (!c)
			return 0;
	}
}

static int default_directory(struct buf *out, struct err_info *info)
{
	const char *state = getenv("STATE_DIRECTORY"), *xdg = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state && *state)
		buf_adds(out, state);
	else if (xdg && *xdg == '/')
		buf_addf(out, "%s/jinwei", xdg);
	else if (home && *home)
		buf_addf(out, "%s/.local/state/jinwei", home);
	else
		return err_set(info, ERR_INPUT, "不知道数据放在哪里，请用 --db 指定数据库文件");
	if (out->failed)
		return err_nomem(info);
	return make_directories(out->data, info);
}

int place_open_db(struct db **ret_db, const char *url, struct err_info *info)
{
	AUTO(buf) struct buf path = {0};

	if (url)
		return db_open(ret_db, url, info);
	int r = default_directory(&path, info);
	if (r)
		return r;
	buf_adds(&path, "/jinwei.db");
	return path.failed ? err_nomem(info) : db_open(ret_db, path.data, info);
}
