/* SPDX-License-Identifier: Apache-2.0 */
#include "app/audits.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "store/id.h"

#define ANCHOR_ACT "audit.anchor"

/* ---- heads as text ---- */

void audit_anchor_format(const struct audit_head *head, char ret_text[AUDIT_ANCHOR_LEN + 1])
{
	char hex[2 * AUDIT_HASH_LEN + 1];
	sodium_bin2hex(hex, sizeof(hex), head->hash, sizeof(head->hash));
	snprintf(ret_text, AUDIT_ANCHOR_LEN + 1, "%lld:%lld:%s", (long long)head->region,
		 (long long)head->seq, hex);
}

/* One head at the front of `text`; what follows it, or NULL. */
static const char *parse_one(const char *text, struct audit_head *ret_head)
{
	char *end;
	size_t len = 0;
	const char *hex_end;
	struct audit_head head;
	head.region = strtoll(text, &end, 10);
	if (end == text || *end != ':')
		return NULL;
	text = end + 1;
	head.seq = strtoll(text, &end, 10);
	if (end == text || *end != ':' || head.region < 0 || head.seq < 1)
		return NULL;
	if (sodium_hex2bin(head.hash, sizeof(head.hash), end + 1, strlen(end + 1), " ", &len,
			   &hex_end) != 0 || len != sizeof(head.hash))
		return NULL;
	*ret_head = head;
	return hex_end;
}

int audit_anchor_parse(const char *text, struct audit_head *ret_head, struct err_info *info)
{
	const char *rest = parse_one(text, ret_head);
	while (rest && (*rest == ' ' || *rest == '\n'))
		rest++;
	if (!rest || *rest)
		return err_set(info, ERR_INPUT, "“%.100s”不是审计链头，应像 3:1205:9f2c…（64 位十六进制）",
			       text);
	return 0;
}

const char *audit_fault_label(enum audit_fault fault)
{
	switch (fault) {
	case AUDIT_GOOD: return "完好";
	case AUDIT_ALTERED: return "被改动、插入或调换";
	case AUDIT_GAP: return "缺少";
	case AUDIT_CUT: return "末尾被截去";
	case AUDIT_OTHER: return "与留存的链头不符，整条链被重写";
	}
	return "?";
}

/* ---- list ---- */

struct look {
	const struct caller *caller;
	struct arena *arena;
	int64_t node;
	const struct audit_filter *filter;
	struct audit_found found;
	int64_t region;
	struct audit_head *kept;
	int n_kept, cap;
	struct audit_verdict *verdicts;
	int n;
	struct audit_head head;
};

/* Is it the only thing at the front of its path? */
static bool is_top(const char *path)
{
	const char *second = strchr(path + 1, '/');
	return second && second[1] == '\0';
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	int r = app_enter(tx, look->caller, ACTION_AUDIT_READ, look->node, look->arena, &access, path,
			  info);
	if (r < 0)
		return r;
	struct audit_scope scope = {.region = id_region(look->node), .node = look->node, .path = path,
				    .top = is_top(path)};
	/* Chains are per county: below one nothing is set apart. */
	if (scope.region == 0 || scope.top)
		scope.region = AUDIT_BELOW;
	return store_audit_list(tx, &scope, look->filter, look->arena, &look->found);
}

int audits_list(struct app *app, const struct caller *caller, int64_t node,
		const struct audit_filter *filter, struct arena *arena,
		struct audit_found *ret_found, struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .node = node, .filter = filter};
	int r = db_read(app->db, list_fn, &look, info);
	if (r == 0)
		*ret_found = look.found;
	return r;
}

static int export_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct access access;
	char count[48];
	int r = app_enter(tx, look->caller, ACTION_AUDIT_READ, look->node, look->arena, &access, NULL,
			  info);
	if (r < 0)
		return r;
	snprintf(count, sizeof(count), "%d 条", look->found.n);
	return app_audit(tx, &access, "audit.export", look->node, "审计日志", "", count);
}

int audits_export(struct app *app, const struct caller *caller, int64_t node,
		  const struct audit_filter *filter, struct arena *arena,
		  struct audit_found *ret_found, struct err_info *info)
{
	struct audit_filter thorough = *filter;
	struct look look = {.caller = caller, .arena = arena, .node = node, .filter = &thorough};
	thorough.look = AUDIT_LOOK_EXPORT;
	int r = db_read(app->db, list_fn, &look, info);
	if (r < 0)
		return r;
	if (look.found.total > look.found.n)
		return err_set(info, ERR_LIMIT, "符合条件的超过一次能导出的 %lld 条，请缩小日期范围",
			       (long long)filter->limit);
	if (look.found.next_skip)
		return err_set(info, ERR_LIMIT, "按内容一次只查 %d 条，请缩小日期范围", AUDIT_LOOK_EXPORT);
	if ((r = db_write(app->db, id_region(node), export_fn, &look, info)) == 0)
		*ret_found = look.found;
	return r;
}

