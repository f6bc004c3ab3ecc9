/* SPDX-License-Identifier: Apache-2.0 */
/* The shelf of own templates of a node, putting one up, what placeholders there
 * are, samples to begin with. */
#include <string.h>

#include "domain/file_type.h"
#include "web/form.h"
#include "web/pages/pages_templates.h"

const struct web_field template_list_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{0},
};
const struct web_field template_add_page_fields[] = {TEMPLATE_NODE, {0}};
const struct web_field template_add_fields[] = {
	TEMPLATE_NODE,
	{.name = "file", .label = "文件", .type = WEB_FILE, .required = true, .max = TEMPLATE_FILE_MAX,
	 .pattern = ".xlsx,.docx", .hint = ".xlsx 或 .docx，不超过 10 MB，不带宏"},
	{.name = "name", .label = "名称", .type = WEB_TEXT, .max = 60,
	 .hint = "不填就用文件名；和在用的同名，就是它的新版"},
	{.name = "note", .label = "用途", .type = WEB_TEXT, .max = 200, .hint = "例如：每季度报党建办"},
	{0},
};
const struct web_field template_names_fields[] = {
	{.name = "node", .label = "单位", .type = WEB_INT, .min = 1, .max = INT64_MAX},
	{0},
};
const struct web_field template_sample_fields[] = {
	{.name = "n", .label = "样例", .type = WEB_INT, .min = 0, .max = 20},
	{0},
};

/* ---- the shelf ---- */

int act_template_list(struct web_call *call)
{
	struct caller caller = page_caller(call);
	struct template_shelf *shelf = arena_zalloc(call->arena, 1, sizeof(*shelf));
	int64_t node;
	int r = page_node(call, &node);

	if (!shelf)
		return err_nomem(&call->info);
	call->model = shelf;
	return r < 0 ? r : templates_list(call->web->app, &caller, node, call->arena, shelf, &call->info);
}

static void write_samples(struct html *h)
{
	size_t n;
	const struct template_sample *samples = template_samples(&n);

	html(h, "<section class='gap'><div class='sec'><h2>样例</h2><span class='note'>下载后改成自己的样子再上传</span></div>"
		"<ul class='list'>");
	for (size_t i = 0; i < n; i++)
		html(h, "<li><a hx-boost='false' href='/templates/sample?n={}'>{}</a></li>", (int)i, samples[i].id);
	html(h, "</ul></section>\n");
}

static void write_row(struct web_call *call, struct html *h, const struct template_shelf *shelf,
		      const struct form_template *t)
{
	const char *address = page_text(call, "/templates/%lld?node=%lld", (long long)t->id,
					(long long)shelf->org.id);

	html(h, "<tr><th scope='row' class='full'><a href='{}'>{}</a><span class='note block'>{}</span></th>"
		"<td data-l='格式'>{}</td><td data-l='属于'>{}</td>", address, t->name, t->note,
	     t->kind == TEMPLATE_FILE_XLSX ? "Excel" : "Word", t->node_name);
	html(h, "<td class='n' data-l='版本'>{}</td><td class='n' data-l='上传'>{}</td><td data-l='上传人'>{}</td></tr>\n",
	     t->version, page_time(call, t->added_ms), t->who);
}

void page_template_list(struct web_call *call, struct html *h)
{
	const struct template_shelf *shelf = call->model;
	struct page page = {.title = "自定模板", .menu = "/forms"};

	page_org_crumbs(call, shelf->crumbs, shelf->n_crumbs, "自定模板", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}的自定模板</h1><p class='note'>自己的 Excel、Word 表，写上占位符，"
		"系统照原样填好；上级的模板下级也能用</p></div><div class='acts'>"
		"<a class='btn' href='/forms?node={}'>报表</a><a class='btn' href='/templates/names?node={}'>占位符</a>",
	     shelf->org.name, shelf->org.id, shelf->org.id);
	if (shelf->may_add)
		html(h, "<a class='btn main' href='/templates/new?node={}'>上传模板</a>", shelf->org.id);
	html(h, "</div></div>\n");
	if (!shelf->n) {
		html(h, "<div class='empty'><b>还没有模板</b><p>先下载一个样例看看占位符怎么写。</p></div>\n");
	} else {
		html(h, "<table class='data sort stack'><caption class='vh'>自定模板</caption><thead><tr>"
			"<th scope='col'>名称和用途</th><th scope='col'>格式</th><th scope='col'>属于</th>"
			"<th scope='col' class='n'>版本</th><th scope='col' class='n'>上传</th>"
			"<th scope='col'>上传人</th></tr></thead><tbody>\n");
		for (int i = 0; i < shelf->n; i++)
			write_row(call, h, shelf, &shelf->templates[i]);
		html(h, "</tbody></table>\n");
	}
	write_samples(h);
	page_end(call, h);
}

