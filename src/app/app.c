/* SPDX-License-Identifier: Apache-2.0 */
#include "app/app.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "app/pinyin.h"
#include "app/scheme_cache.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/id.h"
#include "store/schema.h"
#include "store/setting.h"

int app_init(struct app *ret_app, struct db *db, struct err_info *info)
{
	struct pinyin *pinyin = NULL;
	int r = db_schema_check(db, &store_schema, info);
	if (r == 0)
		r = pinyin_new(&pinyin, info);
	if (r < 0)
		return r;
	struct scheme_cache *schemes = scheme_cache_new();
	if (!schemes) {
		pinyin_free(pinyin);
		return err_nomem(info);
	}
	*ret_app = (struct app){.db = db, .pinyin = pinyin, .schemes = schemes};
	app_cheap_passwords(ret_app, false);
	pthread_mutex_init(&ret_app->hashing, NULL);
	pthread_mutex_init(&ret_app->slips.lock, NULL);
	return 0;
}

void app_done(struct app *app)
{
	if (!app || !app->db)
		return;
	pinyin_free(app->pinyin);
	scheme_cache_free(app->schemes);
	pthread_mutex_destroy(&app->hashing);
	pthread_mutex_destroy(&app->slips.lock);
	*app = (struct app){0};
}

void app_cheap_passwords(struct app *app, bool cheap)
{
	app->hash_ops = cheap ? crypto_pwhash_OPSLIMIT_MIN : crypto_pwhash_OPSLIMIT_INTERACTIVE;
	app->hash_bytes = cheap ? crypto_pwhash_MEMLIMIT_MIN : crypto_pwhash_MEMLIMIT_INTERACTIVE;
}

static int load_grants(struct db_tx *tx, int64_t account, struct arena *arena,
		       struct right_holder *ret_holder)
{
	struct grant *grants;
	int n;
	int r = store_grants(tx, account, arena, &grants, &n);
	if (r < 0)
		return r;
	struct right_grant *rights = arena_zalloc(arena, (size_t)n + 1, sizeof(*rights));
	if (!rights)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		rights[i] = (struct right_grant){(enum role)grants[i].role, grants[i].node_path};
	*ret_holder = (struct right_holder){rights, n, false};
	return 0;
}

int app_who(struct db_tx *tx, const struct caller *caller, struct arena *arena,
	    struct access *ret_access, struct err_info *info)
{
	struct access access = {.caller = caller};
	struct account account;

	if (caller->machine) {
		access.label = "系统";
		access.holder.machine = true;
		*ret_access = access;
		return 0;
	}
	int r = caller->account ? store_account_get(tx, caller->account, arena, &account) : 0;
	if (r < 0)
		return r;
	if (!r || account.state != ACCOUNT_ACTIVE)
		return err_set(info, ERR_DENIED, "请先登录");
	access.label = account.label;
	access.node = account.node;
	access.must_change = account.must_change;
	if ((r = load_grants(tx, caller->account, arena, &access.holder)) < 0)
		return r;
	*ret_access = access;
	return 0;
}

int app_may(struct db_tx *tx, const struct access *access, enum action action, int64_t node,
	    char *ret_path, struct err_info *info)
{
	char path[ORG_PATH_MAX];
	int r = store_org_path(tx, node, path);
	if (r < 0)
		return r;
	if (!r)
		return err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if (!right_check(&access->holder, action, path))
		return err_set(info, ERR_DENIED, "您没有权限在这个组织做这件事");
	if (access->must_change && action != ACTION_SELF)
		return err_set(info, ERR_DENIED, "请先修改密码");
	if (ret_path)
		memcpy(ret_path, path, sizeof(path));
	return 0;
}

int app_enter(struct db_tx *tx, const struct caller *caller, enum action action, int64_t node,
	      struct arena *arena, struct access *ret_access, char *ret_path,
	      struct err_info *info)
{
	struct access access;
	int r = app_who(tx, caller, arena, &access, info);
	if (r == 0)
		r = app_may(tx, &access, action, node, ret_path, info);
	if (r == 0)
		*ret_access = access;
	return r;
}

void app_cut_crumbs(const struct access *access, struct org **crumbs, int *n)
{
	int first = 0;
	while (first < *n - 1 && !right_check(&access->holder, ACTION_ORG_READ, (*crumbs)[first].path))
		first++;
	*crumbs += first;
	*n -= first;
}

