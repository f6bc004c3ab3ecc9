/* SPDX-License-Identifier: Apache-2.0 */
/* Registering an organisation and changing its particulars. */
#include <stdlib.h>
#include <string.h>

#include "web/form.h"
#include "web/pages/pages.h"

static bool level_choice(int i, struct web_choice *ret)
{
	if (i >= LEVEL_COUNT)
		return false;
	*ret = (struct web_choice){level_label((enum level)i), level_label((enum level)i)};
	return true;
}

static bool field_choice(int i, struct web_choice *ret)
{
	if (i >= FIELD_COUNT)
		return false;
	*ret = (struct web_choice){field_label((enum field)i), field_label((enum field)i)};
	return true;
}

/* As app/org_field.h has them; a test compares names and labels. */
#define PARTICULARS \
	{.name = "name", .label = "名称", .type = WEB_TEXT, .required = true, .max = 100, \
	 .hint = "写全称，例如：石桥镇长坡村党支部"}, \
	{.name = "short_name", .label = "简称", .type = WEB_TEXT, .max = 40}, \
	{.name = "level", .label = "层级", .type = WEB_CHOICE, .required = true, \
	 .choice_at = level_choice}, \
	{.name = "field", .label = "领域", .type = WEB_CHOICE, .choice_at = field_choice}, \
	{.name = "kind", .label = "组织类型", .type = WEB_TEXT, .max = 20, \
	 .hint = "党委、党工委、党总支、党支部等"}, \
	{.name = "members", .label = "党员数", .type = WEB_INT, .min = 0, .max = 100000000}, \
	{.name = "residents", .label = "群众数", .type = WEB_INT, .min = 0, .max = 100000000}, \
	{.name = "secretary", .label = "书记", .type = WEB_TEXT, .max = 40, .hint = "空缺时不填"}, \
	{.name = "secretary_phone", .label = "书记电话", .type = WEB_TEXT, .max = 40}, \
	{.name = "secretary_since", .label = "书记任职时间", .type = WEB_DATE}, \
	{.name = "secretary_until", .label = "书记任期届满", .type = WEB_DATE}, \
	{.name = "liaison", .label = "联络员", .type = WEB_TEXT, .max = 40}, \
	{.name = "liaison_phone", .label = "联络员电话", .type = WEB_TEXT, .max = 40}, \
	{.name = "liaison_other", .label = "联络员其他联系方式", .type = WEB_TEXT, .max = 100}, \
	{.name = "cadre", .label = "包村干部", .type = WEB_TEXT, .max = 40}, \
	{.name = "founded", .label = "成立时间", .type = WEB_DATE}, \
	{.name = "election_due", .label = "换届时间", .type = WEB_DATE}, \
	{.name = "note", .label = "备注", .type = WEB_AREA, .max = 1000}, \
	{.name = "since_day", .label = "生效日期", .type = WEB_DATE, .hint = "不填就是今天"}, \
	{.name = "reason", .label = "变更理由", .type = WEB_TEXT, .max = 200}

