/* SPDX-License-Identifier: Apache-2.0 */
#include "app/leaders.h"

#include <stdlib.h>
#include <string.h>

#include "app/ledger_in.h"
#include "store/id.h"

enum { PASTE_MAX = 200, FIELD_MAX = 180 /* bytes: 60 characters */ };

struct job {
	struct app *app;
	const struct caller *caller;
	int64_t node;
	struct arena *arena;		/* of the caller, for what is returned */
	struct arena own;		/* emptied when the function runs again */
	const struct leader *leader;
	int seq, n;
	const char *text;
	struct leaders out;
};

/* ---- who is linked ---- */

/* The leader that a helper of a case is; NULL: none of them. */
static const struct leader *leader_of(const struct leader *all, int n, const struct case_helper *h,
				      const char *org_path)
{
	const struct leader *found = NULL;
	for (int i = 0; i < n; i++) {
		if (strcmp(all[i].name, h->name) != 0 ||
		    strncmp(org_path, all[i].node_path, strlen(all[i].node_path)) != 0)
			continue;
		if (!found || strcmp(all[i].post, h->post) == 0)
			found = &all[i];
	}
	return found;
}

static const struct ledger_case *case_of(const struct ledger_case *cases, int n, int64_t id)
{
	for (int i = 0; i < n; i++)
		if (cases[i].id == id && case_is_open(cases[i].state))
			return &cases[i];
	return NULL;
}

struct found {
	const struct leader *leaders;
	const struct ledger_case *cases;
	const struct case_hand *hands;
	int n_leaders, n_cases, n_hands;
};

static int add_link(struct db_tx *tx, struct leader_link **links, int *n, const struct ledger_case *c,
		    const struct case_hand *hand, struct arena *arena)
{
	/* Doubled whenever full. */
	if ((*n & (*n - 1)) == 0) {
		struct leader_link *more = arena_zalloc(arena, (size_t)(*n ? 2 * *n : 1), sizeof(*more));
		if (!more)
			return db_doom_nomem(tx);
		if (*n)
			memcpy(more, *links, (size_t)*n * sizeof(*more));
		*links = more;
	}
	(*links)[(*n)++] = (struct leader_link){c, hand->visits, hand->last_day};
	return 0;
}

static struct support_row *support_of(struct leaders *out, const struct case_helper *h)
{
	for (int i = 0; i < out->n_support; i++)
		if (out->support[i].kind == h->kind && strcmp(out->support[i].name, h->name) == 0)
			return &out->support[i];
	out->support[out->n_support] = (struct support_row){.kind = h->kind, .name = h->name, .post = h->post};
	return &out->support[out->n_support++];
}

static int by_kind(const void *a, const void *b)
{
	const struct support_row *x = a, *y = b;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->n_links != y->n_links ? y->n_links - x->n_links : strcmp(x->name, y->name);
}

static const char *join(struct arena *arena, const char *names, const char *name)
{
	const char *all = *names ? arena_printf(arena, "%s、%s", names, name) : name;
	return all ? all : names;
}

static struct leader_row *row_of(struct leaders *out, const struct leader *leader)
{
	for (int i = 0; leader && i < out->n; i++)
		if (out->rows[i].leader.node == leader->node && out->rows[i].leader.seq == leader->seq)
			return &out->rows[i];
	return NULL;
}

/* Who helps in one open case. */
static int place_hand(struct db_tx *tx, struct job *job, const struct found *f, const struct case_hand *hand,
		      struct weak_row *weak)
{
	const struct case_helper *h = &hand->helper;
	const struct leader *leader = h->kind == HELPER_LEADER
		? leader_of(f->leaders, f->n_leaders, h, weak->c->org_path) : NULL;
	struct leader_row *row = row_of(&job->out, leader);
	if (h->kind == HELPER_LEADER)
		weak->leaders = join(job->arena, weak->leaders, h->name);
	else if (h->kind == HELPER_UNIT)
		weak->units = join(job->arena, weak->units, h->name);
	else if (h->kind == HELPER_TEAM)
		weak->teams = join(job->arena, weak->teams, h->name);
	if (row)
		return add_link(tx, &row->links, &row->n_links, weak->c, hand, job->arena);
	if (leader)
		return 0;	/* of a node above */
	struct support_row *s = support_of(&job->out, h);
	return add_link(tx, &s->links, &s->n_links, weak->c, hand, job->arena);
}

