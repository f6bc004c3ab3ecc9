/* SPDX-License-Identifier: Apache-2.0 */
#include "web/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "domain/exact.h"
#include "web/metrics.h"
#include "web/pool.h"
#include "web/router.h"

enum {
	HEAD_BYTES_MAX = 32 << 10,	/* request line and headers of one connection */
	URI_MAX = 8 << 10,
	SWEEP_MS = 200,
	PEM_MAX = 1 << 20,
	IO_THREADS = 2,		/* that read requests and send answers, and run no handler */
	TOGETHER_THREADS = 3,	/* two prepare while the third waits for the disk */
};

/* One open connection, in the sweeper's list. */
struct client {
	struct client *next, *prev;
	int fd;
	bool asked;		/* had a request; only the connection's thread looks */
	_Atomic int64_t deadline_ms;
};

struct server {
	struct MHD_Daemon *daemon;
	struct web *web;
	struct server_config config;
	int fd, port;
	char address[300];
	struct buf cert, key;
	struct pool *readers, *writers, *together;	/* who runs handlers */
	atomic_uint running;		/* requests being read, handled or answered */
	atomic_uint newcomers;		/* connections whose first request has not come */
	atomic_bool stopping;
	pthread_t sweeper;
	bool sweeping;
	pthread_mutex_t lock;		/* of the list, and for `wake` */
	pthread_cond_t wake;
	struct client *clients;
};

/* One request on its connection. */
struct exchange {
	char *uri;			/* as sent; NULL: too long or no memory */
	struct buf body;
	int refused;			/* status, or 0 */
	bool begun, handled;
	int64_t start_us;
	/* Handed to a lane while the connection is suspended. */
	struct pool_job job;
	struct server *server;
	struct MHD_Connection *connection;
	struct web_request request;
	char peer[INET6_ADDRSTRLEN];
	struct web_response response;
};

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- the sweeper ---- */

static struct client *client_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

static void set_deadline(struct MHD_Connection *connection, int64_t in_ms)
{
	struct client *client = client_of(connection);
	if (client)
		client->deadline_ms = in_ms ? now_us() / 1000 + in_ms : INT64_MAX;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct server *s = arg;
	struct client *c = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		c = calloc(1, sizeof(*c));
		if (!c)
			return;		/* then only the library's limit counts */
		c->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
				->connect_fd;
		c->deadline_ms = now_us() / 1000 + s->config.head_ms;
		pthread_mutex_lock(&s->lock);
		c->next = s->clients;
		if (c->next)
			c->next->prev = c;
		s->clients = c;
		pthread_mutex_unlock(&s->lock);
		*context = c;
		s->newcomers++;
		metrics_connection(s->web->metrics, 1);
	} else if (c) {
		/* The library closes the socket after this call: while the lock
		 * is held, the sweeper's fd is that of this connection. */
		pthread_mutex_lock(&s->lock);
		if (c->prev)
			c->prev->next = c->next;
		else
			s->clients = c->next;
		if (c->next)
			c->next->prev = c->prev;
		pthread_mutex_unlock(&s->lock);
		if (!c->asked)
			s->newcomers--;
		free(c);
		*context = NULL;
		metrics_connection(s->web->metrics, -1);
	}
}

static void sweep(struct server *s)
{
	int64_t now = now_us() / 1000;

	for (struct client *c = s->clients; c; c = c->next)
		if (c->deadline_ms <= now) {
			metrics_swept(s->web->metrics);
			c->deadline_ms = INT64_MAX;
			shutdown(c->fd, SHUT_RDWR);
		}
}

static void *sweeper_main(void *arg)
{
	struct server *s = arg;

	pthread_mutex_lock(&s->lock);
	while (s->sweeping) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += SWEEP_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&s->wake, &s->lock, &until);
		sweep(s);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ---- one request ---- */

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* The library calls this with the raw request line's address, before it
 * decodes it. */