json_t *json_template_list(struct web_call *call)
{
	const struct template_shelf *shelf = call->model;
	json_t *templates = json_array();

	for (int i = 0; i < shelf->n; i++) {
		const struct form_template *t = &shelf->templates[i];
		json_array_append_new(templates, json_pack("{s:I, s:s, s:s, s:s, s:I, s:i}", "id", (json_int_t)t->id,
							   "name", t->name, "note", t->note, "kind",
							   t->kind == TEMPLATE_FILE_XLSX ? "xlsx" : "docx", "node",
							   (json_int_t)t->node, "version", t->version));
	}
	return json_pack("{s:I, s:o, s:b}", "node", (json_int_t)shelf->org.id, "templates", templates,
			 "may_add", shelf->may_add);
}

/* ---- putting one up ---- */

void page_template_new(struct web_call *call, struct html *h)
{
	const struct template_shelf *shelf = call->model;
	struct page page = {.title = "上传模板", .menu = "/forms"};
	const char *back = page_text(call, "/templates?node=%lld", (long long)shelf->org.id);

	page_org_crumbs(call, shelf->crumbs, shelf->n_crumbs, "上传模板", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>上传模板</h1><p class='note'>给{}和下级用</p></div><div class='acts'>"
		"<a class='btn' href='/templates/names?node={}'>有哪些占位符</a></div></div>\n"
		"<ul class='list gap-b'><li>在要填的地方写 <b>{}</b> 这样的占位符，格式照原样保留</li>"
		"<li>写着 <b>{}</b> 的一行，有几个党组织就重复几行</li>"
		"<li>工作表的名字写成 <b>{}</b>，下级每个一张；Word 里写 <b>{}</b>，从那里起每个一份</li>"
		"<li>上传后会列出认识和不认识的占位符，可以先看填好的样子</li></ul>\n",
	     shelf->org.name, shelf->org.id, "{{单位}}", "{{组织.名称}}", "{{下级.名称}}", "{{每个下级}}");
	struct form form = form_begin(call, h, "/templates/new", template_add_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)shelf->org.id));
	form_row(&form, "file", NULL);
	form_row(&form, "name", NULL);
	form_row(&form, "note", NULL);
	form_end(&form, "上传", "main", back);
	page_end(call, h);
}

/* The file's name without folder and ending. */
static const char *name_of_file(struct web_call *call, struct str name)
{
	for (size_t i = name.len; i-- > 0;)
		if (name.data[i] == '/' || name.data[i] == '\\') {
			name = (struct str){name.data + i + 1, name.len - i - 1};
			break;
		}
	for (size_t i = name.len; i-- > 1;)
		if (name.data[i] == '.') {
			name.len = i;
			break;
		}
	return page_text(call, "%.*s", name.len > 180 ? 0 : (int)name.len, name.len ? name.data : "");
}

int act_template_add(struct web_call *call)
{
	struct caller caller = page_caller(call);
	const struct web_file *file = &web_value(call, "file")->file;
	struct template_new in = {.node = web_number(call, "node", 0), .name = web_text(call, "name"),
				  .note = web_text(call, "note"), .file_name = file->name, .data = file->data};
	int64_t id;

	if (!*in.name)
		in.name = name_of_file(call, file->name);
	int r = templates_add(call->web->app, &caller, &in, &id, &call->info);
	if (r == ERR_INPUT || r == ERR_LIMIT)
		return web_wrong(call, "file", page_text(call, "%s", call->info.text));
	if (r < 0)
		return r;
	call->location = page_text(call, "/templates/%lld?node=%lld", (long long)id, (long long)in.node);
	call->note = page_text(call, "已上传“%s”", in.name);
	return 0;
}

