/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a request to a response, without a port. In this order, before any
 * handler runs: route, session, who may call, size, origin and CSRF token,
 * declared fields and their types, the right at the node. Then the route's
 * `act`, and one of its two faces. Errors become a page in plain Chinese or
 * application/problem+json (RFC 9457), with a reference number either way.
 */
#ifndef JW_WEB_ROUTER_H
#define JW_WEB_ROUTER_H

#include "web/web.h"

/* Answers a request. Always leaves a whole response. */
void router_handle(struct web *web, const struct web_request *request,
		   struct web_response *response);

/* The same for 1 to ROUTER_TOGETHER_MAX requests that came at the same moment; more than
 * one only where router_is_together. */
enum { ROUTER_TOGETHER_MAX = 16 };
void router_handle_together(struct web *web, const struct web_request *const *requests,
			    struct web_response *const *responses, int n);

/* True for a route that serves many requests with the work of few. */
bool router_is_together(const struct web *web, enum web_method method, struct str path);

/* The response to a request that can't be read (431, 413 …), without a route. */
void router_refuse(struct web *web, const struct web_request *request, int status,
		   struct web_response *response);

/* How many bytes of body the route takes; 0 for no such route. */
size_t router_body_max(const struct web *web, enum web_method method, struct str path);

/* Plain Chinese name of a status, e.g. 404 "没有这个页面". */
const char *router_status_text(int status);

/* True if JSON is asked for rather than HTML. */
bool router_wants_json(const struct web_request *request);

/* True for the addresses of a vote, of which nothing is logged or counted. */
bool router_is_quiet(const struct web *web, struct str path);

#endif
