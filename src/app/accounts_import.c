/* SPDX-License-Identifier: Apache-2.0 */
#include "app/accounts_import.h"

#include <stdlib.h>

#include "app/accounts_in.h"
#include "store/id.h"

enum column { NAME, LABEL, ORG, PHONE, ROLE, COLUMNS };

static const struct {
	const char *id, *label;
	bool required;
} columns[COLUMNS] = {
	[NAME] = {"name", "账号", true},
	[LABEL] = {"label", "姓名", true},
	[ORG] = {"org", "组织代码", true},
	[PHONE] = {"phone", "电话", false},
	[ROLE] = {"role", "角色", false},
};

/* Rows whose organisations and names are asked for together. */
enum { LOOKED_UP = ORG_CODES_MAX };
_Static_assert((int)LOOKED_UP <= (int)ACCOUNT_NAMES_MAX, "one question each");

struct row {
	uint64_t line;
	const char *cells[COLUMNS];
	char name[ACCOUNT_NAME_MAX * 4 + 1];
	char hash[PASSWORD_HASH_MAX];
	enum role role;
	bool has_role, broken;
	struct org org;			/* id 0: there is none */
	bool taken;			/* somebody has the name */
	const char *wrong[3];		/* found while reading */
	int n_wrong;
};

struct work {
	const struct caller *caller;
	int64_t node;
	const char *file;
	bool dry_run, dry_done;
	struct diag *diag;
	struct arena *arena;
	struct row *rows;
	struct account_slip *slips;
	int n, cap;
	int at[COLUMNS];		/* cell of each column, or -1 */
};

static int column_of(struct str heading)
{
	heading = str_trim(heading);
	if (str_eqs(heading, "登录名"))	/* older templates */
		return NAME;
	for (int i = 0; i < COLUMNS; i++)
		if (str_eqs(heading, columns[i].id) || str_eqs(heading, columns[i].label))
			return i;
	return -1;
}

bool accounts_is_head(void *unused, int n, const struct str *cells)
{
	(void)unused;
	for (int i = 0; i < n; i++)
		if (column_of(cells[i]) == NAME)
			return true;
	return false;
}

const char *accounts_column(int i, bool *ret_required)
{
	if (i >= COLUMNS)
		return NULL;
	*ret_required = columns[i].required;
	return columns[i].label;
}

static void complain(struct work *w, uint64_t line, const char *what)
{
	diag_add(w->diag, "%s 第 %llu 行：%s", w->file, (unsigned long long)line, what);
}

/* Said with what the database finds, in the order of the rows. */
static int wrong(struct work *w, struct row *row, const char *what)
{
	const char *kept = arena_strdup(w->arena, what);
	if (!kept || row->n_wrong == (int)ARRAY_LEN(row->wrong))
		return kept ? 0 : ERR_NOMEM;
	row->wrong[row->n_wrong++] = kept;
	return 0;
}

static int read_head(struct work *w, const struct table_row *head, struct err_info *info)
{
	for (int i = 0; i < COLUMNS; i++)
		w->at[i] = -1;
	for (int i = 0; i < head->n; i++) {
		int column = column_of(head->cells[i]);
		if (column >= 0 && w->at[column] >= 0)
			return err_set(info, ERR_INPUT, "%s：列“%s”重复", w->file, columns[column].label);
		if (column >= 0)
			w->at[column] = i;
	}
	for (int i = 0; i < COLUMNS; i++)
		if (columns[i].required && w->at[i] < 0)
			return err_set(info, ERR_INPUT, "%s：缺少“%s”这一列", w->file, columns[i].label);
	return 0;
}

static int add_row(struct work *w, struct row **ret_row)
{
	if (w->n == w->cap) {
		int cap = w->cap ? w->cap * 2 : 64;
		struct row *rows = arena_zalloc(w->arena, (size_t)cap, sizeof(*rows));
		if (!rows)
			return ERR_NOMEM;
		if (w->n)
			memcpy(rows, w->rows, (size_t)w->n * sizeof(*rows));
		w->rows = rows;
		w->cap = cap;
	}
	*ret_row = &w->rows[w->n++];
	return 0;
}