const struct web_field org_new_fields[] = {
	{.name = "parent", .label = "上级组织", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{0},
};
const struct web_field org_add_fields[] = {
	{.name = "parent", .label = "上级组织", .type = WEB_INT, .required = true, .min = 1,
	 .max = INT64_MAX},
	{.name = "code", .label = "代码", .type = WEB_TEXT, .required = true, .max = 40,
	 .hint = "登记以后不能再改，例如 07-602"},
	{.name = "should_exist", .label = "应建未建，先挂账", .type = WEB_FLAG},
	PARTICULARS,
	{0},
};
const struct web_field org_change_fields[] = {
	{.name = "id", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "version", .label = "版本", .type = WEB_INT, .required = true, .min = 0,
	 .max = INT64_MAX},
	PARTICULARS,
	{0},
};

/* Reads the particulars into `org`; what is wrong is said at its field. */
static int read_particulars(struct web_call *call, struct org *org)
{
	for (int i = 0; i < org_n_fields; i++) {
		const struct org_field *field = &org_fields[i];
		struct err_info info = {0};
		const struct web_value *value = web_value(call, field->id);
		struct str cell = value->given ? value->text : STR("");
		int r = org_field_parse(field, cell, call->arena, org, &info);
		if (r == ERR_INPUT)
			return web_wrong(call, field->id, page_text(call, "%s", info.text));
		if (r) {
			call->info = info;
			return r;
		}
	}
	return org_validate(org, &call->info);
}

static struct org_when read_when(struct web_call *call)
{
	return (struct org_when){(int32_t)web_number(call, "since_day", 0),
				 web_text(call, "reason")};
}

static int load_detail(struct web_call *call, const char *field)
{
	struct org_detail *detail = arena_zalloc(call->arena, 1, sizeof(*detail));
	struct caller caller = page_caller(call);

	if (!detail)
		return err_nomem(&call->info);
	call->model = detail;
	return roster_detail(call->web->app, &caller, web_number(call, field, 0), call->arena, detail,
			   &call->info);
}

int act_org_new(struct web_call *call)
{
	return load_detail(call, "parent");
}

int act_org_detail(struct web_call *call)
{
	return load_detail(call, "id");
}

int act_org_at_node(struct web_call *call)
{
	return load_detail(call, "node");
}

static void write_particulars(const struct form *form, const struct org *org)
{
	for (int i = 0; i < org_n_fields; i++) {
		char scratch[32];
		form_row(form, org_fields[i].id, org_field_format(&org_fields[i], org, scratch));
	}
	form_row(form, "since_day", NULL);
	form_row(form, "reason", NULL);
}

void page_org_new(struct web_call *call, struct html *h)
{
	const struct org_detail *parent = call->model;
	struct org blank = org_blank();
	struct page page = {.title = "登记新组织", .menu = "/orgs"};

	page_org_crumbs(call, parent->crumbs, parent->n_crumbs, "登记新组织", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>登记新组织</h1><p class='note'>登记在 {} 下面</p></div></div>\n",
	     parent->org.name);
	struct form form = form_begin(call, h, "/orgs/new", org_add_fields);
	form_hidden(&form, "parent", page_text(call, "%lld", (long long)parent->org.id));
	form_row(&form, "code", NULL);
	write_particulars(&form, &blank);
	form_row(&form, "should_exist", NULL);
	form_end(&form, "登记", "main", page_text(call, "/orgs?node=%lld", (long long)parent->org.id));
	page_end(call, h);
}

int act_org_add(struct web_call *call)
{
	struct org org = org_blank();
	struct caller caller = page_caller(call);
	int64_t id;

	int r = read_particulars(call, &org);
	if (r)
		return r;
	org.parent = web_number(call, "parent", 0);
	org.code = web_text(call, "code");
	if (web_number(call, "should_exist", 0))
		org.state = ORG_SHOULD_EXIST;
	struct org_when when = read_when(call);
	r = roster_add(call->web->app, &caller, &org, &when, &id, &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/orgs/%lld", (long long)id);
	call->note = page_text(call, "已登记“%s”", org.name);
	return 0;
}

void page_org_edit(struct web_call *call, struct html *h)
{
	const struct org_detail *d = call->model;
	const char *back = page_text(call, "/orgs/%lld", (long long)d->org.id);
	struct page page = {.title = page_text(call, "修改 %s", d->org.name), .menu = "/orgs"};

	page_org_crumbs(call, d->crumbs, d->n_crumbs, "修改资料", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>代码 {} · 修改资料</p></div></div>\n",
	     d->org.name, d->org.code);
	struct form form = form_begin(call, h, page_text(call, "%s/edit", back), org_change_fields);
	form_hidden(&form, "version", page_text(call, "%lld", (long long)d->org.version));
	write_particulars(&form, &d->org);
	form_end(&form, "保存修改", "main", back);
	page_end(call, h);
}

int act_org_change(struct web_call *call)
{
	struct org_detail d;
	struct caller caller = page_caller(call);
	int64_t id = web_number(call, "id", 0);

	int r = roster_detail(call->web->app, &caller, id, call->arena, &d, &call->info);
	if (r == 0)
		r = read_particulars(call, &d.org);
	if (r)
		return r;
	d.org.version = web_number(call, "version", 0);
	struct org_when when = read_when(call);
	r = roster_change(call->web->app, &caller, &d.org, &when, &call->info);
	if (r)
		return r;
	call->location = page_text(call, "/orgs/%lld", (long long)id);
	call->note = page_text(call, "已保存“%s”", d.org.name);
	return 0;
}
