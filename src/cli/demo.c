/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/accounts.h"
#include "app/roster_import.h"
#include "app/templates.h"
#include "cli/demo_appraisal.h"
#include "cli/demo_ballots.h"
#include "cli/demo_campaign.h"
#include "cli/demo_cases.h"
#include "cli/demo_checks.h"
#include "cli/demo_people.h"
#include "cli/demo_pilot.h"
#include "cli/demo_rules.h"
#include "cli/office.h"
#include "store/setting.h"

#define CITY "LJ"
#define COUNTY "LJ-YL"

/* In the table below; the first three and the second security administrator are made by
 * the first start. */
enum { SYSTEM, SECURITY, AUDITOR, OFFICER, SHIQIAO, LIUHE, SANCHA, BAOCUN, REGULATOR = 9, DUCHA = 10, LINGDAO = 11, SECOND = 12, DEMO_ACCOUNTS };

static const struct demo_account {
	const char *name, *password, *label, *phone;
	enum role role;
	const char *code;	/* the organisation */
	const char *about;
} accounts[DEMO_ACCOUNTS] = {
	[SYSTEM] = {"xitong", "Yunling-01", "孙立", "", ROLE_SYSTEM, CITY, "系统管理员：账号和组织树"},
	[SECURITY] = {"anquan", "Yunling-02", "周敏", "", ROLE_SECURITY, CITY, "安全管理员：给角色"},
	[AUDITOR] = {"shenji", "Yunling-03", "吴静", "", ROLE_AUDITOR, CITY, "审计员：只看日志"},
	[OFFICER] = {"zuzhi", "Yunling-04", "郑华", "0000-0004", ROLE_OFFICER, COUNTY, "云岭县委组织部"},
	[SHIQIAO] = {"shiqiao", "Yunling-05", "冯雪", "0000-0005", ROLE_TOWNSHIP, "02",
		     "石桥镇组织委员"},
	[LIUHE] = {"liuhe", "Yunling-06", "陈立新", "0000-0006", ROLE_TOWNSHIP, "03", "柳河镇组织委员"},
	[SANCHA] = {"sancha", "Yunling-07", "张垚", "0000-0007", ROLE_CLERK, "02-602", "三岔口村党支部"},
	[BAOCUN] = {"baocun", "Yunling-08", "何平", "0000-0008", ROLE_CADRE, "02-602", "三岔口村包村干部"},
	[BAOCUN + 1] = {"bangfu", "Yunling-09", "罗群", "0000-0009", ROLE_HELPER, "02-605", "上坪村帮扶人"},
	[REGULATOR] = {"weijian", "Yunling-10", "梁英", "0000-0010", ROLE_REGULATOR, "83", "卫健系统行业主管，也给石桥镇试评打分"},
	[DUCHA] = {"ducha", "Yunling-11", "宋波", "0000-0011", ROLE_INSPECTOR, COUNTY, "县委督查组"},
	[LINGDAO] = {"lingdao", "Yunling-12", "唐国强", "0000-0012", ROLE_LEADER, COUNTY,
		     "县委领导，联系石桥镇的整顿村"},
	[SECOND] = {"anquan2", "Yunling-13", "许芳", "", ROLE_SECURITY, CITY, "第二位安全管理员：市级的角色由她同意"},
};

struct demo {
	struct app *app;
	int64_t top;		/* organisation */
	int64_t ids[DEMO_ACCOUNTS];
	struct demo_people *people;
	struct arena arena;
	struct demo_slips slips;
};

/* The machine's operator, who looks things up. */
static int find_org(struct demo *demo, const char *code, int64_t *ret_id, struct err_info *info)
{
	const struct caller caller = office_caller();
	return roster_find(demo->app, &caller, code, ret_id, info);
}

static struct caller caller_of(int64_t account)
{
	struct caller caller = office_caller();
	caller.machine = false;
	caller.account = account;
	caller.origin = "演示";
	return caller;
}

/* ---- people ---- */

static struct first_person first_person(int i)
{
	return (struct first_person){accounts[i].name, accounts[i].label, accounts[i].password};
}

static int find_account(struct demo *demo, int i, struct err_info *info)
{
	const struct caller caller = office_caller();
	struct accounts_page page;
	const struct account_filter filter = {.text = accounts[i].name, .show = ACCOUNT_SHOW_ALL,
					      .limit = DEMO_ACCOUNTS};
	int r = accounts_list(demo->app, &caller, demo->top, &filter, &demo->arena, &page, info);
	for (int j = 0; r == 0 && j < page.n; j++)
		if (strcmp(page.accounts[j].name, accounts[i].name) == 0)
			demo->ids[i] = page.accounts[j].id;
	return r;
}