static int place_all(struct db_tx *tx, struct job *job, const struct found *f)
{
	struct leaders *out = &job->out;
	int r = 0;
	out->weak = arena_zalloc(job->arena, (size_t)f->n_cases + 1, sizeof(*out->weak));
	out->support = arena_zalloc(job->arena, (size_t)f->n_hands + 1, sizeof(*out->support));
	if (!out->weak || !out->support)
		return db_doom_nomem(tx);
	for (int i = 0; i < f->n_cases; i++)
		if (case_is_open(f->cases[i].state))
			out->weak[out->n_weak++] = (struct weak_row){&f->cases[i], "", "", ""};
	for (int i = 0; r == 0 && i < f->n_hands; i++) {
		const struct ledger_case *c = case_of(f->cases, f->n_cases, f->hands[i].case_id);
		if (!c || f->hands[i].helper.to_day)
			continue;
		for (int k = 0; r == 0 && k < out->n_weak; k++)
			if (out->weak[k].c == c)
				r = place_hand(tx, job, f, &f->hands[i], &out->weak[k]);
	}
	for (int i = 0; i < out->n_weak; i++)
		out->n_without += !*out->weak[i].leaders;
	for (int i = 0; i < out->n; i++)
		out->n_unlinked += !out->rows[i].n_links;
	qsort(out->support, (size_t)out->n_support, sizeof(*out->support), by_kind);
	return r;
}

static int get_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct leaders *out = &job->out;
	struct found f = {0};
	struct access access;
	struct leader *leaders;
	struct ledger_case *cases;
	struct case_hand *hands;
	char path[ORG_PATH_MAX];
	*out = (struct leaders){0};
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->node, job->arena, &access, path, info);
	if (r < 0 || (r = store_org_get(tx, job->node, job->arena, &out->node)) < 0 ||
	    (r = store_org_breadcrumb(tx, path, job->arena, &out->crumbs, &out->n_crumbs)) < 0 ||
	    (r = store_leaders(tx, path, true, job->arena, &leaders, &f.n_leaders)) < 0 ||
	    (r = store_case_list(tx, path, -1, job->arena, &cases, &f.n_cases)) < 0 ||
	    (r = store_case_hands(tx, path, job->caller->today / 10000 * 10000, job->arena, &hands,
				  &f.n_hands)) < 0)
		return r;
	app_cut_crumbs(&access, &out->crumbs, &out->n_crumbs);
	f.leaders = leaders;
	f.cases = cases;
	f.hands = hands;
	out->may_write = right_check(&access.holder, ACTION_CASE_WRITE, path);
	out->rows = arena_zalloc(job->arena, (size_t)f.n_leaders + 1, sizeof(*out->rows));
	if (!out->rows)
		return db_doom_nomem(tx);
	for (int i = 0; i < f.n_leaders; i++)
		if (strncmp(leaders[i].node_path, path, strlen(path)) == 0)
			out->rows[out->n++] = (struct leader_row){
				.leader = leaders[i],
				.may_write = right_check(&access.holder, ACTION_CASE_WRITE, leaders[i].node_path)};
	return place_all(tx, job, &f);
}

int leaders_get(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct leaders *ret_leaders, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .arena = arena};
	int r = db_read(app->db, get_fn, &job, info);
	if (r == 0)
		*ret_leaders = job.out;
	return r;
}

/* ---- the list of leaders ---- */

static int check_text(const char *label, const char *text, bool required, struct err_info *info)
{
	if (required && !*text)
		return err_set(info, ERR_INPUT, "请写明%s", label);
	if (strlen(text) > FIELD_MAX)
		return err_set(info, ERR_INPUT, "%s太长，应在 60 字以内", label);
	return 0;
}

