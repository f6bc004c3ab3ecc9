/* SPDX-License-Identifier: Apache-2.0 */
/* Organisations as a sheet: the export, and the empty template for the import. */
#include "web/pages/pages.h"
#include "web/table.h"

/* Bytes of one export; the command line has no such limit. */
enum { EXPORT_MAX = 128 << 20 };

const struct web_field org_export_fields[] = {
	{.name = "node", .label = "上级组织", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{0},
};

static void write_heads(struct buf *out)
{
	buf_adds(out, "\xEF\xBB\xBF代码,上级代码");
	for (int i = 0; i < org_n_fields; i++) {
		buf_addc(out, ',');
		csv_add(out, str_from(org_fields[i].label));
	}
	buf_adds(out, "\r\n");
}

static void restart(void *arg)
{
	struct buf *out = arg;
	buf_clear(out);
	write_heads(out);
}

static int add_row(void *arg, const struct org *org, const char *parent_code,
		   struct err_info *info)
{
	struct buf *out = arg;

	csv_add(out, str_from(org->code));
	buf_addc(out, ',');
	csv_add(out, str_from(parent_code));
	for (int i = 0; i < org_n_fields; i++) {
		char scratch[32];
		buf_addc(out, ',');
		csv_add(out, str_from(org_field_format(&org_fields[i], org, scratch)));
	}
	buf_adds(out, "\r\n");
	if (out->failed)
		return err_nomem(info);
	if (out->len > EXPORT_MAX)
		return err_set(info, ERR_LIMIT, "组织太多，一次最多导出 %d MB，请按乡镇分别导出",
			       EXPORT_MAX >> 20);
	return 0;
}

int act_org_export(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct buf *out = &call->response->body;
	const struct roster_sink sink = {out, restart, add_row};

	restart(out);
	int r = roster_export(call->web->app, &caller, web_number(call, "node", 0), &sink, &call->info);
	if (r == 0)
		web_file_response(call, page_text(call, "党组织-%s.csv",
						  page_day(call, page_today(call), false)),
				  "text/csv; charset=utf-8");
	return r;
}

int act_org_template(struct web_call *call)
{
	write_heads(&call->response->body);
	web_file_response(call, "党组织导入模板.csv", "text/csv; charset=utf-8");
	return call->response->body.failed ? err_nomem(&call->info) : 0;
}
