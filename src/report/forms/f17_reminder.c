/* SPDX-License-Identifier: Apache-2.0 */
/* F17: text to copy into a chat: who is late with what. No scores, no phone
 * numbers. */
#include "report/forms/forms.h"

void f17_make(struct doc *doc, const struct f17 *in)
{
	doc_init(doc, "F17", "催办文字");
	doc_sheet(doc, "催办", false, false);
	doc_para(doc, DOC_FLAT, "【催办】%s", in->campaign ? in->campaign : "分类定级工作");
	for (int i = 0; i < in->n_late; i++) {
		doc_para(doc, DOC_FLAT, "%d. ", i + 1);
		form_add_late(doc, &in->late[i], "已逾期");
	}
	if (in->n_late)
		doc_para(doc, DOC_FLAT, "请抓紧办理。已经办好的，请登录核对。");
	else
		doc_para(doc, DOC_FLAT, "目前没有逾期的事项。");
	doc_para(doc, DOC_FLAT, "%s", in->head.unit ? in->head.unit : "");
	doc_para_passing(doc, DOC_FLAT, in->head.day ? in->head.day : "");
}
