/* SPDX-License-Identifier: Apache-2.0 */
/* The first page after signing in: the state of one's part of the tree. */
#include "app/accounts.h"
#include "app/chasing.h"
#include "web/pages/pages.h"

struct home {
	struct app_place *places;
	int n_places;
	struct org_detail top;		/* the first place, where organisations may be read */
	bool has_top;
	struct duty *duties;		/* of the campaigns */
	int n_duties;
	int n_requests;			/* for roles, which wait for this one's word */
};

enum { DUTIES_SHOWN = 6, CHILDREN_SHOWN = 1000 };

/* Those that he asked for, and those for himself, are for somebody else. A place below
 * another one has been counted with it. */
static int count_requests(struct web_call *call, struct home *home)
{
	struct caller caller = page_caller(call);
	int r = 0;
	for (int p = 0; p < home->n_places && r == 0; p++) {
		const struct app_place *place = &home->places[p];
		struct role_request *all;
		int n = 0, k = 0;
		while (k < p && strncmp(place->path, home->places[k].path, strlen(home->places[k].path)) != 0)
			k++;
		if (k < p)
			continue;
		r = roles_requests(call->web->app, &caller, place->node, call->arena, &all, &n, &call->info);
		for (int i = 0; r == 0 && i < n; i++)
			home->n_requests += all[i].asked_by != caller.account && all[i].account != caller.account;
	}
	return r;
}

int act_home(struct web_call *call)
{
	struct home *home = arena_zalloc(call->arena, 1, sizeof(*home));
	struct caller caller = page_caller(call);

	if (!home)
		return err_nomem(&call->info);
	call->model = home;
	int r = app_places(call->web->app, &caller, call->arena, &home->places, &home->n_places,
			   &call->info);
	if (r == 0 && (call->session.may >> ACTION_CAMPAIGN_READ & 1))
		r = duties_list(call->web->app, &caller, call->arena, &home->duties, &home->n_duties,
				&call->info);
	if (r == 0 && home->n_places && (call->session.may >> ACTION_ROLE_GRANT & 1))
		r = count_requests(call, home);
	if (r || home->n_places == 0 || !(call->session.may >> ACTION_ORG_READ & 1))
		return r;
	home->has_top = true;
	return roster_detail(call->web->app, &caller, home->places[0].node, call->arena, &home->top,
			     &call->info);
}

static int64_t count(const struct org_detail *top, int level, int field, enum org_state state)
{
	int64_t n = 0;

	for (int i = 0; i < top->n_counts; i++) {
		const struct org_count *c = &top->counts[i];
		if (c->state == (int)state && (level < 0 || c->level == level) &&
		    (field < 0 || c->field == field))
			n += c->n;
	}
	return n;
}

static void write_tile(struct html *h, const char *name, int64_t n, const char *about,
		       const char *href)
{
	html(h, "<div class='tile'><dt>{}</dt><dd>", name);
	if (href)
		html(h, "<a href='{}'>{}</a> <small>个</small>", href, n);
	else
		html(h, "{} <small>个</small>", n);
	html(h, "</dd><p>{}</p></div>", about);
}

static void write_tiles(struct web_call *call, struct html *h, const struct org_detail *top)
{
	long long node = top->org.id;

	html(h, "<dl class='tiles'>\n");
	write_tile(h, "党组织", count(top, -1, -1, ORG_ACTIVE), "本级和下级，正常的",
		   page_text(call, "/orgs?node=%lld&state=active", node));
	for (int level = LEVEL_COUNTY; level <= LEVEL_TOWNSHIP; level++) {
		int64_t n = count(top, level, -1, ORG_ACTIVE);
		if (n > 0 && (int)top->org.level < level)
			write_tile(h, level == LEVEL_COUNTY ? "县级" : "乡镇", n, "正常的",
				   page_text(call, "/orgs?node=%lld&level=%s", node,
					     level_id((enum level)level)));
	}
	write_tile(h, "基层单位", count(top, LEVEL_UNIT, -1, ORG_ACTIVE), "村、社区、机关、企业等",
		   page_text(call, "/orgs?node=%lld&level=unit&state=active", node));
	write_tile(h, "应建未建", count(top, -1, -1, ORG_SHOULD_EXIST), "还没有建立组织的",
		   page_text(call, "/orgs?node=%lld&state=should-exist", node));
	html(h, "</dl>\n");
}

static void write_children(struct html *h, const struct org_detail *top)
{
	if (top->n_children == 0) {
		html(h, "<div class='empty'><b>下面还没有登记组织</b>"
			"<p>可以逐个登记，也可以用表格一次导入。</p>");
		if (top->may >> ACTION_ORG_STRUCTURE & 1)
			html(h, "<a class='btn main' href='/orgs/import?node={}'>从表格导入</a> "
				"<a class='btn' href='/orgs/new?parent={}'>登记新组织</a>",
			     top->org.id, top->org.id);
		html(h, "</div>\n");
		return;
	}
	html(h, "<table class='data sort' aria-labelledby='h-d'><thead><tr><th scope='col'>直接下级</th>"
		"<th scope='col'>层级</th><th scope='col' class='n sum'>下有（个）</th></tr></thead><tbody>\n");
	for (int i = 0; i < top->n_children && i < CHILDREN_SHOWN; i++) {
		const struct org_child *c = &top->children[i];
		html(h, "<tr><th scope='row'><a href='/orgs?node={}'>{}</a></th><td class='nw'>{}</td>"
			"<td class='n'>{}</td></tr>\n",
		     c->org.id, c->org.name, level_label(c->org.level), c->below);
	}
	html(h, "</tbody></table>\n");
	if (top->n_children > CHILDREN_SHOWN)
		html(h, "<p class='note'>只列出前 {} 个，<a href='/orgs?node={}'>看全部</a></p>",
		     (int)CHILDREN_SHOWN, top->org.id);
}

