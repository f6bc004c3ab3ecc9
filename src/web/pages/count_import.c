/* SPDX-License-Identifier: Apache-2.0 */
/* Ballots from a sheet, with a dry run. */
#include "web/form.h"
#include "web/pages/import_page.h"
#include "web/pages/pages.h"
#include "web/pages/pages_count.h"
#include "web/pages/pages_score.h"

struct ballots {
	struct import_trial trial;
	struct count_list list;
	struct count_import import;
};

static int load(struct web_call *call, struct ballots **ret_result)
{
	struct ballots *result = arena_zalloc(call->arena, 1, sizeof(*result));
	struct caller caller = page_caller(call);

	if (!result)
		return err_nomem(&call->info);
	*ret_result = result;
	return counts_list(call->web->app, &caller, web_number(call, "campaign", 0),
			   web_number(call, "node", 0), call->arena, &result->list, &call->info);
}

static int import(struct web_call *call, struct import_trial *trial, struct table *table, bool dry_run)
{
	struct ballots *result = (struct ballots *)trial;
	struct caller caller = page_caller(call);

	return counts_import(call->web->app, &caller, web_number(call, "campaign", 0),
			     web_number(call, "node", 0), table, trial->file, dry_run, &trial->diag,
			     &result->import, &call->info);
}

static const struct import_kind counts = {"测评票表", .run = import};

int act_count_import_page(struct web_call *call)
{
	struct ballots *result = NULL;
	int r = load(call, &result);
	call->model = result;
	return r;
}

int act_count_import(struct web_call *call)
{
	struct ballots *result = NULL;
	int r = load(call, &result);

	if (r)
		return r;
	call->model = result;
	return import_try(call, &result->trial, &counts);
}

int act_count_import_run(struct web_call *call)
{
	struct ballots *result = NULL;
	int r = load(call, &result);

	if (r == 0)
		r = import_run(call, &result->trial, &counts);
	if (r)
		return r;
	call->location = page_text(call, "/campaigns/%lld/counts?node=%lld",
				   (long long)web_number(call, "campaign", 0),
				   (long long)web_number(call, "node", 0));
	call->note = page_text(call, "已导入 %d 个党组织的 %lld 张票", result->import.n_orgs,
			       (long long)result->import.n_ballots);
	return 0;
}

static void begin(struct web_call *call, struct html *h, const struct ballots *result,
		  const char *title)
{
	struct page page = {.title = title};

	score_crumbs(call, &result->list.campaign, &result->list.node, title, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{}</h1><p class='note'>{}</p></div></div>\n", title,
	     result->list.node.name);
}

static void write_choose(struct web_call *call, struct html *h, const struct ballots *result)
{
	const char *address = page_text(call, "/campaigns/%lld/counts/import",
					(long long)result->list.campaign.id);
	struct form form = form_begin(call, h, address, count_import_fields);

	form_hidden(&form, "node", page_text(call, "%lld", (long long)result->list.node.id));
	form_row(&form, "file", NULL);
	form_end(&form, "试导入", "main", page_text(call, "/campaigns/%lld/counts?node=%lld",
						    (long long)result->list.campaign.id,
						    (long long)result->list.node.id));
}

void page_count_import(struct web_call *call, struct html *h)
{
	const struct ballots *result = call->model;

	begin(call, h, result, "导入测评票");
	html(h, "<ul class='list gap-b'><li>列名：组织代码、评议人类别（党员、群众）、选项、票数；没有“票数”这一列就是一行一张票</li>"
		"<li>表里有的党组织，原来录入的票数会被代替；测评箱计的票不动</li>"
		"<li>有一行不对，整张表都不导入；先试导入，看清楚再确认</li></ul>\n");
	write_choose(call, h, result);
	page_end(call, h);
}

void page_count_import_result(struct web_call *call, struct html *h)
{
	const struct ballots *result = call->model;

	begin(call, h, result, "试导入测评票");
	if (!*result->trial.held) {
		import_write_errors(h, &result->trial);
		write_choose(call, h, result);
		page_end(call, h);
		return;
	}
	html(h, "<dl class='tiles'><div class='tile'><dt>党组织</dt><dd>{} <small>个</small></dd></div>"
		"<div class='tile'><dt>测评票</dt><dd>{} <small>张</small></dd></div>"
		"<div class='tile'><dt>代替原来的</dt><dd>{} <small>个</small></dd></div></dl>\n",
	     result->import.n_orgs, result->import.n_ballots, result->import.n_replaced);
	struct form form = form_begin(call, h, page_text(call, "/campaigns/%lld/counts/import/run",
							 (long long)result->list.campaign.id),
				      count_import_run_fields);
	form_hidden(&form, "node", page_text(call, "%lld", (long long)result->list.node.id));
	form_hidden(&form, "held", result->trial.held);
	form_end(&form, "确认导入", "main", page_text(call, "/campaigns/%lld/counts?node=%lld",
						      (long long)result->list.campaign.id,
						      (long long)result->list.node.id));
	page_end(call, h);
}

json_t *json_count_import(struct web_call *call)
{
	const struct ballots *result = call->model;
	return json_pack("{s:s, s:i, s:I, s:i, s:o}", "held", result->trial.held, "orgs", result->import.n_orgs,
			 "ballots", (json_int_t)result->import.n_ballots, "replaced",
			 result->import.n_replaced, "errors", import_json_errors(&result->trial));
}
