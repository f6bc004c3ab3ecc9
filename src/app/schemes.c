/* SPDX-License-Identifier: Apache-2.0 */
#include "app/schemes.h"

#include <stdlib.h>

#include "app/scheme_cache.h"
#include "base/buf.h"
#include "import/scheme_yaml.h"
#include "store/id.h"

/* ---- references ---- */

int scheme_ref_parse(const char *text, struct scheme_ref *ret_ref, struct err_info *info)
{
	struct scheme_ref ref = {0};
	char *end;

	if (*text < '0' || *text > '9') {
		ref.shipped = text;
		*ret_ref = ref;
		return *text ? 0 : err_set(info, ERR_INPUT, "没有说是哪个方案");
	}
	ref.scheme = strtoll(text, &end, 10);
	if (*end == '.') {
		long version = strtol(end + 1, &end, 10);
		if (version > 0 && version <= SCHEME_VERSIONS_MAX)
			ref.version = (int)version;
		else
			end = (char *)text;	/* no good */
	}
	if (*end || end == text || ref.scheme <= 0)
		return err_set(info, ERR_INPUT, "“%.60s”不是方案编号", text);
	*ret_ref = ref;
	return 0;
}

/* ---- who may see one ---- */

/* Own schemes are seen below their node, too: who works by them must know them. */
static bool may_read(const struct access *access, const char *path)
{
	const struct right_holder *who = &access->holder;
	if (!path || !right_anywhere(who, ACTION_SCHEME_READ))
		return false;
	if (right_check(who, ACTION_SCHEME_READ, path))
		return true;
	for (int i = 0; i < who->n; i++)
		if (strncmp(who->grants[i].path, path, strlen(path)) == 0)
			return true;
	return false;
}

static int get_own(struct db_tx *tx, const struct access *access, const struct scheme_ref *ref,
		   struct arena *arena, struct scheme_version *ret_version, struct err_info *info)
{
	int r = store_scheme_get(tx, ref->scheme, ref->version, arena, ret_version);
	if (r < 0)
		return r;
	if (!r)
		return err_set(info, ERR_NOT_FOUND, "没有这个方案，或者没有这个版本");
	if (!may_read(access, ret_version->node_path))
		return err_set(info, ERR_DENIED, "您没有权限看这个方案");
	return 0;
}

int schemes_text(struct db_tx *tx, const struct access *access, const struct scheme_ref *ref,
		 struct arena *arena, struct scheme_version *ret_version, struct err_info *info)
{
	if (!ref->shipped)
		return get_own(tx, access, ref, arena, ret_version, info);
	if (!right_anywhere(&access->holder, ACTION_SCHEME_READ))
		return err_set(info, ERR_DENIED, "您没有权限看方案");
	const struct shipped_scheme *shipped = shipped_scheme_find(ref->shipped);
	if (!shipped)
		return err_set(info, ERR_NOT_FOUND, "没有代码为“%.40s”的方案", ref->shipped);
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(diag) struct diag faults = {0};
	int r = scheme_load_text(&scheme, shipped->id, shipped->text, shipped->len, &faults, info);
	if (r < 0)
		return r;
	*ret_version = (struct scheme_version){
		.name = shipped->id, .title = arena_strdup(arena, scheme.title),
		.text = arena_strndup(arena, shipped->text, shipped->len),
		.state = SCHEME_PUBLISHED, .origin = "", .note = "",
	};
	return ret_version->title && ret_version->text ? 0 : err_nomem(info);
}

/* ---- list ---- */

struct look {
	struct app *app;
	const struct caller *caller;
	struct arena *arena;
	const struct scheme_ref *refs;	/* one, or two to compare */
	struct scheme_version versions[2];
	struct scheme_version *all;
	int n;
	struct scheme_entry *entries;
	bool may_write;
};

static int add_shipped(struct look *look, struct err_info *info)
{
	size_t n;
	const struct shipped_scheme *shipped = shipped_schemes(&n);
	for (size_t i = 0; i < n; i++) {
		const struct scheme *scheme;
		const char *text = arena_strndup(look->arena, shipped[i].text, shipped[i].len);
		int r = text ? scheme_cache_get(look->app->schemes, text, &scheme, info) : err_nomem(info);
		if (r < 0)
			return r;
		look->entries[look->n++] = (struct scheme_entry){
			.ref = shipped[i].id, .name = shipped[i].id, .title = scheme->title,
			.source = scheme->source, .scheme = scheme, .published = shipped[i].id,
		};
	}
	return 0;
}

