/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts from a sheet: choose a file, see who would get one, say yes, print
 * the slips with the first passwords. The slips are the answer to that yes and
 * are shown nowhere else again.
 */
#include "app/accounts_import.h"
#include "report/sheet_xlsx.h"
#include "web/form.h"
#include "web/pages/import_page.h"
#include "web/pages/pages.h"

enum {
	ROWS_SHOWN = 500,
	SLIPS_A_SHEET = 8,	/* two columns of four on A4 */
	COLUMN_WIDTH = 18,
	COLUMNS_MAX = 8,
};

#define NODE \
	{.name = "node", .label = "导入到", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}

const struct web_field account_import_page_fields[] = {NODE, {0}};
const struct web_field account_import_fields[] = {
	NODE,
	{.name = "file", .label = "表格文件", .type = WEB_FILE, .required = true,
	 .max = WEB_UPLOAD_MAX - WEB_BODY_MAX, .hint = ".xlsx、.xls 或 .csv，最多 5000 个账号、31 MB"},
	{0},
};
_Static_assert((int)ACCOUNTS_IMPORT_MAX == 5000, "the hint names the limit");
const struct web_field account_import_run_fields[] = {
	NODE,
	{.name = "held", .label = "文件", .type = WEB_TEXT, .required = true, .max = HELD_ID_LEN},
	{0},
};

struct result {
	struct import_trial trial;
	int64_t node;
	struct account_slip *slips;
	int n;
};

static int import(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run)
{
	struct result *result = (struct result *)trial;
	struct caller caller = page_caller(call);
	int r = accounts_import(call->web->app, &caller, result->node, table, trial->file, dry_run,
				call->arena, &trial->diag, &result->slips, &result->n, &call->info);

	if (r == 0 && result->n == 0)
		r = err_set(&call->info, ERR_INPUT, "%s 里一个账号也没有", trial->file);
	return r;
}

static const struct import_kind accounts = {"表格", accounts_is_head, .once = true, .run = import};

static int begin_import(struct web_call *call, struct result **ret_result)
{
	*ret_result = call->model = arena_zalloc(call->arena, 1, sizeof(**ret_result));
	if (!*ret_result)
		return err_nomem(&call->info);
	(*ret_result)->node = web_number(call, "node", 0);
	return 0;
}

int act_account_import(struct web_call *call)
{
	struct result *result;
	int r = begin_import(call, &result);
	return r < 0 ? r : import_try(call, &result->trial, &accounts);
}

int act_account_import_run(struct web_call *call)
{
	struct result *result;
	int r = begin_import(call, &result);
	return r < 0 ? r : import_run(call, &result->trial, &accounts);
}

