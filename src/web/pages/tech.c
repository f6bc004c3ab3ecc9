/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses for machines: health, metrics, the description of the API. */
#include "web/metrics.h"
#include "web/openapi.h"
#include "web/pages/pages.h"

/* Asks the database something cheap; the answer goes to monitors. Why it fails is the
 * access log's alone: everybody may ask. */
int act_health(struct web_call *call)
{
	struct web_response *response = call->response;
	int r = call->web->gate.is_new(call->web->gate.arg, &call->info);
	if (r < 0) {
		snprintf(response->why, sizeof(response->why), "%.*s", (int)sizeof(response->why) - 1,
			 call->info.text);
		response->status = 503;
	}
	buf_adds(&response->body, r < 0 ? "数据库没有应答\n" : "ok\n");
	response->type = "text/plain; charset=utf-8";
	return 0;
}

int act_metrics(struct web_call *call)
{
	struct buf *out = &call->response->body;

	metrics_write(call->web->metrics, call->web->version, out);
	buf_addf(out, "# HELP jinwei_db_questions_total Statements that the database was asked, beginnings and "
		      "ends of transactions included.\n# TYPE jinwei_db_questions_total counter\n"
		      "jinwei_db_questions_total %llu\n", (unsigned long long)db_asked(call->web->app->db));
	call->response->type = "text/plain; version=0.0.4; charset=utf-8";
	return 0;
}

int act_openapi(struct web_call *call)
{
	json_t *api = openapi_make(call->web->routes, call->web->version);
	char *text = api ? json_dumps(api, JSON_INDENT(2)) : NULL;

	json_decref(api);
	if (!text)
		return err_nomem(&call->info);
	buf_adds(&call->response->body, text);
	free(text);
	call->response->type = "application/json";
	return 0;
}
