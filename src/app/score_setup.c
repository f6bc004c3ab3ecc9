/* SPDX-License-Identifier: Apache-2.0 */
#include "app/score_setup.h"

#include <stdio.h>

#include "base/buf.h"
#include "domain/exact.h"
#include "store/account.h"
#include "store/id.h"

struct setup {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;
	int64_t campaign, node, rater;
	struct campaign_call call;
	const struct rater_draft *rater_draft;
	const struct local_draft *local_draft;
	int category, place;
	bool assign;
	int64_t out;
	struct rater_list raters;
	struct local_list locals;
};

static int enter_owner(struct db_tx *tx, struct setup *s, struct err_info *info)
{
	return campaign_enter(tx, s->app, s->caller, ACTION_CAMPAIGN_WRITE, s->campaign, s->node,
			      s->arena, &s->call, info);
}

/* The rater, which must not score beyond the node: others rely on it there. */
static int own_rater(struct db_tx *tx, struct setup *s, int64_t id, struct rater *ret_rater,
		     struct err_info *info)
{
	struct campaign_org *orgs;
	int64_t here;
	int n, r = store_rater_get(tx, s->campaign, id, s->arena, ret_rater);
	if (r < 0)
		return r;
	if (!r || ret_rater->org)
		return err_set(info, ERR_NOT_FOUND, "没有这个评分单位");
	r = store_rater_orgs_page(tx, s->campaign, id, s->call.path, 0, 1, s->arena, &orgs, &n, &here);
	if (r < 0)
		return r;
	return here == ret_rater->assigned ? 0 : err_set(info, ERR_DENIED,
		"“%s”还给别处的党组织打分，请由上级修改", ret_rater->label);
}

static int still_open(const struct setup *s, struct err_info *info)
{
	return campaign_gate(&s->call, GATE_SCORE, info);
}

/* ---- raters ---- */

static int raters_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct setup *s = arg;
	int r = enter_owner(tx, s, info);
	if (r < 0)
		return r;
	s->raters = (struct rater_list){.campaign = s->call.campaign, .scheme = s->call.scheme,
					.node = s->call.org};
	struct err_info why = {0};
	if (still_open(s, &why) < 0 && !(s->raters.why_not = arena_strdup(s->arena, why.text)))
		return db_doom_nomem(tx);
	return store_raters(tx, s->campaign, -1, s->arena, &s->raters.raters, &s->raters.n);
}

int raters_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct rater_list *ret_list, struct err_info *info)
{
	struct setup s = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
			  .node = node};
	int r = db_read(app->db, raters_fn, &s, info);
	if (r == 0)
		*ret_list = s.raters;
	return r;
}