static void *on_uri(void *arg, const char *uri, struct MHD_Connection *connection)
{
	struct server *s = arg;
	struct exchange *x = calloc(1, sizeof(*x));

	if (!x)
		return NULL;
	s->running++;
	struct client *client = client_of(connection);
	if (client && !client->asked) {
		client->asked = true;
		s->newcomers--;
	}
	x->start_us = now_us();
	if (strlen(uri) <= URI_MAX)
		x->uri = strdup(uri);
	return x;
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode code)
{
	struct server *s = arg;
	struct exchange *x = *context;

	(void)code;
	if (!x)
		return;
	free(x->uri);
	/* What was typed: pass phrases, codes, choices. */
	if (x->body.data)
		explicit_bzero(x->body.data, x->body.len);
	buf_done(&x->body);
	web_response_done(&x->response);
	free(x);
	*context = NULL;
	set_deadline(connection, s->config.idle_ms);
	s->running--;
}

static enum web_method method_of(const char *method)
{
	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return WEB_GET;
	return strcmp(method, "POST") == 0 ? WEB_POST : WEB_OTHER;
}

static void split_uri(const char *uri, struct web_request *request)
{
	const char *query = strchr(uri, '?');

	request->path = query ? (struct str){uri, (size_t)(query - uri)} : str_from(uri);
	request->query = query ? str_from(query + 1) : (struct str){0};
}

/* The head has come: decides whether a body may follow. One of unknown length would have
 * to be read to its end first: while it comes the library takes no answer. Browsers send none. */
static void begin(struct server *s, struct MHD_Connection *connection, struct exchange *x,
		  const char *method)
{
	const char *length = header(connection, "Content-Length");
	struct web_request request = {.method = method_of(method)};

	x->begun = true;
	if (!x->uri) {
		x->refused = 431;
		return;
	}
	split_uri(x->uri, &request);
	/* The library has checked that it is a number, and lets no more through. */
	uint64_t announced = length ? strtoull(length, NULL, 10) : 0;
	if (header(connection, "Transfer-Encoding"))
		x->refused = 411;
	else if (announced > router_body_max(s->web, request.method, request.path))
		x->refused = 413;
	else
		set_deadline(connection,
			     s->config.body_ms + (int64_t)announced * 1000 / s->config.rate);
}

static void peer_of(struct MHD_Connection *connection, char *out, size_t size, bool *ret_local)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *addr = info ? info->client_addr : NULL;

	snprintf(out, size, "-");
	*ret_local = false;
	if (addr && addr->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)addr;
		inet_ntop(AF_INET, &in->sin_addr, out, (socklen_t)size);
		*ret_local = ntohl(in->sin_addr.s_addr) >> 24 == 127;
	} else if (addr && addr->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)addr;
		const struct in6_addr *a = &in6->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED(a))
			inet_ntop(AF_INET, a->s6_addr + 12, out, (socklen_t)size);
		else
			inet_ntop(AF_INET6, a, out, (socklen_t)size);
		*ret_local = IN6_IS_ADDR_LOOPBACK(a) ||
			     (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
	}
}

/* What our proxy says of a request's sender: the last it added to the list. */
static void believe_proxy(struct MHD_Connection *connection, struct web_request *r,
			  char peer[INET6_ADDRSTRLEN])
{
	const char *list = header(connection, "X-Forwarded-For");
	const char *scheme = header(connection, "X-Forwarded-Proto");
	const char *last = list ? strrchr(list, ',') : NULL;
	struct in6_addr bytes;

	r->tls = r->tls || (scheme && strcmp(scheme, "https") == 0);
	last = last ? last + 1 : list;
	while (last && *last == ' ')
		last++;
	/* Whoever asks through the proxy is elsewhere, even where it does not say. */
	r->peer_local = false;
	if (last && (inet_pton(AF_INET, last, &bytes) == 1 || inet_pton(AF_INET6, last, &bytes) == 1))
		snprintf(peer, INET6_ADDRSTRLEN, "%s", last);
}