int app_audit(struct db_tx *tx, const struct access *access, const char *act, int64_t node,
	      const char *object, const char *before, const char *after)
{
	const struct caller *caller = access->caller;
	int64_t region = id_region(node ? node : caller->account);
	struct audit_entry entry = {
		.at_ms = caller->now_ms, .account = caller->account,
		.who = access->label ? access->label : "", .origin = caller->origin, .act = act,
		.node = node, .object = object ? object : "", .before = before ? before : "",
		.after = after ? after : "",
	};
	return store_audit_append(tx, region, &entry);
}

struct ask {
	const struct caller *caller;
	int64_t node;
	uint64_t may;
	struct arena *arena;
	struct app_place *places;
	struct org *orgs;
	int n;
};

static int rights_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct ask *ask = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	char path[ORG_PATH_MAX];
	int r = app_who(tx, ask->caller, &arena, &access, info);
	if (r == 0)
		r = store_org_path(tx, ask->node, path);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个组织");
	ask->may = 0;
	_Static_assert(ACTION_COUNT <= 64, "one bit an action");
	for (int i = 0; i < ACTION_COUNT; i++)
		if (right_check(&access.holder, (enum action)i, path))
			ask->may |= UINT64_C(1) << i;
	return 0;
}

int app_rights_at(struct app *app, const struct caller *caller, int64_t node, uint64_t *ret_may,
		  struct err_info *info)
{
	struct ask ask = {.caller = caller, .node = node};
	int r = db_read(app->db, rights_fn, &ask, info);
	if (r == 0)
		*ret_may = ask.may;
	return r;
}

static int path_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct ask *ask = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	int r = app_who(tx, ask->caller, ask->arena, &access, info);
	if (r == 0)
		r = store_org_path(tx, ask->node, path);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if ((r = store_org_breadcrumb(tx, path, ask->arena, &ask->orgs, &ask->n)) < 0)
		return r;
	app_cut_crumbs(&access, &ask->orgs, &ask->n);
	return 0;
}

int app_path_to(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct org **ret_orgs, int *ret_n, struct err_info *info)
{
	struct ask ask = {.caller = caller, .node = node, .arena = arena};
	int r = db_read(app->db, path_fn, &ask, info);
	if (r < 0)
		return r;
	*ret_orgs = ask.orgs;
	*ret_n = ask.n;
	return 0;
}

static int topmost_first(const void *a, const void *b)
{
	const struct app_place *x = a, *y = b;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	return strcmp(x->path, y->path);
}

static int places_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct ask *ask = arg;
	struct access access;
	struct grant *grants;
	struct org_child *roots;
	int n, r = app_who(tx, ask->caller, ask->arena, &access, info);
	if (r < 0)
		return r;
	if (ask->caller->machine) {
		if ((r = store_org_roots(tx, ask->arena, &roots, &n)) < 0)
			return r;
	} else if ((r = store_grants(tx, ask->caller->account, ask->arena, &grants, &n)) < 0) {
		return r;
	}
	ask->places = arena_zalloc(ask->arena, (size_t)n + 1, sizeof(*ask->places));
	if (!ask->places)
		return db_doom_nomem(tx);
	for (int i = 0; i < n; i++)
		ask->places[i] = ask->caller->machine
			? (struct app_place){ROLE_SYSTEM, roots[i].org.id, roots[i].org.name,
					     roots[i].org.path, roots[i].org.level}
			: (struct app_place){(enum role)grants[i].role, grants[i].node,
					     grants[i].node_name, grants[i].node_path,
					     (enum level)grants[i].node_level};
	qsort(ask->places, (size_t)n, sizeof(*ask->places), topmost_first);
	ask->n = n;
	return 0;
}

int app_places(struct app *app, const struct caller *caller, struct arena *arena,
	       struct app_place **ret_places, int *ret_n, struct err_info *info)
{
	struct ask ask = {.caller = caller, .arena = arena};
	int r = db_read(app->db, places_fn, &ask, info);
	if (r == 0) {
		*ret_places = ask.places;
		*ret_n = ask.n;
	}
	return r;
}

int app_key(struct db_tx *tx, const char *name, bool make, unsigned char ret_key[APP_KEY_LEN])
{
	AUTO(arena) struct arena arena = {0};
	char hex[2 * APP_KEY_LEN + 1];
	const char *text;
	size_t len = 0;
	int r = store_setting_get(tx, 0, name, &arena, &text);
	if (r < 0)
		return r;
	if (text && sodium_hex2bin(ret_key, APP_KEY_LEN, text, strlen(text), NULL, &len, NULL) == 0 &&
	    len == APP_KEY_LEN)
		return 0;
	if (!make)
		return ERR_NOT_FOUND;
	randombytes_buf(ret_key, APP_KEY_LEN);
	sodium_bin2hex(hex, sizeof(hex), ret_key, APP_KEY_LEN);
	return store_setting_set(tx, 0, name, hex);
}