/* What a county has of its own: a draft or a withdrawal does not hide what was
 * published before it. */
static int add_own(struct db_tx *tx, struct look *look, const struct scheme_version *own,
		   struct err_info *info)
{
	struct scheme_entry e = {
		.ref = arena_printf(look->arena, "%lld", (long long)own->scheme),
		.name = own->name, .title = own->title, .source = "", .own = *own,
	};
	struct scheme_version *all, version;
	int n, r = store_scheme_versions(tx, own->scheme, look->arena, &all, &n);
	for (int i = 0; r == 0 && i < n && !e.published; i++) {
		if (i && all[i].state != SCHEME_PUBLISHED)
			continue;
		if ((r = store_scheme_get(tx, own->scheme, all[i].version, look->arena, &version)) < 0)
			return r;
		if (scheme_cache_get(look->app->schemes, version.text, &e.scheme, NULL) < 0)
			e.scheme = NULL;
		if (all[i].state == SCHEME_PUBLISHED)
			e.published = arena_printf(look->arena, "%s.%d", e.ref, all[i].version);
		r = 0;
	}
	if (r == 0 && !e.ref)
		r = err_nomem(info);
	look->entries[look->n++] = e;
	return r;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	struct scheme_version *own = NULL;
	size_t n_shipped;
	int n_own = 0;

	int r = app_who(tx, look->caller, look->arena, &access, info);
	if (r < 0)
		return r;
	if (!right_anywhere(&access.holder, ACTION_SCHEME_READ))
		return err_set(info, ERR_DENIED, "您没有权限看方案");
	char path[ORG_PATH_MAX] = "/";
	if (access.node && (r = store_org_path(tx, access.node, path)) < 0)
		return r;
	if ((r = store_scheme_list(tx, path, look->arena, &own, &n_own)) < 0)
		return r;
	shipped_schemes(&n_shipped);
	look->n = 0;
	look->entries = arena_zalloc(look->arena, n_shipped + (size_t)n_own + 1,
				     sizeof(*look->entries));
	if (!look->entries)
		return db_doom_nomem(tx);
	for (int i = 0; i < n_own; i++) {
		if (!may_read(&access, own[i].node_path))
			continue;
		if ((r = add_own(tx, look, &own[i], info)) < 0)
			return r;
	}
	return add_shipped(look, info);
}

int schemes_list(struct app *app, const struct caller *caller, struct arena *arena,
		 struct scheme_entry **ret_entries, int *ret_n, struct err_info *info)
{
	struct look look = {.app = app, .caller = caller, .arena = arena};
	int r = db_read(app->db, list_fn, &look, info);
	if (r == 0) {
		*ret_entries = look.entries;
		*ret_n = look.n;
	}
	return r;
}

/* ---- show ---- */

static int show_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	int r = app_who(tx, look->caller, look->arena, &access, info);
	if (r == 0)
		r = schemes_text(tx, &access, look->refs, look->arena, look->versions, info);
	if (r < 0 || look->refs->shipped)
		return r;
	look->may_write = right_check(&access.holder, ACTION_SCHEME_WRITE,
				      look->versions->node_path);
	return store_scheme_versions(tx, look->refs->scheme, look->arena, &look->all, &look->n);
}

void scheme_shown_done(struct scheme_shown *shown)
{
	if (!shown)
		return;
	scheme_text_done(&shown->words);
	scheme_done(&shown->scheme);
	diag_done(&shown->faults);
}

/* What the text says, or what is wrong with it. */
static int read_words(struct scheme_shown *shown, struct err_info *info)
{
	const char *text = shown->version.text;
	int r = scheme_load_text(&shown->scheme, shown->version.name, text, strlen(text),
				 &shown->faults, info);
	if (r == ERR_INPUT)
		return 0;
	if (r == 0)
		r = scheme_text_make(&shown->words, &shown->scheme, info);
	shown->sound = r == 0;
	return r;
}

int schemes_show(struct app *app, const struct caller *caller, const struct scheme_ref *ref,
		 struct arena *arena, struct scheme_shown *ret_shown, struct err_info *info)
{
	struct look look = {.app = app, .caller = caller, .arena = arena, .refs = ref};
	int r = db_read(app->db, show_fn, &look, info);
	if (r < 0)
		return r;
	struct scheme_shown shown = {
		.version = look.versions[0], .versions = look.all, .n_versions = look.n,
		.may_write = look.may_write,
	};
	r = read_words(&shown, info);
	if (r < 0)
		scheme_shown_done(&shown);
	else
		*ret_shown = shown;
	return r;
}

