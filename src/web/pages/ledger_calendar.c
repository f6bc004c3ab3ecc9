/* SPDX-License-Identifier: Apache-2.0 */
/* What lies before me as a calendar that a phone subscribes to. */
#include <sodium.h>
#include <string.h>

#include "domain/day.h"
#include "domain/day_math.h"
#include "web/pages/pages_ledger.h"
#include "web/session.h"

/* ---- the calendar ---- */

const struct web_field ledger_calendar_fields[] = {
	{.name = "token", .label = "地址", .type = WEB_TEXT, .required = true, .max = WEB_TOKEN_LEN,
	 .pattern = "A-Za-z0-9_-"},
	{0}};

int act_ledger_calendar_new(struct web_call *call)
{
	struct caller caller = page_caller(call);
	char *token = arena_zalloc(call->arena, 1, WEB_TOKEN_LEN + 1);
	unsigned char hash[WEB_HASH_LEN];
	if (!token)
		return err_nomem(&call->info);
	token_make(token);
	token_hash(str_from(token), hash);
	call->model = token;
	return ledger_calendar_set(call->web->app, &caller, hash, &call->info);
}

static const char *calendar_address(struct web_call *call)
{
	return page_text(call, "%s://%.*s/calendar/%s", call->request->tls ? "https" : "http",
			 STR_ARG(call->request->host), (const char *)call->model);
}

void page_ledger_calendar_new(struct web_call *call, struct html *h)
{
	struct page page = {.title = "手机日历", .menu = "/my"};
	page_begin(call, h, &page);
	html(h, "<h1>手机日历</h1><p>在手机或电脑的日历里添加“订阅日历”，地址填：</p><p class='code'>{}</p>"
		"<p class='note'>这个地址只显示这一次，谁拿到都能看到您的待办，请不要转发。再点一次“订阅到手机日历”会换新的地址，旧的就失效。</p>"
		"<p><a class='btn' href='/my'>回到我要办的</a></p>\n", calendar_address(call));
	page_end(call, h);
}

json_t *json_ledger_calendar_new(struct web_call *call)
{
	return json_pack("{s:s}", "address", calendar_address(call));
}

/* RFC 5545: lines end in CRLF and are folded at 75 bytes; commas, semicolons,
 * backslashes and line ends are escaped. */
static void add_line(struct buf *out, const char *name, const char *value)
{
	size_t width = 0;
	buf_addf(out, "%s:", name);
	width = strlen(name) + 1;
	for (const char *p = value; *p;) {
		size_t len = str_utf8_len(p, strlen(p));
		len = len ? len : 1;
		if (width + len + 1 > 73) {
			buf_adds(out, "\r\n ");
			width = 1;
		}
		if (*p == '\n')
			buf_adds(out, "\\n");
		else if (strchr(",;\\", *p))
			buf_addf(out, "\\%c", *p);
		else if ((unsigned char)*p >= ' ')
			buf_add(out, p, len);
		width += len + 1;
		p += len;
	}
	buf_adds(out, "\r\n");
}

/* The same from one reading to the next, so that a task that moves is moved. */
static unsigned mark_of(const char *text)
{
	unsigned h = 2166136261u;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

static void add_task(struct web_call *call, struct buf *out, const struct ledger_task *t)
{
	buf_adds(out, "BEGIN:VEVENT\r\n");
	add_line(out, "UID", page_text(call, "%lld-%08x@jinwei", (long long)t->case_id, mark_of(t->what)));
	add_line(out, "DTSTAMP", page_text(call, "%08dT000000Z", page_today(call)));
	buf_addf(out, "DTSTART;VALUE=DATE:%08d\r\n", t->day);
	buf_addf(out, "DTEND;VALUE=DATE:%08d\r\n", day_plus(t->day, 1));
	add_line(out, "SUMMARY", page_text(call, "%s：%s", t->org_name, t->what));
	buf_adds(out, "END:VEVENT\r\n");
}

int act_ledger_calendar(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct buf *out = &call->response->body;
	struct ledger_task *tasks;
	unsigned char hash[WEB_HASH_LEN];
	int n;
	caller.account = 0;
	token_hash(web_value(call, "token")->text, hash);
	int r = ledger_calendar(call->web->app, &caller, hash, call->arena, &tasks, &n, &call->info);
	if (r < 0)
		return r;
	buf_adds(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Jinwei//ZH\r\n");
	add_line(out, "X-WR-CALNAME", "晋位 整顿台账");
	for (int i = 0; i < n; i++)
		if (tasks[i].day)
			add_task(call, out, &tasks[i]);
	buf_adds(out, "END:VCALENDAR\r\n");
	call->response->type = "text/calendar; charset=utf-8";
	return 0;
}
