/* SPDX-License-Identifier: Apache-2.0 */
/* What people do with the checks: they mark findings, set thresholds, and have the
 * totals of reported sheets added up. */
#include "app/integrity.h"

#include "app/ledger_in.h"
#include "domain/exact.h"
#include "store/id.h"

/* ---- findings ---- */

struct mark_job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	struct finding_mark mark;
};

static int mark_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct mark_job *job = arg;
	AUTO(arena) struct arena arena = {0};
	struct campaign_call call;
	int r = campaign_enter(tx, job->app, job->caller, ACTION_CHECK_WRITE, job->campaign, job->node, &arena,
			       &call, info);
	if (r < 0)
		return r;
	job->mark.who = call.access.label;
	job->mark.at_ms = job->caller->now_ms;
	if ((r = store_finding_mark(tx, job->campaign, &job->mark)) < 0)
		return r;
	return app_audit(tx, &call.access, "check.mark", job->node, job->mark.finding, "",
			 arena_printf(&arena, "%s：%s", job->mark.confirmed ? "属实" : "已说明", job->mark.reason));
}

int integrity_mark(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		   const char *key, bool confirmed, const char *reason, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct mark_job job = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			       .mark = {.finding = key, .confirmed = confirmed, .reason = reason}};
	struct integrity_report report = {0};
	bool found = false;
	int r = ledger_check_text("理由", reason, true, info);
	if (r == 0)
		r = integrity_run(app, caller, campaign, node, &arena, &report, info);
	if (r < 0)
		return r;
	/* A mark stays in the report for good: nothing is marked that was never found. */
	for (int i = 0; i < report.n && !found; i++)
		found = strcmp(report.keys[i], key) == 0;
	if (!found)
		return err_set(info, ERR_CONFLICT, "核查结果里没有这一条，可能刚有人改了数据，请重新打开核查再看");
	return db_write(app->db, id_region(campaign), mark_fn, &job, info);
}

/* ---- thresholds ---- */

int integrity_read_limits(struct db_tx *tx, int64_t campaign, struct arena *arena,
			  struct integrity_limits *ret_limits)
{
	struct finding_limit *own;
	int n, r = store_finding_limits(tx, campaign, arena, &own, &n);
	*ret_limits = integrity_defaults;
	for (int i = 0; r == 0 && i < n; i++)
		for (int k = 0; k < INTEGRITY_LIMITS; k++)
			if (strcmp(own[i].name, integrity_limit_table[k].id) == 0)
				*integrity_limit_of(ret_limits, k) = own[i].value;
	return r;
}

struct limits_job {
	struct app *app;
	const struct caller *caller;
	int64_t campaign;
	const int *values;
	struct arena arena;
};

static int limits_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct limits_job *job = arg;
	struct integrity_limits now, defaults = integrity_defaults;
	struct campaign campaign;
	struct access access;
	arena_done(&job->arena);
	int r = store_campaign_get(tx, job->campaign, &job->arena, &campaign);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这项年度工作");
	if ((r = app_enter(tx, job->caller, ACTION_CAMPAIGN_WRITE, campaign.node, &job->arena, &access, NULL,
			   info)) < 0 ||
	    (r = integrity_read_limits(tx, job->campaign, &job->arena, &now)) < 0)
		return r;
	if (campaign.state != CAMPAIGN_OPEN)
		return err_set(info, ERR_STATE, "“%s”已经结束", campaign.title);
	for (int i = 0; r == 0 && i < INTEGRITY_LIMITS; i++) {
		const struct integrity_limit *l = &integrity_limit_table[i];
		int before = *integrity_limit_of(&now, i), after = job->values[i];
		const struct finding_limit own = {l->id, after};
		if (before == after)
			continue;
		if (after < l->min || after > l->max)
			return err_set(info, ERR_INPUT, "%s：应在 %d 到 %d %s之间", l->label, l->min, l->max, l->unit);
		r = store_finding_limit_put(tx, job->campaign, &own, after != *integrity_limit_of(&defaults, i));
		if (r == 0)
			r = app_audit(tx, &access, "check.limit", campaign.node, l->label,
				      arena_printf(&job->arena, "%d %s", before, l->unit),
				      arena_printf(&job->arena, "%d %s", after, l->unit));
	}
	return r;
}

int integrity_set_limits(struct app *app, const struct caller *caller, int64_t campaign,
			 const int values[INTEGRITY_LIMITS], struct err_info *info)
{
	struct limits_job job = {.app = app, .caller = caller, .campaign = campaign, .values = values};
	int r = db_write(app->db, id_region(campaign), limits_fn, &job, info);
	arena_done(&job.arena);
	return r;
}

