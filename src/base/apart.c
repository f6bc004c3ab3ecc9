/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child is forked out of a program with threads, so a lock that another thread
 * holds at that moment stays locked in it for ever: the C library mends its own for
 * malloc and stdio, not those for time zones and for loading libraries, nor those of
 * other libraries. Not all can be held around fork, and the work can't be handed to a
 * process without threads, since it is pointers into this one's memory. But such
 * locks are held for microseconds: who waits for one stands still, which can be
 * seen, and another child hardly meets it again.
 */
#include "base/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 250, TRIES = 2 };

enum end { SAID, DIED, STOOD_STILL, TOO_LONG };

static bool be_quiet(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});	/* a core file helps nobody */
	int said = memfd_create("said", MFD_CLOEXEC);
	return said >= 0 && dup2(said, STDERR_FILENO) >= 0;
}

static long long used_ns(pid_t child)
{
	clockid_t clock;
	struct timespec t = {0};
	if (clock_getcpuclockid(child, &clock) == 0)
		clock_gettime(clock, &t);
	return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Whether all of it has come. Others that were forked meanwhile may hold the pipe's
 * other end, so its end says nothing of the child. */
static bool has_said(int fd, int wait_ms, struct err_info *told)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	return poll(&p, 1, wait_ms) > 0 && (p.revents & POLLIN) &&
	       read(fd, told, sizeof(*told)) == (ssize_t)sizeof(*told);
}

/* Counts its own looks, not a clock: while the whole machine pauses nobody is late. */
static enum end wait_for(pid_t child, int fd, const struct apart_limits *limits,
			 struct err_info *told)
{
	long long used = 0;
	for (int idle_ms = 0, whole_ms = 0;; whole_ms += LOOK_MS) {
		if (has_said(fd, LOOK_MS, told))
			return SAID;
		siginfo_t ended = {0};
		if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
		    ended.si_pid == child)
			return has_said(fd, 0, told) ? SAID : DIED;
		long long now = used_ns(child);
		idle_ms = now > used ? 0 : idle_ms + LOOK_MS;
		used = now;
		if (idle_ms >= limits->idle_ms)
			return STOOD_STILL;
		if (whole_ms >= limits->whole_ms)
			return TOO_LONG;
	}
}

static enum end run_once(const struct apart_limits *limits,
			 int (*work)(void *arg, struct err_info *info), void *arg,
			 const int ends[2], struct err_info *told)
{
	pid_t child = fork();
	if (child < 0)
		return DIED;
	if (child == 0) {
		struct err_info mine = {0};
		if (!be_quiet())
			_exit(1);
		mine.code = work(arg, &mine);
		ssize_t n = write(ends[1], &mine, sizeof(mine));	/* below PIPE_BUF */
		_exit(n == (ssize_t)sizeof(mine) ? 0 : 1);
	}
	enum end end = wait_for(child, ends[0], limits, told);
	if (end != SAID)
		kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return end;
}

int apart_run_within(const struct apart_limits *limits,
		     int (*work)(void *arg, struct err_info *info), void *arg,
		     struct err_info *info)
{
	struct err_info told = {0};
	enum end end = STOOD_STILL;
	for (int i = 0; i < TRIES && end == STOOD_STILL; i++) {
		int ends[2];	/* of its own: the one before may have spoken as it was killed */
		if (pipe2(ends, O_CLOEXEC) < 0)
			return err_set(info, ERR_IO, "无法建立管道：系统错误 %d", errno);
		end = run_once(limits, work, arg, ends, &told);
		close(ends[0]);
		close(ends[1]);
	}
	if (end == STOOD_STILL || end == TOO_LONG)
		return err_set(info, ERR_IO, end == TOO_LONG
			? "生成文件用时过长，已停止，没有生成文件；请分开导出"
			: "生成文件的过程停住不动，已停止，没有生成文件；请稍后重试");
	if (end == DIED)
		return err_nomem(info);
	return told.code < 0 ? err_set(info, told.code, "%s", told.text) : told.code;
}

int apart_run(int (*work)(void *arg, struct err_info *info), void *arg, struct err_info *info)
{
	static const struct apart_limits limits = {.idle_ms = 15000, .whole_ms = 1800000};
	return apart_run_within(&limits, work, arg, info);
}
