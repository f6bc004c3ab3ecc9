/* SPDX-License-Identifier: Apache-2.0 */
/* Leaders and the weak organisations they are linked to (LD-8). */
#include "app/leaders.h"

#include "web/pages/pages.h"
#include "web/pages/pages_ledger.h"

#define NODE {.name = "node", .label = "组织", .type = WEB_INT, .min = 1, .max = INT64_MAX}
#define MUST_NODE {.name = "node", .label = "组织", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX}
#define SEQ {.name = "seq", .label = "领导", .type = WEB_INT, .min = 1, .max = 1000000}

const struct web_field leaders_fields[] = {
	NODE, {.name = "free", .label = "只看还没有联系的", .type = WEB_FLAG}, SEQ, {0}};
const struct web_field leader_put_fields[] = {
	MUST_NODE, SEQ,
	{.name = "name", .label = "姓名", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "post", .label = "职务", .type = WEB_TEXT, .required = true, .max = 60},
	{.name = "phone", .label = "电话", .type = WEB_TEXT, .max = 60},
	{0}};
const struct web_field leader_paste_fields[] = {
	MUST_NODE,
	{.name = "lines", .label = "从表里粘贴", .type = WEB_AREA, .required = true, .max = 20000,
	 .hint = "一行一名：姓名、职务、电话，从 Excel 里选中三列直接复制过来"},
	{0}};
const struct web_field leader_drop_fields[] = {
	MUST_NODE, {.name = "seq", .label = "领导", .type = WEB_INT, .required = true, .min = 1, .max = 1000000}, {0}};
const struct web_field leader_link_fields[] = {
	MUST_NODE, {.name = "seq", .label = "领导", .type = WEB_INT, .required = true, .min = 1, .max = 1000000},
	{.name = "case", .label = "联系哪个", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{.name = "every", .label = "多少天至少去一次", .type = WEB_INT, .min = 0, .max = 400},
	{0}};

int act_leaders(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct leaders *l = arena_zalloc(call->arena, 1, sizeof(*l));
	int64_t node;
	if (!l)
		return err_nomem(&call->info);
	call->model = l;
	int r = page_node(call, &node);
	return r < 0 ? r : leaders_get(call->web->app, &caller, node, call->arena, l, &call->info);
}

static void write_links(struct web_call *call, struct html *h, const struct leader_link *links, int n)
{
	for (int i = 0; i < n; i++) {
		html(h, "{}<a href='/cases/{}#helpers'>{}</a>", i ? "、" : "", links[i].c->id, links[i].c->org_name);
		if (links[i].last_day)
			html(h, " <span class='note'>今年 {} 次，最近 {}</span>", links[i].visits,
			     page_day(call, links[i].last_day, true));
		else
			html(h, " <span class='light warn'>没去过</span>");
	}
}

static void write_link_form(struct web_call *call, struct html *h, const struct leaders *l,
			    const struct leader_row *r)
{
	struct web_choice *choices = arena_zalloc(call->arena, (size_t)l->n_weak + 1, sizeof(*choices));
	size_t len = strlen(r->leader.node_path);
	int n = 0;
	/* Those without anybody come first. */
	for (int pass = 0; choices && pass < 2; pass++)
		for (int i = 0; i < l->n_weak; i++)
			if ((*l->weak[i].leaders != 0) == pass &&
			    strncmp(l->weak[i].c->org_path, r->leader.node_path, len) == 0)
				choices[n++] = (struct web_choice){
					page_text(call, "%lld", (long long)l->weak[i].c->id),
					page_text(call, "%s（%s）", l->weak[i].c->org_name,
						  pass ? l->weak[i].leaders : "还没有人联系")};
	if (!n)
		return;
	struct form form = form_begin(call, h, "/cases/leaders/link", leader_link_fields);
	html(h, "<p><b>{} {}</b> 联系一个整顿对象</p>", r->leader.name, r->leader.post);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)r->leader.node));
	form_hidden(&form, "seq", page_text(call, "%d", r->leader.seq));
	form_row_choice(&form, "case", NULL, choices);
	form_row(&form, "every", "90");
	form_end(&form, "定下来", "main", page_text(call, "/cases/leaders?node=%lld", (long long)l->node.id));
}

