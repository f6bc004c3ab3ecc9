/* SPDX-License-Identifier: Apache-2.0 */
#include "base/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static bool be_quiet(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});	/* a core file helps nobody */
	int said = memfd_create("said", MFD_CLOEXEC);
	return said >= 0 && dup2(said, STDERR_FILENO) >= 0;
}

int apart_run(int (*work)(void *arg, struct err_info *info), void *arg, struct err_info *info)
{
	struct err_info told = {0};
	int ends[2], status;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(info, ERR_IO, "无法建立管道：系统错误 %d", errno);
	pid_t child = fork();
	if (child == 0) {
		if (!be_quiet())
			_exit(1);
		told.code = work(arg, &told);
		ssize_t n = write(ends[1], &told, sizeof(told));	/* below PIPE_BUF */
		_exit(n == (ssize_t)sizeof(told) ? 0 : 1);
	}
	close(ends[1]);
	ssize_t n = 0;
	do
		n = child < 0 ? 0 : read(ends[0], &told, sizeof(told));
	while (n < 0 && errno == EINTR);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (n != (ssize_t)sizeof(told))
		return err_nomem(info);
	return told.code < 0 ? err_set(info, told.code, "%s", told.text) : told.code;
}
