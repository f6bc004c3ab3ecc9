/* SPDX-License-Identifier: Apache-2.0 */
/* What changes the tree: move, merge, split, dissolve, establish. */
#include <string.h>

#include "web/form.h"
#include "web/pages/pages.h"
#include "web/router.h"

#define WHAT_AND_WHEN \
	{.name = "id", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}, \
	{.name = "version", .label = "版本", .type = WEB_INT, .required = true, .min = 0, \
	 .max = INT64_MAX}, \
	{.name = "since_day", .label = "生效日期", .type = WEB_DATE, .hint = "不填就是今天"}, \
	{.name = "reason", .label = "依据", .type = WEB_TEXT, .required = true, .max = 200, \
	 .hint = "例如：云组〔2026〕12 号批复"}

/* The code whose name was shown before the button was pressed once more. */
#define LOOKED_AT {.name = "looked", .label = "核对过的代码", .type = WEB_TEXT, .max = 40}

const struct web_field org_move_fields[] = {
	WHAT_AND_WHEN,
	{.name = "to", .label = "新的上级", .type = WEB_TEXT, .required = true, .max = 40,
	 .hint = "填上级组织的代码；下面的组织一起划过去"},
	LOOKED_AT,
	{0},
};
const struct web_field org_merge_fields[] = {
	WHAT_AND_WHEN,
	{.name = "to", .label = "并入", .type = WEB_TEXT, .required = true, .max = 40,
	 .hint = "填并入哪个组织的代码；合并后的党员数另外到那里修改"},
	LOOKED_AT,
	{0},
};
const struct web_field org_split_fields[] = {
	WHAT_AND_WHEN,
	{.name = "code", .label = "新组织代码", .type = WEB_TEXT, .required = true, .max = 40},
	{.name = "name", .label = "新组织名称", .type = WEB_TEXT, .required = true, .max = 100},
	{.name = "members", .label = "分出党员数", .type = WEB_INT, .min = 0, .max = 100000000},
	{.name = "code2", .label = "第二个代码", .type = WEB_TEXT, .max = 40,
	 .hint = "分成两个新组织时填写"},
	{.name = "name2", .label = "第二个名称", .type = WEB_TEXT, .max = 100},
	{.name = "members2", .label = "第二个党员数", .type = WEB_INT, .min = 0, .max = 100000000},
	{.name = "dissolve", .label = "原组织同时撤销", .type = WEB_FLAG},
	{0},
};
const struct web_field org_dissolve_fields[] = {
	WHAT_AND_WHEN,
	{0},
};

static struct org_when read_when(struct web_call *call)
{
	return (struct org_when){(int32_t)web_number(call, "since_day", 0),
				 web_text(call, "reason")};
}

static int done(struct web_call *call, int64_t id, const char *note)
{
	call->location = page_text(call, "/orgs/%lld", (long long)id);
	call->note = note;
	return 0;
}

/* The head of each of these pages, up to the first row of its form. */
static struct form begin(struct web_call *call, struct html *h, const char *what, const char *verb,
			 const char *about, const struct web_field *fields)
{
	const struct org_detail *d = call->model;
	struct page page = {.title = page_text(call, "%s %s", what, d->org.name), .menu = "/orgs"};

	page_org_crumbs(call, d->crumbs, d->n_crumbs, what, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} {}</h1><p class='note'>{}</p></div></div>\n", what,
	     d->org.name, about);
	struct form form = form_begin(call, h,
				      page_text(call, "/orgs/%lld/%s", (long long)d->org.id, verb),
				      fields);
	form_hidden(&form, "version", page_text(call, "%lld", (long long)d->org.version));
	return form;
}

static void end(struct web_call *call, struct html *h, const struct form *form, const char *button,
		const char *kind)
{
	const struct org_detail *d = call->model;

	form_row(form, "since_day", NULL);
	form_row(form, "reason", NULL);
	form_end(form, button, kind, page_text(call, "/orgs/%lld", (long long)d->org.id));
	page_end(call, h);
}

static void write_to(const struct form *form)
{
	form_row(form, "to", NULL);
	form_hidden(form, "looked", form->again ? form_typed(form->call, form->fields, "to", 0, "") : "");
}

void page_org_move(struct web_call *call, struct html *h)
{
	struct form form = begin(call, h, "划转", "move", "换一个上级组织。只能在本县范围内划转。",
				 org_move_fields);
	write_to(&form);
	end(call, h, &form, "划转", "main");
}

/* The organisation whose code stands in the field `to`. Who typed it sees first what
 * it names, and presses the button once more; programs know what they ask for. */
static int find_to(struct web_call *call, const struct caller *caller, const char *button, int64_t *ret_id)
{
	struct org_detail d;
	const char *code = web_text(call, "to");
	int r = roster_find(call->web->app, caller, code, ret_id, &call->info);
	if (r == ERR_NOT_FOUND)
		return web_wrong(call, "to", "没有这个代码的组织");
	if (r < 0 || router_wants_json(call->request) || strcmp(web_text(call, "looked"), code) == 0)
		return r;
	r = roster_detail(call->web->app, caller, *ret_id, call->arena, &d, &call->info);
	return r < 0 ? r : web_wrong(call, "to", page_text(call, "这是“%s”（%s）。没有错就再按一次“%s”",
							  d.org.name, level_label(d.org.level), button));
}

