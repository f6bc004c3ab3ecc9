/* SPDX-License-Identifier: Apache-2.0 */
#include "app/roster.h"

#include <assert.h>

#include "app/pinyin.h"
#include "domain/day.h"
#include "store/id.h"

/* ---- shared by adding, changing and importing ---- */

bool org_level_fits(enum level parent, enum level child)
{
	return child > parent || (child == LEVEL_UNIT && parent == LEVEL_UNIT);
}

int org_check_code(const char *code, struct err_info *info)
{
	size_t len = strlen(code), characters = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)code[i];
		characters += (c & 0xC0) != 0x80;
		if (c <= ' ' || c == 0x7F)
			return err_set(info, ERR_INPUT, "组织代码里不能有空格");
	}
	if (!len || characters > 40 || !str_is_utf8(code, len))
		return err_set(info, ERR_INPUT, "组织代码应为 1 到 40 个字符");
	return 0;
}

static char *small(char *text)
{
	for (char *p = text; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return text;
}

int org_make_searchable(struct app *app, struct org *org, struct arena *arena,
			struct err_info *info)
{
	const char *full = pinyin_initials(app->pinyin, org->name, arena);
	const char *brief = pinyin_initials(app->pinyin, org->short_name, arena);
	struct str key = pinyin_sort_key(app->pinyin, org->name, arena);
	if (!full || !brief || !key.data)
		return err_nomem(info);
	org->search = small(arena_printf(arena, "%s\n%s\n%s\n%s\n%s", org->code, org->name,
					 org->short_name, full, brief));
	org->sort_key = key;
	return org->search ? 0 : err_nomem(info);
}

/* A request on its way through one transaction. */
struct job {
	struct app *app;
	const struct caller *caller;
	const struct org_when *when;
	struct arena arena;		/* emptied when the function runs again */
	struct access access;
	const struct org *in;
	int n;
	const int64_t *ids;
	int64_t id, version, parent;
	bool dissolve;
	int64_t *out;
};

static int run(struct job *job, int64_t region, db_fn fn, struct err_info *info)
{
	int r = db_write(job->app->db, region, fn, job, info);
	arena_done(&job->arena);
	return r;
}

int roster_check_day(const struct org *org, int32_t since, int32_t today, struct err_info *info)
{
	char found[16], last[16], now[16];
	day_format(since, found);
	day_format(today, now);
	if (!day_valid(since) || since % 100 == 0)
		return err_set(info, ERR_INPUT, "生效日期“%s”不对，应为年月日，最晚是今天 %s", found, now);
	if (since > today)
		return err_set(info, ERR_INPUT, "生效日期 %s 还没有到，最晚填今天 %s；没有办的变动，办了再登记",
			       found, now);
	/* Told of a day to come before that was refused: it may be told of today. */
	if (!org || since >= org->since_day || since == today)
		return 0;
	day_format(org->since_day, last);
	return err_set(info, ERR_INPUT, "生效日期 %s 早于“%s”上一次变动的 %s，应填 %s 到今天 %s 之间的一天", found,
		       org->name, last, last, now);
}

static int make_stamp(struct job *job, enum org_act act, struct org_stamp *ret_stamp,
		      struct err_info *info)
{
	const char *reason = job->when->reason ? job->when->reason : "";
	int32_t since = job->when->since_day ? job->when->since_day : job->caller->today;
	int r = roster_check_day(NULL, since, job->caller->today, info);
	if (r < 0)
		return r;
	if (strlen(reason) > 3000)
		return err_set(info, ERR_INPUT, "理由太长，应在 1000 字以内");
	*ret_stamp = (struct org_stamp){act, job->caller->account, since, job->caller->now_ms, reason};
	return 0;
}

static const char *object_of(const struct org *org, struct arena *arena)
{
	const char *text = arena_printf(arena, "%s %s", org->code, org->name);
	return text ? text : org->name;
}

static int get_org(struct db_tx *tx, struct job *job, int64_t id, struct org *ret_org,
		   struct err_info *info)
{
	int r = store_org_get(tx, id, &job->arena, ret_org);
	return r < 0 ? r : r ? 0 : err_set(info, ERR_NOT_FOUND, "没有这个组织");
}

/* Enters with the right at `id`, reads it, and compares the version. */
static int enter_org(struct db_tx *tx, struct job *job, enum action action, int64_t id,
		     int64_t version, struct org *ret_org, struct err_info *info)
{
	arena_done(&job->arena);
	int r = app_enter(tx, job->caller, action, id, &job->arena, &job->access, NULL, info);
	if (r == 0)
		r = get_org(tx, job, id, ret_org, info);
	if (r == 0 && version && ret_org->version != version)
		return err_set(info, ERR_CONFLICT, "“%s”刚被别人修改过，请刷新后再改", ret_org->name);
	return r;
}

/* What is merged or dissolved stays as it was; first it is set up again. */
static int check_lives(const struct org *org, struct err_info *info)
{
	if (org->state != ORG_MERGED && org->state != ORG_DISSOLVED)
		return 0;
	return err_set(info, ERR_STATE, "“%s”%s，不能再改", org->name, org_state_label(org->state));
}

/* What the store says without words. */
static int explain(int r, const char *code, struct err_info *info)
{
	switch (r) {
	case ERR_CONFLICT:
		return err_set(info, r, "组织代码“%s”已被使用，或刚被别人修改过", code);
	case ERR_LIMIT:
		return err_set(info, r, "组织的层数太多（最多 %d 层）", ORG_DEPTH_MAX);
	case ERR_STATE:
		return err_set(info, r, "不能划到自己的下级之下");
	default:
		return r;
	}
}

/* ---- add ---- */

static int check_new(struct db_tx *tx, struct job *job, const struct org *in,
		     struct err_info *info)
{
	struct org parent, same;
	int r = org_check_code(in->code, info);
	if (r == 0)
		r = org_validate(in, info);
	if (r < 0)
		return r;
	if (in->state != ORG_ACTIVE && in->state != ORG_SHOULD_EXIST)
		return err_set(info, ERR_INPUT, "新登记的组织只能是“正常”或“应建未建”");
	if (in->parent) {
		if ((r = get_org(tx, job, in->parent, &parent, info)) < 0)
			return r;
		if (parent.state != ORG_ACTIVE)
			return err_set(info, ERR_STATE, "上级“%s”%s，不能再登记下级", parent.name,
				       org_state_label(parent.state));
		if (!org_level_fits(parent.level, in->level))
			return err_set(info, ERR_INPUT, "层级不对：%s应低于上级“%s”的%s",
				       level_label(in->level), parent.name, level_label(parent.level));
	}
	r = store_org_by_code(tx, in->code, &job->arena, &same);
	if (r < 0)
		return r;
	return r ? err_set(info, ERR_CONFLICT, "组织代码“%s”已被“%s”使用", in->code, same.name) : 0;
}

static int add_one(struct db_tx *tx, struct job *job, const struct org *in,
		   const struct org_stamp *stamp, const char *act, int64_t *ret_id,
		   struct err_info *info)
{
	struct org org = *in;
	AUTO(buf) struct buf before = {0}, after = {0};
	struct org blank = org_blank();
	int r = check_new(tx, job, in, info);
	if (r == 0)
		r = org_make_searchable(job->app, &org, &job->arena, info);
	if (r == 0)
		r = explain(store_org_insert(tx, &org, NULL, stamp), org.code, info);
	if (r < 0)
		return r;
	org_diff(&blank, &org, &before, &after);
	*ret_id = org.id;
	return app_audit(tx, &job->access, act, org.id, object_of(&org, &job->arena), "",
			 buf_str(&after));
}

static int add_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct org_stamp stamp = {0};
	int r;
	arena_done(&job->arena);
	if (job->in->parent)
		r = app_enter(tx, job->caller, ACTION_ORG_STRUCTURE, job->in->parent, &job->arena,
			      &job->access, NULL, info);
	else
		r = app_who(tx, job->caller, &job->arena, &job->access, info);
	if (r == 0 && !job->in->parent && !job->access.holder.machine)
		return err_set(info, ERR_DENIED, "最上级的组织只能在安装时登记");
	if (r == 0)
		r = make_stamp(job, ORG_ADDED, &stamp, info);
	return r < 0 ? r : add_one(tx, job, job->in, &stamp, "org.add", job->out, info);
}