static int read_row(struct work *w, const struct table_row *in, struct err_info *info)
{
	struct row *row;
	struct err_info local = {0};
	if (add_row(w, &row) < 0)
		return err_nomem(info);
	row->line = in->line;
	for (int i = 0; i < COLUMNS; i++) {
		struct str cell = {0};
		if (w->at[i] >= 0 && w->at[i] < in->n)
			cell = str_trim(in->cells[w->at[i]]);
		row->cells[i] = arena_strndup(w->arena, cell.data ? cell.data : "", cell.len);
		if (!row->cells[i])
			return err_nomem(info);
	}
	const struct new_account in_account = {row->cells[NAME], row->cells[LABEL], row->cells[PHONE], 0};
	int r = 0;
	if (account_new_check(&in_account, row->name, &local) < 0)
		r = wrong(w, row, local.text);
	row->has_role = *row->cells[ROLE] != '\0';
	if (r == 0 && row->has_role && role_find(str_from(row->cells[ROLE]), &row->role) < 0) {
		err_set(&local, ERR_INPUT, "没有“%s”这个角色，应为组织部、乡镇组织委员、党支部等",
			row->cells[ROLE]);
		row->has_role = false;
		r = wrong(w, row, local.text);
	}
	return r < 0 ? err_nomem(info) : 0;
}

static int read_broken(struct work *w, const struct table_row *in, struct err_info *info)
{
	struct row *row;
	if (add_row(w, &row) < 0)
		return err_nomem(info);
	row->line = in->line;
	row->broken = true;
	for (int i = 0; i < COLUMNS; i++)
		row->cells[i] = "";
	return wrong(w, row, in->why) < 0 ? err_nomem(info) : 0;
}

/* By name, then as they stand in the sheet. */
static int by_name(const void *a, const void *b)
{
	const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
	int c = strcmp(x->name, y->name);
	return c ? c : (x > y) - (x < y);
}

static int find_repeated(struct work *w, struct err_info *info)
{
	struct row **rows = arena_zalloc(w->arena, (size_t)w->n + 1, sizeof(struct row *));
	const struct row *first = NULL;
	if (!rows)
		return err_nomem(info);
	for (int i = 0; i < w->n; i++)
		rows[i] = &w->rows[i];
	qsort(rows, (size_t)w->n, sizeof(*rows), by_name);
	for (int i = 0; i < w->n; i++) {
		struct err_info local = {0};
		if (!*rows[i]->name)
			continue;
		if (!first || strcmp(first->name, rows[i]->name) != 0) {
			first = rows[i];
			continue;
		}
		err_set(&local, ERR_INPUT, "账号“%s”与第 %llu 行重复", first->name,
			(unsigned long long)first->line);
		if (wrong(w, rows[i], local.text) < 0)
			return err_nomem(info);
	}
	return 0;
}

static int read_table(struct work *w, struct table *table, struct err_info *info)
{
	struct table_row row;
	int r = table_next(table, &row, info);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_INPUT, "%s 是空的", w->file);
	if ((r = read_head(w, &row, info)) < 0)
		return r;
	while ((r = table_next(table, &row, info)) > 0) {
		if (w->n == ACCOUNTS_IMPORT_MAX)
			return err_set(info, ERR_LIMIT, "%s 太长：一次最多 %d 个账号", w->file,
				       ACCOUNTS_IMPORT_MAX);
		if ((r = row.broken ? read_broken(w, &row, info) : read_row(w, &row, info)) < 0)
			return r;
	}
	return r < 0 ? r : find_repeated(w, info);
}

static int make_slips(struct work *w, struct err_info *info)
{
	w->slips = arena_zalloc(w->arena, (size_t)w->n + 1, sizeof(*w->slips));
	if (!w->slips)
		return err_nomem(info);
	for (int i = 0; i < w->n; i++) {
		struct account_slip *slip = &w->slips[i];
		struct row *row = &w->rows[i];
		int r;
		slip->name = row->name;
		slip->label = row->cells[LABEL];
		slip->role = row->has_role ? role_label(row->role) : "";
		if (w->dry_run || row->n_wrong)
			continue;
		password_make(slip->password);
		if ((r = password_hash_made(slip->password, row->hash, info)) < 0)
			return r;
	}
	return 0;
}