struct note {
	const struct caller *caller;
	const char *name;
	int rows;
};

static int note_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct note *note = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	char count[48];
	int r = app_who(tx, note->caller, &arena, &access, info);
	if (r < 0)
		return r;
	snprintf(count, sizeof(count), "%d 行", note->rows);
	return app_audit(tx, &access, "table.export", access.node, note->name, "", count);
}

int audits_note_export(struct app *app, const struct caller *caller, const char *name, int rows,
		       struct err_info *info)
{
	struct note note = {caller, name, rows};
	return db_write(app->db, id_region(caller->account), note_fn, &note, info);
}

/* ---- verify ---- */

static int keep(struct look *look, const struct audit_head *head)
{
	if (look->n_kept == look->cap) {
		int cap = look->cap ? look->cap * 2 : 64;
		struct audit_head *more = arena_zalloc(look->arena, (size_t)cap, sizeof(*more));
		if (!more)
			return ERR_NOMEM;
		if (look->n_kept)
			memcpy(more, look->kept, (size_t)look->n_kept * sizeof(*more));
		look->kept = more;
		look->cap = cap;
	}
	look->kept[look->n_kept++] = *head;
	return 0;
}

/* An anchor's entry lists heads, one a line. What can't be read there is found
 * as an altered entry of region 0. */
static int keep_anchors(void *arg, struct str after)
{
	struct look *look = arg;
	char *text = arena_strndup(look->arena, after.data, after.len);
	if (!text)
		return ERR_NOMEM;
	struct audit_head head;
	for (const char *at = text; at && *at;) {
		at = parse_one(at, &head);
		if (at && keep(look, &head) < 0)
			return ERR_NOMEM;
		while (at && *at == '\n')
			at++;
	}
	return 0;
}

struct regions {
	int64_t *at;
	int n;
	bool all;
};

static bool has_region(const struct regions *regions, int64_t region)
{
	for (int i = 0; i < regions->n; i++)
		if (regions->at[i] == region)
			return true;
	return regions->all;
}

static int add_regions(struct arena *arena, struct regions *regions, const int64_t *more, int n)
{
	int64_t *all = arena_zalloc(arena, (size_t)(regions->n + n) + 1, sizeof(*all));
	if (!all)
		return ERR_NOMEM;
	if (regions->n)
		memcpy(all, regions->at, (size_t)regions->n * sizeof(*all));
	regions->at = all;
	for (int i = 0; i < n; i++)
		if (!has_region(regions, more[i]))
			all[regions->n++] = more[i];
	return 0;
}

/* The chains that the caller may read as a whole. */
static int readable(struct db_tx *tx, struct look *look, struct regions *ret_regions,
		    struct err_info *info)
{
	struct access access;
	struct regions regions = {0};
	int r = app_who(tx, look->caller, look->arena, &access, info);
	regions.all = r == 0 && access.holder.machine;
	for (int i = 0; r == 0 && !regions.all && i < access.holder.n; i++) {
		const char *path = access.holder.grants[i].path, *last = path;
		const struct right_holder one = {&access.holder.grants[i], 1, false};
		const int64_t global = 0;
		int64_t *below;
		int n = 0;
		if (!right_check(&one, ACTION_AUDIT_READ, path))
			continue;
		for (const char *p = path; p[1]; p++)
			if (*p == '/')
				last = p;
		const int64_t own = id_region(strtoll(last + 1, NULL, 10));
		if (own)
			r = add_regions(look->arena, &regions, &own, 1);
		else if ((r = store_audit_regions_below(tx, path, look->arena, &below, &n)) == 0)
			r = add_regions(look->arena, &regions, below, n);
		if (r == 0 && is_top(path))
			r = add_regions(look->arena, &regions, &global, 1);
	}
	if (r < 0)
		return r;
	if (!regions.all && (!regions.n || (look->region >= 0 && !has_region(&regions, look->region))))
		return err_set(info, ERR_DENIED, "您没有权限核查这些审计记录");
	*ret_regions = regions;
	return 0;
}

static int county_name(struct db_tx *tx, int64_t region, struct arena *arena,
		       const char **ret_name)
{
	struct org org;
	/* The county itself is the first of its region. */
	int r = region ? store_org_get(tx, region * ID_SPAN + 1, arena, &org) : 0;
	*ret_name = r > 0 ? org.name : "";
	return r < 0 ? r : 0;
}

