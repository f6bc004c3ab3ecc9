/* SPDX-License-Identifier: Apache-2.0 */
#include "app/draws.h"

#include <sodium.h>
#include <stdlib.h>

#include "app/ledger_in.h"
#include "domain/day.h"
#include "store/id.h"

/* ---- the drawing ---- */

static void digest(const char *seed_hex, struct str text, unsigned char out[32])
{
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)seed_hex, strlen(seed_hex));
	crypto_hash_sha256_update(&state, (const unsigned char *)"\n", 1);
	crypto_hash_sha256_update(&state, (const unsigned char *)text.data, text.len);
	crypto_hash_sha256_final(&state, out);
}

struct lot {
	struct str node, code;
	unsigned char hash[32];
	int place;
};

static int by_node_and_hash(const void *a, const void *b)
{
	const struct lot *x = a, *y = b;
	size_t len = x->node.len < y->node.len ? x->node.len : y->node.len;
	int c = memcmp(x->node.data, y->node.data, len);
	if (c || x->node.len != y->node.len)
		return c ? c : x->node.len < y->node.len ? -1 : 1;
	c = memcmp(x->hash, y->hash, sizeof(x->hash));
	return c ? c : x->place - y->place;
}

/* Lines "node\tcode\tname" as lots; ERR_INPUT. */
static int read_lots(const char *seed_hex, const char *population, struct arena *arena,
		     struct lot **ret_lots, int *ret_n)
{
	int n = 0, lines = 0;
	for (const char *p = population; *p; p++)
		lines += *p == '\n';
	struct lot *lots = arena_zalloc(arena, (size_t)lines + 1, sizeof(*lots));
	if (!lots)
		return ERR_NOMEM;
	for (const char *p = population; *p;) {
		size_t len = strcspn(p, "\n"), node = strcspn(p, "\t\n");
		if (!p[len] || node == len)
			return ERR_INPUT;
		size_t code = strcspn(p + node + 1, "\t\n");
		lots[n] = (struct lot){{p, node}, {p + node + 1, code}, {0}, n};
		digest(seed_hex, lots[n].code, lots[n].hash);
		n++;
		p += len + 1;
	}
	qsort(lots, (size_t)n, sizeof(*lots), by_node_and_hash);
	*ret_lots = lots;
	*ret_n = n;
	return 0;
}

/* The codes drawn, a line each. */
static int draw_codes(const char *seed_hex, const char *population, int each, struct arena *arena,
		      struct buf *out)
{
	struct lot *lots;
	int n, taken = 0, r = read_lots(seed_hex, population, arena, &lots, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		taken = i && str_eq(lots[i].node, lots[i - 1].node) ? taken + 1 : 0;
		if (taken < each) {
			buf_add(out, lots[i].code.data, lots[i].code.len);
			buf_addc(out, '\n');
		}
	}
	return r < 0 ? r : out->failed ? ERR_NOMEM : 0;
}

int draw_verify(const char *seed_hex, const char *fingerprint_hex, const char *population, int each,
		const char *drawn, struct err_info *info)
{
	return draw_verify_dealt(seed_hex, fingerprint_hex, population, each, drawn, 0, "", info);
}

int draw_verify_dealt(const char *seed_hex, const char *fingerprint_hex, const char *population, int each,
		      const char *drawn, int groups, const char *dealt, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf codes = {0}, whole = {0};
	unsigned char hash[32];
	char hex[DRAW_HEX_LEN + 1];
	if (strlen(seed_hex) != DRAW_HEX_LEN)
		return err_set(info, ERR_INPUT, "种子应为 %d 个十六进制字符", DRAW_HEX_LEN);
	buf_adds(&whole, population);
	draw_add_groups(&whole, groups);
	if (whole.failed)
		return err_nomem(info);
	digest(seed_hex, str_from(buf_str(&whole)), hash);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	if (strcmp(hex, fingerprint_hex) != 0)
		return err_set(info, ERR_STATE, "指纹不符：抽取以后种子或名单被改过");
	int r = draw_codes(seed_hex, population, each, &arena, &codes);
	if (r < 0)
		return r == ERR_INPUT ? err_set(info, r, "名单的格式不对") : r;
	if (strcmp(buf_str(&codes), drawn) != 0)
		return err_set(info, ERR_STATE, "抽中的名单与种子不符");
	return groups ? draw_verify_deal(seed_hex, population, groups, dealt, info) : 0;
}

