/* SPDX-License-Identifier: Apache-2.0 */
#include "app/accounts.h"

#include <sodium.h>
#include <stdio.h>

#include "app/accounts_in.h"
#include "store/id.h"
#include "store/org.h"

/* ---- reading ---- */

struct look {
	const struct caller *caller;
	struct arena *arena;
	int64_t id;
	const struct account_filter *filter;
	struct accounts_page page;
	struct account_detail detail;
	struct role_request *requests;
	int n;
};

static void blank(struct account *a)
{
	a->password = *a->password ? "*" : "";
	memset(a->totp, 0, sizeof(a->totp));
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	int r = app_enter(tx, look->caller, ACTION_ACCOUNT_READ, look->id, look->arena, &access, path,
			  info);
	if (r == 0)
		r = store_account_list(tx, path, look->filter, look->arena,
				       &look->page.accounts, &look->page.n, &look->page.total);
	if (r == 0)
		r = store_account_roles(tx, path, look->filter, look->arena, &look->page.roles,
					&look->page.n_roles);
	for (int i = 0; r == 0 && i < look->page.n; i++)
		blank(&look->page.accounts[i]);
	return r;
}

int accounts_list(struct app *app, const struct caller *caller, int64_t node,
		  const struct account_filter *filter, struct arena *arena,
		  struct accounts_page *ret_page, struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .id = node, .filter = filter};
	int r = db_read(app->db, list_fn, &look, info);
	if (r == 0)
		*ret_page = look.page;
	return r;
}

static int export_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	char count[48];
	int r = app_enter(tx, look->caller, ACTION_ACCOUNT_READ, look->id, look->arena, &access, NULL,
			  info);
	if (r < 0)
		return r;
	snprintf(count, sizeof(count), "%d 个账号", look->page.n);
	return app_audit(tx, &access, "account.export", look->id, "账号", "", count);
}

int accounts_export(struct app *app, const struct caller *caller, int64_t node,
		    const struct account_filter *filter, struct arena *arena,
		    struct accounts_page *ret_page, struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .id = node, .filter = filter};
	int r = db_read(app->db, list_fn, &look, info);
	if (r < 0)
		return r;
	if (look.page.total > look.page.n)
		return err_set(info, ERR_LIMIT, "符合条件的有 %lld 个，一次最多导出 %lld 个，请按下级组织分别导出",
			       (long long)look.page.total, (long long)filter->limit);
	if ((r = db_write(app->db, id_region(node), export_fn, &look, info)) == 0)
		*ret_page = look.page;
	return r;
}

int account_enter(struct db_tx *tx, const struct caller *caller, enum action action,
		  int64_t id, struct arena *arena, struct access *ret_access,
		  struct account *ret_account, struct err_info *info)
{
	struct access access;
	struct account account = {.password = ""};
	int r = app_who(tx, caller, arena, &access, info);
	if (r == 0)
		r = store_account_get(tx, id, arena, &account);
	if (r < 0)
		return r;
	if (!r)
		return err_set(info, ERR_NOT_FOUND, "没有这个账号");
	if ((r = app_may(tx, &access, action, account.node, NULL, info)) < 0)
		return r;
	*ret_access = access;
	*ret_account = account;
	return 0;
}

/* The caller's own requests that wait for somebody who isn't there. */
static int find_stuck(struct db_tx *tx, const struct caller *caller, struct role_request *requests, int n)
{
	const struct role_request *last = NULL;
	for (int i = 0; i < n; i++) {
		struct role_request *q = &requests[i];
		if (q->asked_by != caller->account)
			continue;
		int r = last && last->node == q->node ? !last->stuck
			: store_grant_elsewhere(tx, ROLE_SECURITY, q->node_path, caller->account, 0);
		if (r < 0)
			return r;
		q->stuck = !r;
		last = q;
	}
	return 0;
}