int act_org_move(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct org_when when = read_when(call);
	int64_t id = web_number(call, "id", 0), parent;

	int r = find_to(call, &caller, "划转", &parent);
	if (r == 0)
		r = roster_move(call->web->app, &caller, id, web_number(call, "version", 0), parent,
			      &when, &call->info);
	return r ? r : done(call, id, "已划转");
}

void page_org_merge(struct web_call *call, struct html *h)
{
	struct form form = begin(call, h, "合并", "merge",
				 "这个组织并入另一个组织，下面的组织一起过去；两边的历史都保留。",
				 org_merge_fields);
	write_to(&form);
	end(call, h, &form, "合并", "danger");
}

int act_org_merge(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct org_when when = read_when(call);
	int64_t id = web_number(call, "id", 0), into;

	int r = find_to(call, &caller, "合并", &into);
	if (r == 0)
		r = roster_merge(call->web->app, &caller, &id, 1, into, &when, &call->info);
	return r ? r : done(call, into, "已合并，请核对党员数");
}

void page_org_split(struct web_call *call, struct html *h)
{
	static const char *const rows[] = {"code", "name", "members", "code2", "name2", "members2",
					   "dissolve"};
	struct form form = begin(call, h, "分设", "split",
				 "从这个组织分出一个或两个新组织，放在同一个上级下面。",
				 org_split_fields);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		form_row(&form, rows[i], NULL);
	end(call, h, &form, "分设", "main");
}

/* A new organisation like the old one, with code, name and members of its own. */
static struct org part_of(const struct org *from, const char *code, const char *name,
			  int64_t members)
{
	struct org part = org_blank();

	part.parent = from->parent;
	part.level = from->level;
	part.field = from->field;
	part.kind = from->kind;
	part.code = code;
	part.name = name;
	part.members = members;
	return part;
}

int act_org_split(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct org_when when = read_when(call);
	struct org_detail d;
	struct org parts[2];
	int64_t id = web_number(call, "id", 0), ids[2];
	bool second = web_value(call, "code2")->given;

	if (second && !web_value(call, "name2")->given)
		return web_wrong(call, "name2", "填了第二个代码，名称也要填");
	int r = roster_detail(call->web->app, &caller, id, call->arena, &d, &call->info);
	if (r)
		return r;
	parts[0] = part_of(&d.org, web_text(call, "code"), web_text(call, "name"),
			   web_number(call, "members", ORG_UNSET));
	if (second)
		parts[1] = part_of(&d.org, web_text(call, "code2"), web_text(call, "name2"),
				   web_number(call, "members2", ORG_UNSET));
	r = roster_split(call->web->app, &caller, id, web_number(call, "version", 0), parts, 1 + second,
		       web_number(call, "dissolve", 0), &when, ids, &call->info);
	return r ? r : done(call, id, page_text(call, "已分出 %d 个新组织", 1 + second));
}

void page_org_dissolve(struct web_call *call, struct html *h)
{
	struct form form = begin(call, h, "撤销", "dissolve",
				 "撤销后不再参加今后的年度工作；历史和台账都保留。下面还有组织时不能撤销。",
				 org_dissolve_fields);
	end(call, h, &form, "撤销", "danger");
}

static const char *establish_word(const struct org_detail *d)
{
	return d->org.state == ORG_SHOULD_EXIST ? "成立" : "恢复";
}

void page_org_establish(struct web_call *call, struct html *h)
{
	const struct org_detail *d = call->model;
	struct form form = begin(call, h, establish_word(d), "establish",
				 d->org.state == ORG_SHOULD_EXIST ? "应建未建的组织现在成立。" :
				 d->org.state == ORG_MERGED ?
				 "从并入的组织恢复出来；当时划过去的下级不会自动回来，请另外划转。" :
				 "撤销的组织恢复原来的资料，重新参加年度工作。", org_dissolve_fields);
	end(call, h, &form, establish_word(d), "main");
}

int act_org_dissolve(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct org_when when = read_when(call);
	int64_t id = web_number(call, "id", 0);

	int r = roster_dissolve(call->web->app, &caller, id, web_number(call, "version", 0), &when,
			      &call->info);
	return r ? r : done(call, id, "已撤销");
}

int act_org_establish(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct org_when when = read_when(call);
	int64_t id = web_number(call, "id", 0);
	struct org_detail before;

	int r = roster_detail(call->web->app, &caller, id, call->arena, &before, &call->info);
	if (r == 0)
		r = roster_establish(call->web->app, &caller, id, web_number(call, "version", 0), &when,
				     &call->info);
	return r ? r : done(call, id, page_text(call, "已%s", establish_word(&before)));
}
