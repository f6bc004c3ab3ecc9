/* SPDX-License-Identifier: Apache-2.0 */
/* The router behind a real socket on 127.0.0.1, on a free port. */
#include "tests/web/cm.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/web/fake.h"
#include "web/metrics.h"
#include "web/server.h"

enum { PATIENCE_MS = 20000 };	/* a test that waits longer has failed */

struct site {
	struct fake fake;
	struct server *server;
	pthread_mutex_t lock;
	struct buf log;
};

static void keep_log(void *arg, const char *line)
{
	struct site *site = arg;
	pthread_mutex_lock(&site->lock);
	buf_adds(&site->log, line);
	buf_addc(&site->log, '\n');
	pthread_mutex_unlock(&site->lock);
}

static int setup(void **state)
{
	static struct site site;
	struct server_config config = {.listen = "127.0.0.1:0", .readers = 2, .writers = 2, .head_ms = 400,
				       .body_ms = 400, .send_ms = 400, .idle_ms = 60000, .late_ms = 60000,
				       .rate = 64 << 20, .log = keep_log, .log_arg = &site};
	struct err_info info = {0};

	site = (struct site){.lock = PTHREAD_MUTEX_INITIALIZER};
	fake_init(&site.fake);
	if (server_start(&site.server, &site.fake.web, &config, &info)) {
		print_error("%s\n", info.text);
		return -1;
	}
	*state = &site;
	return 0;
}

static int teardown(void **state)
{
	struct site *site = *state;
	server_stop(site->server, 1000);
	fake_done(&site->fake);
	buf_done(&site->log);
	return 0;
}

static int dial(struct site *site)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)server_port(site->server)),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void say(int fd, const char *text)
{
	size_t len = strlen(text);
	assert_int_equal(send(fd, text, len, MSG_NOSIGNAL), (ssize_t)len);
}

/* Reads until the other side closes; false if it does not in time. */
static bool read_to_end(int fd, struct buf *out)
{
	char bytes[4096];

	for (;;) {
		struct pollfd p = {fd, POLLIN, 0};
		if (poll(&p, 1, PATIENCE_MS) != 1)
			return false;
		ssize_t n = recv(fd, bytes, sizeof(bytes), 0);
		if (n <= 0)
			return true;
		buf_add(out, bytes, (size_t)n);
	}
}

static void talk(struct site *site, const char *text, struct buf *out)
{
	int fd = dial(site);
	say(fd, text);
	assert_true(read_to_end(fd, out));
	close(fd);
}

