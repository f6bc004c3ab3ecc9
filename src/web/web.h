/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of the web floor: a request as it came (no HTTP library in sight),
 * the route that answers it, the call in which a handler sees only typed
 * values, and the response.
 *
 * A route has one `act`, which calls app/ and leaves a model, and two faces of
 * that model: `page` (HTML) and `json`. So both always show the same thing.
 */
#ifndef JW_WEB_WEB_H
#define JW_WEB_WEB_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "web/field.h"
#include "web/html.h"

struct app;
struct held;
struct metrics;
struct presence;
struct web_call;

enum {
	WEB_BODY_MAX = 64 << 10,	/* bytes of a body, unless the route says otherwise */
	WEB_UPLOAD_MAX = 32 << 20,	/* bytes of a body with a file */
	WEB_ARENA_MAX = 256 << 20,	/* memory of one request */
	WEB_HASH_LEN = 32,
	WEB_TOKEN_LEN = 43,		/* 32 random bytes in base64url */
	WEB_SESSION_TOKEN_MAX = 128,	/* a session's token, as app/ makes it */
	WEB_REF_LEN = 9,		/* the reference number shown with an error: "K7M2-9QXD" */
};

enum web_method { WEB_GET, WEB_POST, WEB_OTHER };

/* Borrowed for the length of the call; absent headers have NULL data. */
struct web_request {
	enum web_method method;
	bool head;		/* HEAD: as GET, the body is not sent */
	struct str path, query;	/* as sent, still encoded */
	struct str body;
	struct str cookie, accept, content_type, csrf, origin, host, fetch_site, if_none_match,
		accept_encoding;
	const char *peer;	/* address without port */
	bool peer_local;	/* from this machine */
	bool tls;
	int64_t now;		/* UTC seconds */
};

struct web_header {
	const char *name, *value;
};

enum { WEB_HEADERS_MAX = 24 };

/* Zero-initialised is ready for router_handle; web_response_done afterwards. */
struct web_response {
	int status;
	const char *type;
	struct buf body;
	const void *fixed;	/* instead of body: memory that outlives the program's run */
	size_t fixed_len;
	int n_headers;
	struct web_header headers[WEB_HEADERS_MAX];
	struct arena arena;	/* all that died with the request, and the headers */
	char ref[WEB_REF_LEN + 1];
	const char *route;	/* pattern, for metrics and log; static */
	char account[64];	/* who, for the log; "" */
	char why[256];		/* what went wrong, for the log only */
	bool quiet;		/* part of a vote: neither logged nor counted */
};

void web_response_done(struct web_response *response);

/* Who may call a route. */
enum web_access {
	WEB_ACCESS_UNSET,	/* a bug that the table test finds */
	WEB_PUBLIC,		/* anybody */
	WEB_LOCAL,		/* anybody on this machine; a session from elsewhere is of no use */
	WEB_SETUP,		/* whoever holds the one-time code, while no account exists */
	WEB_GUEST,		/* anybody, with a CSRF token: signing in */
	WEB_SLIP,		/* voting: the code that is sent is all the right there is. No session
				 * is looked up, no cookie set, no token asked for; the request is
				 * neither logged nor counted, and its memory is cleared */
	WEB_SIGNED_IN,		/* every account, for its own things */
	WEB_RIGHT,		/* accounts with the route's `action` at its node */
};

struct web_route {
	enum web_method method;
	const char *path;		/* "/orgs/{id}/move": {id} is a declared field */
	enum web_access access;
	int action;			/* WEB_RIGHT: app's enum; checked before the handler runs */
	const char *node;		/* INT field with the node the right is asked for; NULL, or
					 * not given: a right anywhere will do */
	const struct web_field *fields;
	int (*act)(struct web_call *call);	/* 0 or an error with call->info set */
	void (*page)(struct web_call *call, struct html *h);
	json_t *(*json)(struct web_call *call);	/* new reference */
	const char *form;		/* POST: path of the GET route whose page has the form; it is
					 * shown again, with what was typed, when something is wrong */
	const char *help;		/* Chinese: what it is for */
	size_t body_max;		/* 0: WEB_BODY_MAX */
	bool secret;			/* takes pass phrases or codes: its memory is cleared */
	bool change_password_first;	/* stays open while the password must be changed */
	/* May be NULL. Before `act`, for all who ask at the same moment (POST): does with few
	 * transactions what act would do with one each, and leaves in each call's model how far
	 * it came. Their fields are as declared. */
	void (*together)(struct web_call *const *calls, int n);
};

