/* SPDX-License-Identifier: Apache-2.0 */
/* A photo from standard input, small on standard output. The server runs it for
 * every photo that is sent; from the moment the photo is read this process can do
 * nothing but read, write and end. */
#include "cli/cmd_thumbnail.h"

#include <linux/seccomp.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/auto.h"
#include "import/picture.h"
#include "store/attachment.h"

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = true };		/* it needs system calls and addresses of its own */
#else
enum { SANITIZED = false };
#endif

enum { MEMORY = 320 << 20, ADDRESSES = 512 << 20, SECONDS = 5 };

static void limit(int what, rlim_t most)
{
	const struct rlimit both = {most, most};
	(void)setrlimit(what, &both);
}

/* Reads to the end, at most one attachment. */
static int read_all(struct buf *photo)
{
	char piece[65536];
	ssize_t n;
	while ((n = read(STDIN_FILENO, piece, sizeof(piece))) > 0) {
		if (photo->len + (size_t)n > ATTACHMENT_MAX)
			return ERR_LIMIT;
		buf_add(photo, piece, (size_t)n);
	}
	return n < 0 ? ERR_IO : photo->failed ? ERR_NOMEM : 0;
}

/* The libraries are loaded by a first use, on a picture of one dot. */
static void warm_up(void)
{
	static const unsigned char dot[] = {
		0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1,
		8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 12, 'I', 'D', 'A', 'T', 0x78, 0x9C, 0x63, 0xF8, 0xFF,
		0xFF, 0x3F, 0, 0x05, 0xFE, 0x02, 0xFE, 0x0D, 0xEF, 0x46, 0xB8, 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xAE,
		0x42, 0x60, 0x82};
	AUTO(buf) struct buf once = {0}, twice = {0};
	if (picture_shrink((struct str){(const char *)dot, sizeof(dot)}, &once) == 0)
		(void)picture_shrink((struct str){once.data, once.len}, &twice);
}

/* From here on: read, write, end. Memory was asked for beforehand. */
static bool lock_in(void)
{
	(void)mallopt(M_MMAP_MAX, 0);
	(void)mallopt(M_TRIM_THRESHOLD, 2 * MEMORY);
	(void)mallopt(M_TOP_PAD, MEMORY);
	void *volatile pool = malloc(1 << 20);	/* or the compiler leaves it out */
	free(pool);
	warm_up();
	limit(RLIMIT_AS, ADDRESSES);
	limit(RLIMIT_CPU, SECONDS);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NOFILE, 0);
	limit(RLIMIT_CORE, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0;
}

static void write_all(struct str data)
{
	while (data.len) {
		ssize_t n = write(STDOUT_FILENO, data.data, data.len);
		if (n <= 0)
			return;
		data = (struct str){data.data + n, data.len - (size_t)n};
	}
}

static int thumbnail(const struct cli_args *args)
{
	AUTO(buf) struct buf photo = {0}, small = {0};
	struct err_info info = {0};
	(void)args;
	int r = read_all(&photo);
	if (r == 0 && !SANITIZED && !lock_in())
		r = ERR_IO;
	if (r == 0)
		r = picture_shrink((struct str){photo.data, photo.len}, &small);
	if (r == 0)
		write_all((struct str){small.data, small.len});
	if (SANITIZED && r < 0) {
		(void)err_set(&info, r, "做不成缩略图");
		return cli_fail(&info);
	}
	if (!SANITIZED)
		syscall(SYS_exit, r < 0 ? EXIT_WRONG : EXIT_OK);
	return EXIT_OK;
}

const struct cli_command cmd_thumbnail = {
	.name = "thumbnail",
	.summary = "把标准输入的照片（jpg、png）缩成小图写到标准输出；网页服务自己会用，在受限的进程里",
	.run = thumbnail,
};