/* ---- the names ---- */

static void write_names(struct html *h, const struct template_known *known, int n, const char *list)
{
	size_t len = list ? strlen(list) : 0;

	html(h, "<table class='data sort stack'><caption class='vh'>占位符</caption><thead><tr><th scope='col'>占位符</th><th scope='col'>是什么</th>"
		"<th scope='col'>例如</th><th scope='col'>读回</th></tr></thead><tbody>\n");
	for (int i = 0; i < n; i++) {
		const char *name = known[i].name, *dot = strchr(name, '.');
		if (list ? strncmp(name, list, len) != 0 || name[len] != '.' : dot != NULL)
			continue;
		html(h, "<tr><th scope='row' class='full mono'>{}{}{}</th><td data-l='是什么'>{}</td>"
			"<td data-l='例如'>{}</td><td data-l='读回'>{}</td></tr>\n", "{{", name, "}}", known[i].about,
		     known[i].example, known[i].written ? "可以改" : "");
	}
	html(h, "</tbody></table>\n");
}

void page_template_names(struct web_call *call, struct html *h)
{
	const struct template_shelf *shelf = call->model;
	struct page page = {.title = "占位符", .menu = "/forms"};
	int n = 0;
	const struct template_known *known = templates_known(call->arena, &n);

	page_org_crumbs(call, shelf->crumbs, shelf->n_crumbs, "占位符", &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>模板里可以写的占位符</h1><p class='note'>全角、半角的括号和点都认，"
		"中间有空格也认；不认识的原样留着</p></div><div class='acts'><a class='btn' href='/templates?node={}'>返回</a>"
		"</div></div>\n<section><div class='sec'><h2>填一个值</h2></div>", shelf->org.id);
	if (known)
		write_names(h, known, n, NULL);
	html(h, "</section>\n");
	for (const struct template_list_kind *l = template_lists; known && l->name; l++) {
		html(h, "<section><div class='sec'><h2>列表“{}”</h2><span class='note'>{}；所在的行重复{}</span></div>",
		     l->name, l->about, l->sheets ? "，也可以一个一张工作表" : "");
		if (strcmp(l->name, "名次") == 0)
			html(h, "<p class='note'>例如 {}、{}、{}</p>\n", "{{名次.排名}}", "{{名次.名称}}", "{{名次.综合得分}}");
		else
			write_names(h, known, n, l->name);
		html(h, "</section>\n");
	}
	html(h, "<section><div class='sec'><h2>合计和一个一份</h2></div><ul class='list'>"
		"<li><b>{}</b>：各行之和，数字栏都可以；也可以用 Excel 公式 <b>=SUM(C4:C4)</b>，行重复时范围跟着变</li>"
		"<li>工作表名里写 <b>{}</b>：下级每个一张，表里的 {} 就是那个下级</li>"
		"<li>Word 里单独一段 <b>{}</b>：从这里到文末，每个一份，自动分页</li></ul></section>\n",
	     "{{合计.组织.党员数}}", "{{下级.名称}}", "{{单位}}", "{{每个下级}}");
	page_end(call, h);
}

json_t *json_template_names(struct web_call *call)
{
	int n = 0;
	const struct template_known *known = templates_known(call->arena, &n);
	json_t *names = json_array();

	for (int i = 0; known && i < n; i++)
		json_array_append_new(names, json_pack("{s:s, s:s, s:s, s:b}", "name", known[i].name, "about",
						       known[i].about, "example", known[i].example, "written",
						       known[i].written));
	return json_pack("{s:o}", "names", names);
}

/* ---- samples ---- */

int act_template_sample(struct web_call *call)
{
	size_t n;
	const struct template_sample *samples = template_samples(&n);
	int64_t i = web_number(call, "n", 0);
	enum file_type type;

	if (i < 0 || (size_t)i >= n || file_type_of((struct str){samples[i].text, samples[i].len}, &type) < 0)
		return err_set(&call->info, ERR_NOT_FOUND, "没有这个样例");
	buf_add(&call->response->body, samples[i].text, samples[i].len);
	if (call->response->body.failed)
		return err_nomem(&call->info);
	web_file_response(call, page_text(call, "%s%s", samples[i].id, file_type_ending(type)), file_type_mime(type));
	return 0;
}