/* Borrows from the connection, which keeps it all until it is answered. */
static void fill_request(const struct server *s, struct MHD_Connection *connection,
			 struct exchange *x, const char *method)
{
	struct web_request *r = &x->request;

	peer_of(connection, x->peer, sizeof(x->peer), &r->peer_local);
	r->peer = x->peer;
	r->method = method_of(method);
	r->head = strcmp(method, "HEAD") == 0;
	split_uri(x->uri ? x->uri : "/", r);
	r->body = (struct str){x->body.data, x->body.len};
	r->cookie = str_from(header(connection, "Cookie"));
	r->accept = str_from(header(connection, "Accept"));
	r->content_type = str_from(header(connection, "Content-Type"));
	r->csrf = str_from(header(connection, "X-CSRF-Token"));
	r->origin = str_from(header(connection, "Origin"));
	r->host = str_from(header(connection, "Host"));
	r->fetch_site = str_from(header(connection, "Sec-Fetch-Site"));
	r->if_none_match = str_from(header(connection, "If-None-Match"));
	r->accept_encoding = str_from(header(connection, "Accept-Encoding"));
	r->tls = s->config.cert != NULL;
	r->now = time(NULL);
	if (s->config.proxy && strcmp(x->peer, s->config.proxy) == 0)
		believe_proxy(connection, r, x->peer);
}

/* time, number, peer, who, method, path (never the query), status, bytes, ms, why */
static void write_log(const struct server *s, const struct exchange *x,
		      const struct web_request *r, size_t bytes, int64_t us)
{
	char path[200], when[32];
	size_t n = r->path.len < sizeof(path) - 1 ? r->path.len : sizeof(path) - 1;
	struct tm tm;
	time_t now = (time_t)r->now;
	struct buf line = {0};

	for (size_t i = 0; i < n; i++)
		path[i] = r->path.data[i] > ' ' && r->path.data[i] < 0x7F ? r->path.data[i] : '?';
	path[n] = '\0';
	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_addf(&line, "%s %s %s %s %s %s %d %zu %lld.%01lldms", when, x->response.ref, r->peer,
		 x->response.account[0] ? x->response.account : "-",
		 r->method == WEB_POST ? "POST" : r->head ? "HEAD" : r->method == WEB_GET ? "GET" : "?",
		 path, x->response.status, bytes, (long long)(us / 1000),
		 (long long)(us % 1000 / 100));
	if (x->response.status >= 400 && x->response.why[0])
		buf_addf(&line, " %s", x->response.why);
	for (size_t i = 0; i < line.len; i++)
		if (line.data[i] == '\n' || line.data[i] == '\r')
			line.data[i] = ' ';
	s->config.log(s->config.log_arg, buf_str(&line));
	buf_done(&line);
}

/* Hands the response to the library, which frees what it was given. */
static enum MHD_Result send_response(struct server *s, struct MHD_Connection *connection,
				     struct web_response *response, size_t *ret_bytes)
{
	struct MHD_Response *m;

	if (response->fixed) {
		*ret_bytes = response->fixed_len;
		m = MHD_create_response_from_buffer(response->fixed_len, (void *)response->fixed,
						    MHD_RESPMEM_PERSISTENT);
	} else {
		*ret_bytes = response->body.len;
		m = MHD_create_response_from_buffer_with_free_callback(
			response->body.len, response->body.data, free);
		if (m)
			response->body = (struct buf){0};
	}
	if (!m)
		return MHD_NO;
	if (response->type)
		MHD_add_response_header(m, "Content-Type", response->type);
	for (int i = 0; i < response->n_headers; i++)
		MHD_add_response_header(m, response->headers[i].name, response->headers[i].value);
	if (s->stopping)
		MHD_add_response_header(m, "Connection", "close");
	set_deadline(connection, s->config.send_ms + (int64_t)*ret_bytes * 1000 / s->config.rate);
	enum MHD_Result r = MHD_queue_response(connection, (unsigned)response->status, m);
	MHD_destroy_response(m);
	return r;
}