static int detail_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	struct account_detail *d = &look->detail;
	struct login_guard guard;
	int r = account_enter(tx, look->caller, ACTION_ACCOUNT_READ, look->id, look->arena, &access,
			      &d->account, info);
	if (r < 0)
		return r;
	blank(&d->account);
	if ((r = store_guard_get(tx, d->account.name, &guard)) < 0 ||
	    (r = store_grants(tx, look->id, look->arena, &d->grants, &d->n_grants)) < 0)
		return r;
	d->locked_until_ms = guard.locked_until_ms;
	r = store_requests(tx, "/", look->id, look->arena, &d->requests, &d->n_requests);
	return r ? r : find_stuck(tx, look->caller, d->requests, d->n_requests);
}

int accounts_detail(struct app *app, const struct caller *caller, int64_t account,
		    struct arena *arena, struct account_detail *ret_detail, struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .id = account};
	int r = db_read(app->db, detail_fn, &look, info);
	if (r == 0)
		*ret_detail = look.detail;
	return r;
}

static int requests_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	int r = app_enter(tx, look->caller, ACTION_ROLE_READ, look->id, look->arena, &access, path, info);
	if (r == 0)
		r = store_requests(tx, path, 0, look->arena, &look->requests, &look->n);
	return r < 0 ? r : find_stuck(tx, look->caller, look->requests, look->n);
}

int roles_requests(struct app *app, const struct caller *caller, int64_t node,
		   struct arena *arena, struct role_request **ret_requests, int *ret_n,
		   struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .id = node};
	int r = db_read(app->db, requests_fn, &look, info);
	if (r == 0) {
		*ret_requests = look.requests;
		*ret_n = look.n;
	}
	return r;
}

/* ---- accounts ---- */

struct job {
	const struct caller *caller;
	int64_t account, node, id;
	const struct new_account *in;
	char name[ACCOUNT_NAME_MAX * 4 + 1];
	char hash[PASSWORD_HASH_MAX];
	bool closed, pending;
	enum role role;
	const int64_t *requests;
	int n;
};

int account_name_taken(const char *name, struct err_info *info)
{
	return err_set(info, ERR_CONFLICT, "账号“%s”已被使用", name);
}

int account_insert(struct db_tx *tx, const struct access *access, const struct new_account *in,
		   const char *name, const char *hash, int64_t *ret_id)
{
	struct account account = {
		.node = in->node, .name = name, .label = in->label, .phone = in->phone,
		.password = hash, .must_change = true, .created_ms = access->caller->now_ms,
	};
	int r = store_account_add(tx, &account);
	if (r < 0)
		return r;
	*ret_id = account.id;
	return app_audit(tx, access, "account.add", in->node, name, "", in->label);
}

static int add_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	const char *name = job->name;
	bool taken = false;
	int r = app_enter(tx, job->caller, ACTION_ACCOUNT_WRITE, job->in->node, &arena, &access, NULL,
			  info);
	if (r == 0)
		r = store_account_names_taken(tx, &name, 1, &taken);
	if (r < 0)
		return r;
	if (taken)
		return account_name_taken(name, info);
	return account_insert(tx, &access, job->in, name, job->hash, &job->id);
}

int account_new_check(const struct new_account *in, char name[ACCOUNT_NAME_MAX * 4 + 1],
		      struct err_info *info)
{
	size_t label = strlen(in->label), phone = strlen(in->phone);
	if (!label || label > 120 || !str_is_utf8(in->label, label))
		return err_set(info, ERR_INPUT, "请填写姓名（40 个字以内）");
	if (phone > 40 || !str_is_utf8(in->phone, phone))
		return err_set(info, ERR_INPUT, "电话太长");
	return login_name_check(in->name, name, info);
}

