/* SPDX-License-Identifier: Apache-2.0 */
#include "app/thumbnail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Both ends at once, so that neither waits for the other. */
static int talk(int fd, struct str photo, struct buf *out)
{
	int64_t until = now_ms() + THUMBNAIL_WAIT_MS;
	size_t sent = 0, before = out->len;
	char piece[16384];
	for (;;) {
		struct pollfd at = {fd, (short)(POLLIN | (sent < photo.len ? POLLOUT : 0)), 0};
		int64_t left = until - now_ms();
		if (left <= 0 || poll(&at, 1, (int)left) <= 0)
			return ERR_LIMIT;
		if (at.revents & POLLOUT) {
			ssize_t n = send(fd, photo.data + sent, photo.len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				sent = photo.len;	/* it has read enough, and may still answer */
			sent += n > 0 ? (size_t)n : 0;
			if (sent == photo.len)
				shutdown(fd, SHUT_WR);
		}
		if (!(at.revents & (POLLIN | POLLHUP | POLLERR)))
			continue;
		ssize_t n = read(fd, piece, sizeof(piece));
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return out->len > before ? 0 : ERR_INPUT;
		if (out->len - before + (size_t)n > THUMBNAIL_MAX)
			return ERR_LIMIT;
		buf_add(out, piece, (size_t)n);
	}
}

static int start(const char *program, int fd, pid_t *ret_pid)
{
	char *const argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)"thumbnail", NULL};
	char *const environment[] = {(char *)(uintptr_t)"LC_ALL=C", NULL};
	posix_spawn_file_actions_t actions;
	if (posix_spawn_file_actions_init(&actions) != 0)
		return ERR_NOMEM;
	int r = posix_spawn_file_actions_adddup2(&actions, fd, 0);
	r = r ? r : posix_spawn_file_actions_adddup2(&actions, fd, 1);
	r = r ? r : posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	r = r ? r : posix_spawn_file_actions_addclosefrom_np(&actions, 3);
	r = r ? r : posix_spawn(ret_pid, program, &actions, NULL, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	return r ? ERR_IO : 0;
}

int thumbnail_make(const char *program, struct str photo, struct buf *out)
{
	int fds[2], status = 0;
	size_t before = out->len;
	pid_t pid;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return ERR_IO;
	int r = start(program, fds[1], &pid);
	close(fds[1]);
	if (r == 0) {
		r = talk(fds[0], photo, out);
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(fds[0]);
	/* Cut off in the middle is no picture: a JPEG ends with its mark. */
	if (r == 0 && (out->failed || out->len - before < 4 ||
		       memcmp(out->data + out->len - 2, "\xFF\xD9", 2) != 0))
		r = ERR_INPUT;
	if (r < 0)
		out->len = before;
	return r;
}