static bool is_chosen(struct web_call *call, const struct leader_row *r)
{
	return web_number(call, "seq", 0) == r->leader.seq && r->may_write;
}

static void write_leader(struct web_call *call, struct html *h, const struct leader_row *r)
{
	html(h, "<tr><th scope='row' class='nw'>{}</th><td data-l='职务'>{}</td><td data-l='哪一级'>"
		"<a href='/cases/leaders?node={}'>{}</a></td><td class='full' data-l='联系'>", r->leader.name,
	     r->leader.post, r->leader.node, r->leader.node_name);
	write_links(call, h, r->links, r->n_links);
	if (!r->n_links)
		html(h, "<span class='light bad'>还没有联系</span>");
	html(h, "</td><td class='n' data-l='联系几个'>{}</td><td class='nw' data-l='电话'>{}</td><td class='nw'>", r->n_links,
	     r->leader.phone);
	if (r->may_write) {
		html(h, "<a href='/cases/leaders?node={}&amp;seq={}#link'>联系一个</a> ", r->leader.node, r->leader.seq);
		html(h, "<form class='inline' method='post' action='/cases/leaders/drop'><input type='hidden' name='_csrf' value='{}'>"
			"<input type='hidden' name='node' value='{}'><input type='hidden' name='seq' value='{}'>"
			"<button class='link'>去掉</button></form>", call->csrf, r->leader.node, r->leader.seq);
	}
	html(h, "</td></tr>\n");
}

static void write_leaders(struct web_call *call, struct html *h, const struct leaders *l)
{
	bool only_free = web_number(call, "free", 0) != 0;
	html(h, "<section aria-labelledby='h-l'><div class='sec'><h2 id='h-l'>领导 {} 名</h2><span class='note'>", l->n);
	if (l->n_unlinked)
		html(h, "<span class='light bad'>{} 名还没有联系</span>", l->n_unlinked);
	else if (l->n)
		html(h, "都有联系的整顿对象");
	html(h, "</span>");
	if (only_free)
		html(h, "<a href='/cases/leaders?node={}'>看全部</a>", l->node.id);
	else if (l->n_unlinked)
		html(h, "<a href='/cases/leaders?node={}&amp;free=1'>只看还没有联系的</a>", l->node.id);
	html(h, "</div>\n");
	if (!l->n) {
		html(h, "<div class='empty'>还没有领导名册<p>把县、乡领导的姓名、职务、电话从表里粘贴进来，再看谁还没有联系</p></div>\n</section>\n");
		return;
	}
	html(h, "<table class='data sort stack'><caption class='vh'>领导联系情况</caption><thead><tr><th scope='col'>姓名</th><th scope='col'>职务</th>"
		"<th scope='col'>哪一级</th><th scope='col'>联系的整顿对象</th><th scope='col' class='n sum'>个数</th><th scope='col'>电话</th><th scope='col'></th></tr></thead><tbody>\n");
	for (int i = 0; i < l->n; i++) {
		const struct leader_row *r = &l->rows[i];
		if (only_free && r->n_links)
			continue;
		write_leader(call, h, r);
	}
	html(h, "</tbody></table>\n");
	for (int i = 0; i < l->n; i++)
		if (l->rows[i].leader.node == l->node.id && is_chosen(call, &l->rows[i])) {
			html(h, "<div id='link' class='gap'>");
			write_link_form(call, h, l, &l->rows[i]);
			html(h, "</div>\n");
		}
	html(h, "</section>\n");
}