/* ---- making one ---- */

struct draw_job {
	struct app *app;
	const struct caller *caller;
	int64_t id, node;
	enum level level;
	int each;
	bool only_cases;
	int groups;
	unsigned char seed[DRAW_SEED_LEN];
	const struct spot_group *group;
	struct arena *arena;
	struct draws *out;
};

enum { GROUP_TEXT_MAX = 600 /* bytes: 200 characters */ };

struct gather {
	struct buf *out;
	enum level level;
	struct buf node;		/* code of the covered node last seen */
	char node_path[ORG_PATH_MAX];
	bool only_cases;
	struct ledger_case *cases;
	int n_cases;
};

static bool in_ledger(const struct gather *g, int64_t org)
{
	for (int i = 0; i < g->n_cases; i++)
		if (g->cases[i].org == org && case_is_open(g->cases[i].state))
			return true;
	return false;
}

/* By path, so that a node comes before what lies below it. */
static int gather_one(void *arg, const struct org *org, const char *parent_code)
{
	struct gather *g = arg;
	(void)parent_code;
	if (org->state != ORG_ACTIVE)
		return 0;
	if (org->level == g->level) {
		buf_clear(&g->node);
		buf_adds(&g->node, org->code);
		memcpy(g->node_path, org->path, strlen(org->path) + 1);
	}
	bool below = g->node.len && strncmp(org->path, g->node_path, strlen(g->node_path)) == 0;
	if (org->level == LEVEL_UNIT && below && (!g->only_cases || in_ledger(g, org->id)))
		buf_addf(g->out, "%s\t%s\t%s\n", buf_str(&g->node), org->code, org->name);
	return 0;
}

static int make_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct draw_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf population = {0}, drawn = {0};
	struct gather g = {.out = &population, .level = job->level, .only_cases = job->only_cases};
	struct access access;
	char path[ORG_PATH_MAX], hex[DRAW_HEX_LEN + 1];
	struct spot_draw draw = {.node = job->node, .level = (int)job->level, .each = job->each,
				 .only_cases = job->only_cases, .groups = job->groups, .made_ms = job->caller->now_ms,
				 .account = job->caller->account};
	int r = app_enter(tx, job->caller, ACTION_CHECK_WRITE, job->node, &arena, &access, path, info);
	if (r == 0 && job->only_cases)
		r = store_case_list(tx, path, -1, &arena, &g.cases, &g.n_cases);
	if (r == 0)
		r = store_org_each(tx, path, gather_one, &g);
	buf_done(&g.node);
	if (r < 0)
		return r;
	if (!population.len)
		return err_set(info, ERR_STATE, "没有可抽的组织");
	sodium_bin2hex(hex, sizeof(hex), job->seed, sizeof(job->seed));
	if ((r = draw_codes(hex, buf_str(&population), job->each, &arena, &drawn)) < 0)
		return r;
	struct draw_deal *deals;
	int n_deals;
	if (job->groups && (r = draw_deal(hex, buf_str(&population), job->groups, &arena, &deals, &n_deals, info)) < 0)
		return r;
	draw.population = arena_strdup(&arena, buf_str(&population));
	draw_add_groups(&population, job->groups);
	if (!draw.population || population.failed)
		return db_doom_nomem(tx);
	digest(hex, str_from(buf_str(&population)), draw.fingerprint);
	memcpy(draw.seed, job->seed, sizeof(draw.seed));
	draw.drawn = buf_str(&drawn);
	if ((r = store_draw_insert(tx, &draw)) < 0)
		return r;
	job->id = draw.id;
	sodium_bin2hex(hex, sizeof(hex), draw.fingerprint, sizeof(draw.fingerprint));
	return app_audit(tx, &access, "draw.make", job->node, "抽查", "", arena_printf(&arena, "指纹 %s", hex));
}

int draw_make(struct app *app, const struct caller *caller, int64_t node, enum level level,
	      int each, bool only_cases, int64_t *ret_id, struct err_info *info)
{
	return draw_make_dealt(app, caller, node, level, each, only_cases, 0, ret_id, info);
}