static void write_menu(struct web_call *call, struct html *h)
{
	const struct menu_entry *entry;
	bool open;

	html(h, "<ul class='list'>");
	for (int i = 1; (entry = menu_entry(call, i, &open)); i++)
		if (open)
			html(h, "<li><a href='{}'>{}</a><p>{}</p></li>", entry->path, entry->label,
			     entry->about);
	html(h, "<li><a href='/password'>改密码</a><p>换一个自己的密码</p></li></ul>\n");
}

static bool is_open(const struct duty *d)
{
	return d->state != STEP_DONE && d->state != STEP_WAIVED;
}

static const char *due_text(struct web_call *call, const struct duty *d)
{
	if (d->state == STEP_RETURNED)
		return "退回来了";
	if (d->days == INT64_MIN)
		return "没有定日期";
	if (d->days > 0)
		return page_text(call, "逾期 %lld 天", (long long)d->days);
	return d->days == 0 ? "今天到期" : page_text(call, "%s 到期", page_day(call, d->to_day, true));
}

/* What is due; those that are done stand on the page of their own. */
static void write_duties(struct web_call *call, struct html *h, const struct home *home)
{
	int shown = 0, open = 0;

	for (int i = 0; i < home->n_duties; i++)
		open += is_open(&home->duties[i]);
	if (!open)
		return;
	html(h, "<section class='gap-b' aria-labelledby='h-my'><div class='sec'><h2 id='h-my'>我要办的</h2>"
		"<p class='note'>{} 件没有办完</p><a href='/my'>全部</a></div><ul class='list'>\n", open);
	for (int i = 0; i < home->n_duties && shown < DUTIES_SHOWN; i++) {
		const struct duty *d = &home->duties[i];
		if (!is_open(d))
			continue;
		html(h, "<li><span class='r light {}'>{}</span><a href='/my'>{}</a><p>{}",
		     d->state == STEP_RETURNED || d->days > 0 ? "bad" : d->days >= -7 ? "warn" : "ok",
		     due_text(call, d), d->label, d->campaign_title);
		if (d->below)
			html(h, " · 还有 {} 个没有完成", d->open);
		html(h, "</p></li>\n");
		shown++;
	}
	html(h, "</ul></section>\n");
}

static void write_places(struct html *h, const struct home *home)
{
	html(h, "<section><div class='sec'><h2>我的角色</h2></div>");
	if (home->n_places == 0)
		html(h, "<p class='note'>还没有角色，请联系本级的安全管理员。</p>");
	else
		html(h, "<ul class='list'>");
	for (int i = 0; i < home->n_places; i++)
		html(h, "<li>{}<p>{}</p></li>", role_label(home->places[i].role),
		     home->places[i].name);
	if (home->n_places)
		html(h, "</ul>");
	html(h, "</section>\n");
}

void page_home(struct web_call *call, struct html *h)
{
	const struct home *home = call->model;
	struct page page = {.title = "首页", .menu = "/"};

	if (home->has_top)
		page_org_crumbs(call, home->top.crumbs, home->top.n_crumbs, NULL, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1></div></div>\n",
	     home->has_top ? home->top.org.name : page_text(call, "%s，请选择要办的事", call->session.name));
	if (home->n_requests)
		html(h, "<p class='box hot gap-b'><a href='/accounts'>{} 个角色等您同意</a></p>\n", home->n_requests);
	write_duties(call, h, home);
	if (home->has_top)
		write_tiles(call, h, &home->top);
	html(h, "<div class='cols slim'><section aria-labelledby='h-d'>");
	if (home->has_top) {
		html(h, "<div class='sec'><h2 id='h-d'>下级组织</h2></div>");
		write_children(h, &home->top);
	} else {
		html(h, "<div class='sec'><h2 id='h-d'>要办的事</h2></div>");
		write_menu(call, h);
	}
	html(h, "</section><div>");
	write_places(h, home);
	html(h, "</div></div>\n");
	page_end(call, h);
}

json_t *json_home(struct web_call *call)
{
	const struct home *home = call->model;
	json_t *places = json_array();

	for (int i = 0; i < home->n_places; i++)
		json_array_append_new(places, json_pack("{s:s, s:I, s:s}", "role",
							role_id(home->places[i].role), "node",
							(json_int_t)home->places[i].node, "name",
							home->places[i].name));
	return json_pack("{s:s, s:s, s:o, s:i, s:s}", "login", call->session.login, "name",
			 call->session.name, "places", places, "requests", home->n_requests, "csrf",
			 call->csrf);
}
