/* SPDX-License-Identifier: Apache-2.0 */
/* One box: how far it is, its figures, and the form of what comes next; the
 * page for the hall. */
#include <string.h>

#include "web/assets.h"
#include "web/form.h"
#include "web/pages/pages.h"
#include "web/pages/pages_ballot.h"

const struct web_field ballot_id_fields[] = {
	{.name = "box", .label = "票箱", .type = WEB_INT, .required = true, .min = 1, .max = INT64_MAX},
	{0},
};

struct ballot_show {
	struct ballot_view view;
	struct org_detail detail;
};

int act_ballot_show(struct web_call *call)
{
	struct ballot_show *show = arena_zalloc(call->arena, 1, sizeof(*show));
	struct caller caller = page_caller(call);

	if (!show)
		return err_nomem(&call->info);
	call->model = show;
	int r = ballot_view(call->web->app, &caller, ACTION_REPORT_READ, web_number(call, "box", 0),
			    call->arena, &show->view, &call->info);
	return r ? r : roster_detail(call->web->app, &caller, show->view.box.node, call->arena,
				     &show->detail, &call->info);
}

/* ---- pieces ---- */

static const char *path_of(struct web_call *call, const struct ballot_view *view, const char *rest)
{
	return page_text(call, "/ballots/%lld%s", (long long)view->box.id, rest);
}

static struct form begin(struct web_call *call, struct html *h, const struct ballot_view *view,
			 const char *rest, const struct web_field *fields)
{
	return form_begin(call, h, path_of(call, view, rest), fields);
}

static const struct web_choice *counter_choices(struct web_call *call, const struct ballot_view *view)
{
	struct web_choice *choices = arena_zalloc(call->arena, BALLOT_COUNTERS_MAX + 1, sizeof(*choices));
	for (int i = 0; choices && i < view->n_counters; i++)
		choices[i] = (struct web_choice){page_text(call, "%d", i + 1), view->counters[i].name};
	return choices;
}

static const struct web_choice *class_choices(struct web_call *call, const struct ballot_view *view)
{
	struct web_choice *choices = arena_zalloc(call->arena, VOTERS_COUNT + 1, sizeof(*choices));
	int n = 0;
	for (int c = 0; choices && c < VOTERS_COUNT; c++)
		if (view->there[c])
			choices[n++] = (struct web_choice){voters_id((enum voters)c),
							   voters_label((enum voters)c)};
	return choices;
}

/* The id of the only class there is; else NULL. */
static const char *only_class(const struct ballot_view *view)
{
	int n = 0, last = 0;
	for (int c = 0; c < VOTERS_COUNT; c++)
		if (view->there[c]) {
			n++;
			last = c;
		}
	return n == 1 ? voters_id((enum voters)last) : NULL;
}

static void write_steps(struct html *h, const struct ballot_view *view)
{
	static const char *const labels[] = {"设口令", "试投", "印票到场", "投票", "关箱", "计票"};
	static const int at[BOX_STATE_COUNT] = {0, 1, 2, 3, 4, 6, 6};
	int now = at[view->box.state];

	html(h, "<ol class='steps'>");
	for (int i = 0; i < 6; i++) {
		html(h, "<li");
		if (i < now)
			html(h, " class='done'");
		else if (i == now)
			html(h, " aria-current='step'");
		html(h, "><b>{}</b></li>", labels[i]);
	}
	html(h, "</ol>\n");
}

static void write_figures(struct html *h, const struct ballot_view *view)
{
	html(h, "<section aria-labelledby='h-f'><div class='sec'><h2 id='h-f'>人数和票数</h2><span class='note'>"
		"印 ＝ 作废 ＋ 手机投 ＋ 换纸质票 ＋ 没有交回</span></div>"
		"<table class='data stack'><caption class='vh'>到场和票</caption><thead><tr><td></td><th scope='col' class='n'>人数</th><th scope='col' class='n'>到场</th>"
		"<th scope='col' class='n'>印票</th><th scope='col' class='n'>未启用</th><th scope='col' class='n'>作废</th><th scope='col' class='n'>手机投</th>"
		"<th scope='col' class='n'>换纸质票</th><th scope='col' class='n'>没有交回</th></tr></thead><tbody>\n");
	for (int c = 0; c < VOTERS_COUNT; c++) {
		const struct ballot_figures *f = &view->figures[c];
		const int64_t *s = f->by_state;
		if (!view->there[c])
			continue;
		html(h, "<tr><th scope='row'>{}</th><td class='n' data-l='人数'>{}</td>"
			"<td class='n' data-l='到场'>{}</td><td class='n' data-l='印票'>{}</td>"
			"<td class='n' data-l='未启用'>{}</td>", voters_label((enum voters)c), f->head, f->present,
		     f->printed, s[SLIP_INACTIVE]);
		html(h, "<td class='n' data-l='作废'>{}</td><td class='n' data-l='手机投'>{}</td>"
			"<td class='n' data-l='换纸质票'>{}</td><td class='n' data-l='没有交回'>{}</td></tr>\n",
		     s[SLIP_VOIDED], s[SLIP_SPENT], s[SLIP_EXCHANGED], s[SLIP_ACTIVE]);
	}
	html(h, "</tbody></table></section>\n");
}

