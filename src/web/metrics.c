/* SPDX-License-Identifier: Apache-2.0 */
#include "web/metrics.h"

#include <stdatomic.h>
#include <string.h>

enum { N_BUCKETS = 7, N_CLASSES = 5 };

static const uint64_t bucket_us[N_BUCKETS] = {1000, 5000, 10000, 50000, 100000, 500000, 2000000};
static const char *const bucket_label[N_BUCKETS] = {"0.001", "0.005", "0.01", "0.05",
						     "0.1", "0.5", "2"};

struct route_counts {
	atomic_uint_fast64_t status[N_CLASSES];	/* 1xx … 5xx */
};

struct metrics {
	const struct web_route *routes;
	int n_routes;
	atomic_uint_fast64_t buckets[N_BUCKETS], requests, time_us, bytes, swept;
	atomic_int_fast64_t connections;
	struct route_counts route[];		/* one more: no route */
};

struct metrics *metrics_new(const struct web_route *routes)
{
	int n = 0;
	while (routes[n].path)
		n++;
	struct metrics *m = calloc(1, sizeof(*m) + sizeof(m->route[0]) * (size_t)(n + 1));
	if (m) {
		m->routes = routes;
		m->n_routes = n;
	}
	return m;
}

void metrics_free(struct metrics *metrics)
{
	free(metrics);
}

void metrics_count(struct metrics *m, enum web_method method, const char *route, int status,
		   uint64_t time_us, uint64_t bytes)
{
	if (!m)
		return;
	int i = 0;
	while (i < m->n_routes && !(route && m->routes[i].method == method &&
				    strcmp(m->routes[i].path, route) == 0))
		i++;
	int class = status / 100 - 1;
	if (class >= 0 && class < N_CLASSES)
		m->route[i].status[class]++;
	m->requests++;
	m->time_us += time_us;
	m->bytes += bytes;
	for (int b = 0; b < N_BUCKETS; b++)
		if (time_us <= bucket_us[b])
			m->buckets[b]++;
}

void metrics_connection(struct metrics *metrics, int change)
{
	if (metrics)
		metrics->connections += change;
}

void metrics_swept(struct metrics *metrics)
{
	if (metrics)
		metrics->swept++;
}

static void write_routes(const struct metrics *m, struct buf *out)
{
	buf_adds(out, "# HELP jinwei_http_requests_total Answered requests.\n"
		      "# TYPE jinwei_http_requests_total counter\n");
	for (int i = 0; i <= m->n_routes; i++)
		for (int c = 0; c < N_CLASSES; c++) {
			uint64_t n = m->route[i].status[c];
			if (!n)
				continue;
			const char *method = "";
			if (i < m->n_routes)
				method = m->routes[i].method == WEB_POST ? "POST" : "GET";
			buf_addf(out,
				 "jinwei_http_requests_total{method=\"%s\",route=\"%s\","
				 "status=\"%dxx\"} %llu\n",
				 method, i < m->n_routes ? m->routes[i].path : "", c + 1,
				 (unsigned long long)n);
		}
}

void metrics_write(const struct metrics *m, const char *version, struct buf *out)
{
	if (!m)
		return;
	uint64_t us = m->time_us;

	buf_addf(out, "# HELP jinwei_build_info The running version.\n# TYPE jinwei_build_info gauge\n"
		      "jinwei_build_info{version=\"%s\"} 1\n", version);
	write_routes(m, out);
	buf_adds(out, "# HELP jinwei_http_request_seconds Time to make an answer.\n"
		      "# TYPE jinwei_http_request_seconds histogram\n");
	for (int b = 0; b < N_BUCKETS; b++)
		buf_addf(out, "jinwei_http_request_seconds_bucket{le=\"%s\"} %llu\n", bucket_label[b],
			 (unsigned long long)m->buckets[b]);
	buf_addf(out, "jinwei_http_request_seconds_bucket{le=\"+Inf\"} %llu\n"
		      "jinwei_http_request_seconds_sum %llu.%06llu\n"
		      "jinwei_http_request_seconds_count %llu\n",
		 (unsigned long long)m->requests, (unsigned long long)(us / 1000000),
		 (unsigned long long)(us % 1000000), (unsigned long long)m->requests);
	buf_addf(out, "# HELP jinwei_http_response_bytes_total Bytes of bodies sent.\n"
		      "# TYPE jinwei_http_response_bytes_total counter\n"
		      "jinwei_http_response_bytes_total %llu\n", (unsigned long long)m->bytes);
	buf_addf(out, "# HELP jinwei_http_connections Open connections.\n"
		      "# TYPE jinwei_http_connections gauge\n"
		      "jinwei_http_connections %lld\n", (long long)m->connections);
	buf_addf(out, "# HELP jinwei_http_swept_total Connections closed for being too slow.\n"
		      "# TYPE jinwei_http_swept_total counter\n"
		      "jinwei_http_swept_total %llu\n", (unsigned long long)m->swept);
}
