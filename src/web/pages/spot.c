/* SPDX-License-Identifier: Apache-2.0 */
/* Draws that anybody can repeat, and the inspectors' page: made for a phone; its
 * script keeps what could not be sent and sends it later. */
#include "web/pages/pages_spot.h"

#include <sodium.h>
#include <string.h>

#include "domain/day.h"
#include "web/assets.h"
#include "web/pages/pages_files.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}

static const struct web_choice levels[] = {{"township", "每个乡镇（党委）"}, {"county", "每个县市区"}, {0}};

const struct web_field spot_list_fields[] = {NODE, {0}};
const struct web_field spot_draw_fields[] = {
	NODE,
	{.name = "cover", .label = "覆盖", .type = WEB_CHOICE, .required = true, .choices = levels},
	{.name = "each", .label = "每处抽几个", .type = WEB_INT, .required = true, .min = 1,
	 .max = DRAW_EACH_MAX},
	{.name = "only_cases", .label = "只抽在台账里的", .type = WEB_FLAG},
	{.name = "groups", .label = "分给几个督查组", .type = WEB_INT, .min = 0, .max = DRAW_GROUPS_MAX,
	 .hint = "每处都分到一个组；不分组就不填"},
	{0}};
const struct web_field spot_group_fields[] = {
	{.name = "draw", .label = "抽查", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "group", .label = "第几组", .type = WEB_TEXT, .required = true, .max = 4, .pattern = "0-9"},
	{.name = "leader", .label = "组长", .type = WEB_TEXT, .max = 60},
	{.name = "members", .label = "组员", .type = WEB_TEXT, .max = 200, .hint = "用顿号隔开"},
	{0}};
const struct web_field spot_id_fields[] = {
	{.name = "draw", .label = "抽查", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0}};