static void write_section(struct html *h, const char *title, const char *note)
{
	html(h, "<section><div class='sec'><h2>{}</h2></div><p class='note'>{}</p>\n", title, note);
}

/* ---- the forms of each state ---- */

static void write_keys(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	write_section(h, "监票人设口令",
		      "请每名监票人轮流到电脑前，输入自己的口令，别人不要看。口令 8 个字以上，一句自己忘不了的话最好；"
		      "系统不留底，忘了找不回来。开箱要两名监票人的口令合在一起。");
	struct form form = begin(call, h, view, "/keys", ballot_keys_fields);
	for (int i = 1; i <= BALLOT_COUNTERS_MAX; i++) {
		form_row(&form, page_text(call, "name%d", i), NULL);
		form_row(&form, page_text(call, "new_phrase%d", i), NULL);
		form_row(&form, page_text(call, "new_again%d", i), NULL);
	}
	form_end(&form, "设好口令", "main", NULL);
	html(h, "</section>\n");
}

static void write_pair(struct web_call *call, const struct form *form, const struct ballot_view *view)
{
	const struct web_choice *counters = counter_choices(call, view);
	form_row_choice(form, "a", "1", counters);
	form_row(form, "phrase_a", NULL);
	form_row_choice(form, "b", "2", counters);
	form_row(form, "phrase_b", NULL);
}

static void write_test(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	struct web_choice *options = arena_zalloc(call->arena, BALLOT_OPTIONS_MAX + 1, sizeof(*options));

	for (int i = 0; options && i < view->n_options; i++)
		options[i] = (struct web_choice){page_text(call, "%d", i + 1), view->options[i].label};
	write_section(h, "试投一票",
		      "封一张试投的票，用两名监票人的口令打开，看内容对不对，也看口令记牢没有。试投的票不计数。");
	struct form form = begin(call, h, view, "/test", ballot_test_fields);
	form_row_choice(&form, "option", "1", options);
	write_pair(call, &form, view);
	form_end(&form, "封好再打开", view->box.state == BOX_KEYED ? "main" : "", NULL);
	html(h, "</section>\n");
}

static void write_print(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	const char *address = page_text(call, "%s://%.*s/v", call->request->tls ? "https" : "http",
					STR_ARG(call->request->host));

	write_section(h, "印票",
		      "裁开、对折、混匀，由大家抽取。票不编号；代码只在这个文件里，系统不留，请印完就删掉文件。"
		      "同一类再印一次，以前印的没有用的就作废。");
	html(h, "<div hx-boost='false'>");
	struct form form = begin(call, h, view, "/slips", ballot_print_fields);
	form_row_choice(&form, "print_class", only_class(view), class_choices(call, view));
	form_row(&form, "print_n", NULL);
	form_row(&form, "address", address);
	form_end(&form, "生成票的文件（PDF）", "", NULL);
	html(h, "<p class='note'><a href='{}'>纸质票（PDF）</a>：没有任何记号，每张都一样，多复印几张备用。</p></div>"
		"</section>\n", path_of(call, view, "/sheets"));
}

static void write_present(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	write_section(h, "到场人数", "当场点人，填实到的人数。到场多少人就启用多少张票。");
	struct form form = begin(call, h, view, "/present", ballot_present_fields);
	form_row_choice(&form, "present_class", only_class(view), class_choices(call, view));
	form_row(&form, "present", NULL);
	form_end(&form, "记下", "", NULL);
	html(h, "</section>\n");
}

static void write_slips(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	write_section(h, "启用和作废",
		      "多印的票当众作废：输入或扫入代码，作废到和到场人数相等，再“启用其余全部”。"
		      "来的人少，也可以只启用点出来的几张，再作废其余的。");
	struct form form = begin(call, h, view, "/activate", ballot_slips_fields);
	form_row(&form, "act", "void");
	form_row_choice(&form, "class", only_class(view), class_choices(call, view));
	form_row(&form, "codes", NULL);
	form_end(&form, "照办", "", NULL);
	html(h, "</section>\n");
}