int schemes_check(const char *text, struct diag *faults, struct err_info *info)
{
	AUTO(scheme) struct scheme scheme = {0};
	return scheme_load_text(&scheme, "方案", text, strlen(text), faults, info);
}

/* ---- clone ---- */

/* Appends the text with the top-level keys `id` and `title` written anew. Both
 * stand on one line in every file that loads. */
static void rename_text(struct buf *out, const char *text, const char *name, const char *title)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");
		if (strncmp(line, "id:", 3) == 0)
			buf_addf(out, "id: %s", name);
		else if (strncmp(line, "title:", 6) == 0)
			buf_addf(out, "title: '%s'", title);
		else
			buf_add(out, line, len);
		line += len;
		if (*line)
			buf_addc(out, *line++);
	}
}

static int check_name(const char *name, const char *title, struct err_info *info)
{
	size_t len = strlen(name);
	if (!len || len > SCHEME_NAME_MAX || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != len ||
	    name[0] < 'a' || name[0] > 'z')
		return err_set(info, ERR_INPUT,
			       "方案代码应以小写字母开头，由小写字母、数字和“-”组成，不超过 %d 个",
			       SCHEME_NAME_MAX);
	if (shipped_scheme_find(name))
		return err_set(info, ERR_CONFLICT, "“%s”是自带方案的代码，请换一个", name);
	if (!*title || strpbrk(title, "'\n\r"))
		return err_set(info, ERR_INPUT, "方案名称要写，不能有换行和单引号");
	return 0;
}

struct write {
	struct app *app;
	const struct caller *caller;
	struct arena arena;
	const struct scheme_ref *from;
	const char *name, *title;
	int64_t node, scheme;
	const struct scheme_edit *edit;
	int version;
};

static int clone_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct write *w = arg;
	struct access access;
	struct scheme_version from = {.text = ""};
	AUTO(buf) struct buf text = {0};

	arena_done(&w->arena);
	int r = app_enter(tx, w->caller, ACTION_SCHEME_WRITE, w->node, &w->arena, &access, NULL,
			  info);
	if (r == 0)
		r = schemes_text(tx, &access, w->from, &w->arena, &from, info);
	if (r < 0)
		return r;
	rename_text(&text, from.text, w->name, w->title);
	if (text.failed)
		return db_doom_nomem(tx);
	struct scheme_version new = {
		.node = w->node, .name = w->name, .title = w->title, .text = buf_str(&text),
		.state = SCHEME_DRAFT, .note = "", .account = w->caller->account,
		.origin = arena_printf(&w->arena, from.scheme ? "%s（第 %d 版）" : "%s", from.name,
				       from.version),
		.saved_ms = w->caller->now_ms,
	};
	r = store_scheme_add(tx, &new);
	if (r == ERR_CONFLICT)
		return err_set(info, r, "本级已经有代码为“%s”的方案", w->name);
	if (r == 0)
		r = app_audit(tx, &access, "scheme.clone", w->node, w->name, new.origin, w->title);
	w->scheme = new.scheme;
	return r;
}

int schemes_clone(struct app *app, const struct caller *caller, const struct scheme_ref *from,
		  int64_t node, const char *name, const char *title, int64_t *ret_scheme,
		  struct err_info *info)
{
	struct write w = {.app = app, .caller = caller, .from = from, .name = name, .title = title,
			  .node = node};
	int r = check_name(name, title, info);
	if (r == 0)
		r = db_write(app->db, id_region(node), clone_fn, &w, info);
	if (r == 0)
		*ret_scheme = w.scheme;
	arena_done(&w.arena);
	return r;
}

/* ---- save ---- */

/* Name and title as the text says them; a draft that does not load keeps its
 * own. */
static int describe(struct scheme_version *v, const struct scheme_edit *edit, struct diag *faults,
		    struct arena *arena, struct err_info *info)
{
	AUTO(scheme) struct scheme scheme = {0};
	int r = scheme_load_text(&scheme, "方案", edit->text, strlen(edit->text), faults, info);
	if (r == ERR_INPUT)
		return edit->publish ? err_set(info, r, "方案有 %llu 处错误，改好才能发布；可以先存草稿",
					       (unsigned long long)faults->total)
				     : 0;
	if (r < 0)
		return r;
	if (strcmp(scheme.id, v->name) != 0)
		return err_set(info, ERR_INPUT, "方案代码（id）不能改：应为 %s，写的是 %s", v->name, scheme.id);
	v->title = arena_strdup(arena, scheme.title);
	return v->title ? 0 : err_nomem(info);
}