int accounts_add(struct app *app, const struct caller *caller, const struct new_account *in,
		 int64_t *ret_id, char ret_password[PASSWORD_MADE_LEN + 1], struct err_info *info)
{
	struct job job = {.caller = caller, .in = in};
	char password[PASSWORD_MADE_LEN + 1];
	int r = account_new_check(in, job.name, info);
	if (r < 0)
		return r;
	password_make(password);
	if ((r = password_hash(app, password, job.hash, info)) < 0 ||
	    (r = db_write(app->db, id_region(in->node), add_fn, &job, info)) < 0)
		return r;
	*ret_id = job.id;
	memcpy(ret_password, password, sizeof(password));
	sodium_memzero(password, sizeof(password));
	return 0;
}

static int reset_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct account account;
	int r = account_enter(tx, job->caller, ACTION_ACCOUNT_WRITE, job->account, &arena, &access,
			      &account, info);
	if (r < 0)
		return r;
	account.password = job->hash;
	account.must_change = true;
	account.has_totp = false;
	account.totp_step = 0;
	account.password_ms = job->caller->now_ms;
	if ((r = store_account_update(tx, &account)) < 0 ||
	    (r = store_session_remove_all(tx, account.id, NULL)) < 0 ||
	    (r = store_guard_clear(tx, account.name)) < 0)
		return r;
	return app_audit(tx, &access, "password.reset", account.node, account.name, "", "");
}

int accounts_reset(struct app *app, const struct caller *caller, int64_t account,
		   char ret_password[PASSWORD_MADE_LEN + 1], struct err_info *info)
{
	struct job job = {.caller = caller, .account = account};
	char password[PASSWORD_MADE_LEN + 1];
	password_make(password);
	int r = password_hash(app, password, job.hash, info);
	if (r == 0)
		r = db_write(app->db, id_region(account), reset_fn, &job, info);
	if (r == 0)
		memcpy(ret_password, password, sizeof(password));
	sodium_memzero(password, sizeof(password));
	return r;
}

/* Somebody else must be left to grant roles at `org` when the account does so no longer:
 * at `node` only, or (0) at all. */
static int check_secured(struct db_tx *tx, int64_t account, const char *path, const char *org,
			 int64_t node, struct err_info *info)
{
	int r = store_grant_elsewhere(tx, ROLE_SECURITY, path, account, node);
	if (r != 0)
		return r < 0 ? r : 0;
	return err_set(info, ERR_STATE, "这是%s最后一名%s，%s以后没有人能给角色；请先给另一个账号这个角色",
		       org, role_label(ROLE_SECURITY), node ? "收回" : "停用");
}

static int check_closed(struct db_tx *tx, int64_t account, struct arena *arena, struct err_info *info)
{
	struct grant *grants;
	int n, r = store_grants(tx, account, arena, &grants, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (grants[i].role == ROLE_SECURITY)
			r = check_secured(tx, account, grants[i].node_path, grants[i].node_name, 0, info);
	return r;
}

static int close_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct account account;
	enum account_state state = job->closed ? ACCOUNT_CLOSED : ACCOUNT_ACTIVE;
	int r = account_enter(tx, job->caller, ACTION_ACCOUNT_WRITE, job->account, &arena, &access,
			      &account, info);
	if (r < 0)
		return r;
	if (account.id == job->caller->account)
		return err_set(info, ERR_DENIED, "不能停用自己的账号");
	if (account.state == state)
		return 0;
	account.state = state;
	if ((job->closed && (r = check_closed(tx, account.id, &arena, info)) < 0) ||
	    (r = store_account_update(tx, &account)) < 0 ||
	    (r = store_session_remove_all(tx, account.id, NULL)) < 0)
		return r;
	return app_audit(tx, &access, job->closed ? "account.close" : "account.open", account.node,
			 account.name, "", "");
}

int accounts_close(struct app *app, const struct caller *caller, int64_t account, bool closed,
		   struct err_info *info)
{
	struct job job = {.caller = caller, .account = account, .closed = closed};
	return db_write(app->db, id_region(account), close_fn, &job, info);
}

/* ---- roles ---- */

