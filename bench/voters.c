/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many people vote at once: CLIENTS kept connections to 127.0.0.1, each of which
 * casts one ballot after the other, waiting for each answer. bench/ballots.py
 * runs it.
 *
 *	voters PORT CLIENTS OPTIONS < codes
 *
 * Prints acknowledged, refused, seconds, and the median and 99th percentile of
 * the time from question to answer in microseconds. One thread, so that the
 * server has what is left of two cores.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CODES_MAX = 100000, CODE_LEN = 28, ANSWER_MAX = 64 << 10, CLIENTS_MAX = 1000 };

struct client {
	int fd;
	size_t have;
	int64_t asked_us;
	char answer[ANSWER_MAX];
};

static char codes[CODES_MAX][CODE_LEN + 1];
static int64_t took_us[CODES_MAX];
static int n_codes, next_code, acknowledged, refused, options;

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* False where no code is left. */
static bool ask(struct client *c)
{
	char body[256], request[512];

	if (next_code == n_codes)
		return false;
	int n = next_code++;
	int len = snprintf(body, sizeof(body), "code=%s&nonce=nonce-of-voter-%08d&step=cast&a0=%d", codes[n],
			   n, 1 + n % options);
	len = snprintf(request, sizeof(request),
		       "POST /v HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n"
		       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s", len, body);
	c->have = 0;
	c->asked_us = now_us();
	if (send(c->fd, request, (size_t)len, MSG_NOSIGNAL) != len)
		die("send");
	return true;
}

/* The whole answer is there: head, and as much as it announces. */
static bool complete(const struct client *c)
{
	const char *head = memmem(c->answer, c->have, "\r\n\r\n", 4);
	const char *length = memmem(c->answer, c->have, "Content-Length: ", 16);

	return head && length && length < head &&
	       c->have >= (size_t)(head + 4 - c->answer) + strtoul(length + 16, NULL, 10);
}

static void take(struct client *c, int *open)
{
	ssize_t n = recv(c->fd, c->answer + c->have, sizeof(c->answer) - c->have, 0);

	if (n <= 0)
		die("recv");
	c->have += (size_t)n;
	if (!complete(c))
		return;
	if (memcmp(c->answer, "HTTP/1.1 200", 12) == 0 &&
	    memmem(c->answer, c->have, "投票完成", strlen("投票完成"))) {
		took_us[acknowledged++] = now_us() - c->asked_us;
	} else if (refused++ == 0) {
		fprintf(stderr, "%.*s\n", (int)c->have, c->answer);
	}
	if (!ask(c)) {
		close(c->fd);
		(*open)--;
	}
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void dial(int epoll, struct client *c, int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof(to)) < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) < 0)
		die("connect");
}

static void vote(int port, int n_clients)
{
	struct client *clients = calloc((size_t)n_clients, sizeof(*clients));
	struct epoll_event ready[64];
	int epoll = epoll_create1(EPOLL_CLOEXEC), open = n_clients;

	if (!clients || epoll < 0)
		die("start");
	for (int i = 0; i < n_clients; i++)
		dial(epoll, &clients[i], port);
	int64_t start = now_us();
	for (int i = 0; i < n_clients; i++)
		if (!ask(&clients[i]))
			open--;
	while (open > 0) {
		int n = epoll_wait(epoll, ready, 64, 30000);
		if (n == 0) {
			errno = ETIMEDOUT;
			die("epoll_wait");
		}
		for (int i = 0; i < n; i++)
			take(ready[i].data.ptr, &open);
	}
	double seconds = (double)(now_us() - start) / 1e6;
	struct rusage used;
	getrusage(RUSAGE_SELF, &used);
	qsort(took_us, (size_t)acknowledged, sizeof(took_us[0]), by_size);
	printf("%d %d %.6f %lld %lld %.3f\n", acknowledged, refused, seconds,
	       acknowledged ? (long long)took_us[acknowledged / 2] : 0,
	       acknowledged ? (long long)took_us[(int64_t)acknowledged * 99 / 100] : 0,
	       (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
	free(clients);
	close(epoll);
}

int main(int argc, char **argv)
{
	char line[256];
	int port = argc > 3 ? atoi(argv[1]) : 0, n_clients = argc > 3 ? atoi(argv[2]) : 0;

	options = argc > 3 ? atoi(argv[3]) : 0;
	if (port <= 0 || n_clients <= 0 || n_clients > CLIENTS_MAX || options <= 0)
		return 2;
	while (n_codes < CODES_MAX && fgets(line, sizeof(line), stdin))
		if (strcspn(line, "\n") == CODE_LEN)
			memcpy(codes[n_codes++], line, CODE_LEN);
	vote(port, n_clients);
	return refused ? 1 : 0;
}