static void write_weak(struct html *h, const struct leaders *l)
{
	html(h, "<section class='gap' aria-labelledby='h-w'><div class='sec'><h2 id='h-w'>整顿对象 {} 个</h2><span class='note'>", l->n_weak);
	if (l->n_without)
		html(h, "<span class='light bad'>{} 个没有领导联系</span>", l->n_without);
	html(h, "</span></div>\n");
	if (!l->n_weak) {
		html(h, "<p class='note'>这里没有在整顿的。</p></section>\n");
		return;
	}
	html(h, "<table class='data sort stack'><caption class='vh'>整顿对象由谁联系</caption><thead><tr><th scope='col'>党组织</th><th scope='col'>党委</th>"
		"<th scope='col'>联系领导</th><th scope='col'>帮扶单位</th><th scope='col'>工作班子</th></tr></thead><tbody>\n");
	for (int i = 0; i < l->n_weak; i++) {
		const struct weak_row *w = &l->weak[i];
		html(h, "<tr><th scope='row'><a href='/cases/{}#helpers'>{}</a></th><td data-l='党委'>{}</td><td data-l='领导'>", w->c->id,
		     w->c->org_name, w->c->parent_name);
		if (*w->leaders)
			html(h, "{}", w->leaders);
		else
			html(h, "<span class='light bad'>没有</span>");
		html(h, "</td><td data-l='单位'>{}</td><td data-l='班子'>{}</td></tr>\n", *w->units ? w->units : "没有",
		     *w->teams ? w->teams : "没有");
	}
	html(h, "</tbody></table></section>\n");
}

static void write_support(struct web_call *call, struct html *h, const struct leaders *l)
{
	if (!l->n_support)
		return;
	html(h, "<section class='gap' aria-labelledby='h-s'><div class='sec'><h2 id='h-s'>帮扶单位、班子和其他力量</h2></div>\n"
		"<table class='data sort stack'><caption class='vh'>帮扶力量</caption><thead><tr><th scope='col'>谁</th><th scope='col'>哪一类</th>"
		"<th scope='col'>帮哪些</th><th scope='col' class='n'>个数</th></tr></thead><tbody>\n");
	for (int i = 0; i < l->n_support; i++) {
		const struct support_row *s = &l->support[i];
		html(h, "<tr><th scope='row' class='nw'>{}</th><td class='nw'>{}{}</td><td class='full'>", s->name,
		     helper_kind_label(s->kind), s->kind == HELPER_LEADER ? "（不在名册里）" : "");
		write_links(call, h, s->links, s->n_links);
		html(h, "</td><td class='n' data-l='个数'>{}</td></tr>\n", s->n_links);
	}
	html(h, "</tbody></table></section>\n");
}

static void write_forms(struct web_call *call, struct html *h, const struct leaders *l)
{
	const char *node = page_text(call, "%lld", (long long)l->node.id);
	if (!l->may_write || l->node.level >= LEVEL_UNIT)
		return;
	html(h, "<section class='gap noprint'>\n");
	struct form paste = form_fold(call, h, "从表里粘贴名册", "/cases/leaders/paste", leader_paste_fields, NULL, NULL);
	form_hidden(&paste, "node", node);
	form_row(&paste, "lines", NULL);
	form_end(&paste, "登记", "main", NULL);
	html(h, "</details>\n");
	struct form form = form_fold(call, h, "登记一名领导", "/cases/leaders", leader_put_fields, NULL, NULL);
	form_hidden(&form, "node", node);
	form_row(&form, "name", NULL);
	form_row(&form, "post", NULL);
	form_row(&form, "phone", NULL);
	form_end(&form, "登记", "", NULL);
	html(h, "</details></section>\n");
}