static int save_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct write *w = arg;
	const struct scheme_edit *edit = w->edit;
	struct access access;
	struct scheme_version last = {0};

	arena_done(&w->arena);
	int r = app_who(tx, w->caller, &w->arena, &access, info);
	if (r == 0)
		r = store_scheme_get(tx, edit->scheme, 0, &w->arena, &last);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个方案");
	if ((r = app_may(tx, &access, ACTION_SCHEME_WRITE, last.node, NULL, info)) < 0)
		return r;
	if (last.version != edit->version || last.saved_ms != edit->saved_ms)
		return err_set(info, ERR_CONFLICT, "%s刚存过这个方案，请先看看他改了什么，再改",
			       last.account_label ? last.account_label : "别人");
	struct scheme_version v = last;
	if (last.state != SCHEME_DRAFT)
		v.version++;
	if (v.version > SCHEME_VERSIONS_MAX)
		return err_set(info, ERR_LIMIT, "一个方案最多 %d 版", SCHEME_VERSIONS_MAX);
	if (w->title)
		v.title = w->title;
	v.text = edit->text;
	v.note = edit->note ? edit->note : "";
	v.state = edit->publish ? SCHEME_PUBLISHED : SCHEME_DRAFT;
	v.account = w->caller->account;
	v.saved_ms = w->caller->now_ms > last.saved_ms ? w->caller->now_ms : last.saved_ms + 1;
	r = store_scheme_put(tx, &v);
	if (r == 0)
		r = app_audit(tx, &access, edit->publish ? "scheme.publish" : "scheme.save", last.node,
			      v.name, arena_printf(&w->arena, "第 %d 版", last.version),
			      arena_printf(&w->arena, "第 %d 版 %s", v.version, v.note));
	w->version = v.version;
	return r;
}

int schemes_save(struct app *app, const struct caller *caller, const struct scheme_edit *edit,
		 struct diag *faults, int *ret_version, struct err_info *info)
{
	struct write w = {.app = app, .caller = caller, .edit = edit};
	AUTO(arena) struct arena arena = {0};
	struct scheme_shown now;
	const struct scheme_ref ref = {.scheme = edit->scheme};

	if (strlen(edit->text) > SCHEME_TEXT_MAX)
		return err_set(info, ERR_INPUT, "方案太长，应在 %d 字节以内", SCHEME_TEXT_MAX);
	/* Read the words outside of the write: others need not wait for it. */
	int r = schemes_show(app, caller, &ref, &arena, &now, info);
	if (r < 0)
		return r;
	scheme_shown_done(&now);
	if ((r = describe(&now.version, edit, faults, &arena, info)) < 0)
		return r;
	w.title = now.version.title;
	r = db_write(app->db, id_region(edit->scheme), save_fn, &w, info);
	if (r == 0)
		*ret_version = w.version;
	arena_done(&w.arena);
	return r;
}

static int withdraw_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct write *w = arg;
	struct access access;
	struct scheme_version v = {0};

	arena_done(&w->arena);
	int r = app_who(tx, w->caller, &w->arena, &access, info);
	if (r == 0)
		r = store_scheme_get(tx, w->scheme, w->version, &w->arena, &v);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这个方案，或者没有这个版本");
	if ((r = app_may(tx, &access, ACTION_SCHEME_WRITE, v.node, NULL, info)) < 0)
		return r;
	if (v.state != SCHEME_PUBLISHED)
		return err_set(info, ERR_STATE, "只有发布了的版本才用停用");
	r = store_scheme_set_state(tx, w->scheme, w->version, SCHEME_WITHDRAWN);
	if (r == 0)
		r = app_audit(tx, &access, "scheme.withdraw", v.node, v.name, "",
			      arena_printf(&w->arena, "第 %d 版", v.version));
	return r;
}

int schemes_withdraw(struct app *app, const struct caller *caller, int64_t scheme, int version,
		     struct err_info *info)
{
	struct write w = {.app = app, .caller = caller, .scheme = scheme, .version = version};
	int r = db_write(app->db, id_region(scheme), withdraw_fn, &w, info);
	arena_done(&w.arena);
	return r;
}