/* Gives the answer, made by whomever, to the library. */
static enum MHD_Result respond(struct server *s, struct MHD_Connection *connection,
			       struct exchange *x)
{
	size_t bytes = 0;
	enum MHD_Result r = send_response(s, connection, &x->response, &bytes);
	int64_t us = now_us() - x->start_us;

	if (x->response.quiet)
		return r;
	metrics_count(s->web->metrics, x->request.method, x->response.route, x->response.status,
		      (uint64_t)us, bytes);
	if (s->config.log)
		write_log(s, x, &x->request, bytes, us);
	return r;
}

static enum MHD_Result refuse(struct server *s, struct MHD_Connection *connection,
			      struct exchange *x, const char *method)
{
	fill_request(s, connection, x, method);
	router_refuse(s->web, &x->request, x->refused, &x->response);
	x->handled = true;
	return respond(s, connection, x);
}

/* In a thread of a lane. After the resumption an exchange belongs to the library. */
static void handle(struct pool_job *const *jobs, int n)
{
	struct exchange *x[POOL_TOGETHER_MAX] = {NULL};
	const struct web_request *requests[POOL_TOGETHER_MAX] = {NULL};
	struct web_response *responses[POOL_TOGETHER_MAX] = {NULL};

	assert(n > 0);
	for (int i = 0; i < n; i++) {
		x[i] = (struct exchange *)((char *)jobs[i] - offsetof(struct exchange, job));
		requests[i] = &x[i]->request;
		responses[i] = &x[i]->response;
	}
	router_handle_together(x[0]->server->web, requests, responses, n);
	for (int i = 0; i < n; i++) {
		x[i]->handled = true;
		MHD_resume_connection(x[i]->connection);
	}
}

static struct pool *lane_of(const struct server *s, const struct web_request *request)
{
	if (router_is_together(s->web, request->method, request->path))
		return s->together;
	return request->method == WEB_POST ? s->writers : s->readers;
}

/* All of the request is there. Whoever waits for a lane or for the disk holds up
 * nobody else's connection. */