int roster_add(struct app *app, const struct caller *caller, const struct org *org,
	     const struct org_when *when, int64_t *ret_id, struct err_info *info)
{
	int64_t id = 0;
	struct job job = {.app = app, .caller = caller, .when = when, .in = org, .out = &id};
	int r = run(&job, id_region(org->parent), add_fn, info);
	if (r == 0)
		*ret_id = id;
	return r;
}

/* ---- change ---- */

static int check_level(struct db_tx *tx, struct job *job, const struct org *org,
		       struct err_info *info)
{
	struct org_child *children;
	struct org parent;
	int n, r = 0;
	if (org->parent) {
		if ((r = get_org(tx, job, org->parent, &parent, info)) < 0)
			return r;
		if (!org_level_fits(parent.level, org->level))
			return err_set(info, ERR_INPUT, "层级不对：%s应低于上级“%s”的%s",
				       level_label(org->level), parent.name, level_label(parent.level));
	}
	if ((r = store_org_children(tx, org->id, &job->arena, &children, &n)) < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (!org_level_fits(org->level, children[i].org.level))
			return err_set(info, ERR_INPUT, "层级不对：下级“%s”是%s", children[i].org.name,
				       level_label(children[i].org.level));
	return 0;
}

static int change_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct org old = {.kind = ""}, now = *job->in;
	struct org_stamp stamp = {0};
	AUTO(buf) struct buf before = {0}, after = {0};
	int r = enter_org(tx, job, ACTION_ORG_EDIT, now.id, now.version, &old, info);
	if (r < 0 || (r = check_lives(&old, info)) < 0)
		return r;
	now.code = old.code;
	now.parent = old.parent;
	now.state = old.state;
	now.successor = old.successor;
	if ((r = org_validate(&now, info)) < 0)
		return r;
	if ((now.level != old.level || now.field != old.field || strcmp(now.kind, old.kind) != 0) &&
	    (r = app_may(tx, &job->access, ACTION_ORG_STRUCTURE, now.id, NULL, info)) < 0)
		return r;
	if (now.level != old.level && (r = check_level(tx, job, &now, info)) < 0)
		return r;
	if (!org_diff(&old, &now, &before, &after))
		return 0;
	if ((r = make_stamp(job, ORG_CHANGED, &stamp, info)) < 0 ||
	    (r = roster_check_day(&old, stamp.since_day, job->caller->today, info)) < 0 ||
	    (r = org_make_searchable(job->app, &now, &job->arena, info)) < 0 ||
	    (r = explain(store_org_update(tx, &now, &stamp), now.code, info)) < 0)
		return r;
	return app_audit(tx, &job->access, "org.change", now.id, object_of(&old, &job->arena),
			 buf_str(&before), buf_str(&after));
}

