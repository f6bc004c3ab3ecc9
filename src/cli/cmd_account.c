/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_account.h"

#include <sodium.h>
#include <stdio.h>

#include "app/accounts.h"
#include "cli/office.h"

enum { OPT_DB, OPT_ROLE, OPT_NAME, OPT_INSTEAD, OPT_ORG };

static int recover(struct app *app, const struct cli_args *args, struct diag *diag,
		   struct err_info *info)
{
	const struct caller caller = office_caller();
	struct recovery in = {
		.name = args->rest[0], .label = args->value[OPT_NAME],
		.instead = args->value[OPT_INSTEAD], .org = args->value[OPT_ORG],
	};
	char password[PASSWORD_MADE_LEN + 1];
	(void)diag;
	if (role_find(str_from(args->value[OPT_ROLE]), &in.role) < 0)
		return err_set(info, ERR_INPUT, "没有“%s”这个角色，请写系统管理员、安全管理员或审计员",
			       args->value[OPT_ROLE]);
	int r = accounts_recover(app, &caller, &in, password, info);
	if (r < 0)
		return r;
	if (in.instead)
		printf("已停用：%s\n", in.instead);
	printf("已建立%s：%s（%s）\n初始密码（只显示这一次，登录后必须改掉）：%s\n"
	       "请当面交给本人。这件事已记入审计日志。\n", role_label(in.role), in.name, in.label, password);
	sodium_memzero(password, sizeof(password));
	return 0;
}

static int run(const struct cli_args *args)
{
	return office_run(args, args->value[OPT_DB], recover);
}

static const struct cli_option options[] = {
	[OPT_DB] = {"db", "地址", "数据库：SQLite 文件，或 postgresql://… 地址（默认：状态目录里的 jinwei.db）", false},
	[OPT_ROLE] = {"role", "角色", "系统管理员、安全管理员或审计员", true},
	[OPT_NAME] = {"name", "姓名", "新管理员的姓名", true},
	[OPT_INSTEAD] = {"instead", "账号", "原来的人走了或登录不了：先停用他的账号", false},
	[OPT_ORG] = {"org", "组织代码", "有几个最上级组织时写是哪一个", false},
	{0},
};
const struct cli_command cmd_account_recover = {
	.name = "account recover",
	.summary = "最上级的管理员不够时补一位；显示一次初始密码",
	.rest = "账号",
	.rest_min = 1,
	.rest_max = 1,
	.options = options,
	.run = run,
};
