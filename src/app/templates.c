/* SPDX-License-Identifier: Apache-2.0 */
#include "app/templates.h"

#include <stdio.h>
#include <string.h>

#include "app/template_data.h"
#include "domain/file_type.h"
#include "import/xlsx_part.h"
#include "store/id.h"

enum { NAME_CHARS = 60, NOTE_CHARS = 200, NEAR = 9 /* bytes of edit distance */ };

struct job {
	struct app *app;
	const struct caller *caller;
	const struct template_new *in;
	const struct template_ask *ask;
	int64_t id, node;
	const char *why;
	struct arena *arena;
	struct template_shelf shelf;
	struct template_detail detail;
	struct form_template template;
	struct buf *out;
	const char *name;
	enum template_kind kind;
};

static int characters(const char *text)
{
	int n = 0;
	for (; *text; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

/* ---- what is visible where ---- */

static int enter(struct db_tx *tx, const struct caller *caller, int64_t node, struct arena *arena,
		 struct access *ret_access, struct template_shelf *shelf, struct err_info *info)
{
	char path[ORG_PATH_MAX];
	*shelf = (struct template_shelf){0};
	int r = app_enter(tx, caller, ACTION_REPORT_READ, node, arena, ret_access, path, info);
	if (r == 0)
		r = store_org_get(tx, node, arena, &shelf->org);
	if (r == 0)
		return err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if (r > 0)
		r = store_org_breadcrumb(tx, path, arena, &shelf->crumbs, &shelf->n_crumbs);
	shelf->may_add = r == 0 && right_check(&ret_access->holder, ACTION_SUBMIT, path);
	return r;
}

static int add_shelf(struct db_tx *tx, struct template_shelf *shelf, int64_t node, struct arena *arena)
{
	struct form_template *templates;
	int n, r = store_template_list(tx, node, arena, &templates, &n);
	if (r < 0 || !n)
		return r;
	struct form_template *all = arena_alloc(arena, (size_t)(shelf->n + n) * sizeof(*all));
	if (!all)
		return db_doom_nomem(tx);
	if (shelf->n)
		memcpy(all, shelf->templates, (size_t)shelf->n * sizeof(*all));
	memcpy(all + shelf->n, templates, (size_t)n * sizeof(*all));
	shelf->templates = all;
	shelf->n += n;
	return 0;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	int r = enter(tx, job->caller, job->node, job->arena, &access, &job->shelf, info);
	for (int i = job->shelf.n_crumbs - 1; r == 0 && i >= 0; i--)
		r = add_shelf(tx, &job->shelf, job->shelf.crumbs[i].id, job->arena);
	if (r == 0)
		app_cut_crumbs(&access, &job->shelf.crumbs, &job->shelf.n_crumbs);
	return r;
}

int templates_list(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		   struct template_shelf *ret_shelf, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .arena = arena};
	int r = db_read(app->db, list_fn, &job, info);
	if (r == 0)
		*ret_shelf = job.shelf;
	return r;
}

/* ---- unpacking ---- */

void template_opened_done(struct template_opened *opened)
{
	buf_done(&opened->bytes);
}

int template_unpack(const char *name, struct str data, struct arena *arena,
		    struct template_opened *opened, struct err_info *info)
{
	struct package package;
	struct package_part *parts;
	enum file_type type;
	int n;
	if (file_type_of(data, &type) < 0 || (type != FILE_XLSX && type != FILE_DOCX))
		return err_set(info, ERR_INPUT, "%s：模板只收 .xlsx 和 .docx（不带宏），请用 Office 或 WPS 另存", name);
	int r = package_open(&package, name, data.data, data.len, info);
	if (r < 0)
		return r;
	r = package_load(&package, arena, &parts, &n, info);
	package_done(&package);
	if (r < 0)
		return r;
	opened->parts = arena_zalloc(arena, (size_t)n + 1, sizeof(*opened->parts));
	if (!opened->parts)
		return err_nomem(info);
	for (int i = 0; i < n; i++)
		opened->parts[i] = (struct template_part){.name = parts[i].name, .data = parts[i].data};
	opened->n_parts = n;
	r = template_kind_of(opened->parts, n, &opened->kind, info);
	return r < 0 ? r : template_scan(opened->kind, opened->parts, n, arena, &opened->found,
					 &opened->n_found, info);
}

int template_open(struct db_tx *tx, const struct caller *caller, const struct template_ask *ask,
		  struct arena *arena, struct template_opened *opened, struct access *ret_access,
		  struct err_info *info)
{
	char path[ORG_PATH_MAX];
	*opened = (struct template_opened){0};
	int r = app_enter(tx, caller, ACTION_REPORT_READ, ask->node, arena, ret_access, path, info);
	if (r == 0)
		r = store_template_get(tx, ask->template, arena, &opened->template);
	if (r < 0)
		return r;
	/* Who may not see it learns no more than who mistyped. */
	if (!r || !opened->template.node_path ||
	    strncmp(path, opened->template.node_path, strlen(opened->template.node_path)) != 0)
		return err_set(info, ERR_NOT_FOUND, "没有这个模板");
	r = store_template_read(tx, &opened->template, &opened->bytes);
	if (r == ERR_IO)
		return err_set(info, r, "模板“%s”已损坏，请重新上传", opened->template.name);
	return r < 0 ? r : template_unpack(opened->template.file_name,
					   (struct str){buf_str(&opened->bytes), opened->bytes.len}, arena,
					   opened, info);
}

/* ---- putting up and taking back ---- */

static int check_new(const struct template_new *in, struct arena *arena, enum template_kind *ret_kind,
		     struct err_info *info)
{
	struct template_opened opened = {0};
	if (!*in->name || characters(in->name) > NAME_CHARS)
		return err_set(info, ERR_INPUT, "请给模板起个名字，%d 个字以内", NAME_CHARS);
	if (characters(in->note) > NOTE_CHARS)
		return err_set(info, ERR_INPUT, "说明太长，应在 %d 字以内", NOTE_CHARS);
	if (!in->data.len)
		return err_set(info, ERR_INPUT, "文件是空的，请重新选择");
	if (in->data.len > TEMPLATE_FILE_MAX)
		return err_set(info, ERR_LIMIT, "模板超过 %d MB，请去掉里面的大图片再传", TEMPLATE_FILE_MAX >> 20);
	int r = template_unpack("模板", in->data, arena, &opened, info);
	if (r == 0 && !opened.n_found)
		return err_set(info, ERR_INPUT, "文件里没有找到占位符（写成 {{单位}} 这样），请加上再传");
	*ret_kind = opened.kind;
	return r;
}

/* The last part of the path that a browser sent. */
static const char *file_name(struct str name, enum template_kind kind, struct arena *arena)
{
	for (size_t i = name.len; i-- > 0;)
		if (name.data[i] == '/' || name.data[i] == '\\') {
			name = (struct str){name.data + i + 1, name.len - i - 1};
			break;
		}
	if (name.len > 200 || !str_is_utf8(name.data, name.len))
		name.len = 0;
	return name.len ? arena_strndup(arena, name.data, name.len) :
	       kind == TEMPLATE_XLSX ? "模板.xlsx" : "模板.docx";
}

static int add_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	int r = app_enter(tx, job->caller, ACTION_SUBMIT, job->in->node, &arena, &access, NULL, info);
	if (r < 0)
		return r;
	struct form_template t = {
		.node = job->in->node, .name = job->in->name, .note = job->in->note,
		.kind = job->kind == TEMPLATE_XLSX ? TEMPLATE_FILE_XLSX : TEMPLATE_FILE_DOCX,
		.file_name = file_name(job->in->file_name, job->kind, &arena), .added_ms = job->caller->now_ms,
		.account = job->caller->account, .who = access.label};
	if (!t.file_name)
		return db_doom_nomem(tx);
	r = store_template_insert(tx, &t, job->in->data);
	if (r == ERR_LIMIT)
		return err_set(info, r, "一个单位最多有 %d 个模板，请先停用不用的", TEMPLATES_MAX);
	if (r < 0)
		return r;
	job->id = t.id;
	return app_audit(tx, &access, "template.add", t.node, t.name, "",
			 arena_printf(&arena, "第 %d 版，%s", t.version, t.file_name));
}