int draw_make_dealt(struct app *app, const struct caller *caller, int64_t node, enum level level,
		    int each, bool only_cases, int groups, int64_t *ret_id, struct err_info *info)
{
	struct draw_job job = {.app = app, .caller = caller, .node = node, .level = level, .each = each,
			       .only_cases = only_cases, .groups = groups};
	if (each < 1 || each > DRAW_EACH_MAX)
		return err_set(info, ERR_INPUT, "每处抽 1 到 %d 个", DRAW_EACH_MAX);
	randombytes_buf(job.seed, sizeof(job.seed));
	int r = db_write(app->db, id_region(node), make_fn, &job, info);
	if (r == 0)
		*ret_id = job.id;
	return r;
}

static int group_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct draw_job *job = arg;
	const struct spot_group *g = job->group;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct spot_draw draw;
	int r = store_draw_get(tx, g->draw, &arena, &draw);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这次抽查");
	r = app_enter(tx, job->caller, ACTION_CHECK_WRITE, draw.node, &arena, &access, NULL, info);
	if (r == 0 && (g->number < 1 || g->number > draw.groups))
		r = err_set(info, ERR_INPUT, "这次抽查没有第 %d 组", g->number);
	if (r == 0 && (strlen(g->leader) > GROUP_TEXT_MAX || strlen(g->members) > GROUP_TEXT_MAX))
		r = err_set(info, ERR_INPUT, "组长和组员各在 200 字以内");
	if (r == 0)
		r = store_draw_group_put(tx, g);
	return r < 0 ? r : app_audit(tx, &access, "draw.group", draw.node, "抽查", "",
				     arena_printf(&arena, "第 %d 组 组长 %s 组员 %s", g->number, g->leader, g->members));
}

int draw_put_group(struct app *app, const struct caller *caller, const struct spot_group *group,
		   struct err_info *info)
{
	struct draw_job job = {.app = app, .caller = caller, .group = group};
	return db_write(app->db, id_region(group->draw), group_fn, &job, info);
}

static int reveal_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct draw_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct access access;
	struct spot_draw draw;
	int r = store_draw_get(tx, job->id, &arena, &draw);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这次抽查");
	r = app_enter(tx, job->caller, ACTION_CHECK_WRITE, draw.node, &arena, &access, NULL, info);
	if (r == 0)
		r = store_draw_reveal(tx, draw.id, job->caller->now_ms);
	if (r == ERR_CONFLICT)
		return err_set(info, r, "这次抽查已经公开过");
	return r < 0 ? r : app_audit(tx, &access, "draw.reveal", draw.node, "抽查", "", draw.drawn);
}

int draw_reveal(struct app *app, const struct caller *caller, int64_t draw, struct err_info *info)
{
	struct draw_job job = {.app = app, .caller = caller, .id = draw};
	return db_write(app->db, id_region(draw), reveal_fn, &job, info);
}

static int read_dealt(struct db_tx *tx, struct draw_job *job, const struct spot_draw *draw,
		      struct draw_dealt *dealt)
{
	struct err_info none = {0};
	char hex[DRAW_HEX_LEN + 1];
	sodium_bin2hex(hex, sizeof(hex), draw->seed, sizeof(draw->seed));
	int r = draw_deal(hex, draw->population, draw->groups, job->arena, &dealt->deals, &dealt->n_deals, &none);
	return r < 0 ? r : store_draw_groups(tx, draw->id, job->arena, &dealt->groups, &dealt->n_groups);
}

/* Of the node and of those above it, newest first; what is not yet revealed of one
 * made above shows those below it only its fingerprint. */
