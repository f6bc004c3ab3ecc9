/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router behind a port. server.c is the only file that knows the HTTP
 * library (libmicrohttpd: epoll, TLS by GnuTLS).
 *
 * A few threads of the library read requests and send answers. Handlers run
 * elsewhere, in one of three lanes: few threads for what reads and uses the
 * processor, many for what writes and waits for the disk, so that many share one
 * commit; and two that take all who ask at the same moment at once, where the route
 * knows how (votes): nobody's thread is woken for him. Meanwhile the connection is
 * suspended. So a slow page holds up nobody but its reader, and at most `readers`
 * pages are made at a time.
 *
 * The library's own time limit is for idleness only; a client that drips a
 * byte now and then would stay for ever. A sweeper gives every connection a
 * deadline for head, body and answer and closes what misses it.
 *
 * What is no HTTP at all, or has a head beyond its limit, the library refuses by
 * itself, in English and with no way to change it (a text of its own cannot be
 * set in 0.9.75). Browsers never send such; the manual says so.
 */
#ifndef JW_WEB_SERVER_H
#define JW_WEB_SERVER_H

#include "web/web.h"

/* Zeros mean the default in brackets. */
struct server_config {
	const char *listen;	/* "127.0.0.1:8080", "[::]:443", ":8080"; port 0: a free one.
				 * Not used where systemd hands over a socket. */
	const char *cert, *key;	/* PEM files; both NULL: no TLS */
	const char *proxy;	/* address without port of one that forwards requests, and whose
				 * X-Forwarded-For and -Proto are believed; NULL: nobody's are */
	unsigned readers;	/* threads that run handlers of GET [8] */
	unsigned writers;	/* of POST; as many may share a commit [64] */
	unsigned connections;	/* open at once [1000] */
	unsigned per_address;	/* of one client address [256] */
	unsigned head_ms;	/* from connecting to the end of the head [10 s] */
	unsigned late_ms;	/* stopping waits so long for connections' first requests [0.5 s] */
	unsigned idle_ms;	/* between requests [60 s] */
	unsigned body_ms;	/* to send a body, plus body size / rate [20 s] */
	unsigned send_ms;	/* to take an answer, plus its size / rate [20 s] */
	unsigned rate;		/* slowest accepted pace, bytes a second [16 KiB] */
	void (*log)(void *arg, const char *line);	/* one line a request; any thread; may be NULL */
	void *log_arg;
};

struct server;

/* Opens the port and serves until server_stop. ERR_INPUT (address, TLS
 * files), ERR_IO, ERR_NOMEM. `web` is borrowed, `config` copied. */
int server_start(struct server **ret_server, struct web *web, const struct server_config *config,
		 struct err_info *info);

/* The port it listens on. */
int server_port(const struct server *server);

/* What to open in a browser: "http://127.0.0.1:8080/"; this machine's own where it
 * listens on all addresses. `web->address` becomes this where it is "". */
const char *server_address(const struct server *server);

/* Takes no new connections, lets running requests end for at most `grace_ms`
 * (who has just connected has `late_ms` to send one), then closes everything and frees. NULL is fine. */
void server_stop(struct server *server, unsigned grace_ms);

#endif