void page_leaders(struct web_call *call, struct html *h)
{
	const struct leaders *l = call->model;
	struct page page = {.title = "领导联系", .menu = "/cases"};
	page_org_crumbs(call, l->crumbs, l->n_crumbs, "领导联系", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='nw'>领导联系整顿对象</span></h1><p class='note'>每名县、乡领导都要联系软弱涣散党组织；"
		"在这里定的联系，和台账里登记的联系领导是同一件事</p></div><div class='acts'><a class='btn' href='/cases?node={}'>整顿台账</a></div></div>\n",
	     l->node.name, l->node.id);
	write_leaders(call, h, l);
	write_forms(call, h, l);
	write_weak(h, l);
	write_support(call, h, l);
	page_end(call, h);
}

static json_t *links_json(const struct leader_link *links, int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:I, s:s, s:i, s:i}", "case", (json_int_t)links[i].c->id, "name",
						      links[i].c->org_name, "visits", links[i].visits, "last_day",
						      (int)links[i].last_day));
	return list;
}

json_t *json_leaders(struct web_call *call)
{
	const struct leaders *l = call->model;
	json_t *leaders = json_array(), *weak = json_array(), *support = json_array();
	for (int i = 0; i < l->n; i++)
		json_array_append_new(leaders, json_pack("{s:I, s:i, s:s, s:s, s:s, s:s, s:o}", "node",
			(json_int_t)l->rows[i].leader.node, "seq", l->rows[i].leader.seq, "name", l->rows[i].leader.name,
			"post", l->rows[i].leader.post, "phone", l->rows[i].leader.phone, "of",
			l->rows[i].leader.node_name, "links", links_json(l->rows[i].links, l->rows[i].n_links)));
	for (int i = 0; i < l->n_weak; i++)
		json_array_append_new(weak, json_pack("{s:I, s:s, s:s, s:s, s:s}", "case", (json_int_t)l->weak[i].c->id,
			"name", l->weak[i].c->org_name, "leaders", l->weak[i].leaders, "units", l->weak[i].units, "teams",
			l->weak[i].teams));
	for (int i = 0; i < l->n_support; i++)
		json_array_append_new(support, json_pack("{s:s, s:s, s:o}", "name", l->support[i].name, "kind",
			helper_kind_label(l->support[i].kind), "links",
			links_json(l->support[i].links, l->support[i].n_links)));
	return json_pack("{s:o, s:i, s:o, s:i, s:o, s:s}", "leaders", leaders, "unlinked", l->n_unlinked, "weak", weak,
			 "without_leader", l->n_without, "support", support, "csrf", call->csrf);
}

static int done(struct web_call *call, int r, int64_t node, const char *note)
{
	if (r < 0)
		return r;
	call->location = page_text(call, "/cases/leaders?node=%lld", (long long)node);
	call->note = note;
	return 0;
}

int act_leader_put(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct leader l = {.node = web_number(call, "node", 0), .seq = (int)web_number(call, "seq", 0),
				 .name = web_text(call, "name"), .post = web_text(call, "post"),
				 .phone = web_text(call, "phone")};
	return done(call, leaders_put(call->web->app, &caller, &l, &call->info), l.node, "已登记");
}

int act_leader_paste(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = web_number(call, "node", 0);
	int n = 0, r = leaders_paste(call->web->app, &caller, node, web_text(call, "lines"), &n, &call->info);
	return done(call, r, node, page_text(call, "已登记，新增 %d 名", n));
}

int act_leader_drop(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = web_number(call, "node", 0);
	return done(call, leaders_drop(call->web->app, &caller, node, (int)web_number(call, "seq", 0), &call->info),
		    node, "已从名册去掉，台账里的记录还在");
}

int act_leader_link(struct web_call *call)
{
	struct caller caller = page_caller(call);
	int64_t node = web_number(call, "node", 0);
	return done(call, leaders_link(call->web->app, &caller, node, (int)web_number(call, "seq", 0),
				       web_number(call, "case", 0), (int)web_number(call, "every", 0), &call->info),
		    node, "已定下联系，台账里看得到");
}
