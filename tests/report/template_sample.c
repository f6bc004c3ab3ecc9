/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/report/template_sample.h"

#include <stddef.h>
#include <string.h>

#define T(text) {text, false}
#define N(text) {text, true}

static const char *const fields[] = {"单位", "填表时间", "年度", "组织数", "党员总数", "整顿数", "空"};

static const char *const org_fields[] = {"序号", "代码", "名称", "领域", "党员数", "书记", "书记电话"};
static const struct template_value orgs[] = {
	N("1"), T("02-601"), T("中共石桥镇柳树沟村支部委员会"), T("农村"), N("41"), T("何<平>&\"甲\""), T("0000-0101"),
	N("2"), T("02-602"), T("=1+1"), T("农村"), N("36"), T("+SUM(A1)"), T("0000-0102"),
	N("3"), T("02-603"), T("中共石桥镇一个名字特别特别长一共有三十个字的联合支部委员会"), T("机关"), {NULL, true},
	T("两行\n的书记"), T(""),
};
static const char *const child_fields[] = {"序号", "名称", "组织数", "党员总数", "整顿数", "书记"};
static const struct template_value children[] = {
	N("1"), T("石桥镇"), N("3"), N("77"), N("2"), T("冯雪"),
	N("2"), T("柳[河]镇/*?"), N("0"), N("0"), N("0"), T("陈立新"),
	N("3"), T("石桥镇"), N("1"), N("12"), N("1"), {NULL, false},
};
static const char *const case_fields[] = {"序号", "名称", "联系领导", "问题数", "完成时限"};
static const struct template_value cases[] = {
	N("1"), T("柳树沟村"), T("唐国强"), N("2"), T("2026年12月30日"),
	N("2"), T("三岔口村"), {NULL, false}, N("0"), {NULL, false},
};
static const char *const problem_fields[] = {"序号", "党组织", "问题", "措施", "责任人", "时限", "进展"};
static const struct template_value problems[] = {
	N("1"), T("柳树沟村"), T("书记空缺"), T("下派书记"), T("何平"), T("2026-12-01"), T("正在整改，50%"),
	N("2"), T("柳树沟村"), T("账目不公开"), T("镇里代管\n按季公开"), T("赵德明"), T("2026-12-15"), T("已整改"),
};

#define LIST(name, fields, cells) \
	{name, sizeof(fields) / sizeof((fields)[0]), \
	 sizeof(cells) / sizeof((cells)[0]) / (sizeof(fields) / sizeof((fields)[0])), fields, cells}

static const struct template_value values[] = {T("云岭县委"), T("2026年11月22日"), N("2026"), N("4"), N("89"), N("2"),
					       {NULL, false}};
static const struct template_list lists[] = {
	LIST("组织", org_fields, orgs), LIST("下级", child_fields, children), LIST("整顿", case_fields, cases),
	LIST("问题", problem_fields, problems), {"无", 5, 0, org_fields, NULL},
};
static const struct template_data whole = {7, 5, fields, values, lists};

/* Those of the first child; the second has nothing. */
static const struct template_value values_1[] = {T("石桥镇"), T("2026年11月22日"), N("2026"), N("3"), N("77"), N("2"),
						 {NULL, false}};
static const struct template_value values_2[] = {T("柳[河]镇/*?"), T("2026年11月22日"), N("2026"), N("0"), N("0"), N("0"),
						 {NULL, false}};
static const struct template_list lists_1[] = {LIST("组织", org_fields, orgs)};
static const struct template_list lists_2[] = {{"组织", 7, 0, org_fields, NULL}};
static const struct template_list lists_3[] = {{"组织", 7, 1, org_fields, orgs + 7}};
static const struct template_data ones[] = {
	{7, 1, fields, values_1, lists_1}, {7, 1, fields, values_2, lists_2}, {7, 1, fields, values_1, lists_3},
};

static int one(void *arg, const char *list, int i, const struct template_data **ret_data,
	       struct err_info *info)
{
	(void)arg;
	if (strcmp(list, "下级") != 0 || i < 0 || i > 2)
		return err_set(info, ERR_NOT_FOUND, "没有这一份");
	*ret_data = &ones[i];
	return 0;
}

const struct template_source template_sample = {&whole, NULL, one};