static void write_exchange(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	write_section(h, "换纸质票",
		      "谁想用纸投，收下他的票，输入代码，给他一张纸质票。党员、群众的纸质票分开投进两个票箱。");
	struct form form = begin(call, h, view, "/exchange", ballot_exchange_fields);
	form_row(&form, "slip", NULL);
	form_end(&form, "收票换纸", "", NULL);
	html(h, "</section>\n");
}

/* A single button. */
static void write_button(struct web_call *call, struct html *h, const struct ballot_view *view,
			 const char *rest, const char *title, const char *note, const char *button)
{
	write_section(h, title, note);
	struct form form = begin(call, h, view, rest, ballot_id_fields);
	form_end(&form, button, "main", NULL);
	html(h, "</section>\n");
}

static void write_paper(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	int64_t exchanged = 0;

	for (int c = 0; c < VOTERS_COUNT; c++)
		exchanged += view->figures[c].by_state[SLIP_EXCHANGED];
	if (!exchanged)
		return;
	write_section(h, "录入纸质票", "两名监票人各数一遍、各录一遍，互相不看。");
	html(h, "<ul class='list'>\n");
	for (int c = 0; c < VOTERS_COUNT; c++) {
		if (!view->figures[c].by_state[SLIP_EXCHANGED])
			continue;
		html(h, "<li>{}票换出 {} 张 <a href='{}?class={}'>录入</a> <span class='mut'>",
		     voters_label((enum voters)c), view->figures[c].by_state[SLIP_EXCHANGED],
		     path_of(call, view, "/paper"), voters_id((enum voters)c));
		for (int i = 0; i < view->n_counters; i++)
			if (view->keyed[c][i])
				html(h, "{} 已录 ", view->counters[i].name);
		html(h, "</span></li>\n");
	}
	html(h, "</ul></section>\n");
}

static void write_open(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	write_section(h, "开箱计票",
		      "两名监票人各输自己的口令。票在内存里打开、打乱、计数，加上纸质票；只留下票数，"
		      "封着的票、票的记录和密钥当场销毁，不能再开第二次。");
	struct form form = begin(call, h, view, "/open", ballot_open_fields);
	write_pair(call, &form, view);
	form_end(&form, "开箱计票", "main", NULL);
	html(h, "</section>\n");
}

static void write_times(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	struct form form = form_fold(call, h, "改开箱、关箱时间", path_of(call, view, "/times"),
				     ballot_times_fields, NULL, NULL);
	const char *opens = page_time(call, view->box.opens_ms), *closes = page_time(call, view->box.closes_ms);
	form_row(&form, "day", page_text(call, "%.10s", opens));
	form_row(&form, "opens", strlen(opens) > 11 ? opens + 11 : "");
	form_row(&form, "closes", strlen(closes) > 11 ? closes + 11 : "");
	form_end(&form, "改时间", "", NULL);
	html(h, "</details>\n");
}

static void write_abandon(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	struct form form = form_fold(call, h, "作废这个票箱，重新测评", path_of(call, view, "/abandon"),
				     ballot_abandon_fields, NULL, NULL);
	html(h, "<p class='note gap-b'>两名监票人都忘了口令，或者会上决定重来，就作废：已投的票不打开就销毁，"
		"另设一个同样的票箱。作废不能撤回。</p>\n");
	form_row(&form, "reason", NULL);
	form_end(&form, "作废并重新设箱", "danger", NULL);
	html(h, "</details>\n");
}

/* ---- counts ---- */

static void write_count(struct html *h, int64_t n)
{
	if (n < 0)
		html(h, "<td class='n mut'>—</td>");
	else
		html(h, "<td class='n'>{}</td>", n);
}

static void write_counts_of(struct html *h, const struct ballot_view *view, int class)
{
	html(h, "<table class='data'><caption>{}</caption><thead><tr><th scope='col'>测评内容</th>",
	     class == VOTERS_COUNT ? "党员和群众合计" : voters_label((enum voters)class));
	for (int o = 0; o < view->n_options; o++)
		html(h, "<th scope='col' class='n'>{}</th>", view->options[o].label);
	html(h, "<th scope='col' class='n'>未选</th></tr></thead><tbody>\n");
	for (int i = 0; i < view->n_orgs * view->n_questions; i++) {
		int org = i / view->n_questions, question = i % view->n_questions;
		html(h, "<tr><th scope='row'>");
		if (view->n_orgs > 1)
			html(h, "{} ", view->orgs[org].label);
		html(h, "{}</th>", view->questions[question].label);
		for (int o = 0; o < view->n_options; o++)
			write_count(h, ballot_count_shown(view, org, question, class, o));
		write_count(h, ballot_count_shown(view, org, question, class, BALLOT_SPOILED));
		html(h, "</tr>\n");
	}
	html(h, "</tbody></table>\n");
}