int roster_change_in(struct db_tx *tx, struct app *app, const struct caller *caller,
		     const struct org *org, const struct org_when *when, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .when = when, .in = org};
	int r = change_fn(tx, &job, info);
	arena_done(&job.arena);
	return r;
}

int roster_change(struct app *app, const struct caller *caller, const struct org *org,
		const struct org_when *when, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .when = when, .in = org};
	return run(&job, id_region(org->id), change_fn, info);
}

/* ---- move ---- */

static int move_one(struct db_tx *tx, struct job *job, struct org *org, const struct org *to,
		    const struct org_stamp *stamp, struct err_info *info)
{
	struct org from = {.name = "（无）"};
	int r;
	if (org->parent && (r = get_org(tx, job, org->parent, &from, info)) < 0)
		return r;
	if (id_region(to->id) != id_region(org->id))
		return err_set(info, ERR_STATE, "不能跨县划转：各县的账、考评和日志分开记。请在原县撤销“%s”，"
			       "再到新的县登记，备注里写明从哪里来", org->name);
	if (to->state != ORG_ACTIVE)
		return err_set(info, ERR_STATE, "“%s”%s，不能作为上级", to->name,
			       org_state_label(to->state));
	if (!org_level_fits(to->level, org->level))
		return err_set(info, ERR_INPUT, "层级不对：%s应低于上级“%s”的%s", level_label(org->level),
			       to->name, level_label(to->level));
	if ((r = roster_check_day(org, stamp->since_day, job->caller->today, info)) < 0 ||
	    (r = explain(store_org_move(tx, org, to->id, stamp), org->code, info)) < 0)
		return r;
	return app_audit(tx, &job->access, "org.move", org->id, object_of(org, &job->arena),
			 from.name, to->name);
}

static int move_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct org org = {0}, to = {0};
	struct org_stamp stamp = {0};
	int r = enter_org(tx, job, ACTION_ORG_STRUCTURE, job->id, job->version, &org, info);
	if (r == 0)
		r = check_lives(&org, info);
	if (r == 0)
		r = app_may(tx, &job->access, ACTION_ORG_STRUCTURE, job->parent, NULL, info);
	if (r == 0)
		r = get_org(tx, job, job->parent, &to, info);
	if (r == 0)
		r = make_stamp(job, ORG_MOVED, &stamp, info);
	if (r < 0)
		return r;
	/* Its own place in the tree is above the caller's reach only if he holds
	 * nothing there; he must also be allowed where it stands now. */
	if (org.parent && (r = app_may(tx, &job->access, ACTION_ORG_STRUCTURE, org.parent, NULL,
				       info)) < 0)
		return r;
	return org.parent == to.id ? 0 : move_one(tx, job, &org, &to, &stamp, info);
}