static int first_start(struct demo *demo, struct err_info *info)
{
	const struct caller caller = caller_of(0);
	const struct first_start first = {
		.code = CITY, .org_name = "中共临江市委员会", .level = LEVEL_CITY,
		.system = first_person(SYSTEM), .security = first_person(SECURITY),
		.auditor = first_person(AUDITOR), .second = first_person(SECOND),
	};
	int r = people_first_start(demo->app, &caller, &first, &demo->top, info);
	for (int i = SYSTEM; r == 0 && i <= AUDITOR; i++)
		r = find_account(demo, i, info);
	return r;
}

/* The system administrator makes the account, its owner chooses the password,
 * the security administrator grants the role. */
static int add_account(struct demo *demo, int i, struct err_info *info)
{
	const struct demo_account *a = &accounts[i];
	const struct caller system = caller_of(demo->ids[SYSTEM]);
	const struct caller security = caller_of(demo->ids[SECURITY]);
	const unsigned char no_session[TOKEN_HASH_LEN] = {0};
	struct new_account new = {.name = a->name, .label = a->label, .phone = a->phone};
	char password[PASSWORD_MADE_LEN + 1];
	bool pending;

	int r = find_org(demo, a->code, &new.node, info);
	if (r == 0)
		r = accounts_add(demo->app, &system, &new, &demo->ids[i], password, info);
	if (r)
		return r;
	const struct caller owner = caller_of(demo->ids[i]);
	r = people_change_password(demo->app, &owner, password, a->password, no_session, info);
	if (r == 0)
		r = roles_grant(demo->app, &security, demo->ids[i], a->role, new.node, &pending, info);
	return r;
}

/* A linked leader is a helper where his villages are (LD-8). */
static int link_leader(struct demo *demo, struct err_info *info)
{
	const struct caller security = caller_of(demo->ids[SECURITY]);
	int64_t township;
	bool pending;
	int r = find_org(demo, "02", &township, info);
	return r ? r : roles_grant(demo->app, &security, demo->ids[LINGDAO], ROLE_HELPER, township, &pending,
				   info);
}

/* Outside its own system too: associations for the aged are its business (XN-4). */
static int assign_regulator(struct demo *demo, struct err_info *info)
{
	static const char *const codes[] = {"07-501", "09-501", "13-501", "14-501"};
	const struct caller security = caller_of(demo->ids[SECURITY]);
	int r = 0;
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(codes); i++) {
		int64_t org;
		bool pending;
		r = find_org(demo, codes[i], &org, info);
		if (r == 0)
			r = roles_grant(demo->app, &security, demo->ids[REGULATOR], ROLE_REGULATOR, org,
					&pending, info);
	}
	return r;
}

/* Everybody else; and whoever is in the table acts where he is. */
static int hire(struct demo *demo, int64_t county, struct err_info *info)
{
	static const struct {
		int account;
		const char *code;
	} known[] = {{SHIQIAO, "02"}, {LIUHE, "03"}, {SANCHA, "02-602"}, {BAOCUN, "02-602"}};
	const struct caller system = caller_of(demo->ids[SYSTEM]), security = caller_of(demo->ids[SECURITY]);
	int64_t town;
	bool pending;
	int r = demo_people_new(&demo->people, info);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(known); i++)
		r = demo_people_know(demo->people, known[i].code, accounts[known[i].account].role,
				     demo->ids[known[i].account]);
	if (r == 0)
		r = demo_people_hire(demo->people, demo->app, &system, &security, county, info);
	if (r == 0)
		r = find_org(demo, "02", &town, info);
	return r ? r : roles_grant(demo->app, &security, demo->ids[REGULATOR], ROLE_UNIT, town, &pending, info);
}

void demo_print_accounts(void)
{
	printf("演示系统，数据全部虚构。可以用这些账号登录：\n\n  账号       密码         身份\n");
	for (int i = 0; i < DEMO_ACCOUNTS; i++)
		printf("  %-10s %-12s %s\n", accounts[i].name, accounts[i].password, accounts[i].about);
	printf("\n");
}

void demo_print_slips(const struct demo_slips *slips, const char *address)
{
	printf("试投一票：打开 %sv ，输入票上的代码（每张只能投一次）：\n\n", address);
	for (int i = 0; i < DEMO_SLIPS; i++)
		printf("  %s\n", slips->codes[i]);
	printf("\n");
}

/* ---- organisations ---- */

static int import_register(struct demo *demo, const char *file, int32_t since, struct diag *diag,
			   struct err_info *info)
{
	const struct caller caller = caller_of(demo->ids[SYSTEM]);
	const struct org_when when = {since, "建库时导入名册"};
	struct roster_import done;
	struct table *table = NULL;