/* Officers, township organisers and administrators have their levels. */
static bool belongs(enum role role, enum level level)
{
	switch (role) {
	case ROLE_OFFICER:
	case ROLE_SYSTEM:
	case ROLE_SECURITY:
	case ROLE_AUDITOR:
		return level <= LEVEL_COUNTY;
	case ROLE_TOWNSHIP:
		return level == LEVEL_TOWNSHIP;
	case ROLE_CLERK:
		return level == LEVEL_UNIT;
	default:
		return true;
	}
}

int account_role_check(enum role role, const struct org *org, struct err_info *info)
{
	/* A small installation's topmost organisation may be a township. */
	if (!belongs(role, org->level) && (org->parent || role == ROLE_CLERK))
		return err_set(info, ERR_STATE, "“%s”是%s，没有“%s”这个角色", org->name,
			       level_label(org->level), role_label(role));
	return 0;
}

static int check_grant(struct db_tx *tx, int64_t account, enum role role, const struct org *org,
		       struct arena *arena, struct err_info *info)
{
	struct grant *grants;
	int n, r = store_grants(tx, account, arena, &grants, &n);
	if (r < 0 || (r = account_role_check(role, org, info)) < 0)
		return r;
	for (int i = 0; i < n; i++) {
		if (grants[i].role == (int)role && grants[i].node == org->id)
			return err_set(info, ERR_STATE, "已有这个角色");
		if (!right_compatible(role, (enum role)grants[i].role))
			return err_set(info, ERR_STATE, "“%s”不能与“%s”由同一账号担任",
				       role_label(role), role_label((enum role)grants[i].role));
	}
	return 0;
}

