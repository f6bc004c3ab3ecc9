/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pages/pages_listed.h"

#include "app/campaigns.h"
#include "web/pages/pages.h"

static const struct table_column unit_columns[] = {
	{"code", "代码", COLUMN_CODE, ROOM_MIDDLE},
	{"name", "组织", COLUMN_NAME, ROOM_ALWAYS},
	{"orgs", "党组织（个）", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"new", "未开始", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"begun", "进行中", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"done", "完成", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"waived", "免予办理", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{"returned", "退回", COLUMN_NUMBER, ROOM_ALWAYS, .sum = true},
	{0},
};
enum { UNIT_STATES = 3, N_UNIT_COLUMNS = ARRAY_LEN(unit_columns) - 1 };
_Static_assert(N_UNIT_COLUMNS == UNIT_STATES + STEP_STATE_COUNT, "a column a state");

static void fill_unit(struct web_call *call, const struct step_child *unit, int step, const char *list,
		      const char *one, struct table_cell *cell)
{
	long long campaign = (long long)web_number(call, "campaign", 0), node = (long long)unit->node;
	const struct step_count *count = &unit->counts[step < 0 ? 0 : step];

	cell[0].text = unit->code;
	cell[1].text = unit->name;
	cell[1].href = unit->category >= 0
		? page_text(call, "/campaigns/%lld/orgs/%lld/%s", campaign, node, one)
		: page_text(call, "/campaigns/%lld/%s?node=%lld", campaign, list, node);
	for (int s = 0; s < STEP_STATE_COUNT; s++) {
		cell[2].number += count->n[s];
		cell[UNIT_STATES + s].number = count->n[s];
		cell[UNIT_STATES + s].none = step < 0;
	}
}

int listed_table(struct web_call *call, const struct listed *listed, const struct scheme *scheme,
		 enum scheme_step_kind kind, const char *list, const char *one,
		 const struct table_column *columns, const struct table_cell *cells,
		 struct web_table *ret_table)
{
	struct table_cell *units = arena_zalloc(call->arena, (size_t)(listed->n_units + 1) * N_UNIT_COLUMNS,
						sizeof(*units));
	if (!units)
		return err_nomem(&call->info);
	for (int i = 0; i < listed->n_units; i++)
		fill_unit(call, &listed->units[i], campaign_step_of(scheme, kind), list, one,
			  &units[(size_t)i * N_UNIT_COLUMNS]);
	table_from_call(call, listed->n_units ? unit_columns : columns, "", ret_table);
	ret_table->cells = listed->n_units ? units : cells;
	ret_table->n_rows = listed->n_units ? listed->n_units : listed->n;
	ret_table->n_all = ret_table->n_rows;
	ret_table->whole = true;
	ret_table->empty = "这里没有参加评定的党组织";
	ret_table->empty_hint = "请在路径里换一个组织。";
	return 0;
}

void listed_note(struct html *h, const struct listed *listed, const char *what)
{
	table_number(h, listed->total);
	html(h, " 个党组织；{}", listed->n_units ? "太多，先列下级单位，点名称往下看" : what);
}