static enum MHD_Result hand_over(struct server *s, struct MHD_Connection *connection,
				 struct exchange *x, const char *method)
{
	set_deadline(connection, 0);
	if (x->body.failed)
		x->refused = 503;
	if (x->refused)
		return refuse(s, connection, x, method);
	fill_request(s, connection, x, method);
	x->server = s;
	x->connection = connection;
	MHD_suspend_connection(connection);
	if (!pool_add(lane_of(s, &x->request), &x->job)) {
		/* The server stops. */
		router_refuse(s->web, &x->request, 503, &x->response);
		x->handled = true;
		MHD_resume_connection(connection);
	}
	return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *upload,
				  size_t *upload_size, void **context)
{
	struct server *s = arg;
	struct exchange *x = *context;

	(void)url;
	(void)version;
	if (!x)
		return MHD_NO;		/* no memory: the connection is closed */
	if (!x->begun) {
		begin(s, connection, x, method);
		/* Refused before the body comes, so that it need not come. */
		return x->refused ? refuse(s, connection, x, method) : MHD_YES;
	}
	if (*upload_size) {
		buf_add(&x->body, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	return x->handled ? respond(s, connection, x) : hand_over(s, connection, x, method);
}

/* ---- start and stop ---- */

/* What a person can do about it. */
static int cannot_listen(const char *address, int port, int why, struct err_info *info)
{
	int host = (int)(strrchr(address, ':') - address), other = port < 65535 ? port + 1 : 8080;

	if (why == EADDRINUSE)
		return err_set(info, ERR_IO, "%s 已被别的程序占用。请先停下那个程序，或者换一个端口："
			       "--listen %.*s:%d（用 make run 时：make run LISTEN=%.*s:%d）",
			       address, host, address, other, host, address, other);
	if (why == EACCES)
		return err_set(info, ERR_IO, "没有权限监听 %s：1024 以下的端口只有管理员能用，请换一个，例如 --listen %.*s:8080",
			       address, host, address);
	return err_io(info, "监听", address, why);
}

static int listen_on(const char *address, int *ret_fd, struct err_info *info)
{
	uint64_t port = 0;
	const char *colon = strrchr(address, ':');
	char host[256] = "";
	size_t len = colon ? (size_t)(colon - address) : 0;
	bool brackets = len >= 2 && address[0] == '[' && address[len - 1] == ']';
	struct addrinfo hints = {.ai_flags = AI_PASSIVE, .ai_socktype = SOCK_STREAM}, *found;

	if (!colon || len >= sizeof(host) || !digits_parse(str_from(colon + 1), 65535, &port))
		return err_set(info, ERR_INPUT, "监听地址“%s”不对，应像 127.0.0.1:8080 或 :8080", address);
	memcpy(host, address + brackets, len - 2 * brackets);
	host[len - 2 * brackets] = '\0';
	if (getaddrinfo(host[0] ? host : NULL, colon + 1, &hints, &found) != 0)
		return err_set(info, ERR_INPUT, "监听地址“%s”找不到", address);
	int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	bool open = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0 &&
		    listen(fd, 512) == 0;
	int why = errno;
	freeaddrinfo(found);
	if (open) {
		*ret_fd = fd;
		return 0;
	}
	if (fd >= 0)
		close(fd);
	return cannot_listen(address, (int)port, why, info);
}

/* The socket systemd hands over, else our own. */
static int open_socket(struct server *s, struct err_info *info)
{
	struct sockaddr_in6 addr = {0};		/* the port of a sockaddr_in stands there, too */
	socklen_t len = sizeof(addr);
	int handed = sd_listen_fds(1), r = 0;

	if (handed > 1)
		return err_set(info, ERR_INPUT, "systemd 只能交来一个监听套接字，现在是 %d 个", handed);
	if (handed == 1)
		s->fd = SD_LISTEN_FDS_START;
	else
		r = listen_on(s->config.listen, &s->fd, info);
	if (r)
		return r;
	if (getsockname(s->fd, (struct sockaddr *)&addr, &len) == 0)
		s->port = ntohs(addr.sin6_port);
	return 0;
}

/* A wildcard is no address that people could type. */
static void make_address(struct server *s)
{
	const char *listen = s->config.listen ? s->config.listen : "", *colon = strrchr(listen, ':');
	int len = colon ? (int)(colon - listen) : 0;
	bool any = len == 0 || strncmp(listen, "0.0.0.0:", 8) == 0 || strncmp(listen, "[::]:", 5) == 0;

	snprintf(s->address, sizeof(s->address), "%s://%.*s:%d/", s->config.cert ? "https" : "http",
		 any ? 9 : len, any ? "127.0.0.1" : listen, s->port);
	if (!s->web->address || !*s->web->address)
		s->web->address = s->address;
}

const char *server_address(const struct server *server)
{
	return server->address;
}

static int read_tls(struct server *s, struct err_info *info)
{
	if (!s->config.cert != !s->config.key)
		return err_set(info, ERR_INPUT, "证书和私钥要一起给出");
	if (!s->config.cert)
		return 0;
	int r = file_read(s->config.cert, PEM_MAX, &s->cert, info);
	return r ? r : file_read(s->config.key, PEM_MAX, &s->key, info);
}

static int start_daemon(struct server *s, struct err_info *info)
{
	const struct server_config *c = &s->config;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, s->cert.data},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, s->key.data},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
		{MHD_OPTION_END, 0, NULL},
	};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

	if (c->cert)
		flags |= MHD_USE_TLS;
	s->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, s,
		MHD_OPTION_ARRAY, c->cert ? tls : none,
		MHD_OPTION_LISTEN_SOCKET, s->fd,
		MHD_OPTION_THREAD_POOL_SIZE, (unsigned)IO_THREADS,
		MHD_OPTION_CONNECTION_LIMIT, c->connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, c->per_address,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, c->idle_ms / 1000 + 1,
		MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, s,
		MHD_OPTION_END);
	if (s->daemon)
		return 0;
	return err_set(info, c->cert ? ERR_INPUT : ERR_IO, "%s",
		       c->cert ? "网页服务没有启动，请检查证书和私钥是否配套" : "网页服务没有启动");
}

