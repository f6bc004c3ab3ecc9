/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_rules.h"

#include <string.h>

#include "app/draws.h"
#include "app/guarantees.h"
#include "app/helpers.h"
#include "app/leaders.h"
#include "cli/demo_dice.h"

/* The first is the account "lingdao", who has the villages of 石桥镇; the last three
 * have none yet. */
static const struct demo_leader leaders[] = {
	{"唐国强", "县委常委"}, {"贺建军", "县委书记"}, {"彭晓燕", "县委副书记、县长"}, {"邹立新", "县委副书记"},
	{"曾志勇", "县委常委、组织部部长"}, {"罗秀英", "副县长"}, {"谢文斌", "县人大常委会主任"}, {"段海波", "县政协主席"},
	{"易春梅", "副县长、县公安局局长"},
};
enum { LINKED = 6 };

const struct demo_leader *demo_leader_of(int i, const char *code)
{
	return strncmp(code, "02-", 3) == 0 ? &leaders[0] : &leaders[1 + i % (LINKED - 1)];
}

/* As a clerk pastes them. */
static const char county_lines[] =
	"姓名\t职务\t电话\n"
	"贺建军\t县委书记\t0000-2001\n彭晓燕\t县委副书记、县长\t0000-2002\n邹立新\t县委副书记\t0000-2003\n"
	"曾志勇\t县委常委、组织部部长\t0000-2004\n唐国强\t县委常委\t0000-0012\n罗秀英\t副县长\t0000-2006\n"
	"谢文斌\t县人大常委会主任\t0000-2007\n段海波\t县政协主席\t0000-2008\n"
	"易春梅\t副县长、县公安局局长\t0000-2009\n";

static const struct {
	const char *code, *lines;
} townships[] = {
	{"02", "陈卫东 镇党委书记 0000-2101\n刘海燕 镇长 0000-2102\n赵德明 镇党委副书记 0000-2103\n"},
	{"11", "周立群 乡党委书记 0000-2111\n向秋云 乡长 0000-2112\n"},
	{"15", "胡永红 镇党委书记 0000-2151\n石小兰 镇长 0000-2152\n"},
};

struct find {
	const char *code;
	int64_t id;
};

static int find_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct find *find = arg;
	struct org org;
	(void)info;
	int r = store_org_by_code(tx, find->code, &arena, &org);
	find->id = r > 0 ? org.id : 0;
	return r < 0 ? r : 0;
}

/* Township leaders are linked to some villages of their own. */
static int link_townships(struct app *app, const struct caller *officer, int64_t node, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct leaders all;
	int linked = 0, r = leaders_get(app, officer, node, &arena, &all, info);
	for (int i = 0; r == 0 && i < all.n_weak && linked + 1 < all.n; i++)
		r = leaders_link(app, officer, node, all.rows[linked++].leader.seq, all.weak[i].c->id, 30, info);
	return r;
}

/* ---- four guarantees ---- */

struct purse {
	struct guarantee_edit edits[GUARANTEE_EDITS_MAX];
	int n;
	struct arena *arena;
	int year;
	bool failed;
};

/* Villages and communities; of this year not all have told theirs. */
static int purse_one(void *arg, const struct org *org, const char *parent_code)
{
	static const int thousands[GUARANTEES] = {42, 18, 96, 50};
	struct purse *p = arg;
	(void)parent_code;
	if (org->level != LEVEL_UNIT || org->state != ORG_ACTIVE ||
	    (org->field != FIELD_VILLAGE && org->field != FIELD_COMMUNITY) ||
	    (p->year % 2 == 0 && demo_dice(23, org->code, 9, 12) == 0))
		return 0;
	for (int k = 0; k < GUARANTEES && p->n < GUARANTEE_EDITS_MAX; k++) {
		int more = (int)demo_dice(23, org->code, (uint32_t)(10 * (p->year % 2) + k), 16);
		const char *text = arena_printf(p->arena, "%d", thousands[k] * 1000 + more * 1500);
		p->failed |= !text;
		p->edits[p->n++] = (struct guarantee_edit){org->id, k, text ? text : ""};
	}
	return 0;
}

struct purse_job {
	struct purse *purse;
	int64_t county;
};