	int r = table_open(&table, file, roster_is_head, NULL, info);
	if (r == 0)
		r = roster_import(demo->app, &caller, demo->top, table, file, &when, false, &demo->arena,
				  diag, &done, info);
	table_free(table);
	return r;
}

/* The organisation as the officer reads it, to change it. */
static int read_org(struct demo *demo, const char *code, struct org *ret_org, struct err_info *info)
{
	const struct caller caller = caller_of(demo->ids[OFFICER]);
	struct org_detail detail;
	int64_t id;

	int r = find_org(demo, code, &id, info);
	if (r == 0)
		r = roster_detail(demo->app, &caller, id, &demo->arena, &detail, info);
	if (r == 0)
		*ret_org = detail.org;
	return r;
}

static int move(struct demo *demo, const char *code, const char *to, const struct org_when *when,
		struct err_info *info)
{
	const struct caller caller = caller_of(demo->ids[OFFICER]);
	struct org org;
	int64_t parent;

	int r = read_org(demo, code, &org, info);
	if (r == 0)
		r = find_org(demo, to, &parent, info);
	return r ? r : roster_move(demo->app, &caller, org.id, org.version, parent, when, info);
}

static int dissolve(struct demo *demo, const char *code, const struct org_when *when,
		    struct err_info *info)
{
	const struct caller caller = caller_of(demo->ids[OFFICER]);
	struct org org;

	int r = read_org(demo, code, &org, info);
	return r ? r : roster_dissolve(demo->app, &caller, org.id, org.version, when, info);
}

static int should_exist(struct demo *demo, const char *parent, const char *code, const char *name,
			enum field field, const struct org_when *when, struct err_info *info)
{
	const struct caller caller = caller_of(demo->ids[OFFICER]);
	struct org org = org_blank();
	int64_t id;

	org.code = code;
	org.name = name;
	org.field = (int)field;
	org.kind = "党支部";
	org.state = ORG_SHOULD_EXIST;
	int r = find_org(demo, parent, &org.parent, info);
	return r ? r : roster_add(demo->app, &caller, &org, when, &id, info);
}

static int establish(struct demo *demo, const char *code, const struct org_when *when,
		     struct err_info *info)
{
	const struct caller caller = caller_of(demo->ids[OFFICER]);
	struct org org;

	int r = read_org(demo, code, &org, info);
	return r ? r : roster_establish(demo->app, &caller, org.id, org.version, when, info);
}

/* The township fills in who is to be called. */
static int fill_in(struct demo *demo, const char *code, const struct org_when *when,
		   struct err_info *info)
{
	const struct caller caller = caller_of(demo->ids[SHIQIAO]);
	struct org org;

	int r = read_org(demo, code, &org, info);
	if (r)
		return r;
	org.secretary_phone = "0000-0007";
	org.liaison_name = "李秀英";
	org.liaison_phone = "0000-0021";
	org.cadre = "何平";
	return roster_change(demo->app, &caller, &org, when, info);
}

/* Secretaries and liaisons of the townships; two have named none (HN-4). */
static int fill_committees(struct demo *demo, const struct org_when *when, struct err_info *info)
{
	static const char *const secretaries[] = {"唐志远", "彭国栋", "龙建平", "曾小兰"};
	static const char *const liaisons[] = {"李秀英", "谭丽", "肖波", "易红", "阳帆"};
	const struct caller caller = caller_of(demo->ids[OFFICER]);
	int r = 0;
	for (int i = 1; r == 0 && i <= 20; i++) {
		struct org org;
		char code[8], phone[16];
		if (i == 7 || i == 13)
			continue;
		snprintf(code, sizeof(code), "%02d", i);
		snprintf(phone, sizeof(phone), "0000-03%02d", i);
		if ((r = read_org(demo, code, &org, info)) < 0)
			break;
		org.secretary_name = secretaries[i % (int)ARRAY_LEN(secretaries)];
		org.liaison_name = liaisons[i % (int)ARRAY_LEN(liaisons)];
		org.liaison_phone = phone;
		r = roster_change(demo->app, &caller, &org, when, info);
	}
	return r;
}

/* Only organisations that no scheme grades come and go: the county's results
 * stay those of examples/README.md. */
