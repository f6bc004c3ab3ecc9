/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the server counts, shown at /metrics in Prometheus' text format. Route
 * patterns are the labels, never addresses: nothing personal, and bounded.
 */
#ifndef JW_WEB_METRICS_H
#define JW_WEB_METRICS_H

#include <stdint.h>

#include "base/buf.h"
#include "web/web.h"

struct metrics;

/* For the routes of one table (borrowed). NULL without memory. */
struct metrics *metrics_new(const struct web_route *routes);
void metrics_free(struct metrics *metrics);

/* Counts an answered request; `route` is a pattern of the table or NULL. */
void metrics_count(struct metrics *metrics, enum web_method method, const char *route, int status,
		   uint64_t time_us, uint64_t bytes);

/* Connections open now (+1, -1), and those closed for dripping. */
void metrics_connection(struct metrics *metrics, int change);
void metrics_swept(struct metrics *metrics);

void metrics_write(const struct metrics *metrics, const char *version, struct buf *out);

#endif