/* An account that holds the role of a related unit somewhere. */
static int find_unit(struct db_tx *tx, struct setup *s, int64_t *ret_account, struct err_info *info)
{
	const char *login = s->rater_draft->login;
	struct account account;
	struct grant *grants;
	int n, r;

	*ret_account = 0;
	if (!login || !*login)
		return 0;
	r = store_account_by_name(tx, login, s->arena, &account);
	if (r < 0)
		return r;
	if (!r || account.state != ACCOUNT_ACTIVE)
		return err_set(info, ERR_INPUT, "没有“%s”这个账号", login);
	if ((r = store_grants(tx, account.id, s->arena, &grants, &n)) < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (grants[i].role == ROLE_UNIT) {
			*ret_account = account.id;
			return 0;
		}
	return err_set(info, ERR_INPUT, "账号“%s”没有“%s”角色，请先由安全管理员授予", login,
		       role_label(ROLE_UNIT));
}

/* Sources whose raters are named one by one. */
static bool has_raters(const struct scheme_source *source)
{
	return source->by != BY_BALLOTS &&
	       (source->who == RATED_BY_UNITS || source->who == RATED_BY_SOCIETY);
}

static int draft_rater(struct db_tx *tx, struct setup *s, struct rater *rater,
		       struct err_info *info)
{
	const struct rater_draft *draft = s->rater_draft;
	const struct scheme *scheme = s->call.scheme;
	int r;

	*rater = (struct rater){0};
	if (draft->id) {
		if ((r = own_rater(tx, s, draft->id, rater, info)) < 0)
			return r;
	} else {
		int i = 0;
		while (i < scheme->n_sources && ((*draft->source &&
						  strcmp(scheme->sources[i].id, draft->source) != 0) ||
						 !has_raters(&scheme->sources[i])))
			i++;
		if (i == scheme->n_sources)
			return err_set(info, ERR_INPUT, "这个方案没有由相关单位打分的评价主体");
		rater->source = i;
	}
	if (!draft->label || !*draft->label || strlen(draft->label) > RATER_LABEL_MAX)
		return err_set(info, ERR_INPUT, "单位名称应为 1 到 60 个字");
	rater->label = draft->label;
	return find_unit(tx, s, &rater->account, info);
}

static int refuse_same(struct db_tx *tx, struct setup *s, const struct rater *rater,
		       struct err_info *info)
{
	struct rater *all;
	int n, r = store_raters(tx, s->campaign, rater->source, s->arena, &all, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (all[i].id != rater->id && strcmp(all[i].label, rater->label) == 0)
			return err_set(info, ERR_CONFLICT, "已经有“%s”了", rater->label);
	if (r == 0 && !rater->id && n >= RATERS_MAX)
		return err_set(info, ERR_LIMIT, "评分单位最多 %d 个", RATERS_MAX);
	return r;
}

static int put_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct setup *s = arg;
	struct rater rater = {0};
	int r = enter_owner(tx, s, info);
	if (r == 0)
		r = still_open(s, info);
	if (r == 0)
		r = draft_rater(tx, s, &rater, info);
	if (r == 0)
		r = refuse_same(tx, s, &rater, info);
	if (r == 0)
		r = store_rater_put(tx, s->campaign, &rater);
	if (r < 0)
		return r;
	s->out = rater.id;
	return app_audit(tx, &s->call.access, "score.rater", s->node, rater.label, "",
			 arena_printf(s->arena, "%s，账号 %s", s->call.scheme->sources[rater.source].label,
				      *s->rater_draft->login ? s->rater_draft->login : "无（乡镇代录）"));
}

int raters_put(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       const struct rater_draft *draft, int64_t *ret_id, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct setup s = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
			  .node = node, .rater_draft = draft};
	int r = db_write(app->db, id_region(campaign), put_fn, &s, info);
	if (r == 0)
		*ret_id = s.out;
	return r;
}

static int delete_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct setup *s = arg;
	struct rater rater = {0};
	int r = enter_owner(tx, s, info);
	if (r == 0)
		r = still_open(s, info);
	if (r == 0)
		r = own_rater(tx, s, s->rater, &rater, info);
	if (r < 0)
		return r;
	r = store_rater_delete(tx, s->campaign, s->rater);
	if (r == ERR_STATE)
		return err_set(info, r, "“%s”已经打过分，不能去掉", rater.label);
	return r < 0 ? r : app_audit(tx, &s->call.access, "score.rater", s->node,
				     rater.label, "有", "去掉");
}

int raters_delete(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  int64_t rater, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct setup s = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
			  .node = node, .rater = rater};
	return db_write(app->db, id_region(campaign), delete_fn, &s, info);
}

static int assign_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct setup *s = arg;
	struct rater rater = {0};
	int64_t changed;
	char count[80];
	int r = enter_owner(tx, s, info);
	if (r == 0)
		r = still_open(s, info);
	if (r == 0 && (r = store_rater_get(tx, s->campaign, s->rater, s->arena, &rater)) == 0)
		r = err_set(info, ERR_NOT_FOUND, "没有这个评分单位");
	if (r < 0)
		return r;
	if (s->category >= s->call.scheme->n_categories)
		return err_set(info, ERR_INPUT, "没有这个类别");
	r = store_rater_assign(tx, s->campaign, s->rater, s->call.path, s->category, s->assign, &changed);
	if (r == 0)
		r = store_rater_get(tx, s->campaign, s->rater, s->arena, &rater);
	if (r < 0)
		return r;
	s->out = rater.assigned;
	snprintf(count, sizeof(count), "%s %lld 个", s->assign ? "增加" : "减少", (long long)changed);
	return app_audit(tx, &s->call.access, "score.assign", s->node, rater.label, "", count);
}

