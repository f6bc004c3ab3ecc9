/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded before jinwei's libraries (test_thumbnail.py): when it locks itself in, it makes one
 * system call besides, before the lock ($BEFORE_LOCK) or after it ($AFTER_LOCK): getppid, open,
 * socket or fork.
 */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FAILED = 99 };

static void call(const char *name)
{
	if (!name)
		return;
	if (strcmp(name, "getppid") == 0)
		syscall(SYS_getppid);
	else if (strcmp(name, "open") == 0)
		syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
	else if (strcmp(name, "socket") == 0)
		syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
	else if (strcmp(name, "fork") == 0)
		syscall(SYS_clone, 0, 0, 0, 0, 0);
	else
		_exit(FAILED);
}

int prctl(int option, ...)
{
	const char *before = getenv("BEFORE_LOCK"), *after = getenv("AFTER_LOCK");
	unsigned long values[4];
	va_list args;

	/* As the C library does it: those that were not given are not looked at. */
	va_start(args, option);
	for (int i = 0; i < 4; i++)
		values[i] = va_arg(args, unsigned long);
	va_end(args);
	if (option == PR_SET_SECCOMP)
		call(before);
	long r = syscall(SYS_prctl, option, values[0], values[1], values[2], values[3]);
	if (option == PR_SET_SECCOMP)
		call(after);
	return (int)r;
}