static void set_default(unsigned *value, unsigned otherwise)
{
	if (!*value)
		*value = otherwise;
}

static void set_defaults(struct server_config *c)
{
	set_default(&c->readers, 8);
	set_default(&c->writers, 64);
	set_default(&c->connections, 1000);
	set_default(&c->per_address, 256);
	set_default(&c->head_ms, 10000);
	set_default(&c->late_ms, 500);
	set_default(&c->idle_ms, 60000);
	set_default(&c->body_ms, 20000);
	set_default(&c->send_ms, 20000);
	set_default(&c->rate, 16 << 10);
}

static int start_sweeper(struct server *s, struct err_info *info)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&s->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->wake, &attr);
	pthread_condattr_destroy(&attr);
	s->sweeping = true;
	int why = pthread_create(&s->sweeper, NULL, sweeper_main, s);
	if (why == 0)
		return 0;
	s->sweeping = false;
	return err_io(info, "启动", "网页服务的看守线程", why);
}

/* What writes waits for the disk together; what reads uses the processor. */
static int start_lanes(struct server *s, struct err_info *info)
{
	int r = pool_start(&s->readers, s->config.readers, 1, handle, info);
	if (r == 0)
		r = pool_start(&s->writers, s->config.writers, 1, handle, info);
	if (r == 0)
		r = pool_start(&s->together, TOGETHER_THREADS, POOL_TOGETHER_MAX, handle, info);
	return r;
}

int server_start(struct server **ret_server, struct web *web, const struct server_config *config,
		 struct err_info *info)
{
	struct server *s = calloc(1, sizeof(*s));
	if (!s)
		return err_nomem(info);
	s->web = web;
	s->config = *config;
	s->fd = -1;
	set_defaults(&s->config);
	int r = read_tls(s, info);
	if (r == 0)
		r = open_socket(s, info);
	if (r == 0)
		make_address(s);
	if (r == 0)
		r = start_sweeper(s, info);
	if (r == 0)
		r = start_lanes(s, info);
	if (r == 0)
		r = start_daemon(s, info);
	if (r) {
		server_stop(s, 0);
		return r;
	}
	sd_notifyf(0, "READY=1\nSTATUS=端口 %d", s->port);
	*ret_server = s;
	return 0;
}

int server_port(const struct server *server)
{
	return server->port;
}

void server_stop(struct server *s, unsigned grace_ms)
{
	if (!s)
		return;
	s->stopping = true;
	if (s->daemon) {
		sd_notify(0, "STOPPING=1");
		MHD_quiesce_daemon(s->daemon);
		int64_t now = now_us(), until = now + (int64_t)grace_ms * 1000,
			late = now + (int64_t)s->config.late_ms * 1000;
		const struct timespec pause = {0, 5000000};
		/* Who just came through the door would see it slammed; who holds a
		 * connection ready, as browsers do, is not waited for for long. */
		while ((s->running || (s->newcomers && now_us() < late)) && now_us() < until)
			nanosleep(&pause, NULL);
		/* The library wants nobody suspended when it stops. */
		pool_close(s->together);
		pool_close(s->writers);
		pool_close(s->readers);
		MHD_stop_daemon(s->daemon);
	}
	pool_free(s->together);
	pool_free(s->writers);
	pool_free(s->readers);
	if (s->sweeping) {
		pthread_mutex_lock(&s->lock);
		s->sweeping = false;
		pthread_cond_signal(&s->wake);
		pthread_mutex_unlock(&s->lock);
		pthread_join(s->sweeper, NULL);
		pthread_cond_destroy(&s->wake);
		pthread_mutex_destroy(&s->lock);
	}
	if (s->fd >= 0)
		close(s->fd);
	buf_done(&s->cert);
	buf_done(&s->key);
	if (s->web->address == s->address)
		s->web->address = "";
	free(s);
}
