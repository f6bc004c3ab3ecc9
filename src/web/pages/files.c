/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files and photos. A file is always a download (Content-Disposition, its type
 * by its bytes, a sandbox without anything allowed), so that nothing sent in is
 * ever a page of this site. Photos are shown small by <img>, which takes no notice
 * of the disposition; the browser scales them.
 */
#include "web/pages/pages_files.h"

#include <string.h>

#include "domain/day.h"
#include "web/pages/pages.h"

static bool kind_choice(int i, struct web_choice *ret)
{
	if (i >= ATTACHED_COUNT_KINDS)
		return false;
	*ret = (struct web_choice){attachment_kind_id((enum attachment_kind)i),
				   attachment_kind_label((enum attachment_kind)i)};
	return true;
}

#define THING \
	{.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, \
	 .max = INT64_MAX}, \
	{.name = "kind", .label = "属于", .type = WEB_CHOICE, .choice_at = kind_choice}, \
	{.name = "object", .label = "编号", .type = WEB_INT, .min = 0, .max = INT64_MAX}

const struct web_field file_list_fields[] = {THING, {0}};
const struct web_field file_add_fields[] = {
	THING,
	{.name = "file", .label = "文件", .type = WEB_FILE, .required = true, .max = ATTACHMENT_MAX,
	 .pattern = ".jpg,.jpeg,.png,.pdf,.docx,.doc,.xlsx,.xls",
	 .hint = "照片（jpg、png）、PDF、Word 或 Excel，不超过 20 MB"},
	{.name = "day", .label = "材料日期", .type = WEB_DATE,
	 .hint = "材料本身的日期，不是上传的日期"},
	{.name = "what", .label = "说明", .type = WEB_TEXT, .max = 200, .hint = "例如：支委补选会议记录"},
	{.name = "back", .label = "回到", .type = WEB_TEXT, .max = 300},
	{0},
};
const struct web_field file_id_fields[] = {
	{.name = "attachment", .label = "文件", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{0},
};
const struct web_field file_withdraw_fields[] = {
	{.name = "attachment", .label = "文件", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	/* Of the list it was withdrawn on, to go back there. */
	{.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "kind", .label = "属于", .type = WEB_CHOICE, .choice_at = kind_choice},
	{.name = "object", .label = "编号", .type = WEB_INT, .min = 0, .max = INT64_MAX},
	{.name = "reason", .label = "理由", .type = WEB_TEXT, .required = true, .max = 200},
	{0},
};

static enum attachment_kind kind_of(const struct web_call *call)
{
	return (enum attachment_kind)web_number(call, "kind", ATTACHED_ORG);
}

const char *files_address(struct web_call *call, int64_t org, enum attachment_kind kind,
			  int64_t object)
{
	return page_text(call, "/files?node=%lld&kind=%s&object=%lld", (long long)org,
			 attachment_kind_id(kind), (long long)object);
}

/* Where the form says, if that is on this site. */
static const char *back_address(struct web_call *call, const char *otherwise)
{
	const char *back = web_text(call, "back");
	return *back && url_is_local(str_from(back)) ? back : otherwise;
}

/* ---- one file ---- */

int act_file_get(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct attachment a;
	int r = attachments_read(call->web->app, &caller, web_number(call, "attachment", 0), call->arena,
				 &a, &call->response->body, &call->info);
	if (r < 0)
		return r;
	web_file_response(call, a.name, file_type_mime(a.type));
	/* Both policies hold: this one lets nothing through. */
	web_header(call->response, "Content-Security-Policy", "default-src 'none'; sandbox");
	/* What a number names never changes; the right is asked again after a while. */
	web_header(call->response, "Cache-Control", "private, max-age=600");
	return 0;
}

int act_file_small(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = attachments_small(call->web->app, &caller, web_number(call, "attachment", 0), call->arena,
				  &call->response->body, &call->info);
	if (r < 0)
		return r;
	call->response->type = "image/jpeg";
	web_header(call->response, "Content-Security-Policy", "default-src 'none'; sandbox");
	web_header(call->response, "Cache-Control", "private, max-age=86400");
	return 0;
}

void files_write_small(struct html *h, const struct attachment *a)
{
	if (a->small == SMALL_KEPT || (a->small == SMALL_UNTRIED && file_type_is_image(a->type)))
		html(h, "<img class='thumb' src='/files/{}/small' alt='{}' loading='lazy' width='64' height='64'> ",
		     a->id, *a->what ? a->what : a->name);
}

int act_file_withdraw(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = attachments_withdraw(call->web->app, &caller, web_number(call, "attachment", 0),
				     web_text(call, "reason"), &call->info);
	if (r < 0)
		return r;
	int64_t node = web_number(call, "node", 0);
	call->location = node ? files_address(call, node, kind_of(call), web_number(call, "object", 0)) : "/";
	call->note = "已作废，理由留在材料旁边";
	return 0;
}

int act_file_add(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_value *file = web_value(call, "file");
	struct attachment_new in = {
		.org = web_number(call, "node", 0), .kind = kind_of(call),
		.object = web_number(call, "object", 0), .name = file->file.name,
		.what = web_text(call, "what"), .day = (int32_t)web_number(call, "day", 0),
		.data = file->file.data,
	};
	int64_t id;
	int r = attachments_add(call->web->app, &caller, &in, &id, &call->info);
	if (r < 0)
		return r;
	call->location = back_address(call, files_address(call, in.org, in.kind, in.object));
	call->note = "已上传";
	return 0;
}

/* ---- lists ---- */

int act_file_list(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct attachments *list = arena_zalloc(call->arena, 1, sizeof(*list));
	if (!list)
		return err_nomem(&call->info);
	call->model = list;
	return attachments_list(call->web->app, &caller, web_number(call, "node", 0), kind_of(call),
				web_number(call, "object", 0), call->arena, list, &call->info);
}

static void write_size(struct html *h, int64_t bytes)
{
	if (bytes >= 1 << 20)
		html(h, "{}.{} MB", bytes >> 20, (bytes >> 10) % 1024 * 10 / 1024);
	else
		html(h, "{} KB", (bytes + 1023) >> 10);
}

static void write_file(struct web_call *call, struct html *h, const struct attachment *a)
{
	const char *added = page_time(call, a->added_ms);
	html(h, "<tr><th scope='row' class='full'>");
	files_write_small(h, a);
	html(h, "<a href='/files/{}' download>{}</a> <span class='note'>{} · {} · ", a->id,
	     *a->what ? a->what : a->name, a->name, file_type_label(a->type));
	write_size(h, a->size);
	html(h, "</span></th><td class='n' data-l='材料日期'>{}</td><td class='n' data-l='上传'>{}</td>"
		"<td data-l='上传人'>{}</td><td>", a->day ? page_day(call, a->day, false) : "没有写",
	     added, a->who);
	if (a->withdrawn_ms)
		html(h, "<span class='light bad'>已作废</span> <span class='note'>{}（{}）</span>",
		     a->withdrawn_why, a->withdrawn_by);
	else
		html(h, "<span class='light ok'>作数</span>");
	html(h, "</td></tr>\n");
}

void files_write(struct web_call *call, struct html *h, const struct attachment *files, int n)
{
	html(h, "<table class='data sort stack'><caption class='vh'>材料</caption><thead><tr>"
		"<th scope='col'>材料</th><th scope='col' class='n'>材料日期</th>"
		"<th scope='col' class='n'>上传</th><th scope='col'>上传人</th><th scope='col'>状态</th>"
		"</tr></thead>\n<tbody>");
	for (int i = 0; i < n; i++)
		write_file(call, h, &files[i]);
	html(h, "</tbody></table>\n");
}

/* The list a form belongs to, for the way back there. */
static void name_list(struct web_call *call, struct form *form, const struct attachments *list)
{
	form_hidden(form, "node", page_text(call, "%lld", (long long)list->org.id));
	form_hidden(form, "kind", attachment_kind_id(kind_of(call)));
	form_hidden(form, "object", page_text(call, "%lld", (long long)web_number(call, "object", 0)));
}

static void write_withdraw(struct web_call *call, struct html *h, const struct attachments *list)
{
	bool any = false;
	for (int i = 0; i < list->n; i++)
		any = any || !list->at[i].withdrawn_ms;
	if (!any)
		return;
	html(h, "<div class='sec'><h2>作废</h2><span class='note'>传错的材料不删除，写明理由作废</span></div>\n");
	for (int i = 0; i < list->n; i++) {
		const struct attachment *a = &list->at[i];
		if (a->withdrawn_ms)
			continue;
		struct form form = form_fold(call, h, page_text(call, "作废：%s", *a->what ? a->what : a->name),
					     page_text(call, "/files/%lld/withdraw", (long long)a->id),
					     file_withdraw_fields, NULL, NULL);
		name_list(call, &form, list);
		form_row(&form, "reason", NULL);
		form_end(&form, "作废", "danger", NULL);
		html(h, "</details>\n");
	}
}

void page_file_list(struct web_call *call, struct html *h)
{
	const struct attachments *list = call->model;
	enum attachment_kind kind = kind_of(call);
	const char *back = page_text(call, "/orgs/%lld", (long long)list->org.id);
	struct page page = {.title = page_text(call, "%s %s", list->org.name,
					       attachment_kind_label(kind))};

	page_node_crumbs(call, list->org.id, attachment_kind_label(kind), &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>{}</span></h1>"
		"<p class='note'>{} 件</p></div></div>\n", list->org.name, attachment_kind_label(kind),
	     list->n);
	if (list->n)
		files_write(call, h, list->at, list->n);
	else
		html(h, "<div class='empty'>还没有材料</div>\n");
	if (list->may_add) {
		html(h, "<div class='sec'><h2>上传</h2><span class='note'>材料日期和上传日期分开记</span></div>\n");
		struct form form = form_begin(call, h, "/files", file_add_fields);
		name_list(call, &form, list);
		form_row(&form, "file", NULL);
		form_row(&form, "day", NULL);
		form_row(&form, "what", NULL);
		form_end(&form, "上传", "main", back);
		write_withdraw(call, h, list);
	}
	page_end(call, h);
}

json_t *file_json(const struct attachment *a)
{
	char day[16];
	day_format(a->day, day);
	return json_pack("{s:I, s:s, s:s, s:s, s:I, s:s, s:I, s:s, s:b, s:s}", "id", (json_int_t)a->id,
			 "name", a->name, "what", a->what, "type", file_type_mime(a->type), "size",
			 (json_int_t)a->size, "day", day, "added_ms", (json_int_t)a->added_ms, "by", a->who,
			 "withdrawn", a->withdrawn_ms != 0, "withdrawn_why", a->withdrawn_why);
}

json_t *json_file_list(struct web_call *call)
{
	const struct attachments *list = call->model;
	json_t *files = json_array();
	for (int i = 0; i < list->n; i++)
		json_array_append_new(files, file_json(&list->at[i]));
	return json_pack("{s:o, s:b}", "files", files, "may_add", list->may_add);
}
