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

/* Opens a file without a name in the folder of `path`: whatever ends the program, it
 * leaves nothing. Sets file->temp to the name it gets for a moment when it is committed.
 * Where the file system has no such files it has that name from the beginning. */
static int open_temp(struct outfile *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t dir = slash ? (size_t)(slash - path) + 1 : 0;
	AUTO_FREE char *folder = dir ? strndup(path, dir) : strdup(".");
	if (!folder || asprintf(&file->temp, "%.*s.%s.XXXXXX", (int)dir, path, path + dir) < 0) {
		file->temp = NULL;
		return ERR_NOMEM;
	}
	file->fd = access("/proc/self/fd", X_OK) == 0 ?
			   open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666) : -1;
	file->nameless = file->fd >= 0;
	if (file->nameless)
		return 0;
	file->fd = mkostemp(file->temp, O_CLOEXEC);
	if (file->fd < 0) {
		int e = errno;
		free(file->temp);
		file->temp = NULL;
		errno = e;
	} else {
		mode_t mask = umask(0);
		umask(mask);
		fchmod(file->fd, 0666 & ~mask);
	}
	return 0;
}

const char *outfile_here(const struct outfile *file, char room[OUTFILE_ROOM])
{
	if (!file->nameless)
		return file->temp;
	snprintf(room, OUTFILE_ROOM, "/proc/self/fd/%d", file->fd);
	return room;
}

/* Gives the file its name, a new one. */
static int name_temp(struct outfile *file)
{
	char room[OUTFILE_ROOM];
	const char *self = outfile_here(file, room);
	char *end = file->temp + strlen(file->temp) - 6;
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(end, 7, "%06u", ((unsigned)getpid() + i * 7919u) % 1000000);
		if (linkat(AT_FDCWD, self, AT_FDCWD, file->temp, AT_SYMLINK_FOLLOW) == 0) {
			file->nameless = false;
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	return ERR_IO;
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
	} else if (open_temp(&file, path) < 0) {
		outfile_done(&file);
		return err_nomem(info);
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
		if ((file->nameless && name_temp(file) < 0) || rename(file->temp, file->path) < 0)
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
	if (file->temp && !file->nameless)
		unlink(file->temp);
	free(file->temp);
	free(file->path);
	*file = OUTFILE_INIT;
}