static int enter(struct db_tx *tx, struct job *job, struct access *access, struct err_info *info)
{
	struct org node;
	arena_done(&job->own);
	int r = app_enter(tx, job->caller, ACTION_CASE_WRITE, job->node, &job->own, access, NULL, info);
	if (r == 0 && (r = store_org_get(tx, job->node, &job->own, &node)) > 0)
		r = node.level >= LEVEL_UNIT ? err_set(info, ERR_INPUT, "“%s”是基层党组织，领导名册由乡镇以上登记", node.name) : 0;
	return r;
}

static int put_one(struct db_tx *tx, struct leader *l, struct err_info *info)
{
	int r = check_text("姓名", l->name, true, info);
	if (r == 0)
		r = check_text("职务", l->post, true, info);
	if (r == 0)
		r = check_text("电话", l->phone, false, info);
	if (r == 0 && (r = store_leader_put(tx, l)) == ERR_LIMIT)
		r = err_set(info, r, "一处最多登记 %d 名领导", LEADERS_MAX);
	return r;
}

static int put_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct leader l = *job->leader, before = {.name = "", .post = ""};
	struct access access;
	int r = enter(tx, job, &access, info);
	if (r == 0 && l.seq && (r = store_leader_get(tx, l.node, l.seq, &job->own, &before)) == 0)
		return err_set(info, ERR_STATE, "名册里没有这名领导，可能刚被别人去掉");
	if (r >= 0)
		r = put_one(tx, &l, info);
	return r < 0 ? r : app_audit(tx, &access, "leader.put", l.node, l.name,
				     arena_printf(&job->own, "%s %s", before.name, before.post),
				     arena_printf(&job->own, "%s %s", l.name, l.post));
}

static int write_job(struct job *job, db_fn fn, struct err_info *info)
{
	int r = db_write(job->app->db, id_region(job->node), fn, job, info);
	arena_done(&job->own);
	return r;
}

int leaders_put(struct app *app, const struct caller *caller, const struct leader *leader,
		struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = leader->node, .leader = leader};
	return write_job(&job, put_fn, info);
}

static int drop_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct leader l = {0};
	struct access access;
	int r = enter(tx, job, &access, info);
	if (r == 0 && (r = store_leader_get(tx, job->node, job->seq, &job->own, &l)) == 0)
		return err_set(info, ERR_STATE, "名册里没有这名领导，可能刚被别人去掉");
	if (r > 0)
		r = store_leader_drop(tx, job->node, job->seq);
	return r < 0 ? r : app_audit(tx, &access, "leader.drop", job->node, l.name,
				     arena_printf(&job->own, "%s %s", l.name, l.post), "");
}

int leaders_drop(struct app *app, const struct caller *caller, int64_t node, int seq, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .seq = seq};
	return write_job(&job, drop_fn, info);
}

/* ---- many at once ---- */

/* Bytes of a separator at p: tab, comma (also the Chinese one) or blanks; 0: none. */
static size_t separator(const char *p)
{
	static const char *const signs[] = {"\t", ",", "，", "　", " "};
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (strncmp(p, signs[i], strlen(signs[i])) == 0)
			return strlen(signs[i]);
	return 0;
}

/* Up to three fields of a line; what follows the third belongs to none: ERR_INPUT. */
static int read_line(const char *line, size_t len, struct arena *arena, const char *fields[3],
		     int *ret_n)
{
	const char *end = line + len;
	int n = 0;
	for (const char *p = line; p < end;) {
		size_t gap = separator(p);
		if (gap) {
			p += gap;
			continue;
		}
		const char *from = p;
		while (p < end && !separator(p))
			p++;
		if (n == 3)
			return ERR_INPUT;
		if (!(fields[n++] = arena_strndup(arena, from, (size_t)(p - from))))
			return ERR_NOMEM;
	}
	*ret_n = n;
	return 0;
}