/* ---- a sheet with totals ---- */

enum { SHEET_ROWS_MAX = 20000, SHEET_COLUMNS_MAX = 60, SHEET_NAME_MAX = 200, SHEET_TOTALS_MAX = 2000,
	SHEET_FIGURES_MAX = 20000 };

struct summing {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node;
	const char *file;
	struct arena *arena;
	const char *heads[SHEET_COLUMNS_MAX];
	int n_columns;
	int64_t part[SHEET_COLUMNS_MAX];	/* since the last subtotal */
	int64_t all[SHEET_COLUMNS_MAX];		/* rows that are no totals */
	bool filled[SHEET_COLUMNS_MAX];		/* has a number in some row */
	struct reported_sum *sums;
	int n;
	/* Figures of rows that name an organisation, until it is known which. */
	struct row_figure {
		uint64_t line;
		int column;
		const char *name;
		int64_t figure_e4;
	} *figures;
	int n_figures;
	struct integrity_sheet out;
};

static bool holds(struct str text, const char *word)
{
	return text.len && memmem(text.data, text.len, word, strlen(word)) != NULL;
}

/* Of shares, means and places a row of totals tells no sum. */
static bool is_summed(const char *head)
{
	static const char *const not[] = {"率", "比例", "平均", "均", "%", "％", "名次", "得分", "年份", "年度"};
	for (size_t i = 0; i < ARRAY_LEN(not); i++)
		if (strstr(head, not[i]))
			return false;
	return true;
}

static bool is_total(struct str cell, bool *ret_part)
{
	static const char *const all[] = {"合计", "总计", "共计"};
	cell = str_trim(cell);
	*ret_part = holds(cell, "小计");
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (holds(cell, all[i]))
			return true;
	return *ret_part;
}

static bool number_of(struct str cell, int64_t *ret_e4)
{
	cell = str_trim(cell);
	return cell.len && decimal_parse_e4(cell, ret_e4);
}

/* A row of totals: each figure beside what the rows above it add up to. */
static int take_total(struct summing *s, const struct table_row *row, bool part, struct err_info *info)
{
	const char *name = arena_strndup(s->arena, str_trim(row->cells[0]).data, str_trim(row->cells[0]).len);
	for (int c = 1; c < row->n && c < s->n_columns; c++) {
		int64_t figure;
		if (!s->filled[c] || !is_summed(s->heads[c]) || !number_of(row->cells[c], &figure))
			continue;
		if (s->n == SHEET_TOTALS_MAX)
			return err_set(info, ERR_LIMIT, "《%s》的合计太多", s->file);
		s->sums[s->n] = (struct reported_sum){
			.node = s->node, .file = s->file, .reported_e4 = figure,
			.what = arena_printf(s->arena, "第 %llu 行%s“%s”", (unsigned long long)row->line,
					     name ? name : "", s->heads[c]),
			.rows_e4 = part ? s->part[c] : s->all[c]};
		if (!s->sums[s->n].what)
			return err_nomem(info);
		s->out.n_wrong += s->sums[s->n].reported_e4 != s->sums[s->n].rows_e4;
		s->n++;
	}
	memset(s->part, 0, sizeof(s->part));
	return 0;
}

static int take_row(struct summing *s, const struct table_row *row, struct err_info *info)
{
	/* "1 | 石桥镇党委 | …": the name may stand after a running number. */
	int64_t number;
	int at = row->n > 1 && number_of(row->cells[0], &number);
	struct str text = row->n > at ? str_trim(row->cells[at]) : (struct str){0};
	const char *name = arena_strndup(s->arena, text.data, text.len < SHEET_NAME_MAX ? text.len : 0);
	if (!name)
		return err_nomem(info);
	for (int c = 1; c < row->n && c < s->n_columns; c++) {
		int64_t figure;
		if (!number_of(row->cells[c], &figure))
			continue;
		s->filled[c] = true;
		s->part[c] += figure;
		s->all[c] += figure;
		if (*name && c > at && s->n_figures < SHEET_FIGURES_MAX)
			s->figures[s->n_figures++] = (struct row_figure){row->line, c, name, figure};
	}
	s->out.n_rows++;
	return 0;
}

/* ---- against what is known here ---- */

enum own_figure { OWN_NONE = -4, OWN_ORGS = -3, OWN_GRADED = -2, OWN_LEDGER = -1 /* from 0: a grade */ };