struct web_session {
	bool signed_in;
	bool must_change_password;
	bool has_totp;			/* a second factor is set up */
	int64_t account;
	char login[64];
	char name[96];			/* as shown at the top right */
	int64_t node;			/* the account's organisation */
	char node_name[128];
	uint64_t may;			/* bit 1 << action: allowed somewhere; for menus */
};

/*
 * What the router asks of the floor below: who is calling and may they. The
 * real one is in gate.c; tests of the router bring their own.
 */
struct web_gate {
	void *arg;
	/* Finds a live session by its token and moves its idle clock. ERR_NOT_FOUND. */
	int (*session)(void *arg, struct str token, const struct web_request *request,
		       struct web_session *ret_session, struct err_info *info);
	/* The right at a node; `campaign` 0: outside of one. ERR_DENIED, ERR_NOT_FOUND (no
	 * such node). */
	int (*may)(void *arg, const struct web_session *session, const struct web_request *request,
		   int action, int64_t campaign, int64_t node, struct err_info *info);
	/* 1 while no account exists yet, else 0; or an error. */
	int (*is_new)(void *arg, struct err_info *info);
};

/* Shared by all requests; constant while serving, but for `metrics`, `held`
 * and `presence`, which lock themselves. */
struct web {
	struct app *app;		/* what handlers work with */
	struct web_gate gate;
	const struct web_route *routes;	/* ends with a NULL path */
	struct metrics *metrics;	/* may be NULL */
	struct held *held;		/* uploads between dry run and import */
	struct presence *presence;	/* who is in which cell of a score grid */
	unsigned char key[WEB_HASH_LEN];	/* secret of this run, for CSRF tokens */
	unsigned char setup_hash[WEB_HASH_LEN];	/* of the one-time code; zeros: none */
	const char *version;
	bool demo;			/* made-up data: every page says so */
	const char *address;		/* where people find the site: "https://jw.example/"; not NULL */
};

/* One request on its way through a handler. */
struct web_call {
	struct web *web;
	const struct web_request *request;
	struct web_response *response;
	const struct web_route *route;
	struct arena *arena;
	struct err_info info;
	struct web_session session;
	struct str token;		/* of the session */
	char csrf[WEB_TOKEN_LEN + 1];
	char guest[WEB_TOKEN_LEN + 1];	/* token behind the CSRF token where nobody is signed in */
	struct web_value values[WEB_FIELDS_MAX];
	const char *errors[WEB_FIELDS_MAX];
	struct web_params params;	/* as sent */
	bool ready;			/* for `act`: nothing is wrong so far */

	/* A form shown again: the POST's fields, what was typed and what is wrong. */
	const struct web_field *typed_fields;
	struct web_params typed;
	const char *typed_errors[WEB_FIELDS_MAX];
	const char *problem;		/* one line above the form; may be NULL */
	bool problem_said;		/* it stands on the page */
	int problem_status;
	int n_forms;			/* on the page so far */

	/* A table of the page is asked for as a file (page_file.h). */
	enum { TAKE_NONE, TAKE_XLSX, TAKE_CSV } file;
	int file_table;

	bool stale;			/* refused for the page's token, not for a right */

	/* What `act` may set. */
	void *model;			/* for page and json; in the arena */
	const char *location;		/* go there afterwards (303); JSON answers with it too */
	const char *note;		/* one line shown on the next page, e.g. "已登记 …" */
	const char *sign_in;		/* token of the session to set as cookie */
	bool sign_out;			/* drop the session cookie */
};

/* The typed value of a declared field; asking for another is a bug. */
const struct web_value *web_value(const struct web_call *call, const char *name);

/* Its text, never NULL: a NUL-terminated copy in the arena; "" if not given. */
const char *web_text(struct web_call *call, const char *name);

/* Its number, or `otherwise` if not given. */
int64_t web_number(const struct web_call *call, const char *name, int64_t otherwise);

/* Says what is wrong with one field; returns ERR_INPUT, for `return web_wrong(…)`. */
int web_wrong(struct web_call *call, const char *name, const char *why);

/* Makes the response, whose body `act` has filled, a file to download; the
 * name may be Chinese. `type` outlives the response. */
void web_file_response(struct web_call *call, const char *name, const char *type);

/* Adds a header; both strings outlive the response (literals or its arena). */
void web_header(struct web_response *response, const char *name, const char *value);

#endif
