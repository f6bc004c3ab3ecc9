/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linked into a second jinwei for tests: the system refuses what the environment
 * says. REFUSE_ALLOC=n: the n-th request for memory fails. REFUSE_WRITE=n: the
 * disk is full after n bytes. REFUSE_LIFE=n: killed at the n-th write or rename.
 * REFUSE_REPORT=file: how many of each there were ("requests bytes steps").
 *
 * Without a sanitizer its malloc stands before the C library's, so that the
 * libraries are refused too; with one only our own requests are (the linker
 * wraps them), and the sanitizer finds what is left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef WRAPPED
#define OURS(name) __wrap_##name
#define THEIRS(name) __real_##name
void *OURS(malloc)(size_t size);
void *OURS(calloc)(size_t count, size_t size);
void *OURS(realloc)(void *pointer, size_t size);
void *OURS(reallocarray)(void *pointer, size_t count, size_t size);
void *OURS(aligned_alloc)(size_t align, size_t size);
#else
#define OURS(name) name
#define THEIRS(name) __libc_##name
#endif
void *THEIRS(malloc)(size_t size);
void *THEIRS(calloc)(size_t count, size_t size);
void *THEIRS(realloc)(void *pointer, size_t size);
void *THEIRS(reallocarray)(void *pointer, size_t count, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
void *__libc_memalign(size_t align, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_pwrite64(int fd, const void *data, size_t len, off_t offset);
ssize_t __real_pwrite64(int fd, const void *data, size_t len, off_t offset);
int __wrap_rename(const char *from, const char *to);
int __real_rename(const char *from, const char *to);

/* Shared with child processes. */
struct counts {
	atomic_long requests, bytes, steps;
};

static struct counts *counts;
static long fail_request, room = -1, last_step;
static atomic_int counting;

static long number(const char *name, long otherwise)
{
	const char *text = getenv(name);
	return text ? strtol(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void begin(void)
{
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		abort();
	fail_request = number("REFUSE_ALLOC", 0);
	room = number("REFUSE_WRITE", -1);
	last_step = number("REFUSE_LIFE", 0);
	counting = 1;
}

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("REFUSE_REPORT");
	counting = 0;
	if (!path)
		return;
	char text[80];
	int n = snprintf(text, sizeof(text), "%ld %ld %ld\n", (long)counts->requests,
			 (long)counts->bytes, (long)counts->steps);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0 && __real_write(fd, text, (size_t)n) == n)
		close(fd);
}

static int refused(void)
{
	if (!counting || ++counts->requests != fail_request)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *OURS(malloc)(size_t size)
{
	return refused() ? NULL : THEIRS(malloc)(size);
}

void *OURS(calloc)(size_t count, size_t size)
{
	return refused() ? NULL : THEIRS(calloc)(count, size);
}

void *OURS(realloc)(void *pointer, size_t size)
{
	return refused() ? NULL : THEIRS(realloc)(pointer, size);
}

void *OURS(reallocarray)(void *pointer, size_t count, size_t size)
{
	size_t all;
	if (__builtin_mul_overflow(count, size, &all) || refused())
		return NULL;
	return THEIRS(realloc)(pointer, all);
}

void *OURS(aligned_alloc)(size_t align, size_t size)
{
	if (refused())
		return NULL;
#ifdef WRAPPED
	return __real_aligned_alloc(align, size);
#else
	return __libc_memalign(align, size);
#endif
}

static void step(void)
{
	if (++counts->steps == last_step)
		kill(getpid(), SIGKILL);
}

/* As much of `len` as there is room for; 0: none. */
static size_t fitting(size_t len)
{
	long before = atomic_fetch_add(&counts->bytes, (long)len);
	if (room < 0 || before + (long)len <= room)
		return len;
	return before < room ? (size_t)(room - before) : 0;
}

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	struct stat st;		/* what processes tell each other always gets through */
	if (fd == STDERR_FILENO || (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode)))
		return __real_write(fd, data, len);
	step();
	size_t n = fitting(len);
	if (!n && len) {
		errno = ENOSPC;
		return -1;
	}
	return __real_write(fd, data, n);
}

ssize_t __wrap_pwrite64(int fd, const void *data, size_t len, off_t offset)
{
	step();
	size_t n = fitting(len);
	if (!n && len) {
		errno = ENOSPC;
		return -1;
	}
	return __real_pwrite64(fd, data, n, offset);
}

int __wrap_rename(const char *from, const char *to)
{
	step();
	return __real_rename(from, to);
}