static int read_draws(struct db_tx *tx, struct draw_job *job, const struct access *access,
		      const char *path)
{
	struct draws *d = job->out;
	struct org *crumbs;
	int n, r = store_org_breadcrumb(tx, path, job->arena, &crumbs, &n);
	if (r < 0)
		return r;
	d->at = arena_zalloc(job->arena, (size_t)n * DRAWS_MAX + 1, sizeof(*d->at));
	d->secret = arena_zalloc(job->arena, (size_t)n * DRAWS_MAX + 1, sizeof(*d->secret));
	d->may_reveal = arena_zalloc(job->arena, (size_t)n * DRAWS_MAX + 1, sizeof(*d->may_reveal));
	d->dealt = arena_zalloc(job->arena, (size_t)n * DRAWS_MAX + 1, sizeof(*d->dealt));
	if (!d->at || !d->secret || !d->may_reveal || !d->dealt)
		return db_doom_nomem(tx);
	for (int i = n; i-- > 0;) {
		bool reads = right_check(&access->holder, ACTION_CHECK_READ, crumbs[i].path);
		struct spot_draw *own;
		int m;
		if ((r = store_draws(tx, crumbs[i].id, job->arena, &own, &m)) < 0)
			return r;
		for (int k = 0; k < m; k++) {
			struct spot_draw *at = &d->at[d->n];
			*at = own[k];
			if (at->groups && (at->revealed_ms || reads) &&
			    (r = read_dealt(tx, job, at, &d->dealt[d->n])) < 0)
				return r;
			d->may_reveal[d->n] = right_check(&access->holder, ACTION_CHECK_WRITE, crumbs[i].path);
			d->secret[d->n++] = !at->revealed_ms;
			if (at->revealed_ms)
				continue;
			memset(at->seed, 0, sizeof(at->seed));
			at->population = reads ? at->population : "";
			at->drawn = reads ? at->drawn : "";
		}
	}
	return 0;
}

static void add_place(struct draws *d, int64_t id, const char *name)
{
	for (int i = 0; i < d->n_places; i++)
		if (d->places[i].id == id)
			return;
	if (d->n_places < DRAW_PLACES_MAX)
		d->places[d->n_places++] = (struct draw_place){id, name};
}

static int add_drawn(struct db_tx *tx, struct draw_job *job, const char *path, const char *const *codes, int n)
{
	struct org *orgs;
	int found, r = n ? store_orgs_by_codes(tx, codes, n, job->arena, &orgs, &found) : 0;
	/* In the order of the draw. */
	for (int i = 0; r == 0 && i < n; i++)
		for (int k = 0; k < found; k++)
			if (strcmp(orgs[k].code, codes[i]) == 0 && strncmp(orgs[k].path, path, strlen(path)) == 0)
				add_place(job->out, orgs[k].id, orgs[k].name);
	return r;
}

/* Where somebody goes next. */
static int read_places(struct db_tx *tx, struct draw_job *job, const char *path)
{
	struct draws *d = job->out;
	struct ledger_case *cases;
	int n, r = store_case_list(tx, path, -1, job->arena, &cases, &n);
	d->places = arena_zalloc(job->arena, DRAW_PLACES_MAX, sizeof(*d->places));
	if (r == 0 && !d->places)
		return db_doom_nomem(tx);
	for (int i = 0; r == 0 && i < d->n; i++) {
		const char *codes[ORG_CODES_MAX];
		int m = 0;
		for (const char *p = d->secret[i] ? d->at[i].drawn : ""; r == 0 && *p; p += strcspn(p, "\n") + 1) {
			if (!(codes[m++] = arena_strndup(job->arena, p, strcspn(p, "\n"))))
				return db_doom_nomem(tx);
			if (m == ORG_CODES_MAX) {
				r = add_drawn(tx, job, path, codes, m);
				m = 0;
			}
		}
		if (r == 0)
			r = add_drawn(tx, job, path, codes, m);
	}
	for (int i = 0; r == 0 && i < n; i++)
		if (cases[i].state != CASE_DROPPED && cases[i].state != CASE_SETTLED)
			add_place(d, cases[i].org, cases[i].org_name);
	return r;
}

static int draws_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct draw_job *job = arg;
	struct draws *d = job->out;
	struct access access;
	char path[ORG_PATH_MAX];
	*d = (struct draws){0};
	int r = app_enter(tx, job->caller, ACTION_CASE_READ, job->node, job->arena, &access, path, info);
	if (r < 0 || (r = store_org_get(tx, job->node, job->arena, &d->node)) < 0 ||
	    (r = read_draws(tx, job, &access, path)) < 0)
		return r;
	for (int i = 0; i < ACTION_COUNT; i++)
		if (right_check(&access.holder, (enum action)i, path))
			d->may |= UINT64_C(1) << i;
	bool reads = d->may >> ACTION_CHECK_READ & 1;
	if (!reads || (r = store_checks(tx, path, false, job->arena, &d->checks, &d->n_checks)) < 0 ||
	    (r = store_attachments_of_checks(tx, path, job->arena, &d->photos, &d->n_photos)) < 0)
		return r;
	return read_places(tx, job, path);
}