static void write_result(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	unsigned floor = ballot_floor(view);

	write_section(h, "计票结果", page_text(call, "%s 由%s打开", page_time(call, view->box.counted_ms),
					      view->box.opened_by));
	if (!(floor & FLOOR_POOLED)) {
		html(h, "<p>全箱不足 5 票，票数不公布，只用来计算得分。</p></section>\n");
		return;
	}
	if (floor & FLOOR_BY_CLASS) {
		for (int c = 0; c < VOTERS_COUNT; c++)
			if (view->there[c])
				write_counts_of(h, view, c);
	} else {
		html(h, "<p class='note'>有一类人不足 5 票，合在一起公布。</p>\n");
		write_counts_of(h, view, VOTERS_COUNT);
	}
	html(h, "</section>\n");
}

static void write_state(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	switch (view->box.state) {
	case BOX_DRAFT:
		write_keys(call, h, view);
		break;
	case BOX_KEYED:
		write_test(call, h, view);
		write_print(call, h, view);
		break;
	case BOX_TESTED:
		write_print(call, h, view);
		write_present(call, h, view);
		write_slips(call, h, view);
		write_button(call, h, view, "/start", "开始投票", "启用的票和到场人数相等，就可以开始。", "开始投票");
		break;
	case BOX_OPEN:
		write_button(call, h, view, "/close", "关箱", "时间到了，或者大家都投完了，就关箱。没启用的票同时作废。",
			     "关箱");
		write_exchange(call, h, view);
		write_present(call, h, view);
		write_slips(call, h, view);
		break;
	case BOX_CLOSED:
		write_paper(call, h, view);
		write_open(call, h, view);
		break;
	case BOX_COUNTED:
		write_result(call, h, view);
		break;
	case BOX_VOID:
		html(h, "<section><p>作废的理由：{}</p><p><a class='btn main' href='/ballots/{}'>去重新测评的票箱</a></p>"
			"</section>\n", view->box.reason, view->box.again);
		break;
	case BOX_STATE_COUNT:
		break;
	}
}

static void write_acts(struct web_call *call, struct html *h, const struct ballot_view *view)
{
	html(h, "<div class='acts' hx-boost='false'>");
	if (view->may_hold && (view->box.state == BOX_OPEN || view->box.state == BOX_CLOSED))
		html(h, "<a class='btn' href='{}'>大屏：投票进度</a>", path_of(call, view, "/hall"));
	if (view->may_hold && view->box.state == BOX_OPEN)
		html(h, "<a class='btn' href='/v/kiosk/{}'>会场平板</a>", view->box.id);
	if (view->box.state >= BOX_CLOSED)
		html(h, "<a class='btn{}' href='{}'>{}</a>", view->box.state == BOX_COUNTED ? " main" : "",
		     path_of(call, view, "/record"),
		     view->box.state == BOX_COUNTED ? "打印计票单（PDF）" : "会议记录（PDF）");
	html(h, "</div>");
}

void page_ballot_show(struct web_call *call, struct html *h)
{
	const struct ballot_show *show = call->model;
	const struct ballot_view *view = &show->view;
	struct page page = {.title = view->box.title, .menu = "/ballots"};

	page_org_crumbs(call, show->detail.crumbs, show->detail.n_crumbs, view->box.title, &page);
	page_begin(call, h, &page);
	html(h, "<div class='head'><div><h1>{} <span class='tag'>{}</span></h1><p class='note'>{} · ",
	     view->box.title, box_state_label(view->box.state), view->box.node_name);
	ballot_write_purpose(h, &view->box);
	html(h, " · {} 至 {}", page_time(call, view->box.opens_ms), page_time(call, view->box.closes_ms));
	if (*view->box.fingerprint)
		html(h, " · 密钥指纹 <span class='mono'>{}</span>", view->box.fingerprint);
	html(h, "</p></div>");
	write_acts(call, h, view);
	html(h, "</div>\n");
	write_steps(h, view);
	form_problem(call, h, ballot_id_fields);
	write_figures(h, view);
	if (view->may_hold || view->box.state == BOX_COUNTED)
		write_state(call, h, view);
	else
		html(h, "<p class='note'>由乡镇主持；关箱、计票以后，这里看得到票数。</p>\n");
	if (view->may_hold && view->box.state < BOX_CLOSED)
		write_times(call, h, view);
	if (view->may_hold && view->box.state < BOX_COUNTED)
		write_abandon(call, h, view);
	page_end(call, h);
}