int templates_add(struct app *app, const struct caller *caller, const struct template_new *in,
		  int64_t *ret_id, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct job job = {.app = app, .caller = caller, .in = in};
	int r = check_new(in, &arena, &job.kind, info);
	if (r == 0)
		r = db_write(app->db, id_region(in->node), add_fn, &job, info);
	if (r == 0)
		*ret_id = job.id;
	return r;
}

static int withdraw_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct form_template t;
	int r = store_template_get(tx, job->id, &arena, &t);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个模板");
	if ((r = app_enter(tx, job->caller, ACTION_SUBMIT, t.node, &arena, &access, NULL, info)) < 0)
		return r;
	r = store_template_withdraw(tx, t.id, job->caller->now_ms, access.label, job->why);
	if (r == ERR_CONFLICT)
		return err_set(info, r, "“%s”已经停用", t.name);
	return r < 0 ? r : app_audit(tx, &access, "template.withdraw", t.node, t.name, "在用",
				     arena_printf(&arena, "停用：%s", job->why));
}

int templates_withdraw(struct app *app, const struct caller *caller, int64_t id, const char *why,
		       struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .id = id, .why = why};
	if (!*why || characters(why) > NOTE_CHARS)
		return err_set(info, ERR_INPUT, "请写明停用的理由，%d 字以内", NOTE_CHARS);
	return db_write(app->db, id_region(id), withdraw_fn, &job, info);
}