int roster_move(struct app *app, const struct caller *caller, int64_t id, int64_t version,
	      int64_t parent, const struct org_when *when, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .when = when, .id = id, .version = version,
			  .parent = parent};
	return run(&job, id_region(id), move_fn, info);
}

/* ---- merge ---- */

static int merge_one(struct db_tx *tx, struct job *job, int64_t id, const struct org *into,
		     struct org_stamp *stamp, struct err_info *info)
{
	struct org org = {.path = ""};
	struct org_child *children;
	int n, r = app_may(tx, &job->access, ACTION_ORG_STRUCTURE, id, NULL, info);
	if (r == 0)
		r = get_org(tx, job, id, &org, info);
	if (r < 0)
		return r;
	if (org.id == into->id || strncmp(into->path, org.path, strlen(org.path)) == 0)
		return err_set(info, ERR_INPUT, "“%s”不能并入自己或自己的下级", org.name);
	if (org.state != ORG_ACTIVE)
		return err_set(info, ERR_STATE, "“%s”%s，不能合并", org.name, org_state_label(org.state));
	if (id_region(org.id) != id_region(into->id))
		return err_set(info, ERR_STATE, "不能跨县合并：各县的账、考评和日志分开记。请在原县撤销“%s”，"
			       "再在“%s”的备注里写明", org.name, into->name);
	if ((r = roster_check_day(&org, stamp->since_day, job->caller->today, info)) < 0 ||
	    (r = store_org_children(tx, id, &job->arena, &children, &n)) < 0)
		return r;
	stamp->act = ORG_MOVED;
	for (int i = 0; i < n; i++)
		if (children[i].org.state == ORG_ACTIVE &&
		    (r = move_one(tx, job, &children[i].org, into, stamp, info)) < 0)
			return r;
	stamp->act = ORG_MERGED_INTO;
	org.state = ORG_MERGED;
	org.successor = into->id;
	if ((r = explain(store_org_update(tx, &org, stamp), org.code, info)) < 0 ||
	    (r = store_org_link(tx, org.id, into->id, ORG_MERGED_INTO, stamp->since_day)) < 0)
		return r;
	return app_audit(tx, &job->access, "org.merge", org.id, object_of(&org, &job->arena),
			 org_state_label(ORG_ACTIVE),
			 arena_printf(&job->arena, "并入 %s", object_of(into, &job->arena)));
}

static int merge_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct org into;
	struct org_stamp stamp = {0};
	int r = enter_org(tx, job, ACTION_ORG_STRUCTURE, job->parent, 0, &into, info);
	if (r == 0)
		r = make_stamp(job, ORG_MERGED_INTO, &stamp, info);
	if (r == 0 && into.state != ORG_ACTIVE)
		r = err_set(info, ERR_STATE, "“%s”%s，不能并入", into.name, org_state_label(into.state));
	for (int i = 0; r == 0 && i < job->n; i++)
		r = merge_one(tx, job, job->ids[i], &into, &stamp, info);
	return r;
}

int roster_merge(struct app *app, const struct caller *caller, const int64_t *ids, int n,
	       int64_t into, const struct org_when *when, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .when = when, .ids = ids, .n = n,
			  .parent = into};
	if (n < 1 || n > ROSTER_MERGE_MAX)
		return err_set(info, ERR_INPUT, "一次合并 1 到 %d 个组织", ROSTER_MERGE_MAX);
	return run(&job, id_region(into), merge_fn, info);
}

/* ---- dissolve, split, establish ---- */