static int ask_for_role(struct db_tx *tx, const struct access *access, int64_t account,
			const struct row *row, int64_t node)
{
	struct role_request request = {
		.account = account, .node = node, .role = (int)row->role,
		.asked_by = access->caller->account, .asked_ms = access->caller->now_ms,
	};
	int r = store_request_add(tx, &request);
	return r < 0 ? r : app_audit(tx, access, "role.ask", node, row->name, "",
				     role_label(row->role));
}

/* Asks for the organisations and the names of some rows at once. */
static int look_up(struct work *w, struct db_tx *tx, struct row *rows, int n)
{
	const char *codes[LOOKED_UP], *names[LOOKED_UP];
	bool taken[LOOKED_UP];
	struct org *orgs;
	int n_orgs;
	for (int i = 0; i < n; i++) {
		codes[i] = rows[i].cells[ORG];
		names[i] = rows[i].name;
	}
	int r = store_orgs_by_codes(tx, codes, n, w->arena, &orgs, &n_orgs);
	if (r == 0)
		r = store_account_names_taken(tx, names, n, taken);
	for (int i = 0; r == 0 && i < n; i++) {
		rows[i].taken = taken[i];
		rows[i].org = (struct org){0};
		for (int j = 0; j < n_orgs; j++)
			if (strcmp(orgs[j].code, codes[i]) == 0)
				rows[i].org = orgs[j];
	}
	return r;
}

static int insert_row(struct work *w, struct db_tx *tx, const struct access *access,
		      const char *within, int i)
{
	struct row *row = &w->rows[i];
	struct err_info local = {0};
	const struct org *org = &row->org;
	int64_t id;
	for (int j = 0; j < row->n_wrong; j++)
		complain(w, row->line, row->wrong[j]);
	if (row->broken)
		return 0;
	if (!org->id || strncmp(org->path, within, strlen(within)) != 0) {
		err_set(&local, ERR_INPUT, "没有组织代码“%s”，或不在您管理的范围内", row->cells[ORG]);
		complain(w, row->line, local.text);
		return 0;
	}
	if (row->has_role && account_role_check(row->role, org, &local) < 0) {
		complain(w, row->line, local.text);
		return 0;
	}
	if (row->n_wrong)
		return 0;
	if (row->taken) {
		account_name_taken(row->name, &local);
		complain(w, row->line, local.text);
		return 0;
	}
	const struct new_account in = {row->name, row->cells[LABEL], row->cells[PHONE], org->id};
	int r = account_insert(tx, access, &in, row->name, row->hash, &id);
	if (r < 0)
		return r;
	w->slips[i].org = org->name;
	return row->has_role ? ask_for_role(tx, access, id, row, org->id) : 0;
}

static int import_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct access access;
	char within[ORG_PATH_MAX];
	int r = app_enter(tx, w->caller, ACTION_ACCOUNT_WRITE, w->node, w->arena, &access, within, info);
	diag_done(w->diag);	/* this may run again */
	for (int i = 0; r == 0 && i < w->n; i++) {
		if (i % LOOKED_UP == 0)
			r = look_up(w, tx, &w->rows[i], w->n - i < LOOKED_UP ? w->n - i : LOOKED_UP);
		if (r == 0)
			r = insert_row(w, tx, &access, within, i);
	}
	if (r == 0 && w->diag->total)
		r = err_set(info, ERR_INPUT, "%s 有 %llu 处错误，没有导入", w->file,
			    (unsigned long long)w->diag->total);
	if (r == 0 && w->dry_run) {
		w->dry_done = true;	/* an error, so that nothing is kept */
		return err_set(info, ERR_STATE, "试运行");
	}
	return r;
}

int accounts_import(struct app *app, const struct caller *caller, int64_t node,
		    struct table *table, const char *file, bool dry_run, struct arena *arena,
		    struct diag *diag, struct account_slip **ret_slips, int *ret_n,
		    struct err_info *info)
{
	struct work w = {.caller = caller, .node = node, .file = file, .dry_run = dry_run,
			 .diag = diag, .arena = arena};
	int r = read_table(&w, table, info);
	if (r == 0)
		r = make_slips(&w, info);
	if (r == 0)
		r = db_write(app->db, id_region(node), import_fn, &w, info);
	if (r < 0 && w.dry_done)
		r = 0;
	if (r == 0) {
		*ret_slips = w.slips;
		*ret_n = w.n;
	}
	return r;
}
