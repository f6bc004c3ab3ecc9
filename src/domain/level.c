/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/level.h"

#include "base/auto.h"
#include "base/err.h"

enum { NAMES_MAX = 4 };

/* id, label, further labels. */
static const char *const levels[LEVEL_COUNT][NAMES_MAX] = {
	[LEVEL_PROVINCE] = {"province", "省级", "省"},
	[LEVEL_CITY] = {"city", "市级", "市"},
	[LEVEL_COUNTY] = {"county", "县级", "县"},
	[LEVEL_TOWNSHIP] = {"township", "乡级", "乡镇", "乡"},
	[LEVEL_UNIT] = {"unit", "基层", "支部"},
};

static const char *const fields[FIELD_COUNT][NAMES_MAX] = {
	[FIELD_VILLAGE] = {"village", "农村"},
	[FIELD_COMMUNITY] = {"community", "街道社区"},
	[FIELD_AGENCY] = {"agency", "机关"},
	[FIELD_INSTITUTION] = {"institution", "其他事业单位"},
	[FIELD_SOE] = {"soe", "国有企业"},
	[FIELD_PRIVATE] = {"private", "非公有制经济组织"},
	[FIELD_SOCIAL] = {"social", "社会组织"},
	[FIELD_UNIVERSITY] = {"university", "高等院校"},
	[FIELD_SCHOOL] = {"school", "学校"},
	[FIELD_HOSPITAL] = {"hospital", "医疗卫生单位"},
	[FIELD_AREA] = {"area", "地方党委"},
};

static const char *const voters[VOTERS_COUNT][NAMES_MAX] = {
	[VOTERS_MEMBER] = {"member", "党员"},
	[VOTERS_RESIDENT] = {"resident", "群众"},
};

static int find(const char *const (*names)[NAMES_MAX], int count, struct str text)
{
	for (int i = 0; i < count; i++)
		for (int j = 0; j < NAMES_MAX && names[i][j]; j++)
			if (str_eqs(text, names[i][j]))
				return i;
	return ERR_NOT_FOUND;
}

const char *level_id(enum level level) { return levels[level][0]; }
const char *field_id(enum field field) { return fields[field][0]; }
const char *voters_id(enum voters v) { return voters[v][0]; }
const char *level_label(enum level level) { return levels[level][1]; }
const char *field_label(enum field field) { return fields[field][1]; }
const char *voters_label(enum voters v) { return voters[v][1]; }

int level_find(struct str text, enum level *ret_level)
{
	int i = find(levels, LEVEL_COUNT, text);
	if (i < 0)
		return i;
	*ret_level = (enum level)i;
	return 0;
}

int field_find(struct str text, enum field *ret_field)
{
	int i = find(fields, FIELD_COUNT, text);
	if (i < 0)
		return i;
	*ret_field = (enum field)i;
	return 0;
}

int voters_find(struct str text, enum voters *ret_voters)
{
	int i = find(voters, VOTERS_COUNT, text);
	if (i < 0)
		return i;
	*ret_voters = (enum voters)i;
	return 0;
}
