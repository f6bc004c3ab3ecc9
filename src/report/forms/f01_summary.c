/* SPDX-License-Identifier: Apache-2.0 */
/* F1: exactly as annex 1 of the source (LD-11). */
#include <stdio.h>

#include "report/forms/forms.h"

const char *f01_category(int category)
{
	static const char *const names[F01_CATEGORIES] = {
		"农村", "街道社区", "国有企业", "机关", "学校", "医疗卫生单位", "其他事业单位",
		"非公有制经济组织", "社会组织",
	};
	return names[category];
}

const char *f01_criterion(int criterion)
{
	static const char *const names[F01_CRITERIA] = {
		"(1)党组织班子配备不齐、书记长期缺职、工作处于停滞状态的",
		"(2)党组织书记不胜任现职、工作不在状态、严重影响班子整体战斗力的",
		"(3)班子不团结、内耗严重、工作不能正常开展的",
		"(4)党组织长期不换届的",
		"(5)组织制度形同虚设、不开展党组织活动的",
		"(6)党组织服务意识不强、服务水平不高、党员群众满意率低的",
	};
	return names[criterion];
}

enum share { DASH, SHARE };

struct line {
	const struct f01 *in;
	const struct f01_sheet *sheet;
	const char *label, *figure;
	int64_t number;
	enum share of_all, of_weak;
};

static void put_share(struct doc *doc, bool blank, enum share share, int64_t part, int64_t whole)
{
	if (share == DASH)
		doc_text(doc, "——");
	else if (blank || whole == 0)
		doc_text(doc, NULL);	/* a share of nothing is no figure */
	else
		doc_decimal(doc, form_share_e1(part, whole), 1);
}

static void put_line(struct doc *doc, const struct line *l)
{
	bool blank = l->in->head.blank;
	char figure[64];
	doc_row(doc);
	doc_row_height(doc, 11);
	doc_text(doc, l->label);
	if (blank) {
		doc_text(doc, NULL);
	} else {
		doc_int(doc, l->number);
		snprintf(figure, sizeof(figure), "%s/%s", l->sheet->key, l->figure);
		doc_figure(doc, figure);
	}
	put_share(doc, blank, l->of_all, l->number, l->sheet->orgs);
	put_share(doc, blank, l->of_weak, l->number, l->sheet->weak);
}

static void put_sheet(struct doc *doc, const struct f01 *in, const struct f01_sheet *s)
{
	static const struct doc_column columns[] = {
		{" ", 64, DOC_LEFT}, {"数量(个)", 26, DOC_CENTER},
		{"占填报单位所辖基层党组织总数比例(%)", 38, DOC_CENTER},
		{"占软弱涣散基层党组织总数比例(%)", 52, DOC_CENTER},
	};
	static const char *const kinds[F01_KINDS] = {"党委", "党总支", "党支部"};
	struct line l = {.in = in, .sheet = s};
	char figure[16];

	doc_sheet(doc, s->category, false, true);
	doc_para(doc, DOC_ANNEX, "附件1");
	doc_title(doc, "软弱涣散基层党组织情况汇总表");
	form_heads(doc, &in->head, &(struct doc_head){"党组织类别：", s->category, false});
	doc_table(doc, 4, columns);
	l = (struct line){in, s, "所辖基层党组织", "orgs", s->orgs, DASH, DASH};
	put_line(doc, &l);
	for (int i = 0; i < F01_KINDS; i++) {
		snprintf(figure, sizeof(figure), "kind%d", i);
		l = (struct line){in, s, kinds[i], figure, s->kind[i], SHARE, DASH};
		put_line(doc, &l);
	}
	l = (struct line){in, s, "软弱涣散基层党组织", "weak", s->weak, SHARE, DASH};
	put_line(doc, &l);
	for (int i = 0; i < F01_CRITERIA; i++) {
		snprintf(figure, sizeof(figure), "criterion%d", i);
		l = (struct line){in, s, f01_criterion(i), figure, s->criterion[i], SHARE, SHARE};
		put_line(doc, &l);
	}
	doc_para(doc, DOC_NOTE, "注：“党组织类别”是指农村、街道社区、国有企业、机关、学校、医疗卫生单位、"
		 "其他事业单位、非公有制经济组织、社会组织等不同类型党组织。各填报单位分类别填报数据，"
		 "每一张汇总表只填报一类软弱涣散党组织的情况。");
}

void f01_make(struct doc *doc, const struct f01 *in)
{
	doc_init(doc, "F1", "软弱涣散基层党组织情况汇总表");
	for (int i = 0; i < in->n; i++)
		put_sheet(doc, in, &in->sheets[i]);
}
