/* SPDX-License-Identifier: Apache-2.0 */
/* Finding, showing and exporting organisations. */
#include <stdio.h>

#include "app/roster.h"
#include "store/id.h"

struct look {
	const struct caller *caller;
	struct arena *arena;
	int64_t id;
	const char *code;
	const struct org_filter *filter;
	struct roster_page page;
	struct org_detail detail;
	struct org_version *versions;
	int n;
	const struct roster_sink *sink;
};

/* ---- list ---- */

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	struct org_filter filter = *look->filter;
	int r = app_enter(tx, look->caller, ACTION_ORG_READ, look->id, look->arena, &access, path, info);
	if (r < 0)
		return r;
	filter.path = path;
	return store_org_list(tx, &filter, look->arena, &look->page.orgs, &look->page.n,
			      &look->page.sum);
}

int roster_list(struct app *app, const struct caller *caller, int64_t node,
	      const struct org_filter *filter, struct arena *arena, struct roster_page *ret_page,
	      struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .id = node, .filter = filter};
	int r = db_read(app->db, list_fn, &look, info);
	if (r == 0)
		*ret_page = look.page;
	return r;
}

/* ---- detail ---- */

static int detail_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct org_detail d = {.successor_name = ""};
	struct access access;
	struct org successor;
	char path[ORG_PATH_MAX];
	int r = app_enter(tx, look->caller, ACTION_ORG_READ, look->id, look->arena, &access, path, info);
	if (r < 0)
		return r;
	if ((r = store_org_get(tx, look->id, look->arena, &d.org)) <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if ((r = store_org_breadcrumb(tx, path, look->arena, &d.crumbs, &d.n_crumbs)) < 0 ||
	    (r = store_org_children(tx, look->id, look->arena, &d.children, &d.n_children)) < 0 ||
	    (r = store_org_links(tx, look->id, look->arena, &d.links, &d.n_links)) < 0 ||
	    (r = store_org_counts(tx, &d.org, look->arena, &d.counts, &d.n_counts)) < 0)
		return r;
	if (d.org.successor) {
		if ((r = store_org_get(tx, d.org.successor, look->arena, &successor)) < 0)
			return r;
		if (r > 0)
			d.successor_name = successor.name;
	}
	for (int i = 0; i < ACTION_COUNT; i++) {
		if (right_check(&access.holder, (enum action)i, path))
			d.may |= UINT64_C(1) << i;
		if (d.n_crumbs > 1 &&
		    right_check(&access.holder, (enum action)i, d.crumbs[d.n_crumbs - 2].path))
			d.may_above |= UINT64_C(1) << i;
	}
	app_cut_crumbs(&access, &d.crumbs, &d.n_crumbs);
	look->detail = d;
	return 0;
}

int roster_detail(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		struct org_detail *ret_detail, struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .id = id};
	int r = db_read(app->db, detail_fn, &look, info);
	if (r == 0)
		*ret_detail = look.detail;
	return r;
}

/* ---- history ---- */

static int history_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	int r = app_enter(tx, look->caller, ACTION_ORG_READ, look->id, look->arena, &access, NULL, info);
	return r < 0 ? r : store_org_history(tx, look->id, look->arena, &look->versions, &look->n);
}

int roster_history(struct app *app, const struct caller *caller, int64_t id, struct arena *arena,
		 struct org_version **ret_versions, int *ret_n, struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .id = id};
	int r = db_read(app->db, history_fn, &look, info);
	if (r == 0) {
		*ret_versions = look.versions;
		*ret_n = look.n;
	}
	return r;
}

/* ---- by code ---- */

static int find_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct org org = {0};
	int r = app_who(tx, look->caller, &arena, &access, info);
	if (r == 0)
		r = store_org_by_code(tx, look->code, &arena, &org);
	if (r < 0)
		return r;
	/* One that he may not see is not there. */
	if (!r || !right_check(&access.holder, ACTION_ORG_READ, org.path))
		return err_set(info, ERR_NOT_FOUND, "没有代码为“%s”的组织", look->code);
	look->id = org.id;
	return 0;
}

int roster_find(struct app *app, const struct caller *caller, const char *code, int64_t *ret_id,
	      struct err_info *info)
{
	struct look look = {.caller = caller, .code = code};
	int r = db_read(app->db, find_fn, &look, info);
	if (r == 0)
		*ret_id = look.id;
	return r;
}

/* ---- export ---- */

struct export {
	struct look *look;
	int64_t n;
	struct err_info *info;
};

static int export_one(void *arg, const struct org *org, const char *parent_code)
{
	struct export *export = arg;
	if (export->look->filter && !org_fits(export->look->filter, org))
		return 0;
	export->n++;
	return export->look->sink->each(export->look->sink->arg, org, parent_code, export->info);
}

static int export_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct export export = {.look = look, .info = info};
	char path[ORG_PATH_MAX];
	int r = app_enter(tx, look->caller, ACTION_ORG_EXPORT, look->id, &arena, &access, path, info);
	if (r < 0)
		return r;
	look->sink->restart(look->sink->arg);
	r = store_org_each(tx, path, export_one, &export);
	look->n = (int)export.n;
	return r;
}

static int export_audit_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	char count[48];
	int r = app_enter(tx, look->caller, ACTION_ORG_EXPORT, look->id, &arena, &access, NULL, info);
	if (r < 0)
		return r;
	snprintf(count, sizeof(count), "%d 个组织", look->n);
	return app_audit(tx, &access, "org.export", look->id, "组织名册", "", count);
}

int roster_export(struct app *app, const struct caller *caller, int64_t node,
		const struct org_filter *filter, const struct roster_sink *sink,
		struct err_info *info)
{
	struct look look = {.caller = caller, .id = node, .filter = filter, .sink = sink};
	/* The rows are read without keeping writers waiting; what was read may be
	 * handed out only after the log says so. */
	int r = db_read(app->db, export_fn, &look, info);
	return r < 0 ? r : db_write(app->db, id_region(node), export_audit_fn, &look, info);
}