/* ---- one template ---- */

static const struct template_known *find_known(const struct template_known *known, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	return NULL;
}

/* {{合计.组织.党员数}}, {{每个下级}}: what of them must be known. */
static const struct template_known *known_as(const struct template_known *known, int n, const char *name,
					     struct arena *arena)
{
	struct template_name parts = template_name_of(name);
	if (parts.kind == TEMPLATE_SUM) {
		const char *plain = arena_printf(arena, "%.*s.%.*s", STR_ARG(parts.list), STR_ARG(parts.field));
		const struct template_known *of = plain ? find_known(known, n, plain) : NULL;
		struct template_known *sum = of ? arena_alloc(arena, sizeof(*sum)) : NULL;
		if (sum)
			*sum = (struct template_known){name, arena_printf(arena, "“%s”各行之和", of->name) ?: "", "", false};
		return sum;
	}
	if (parts.kind == TEMPLATE_BLOCK) {
		static const struct template_known block = {"每个", "从这里到文末，每个一份，分页", "", false};
		for (const struct template_list_kind *l = template_lists; l->name; l++)
			if (l->sheets && str_eqs(parts.list, l->name))
				return &block;
		return NULL;
	}
	return find_known(known, n, name);
}

static const char *nearest(const struct template_known *known, int n, const char *name)
{
	unsigned best = NEAR + 1;
	const char *found = NULL;
	for (int i = 0; i < n; i++) {
		unsigned d = str_distance(str_from(name), str_from(known[i].name), NEAR);
		/* Half of it another: not what was meant. */
		if (d < best && d * 2 <= strlen(name)) {
			best = d;
			found = known[i].name;
		}
	}
	if (found)
		return found;
	/* A field without its list, or of another one. */
	const char *field = strrchr(name, '.');
	field = field ? field + 1 : name;
	for (int i = 0; i < n; i++) {
		const char *dot = strrchr(known[i].name, '.');
		if (strcmp(dot ? dot + 1 : known[i].name, field) == 0)
			return known[i].name;
	}
	return NULL;
}

/* The value that stands there now; of a list, in its first row. */
static void look_up(const struct template_data *data, struct template_hole_info *hole, struct arena *arena)
{
	struct template_name name = template_name_of(hole->name);
	const struct template_value *v = NULL;
	hole->rows = -1;
	hole->value = "";
	for (int i = 0; name.kind == TEMPLATE_ONE && i < data->n_fields; i++)
		if (str_eqs(name.field, data->fields[i]))
			v = &data->values[i];
	for (int l = 0; name.kind != TEMPLATE_ONE && l < data->n_lists; l++) {
		const struct template_list *list = &data->lists[l];
		if (!str_eqs(name.list, list->name))
			continue;
		hole->rows = list->n;
		for (int i = 0; name.kind == TEMPLATE_EACH && list->n && i < list->n_fields; i++)
			if (str_eqs(name.field, list->fields[i]))
				v = &list->cells[i];
	}
	if (v && v->text) {
		const char *copy = arena_strdup(arena, v->text);
		hole->value = copy ? copy : "";
	}
}

static int add_holes(struct template_detail *d, const struct template_opened *opened,
		     const struct template_data *data, struct arena *arena, struct err_info *info)
{
	int n_known;
	const struct template_known *known = templates_known(arena, &n_known);
	d->holes = arena_zalloc(arena, (size_t)opened->n_found + 1, sizeof(*d->holes));
	if (!known || !d->holes)
		return err_nomem(info);
	bool key = false, written = false;
	for (int i = 0; i < opened->n_found; i++) {
		const char *name = opened->found[i].name;
		int k = 0;
		while (k < d->n_holes && strcmp(d->holes[k].name, name) != 0)
			k++;
		struct template_hole_info *hole = &d->holes[k];
		hole->times++;
		if (k < d->n_holes)
			continue;
		d->n_holes++;
		hole->name = name;
		hole->where = opened->found[i].where;
		hole->known = known_as(known, n_known, name, arena);
		if (!hole->known) {
			hole->nearest = nearest(known, n_known, name);
			d->n_unknown++;
		}
		look_up(data, hole, arena);
		key |= strcmp(name, "组织.代码") == 0 || strcmp(name, "组织.名称") == 0 ||
		       strcmp(name, "问题.编号") == 0;
		written |= hole->known && hole->known->written;
	}
	d->readable = opened->kind == TEMPLATE_XLSX && key && written;
	return 0;
}