static int make_history(struct demo *demo, int32_t year, struct err_info *info)
{
	int r = should_exist(demo, "85", "85-910", "云岭县快递行业党支部", FIELD_SOCIAL,
			     &(struct org_when){year + 305, "正式党员已有 3 人以上，应建未建"}, info);
	if (r == 0)
		r = should_exist(demo, "86", "86-905", "云岭职业技术学院经贸系党支部", FIELD_UNIVERSITY,
				 &(struct org_when){year + 310, "新设经贸系"}, info);
	if (r == 0)
		r = establish(demo, "86-905", &(struct org_when){year + 915, "支部成立大会"}, info);
	if (r == 0)
		r = move(demo, "16-401", "85", &(struct org_when){year + 601, "划归两新工委管理"}, info);
	if (r == 0)
		r = dissolve(demo, "04-401", &(struct org_when){year + 820, "企业注销"}, info);
	if (r == 0)
		r = fill_in(demo, "02-602", &(struct org_when){year + 1008, "补填联系方式"}, info);
	return r ? r : fill_committees(demo, &(struct org_when){year + 1008, "报联络员"}, info);
}

/* The samples, put up as the county's own. */
static int add_templates(struct app *app, const struct caller *officer, int64_t county,
			 struct err_info *info)
{
	static const struct {
		const char *name, *file, *note;
	} own[] = {
		{"党组织台账（演示）", "党组织台账.xlsx", "每季度各乡镇核对一次，改好后读回；内容虚构"},
		{"整顿情况报告（演示）", "整顿情况报告.docx", "每月报县委；内容虚构"},
	};
	size_t n;
	const struct template_sample *samples = template_samples(&n);
	int r = 0;
	for (size_t i = 0; i < n && i < ARRAY_LEN(own) && r == 0; i++) {
		const struct template_new in = {.node = county, .name = own[i].name, .note = own[i].note,
						.file_name = str_from(own[i].file),
						.data = {samples[i].text, samples[i].len}};
		int64_t id;
		r = templates_add(app, officer, &in, &id, info);
	}
	return r;
}

static int mark_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)arg;
	(void)info;
	return store_setting_set(tx, 0, DEMO_SETTING, "1");
}

/* What all of them have done since. */
static int work(struct demo *demo, struct err_info *info)
{
	const struct caller officer = caller_of(demo->ids[OFFICER]), township = caller_of(demo->ids[SHIQIAO]),
			    other = caller_of(demo->ids[LIUHE]), inspector = caller_of(demo->ids[DUCHA]),
			    unit = caller_of(demo->ids[REGULATOR]);
	int64_t county, counted, open, node;
	int r = find_org(demo, COUNTY, &county, info);
	if (r == 0)
		r = hire(demo, county, info);
	if (r == 0)
		r = demo_campaigns(demo->app, &officer, demo->people, county, info);
	if (r == 0)
		r = demo_appraisal(demo->app, &officer, county, info);
	if (r == 0)
		r = demo_cases(demo->app, &officer, &township, county, info);
	if (r == 0)
		r = demo_checks(demo->app, &officer, &inspector, county, info);
	if (r == 0)
		r = demo_rules(demo->app, &officer, county, info);
	if (r == 0)
		r = add_templates(demo->app, &officer, county, info);
	if (r == 0)
		r = find_org(demo, "02-602", &counted, info);
	if (r == 0)
		r = find_org(demo, "02-603", &open, info);
	if (r == 0)
		r = demo_ballots(demo->app, &township, counted, open, &demo->slips, info);
	if (r == 0)
		r = find_org(demo, accounts[LIUHE].code, &node, info);
	if (r == 0)
		r = demo_opinions(demo->app, &other, node, info);
	return r ? r : demo_pilot(demo->app, &officer, &unit, accounts[REGULATOR].name, demo->people, county, info);
}

static int load(struct demo *demo, const char *file, struct diag *diag, struct err_info *info)
{
	/* Everything happened last year, so never in the future. */
	int32_t year = office_caller().today / 10000 * 10000 - 10000;

	int r = db_write(demo->app->db, 0, mark_fn, NULL, info);
	if (r == 0)
		r = first_start(demo, info);
	if (r == 0)
		r = import_register(demo, file, year + 101, diag, info);
	for (int i = OFFICER; r == 0 && i < SECOND; i++)
		r = add_account(demo, i, info);
	if (r == 0)
		r = link_leader(demo, info);
	if (r == 0)
		r = assign_regulator(demo, info);
	if (r == 0)
		r = make_history(demo, year, info);
	return r ? r : work(demo, info);
}

int demo_load(struct app *app, const char *file, struct diag *diag, struct demo_slips *ret_slips,
	      struct err_info *info)
{
	struct demo demo = {.app = app};

	/* To guard passwords that are printed at each start would take seconds for nothing. */
	app_cheap_passwords(app, true);
	int r = load(&demo, file, diag, info);
	app_cheap_passwords(app, false);
	demo_people_free(demo.people);
	arena_done(&demo.arena);
	if (r == 0)
		*ret_slips = demo.slips;
	return r;
}
