/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pages/import_page.h"

#include "web/html.h"
#include "web/pages/pages.h"

/* The messages outlive the diag's arena, which the request's does not know. */
static void keep(struct web_call *call, struct diag *diag)
{
	for (int i = 0; i < diag->n; i++) {
		const char *copy = arena_strdup(call->arena, diag->at[i]);
		diag->at[i] = copy ? copy : "";
	}
	arena_done(&diag->arena);
}

static int import(struct web_call *call, struct import_trial *trial, const struct import_kind *kind,
		  struct str name, struct str data, bool dry_run)
{
	struct table *table = NULL;
	const char *file = arena_strndup(call->arena, name.data ? name.data : "", name.len);

	trial->file = file && *file ? file : kind->nameless;
	int r = table_open_memory(&table, trial->file, data.data, data.len, kind->is_head, NULL,
				  &call->info);
	if (r == 0)
		r = kind->run(call, trial, table, dry_run);
	table_free(table);
	keep(call, &trial->diag);
	return r;
}

int import_try(struct web_call *call, struct import_trial *trial, const struct import_kind *kind)
{
	const struct web_file *file = &web_value(call, "file")->file;
	int r = import(call, trial, kind, file->name, file->data, true);

	if (r == ERR_INPUT || r == ERR_LIMIT || r == ERR_STATE) {
		trial->why = trial->diag.total ? NULL : page_text(call, "%s", call->info.text);
		call->problem_status = 422;
		return 0;
	}
	if (r)
		return r;
	return held_put(call->web->held, call->session.account, file->name, file->data,
			call->request->now, trial->held, &call->info);
}

int import_run(struct web_call *call, struct import_trial *trial, const struct import_kind *kind)
{
	const char *id = web_text(call, "held");
	struct str name, data;
	int r = held_get(call->web->held, call->session.account, id, call->request->now, call->arena,
			 &name, &data, &call->info);

	if (r)
		return r;
	if (kind->once)
		held_drop(call->web->held, call->session.account, id);
	r = import(call, trial, kind, name, data, false);
	/* Others may have changed something since the dry run. */
	if (r == ERR_INPUT && trial->diag.n)
		err_set(&call->info, r, "没有导入：%s", trial->diag.at[0]);
	if (r == 0)
		held_drop(call->web->held, call->session.account, id);
	return r;
}

void import_write_errors(struct html *h, const struct import_trial *trial)
{
	const struct diag *diag = &trial->diag;

	html(h, "<div class='box warn gap-b'><b>{} 有问题，什么也没有改动</b>", trial->file);
	if (trial->why)
		html(h, "<p>{}</p>", trial->why);
	if (diag->n)
		html(h, "<ul class='gate'>");
	for (int i = 0; i < diag->n; i++)
		html(h, "<li>{}</li>", diag->at[i]);
	if (diag->n)
		html(h, "</ul>");
	if (diag->total > (uint64_t)diag->n)
		html(h, "<p class='note'>共 {} 处，以上是前 {} 处</p>", diag->total, diag->n);
	html(h, "</div>\n");
}

void import_write_changes(struct web_call *call, struct html *h, const struct sheet_import *im,
			  const char *cells, bool numbers, const char *back,
			  void (*confirm)(struct web_call *call, struct html *h))
{
	html(h, "<dl class='tiles'><div class='tile'><dt>党组织</dt><dd>{} <small>个</small></dd></div>"
		"<div class='tile'><dt>新填</dt><dd>{} <small>格</small></dd></div>"
		"<div class='tile'><dt>改动</dt><dd>{} <small>格</small></dd></div>"
		"<div class='tile'><dt>没有变化</dt><dd>{} <small>格</small></dd></div></dl>\n", im->n_orgs,
	     im->n_new, im->n_changed, im->n_same);
	if (!im->n_new && !im->n_changed) {
		html(h, "<div class='empty'><b>没有要改的</b><p>表里的内容和现在的一样。</p>"
			"<a class='btn' href='{}'>返回</a></div>\n", back);
		return;
	}
	const char *look = numbers ? "n" : "";

	confirm(call, h);
	html(h, "<table class='data sort stack'><caption class='vh'>会有哪些变化</caption><thead><tr>"
		"<th scope='col'>党组织</th><th scope='col'>{}</th><th scope='col' class='{}'>之前</th>"
		"<th scope='col' class='{}'>之后</th></tr></thead><tbody>\n", cells, look, look);
	for (int i = 0; i < im->n_items; i++)
		html(h, "<tr><th scope='row'>{}</th><td>{}</td><td class='{}' data-l='之前'>{}</td>"
			"<td class='{}' data-l='之后'>{}</td></tr>\n", im->items[i].name, im->items[i].label,
		     look, *im->items[i].before ? im->items[i].before : "空", look, im->items[i].after);
	html(h, "</tbody></table>\n");
	if (im->n_items == SHEET_ITEMS_MAX)
		html(h, "<p class='note'>只列出前 {} 格</p>\n", (int)SHEET_ITEMS_MAX);
}

json_t *import_json_errors(const struct import_trial *trial)
{
	json_t *errors = json_array();

	for (int i = 0; i < trial->diag.n; i++)
		json_array_append_new(errors, json_string(trial->diag.at[i]));
	if (trial->why)
		json_array_append_new(errors, json_string(trial->why));
	return errors;
}

json_t *import_json(const struct sheet_import *im, const struct import_trial *trial)
{
	return json_pack("{s:s, s:i, s:i, s:i, s:o}", "held", trial->held, "new", im->n_new, "changed",
			 im->n_changed, "same", im->n_same, "errors", import_json_errors(trial));
}
