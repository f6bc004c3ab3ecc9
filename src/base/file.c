/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *shown(const char *path, bool input)
{
	if (strcmp(path, "-") != 0)
		return path;
	return input ? "标准输入" : "标准输出";
}

int file_read(const char *path, uint64_t limit, struct buf *buf, struct err_info *info)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_io(info, "打开", path, errno);

	int r = 0;
	size_t before = buf->len;
	struct stat st;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		if ((uint64_t)st.st_size > limit)
			r = ERR_LIMIT;
		else
			buf_reserve(buf, (size_t)st.st_size + 1);
	}
	while (r == 0) {
		if (!buf_reserve(buf, 1 << 16)) {
			r = err_nomem(info);
			break;
		}
		ssize_t n = read(fd, buf->data + buf->len, buf->cap - buf->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			r = err_io(info, "读取", shown(path, true), errno);
		if (n <= 0)
			break;
		buf->len += (size_t)n;
		buf->data[buf->len] = '\0';
		if (buf->len - before > limit)
			r = ERR_LIMIT;
	}
	if (r == ERR_LIMIT)
		err_set(info, ERR_LIMIT, "%s 太大：上限是 %llu MB", shown(path, true),
			(unsigned long long)(limit >> 20));
	if (!standard)
		close(fd);
	return r;
}

int outfile_open(struct outfile *ret_file, const char *path, struct err_info *info)
{
	struct outfile file = OUTFILE_INIT;
	struct stat st;

	/* A link stays: what it leads to is replaced. */
	if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode))
		file.path = realpath(path, NULL);
	if (!file.path)
		file.path = strdup(path);
	if (!file.path)
		return err_nomem(info);
	path = file.path;
	if (strcmp(path, "-") == 0) {
		file.fd = STDOUT_FILENO;
		file.direct = file.keep_fd = true;
	} else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		file.direct = true;
		file.fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		const char *slash = strrchr(path, '/');
		size_t dir = slash ? (size_t)(slash - path) + 1 : 0;
		if (asprintf(&file.temp, "%.*s.%s.XXXXXX", (int)dir, path, path + dir) < 0) {
			file.temp = NULL;
			outfile_done(&file);
			return err_nomem(info);
		}
		file.fd = mkostemp(file.temp, O_CLOEXEC);
		if (file.fd < 0) {
			int e = errno;
			free(file.temp);
			file.temp = NULL;
			errno = e;
		} else {
			mode_t mask = umask(0);
			umask(mask);
			fchmod(file.fd, 0666 & ~mask);
		}
	}
	if (file.fd < 0) {
		int r = err_io_make(info, "写入", path, errno);
		outfile_done(&file);
		return r;
	}
	*ret_file = file;
	return 0;
}

int outfile_write(struct outfile *file, const void *data, size_t len, struct err_info *info)
{
	const char *p = data;
	while (len) {
		ssize_t n = write(file->fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_io(info, "写入", shown(file->path, false), errno);
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int outfile_sync(struct outfile *file, struct err_info *info)
{
	if (!file->direct && fsync(file->fd) < 0)
		return err_io(info, "写入", file->path, errno);
	return 0;
}

int outfile_commit(struct outfile *file, struct err_info *info)
{
	if (file->temp) {
		if (rename(file->temp, file->path) < 0)
			return err_io(info, "写入", file->path, errno);
		free(file->temp);
		file->temp = NULL;
	}
	if (!file->keep_fd && file->fd >= 0) {
		int fd = file->fd;
		file->fd = -1;
		if (close(fd) < 0)
			return err_io(info, "写入", file->path, errno);
	}
	return 0;
}

void outfile_done(struct outfile *file)
{
	if (!file)
		return;
	if (file->fd >= 0 && !file->keep_fd)
		close(file->fd);
	if (file->temp)
		unlink(file->temp);
	free(file->temp);
	free(file->path);
	*file = OUTFILE_INIT;
}
