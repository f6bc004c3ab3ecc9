/* SPDX-License-Identifier: Apache-2.0 */
/* The machine's operator replaces an administrator whom nobody in the browser can. */
#include <sodium.h>

#include "app/accounts_in.h"
#include "store/id.h"
#include "store/org.h"

struct rescue {
	const struct caller *caller;
	const struct recovery *in;
	struct arena *arena;
	struct org org;			/* the topmost */
	struct new_account account;
	char name[ACCOUNT_NAME_MAX * 4 + 1];
	char hash[PASSWORD_HASH_MAX];
};

static int root_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct rescue *rescue = arg;
	const char *code = rescue->in->org;
	struct org_child *roots;
	int n, at = 0, r = store_org_roots(tx, rescue->arena, &roots, &n);
	if (r < 0)
		return r;
	if (!n)
		return err_set(info, ERR_STATE, "数据库里还没有组织，请先启动服务，建立首批账号");
	if (n > 1 && !code)
		return err_set(info, ERR_INPUT, "最上级组织有 %d 个，请用 --org 写明是哪一个的代码", n);
	while (code && at < n && strcmp(roots[at].org.code, code) != 0)
		at++;
	if (at == n)
		return err_set(info, ERR_NOT_FOUND, "“%s”不是最上级组织的代码", code);
	rescue->org = roots[at].org;
	return 0;
}

/* Who is gone: his account is closed, and no longer counts. */
static int close_old(struct db_tx *tx, const struct rescue *rescue, const struct access *access,
		     struct arena *arena, struct err_info *info)
{
	const struct recovery *in = rescue->in;
	struct account old;
	struct grant *grants;
	int n, i = 0, r = store_account_by_name(tx, in->instead, arena, &old);
	if (r > 0)
		r = store_grants(tx, old.id, arena, &grants, &n);
	else if (r == 0)
		return err_set(info, ERR_NOT_FOUND, "没有“%s”这个账号", in->instead);
	if (r < 0)
		return r;
	while (i < n && (grants[i].role != (int)in->role || grants[i].node != rescue->org.id))
		i++;
	if (i == n)
		return err_set(info, ERR_STATE, "“%s”不是%s的%s", in->instead, rescue->org.name,
			       role_label(in->role));
	if (old.state == ACCOUNT_CLOSED)
		return 0;
	old.state = ACCOUNT_CLOSED;
	if ((r = store_account_update(tx, &old)) < 0 || (r = store_session_remove_all(tx, old.id, NULL)) < 0)
		return r;
	return app_audit(tx, access, "account.close", old.node, old.name, "", "");
}

/* Above a county two security administrators are needed to give a role. */
static int check_lacking(struct db_tx *tx, const struct rescue *rescue, struct err_info *info)
{
	enum role role = rescue->in->role;
	int64_t needed = role == ROLE_SECURITY && rescue->org.level < LEVEL_COUNTY ? 2 : 1, n;
	int r = store_grant_count(tx, (int)role, rescue->org.id, &n);
	if (r < 0 || n < needed)
		return r;
	return err_set(info, ERR_STATE, "%s已有 %lld 名%s，请在网页上由他们办理；"
		       "有人走了或登录不了的，用 --instead 写他的账号", rescue->org.name, (long long)n,
		       role_label(role));
}

static int recover_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct rescue *rescue = arg;
	const struct recovery *in = rescue->in;
	const char *name = rescue->name, *label = role_label(in->role), *who;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	bool taken;
	int64_t id;
	int r = app_who(tx, rescue->caller, &arena, &access, info);
	if (r == 0 && !access.holder.machine)
		r = err_set(info, ERR_DENIED, "只能在服务器上用命令办理");
	if (r == 0)
		r = store_account_names_taken(tx, &name, 1, &taken);
	if (r < 0)
		return r;
	if (taken)
		return account_name_taken(name, info);
	if (!(who = arena_printf(&arena, "%s（%s）", name, in->label)))
		return err_nomem(info);
	if ((r = app_audit(tx, &access, "account.recover", rescue->org.id, who, in->instead, label)) < 0 ||
	    (in->instead && (r = close_old(tx, rescue, &access, &arena, info)) < 0) ||
	    (r = check_lacking(tx, rescue, info)) < 0 ||
	    (r = account_insert(tx, &access, &rescue->account, name, rescue->hash, &id)) < 0 ||
	    (r = store_grant_add(tx, id, (int)in->role, rescue->org.id, 0, rescue->caller->now_ms)) < 0)
		return r;
	return app_audit(tx, &access, "role.grant", rescue->org.id, who, "", label);
}

int accounts_recover(struct app *app, const struct caller *caller, const struct recovery *in,
		     char ret_password[PASSWORD_MADE_LEN + 1], struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct rescue rescue = {.caller = caller, .in = in, .arena = &arena};
	char password[PASSWORD_MADE_LEN + 1];
	if (in->role != ROLE_SYSTEM && in->role != ROLE_SECURITY && in->role != ROLE_AUDITOR)
		return err_set(info, ERR_INPUT, "只能补系统管理员、安全管理员或审计员");
	int r = db_read(app->db, root_fn, &rescue, info);
	if (r < 0)
		return r;
	rescue.account = (struct new_account){in->name, in->label, "", rescue.org.id};
	if ((r = account_new_check(&rescue.account, rescue.name, info)) < 0)
		return r;
	password_make(password);
	if ((r = password_hash(app, password, rescue.hash, info)) == 0 &&
	    (r = db_write(app->db, id_region(rescue.org.id), recover_fn, &rescue, info)) == 0)
		memcpy(ret_password, password, sizeof(password));
	sodium_memzero(password, sizeof(password));
	return r;
}