static int refuse_with_children(struct db_tx *tx, struct job *job, const struct org *org,
				struct err_info *info)
{
	struct org_child *children = NULL;
	int n, r = store_org_children(tx, org->id, &job->arena, &children, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (children[i].org.state == ORG_ACTIVE)
			return err_set(info, ERR_STATE, "“%s”下面还有“%s”等组织，请先划走或撤销",
				       org->name, children[i].org.name);
	return r;
}

static int set_state(struct db_tx *tx, struct job *job, struct org *org, enum org_state state,
		     const struct org_stamp *stamp, const char *act, struct err_info *info)
{
	const char *before = org_state_label(org->state);
	int r = roster_check_day(org, stamp->since_day, job->caller->today, info);
	if (r < 0)
		return r;
	org->state = state;
	if (state == ORG_ACTIVE)
		org->successor = 0;
	r = explain(store_org_update(tx, org, stamp), org->code, info);
	return r < 0 ? r : app_audit(tx, &job->access, act, org->id, object_of(org, &job->arena), before,
				     org_state_label(state));
}

static int dissolve_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct org org = {0};
	struct org_stamp stamp = {0};
	int r = enter_org(tx, job, ACTION_ORG_STRUCTURE, job->id, job->version, &org, info);
	if (r == 0)
		r = make_stamp(job, ORG_DISSOLVED_ACT, &stamp, info);
	if (r == 0 && org.state != ORG_ACTIVE && org.state != ORG_SHOULD_EXIST)
		r = err_set(info, ERR_STATE, "“%s”%s", org.name, org_state_label(org.state));
	if (r == 0)
		r = refuse_with_children(tx, job, &org, info);
	return r < 0 ? r : set_state(tx, job, &org, ORG_DISSOLVED, &stamp, "org.dissolve", info);
}

int roster_dissolve(struct app *app, const struct caller *caller, int64_t id, int64_t version,
		  const struct org_when *when, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .when = when, .id = id, .version = version};
	return run(&job, id_region(id), dissolve_fn, info);
}

static int establish_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct org org = {0}, parent;
	struct org_stamp stamp = {0};
	int r = enter_org(tx, job, ACTION_ORG_STRUCTURE, job->id, job->version, &org, info);
	if (r == 0)
		r = make_stamp(job, ORG_CHANGED, &stamp, info);
	if (r == 0 && org.state == ORG_ACTIVE)
		return err_set(info, ERR_STATE, "“%s”本来就是正常状态", org.name);
	if (r == 0 && org.parent)
		r = get_org(tx, job, org.parent, &parent, info);
	if (r == 0 && org.parent && parent.state != ORG_ACTIVE)
		return err_set(info, ERR_STATE, "上级“%s”%s", parent.name, org_state_label(parent.state));
	return r < 0 ? r : set_state(tx, job, &org, ORG_ACTIVE, &stamp, "org.establish", info);
}

int roster_establish(struct app *app, const struct caller *caller, int64_t id, int64_t version,
		   const struct org_when *when, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .when = when, .id = id, .version = version};
	return run(&job, id_region(id), establish_fn, info);
}

static int split_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct org from = {0};
	struct org_stamp stamp = {0};
	int r = enter_org(tx, job, ACTION_ORG_STRUCTURE, job->id, job->version, &from, info);
	if (r == 0 && from.parent)
		r = app_may(tx, &job->access, ACTION_ORG_STRUCTURE, from.parent, NULL, info);
	if (r == 0)
		r = make_stamp(job, ORG_SPLIT_OFF, &stamp, info);
	if (r == 0)
		r = roster_check_day(&from, stamp.since_day, job->caller->today, info);
	if (r < 0)
		return r;
	if (from.state != ORG_ACTIVE || !from.parent || from.level == LEVEL_COUNTY)
		return err_set(info, ERR_STATE, "“%s”不能分设", from.name);
	for (int i = 0; i < job->n; i++) {
		struct org part = job->in[i];
		part.parent = from.parent;
		part.state = ORG_ACTIVE;
		if ((r = add_one(tx, job, &part, &stamp, "org.split", &job->out[i], info)) < 0 ||
		    (r = store_org_link(tx, job->out[i], from.id, ORG_SPLIT_OFF, stamp.since_day)) < 0)
			return r;
	}
	if (!job->dissolve)
		return 0;
	stamp.act = ORG_DISSOLVED_ACT;
	r = refuse_with_children(tx, job, &from, info);
	return r < 0 ? r : set_state(tx, job, &from, ORG_DISSOLVED, &stamp, "org.dissolve", info);
}

int roster_split(struct app *app, const struct caller *caller, int64_t from, int64_t version,
	       const struct org *parts, int n, bool dissolve, const struct org_when *when,
	       int64_t *ret_ids, struct err_info *info)
{
	int64_t ids[ROSTER_SPLIT_MAX] = {0};
	struct job job = {.app = app, .caller = caller, .when = when, .id = from, .version = version,
			  .in = parts, .n = n, .dissolve = dissolve, .out = ids};
	if (n < 1 || n > ROSTER_SPLIT_MAX)
		return err_set(info, ERR_INPUT, "一次分设 1 到 %d 个组织", ROSTER_SPLIT_MAX);
	int r = run(&job, id_region(from), split_fn, info);
	if (r == 0)
		memcpy(ret_ids, ids, (size_t)n * sizeof(*ids));
	return r;
}
