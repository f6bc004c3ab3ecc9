/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/accounts_import.h"
#include "app/roster.h"
#include "base/buf.h"
#include "cli/demo_dice.h"

enum { PEOPLE_MAX = 2000 };

struct worker {
	const char *code, *name;	/* organisation; to sign in with */
	enum role role;
	int64_t node, account;
	const char *password;		/* the first one; NULL: his own */
};

struct demo_people {
	struct worker at[PEOPLE_MAX];
	int n;
	struct arena arena;
};

static struct worker *find(struct demo_people *p, const char *code, size_t len, enum role role)
{
	for (int i = p->n - 1; i >= 0; i--)
		if (p->at[i].role == role && strlen(p->at[i].code) == len && strncmp(p->at[i].code, code, len) == 0)
			return &p->at[i];
	return NULL;
}

static const char *made_up_name(struct arena *arena, const char *code, uint32_t what)
{
	static const char *const family[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙"};
	static const char *const given[] = {"志强", "丽华", "海燕", "文斌", "玉兰", "国平", "晓东", "春梅", "建军", "小玲", "永红"};
	return arena_printf(arena, "%s%s", family[demo_dice(3, code, what, ARRAY_LEN(family))],
			    given[demo_dice(3, code, what + 1, ARRAY_LEN(given))]);
}

static int add(struct demo_people *p, const struct org *org, enum role role, const char *name)
{
	if (p->n == PEOPLE_MAX)
		return ERR_LIMIT;
	p->at[p->n] = (struct worker){.code = arena_strdup(&p->arena, org->code), .name = name, .role = role,
				      .node = org->id};
	return p->at[p->n++].code && name ? 0 : ERR_NOMEM;
}

/* The lines of the sheet that belong to one organisation. */
static int add_lines(struct demo_people *p, const struct org *org, struct buf *sheet)
{
	static const struct {
		enum role role;
		const char *prefix;
	} of_committees[] = {{ROLE_TOWNSHIP, "zw"}, {ROLE_CADRE, "bc"}};
	if (org->level == LEVEL_UNIT && !find(p, org->code, strlen(org->code), ROLE_CLERK)) {
		const char *name = arena_printf(&p->arena, "z%s", org->code);
		buf_addf(sheet, "%s,%s,%s\n", name ? name : "",
			 *org->secretary_name ? org->secretary_name : made_up_name(&p->arena, org->code, 1), org->code);
		return add(p, org, ROLE_CLERK, name);
	}
	int r = 0;
	for (size_t i = 0; r == 0 && org->level == LEVEL_TOWNSHIP && i < ARRAY_LEN(of_committees); i++) {
		if (find(p, org->code, strlen(org->code), of_committees[i].role))
			continue;
		const char *name = arena_printf(&p->arena, "%s%s", of_committees[i].prefix, org->code);
		buf_addf(sheet, "%s,%s,%s\n", name ? name : "", made_up_name(&p->arena, org->code, 10 * (uint32_t)i + 2),
			 org->code);
		r = add(p, org, of_committees[i].role, name);
	}
	return r;
}

static int import_sheet(struct demo_people *p, struct app *app, const struct caller *system, int64_t county,
			const struct buf *sheet, struct err_info *info)
{
	AUTO(diag) struct diag diag = {0};
	struct account_slip *slips;
	struct table *table = NULL;
	int hired = p->n, n, r = table_open_memory(&table, "账号.csv", sheet->data, sheet->len, accounts_is_head, NULL, info);
	if (r == 0)
		r = accounts_import(app, system, county, table, "账号.csv", false, &p->arena, &diag, &slips, &n, info);
	table_free(table);
	for (int i = 0; r == 0 && i < n; i++) {
		p->at[hired - n + i].name = slips[i].name;
		p->at[hired - n + i].password = slips[i].password;
	}
	return r;
}

static const struct account *named(const struct accounts_page *page, const char *name)
{
	for (int i = 0; i < page->n; i++)
		if (strcmp(page->accounts[i].name, name) == 0)
			return &page->accounts[i];
	return NULL;
}

static int grant_all(struct demo_people *p, struct app *app, const struct caller *system,
		     const struct caller *security, int64_t county, struct err_info *info)
{
	const struct account_filter all = {.show = ACCOUNT_SHOW_ALL, .limit = PEOPLE_MAX};
	struct accounts_page page;
	int r = accounts_list(app, system, county, &all, &p->arena, &page, info);
	for (int i = 0; r == 0 && i < p->n; i++) {
		if (p->at[i].account)
			continue;
		const struct account *account = named(&page, p->at[i].name);
		bool pending;
		if (!account)
			return err_set(info, ERR_NOT_FOUND, "演示账号 %s 没有建成", p->at[i].name);
		p->at[i].account = account->id;
		r = roles_grant(app, security, account->id, p->at[i].role, p->at[i].node, &pending, info);
	}
	return r;
}

int demo_people_hire(struct demo_people *p, struct app *app, const struct caller *system,
		     const struct caller *security, int64_t county, struct err_info *info)
{
	AUTO(buf) struct buf sheet = {0};
	struct roster_page page;
	struct org_filter filter = ORG_FILTER(NULL);
	filter.limit = PEOPLE_MAX;
	filter.state = ORG_ACTIVE;
	int r = roster_list(app, system, county, &filter, &p->arena, &page, info);
	buf_adds(&sheet, "账号,姓名,组织代码\n");
	for (int i = 0; r == 0 && i < page.n; i++)
		r = add_lines(p, &page.orgs[i], &sheet);
	if (r < 0 || sheet.failed)
		return r == ERR_LIMIT ? err_set(info, r, "演示县的组织太多") : err_nomem(info);
	r = import_sheet(p, app, system, county, &sheet, info);
	return r ? r : grant_all(p, app, system, security, county, info);
}

int demo_people_new(struct demo_people **ret_people, struct err_info *info)
{
	*ret_people = calloc(1, sizeof(**ret_people));
	return *ret_people ? 0 : err_nomem(info);
}

void demo_people_free(struct demo_people *people)
{
	if (people)
		arena_done(&people->arena);
	free(people);
}

void demo_committee(const char *code, char ret_code[8])
{
	int n = 0;
	for (const char *p = code; *p && *p != '-' && n < 7;) {
		/* U+FF10 … U+FF19 */
		bool wide = strncmp(p, "\xEF\xBC", 2) == 0 && (unsigned char)p[2] >= 0x90 && (unsigned char)p[2] <= 0x99;
		if ((unsigned char)*p == 0xEF && !wide)
			break;
		ret_code[n++] = wide ? (char)('0' + (unsigned char)p[2] - 0x90) : *p;
		p += wide ? 3 : 1;
	}
	ret_code[n] = '\0';
}

static struct worker *acting(struct demo_people *p, const char *code, enum role role)
{
	struct worker *own = find(p, code, strlen(code), role);
	char committee[8];
	demo_committee(code, committee);
	return own ? own : find(p, committee, strlen(committee), role);
}

int demo_people_know(struct demo_people *people, const char *code, enum role role, int64_t account)
{
	if (people->n == PEOPLE_MAX)
		return ERR_LIMIT;
	people->at[people->n++] = (struct worker){.code = code, .role = role, .account = account};
	return 0;
}

int64_t demo_person(struct demo_people *people, const char *code, enum role role)
{
	const struct worker *one = acting(people, code, role);
	return one ? one->account : 0;
}

int demo_person_ready(struct demo_people *people, struct app *app, const struct caller *now, const char *code,
		      enum role role, struct caller *ret_caller, struct err_info *info)
{
	const unsigned char no_session[TOKEN_HASH_LEN] = {0};
	struct worker *one = acting(people, code, role);
	if (!one)
		return err_set(info, ERR_NOT_FOUND, "演示县没有 %s 的%s", code, role_label(role));
	*ret_caller = *now;
	ret_caller->account = one->account;
	if (!one->password)
		return 0;
	const char *own = arena_printf(&people->arena, "Linjiang+%td", one - people->at);
	if (!own)
		return err_nomem(info);
	int r = people_change_password(app, ret_caller, one->password, own, no_session, info);
	one->password = NULL;
	return r;
}
