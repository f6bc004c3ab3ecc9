/* SPDX-License-Identifier: Apache-2.0 */
/*
 * THE table. A line says everything about an address: who may call it, at which
 * node the right is asked for, what it takes, what happens and what for. The
 * router enforces it; tests walk it; the API's description is made from it.
 */
#include "web/assets.h"
#include "web/pages/pages.h"
#include "web/site.h"

/* Who may: everybody, or accounts with a right at the node in a field. */
#define OPEN(method, path, access) method, path, access, 0, NULL
#define MAY(method, path, action, node) method, path, WEB_RIGHT, action, node

const struct web_route site_routes[] = {
	/* ---- for machines ---- */
	{OPEN(WEB_GET, "/healthz", WEB_PUBLIC), .act = act_health,
	 .help = "是否正常（给监控程序）"},
	{OPEN(WEB_GET, "/metrics", WEB_LOCAL), .act = act_metrics, .help = "运行指标（只限本机）"},
	{OPEN(WEB_GET, "/openapi.json", WEB_PUBLIC), .act = act_openapi, .help = "接口说明"},
	{OPEN(WEB_GET, "/assets/{file}", WEB_PUBLIC), asset_fields, asset_serve,
	 .help = "样式、脚本和图片"},

	/* ---- coming in and going out ---- */
	{OPEN(WEB_GET, "/first", WEB_SETUP), first_page_fields, page_act_none, page_first,
	 json_form, .help = "首次启动：建立首批账号"},
	{OPEN(WEB_POST, "/first", WEB_SETUP), first_fields, act_first, .form = "/first",
	 .help = "建立本级组织、三员和组织部账号"},
	{OPEN(WEB_GET, "/login", WEB_GUEST), login_page_fields, page_act_none, page_login, json_form,
	 .help = "登录页"},
	{OPEN(WEB_POST, "/login", WEB_GUEST), login_fields, act_login, .form = "/login",
	 .help = "登录"},
	{OPEN(WEB_POST, "/logout", WEB_SIGNED_IN), .act = act_logout, .help = "退出登录",
	 .change_password_first = true},
	{OPEN(WEB_GET, "/password", WEB_SIGNED_IN), .act = page_act_none, .page = page_password,
	 .json = json_form, .help = "修改密码页", .change_password_first = true},
	{OPEN(WEB_POST, "/password", WEB_SIGNED_IN), password_fields, act_password,
	 .form = "/password", .help = "修改自己的密码", .change_password_first = true},
	{OPEN(WEB_GET, "/totp", WEB_SIGNED_IN), .act = act_totp, .page = page_totp,
	 .json = json_totp, .help = "自己的动态口令：开通或关闭的页"},
	{OPEN(WEB_POST, "/totp", WEB_SIGNED_IN), totp_set_fields, act_totp_set, .form = "/totp",
	 .help = "开通动态口令，要手机上的一个口令"},
	{OPEN(WEB_POST, "/totp/off", WEB_SIGNED_IN), totp_off_fields, act_totp_off, .form = "/totp",
	 .help = "关闭动态口令，要登录密码"},
	{OPEN(WEB_GET, "/", WEB_SIGNED_IN), .act = act_home, .page = page_home, .json = json_home,
	 .help = "首页"},

	/* ---- organisations ---- */
	{MAY(WEB_GET, "/orgs", ACTION_ORG_READ, "node"), org_list_fields, act_org_list,
	 page_org_list, json_org_list, .help = "组织树和列表，可以查找、筛选、排序"},
	{MAY(WEB_GET, "/orgs/export", ACTION_ORG_EXPORT, "node"), org_export_fields, act_org_export,
	 .help = "导出本级和下级组织（CSV）"},
	{MAY(WEB_GET, "/orgs/template", ACTION_ORG_STRUCTURE, NULL), .act = act_org_template,
	 .help = "下载导入模板"},
	{MAY(WEB_GET, "/orgs/import", ACTION_ORG_STRUCTURE, "node"), org_import_page_fields,
	 act_org_at_node, page_org_import, json_form, .help = "从表格导入组织：选择文件"},
	{MAY(WEB_POST, "/orgs/import", ACTION_ORG_STRUCTURE, "node"), org_import_fields,
	 act_org_import, page_org_import_result, json_org_import, "/orgs/import",
	 "试导入：只看结果，不改动", WEB_UPLOAD_MAX},
	{MAY(WEB_POST, "/orgs/import/run", ACTION_ORG_STRUCTURE, "node"), org_import_run_fields,
	 act_org_import_run, .help = "确认导入"},
	{MAY(WEB_GET, "/orgs/new", ACTION_ORG_STRUCTURE, "parent"), org_new_fields, act_org_new,
	 page_org_new, json_org_detail, .help = "登记新组织页"},
	{MAY(WEB_POST, "/orgs/new", ACTION_ORG_STRUCTURE, "parent"), org_add_fields, act_org_add,
	 .form = "/orgs/new", .help = "登记新组织"},
	{MAY(WEB_GET, "/orgs/{id}", ACTION_ORG_READ, "id"), org_id_fields, act_org_show,
	 page_org_show, json_org_show, .help = "一个组织的全部情况和变更经过"},
	{MAY(WEB_GET, "/orgs/{id}/edit", ACTION_ORG_EDIT, "id"), org_id_fields, act_org_detail,
	 page_org_edit, json_org_detail, .help = "修改资料页"},
	{MAY(WEB_POST, "/orgs/{id}/edit", ACTION_ORG_EDIT, "id"), org_change_fields, act_org_change,
	 .form = "/orgs/{id}/edit", .help = "修改资料"},
	{MAY(WEB_GET, "/orgs/{id}/move", ACTION_ORG_STRUCTURE, "id"), org_id_fields, act_org_detail,
	 page_org_move, json_org_detail, .help = "划转页"},
	{MAY(WEB_POST, "/orgs/{id}/move", ACTION_ORG_STRUCTURE, "id"), org_move_fields, act_org_move,
	 .form = "/orgs/{id}/move", .help = "划转到另一个上级"},
	{MAY(WEB_GET, "/orgs/{id}/merge", ACTION_ORG_STRUCTURE, "id"), org_id_fields, act_org_detail,
	 page_org_merge, json_org_detail, .help = "合并页"},
	{MAY(WEB_POST, "/orgs/{id}/merge", ACTION_ORG_STRUCTURE, "id"), org_merge_fields,
	 act_org_merge, .form = "/orgs/{id}/merge", .help = "并入另一个组织"},
	{MAY(WEB_GET, "/orgs/{id}/split", ACTION_ORG_STRUCTURE, "id"), org_id_fields, act_org_detail,
	 page_org_split, json_org_detail, .help = "分设页"},
	{MAY(WEB_POST, "/orgs/{id}/split", ACTION_ORG_STRUCTURE, "id"), org_split_fields,
	 act_org_split, .form = "/orgs/{id}/split", .help = "分出新组织"},
	{MAY(WEB_GET, "/orgs/{id}/dissolve", ACTION_ORG_STRUCTURE, "id"), org_id_fields,
	 act_org_detail, page_org_dissolve, json_org_detail, .help = "撤销页"},
	{MAY(WEB_POST, "/orgs/{id}/dissolve", ACTION_ORG_STRUCTURE, "id"), org_dissolve_fields,
	 act_org_dissolve, .form = "/orgs/{id}/dissolve", .help = "撤销组织"},
	{MAY(WEB_GET, "/orgs/{id}/establish", ACTION_ORG_STRUCTURE, "id"), org_id_fields,
	 act_org_detail, page_org_dissolve, json_org_detail, .help = "成立或恢复页"},
	{MAY(WEB_POST, "/orgs/{id}/establish", ACTION_ORG_STRUCTURE, "id"), org_dissolve_fields,
	 act_org_establish, .form = "/orgs/{id}/establish", .help = "应建的已成立，撤销的恢复"},

	/* ---- accounts and roles ---- */
	{MAY(WEB_GET, "/accounts", ACTION_ACCOUNT_READ, "node"), account_list_fields,
	 act_account_list, page_account_list, json_account_list, .help = "账号列表"},
	{MAY(WEB_GET, "/accounts/new", ACTION_ACCOUNT_WRITE, "node"), account_new_page_fields,
	 act_org_at_node, page_account_new, json_form, .help = "新建账号页"},
	{MAY(WEB_POST, "/accounts/new", ACTION_ACCOUNT_WRITE, "node"), account_new_fields,
	 act_account_new, page_account_fresh, json_account_fresh, "/accounts/new",
	 "新建账号；初始密码只给这一次"},
	{MAY(WEB_POST, "/accounts/requests/{request}", ACTION_ROLE_GRANT, NULL),
	 account_decide_fields, act_account_decide, .help = "同意或回绝等第二人确认的角色"},
	{MAY(WEB_GET, "/accounts/{account}", ACTION_ACCOUNT_READ, NULL), account_id_fields,
	 act_account_show, page_account_show, json_account_show, .help = "一个账号和它的角色"},
	{MAY(WEB_POST, "/accounts/{account}/reset", ACTION_ACCOUNT_WRITE, NULL), account_id_fields,
	 act_account_reset, page_account_fresh, json_account_fresh, "/accounts/{account}",
	 "重置密码；新的初始密码只给这一次"},
	{MAY(WEB_POST, "/accounts/{account}/close", ACTION_ACCOUNT_WRITE, NULL), account_id_fields,
	 act_account_close, .form = "/accounts/{account}", .help = "停用账号"},
	{MAY(WEB_POST, "/accounts/{account}/open", ACTION_ACCOUNT_WRITE, NULL), account_id_fields,
	 act_account_close, .form = "/accounts/{account}", .help = "重新启用账号"},
	{MAY(WEB_POST, "/accounts/{account}/grant", ACTION_ROLE_GRANT, NULL), account_grant_fields,
	 act_account_grant, .form = "/accounts/{account}", .help = "给角色"},
	{MAY(WEB_POST, "/accounts/{account}/revoke", ACTION_ROLE_GRANT, NULL), account_revoke_fields,
	 act_account_revoke, .form = "/accounts/{account}", .help = "收回角色"},

	{MAY(WEB_GET, "/policy", ACTION_POLICY_WRITE, NULL), .act = act_policy, .page = page_policy,
	 .json = json_policy, .help = "密码和登录规则"},
	{MAY(WEB_POST, "/policy", ACTION_POLICY_WRITE, NULL), policy_fields, act_policy_set,
	 .form = "/policy", .help = "修改密码和登录规则"},

	/* ---- the audit log ---- */
	{MAY(WEB_GET, "/audit", ACTION_AUDIT_READ, NULL), audit_fields, act_audit, page_audit,
	 json_audit, .help = "审计日志，可以按日期、事项、内容查找"},
	{MAY(WEB_GET, "/audit/export", ACTION_AUDIT_READ, NULL), audit_export_fields,
	 act_audit_export, .help = "导出审计日志（CSV）"},
	{MAY(WEB_GET, "/audit/verify", ACTION_AUDIT_READ, NULL), .act = act_audit_verify,
	 .page = page_audit_verify, .json = json_audit_verify, .help = "检查日志有没有被改动"},
	{0},
};
