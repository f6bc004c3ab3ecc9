/* SPDX-License-Identifier: Apache-2.0 */
/* The first start: an empty installation gets its topmost organisation, the
 * three administrators, above a county a second one for roles, and the first account
 * that works with the data. */
#include "app/people.h"
#include "app/roster.h"
#include "store/id.h"

static int is_new_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	int64_t n = 0;
	(void)info;
	int r = store_account_count(tx, &n);
	*(bool *)arg = n == 0;
	return r;
}

int people_is_new(struct app *app, bool *ret_new, struct err_info *info)
{
	bool is_new = false;
	int r = db_read(app->db, is_new_fn, &is_new, info);
	if (r == 0)
		*ret_new = is_new;
	return r;
}

enum { PEOPLE = 5 };

struct first {
	struct app *app;
	const struct caller *caller;
	const struct first_start *start;
	struct org org;
	const struct first_person *people[PEOPLE];
	enum role roles[PEOPLE];
	char names[PEOPLE][ACCOUNT_NAME_MAX * 4 + 1];
	char hashes[PEOPLE][PASSWORD_HASH_MAX];
	int n;			/* people: the officer and the second may be missing */
	int64_t node;
};

static void add_person(struct first *first, const struct first_person *person, enum role role)
{
	if (!person->name || !*person->name)
		return;
	first->people[first->n] = person;
	first->roles[first->n++] = role;
}

/* An organisation may be there already (imported at the command line). */
static int find_or_add_root(struct db_tx *tx, struct first *first, struct arena *arena,
			    const struct access *access, struct err_info *info)
{
	/* Since when it stands nobody has told; a register that is imported afterwards may. */
	const struct org_stamp stamp = {ORG_ADDED, 0, 0, first->caller->now_ms, ""};
	struct org_child *roots;
	struct org org = first->org;
	int n, r = store_org_roots(tx, arena, &roots, &n);
	if (r < 0)
		return r;
	if (n) {
		if (n > 1 || strcmp(roots[0].org.code, org.code) != 0)
			return err_set(info, ERR_STATE, "已有最上级组织“%s”，请填它的代码 %s",
				       roots[0].org.name, roots[0].org.code);
		first->node = roots[0].org.id;
		return 0;
	}
	if ((r = store_org_insert(tx, &org, NULL, &stamp)) < 0)
		return r;
	first->node = org.id;
	return app_audit(tx, access, "org.add", org.id, org.name, "", "");
}

static int first_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct first *first = arg;
	AUTO(arena) struct arena arena = {0};
	const struct access access = {.caller = first->caller, .label = "首次启动"};
	int64_t n;
	int r = store_account_count(tx, &n);
	if (r < 0)
		return r;
	if (n)
		return err_set(info, ERR_STATE, "已经有账号，不能再次初始化");
	if ((r = find_or_add_root(tx, first, &arena, &access, info)) < 0)
		return r;
	for (int i = 0; i < first->n; i++) {
		struct account account = {
			.node = first->node, .name = first->names[i], .label = first->people[i]->label,
			.phone = "", .password = first->hashes[i], .created_ms = first->caller->now_ms,
			.password_ms = first->caller->now_ms,
		};
		if ((r = store_account_insert(tx, &account)) < 0)
			return r == ERR_CONFLICT
				? err_set(info, r, "这几个账号不能相同") : r;
		if ((r = store_grant_add(tx, account.id, first->roles[i], first->node, 0,
					 first->caller->now_ms)) < 0 ||
		    (r = app_audit(tx, &access, "account.add", first->node, account.name, "",
				   role_label(first->roles[i]))) < 0)
			return r;
	}
	return 0;
}

/* Several passwords are typed at once: which one is it? */
static int whose(const struct first_person *person, int r, struct err_info *info)
{
	if (!info)
		return r;
	const struct err_info why = *info;
	return err_set(info, r, "%s（%s）：%s", person->label, person->name, why.text);
}

int people_first_start(struct app *app, const struct caller *caller,
		       const struct first_start *start, int64_t *ret_node, struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	struct first first = {
		.app = app, .caller = caller, .start = start, .org = org_blank(),
	};
	int r;
	add_person(&first, &start->system, ROLE_SYSTEM);
	add_person(&first, &start->security, ROLE_SECURITY);
	add_person(&first, &start->auditor, ROLE_AUDITOR);
	add_person(&first, &start->officer,
		   start->level == LEVEL_TOWNSHIP ? ROLE_TOWNSHIP : ROLE_OFFICER);
	add_person(&first, &start->second, ROLE_SECURITY);
	first.org.code = start->code;
	first.org.name = start->org_name;
	first.org.level = start->level;
	if ((r = org_check_code(start->code, info)) < 0 || (r = org_validate(&first.org, info)) < 0 ||
	    (r = org_make_searchable(app, &first.org, &arena, info)) < 0)
		return r;
	for (int i = 0; i < first.n; i++) {
		const struct first_person *p = first.people[i];
		if (!*p->label || strlen(p->label) > 120)
			return err_set(info, ERR_INPUT, "请填写%s的姓名", role_label(first.roles[i]));
		if ((r = login_name_check(p->name, first.names[i], info)) < 0 ||
		    (r = password_check(p->password, PASSWORD_MIN, p->name, p->label, info)) < 0 ||
		    (r = password_hash(app, p->password, first.hashes[i], info)) < 0)
			return whose(p, r, info);
		for (int j = 0; j < i; j++)
			if (strcmp(first.names[i], first.names[j]) == 0 ||
			    strcmp(p->password, first.people[j]->password) == 0)
				return err_set(info, ERR_INPUT,
					       "应是不同的人，账号和密码都不能相同");
	}
	r = db_write(app->db, 0, first_fn, &first, info);
	if (r == 0)
		*ret_node = first.node;
	return r;
}