int raters_assign(struct app *app, const struct caller *caller, int64_t campaign, int64_t rater,
		  int64_t node, int category, bool assign, int64_t *ret_n, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct setup s = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
			  .rater = rater, .node = node, .category = category, .assign = assign};
	int r = db_write(app->db, id_region(node), assign_fn, &s, info);
	if (r == 0)
		*ret_n = s.out;
	return r;
}

/* ---- X indicators ---- */

static int own_rows(struct db_tx *tx, struct setup *s, struct local_row **ret_rows, int *ret_n)
{
	struct local_row *all;
	int n, first = -1, count = 0;
	int r = store_local_list(tx, s->campaign, s->call.path, s->arena, &all, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (all[i].node == s->node) {
			first = first < 0 ? i : first;
			count++;
		}
	if (r < 0)
		return r;
	*ret_rows = count ? all + first : NULL;
	*ret_n = count;
	return 0;
}

/* Which committees may set indicators, and what else stands against it. */
static int may_set(const struct setup *s, struct err_info *info)
{
	const struct scheme *scheme = s->call.scheme;
	if (!scheme->local.given)
		return err_set(info, ERR_STATE, "这个方案没有自设指标");
	if (s->call.org.level != scheme->local.per)
		return err_set(info, ERR_STATE, "自设指标由%s设定", scheme->level_label[scheme->local.per]);
	return still_open(s, info);
}

static int locals_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct setup *s = arg;
	struct err_info why = {0};
	int r = campaign_enter(tx, s->app, s->caller, ACTION_REPORT_READ, s->campaign, s->node, s->arena,
			       &s->call, info);
	if (r < 0)
		return r;
	s->locals = (struct local_list){.campaign = s->call.campaign, .scheme = s->call.scheme,
					.node = s->call.org};
	if ((r = own_rows(tx, s, &s->locals.rows, &s->locals.n)) < 0)
		return r;
	for (int i = 0; i < s->locals.n; i++)
		s->locals.sum_e4 += s->locals.rows[i].max_e4;
	r = app_may(tx, &s->call.access, ACTION_SCORE_WRITE, s->node, NULL, &why);
	if (r == 0)
		r = may_set(s, &why);
	s->locals.may_write = r == 0;
	if (r == ERR_DENIED || r == ERR_STATE) {
		s->locals.why_not = arena_strdup(s->arena, why.text);
		return s->locals.why_not ? 0 : db_doom_nomem(tx);
	}
	return r;
}

int locals_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		struct arena *arena, struct local_list *ret_list, struct err_info *info)
{
	struct setup s = {.app = app, .caller = caller, .arena = arena, .campaign = campaign,
			  .node = node};
	int r = db_read(app->db, locals_fn, &s, info);
	if (r == 0)
		*ret_list = s.locals;
	return r;
}

struct used {
	int leaf;
	bool yes;
};

static int look_for_figure(void *arg, const struct score_sheet *sheet)
{
	struct used *used = arg;
	used->yes |= *score_cell(sheet, used->leaf) != '\0';
	return 0;
}

/* ERR_STATE where somebody has scored the indicator already. */
static int refuse_used(struct db_tx *tx, const struct setup *s, int place, struct err_info *info)
{
	struct used used = {.leaf = s->call.scheme->n_leaves + place};
	int r = store_score_each(tx, s->campaign, s->call.path, look_for_figure, &used);
	if (r < 0)
		return r;
	return used.yes ? err_set(info, ERR_STATE, "这项指标已经打过分，只能改名称") : 0;
}