static void a_page_comes_over_the_wire(void **state)
{
	AUTO(buf) struct buf out = {0};
	talk(*state, "GET /hello?name=%E6%9D%91 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
	assert_int_equal(strncmp(buf_str(&out), "HTTP/1.1 200 ", 13), 0);
	assert_non_null(strstr(buf_str(&out), "Content-Security-Policy: "));
	assert_non_null(strstr(buf_str(&out), "<h1>村</h1>"));
	struct site *site = *state;
	assert_non_null(strstr(buf_str(&site->log), " 127.0.0.1 - GET /hello 200 "));
	/* Never the query: it may carry names and one-time codes. */
	assert_null(strstr(buf_str(&site->log), "name="));
}

static void head_has_no_body(void **state)
{
	AUTO(buf) struct buf out = {0};
	talk(*state, "HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
	assert_int_equal(strncmp(buf_str(&out), "HTTP/1.1 200 ", 13), 0);
	assert_null(strstr(buf_str(&out), "<h1>"));
}

static void announced_bodies_that_are_too_big_are_refused_unread(void **state)
{
	AUTO(buf) struct buf out = {0};
	talk(*state, "POST /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		     "Content-Length: 1000000000\r\n\r\n", &out);
	assert_int_equal(strncmp(buf_str(&out), "HTTP/1.1 413 ", 13), 0);
	assert_non_null(strstr(buf_str(&out), "内容太大"));
	AUTO(buf) struct buf none = {0};
	talk(*state, "POST /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		     "Content-Length: 1\r\n\r\n", &none);
	assert_int_equal(strncmp(buf_str(&none), "HTTP/1.1 413 ", 13), 0);
}

static void bodies_of_unknown_length_are_refused_unread(void **state)
{
	AUTO(buf) struct buf out = {0};
	talk(*state, "POST /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		     "Content-Type: application/x-www-form-urlencoded\r\n"
		     "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", &out);
	assert_int_equal(strncmp(buf_str(&out), "HTTP/1.1 411 ", 13), 0);
	assert_non_null(strstr(buf_str(&out), "没有写明内容的长度"));
}

static void heads_that_are_too_long_are_refused(void **state)
{
	AUTO(buf) struct buf out = {0};
	AUTO(buf) struct buf request = {0};
	buf_adds(&request, "GET /hello?name=");
	for (int i = 0; i < 10000; i++)
		buf_addc(&request, 'a');
	buf_adds(&request, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	talk(*state, buf_str(&request), &out);
	assert_int_equal(strncmp(buf_str(&out), "HTTP/1.1 431 ", 13), 0);
}

/* Sends one byte each 50 ms until the server hangs up. */
static void drip(struct site *site, const char *start, const char *byte)
{
	int fd = dial(site);
	struct pollfd p = {fd, POLLIN | POLLRDHUP, 0};
	bool closed = false;

	say(fd, start);
	for (int ms = 0; ms < PATIENCE_MS && !closed; ms += 50) {
		if (send(fd, byte, 1, MSG_NOSIGNAL) != 1)
			closed = true;
		else if (poll(&p, 1, 50) > 0)
			closed = true;
	}
	assert_true(closed);
	close(fd);
}

static void clients_that_drip_are_closed(void **state)
{
	struct site *site = *state;
	drip(site, "GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ", "a");
	drip(site, "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n", "a");
	drip(site, "", "G");
	AUTO(buf) struct buf out = {0};
	metrics_write(site->fake.web.metrics, "1", &out);
	assert_non_null(strstr(buf_str(&out), "jinwei_http_swept_total 3"));
}

static void a_client_that_does_not_read_is_closed(void **state)
{
	struct site *site = *state;
	int fd = dial(site), small = 4096;
	AUTO(buf) struct buf text = {0};

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	say(fd, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
	/* Without the sweeper nothing would ever happen here. */
	struct pollfd p = {fd, POLLRDHUP, 0};
	bool closed = false;
	for (int ms = 0; ms < PATIENCE_MS && !closed; ms += 100) {
		buf_clear(&text);
		metrics_write(site->fake.web.metrics, "1", &text);
		closed = strstr(buf_str(&text), "jinwei_http_swept_total 1\n") != NULL;
		if (!closed)
			poll(&p, 1, 100);
	}
	assert_true(closed);
	close(fd);
}

static void the_metrics_count(void **state)
{
	struct site *site = *state;
	AUTO(buf) struct buf out = {0};
	AUTO(buf) struct buf text = {0};
	talk(site, "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", &out);
	metrics_write(site->fake.web.metrics, "1", &text);
	assert_non_null(strstr(buf_str(&text), "jinwei_http_requests_total{method=\"GET\","
					       "route=\"/hello\",status=\"2xx\"} 1\n"));
	assert_non_null(strstr(buf_str(&text), "jinwei_http_request_seconds_count 1\n"));
}

static void stopping_closes_the_door(void **state)
{
	struct site *site = *state;
	int idle = dial(site), port = server_port(site->server);
	AUTO(buf) struct buf out = {0};

	server_stop(site->server, 1000);
	site->server = NULL;
	assert_true(read_to_end(idle, &out));
	close(idle);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), -1);
	close(fd);
}

static void *stop_main(void *arg)
{
	struct site *site = arg;
	server_stop(site->server, 60000);
	return NULL;
}

/* Waits until as many connections are taken. */
static void await_connections(struct site *site, const char *gauge)
{
	for (bool there = false; !there;) {
		AUTO(buf) struct buf text = {0};
		metrics_write(site->fake.web.metrics, "1", &text);
		there = strstr(buf_str(&text), gauge) != NULL;
	}
}

static void who_just_came_in_is_served_while_it_stops(void **state)
{
	struct site *site = *state;
	AUTO(buf) struct buf out = {0};
	static const char get[] = "GET /hello?name=x HTTP/1.1\r\nHost: x\r\n\r\n";
	int known = dial(site);
	say(known, get);
	assert_int_equal(recv(known, (char[1]){0}, 1, 0), 1);	/* so it's no newcomer */
	int late = dial(site);
	pthread_t thread;

	await_connections(site, "jinwei_http_connections 2\n");
	assert_int_equal(pthread_create(&thread, NULL, stop_main, site), 0);
	/* Its answers say when the server stops. */
	AUTO(buf) struct buf answer = {0};
	while (!strstr(buf_str(&answer), "Connection: close")) {
		char bytes[4096];
		ssize_t n = recv(known, bytes, sizeof(bytes), 0);
		assert_true(n > 0);
		buf_add(&answer, bytes, (size_t)n);
		if (strstr(buf_str(&answer), "</html>") && !strstr(buf_str(&answer), "Connection: close")) {
			buf_clear(&answer);
			say(known, get);
		}
	}
	say(late, get);
	assert_true(read_to_end(late, &out));
	assert_int_equal(strncmp(buf_str(&out), "HTTP/1.1 200 ", 13), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	site->server = NULL;
	close(known);
	close(late);
}

static void wrong_addresses_are_refused_in_words(void **state)
{
	struct site *site = *state;
	static const char *const addresses[] = {"8080", "127.0.0.1:", "nowhere.invalid:80", "127.0.0.1:x",
						 "127.0.0.1:99999"};

	for (size_t i = 0; i < ARRAY_LEN(addresses); i++) {
		struct server_config config = {.listen = addresses[i]};
		struct server *server;
		struct err_info info = {0};
		assert_int_equal(server_start(&server, &site->fake.web, &config, &info), ERR_INPUT);
		assert_non_null(strstr(info.text, "监听地址"));
	}
	struct server_config half = {.listen = "127.0.0.1:0", .cert = "/dev/null"};
	struct server *server;
	struct err_info info = {0};
	assert_int_equal(server_start(&server, &site->fake.web, &half, &info), ERR_INPUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_comes_over_the_wire),
		TEST(head_has_no_body),
		TEST(announced_bodies_that_are_too_big_are_refused_unread),
		TEST(bodies_of_unknown_length_are_refused_unread),
		TEST(heads_that_are_too_long_are_refused),
		TEST(clients_that_drip_are_closed),
		TEST(a_client_that_does_not_read_is_closed),
		TEST(the_metrics_count),
		TEST(stopping_closes_the_door),
		TEST(who_just_came_in_is_served_while_it_stops),
		TEST(wrong_addresses_are_refused_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