static json_t *figures_json(const struct ballot_view *view)
{
	json_t *json = json_object();
	for (int c = 0; c < VOTERS_COUNT; c++) {
		const struct ballot_figures *f = &view->figures[c];
		if (view->there[c])
			json_object_set_new(json, voters_id((enum voters)c), json_pack(
				"{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "head", (json_int_t)f->head, "present",
				(json_int_t)f->present, "printed", (json_int_t)f->printed, "voided",
				(json_int_t)f->by_state[SLIP_VOIDED], "spent",
				(json_int_t)f->by_state[SLIP_SPENT], "exchanged",
				(json_int_t)f->by_state[SLIP_EXCHANGED], "unreturned",
				(json_int_t)f->by_state[SLIP_ACTIVE]));
	}
	return json;
}

/* Counts of one class, or pooled: [organisation × question][option, spoiled]. */
static json_t *counts_json(const struct ballot_view *view, int class)
{
	json_t *rows = json_array();
	for (int i = 0; i < view->n_orgs * view->n_questions; i++) {
		json_t *row = json_array();
		for (int o = 0; o <= view->n_options; o++)
			json_array_append_new(row, json_integer(ballot_count_shown(
				view, i / view->n_questions, i % view->n_questions, class,
				o == view->n_options ? BALLOT_SPOILED : o)));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *labels_json(const struct ballot_item *items, int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_string(items[i].label));
	return list;
}

json_t *json_ballot(struct web_call *call)
{
	const struct ballot_show *show = call->model;
	const struct ballot_view *view = &show->view;
	json_t *json = json_pack("{s:I, s:I, s:s, s:s, s:s, s:I, s:I, s:o}", "id",
				 (json_int_t)view->box.id, "node", (json_int_t)view->box.node, "title",
				 view->box.title, "state", box_state_label(view->box.state), "fingerprint",
				 view->box.fingerprint, "voted", (json_int_t)view->voted, "present",
				 (json_int_t)view->present, "classes", figures_json(view));
	unsigned floor = view->box.state == BOX_COUNTED ? ballot_floor(view) : 0;

	json_object_set_new(json, "orgs", labels_json(view->orgs, view->n_orgs));
	json_object_set_new(json, "questions", labels_json(view->questions, view->n_questions));
	json_object_set_new(json, "options", labels_json(view->options, view->n_options));
	if (floor & FLOOR_POOLED)
		json_object_set_new(json, "counts", counts_json(view, VOTERS_COUNT));
	for (int c = 0; c < VOTERS_COUNT && (floor & FLOOR_BY_CLASS); c++)
		if (view->there[c])
			json_object_set_new(json, page_text(call, "counts_%s", voters_id((enum voters)c)),
					    counts_json(view, c));
	return json;
}

/* ---- the hall ---- */

int act_ballot_hall(struct web_call *call)
{
	return act_ballot_show(call);
}

void page_ballot_hall(struct web_call *call, struct html *h)
{
	const struct ballot_show *show = call->model;
	const struct ballot_view *view = &show->view;

	html(h, "<!doctype html>\n<html lang='zh-CN'>\n<head>\n<meta charset='utf-8'>\n"
		"<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
		"<title>投票进度 · {}</title>\n<link rel='stylesheet' href='{}'>\n<link rel='icon' href='{}'>\n",
	     view->box.title, asset_url("vote.css"), asset_url("icon.svg"));
	if (view->box.state == BOX_OPEN)
		html(h, "<meta http-equiv='refresh' content='3'>\n");
	html(h, "</head>\n<body class='hall'>\n");
	if (call->web->demo)
		html(h, "<p class='demo' role='note'>演示系统，数据全部虚构</p>\n");
	html(h, "<main><h1>{}<br>{}</h1>\n<p class='big' role='status'><span>已投 <b>{}</b></span> "
		"<span>到场 <b>{}</b></span></p>\n",
	     view->n_orgs == 1 ? view->orgs[0].label : view->box.node_name, view->box.title, view->voted,
	     view->present);
	if (view->box.state == BOX_OPEN)
		html(h, "<p>{} 截止。关箱以前，谁都看不到票数。</p>", page_time(call, view->box.closes_ms));
	else
		html(h, "<p>{}</p>", box_state_label(view->box.state));
	html(h, "</main></body></html>\n");
}

json_t *json_ballot_hall(struct web_call *call)
{
	const struct ballot_show *show = call->model;
	return json_pack("{s:I, s:I}", "voted", (json_int_t)show->view.voted, "present",
			 (json_int_t)show->view.present);
}
