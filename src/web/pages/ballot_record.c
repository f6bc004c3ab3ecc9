/* SPDX-License-Identifier: Apache-2.0 */
/* Minutes and counts of a box on paper, with lines to sign on. */
#include <string.h>

#include "report/ballot_pdf.h"
#include "web/pages/pages.h"
#include "web/pages/pages_ballot.h"

enum { LINES_MAX = 20, TABLES_MAX = 2 * BALLOT_ORGS_MAX, SIGNERS_MAX = BALLOT_COUNTERS_MAX + 3 };

struct record {
	const char *lines[LINES_MAX], *signers[SIGNERS_MAX];
	struct ballot_table tables[TABLES_MAX];
	struct ballot_record record;
};

static const char *number(struct web_call *call, int64_t n)
{
	return n < 0 ? "不公布" : page_text(call, "%lld", (long long)n);
}

/* All the equations of one class. */
static void add_class(struct web_call *call, struct record *record, enum voters class,
		      const struct ballot_figures *f)
{
	const int64_t *s = f->by_state;
	const char *who = voters_label(class);
	int *n = &record->record.n_lines;

	record->lines[(*n)++] = page_text(call, "%s %lld 人，到场 %lld 人，投票 %lld 张（手机 %lld 张，纸质 %lld 张）。",
					  who, (long long)f->head, (long long)f->present,
					  (long long)ballot_cast(f), (long long)s[SLIP_SPENT],
					  (long long)(f->sheets > 0 ? f->sheets : 0));
	record->lines[(*n)++] = page_text(call,
		"　　印票 %lld 张 ＝ 作废 %lld 张 ＋ 手机投 %lld 张 ＋ 换纸质票 %lld 张 ＋ 没有交回 %lld 张；"
		"收回纸质票 %lld 张，不多于换出的 %lld 张。", (long long)f->printed,
		(long long)(s[SLIP_VOIDED] + s[SLIP_INACTIVE]), (long long)s[SLIP_SPENT],
		(long long)s[SLIP_EXCHANGED], (long long)s[SLIP_ACTIVE],
		(long long)(f->sheets > 0 ? f->sheets : 0), (long long)s[SLIP_EXCHANGED]);
}

static void add_table(struct web_call *call, struct record *record, const struct ballot_view *view,
		      int org, int class)
{
	int columns = view->n_options + 2, rows = view->n_questions + 1;
	const char **cells = arena_zalloc(call->arena, (size_t)(columns * rows), sizeof(*cells));
	const char *who = class == VOTERS_COUNT ? "党员和群众合计" : voters_label((enum voters)class);

	if (!cells || record->record.n_tables == TABLES_MAX)
		return;
	cells[0] = "测评内容";
	for (int o = 0; o < view->n_options; o++)
		cells[1 + o] = view->options[o].label;
	cells[columns - 1] = "未选";
	for (int q = 0; q < view->n_questions; q++) {
		const char **row = cells + (q + 1) * columns;
		row[0] = view->questions[q].label;
		for (int o = 0; o < view->n_options; o++)
			row[1 + o] = number(call, ballot_count_shown(view, org, q, class, o));
		row[columns - 1] = number(call, ballot_count_shown(view, org, q, class, BALLOT_SPOILED));
	}
	record->tables[record->record.n_tables++] = (struct ballot_table){
		page_text(call, "%s · %s", view->orgs[org].label, who), cells, rows, columns};
}

static void add_counts(struct web_call *call, struct record *record, const struct ballot_view *view)
{
	unsigned floor = ballot_floor(view);

	if (view->box.state != BOX_COUNTED)
		return;
	if (!(floor & FLOOR_POOLED)) {
		record->lines[record->record.n_lines++] = "全箱不足 5 票，按规定不公布票数，只用来计算得分。";
		return;
	}
	for (int org = 0; org < view->n_orgs; org++)
		for (int c = 0; c < VOTERS_COUNT; c++) {
			if (!(floor & FLOOR_BY_CLASS)) {
				add_table(call, record, view, org, VOTERS_COUNT);
				break;
			}
			if (view->there[c])
				add_table(call, record, view, org, c);
		}
	if (!(floor & FLOOR_BY_CLASS))
		record->lines[record->record.n_lines++] = "一类人不足 5 票的，和另一类合在一起公布。";
}

static void add_signers(struct web_call *call, struct record *record, const struct ballot_view *view)
{
	record->signers[record->record.n_signers++] = "宣读测评标准（党组织负责人）";
	for (int i = 0; i < view->n_counters; i++)
		record->signers[record->record.n_signers++] =
			page_text(call, "监票人　%s", view->counters[i].name);
	record->signers[record->record.n_signers++] = "计票人";
	record->signers[record->record.n_signers++] = "主持人";
}

int act_ballot_record(struct web_call *call)
{
	struct record *record = arena_zalloc(call->arena, 1, sizeof(*record));
	struct caller caller = page_caller(call);
	struct ballot_view view;
	int r = record ? 0 : err_nomem(&call->info);

	if (r == 0)
		r = ballot_view(call->web->app, &caller, ACTION_REPORT_READ, web_number(call, "box", 0),
				call->arena, &view, &call->info);
	if (r)
		return r;
	struct ballot_record *out = &record->record;
	out->title = view.box.state == BOX_COUNTED ? "民主测评计票单" : "民主测评会议记录";
	out->subtitle = page_text(call, "%s · %s", view.box.node_name, view.box.title);
	record->lines[out->n_lines++] = page_text(call, "开始投票 %s　　关箱 %s　　开箱计票 %s",
						  page_time(call, view.box.started_ms),
						  page_time(call, view.box.closed_ms),
						  page_time(call, view.box.counted_ms));
	for (int c = 0; c < VOTERS_COUNT; c++)
		if (view.there[c])
			add_class(call, record, (enum voters)c, &view.figures[c]);
	if (*view.box.opened_by)
		record->lines[out->n_lines++] = page_text(call, "由%s两名监票人一起打开；封着的票、票的记录和密钥已销毁。",
							  view.box.opened_by);
	add_counts(call, record, &view);
	add_signers(call, record, &view);
	out->lines = record->lines;
	out->tables = record->tables;
	out->signers = record->signers;
	out->foot = page_text(call, "票箱密钥指纹：%s（设口令时记入日志，可对照）", view.box.fingerprint);
	r = ballot_record_pdf(out, &call->response->body, &call->info);
	if (r == 0)
		web_file_response(call, page_text(call, "%s.pdf", out->title), "application/pdf");
	return r;
}