int draw_list(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
	      struct draws *ret, struct err_info *info)
{
	struct draws out = {0};
	struct draw_job job = {.app = app, .caller = caller, .node = node, .arena = arena, .out = &out};
	int r = db_read(app->db, draws_fn, &job, info);
	if (r == 0)
		*ret = out;
	return r;
}

/* ---- findings ---- */

struct check_job {
	struct app *app;
	const struct caller *caller;
	const struct spot_check *in;
	const char *text;
	int64_t id;
};

/* "27.7213,112.0085" or "". */
static bool position_good(const char *text)
{
	for (const char *p = text; *p; p++)
		if (!strchr("0123456789.,-", *p))
			return false;
	return strlen(text) <= 40;
}

/* In the ledger it is an event of the case. */
static int tell_case(struct db_tx *tx, struct check_job *job, const struct access *access,
		     struct spot_check *check, struct arena *arena, struct err_info *info)
{
	struct ledger_work work = {.app = job->app, .caller = job->caller, .access = *access};
	int r = store_case_of_org(tx, check->org, arena, &work.c);
	if (r <= 0)
		return r;
	check->case_id = work.c.id;
	r = ledger_event(tx, &work, CASE_EVENT_CHECK, work.c.state, check->day, check->finding, info);
	arena_done(&work.arena);
	return r;
}

static int check_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct check_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct spot_check check = *job->in;
	struct access access;
	int r = app_enter(tx, job->caller, ACTION_CHECK_WRITE, check.org, &arena, &access, NULL, info);
	if (r < 0)
		return r;
	check.account = job->caller->account;
	check.who = access.label;
	check.at_ms = job->caller->now_ms;
	check.day = check.day ? check.day : job->caller->today;
	check.closing = "";
	if (!*check.sent)
		check.sent = arena_printf(&arena, "%lld-%lld", (long long)check.org, (long long)check.at_ms);
	if (!check.sent)
		return db_doom_nomem(tx);
	if ((r = store_check_insert(tx, &check)) < 0)
		return r;
	job->id = check.id;
	if (r == 1)
		return 0;	/* sent before */
	if ((r = tell_case(tx, job, &access, &check, &arena, info)) < 0)
		return r;
	return app_audit(tx, &access, "check.add", check.org, "抽查", "", check.finding);
}

int check_add(struct app *app, const struct caller *caller, const struct spot_check *check,
	      int64_t *ret_id, struct err_info *info)
{
	struct check_job job = {.app = app, .caller = caller, .in = check};
	int r = ledger_check_text("看到的情况", check->finding, true, info);
	if (r < 0)
		return r;
	if (!position_good(check->position) || strlen(check->sent) > 64)
		return err_set(info, ERR_INPUT, "位置的格式不对");
	if ((check->day && (!day_valid(check->day) || check->day > caller->today)) ||
	    !day_valid(check->deadline))
		return err_set(info, ERR_INPUT, "日期不对");
	r = db_write(app->db, id_region(check->org), check_fn, &job, info);
	if (r == 0)
		*ret_id = job.id;
	return r;
}

static int close_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct check_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct spot_check check;
	struct access access;
	int r = store_check_get(tx, job->id, &arena, &check);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这次抽查记录");
	r = app_enter(tx, job->caller, ACTION_CHECK_WRITE, check.org, &arena, &access, NULL, info);
	if (r == 0)
		r = store_check_close(tx, check.id, job->caller->today, job->text);
	if (r == ERR_CONFLICT)
		return err_set(info, r, "已经销过");
	return r < 0 ? r : app_audit(tx, &access, "check.close", check.org, check.finding, "", job->text);
}

int check_close(struct app *app, const struct caller *caller, int64_t check, const char *closing,
		struct err_info *info)
{
	struct check_job job = {.app = app, .caller = caller, .id = check, .text = closing};
	int r = ledger_check_text("整改结果", closing, true, info);
	return r < 0 ? r : db_write(app->db, id_region(check), close_fn, &job, info);
}