static int paste_line(struct db_tx *tx, struct job *job, int line, const char *const fields[3], int n,
		      const struct leader *old, int n_old, struct err_info *info)
{
	struct leader l = {.node = job->node, .name = fields[0], .post = n > 1 ? fields[1] : "",
			   .phone = n > 2 ? fields[2] : ""};
	/* The head of the sheet. */
	if (strcmp(l.name, "姓名") == 0)
		return 0;
	if (n < 2)
		return err_set(info, ERR_INPUT, "第 %d 行“%s”没有职务；一行一名领导：姓名、职务、电话", line, fields[0]);
	for (int i = 0; i < n_old; i++)
		if (old[i].node == job->node && strcmp(old[i].name, l.name) == 0) {
			l.seq = old[i].seq;
			l.phone = *l.phone ? l.phone : old[i].phone;
		}
	job->n += !l.seq;
	return put_one(tx, &l, info);
}

static int paste_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct leader *old = NULL;
	struct access access;
	char path[ORG_PATH_MAX];
	int n_old = 0, line = 0, r = enter(tx, job, &access, info);
	job->n = 0;
	if (r == 0 && (r = store_org_path(tx, job->node, path)) > 0)
		r = store_leaders(tx, path, false, &job->own, &old, &n_old);
	for (const char *p = job->text; r == 0 && *p; p += strcspn(p, "\n") + (p[strcspn(p, "\n")] != 0)) {
		const char *fields[3];
		int n, len = (int)strcspn(p, "\r\n");
		if (++line > PASTE_MAX)
			return err_set(info, ERR_LIMIT, "一次最多粘贴 %d 行", PASTE_MAX);
		r = read_line(p, (size_t)len, &job->own, fields, &n);
		if (r == ERR_INPUT)
			return err_set(info, r, "第 %d 行有多余的内容；一行一名领导：姓名、职务、电话", line);
		if (r == 0 && n)
			r = paste_line(tx, job, line, fields, n, old, n_old, info);
	}
	return r < 0 ? r : app_audit(tx, &access, "leader.put", job->node, "领导名册", "",
				     arena_printf(&job->own, "粘贴 %d 行，新增 %d 名", line, job->n));
}

int leaders_paste(struct app *app, const struct caller *caller, int64_t node, const char *text,
		  int *ret_n, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .text = text};
	int r = write_job(&job, paste_fn, info);
	if (r == 0)
		*ret_n = job.n;
	return r;
}

/* ---- linking ---- */

struct look {
	int64_t node, case_id;
	int seq;
	struct arena *arena;
	struct leader leader;
};

static int look_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct ledger_case c;
	struct case_helper *helpers;
	int n, r = store_leader_get(tx, look->node, look->seq, look->arena, &look->leader);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_STATE, "名册里没有这名领导，可能刚被别人去掉");
	if ((r = store_case_get(tx, look->case_id, look->arena, &c)) <= 0)
		return r < 0 ? r : err_set(info, ERR_STATE, "没有这个台账");
	if (strncmp(c.org_path, look->leader.node_path, strlen(look->leader.node_path)) != 0)
		return err_set(info, ERR_INPUT, "“%s”不在%s", c.org_name, look->leader.node_name);
	if (!case_is_open(c.state))
		return err_set(info, ERR_STATE, "“%s”不在台账里，现在是“%s”", c.org_name,
			       case_state_label(c.state));
	r = store_helpers(tx, c.id, look->arena, &helpers, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (helpers[i].kind == HELPER_LEADER && !helpers[i].to_day &&
		    strcmp(helpers[i].name, look->leader.name) == 0)
			return err_set(info, ERR_CONFLICT, "%s已经联系“%s”", look->leader.name, c.org_name);
	return r;
}

int leaders_link(struct app *app, const struct caller *caller, int64_t node, int seq, int64_t case_id,
		 int every_days, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct look look = {.node = node, .seq = seq, .case_id = case_id, .arena = &arena};
	int r = db_read(app->db, look_fn, &look, info);
	if (r < 0)
		return r;
	const struct case_helper helper = {
		.kind = HELPER_LEADER, .name = look.leader.name, .post = look.leader.post,
		.phone = look.leader.phone, .support_kind = -1, .every_days = every_days, .why = ""};
	return ledger_put_helper(app, caller, case_id, &helper, info);
}