static int check_asked(struct db_tx *tx, int64_t account, enum role role, const struct org *org,
		       struct arena *arena, struct err_info *info)
{
	struct role_request *requests;
	int n, r = store_requests(tx, org->path, account, arena, &requests, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (requests[i].role == (int)role && requests[i].node == org->id)
			return err_set(info, ERR_STATE, "这个角色已经提出，正等第二个人同意");
	return r;
}

static const char *grant_text(const struct account *account, struct arena *arena)
{
	const char *text = arena_printf(arena, "%s（%s）", account->name, account->label);
	return text ? text : account->name;
}

static int write_grant(struct db_tx *tx, const struct access *access, const struct account *account,
		       enum role role, const struct org *org, struct arena *arena)
{
	int r = store_grant_add(tx, account->id, (int)role, org->id, access->caller->account,
				access->caller->now_ms);
	return r < 0 ? r : app_audit(tx, access, "role.grant", org->id, grant_text(account, arena), "",
				     role_label(role));
}

static int grant_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct account account;
	struct org org;
	int r = account_enter(tx, job->caller, ACTION_ROLE_GRANT, job->account, &arena, &access,
			      &account, info);
	if (r == 0)
		r = app_may(tx, &access, ACTION_ROLE_GRANT, job->node, NULL, info);
	if (r < 0)
		return r;
	if (account.id == job->caller->account)
		return err_set(info, ERR_DENIED, "不能给自己授权");
	if ((r = store_org_get(tx, job->node, &arena, &org)) <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if ((r = check_grant(tx, account.id, job->role, &org, &arena, info)) < 0 ||
	    (r = check_asked(tx, account.id, job->role, &org, &arena, info)) < 0)
		return r;
	job->pending = org.level < LEVEL_COUNTY && !access.holder.machine;
	if (!job->pending)
		return write_grant(tx, &access, &account, job->role, &org, &arena);
	struct role_request request = {
		.account = account.id, .node = org.id, .role = (int)job->role,
		.asked_by = job->caller->account, .asked_ms = job->caller->now_ms,
	};
	if ((r = store_request_add(tx, &request)) < 0)
		return r;
	return app_audit(tx, &access, "role.ask", org.id, grant_text(&account, &arena), "",
			 role_label(job->role));
}

int roles_grant(struct app *app, const struct caller *caller, int64_t account, enum role role,
		int64_t node, bool *ret_pending, struct err_info *info)
{
	struct job job = {.caller = caller, .account = account, .role = role, .node = node};
	if (role < 0 || role >= ROLE_COUNT)
		return err_set(info, ERR_INPUT, "没有这个角色");
	int r = db_write(app->db, id_region(account), grant_fn, &job, info);
	if (r == 0)
		*ret_pending = job.pending;
	return r;
}

static int revoke_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct account account;
	struct org org;
	char path[ORG_PATH_MAX];
	int r = account_enter(tx, job->caller, ACTION_ROLE_GRANT, job->account, &arena, &access,
			      &account, info);
	if (r == 0)
		r = app_may(tx, &access, ACTION_ROLE_GRANT, job->node, path, info);
	if (r < 0 || (r = store_org_get(tx, job->node, &arena, &org)) < 0)
		return r;
	if ((r = store_grant_remove(tx, account.id, (int)job->role, job->node)) <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个角色");
	if (job->role == ROLE_SECURITY && account.state == ACCOUNT_ACTIVE &&
	    (r = check_secured(tx, account.id, path, org.name, job->node, info)) < 0)
		return r;
	return app_audit(tx, &access, "role.revoke", job->node, grant_text(&account, &arena),
			 role_label(job->role), "");
}

int roles_revoke(struct app *app, const struct caller *caller, int64_t account, enum role role,
		 int64_t node, struct err_info *info)
{
	struct job job = {.caller = caller, .account = account, .role = role, .node = node};
	if (role < 0 || role >= ROLE_COUNT)
		return err_set(info, ERR_INPUT, "没有这个角色");
	return db_write(app->db, id_region(account), revoke_fn, &job, info);
}

static int decide_one(struct db_tx *tx, const struct job *job, const struct access *access, int64_t id,
		      struct arena *arena, struct err_info *info)
{
	struct account account;
	struct role_request request;
	struct org org;
	int r = store_request_get(tx, id, arena, &request);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这条申请，可能已处理");
	if ((r = app_may(tx, access, ACTION_ROLE_GRANT, request.node, NULL, info)) < 0)
		return r;
	/* Whoever asked may take his request back, but not grant it. */
	if (request.account == job->caller->account ||
	    (!job->closed && request.asked_by == job->caller->account))
		return err_set(info, ERR_DENIED, "%s的%s：须由申请人和本人以外的第二个人确认", request.account_label,
			       role_label((enum role)request.role));
	if ((r = store_account_get(tx, request.account, arena, &account)) > 0)
		r = store_org_get(tx, request.node, arena, &org);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "账号或组织已不存在");
	if ((r = store_request_remove(tx, request.id)) < 0)
		return r;
	if (job->closed)
		return app_audit(tx, access, "role.refuse", org.id, grant_text(&account, arena), "",
				 role_label((enum role)request.role));
	r = check_grant(tx, account.id, (enum role)request.role, &org, arena, info);
	if (r < 0 && info) {
		struct err_info why = *info;
		return err_set(info, r, "%s：%s", account.label, why.text);
	}
	return r < 0 ? r : write_grant(tx, access, &account, (enum role)request.role, &org, arena);
}

static int decide_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	int r = app_who(tx, job->caller, &arena, &access, info);
	for (int i = 0; r == 0 && i < job->n; i++)
		r = decide_one(tx, job, &access, job->requests[i], &arena, info);
	return r;
}

int roles_decide(struct app *app, const struct caller *caller, const int64_t *requests, int n, bool grant,
		 struct err_info *info)
{
	struct job job = {.caller = caller, .requests = requests, .n = n, .closed = !grant};
	if (n < 1 || n > ROLES_DECIDE_MAX)
		return err_set(info, ERR_INPUT, "请选 1 到 %d 个申请", ROLES_DECIDE_MAX);
	for (int i = 1; i < n; i++)
		if (id_region(requests[i]) != id_region(requests[0]))
			return err_set(info, ERR_INPUT, "一次只办一个县的申请，请分开选");
	return db_write(app->db, id_region(requests[0]), decide_fn, &job, info);
}