const struct web_field spot_check_page_fields[] = {
	{.name = "id", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{.name = "check", .label = "刚记下的", .type = WEB_INT, .min = 1, .max = INT64_MAX}, {0}};
const struct web_field spot_check_fields[] = {
	{.name = "id", .label = "哪个组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "good", .label = "没有发现问题", .type = WEB_FLAG},
	{.name = "finding", .label = "看到的情况", .type = WEB_AREA, .required = true, .max = 1000},
	{.name = "photo", .label = "照片", .type = WEB_FILE, .max = ATTACHMENT_MAX,
	 .pattern = "image/jpeg,image/png", .hint = "可以不拍"},
	{.name = "deadline", .label = "限期整改到", .type = WEB_DATE, .hint = "没有问题就不填"},
	{.name = "position", .label = "位置", .type = WEB_TEXT, .max = 40, .hint = "可以不填"},
	{.name = "day", .label = "日期", .type = WEB_DATE, .hint = "不填就是今天"},
	{.name = "sent", .label = "标记", .type = WEB_TEXT, .max = 64, .pattern = "A-Za-z0-9-"},
	{0}};
const struct web_field spot_close_fields[] = {
	{.name = "check", .label = "抽查记录", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "closing", .label = "整改结果", .type = WEB_TEXT, .required = true, .max = 200},
	{0}};

int act_spot_list(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct draws *d = arena_zalloc(call->arena, 1, sizeof(*d));
	int64_t node = web_number(call, strcmp(call->route->path, "/checks") == 0 ? "id" : "node", 0);
	int r = 0;
	if (!d)
		return err_nomem(&call->info);
	call->model = d;
	if (!node)
		r = page_top_node(call, &node);
	return r < 0 ? r : draw_list(call->web->app, &caller, node, call->arena, d, &call->info);
}

static const char *hex(struct web_call *call, const unsigned char bytes[32])
{
	char text[DRAW_HEX_LEN + 1];
	sodium_bin2hex(text, sizeof(text), bytes, 32);
	return page_text(call, "%s", text);
}

static void write_names(struct html *h, const struct spot_draw *d)
{
	html(h, "<ul class='chips'>");
	for (const char *p = d->population; *p;) {
		size_t len = strcspn(p, "\n"), node = strcspn(p, "\t") + 1, code = strcspn(p + node, "\t");
		for (const char *q = d->drawn; *q; q += strcspn(q, "\n") + 1)
			if (strcspn(q, "\n") == code && memcmp(q, p + node, code) == 0)
				html(h, "<li class='chip'>{}</li>", ((struct str){p + node + code + 1, len - node - code - 1}));
		p += len + 1;
	}
	html(h, "</ul>");
}

static bool in_lines(const char *lines, struct str code)
{
	for (const char *q = lines; *q; q += strcspn(q, "\n") + 1)
		if (strcspn(q, "\n") == code.len && memcmp(q, code.data, code.len) == 0)
			return true;
	return false;
}

/* What was drawn below a covered node. */
static void write_drawn_below(struct html *h, const struct spot_draw *d, const char *node, int *written)
{
	for (const char *p = d->population; *p;) {
		size_t len = strcspn(p, "\n"), of = strcspn(p, "\t"), code = strcspn(p + of + 1, "\t");
		if (of == strlen(node) && memcmp(p, node, of) == 0 && in_lines(d->drawn, (struct str){p + of + 1, code}))
			html(h, "{}{}", (*written)++ ? "、" : "",
			     ((struct str){p + of + 1 + code + 1, len - of - code - 2}));
		p += len + 1;
	}
}

/* Group by group: who goes, and where to (GZ-9). */
static void write_groups(struct web_call *call, struct html *h, const struct draws *l, int i)
{
	const struct spot_draw *d = &l->at[i];
	const struct draw_dealt *dealt = &l->dealt[i];
	html(h, "<ol class='list'>\n");
	for (int g = 1; g <= d->groups; g++) {
		const struct spot_group *named = NULL;
		int nodes = 0, written = 0;
		for (int k = 0; k < dealt->n_groups; k++)
			named = dealt->groups[k].number == g ? &dealt->groups[k] : named;
		for (int k = 0; k < dealt->n_deals; k++)
			nodes += dealt->deals[k].group == g;
		html(h, "<li><b>第 {} 组</b> 组长 {}{}{}，{} 处<p>", g,
		     named && *named->leader ? named->leader : "还没有定", named && *named->members ? "，组员 " : "",
		     named ? named->members : "", nodes);
		for (int k = 0; k < dealt->n_deals; k++)
			if (dealt->deals[k].group == g)
				write_drawn_below(h, d, dealt->deals[k].node, &written);
		html(h, "</p></li>\n");
	}
	html(h, "</ol>\n");
	if (!l->may_reveal[i])
		return;
	struct form form = form_fold(call, h, "定组长和组员", page_text(call, "/cases/draws/%lld/group", (long long)d->id),
				     spot_group_fields, NULL, NULL);
	form_row(&form, "group", "1");
	form_row(&form, "leader", NULL);
	form_row(&form, "members", NULL);
	form_end(&form, "定下来", "", NULL);
	html(h, "</details>\n");
}

static void write_draw(struct web_call *call, struct html *h, const struct draws *l, int i)
{
	const struct spot_draw *d = &l->at[i];
	html(h, "<li><b>{}</b> 每处抽 {} 个{}<p>指纹 <code>{}</code></p>", page_time(call, d->made_ms), d->each,
	     d->only_cases ? "，只抽在台账里的" : "", hex(call, d->fingerprint));
	if (d->groups)
		html(h, "<p>分给 {} 个督查组，每处都分到</p>", d->groups);
	if (*d->drawn && d->groups)
		write_groups(call, h, l, i);
	else if (*d->drawn)
		write_names(h, d);
	if (!l->secret[i]) {
		html(h, "<p>已公开 {}，种子 <code>{}</code>，谁都可以重抽核对</p>", page_time(call, d->revealed_ms),
		     hex(call, d->seed));
	} else if (l->may_reveal[i]) {
		html(h, "<form method='post' action='/cases/draws/{}/reveal'><input type='hidden' name='_csrf' value='{}'>"
			"<button class='btn sm'>查完了，公开种子和名单</button></form>", d->id, call->csrf);
	} else {
		html(h, "<p class='note'>抽查结束以后公开种子和名单</p>");
	}
	html(h, "</li>\n");
}

static void write_photos(struct html *h, const struct draws *l, const struct spot_check *c)
{
	for (int i = 0; i < l->n_photos; i++)
		if (l->photos[i].object == c->id && !l->photos[i].withdrawn_ms) {
			html(h, "<a href='/files/{}' download>", l->photos[i].id);
			files_write_small(h, &l->photos[i]);
			html(h, "</a>");
		}
}

static void write_close(struct web_call *call, struct html *h, const struct spot_check *c)
{
	const char *action = page_text(call, "/checks/%lld/close", (long long)c->id);
	bool again = str_eqs(call->request->path, action);

	html(h, "<form class='bar' method='post' action='{}'><input type='hidden' name='_csrf' value='{}'>"
		"<input class='grow' name='closing' maxlength='200' aria-label='整改结果' required value='{}'",
	     action, call->csrf, again ? form_typed(call, spot_close_fields, "closing", 0, "") : "");
	if (again)
		html(h, " aria-invalid='true'");
	html(h, "><button class='btn sm'>整改到位</button></form>");
}

static void write_checks(struct web_call *call, struct html *h, const struct draws *l)
{
	html(h, "<section class='gap'><div class='sec'><h2>抽查记录</h2>");
	if (l->may >> ACTION_CHECK_WRITE & 1)
		html(h, "<a href='/checks?id={}' hx-boost='false'>现场记录</a>", l->node.id);
	html(h, "</div>");
	if (!l->n_checks)
		html(h, "<p class='empty'>还没有抽查记录。抽取以后，在现场用手机记下来，这里就看得到。</p>\n");
	html(h, "<ul class='list'>\n");
	for (int i = 0; i < l->n_checks; i++) {
		const struct spot_check *c = &l->checks[i];
		html(h, "<li><span class='r'>{}</span><b>{}</b> {}<p>{} {}", page_day(call, c->day, true), c->org_name,
		     c->finding, c->who, c->position);
		if (c->good)
			html(h, " <span class='light ok'>没有发现问题</span>");
		else if (c->closed_day)
			html(h, " <span class='light ok'>{} 整改到位</span> {}", page_day(call, c->closed_day, true), c->closing);
		else
			html(h, " <span class='light warn'>限期 {}</span>", c->deadline ? page_day(call, c->deadline, true) : "没有定");
		if (l->may >> ACTION_CHECK_WRITE & 1)
			html(h, " <a href='{}'>传照片</a>", files_address(call, c->org, ATTACHED_CHECK, c->id));
		html(h, "</p>");
		write_photos(h, l, c);
		if (!c->good && !c->closed_day && (l->may >> ACTION_CHECK_WRITE & 1))
			write_close(call, h, c);
		html(h, "</li>\n");
	}
	html(h, "</ul></section>\n");
}

void page_spot_list(struct web_call *call, struct html *h)
{
	const struct draws *l = call->model;
	struct page page = {.title = "抽查", .menu = "/cases"};
	page_node_crumbs(call, l->node.id, "抽查", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>抽查</span></h1><p class='note'>随机抽取，事先只公布指纹，查完公开种子和名单，谁都可以重抽核对</p></div></div>\n",
	     l->node.name);
	if ((l->may >> ACTION_CHECK_WRITE & 1) && l->node.level != LEVEL_UNIT) {
		struct form form = form_begin(call, h, "/cases/draws", spot_draw_fields);
		form_hidden(&form, "node", page_text(call, "%lld", (long long)l->node.id));
		/* A city or province covers every county (GZ-9). */
		form_row(&form, "cover", l->node.level < LEVEL_COUNTY ? "county" : "township");
		form_row(&form, "each", "1");
		form_row(&form, "only_cases", NULL);
		form_row(&form, "groups", NULL);
		form_end(&form, "抽取", "main", NULL);
	}
	html(h, "<ul class='list gap'>\n");
	for (int i = 0; i < l->n; i++)
		write_draw(call, h, l, i);
	html(h, "</ul>\n");
	if (l->may >> ACTION_CHECK_READ & 1)
		write_checks(call, h, l);
	page_end(call, h);
}

static json_t *lines(const char *text)
{
	json_t *list = json_array();
	for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
		json_array_append_new(list, json_stringn(p, strcspn(p, "\n")));
	return list;
}

/* Lines "node\tgroup", as draw_verify_deal has them. */
static json_t *dealt_json(struct web_call *call, const struct draw_dealt *d)
{
	json_t *list = json_array();
	for (int i = 0; i < d->n_deals; i++)
		json_array_append_new(list, json_string(page_text(call, "%s\t%d", d->deals[i].node, d->deals[i].group)));
	return list;
}

json_t *json_spot_list(struct web_call *call)
{
	const struct draws *l = call->model;
	json_t *draws = json_array(), *checks = json_array();
	for (int i = 0; i < l->n; i++) {
		const struct spot_draw *d = &l->at[i];
		json_t *one = json_pack("{s:I, s:s, s:i, s:o, s:b}", "id", (json_int_t)d->id, "fingerprint",
					hex(call, d->fingerprint), "each", d->each, "drawn", lines(d->drawn), "revealed",
					!l->secret[i]);
		if (d->groups)
			json_object_set_new(one, "groups", json_integer(d->groups));
		if (l->dealt[i].n_deals)
			json_object_set_new(one, "dealt", dealt_json(call, &l->dealt[i]));
		if (!l->secret[i]) {
			json_object_set_new(one, "seed", json_string(hex(call, d->seed)));
			json_object_set_new(one, "population", lines(d->population));
		}
		json_array_append_new(draws, one);
	}
	for (int i = 0; i < l->n_checks; i++)
		json_array_append_new(checks, json_pack("{s:I, s:s, s:s, s:b, s:b}", "id", (json_int_t)l->checks[i].id,
			"name", l->checks[i].org_name, "finding", l->checks[i].finding, "good", l->checks[i].good,
			"closed", l->checks[i].closed_day != 0));
	return json_pack("{s:o, s:o}", "draws", draws, "checks", checks);
}

int act_spot_draw(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t id, node = web_number(call, "node", 0);
	enum level level = web_number(call, "cover", 0) ? LEVEL_COUNTY : LEVEL_TOWNSHIP;
	int r = node ? 0 : page_top_node(call, &node);
	if (r == 0)
		r = draw_make_dealt(call->web->app, &caller, node, level, (int)web_number(call, "each", 1),
				    web_number(call, "only_cases", 0) != 0, (int)web_number(call, "groups", 0), &id,
				    &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/cases/draws?node=%lld", (long long)node);
	call->note = "已抽取。指纹现在就可以公布，名单查完再公开";
	return 0;
}

int act_spot_group(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct spot_group g = {
		.draw = web_number(call, "draw", 0), .number = (int)strtol(web_text(call, "group"), NULL, 10),
		.leader = web_text(call, "leader"), .members = web_text(call, "members")};
	int r = draw_put_group(call->web->app, &caller, &g, &call->info);
	if (r < 0)
		return r;
	call->location = "/cases/draws";
	call->note = page_text(call, "第 %d 组已定下来", g.number);
	return 0;
}

int act_spot_reveal(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = draw_reveal(call->web->app, &caller, web_number(call, "draw", 0), &call->info);
	if (r < 0)
		return r;
	call->location = "/cases/draws";
	call->note = "种子和名单已公开";
	return 0;
}

/* ---- on the spot ---- */

/* Which organisation: that of the address, or one of those to go to. */
static void write_place(struct web_call *call, const struct form *form, const struct draws *l)
{
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)l->n_places + 2, sizeof(*choices));
	const char *own = page_text(call, "%lld", (long long)l->node.id);
	if (l->node.level == LEVEL_UNIT || !l->n_places || !choices) {
		form_hidden(form, "id", own);
		return;
	}
	for (int i = 0; i < l->n_places; i++)
		choices[i] = (struct web_choice){page_text(call, "%lld", (long long)l->places[i].id), l->places[i].name};
	choices[l->n_places] = (struct web_choice){own, l->node.name};
	form_row_choice(form, "id", NULL, choices);
}

/* The last one, told where no script has told it. */
static void write_kept(struct web_call *call, struct html *h, const struct draws *l)
{
	int64_t check = web_number(call, "check", 0);
	for (int i = 0; i < l->n_checks; i++)
		if (l->checks[i].id == check)
			html(h, "<p class='box'><b>刚记下：</b>{} <a href='{}'>再传照片</a> · <a href='/checks' hx-boost='false'>记别的组织</a></p>\n",
			     l->checks[i].finding, files_address(call, l->checks[i].org, ATTACHED_CHECK, check));
}

void page_spot_check(struct web_call *call, struct html *h)
{
	const struct draws *l = call->model;
	struct page page = {.title = "现场记录", .menu = "/cases"};
	page_node_crumbs(call, l->node.id, "现场记录", &page);
	page_begin(call, h, &page);
	html(h, "<h1>现场记录</h1><p class='note'>{}。没有信号也可以写、可以拍，存在这台手机上，有信号时自动送出。</p>\n", l->node.name);
	write_kept(call, h, l);
	html(h, "<div class='box warn' id='spot-waiting' hidden><p><b></b></p><ul class='list'></ul></div>"
		"<div id='spot' data-who='{}' data-place='{}'>\n", page_caller(call).account, l->node.name);
	struct form form = form_begin(call, h, "/checks", spot_check_fields);
	write_place(call, &form, l);
	form_row(&form, "finding", NULL);
	form_row(&form, "good", NULL);
	form_row(&form, "photo", NULL);
	form_row(&form, "deadline", NULL);
	form_row(&form, "position", NULL);
	form_row(&form, "day", NULL);
	form_hidden(&form, "sent", "");
	form_end(&form, "记下", "main", "/cases/draws");
	html(h, "</div><script src='{}' defer></script>\n", asset_url("spot.js"));
	page_end(call, h);
}

/* The photo that came along without a script; the finding is kept whatever it is. */
static const char *keep_photo(struct web_call *call, const struct caller *caller,
			      const struct spot_check *c, int64_t id)
{
	const struct web_value *file = web_value(call, "photo");
	struct attachment_new in = {.org = c->org, .kind = ATTACHED_CHECK, .object = id,
				    .name = file->file.name, .what = "现场照片", .day = c->day,
				    .data = file->file.data};
	struct err_info info = {0};
	int64_t photo;
	if (!file->given)
		return "已记下";
	return attachments_add(call->web->app, caller, &in, &photo, &info) < 0
		? page_text(call, "已记下，照片没有收：%s", info.text) : "已记下，照片也收到了";
}

int act_spot_check(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct spot_check c = {
		.org = web_number(call, "id", 0), .good = web_number(call, "good", 0) != 0,
		.finding = web_text(call, "finding"), .position = web_text(call, "position"),
		.deadline = (int32_t)web_number(call, "deadline", 0), .day = (int32_t)web_number(call, "day", 0),
		.sent = web_text(call, "sent"),
	};
	int64_t id;
	int r = check_add(call->web->app, &caller, &c, &id, &call->info);
	if (r < 0)
		return r;
	call->location = page_text(call, "/checks?id=%lld&check=%lld", (long long)c.org, (long long)id);
	call->note = keep_photo(call, &caller, &c, id);
	return 0;
}

int act_spot_close(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int r = check_close(call->web->app, &caller, web_number(call, "check", 0), web_text(call, "closing"),
			    &call->info);
	if (r < 0)
		return r;
	call->location = "/cases/draws";
	call->note = "已销";
	return 0;
}
