/* SPDX-License-Identifier: Apache-2.0 */
/* The manual: its pages, and a search through all of them. Open to everybody. */
#include <string.h>

#include "web/help.h"
#include "web/markdown.h"
#include "web/pages/pages.h"

const struct web_field help_fields[] = {
	{.name = "q", .label = "查找", .type = WEB_TEXT, .max = 60},
	{0},
};
const struct web_field help_page_fields[] = {
	{.name = "page", .label = "页", .type = WEB_TEXT, .required = true, .max = 60},
	{0},
};

struct help {
	const struct help_page *page;
	const char *asked;		/* "": the page is shown */
	struct help_hit *hits;
	int n;
};

static struct str text_of(const struct help_page *page)
{
	return (struct str){page->text, (size_t)(page->end - page->text)};
}

int act_help(struct web_call *call)
{
	struct help *help = arena_zalloc(call->arena, 1, sizeof(*help));

	if (!help)
		return err_nomem(&call->info);
	call->model = help;
	help->page = help_find(STR("README"));
	help->asked = web_text(call, "q");
	if (*help->asked && help_search(help->asked, call->arena, &help->hits, &help->n) < 0)
		return err_nomem(&call->info);
	return 0;
}

int act_help_page(struct web_call *call)
{
	struct help *help = arena_zalloc(call->arena, 1, sizeof(*help));

	if (!help)
		return err_nomem(&call->info);
	call->model = help;
	help->asked = "";
	help->page = help_find(web_value(call, "page")->text);
	return help->page ? 0 : err_set(&call->info, ERR_NOT_FOUND, "手册里没有这一页");
}

/* "orgs.md#…" is a page here; what is outside has no link, for it may be out of reach. */
static const char *link_of(struct arena *arena, struct str target)
{
	const char *dot = memmem(target.data, target.len, ".md", 3);
	struct str name = {target.data, dot ? (size_t)(dot - target.data) : 0};

	if (!name.len || !help_find(name))
		return NULL;
	if (str_eqs(name, "README"))
		return "/help";
	return arena_printf(arena, "/help/%.*s", STR_ARG(name));
}

static void write_pages(struct html *h, const struct help *help)
{
	html(h, "<aside class='hide noprint' aria-label='手册各页'><div class='sec'><h2>手册</h2></div><ul class='list'>");
	for (const struct help_page *p = help_pages; p->name; p++) {
		if (strcmp(p->name, "README") == 0)
			continue;
		html(h, "<li><a href='/help/{}'", p->name);
		if (p == help->page && !*help->asked)
			html(h, " aria-current='page'");
		html(h, ">{}</a></li>", p->title);
	}
	html(h, "</ul></aside>\n");
}

static void write_hits(struct web_call *call, struct html *h, const struct help *help)
{
	html(h, "<h1>在手册里查“{}”</h1>\n", help->asked);
	if (help->n == 0) {
		html(h, "<div class='empty'><b>没有找到</b><p>可以换一个短一点的词，或者看目录。</p>"
			"<a class='btn' href='/help'>手册目录</a></div>\n");
		return;
	}
	html(h, "<p class='chips'>找到 <b>{}</b> 处</p><ul class='list'>\n", help->n);
	for (int i = 0; i < help->n; i++) {
		const struct help_hit *hit = &help->hits[i];
		html(h, "<li><a href='{}'>{}</a>",
		     page_text(call, "/help/%s#h-%d", hit->page->name, hit->heading), hit->page->title);
		if (hit->heading)
			html(h, " › {}", hit->title);
		if (hit->line.len) {
			html(h, "<p>");
			markdown_line(h, hit->line, link_of, call->arena);
			html(h, "</p>");
		}
		html(h, "</li>\n");
	}
	html(h, "</ul>\n");
}

void page_help(struct web_call *call, struct html *h)
{
	const struct help *help = call->model;
	bool contents = strcmp(help->page->name, "README") == 0;
	struct page page = {.title = *help->asked ? "查手册" : help->page->title};
	struct crumb crumbs[] = {{"手册", "/help"}, {help->page->title, NULL}};

	page.crumbs = crumbs;
	page.n_crumbs = contents ? 1 : ARRAY_LEN(crumbs);
	page_begin(call, h, &page);
	html(h, "<form class='bar gap-b' role='search' action='/help'><label class='vh' for='q'>查手册</label>"
		"<input class='grow' id='q' name='q' type='search' value='{}' autocomplete='off' "
		"placeholder='在手册里查，例如：划转 导入 锁定'><button class='btn'>查找</button></form>\n",
	     help->asked);
	html(h, "<div class='cols left'>");
	write_pages(h, help);
	html(h, "<article class='manual'>\n");
	if (*help->asked)
		write_hits(call, h, help);
	else
		markdown_write(h, text_of(help->page), link_of, call->arena);
	html(h, "</article></div>\n");
	page_end(call, h);
}

json_t *json_help(struct web_call *call)
{
	const struct help *help = call->model;
	json_t *list = json_array();

	if (*help->asked) {
		for (int i = 0; i < help->n; i++)
			json_array_append_new(list, json_pack("{s:s, s:s, s:s#, s:i}", "page",
							      help->hits[i].page->name, "title",
							      help->hits[i].page->title, "section",
							      help->hits[i].title.data,
							      (int)help->hits[i].title.len, "heading",
							      help->hits[i].heading));
		return json_pack("{s:s, s:o}", "asked", help->asked, "found", list);
	}
	for (const struct help_page *p = help_pages; p->name; p++)
		json_array_append_new(list, json_pack("{s:s, s:s}", "page", p->name, "title", p->title));
	struct str text = text_of(help->page);
	return json_pack("{s:s, s:s, s:s#, s:o}", "page", help->page->name, "title", help->page->title,
			 "text", text.data, (int)text.len, "pages", list);
}