static int check_ident(const char *ident, struct err_info *info)
{
	size_t len = strlen(ident);
	if (!len || len > 40 || strspn(ident, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return err_set(info, ERR_INPUT, "代号应为 1 到 40 个小写字母、数字或“-”");
	return 0;
}

static int check_local(struct setup *s, const struct local_row *rows, int n, struct local_row *row,
		       struct err_info *info)
{
	const struct local_draft *draft = s->local_draft;
	const struct scheme *scheme = s->call.scheme;
	AUTO(buf) struct buf left = {0};
	int64_t sum = 0;
	int r = check_ident(draft->ident, info);

	if (r < 0)
		return r;
	if (!*draft->label || strlen(draft->label) > LOCAL_LABEL_MAX)
		return err_set(info, ERR_INPUT, "名称应为 1 到 60 个字");
	if (!decimal_parse_e4(str_from(draft->max), &row->max_e4) || row->max_e4 <= 0)
		return err_set(info, ERR_INPUT, "满分应写成 5 或 2.5 这样，最多 4 位小数");
	for (int i = 0; i < scheme->n_indicators; i++)
		if (strcmp(scheme->indicators[i].id, draft->ident) == 0 ||
		    strcmp(scheme->indicators[i].label, draft->label) == 0)
			return err_set(info, ERR_CONFLICT, "方案里已经有“%s”", scheme->indicators[i].label);
	for (int i = 0; i < n; i++)
		if (rows[i].place != draft->place)
			sum += rows[i].max_e4;
	if (row->max_e4 > scheme->local.max_total_e4 - sum) {
		decimal_format_e4(&left, scheme->local.max_total_e4 - sum);
		return err_set(info, ERR_INPUT, "自设指标合计不能超过方案规定，还可以设 %s 分", buf_str(&left));
	}
	row->node = s->node;
	row->place = draft->place;
	row->ident = draft->ident;
	row->label = draft->label;
	row->account = s->caller->account;
	row->at_ms = s->caller->now_ms;
	return 0;
}

static int enter_local(struct db_tx *tx, struct setup *s, struct local_row **ret_rows, int *ret_n,
		       struct err_info *info)
{
	int r = campaign_enter(tx, s->app, s->caller, ACTION_SCORE_WRITE, s->campaign, s->node, s->arena,
			       &s->call, info);
	if (r == 0)
		r = may_set(s, info);
	return r < 0 ? r : own_rows(tx, s, ret_rows, ret_n);
}

static const struct local_row *row_at(const struct local_row *rows, int n, int place)
{
	for (int i = 0; i < n; i++)
		if (rows[i].place == place)
			return &rows[i];
	return NULL;
}

static const char *tell_local(struct setup *s, const struct local_row *row)
{
	AUTO(buf) struct buf points = {0};
	if (!row)
		return "";
	decimal_format_e4(&points, row->max_e4);
	return arena_printf(s->arena, "%s（%s），满分 %s", row->label, row->ident, buf_str(&points));
}

static int local_put_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct setup *s = arg;
	struct local_row *rows, row = {0};
	const struct local_row *old = NULL;
	int n, r = enter_local(tx, s, &rows, &n, info);
	if (r == 0)
		r = check_local(s, rows, n, &row, info);
	if (r == 0 && row.place >= 0) {
		if (!(old = row_at(rows, n, row.place)))
			return err_set(info, ERR_NOT_FOUND, "没有这项自设指标");
		if (old->max_e4 != row.max_e4 || strcmp(old->ident, row.ident) != 0)
			r = refuse_used(tx, s, row.place, info);
	}
	if (r == 0)
		r = store_local_put(tx, s->campaign, &row);
	if (r == ERR_CONFLICT)
		return err_set(info, r, "已经有同名或同代号的自设指标");
	if (r == ERR_LIMIT)
		return err_set(info, r, "自设指标最多 %d 项", SCORE_LOCAL_MAX);
	return r < 0 ? r : app_audit(tx, &s->call.access, "score.local", s->node, s->call.org.name,
				     tell_local(s, old), tell_local(s, &row));
}

int locals_put(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	       const struct local_draft *draft, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct setup s = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
			  .node = node, .local_draft = draft};
	return db_write(app->db, id_region(node), local_put_fn, &s, info);
}

static int local_delete_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct setup *s = arg;
	struct local_row *rows;
	const struct local_row *old = NULL;
	int n, r = enter_local(tx, s, &rows, &n, info);
	if (r == 0 && !(old = row_at(rows, n, s->place)))
		return err_set(info, ERR_NOT_FOUND, "没有这项自设指标");
	if (r == 0)
		r = refuse_used(tx, s, s->place, info);
	if (r == 0)
		r = store_local_delete(tx, s->campaign, s->node, s->place);
	return r < 0 ? r : app_audit(tx, &s->call.access, "score.local", s->node, s->call.org.name,
				     tell_local(s, old), "去掉");
}

int locals_delete(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  int place, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct setup s = {.app = app, .caller = caller, .arena = &arena, .campaign = campaign,
			  .node = node, .place = place};
	return db_write(app->db, id_region(node), local_delete_fn, &s, info);
}