static bool ends_with(struct str text, const char *end)
{
	size_t len = strlen(end);
	return text.len > len && memcmp(text.data + text.len - len, end, len) == 0;
}

/* What a head counts: "较差个数（个）" → the grade 较差. */
static int figure_of(const struct scheme *scheme, const char *head)
{
	static const char *const tails[] = {"个数", "组织数", "党支部数", "数量", "数", "总"};
	static const struct {
		const char *head;
		enum own_figure figure;
	} heads[] = {
		{"基层党组织", OWN_ORGS}, {"党组织", OWN_ORGS}, {"基层党", OWN_ORGS}, {"党", OWN_ORGS}, {"已定级", OWN_GRADED},
		{"参加定级", OWN_GRADED}, {"定级", OWN_GRADED}, {"软弱涣散", OWN_LEDGER}, {"软弱涣散基层党组织", OWN_LEDGER},
		{"软弱涣散基层党", OWN_LEDGER}, {"软弱涣散党", OWN_LEDGER}, {"在台账", OWN_LEDGER}, {"整顿", OWN_LEDGER},
	};
	struct str text = str_trim(str_from(head));
	const char *open = memmem(text.data, text.len, "（", strlen("（"));
	open = open ? open : memmem(text.data, text.len, "(", 1);
	if (open)
		text = str_trim((struct str){text.data, (size_t)(open - text.data)});
	for (size_t i = 0; i < ARRAY_LEN(tails); i++)
		if (ends_with(text, tails[i]))
			text.len -= strlen(tails[i]);
	for (int i = 0; i < scheme->n_grades; i++)
		if (str_eqs(text, scheme->grades[i].label))
			return i;
	for (size_t i = 0; i < ARRAY_LEN(heads); i++)
		if (str_eqs(text, heads[i].head))
			return heads[i].figure;
	return OWN_NONE;
}

struct known {
	struct campaign_org *orgs;
	struct result *results;
	struct ledger_case *cases;
	int n_orgs, n_results, n_cases;
};

static int64_t count_own(const struct known *k, const char *path, int figure)
{
	size_t len = strlen(path);
	int64_t n = 0;
	for (int i = 0; i < k->n_orgs && figure == OWN_ORGS; i++)
		n += k->orgs[i].category >= 0 && strncmp(k->orgs[i].path, path, len) == 0;
	for (int i = 0; i < k->n_cases && figure == OWN_LEDGER; i++)
		n += case_is_open(k->cases[i].state) && strncmp(k->cases[i].org_path, path, len) == 0;
	for (int i = 0; i < k->n_results && (figure == OWN_GRADED || figure >= 0); i++)
		n += strcmp(k->results[i].status, "graded") == 0 && strncmp(k->results[i].path, path, len) == 0 &&
		     (figure == OWN_GRADED || k->results[i].grade == figure);
	return n;
}

/* The committee a row names; NULL: none, or several. */
static const struct campaign_org *committee_named(const struct known *k, const char *name)
{
	const struct campaign_org *found = NULL;
	for (int i = 0; i < k->n_orgs; i++) {
		const struct campaign_org *o = &k->orgs[i];
		if (o->category >= 0 || (strcmp(o->code, name) != 0 && !strstr(o->name, name)))
			continue;
		if (found && strcmp(o->name, name) != 0 && strcmp(o->code, name) != 0)
			return NULL;
		found = o;
	}
	return found;
}

/* Figures that differ from ours join the totals (CT-3: figures only from below). */
static int compare_own(struct db_tx *tx, struct summing *s, const struct campaign_call *call)
{
	struct result_filter filter = RESULT_FILTER(call->path);
	struct known k = {0};
	int64_t total;
	int r;
	if ((r = store_campaign_orgs(tx, s->campaign, call->path, false, s->arena, &k.orgs, &k.n_orgs)) < 0 ||
	    (r = store_result_list(tx, s->campaign, &filter, s->arena, &k.results, &k.n_results, &total)) < 0 ||
	    (r = store_case_list(tx, call->path, -1, s->arena, &k.cases, &k.n_cases)) < 0)
		return r;
	for (int i = 0; i < s->n_figures && s->n < SHEET_TOTALS_MAX; i++) {
		const struct row_figure *f = &s->figures[i];
		int figure = figure_of(call->scheme, s->heads[f->column]);
		const struct campaign_org *o = figure == OWN_NONE ? NULL : committee_named(&k, f->name);
		if (!o)
			continue;
		int64_t own_e4 = count_own(&k, o->path, figure) * E4;
		s->out.n_known++;
		if (own_e4 == f->figure_e4)
			continue;
		s->out.n_differ++;
		s->sums[s->n] = (struct reported_sum){
			.node = s->node, .file = s->file, .reported_e4 = f->figure_e4, .rows_e4 = own_e4, .own = true,
			.what = arena_printf(s->arena, "第 %llu 行%s“%s”", (unsigned long long)f->line, f->name,
					     s->heads[f->column])};
		if (!s->sums[s->n].what)
			return db_doom_nomem(tx);
		s->n++;
	}
	return 0;
}