static int verify_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	struct regions may = {0};
	int64_t *regions = NULL;
	int n = 0, r = readable(tx, look, &may, info);
	int given = look->n_kept;
	if (r == 0)
		r = store_audit_anchors(tx, ANCHOR_ACT, keep_anchors, look);
	if (r == 0)
		r = store_audit_regions(tx, look->arena, &regions, &n);
	if (r < 0)
		return r;
	/* A chain that is gone as a whole, head and all, is known from its anchor. */
	look->verdicts = arena_zalloc(look->arena, (size_t)(n + look->n_kept) + 1,
				      sizeof(*look->verdicts));
	if (!look->verdicts)
		return db_doom_nomem(tx);
	look->n = 0;
	for (int i = 0; i < n + look->n_kept; i++) {
		int64_t region = i < n ? regions[i] : look->kept[i - n].region;
		struct audit_verdict *v = &look->verdicts[look->n];
		bool seen = (look->region >= 0 && region != look->region) || !has_region(&may, region);
		for (int j = 0; j < look->n; j++)
			seen |= look->verdicts[j].region == region;
		if (seen)
			continue;
		v->region = region;
		if ((r = county_name(tx, region, look->arena, &v->name)) < 0 ||
		    (r = store_audit_verify(tx, region, look->kept, look->n_kept, &v->fault,
					    &v->seq)) < 0)
			return r;
		look->n++;
	}
	look->n_kept = given;	/* as before, should this run again */
	return 0;
}

int audits_verify(struct app *app, const struct caller *caller, int64_t region,
		  const struct audit_head *kept, int n_kept, struct arena *arena,
		  struct audit_verdict **ret_verdicts, int *ret_n, struct err_info *info)
{
	struct look look = {.caller = caller, .arena = arena, .region = region};
	int r = 0;
	for (int i = 0; r == 0 && i < n_kept; i++)
		r = keep(&look, &kept[i]);
	if (r < 0)
		return err_nomem(info);
	if ((r = db_read(app->db, verify_fn, &look, info)) == 0) {
		*ret_verdicts = look.verdicts;
		*ret_n = look.n;
	}
	return r;
}

/* ---- anchor ---- */

static int last_anchor(void *arg, struct str after)
{
	struct buf *last = arg;
	buf_clear(last);
	buf_add(last, after.data, after.len);
	return last->failed ? ERR_NOMEM : 0;
}

static int anchor_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf text = {0}, last = {0};
	struct audit_head *heads = NULL;
	struct access access = {.caller = look->caller, .label = "系统"};
	int n = 0, r = store_audit_anchors(tx, ANCHOR_ACT, last_anchor, &last);
	if (r == 0)
		r = store_audit_heads(tx, &arena, &heads, &n);
	if (r < 0)
		return r;
	for (int i = 0; i < n; i++) {
		char line[AUDIT_ANCHOR_LEN + 1];
		if (!heads[i].region)
			continue;
		audit_anchor_format(&heads[i], line);
		buf_addf(&text, "%s\n", line);
	}
	if (text.failed)
		return err_nomem(info);
	if (text.len && strcmp(buf_str(&text), buf_str(&last)) != 0) {
		/* In pieces, for an entry's text has a limit. */
		const int64_t piece = AUDIT_TEXT_MAX - AUDIT_ANCHOR_LEN - 2;
		for (const char *at = buf_str(&text); *at;) {
			size_t len = strlen(at);
			if (len > (size_t)piece) {
				len = (size_t)piece;
				while (at[len - 1] != '\n')
					len--;
			}
			const char *part = arena_strndup(&arena, at, len);
			if (!part)
				return err_nomem(info);
			if ((r = app_audit(tx, &access, ANCHOR_ACT, 0, "各县审计链头", "", part)) < 0)
				return r;
			at += len;
		}
	}
	if ((r = store_audit_heads(tx, &arena, &heads, &n)) < 0)
		return r;
	look->head = (struct audit_head){0};
	for (int i = 0; i < n; i++)
		if (!heads[i].region)
			look->head = heads[i];
	return 0;
}

int audits_anchor(struct app *app, const struct caller *caller, struct audit_head *ret_head,
		  struct err_info *info)
{
	/* Written by the machine itself, whoever asked for it: always region 0. */
	struct caller machine = *caller;
	machine.account = 0;
	struct look look = {.caller = &machine};
	int r = db_write(app->db, 0, anchor_fn, &look, info);
	if (r == 0)
		*ret_head = look.head;
	return r;
}

static int head_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *look = arg;
	AUTO(arena) struct arena arena = {0};
	struct audit_head *heads;
	int n, r = store_audit_heads(tx, &arena, &heads, &n);
	if (r < 0)
		return r;
	for (int i = 0; i < n; i++)
		if (heads[i].region == look->region) {
			look->head = heads[i];
			return 0;
		}
	return err_set(info, ERR_NOT_FOUND, "这里还没有审计记录");
}

int audits_head(struct app *app, int64_t region, struct audit_head *ret_head,
		struct err_info *info)
{
	struct look look = {.region = region};
	int r = db_read(app->db, head_fn, &look, info);
	if (r == 0)
		*ret_head = look.head;
	return r;
}