static int purse_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct purse_job *job = arg;
	char path[ORG_PATH_MAX];
	(void)info;
	job->purse->n = 0;
	int r = store_org_path(tx, job->county, path);
	return r <= 0 ? r : store_org_each(tx, path, purse_one, job->purse);
}

static int add_guarantees(struct app *app, const struct caller *officer, int64_t county, struct err_info *info)
{
	int r = 0;
	for (int year = officer->today / 10000 - 1; r == 0 && year <= officer->today / 10000; year++) {
		AUTO(arena) struct arena arena = {0};
		struct purse *purse = arena_zalloc(&arena, 1, sizeof(*purse));
		int changed;
		if (!purse)
			return err_nomem(info);
		purse->arena = &arena;
		purse->year = year;
		struct purse_job job = {purse, county};
		r = db_read(app->db, purse_fn, &job, info);
		if (r == 0 && purse->failed)
			r = err_nomem(info);
		if (r == 0)
			r = guarantees_put(app, officer, county, year, purse->edits, purse->n, &changed, info);
	}
	return r;
}

/* Goals of this year for two thirds of those who help; some are judged already. */
static int add_goals(struct app *app, const struct caller *officer, int64_t county, struct err_info *info)
{
	static const char *const texts[] = {"帮助配齐班子，按月走访", "帮办两件实事，清完旧账", "驻村指导，主题党日按月开", "化解一件积案，每季到村一次"};
	static const char *const reasons[] = {"", "只去了一次，实事办成一件", "没有到村，措施没有落实"};
	AUTO(arena) struct arena arena = {0};
	const int32_t year = officer->today / 10000 * 10000;
	struct helpers all;
	int64_t last = 0;
	int goal = 0, r = helpers_get(app, officer, county, &arena, &all, info);
	for (int i = 0; r == 0 && i < all.n; i++) {
		const struct helpers_row *row = &all.rows[i];
		const struct helper_goal g = {.case_id = row->c->id, .helper = row->helper.seq, .from_day = year + 101,
					      .to_day = year + 1231, .visits = 2 + i % 3,
					      .text = texts[(size_t)i % ARRAY_LEN(texts)]};
		int verdict = GOAL_MET + (i / 4) % 3;
		goal = row->c->id == last ? goal : 0;
		last = row->c->id;
		if (i % 3 == 2)
			continue;
		r = helpers_set_goal(app, officer, &g, info);
		goal++;
		if (r == 0 && i % 4 == 0)
			r = helpers_judge(app, officer, row->c->id, goal, (enum goal_verdict)verdict,
					  reasons[verdict - GOAL_MET], info);
	}
	return r;
}

/* Six groups go to all townships (GZ-9); four know already who leads them. */
static int add_groups(struct app *app, const struct caller *officer, int64_t county, struct err_info *info)
{
	static const struct {
		const char *leader, *members;
	} groups[] = {{"谢文斌", "向丽、吴海涛"}, {"段海波", "邓芳、蒋军"}, {"易春梅", "龙建国、石慧"}, {"曾志勇", "卢晓东、田野"}};
	int64_t draw;
	int r = draw_make_dealt(app, officer, county, LEVEL_TOWNSHIP, 1, false, 6, &draw, info);
	for (int i = 0; r == 0 && i < (int)ARRAY_LEN(groups); i++) {
		const struct spot_group g = {draw, i + 1, groups[i].leader, groups[i].members};
		r = draw_put_group(app, officer, &g, info);
	}
	return r;
}

int demo_rules(struct app *app, const struct caller *officer, int64_t county, struct err_info *info)
{
	int n, r = leaders_paste(app, officer, county, county_lines, &n, info);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(townships); i++) {
		struct find find = {.code = townships[i].code};
		r = db_read(app->db, find_fn, &find, info);
		if (r == 0 && find.id)
			r = leaders_paste(app, officer, find.id, townships[i].lines, &n, info);
		if (r == 0 && find.id)
			r = link_townships(app, officer, find.id, info);
	}
	if (r == 0)
		r = add_groups(app, officer, county, info);
	if (r == 0)
		r = add_goals(app, officer, county, info);
	return r < 0 ? r : add_guarantees(app, officer, county, info);
}