int act_account_template(struct web_call *call)
{
	static const char *const lines[] = {
		"在第一张表里从第二行起填写，一行一个账号；红色的列名必须填",
		"账号：2 到 40 个汉字、字母、数字、点、横线或下划线；不能和已有的重复，以后不能改",
		"组织代码：这个人所在的党组织，要在您管理的范围内",
		"角色：可以不填；填了就是申请，由安全管理员同意后才有",
		"有一行不对，整张表都不导入",
	};
	const char *roles[ROLE_COUNT + 1] = {0};
	struct sheet_xlsx_column columns[COLUMNS_MAX] = {0};
	struct sheet_xlsx *sheet;
	int n = 0;

	for (int i = 0; i < ROLE_COUNT; i++)
		roles[i] = role_label((enum role)i);
	for (; n < COLUMNS_MAX; n++) {
		columns[n].label = accounts_column(n, &columns[n].required);
		if (!columns[n].label)
			break;
		columns[n].width = COLUMN_WIDTH;
	}
	columns[n - 1].choices = roles;		/* 角色 is the last */
	int r = sheet_xlsx_new(&sheet, "账号", n, columns, &call->info);
	if (r)
		return r;
	sheet_xlsx_notes(sheet, "填写说明", ARRAY_LEN(lines), lines);
	r = sheet_xlsx_finish(sheet, &call->response->body, &call->info);
	sheet_xlsx_free(sheet);
	if (r == 0)
		web_file_response(call, "账号导入模板.xlsx",
				  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
	return r;
}

/* ---- the pages ---- */

static void begin(struct web_call *call, struct html *h, const char *title)
{
	struct page page = {.title = title, .menu = "/accounts"};
	struct crumb crumbs[] = {{"账号", "/accounts"}, {title, NULL}};

	page.crumbs = crumbs;
	page.n_crumbs = ARRAY_LEN(crumbs);
	page_begin(call, h, &page);
}

static void write_choose(struct web_call *call, struct html *h, int64_t node)
{
	struct form form = form_begin(call, h, "/accounts/import", account_import_fields);

	form_hidden(&form, "node", page_text(call, "%lld", (long long)node));
	form_row(&form, "file", NULL);
	form_end(&form, "试导入", "main", "/accounts");
}

void page_account_import(struct web_call *call, struct html *h)
{
	const struct org_detail *d = call->model;

	begin(call, h, "批量导入账号");
	html(h, "<div class='head'><div><h1>批量导入账号</h1><p class='note'>{} 和它下面的组织</p></div>"
		"<div class='acts'><a class='btn' hx-boost='false' href='/accounts/template'>下载 Excel 模板</a>"
		"</div></div>\n", d->org.name);
	form_problem(call, h, account_import_run_fields);
	html(h, "<ul class='list gap-b'><li>第一行是列名，必须有“账号”“姓名”“组织代码”，可以有“电话”“角色”</li>"
		"<li>角色由安全管理员同意后才有</li>"
		"<li>有一行不对，整张表都不导入；先试导入，看清楚再确认</li>"
		"<li>确认后显示初始密码条，只显示这一次，请接好打印机</li></ul>\n");
	write_choose(call, h, d->org.id);
	page_end(call, h);
}

static void write_errors(struct web_call *call, struct html *h, const struct result *result)
{
	import_write_errors(h, &result->trial);
	html(h, "<section><div class='sec'><h2>改好以后再选一次</h2></div>");
	write_choose(call, h, result->node);
	html(h, "</section>\n");
}

static void write_rows(struct html *h, const struct result *result)
{
	html(h, "<table class='data sort stack'><caption class='vh'>会建哪些账号</caption><thead><tr>"
		"<th scope='col'>账号</th><th scope='col'>姓名</th><th scope='col'>组织</th>"
		"<th scope='col'>申请的角色</th></tr></thead><tbody>\n");
	for (int i = 0; i < result->n && i < ROWS_SHOWN; i++) {
		const struct account_slip *s = &result->slips[i];
		html(h, "<tr><th scope='row' class='mono'>{}</th><td>{}</td><td data-l='组织'>{}</td>"
			"<td data-l='角色'>{}</td></tr>\n", s->name, s->label, s->org,
		     *s->role ? s->role : "无");
	}
	html(h, "</tbody></table>\n");
	if (result->n > ROWS_SHOWN)
		html(h, "<p class='note'>只列出前 {} 个</p>", (int)ROWS_SHOWN);
}

void page_account_import_result(struct web_call *call, struct html *h)
{
	const struct result *result = call->model;

	begin(call, h, "试导入");
	html(h, "<div class='head'><div><h1>试导入</h1><p class='note'>{}：{}</p></div></div>\n",
	     result->trial.file, *result->trial.held ? "还没有建账号，确认以后才建" : "没有导入");
	if (!*result->trial.held) {
		write_errors(call, h, result);
	} else {
		html(h, "<p class='gap-b'>会新建 <b>{}</b> 个账号。确认后马上显示初始密码条，"
			"<b>只显示这一次</b>，请当场打印。</p>\n", result->n);
		struct form form = form_begin(call, h, "/accounts/import/run",
					      account_import_run_fields);
		form_hidden(&form, "node", page_text(call, "%lld", (long long)result->node));
		form_hidden(&form, "held", result->trial.held);
		form_end(&form, "确认导入", "main", "/accounts");
		write_rows(h, result);
	}
	page_end(call, h);
}

void page_account_slips(struct web_call *call, struct html *h)
{
	const struct result *result = call->model;
	const char *address = call->web->address;

	begin(call, h, "初始密码条");
	html(h, "<div class='head noprint'><div><h1>已建 {} 个账号，初始密码只显示这一次</h1>"
		"<p class='note'>请现在打印（A4），沿虚线裁开交给本人。离开这一页就看不到了；"
		"丢了的，到账号页逐个重置密码</p></div><div class='acts'>"
		"<button class='btn main' type='button' data-print='1'>打印</button>"
		"<a class='btn' href='/accounts'>打印好了</a></div></div>\n", result->n);
	for (int i = 0; i < result->n; i++) {
		const struct account_slip *s = &result->slips[i];
		if (i % SLIPS_A_SHEET == 0)
			html(h, "<div class='a4 full slips'><div class='cutgrid'>");
		html(h, "<div class='slip'><h3>晋位 账号条</h3><p>姓名　{}</p><p>组织　{}</p>"
			"<p>账号　<b>{}</b></p><p>网址　<b>{}</b></p><b class='code'>{}</b>"
			"<p>上面一行是初始密码，包括横线。第一次登录必须改成自己的密码；改好后请销毁本条，不要转给别人。</p></div>\n",
		     s->label, s->org, s->name, address, s->password);
		if (i % SLIPS_A_SHEET == SLIPS_A_SHEET - 1 || i == result->n - 1)
			html(h, "</div></div>\n");
	}
	page_end(call, h);
}

static json_t *json_rows(const struct result *result)
{
	json_t *rows = json_array();

	for (int i = 0; i < result->n; i++) {
		const struct account_slip *s = &result->slips[i];
		json_t *row = json_pack("{s:s, s:s, s:s, s:s}", "login", s->name, "name", s->label,
					"org", s->org, "role", s->role);
		if (*s->password)
			json_object_set_new(row, "password", json_string(s->password));
		json_array_append_new(rows, row);
	}
	return rows;
}

json_t *json_account_import(struct web_call *call)
{
	const struct result *result = call->model;

	return json_pack("{s:s, s:o, s:o}", "held", result->trial.held, "accounts", json_rows(result),
			 "errors", import_json_errors(&result->trial));
}

json_t *json_account_slips(struct web_call *call)
{
	return json_pack("{s:s, s:o}", "address", call->web->address, "accounts",
			 json_rows(call->model));
}