/* Campaigns whose tree the node is in. */
static int add_campaigns(struct db_tx *tx, struct template_detail *d, const char *path, int year, struct arena *arena)
{
	int n, r = store_campaign_list(tx, path, false, arena, &d->campaigns, &n);
	if (r == 0)
		d->n_campaigns = campaigns_around(d->campaigns, n, path, year);
	return r;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct template_detail *d = &job->detail;
	struct template_opened opened = {0};
	struct template_wants wants;
	struct template_context context;
	struct access access;
	*d = (struct template_detail){0};
	int r = template_open(tx, job->caller, job->ask, job->arena, &opened, &access, info);
	if (r == 0)
		r = enter(tx, job->caller, job->ask->node, job->arena, &access, &d->shelf, info);
	if (r == 0)
		r = add_campaigns(tx, d, d->shelf.org.path, job->caller->today / 10000, job->arena);
	if (r == 0)
		r = template_wants(opened.found, opened.n_found, job->arena, &wants, info);
	if (r == 0)
		r = template_context(&context, job->app, tx, job->caller, job->ask, &wants, job->arena, info);
	if (r == 0)
		r = add_holes(d, &opened, &context.data, job->arena, info);
	d->template = opened.template;
	d->may_withdraw = r == 0 && !opened.template.withdrawn_ms &&
			  right_check(&access.holder, ACTION_SUBMIT, opened.template.node_path);
	if (r == 0)
		app_cut_crumbs(&access, &d->shelf.crumbs, &d->shelf.n_crumbs);
	template_opened_done(&opened);
	return r;
}

int templates_get(struct app *app, const struct caller *caller, const struct template_ask *ask,
		  struct arena *arena, struct template_detail *ret_detail, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .ask = ask, .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_detail = job.detail;
	return r;
}

static int file_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct template_opened opened = {0};
	struct access access;
	buf_clear(job->out);
	int r = template_open(tx, job->caller, job->ask, job->arena, &opened, &access, info);
	if (r == 0) {
		job->template = opened.template;
		buf_add(job->out, opened.bytes.data, opened.bytes.len);
		r = job->out->failed ? err_nomem(info) : 0;
	}
	template_opened_done(&opened);
	return r;
}

int templates_file(struct app *app, const struct caller *caller, const struct template_ask *ask,
		   struct arena *arena, struct form_template *ret_template, struct buf *data,
		   struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .ask = ask, .arena = arena, .out = data};
	int r = db_read(app->db, file_fn, &job, info);
	if (r == 0)
		*ret_template = job.template;
	return r;
}

/* ---- filling ---- */

static int fill_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct template_opened opened = {0};
	struct template_wants wants;
	struct template_context context;
	struct access access;
	buf_clear(job->out);
	int r = template_open(tx, job->caller, job->ask, job->arena, &opened, &access, info);
	if (r == 0 && opened.template.withdrawn_ms)
		r = err_set(info, ERR_STATE, "这个模板已停用（%s）", opened.template.withdrawn_why);
	if (r == 0)
		r = template_wants(opened.found, opened.n_found, job->arena, &wants, info);
	if (r == 0)
		r = template_context(&context, job->app, tx, job->caller, job->ask, &wants, job->arena, info);
	if (r == 0)
		r = template_fill(opened.kind, opened.parts, opened.n_parts, &context.source,
				  job->caller->now_ms / 1000, job->arena, job->out, info);
	if (r == 0) {
		job->template = opened.template;
		job->name = arena_printf(job->arena, "%s-%s.%s", opened.template.name, context.fill.node.name,
					 opened.kind == TEMPLATE_XLSX ? "xlsx" : "docx");
		if (!job->name)
			r = err_nomem(info);
	}
	template_opened_done(&opened);
	return r;
}

static int fill_audit_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->ask->node, job->arena, &access, NULL,
			  info);
	return r < 0 ? r : app_audit(tx, &access, "template.fill", job->ask->node, job->template.name, "",
				     job->name);
}

int templates_fill(struct app *app, const struct caller *caller, const struct template_ask *ask,
		   struct arena *arena, struct buf *out, const char **ret_name,
		   struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .ask = ask, .arena = arena, .out = out};
	int r = db_read(app->db, fill_fn, &job, info);
	if (r == 0)
		r = db_write(app->db, id_region(ask->node), fill_audit_fn, &job, info);
	if (r == 0)
		*ret_name = job.name;
	return r;
}