static int read_sheet(struct summing *s, struct table *table, struct err_info *info)
{
	struct table_row row;
	int r = table_next(table, &row, info);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_INPUT, "《%s》是空的", s->file);
	s->n_columns = row.n < SHEET_COLUMNS_MAX ? row.n : SHEET_COLUMNS_MAX;
	for (int c = 0; c < s->n_columns; c++) {
		struct str head = str_trim(row.cells[c]);
		s->heads[c] = arena_strndup(s->arena, head.data, head.len < SHEET_NAME_MAX ? head.len : 0);
		if (!s->heads[c])
			return err_nomem(info);
	}
	while ((r = table_next(table, &row, info)) > 0) {
		bool part = false;
		if (row.broken)
			return err_set(info, ERR_INPUT, "《%s》第 %llu 行：%s", s->file, (unsigned long long)row.line,
				       row.why);
		if (s->out.n_rows == SHEET_ROWS_MAX)
			return err_set(info, ERR_LIMIT, "《%s》太长：最多 %d 行", s->file, SHEET_ROWS_MAX);
		/* The first row of totals may stand above the rows: then nothing is known yet. */
		bool total = row.n && (is_total(row.cells[0], &part) ||
				       (row.n > 1 && !str_trim(row.cells[0]).len && is_total(row.cells[1], &part)));
		if (!total && (r = take_row(s, &row, info)) < 0)
			return r;
		if (total && s->out.n_rows && (r = take_total(s, &row, part, info)) < 0)
			return r;
	}
	return r;
}

static int sums_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct summing *s = arg;
	struct campaign_call call;
	/* As it was read, should this run again. */
	s->n = s->out.n_totals;
	s->out.n_known = s->out.n_differ = 0;
	int r = campaign_enter(tx, s->app, s->caller, ACTION_CHECK_WRITE, s->campaign, s->node, s->arena,
			       &call, info);
	if (r == 0)
		r = compare_own(tx, s, &call);
	if (r == 0)
		r = store_reported_clear(tx, s->campaign, s->node, s->file);
	for (int i = 0; r >= 0 && i < s->n; i++)
		r = store_reported_put(tx, s->campaign, &s->sums[i], s->caller->now_ms, call.access.label);
	if (r < 0)
		return r;
	return app_audit(tx, &call.access, "check.sheet", s->node, s->file, "",
			 arena_printf(s->arena, "合计 %d 处，对不上 %d 处；系统里有的数 %d 处，不一样 %d 处",
				      s->out.n_totals, s->out.n_wrong, s->out.n_known, s->out.n_differ));
}

int integrity_add_up(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		     struct table *table, const char *file, struct arena *arena,
		     struct integrity_sheet *ret_sheet, struct err_info *info)
{
	struct summing *s = arena_zalloc(arena, 1, sizeof(*s));
	if (!s)
		return err_nomem(info);
	*s = (struct summing){.app = app, .caller = caller, .campaign = campaign, .node = node, .file = file,
			      .arena = arena};
	s->sums = arena_zalloc(arena, SHEET_TOTALS_MAX, sizeof(*s->sums));
	s->figures = arena_zalloc(arena, SHEET_FIGURES_MAX, sizeof(*s->figures));
	if (!s->sums || !s->figures)
		return err_nomem(info);
	if (strlen(file) > SHEET_NAME_MAX)
		return err_set(info, ERR_INPUT, "文件名太长");
	int r = read_sheet(s, table, info);
	if (r == 0 && !s->n)
		return err_set(info, ERR_INPUT, "《%s》里没有合计：第一列应写“合计”“总计”或“小计”，放在明细下面", file);
	s->out.n_totals = s->n;
	if (r == 0)
		r = db_write(app->db, id_region(campaign), sums_fn, s, info);
	if (r == 0)
		*ret_sheet = s->out;
	return r;
}
