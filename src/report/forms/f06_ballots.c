/* SPDX-License-Identifier: Apache-2.0 */
/* F6: the paper ballot and the tally (ZJ-10, ZJ-11). Ballots bear no mark of
 * any kind: no number, no check code, all alike. */
#include "base/buf.h"
#include "report/forms/forms.h"

enum { QUESTION_MM = 60, TABLE_MM = 180 };

static void put_ballot(struct doc *doc, const struct f06 *in)
{
	struct doc_column columns[DOC_COLUMNS_MAX];
	int n = in->n_options + 1;
	columns[0] = (struct doc_column){"测评内容", QUESTION_MM, DOC_LEFT};
	for (int i = 0; i < in->n_options; i++)
		columns[i + 1] = (struct doc_column){in->options[i], (TABLE_MM - QUESTION_MM) / in->n_options,
						     DOC_CENTER};
	doc_title(doc, "党员群众测评票");
	doc_heads(doc, 1, &(struct doc_head){"被测评党组织：", in->org, false, NULL, in->org_id});
	doc_table(doc, n, columns);
	for (int q = 0; q < (in->n_questions ? in->n_questions : 1); q++) {
		doc_row(doc);
		doc_row_height(doc, in->n_questions > 3 ? 9 : 12);
		doc_text(doc, in->n_questions ? in->questions[q] : "对该党组织的总体评价");
		for (int i = 0; i < in->n_options; i++)
			doc_text(doc, NULL);
	}
	doc_para(doc, DOC_NOTE, "说明：请在每一行选一项，在相应栏内打“√”；不选或者多选的，该行作废。"
		 "本票不记名，不要写名字，也不要做记号。");
}

void f06_ballots(struct doc *doc, int n, const struct f06 *in)
{
	doc_init(doc, "F6", "党员群众测评票");
	doc->unmarked = true;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < in[i].n_sheets; k++) {
			doc_sheet(doc, "测评票", false, true);
			put_ballot(doc, &in[i]);
			doc_cut(doc);
			put_ballot(doc, &in[i]);
		}
}

static void put_class(struct doc *doc, const struct f06_tally *in, const struct f06_class *c)
{
	bool hide = in->hidden || in->head.blank;
	doc_row(doc);
	doc_row_height(doc, 12);
	doc_text(doc, c->label);
	form_number(doc, in->head.blank ? FORM_UNKNOWN : c->present);
	form_number(doc, in->head.blank ? FORM_UNKNOWN : c->issued);
	form_number(doc, in->head.blank ? FORM_UNKNOWN : c->returned);
	form_number(doc, hide ? FORM_UNKNOWN : c->valid);
	form_number(doc, hide ? FORM_UNKNOWN : c->spoiled);
	for (int i = 0; i < in->n_options; i++)
		form_number(doc, hide ? FORM_UNKNOWN : c->counts[i]);
}

static void put_shares(struct doc *doc, const struct f06_tally *in)
{
	int64_t valid = 0;
	for (int c = 0; c < in->n_classes; c++)
		valid += in->classes[c].valid;
	doc_row(doc);
	doc_row_height(doc, 12);
	doc_text(doc, "得票率（%）");
	doc_span(doc, 6, 1);
	doc_align(doc, DOC_CENTER);
	for (int i = 0; i < in->n_options; i++) {
		int64_t n = 0;
		for (int c = 0; c < in->n_classes; c++)
			n += in->classes[c].counts[i];
		if (in->hidden || in->head.blank || valid == 0)
			doc_text(doc, NULL);
		else
			doc_decimal(doc, form_share_e1(n, valid), 1);
	}
}

static void put_tally(struct doc *doc, const struct f06_tally *in)
{
	struct doc_column columns[DOC_COLUMNS_MAX] = {
		{"参评人员", 28, DOC_CENTER}, {"在村（在岗）人数", 34, DOC_CENTER}, {"发出票数", 20, DOC_CENTER},
		{"收回票数", 20, DOC_CENTER}, {"有效票", 18, DOC_CENTER}, {"废票", 16, DOC_CENTER}};
	static const struct doc_head signs[] = {
		{"宣读标准人：", NULL, false}, {"计票人：", NULL, false}, {"监票人：", NULL, false},
		{"工作组负责人：", NULL, false}};
	for (int i = 0; i < in->n_options; i++)
		columns[6 + i] = (struct doc_column){in->options[i], 18, DOC_CENTER};
	doc_sheet(doc, in->org ? in->org : "汇总表", true, true);
	doc_title(doc, "党员群众测评汇总表");
	doc_heads(doc, 2, (struct doc_head[]){{"被测评党组织：", in->org, false, NULL, in->org_id},
		  {"统计时间：", in->head.blank ? NULL : in->head.day, true}});
	if (in->question)
		doc_heads(doc, 1, &(struct doc_head){"测评内容：", in->question, false});
	doc_table(doc, 6 + in->n_options, columns);
	for (int c = 0; c < in->n_classes; c++)
		put_class(doc, in, &in->classes[c]);
	put_shares(doc, in);
	doc_row(doc);
	doc_row_height(doc, 12);
	doc_text(doc, "测评得分");
	doc_span(doc, 6, 1);
	doc_align(doc, DOC_CENTER);
	form_score(doc, in->head.blank || in->hidden ? NULL : in->score);
	doc_span(doc, in->n_options, 1);
	AUTO(buf) struct buf how = {0};
	for (int i = 0; i < in->n_options; i++)
		buf_addf(&how, "%s%s×“%s”得票率", i ? "＋" : "", in->points[i], in->options[i]);
	doc->failed |= how.failed;
	doc_para(doc, DOC_NOTE, "注：测评得分＝%s。得票率＝该项票数÷有效票数。", buf_str(&how));
	if (in->hidden)
		doc_para(doc, DOC_NOTE, "%s", in->hidden);
	if (in->together && !in->head.blank)
		doc_para(doc, DOC_NOTE, "%s", in->together);
	doc_para(doc, DOC_NOTE, "测评前由党组织负责人宣读测评标准，并在下面签字。");
	doc_signs(doc, 4, signs);
}

void f06_tallies(struct doc *doc, int n, const struct f06_tally *in)
{
	doc_init(doc, "F6", "党员群众测评汇总表");
	for (int i = 0; i < n; i++)
		put_tally(doc, &in[i]);
}
