/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handlers behind the route table, one group a file. Each route has an
 * `act` (calls app/, leaves a model), a page and a JSON face of the model; the
 * POST routes answer with a place to go to. What they take is declared in the
 * field lists, which end with a NULL name.
 */
#ifndef JW_WEB_PAGES_PAGES_H
#define JW_WEB_PAGES_PAGES_H

#include "app/roster.h"
#include "web/layout.h"
#include "web/web.h"

/* ---- shared by the pages (common.c) ---- */

/* Who calls, as app/ wants to know it. */
struct caller page_caller(const struct web_call *call);

/* Today in China, yyyymmdd. */
int32_t page_today(const struct web_call *call);

/* 20261125 → "2026-11-25", or "11-25" within this year where `brief`; "" for 0. */
const char *page_day(struct web_call *call, int32_t day, bool brief);

/* UTC milliseconds → "2026-11-25 09:30" in China; "" for 0. */
const char *page_time(struct web_call *call, int64_t ms);

/* Why something can't be done here now, "还不能…，因为…"; nothing where `why` is
 * NULL. Everywhere in the same way. */
void page_not_yet(struct html *h, const char *why);

/* printf into the arena; "" without memory. */
const char *page_text(struct web_call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The path in the tree as crumbs, each a link to its list; `last` (may be NULL)
 * follows as this page's own name. */
void page_org_crumbs(struct web_call *call, const struct org *orgs, int n, const char *last,
		     struct page *page);

/* The same of a page whose model does not hold the path; without it for node 0. */
void page_node_crumbs(struct web_call *call, int64_t node, const char *last, struct page *page);

/* Where the caller's tree begins: the first organisation at which he holds a
 * role. ERR_DENIED if there is none. */
int page_top_node(struct web_call *call, int64_t *ret_node);

/* The field `node`; without it where the caller's tree begins. */
int page_node(struct web_call *call, int64_t *ret_node);

/* For routes that only show a form, or nothing in particular. */
int page_act_none(struct web_call *call);
json_t *json_form(struct web_call *call);	/* what its form takes, and the CSRF token */

/* ---- audit_words.c: what acts of the log are called ---- */
extern const struct web_choice audit_words[];

/* ---- tech.c: for machines ---- */
int act_health(struct web_call *call);
int act_metrics(struct web_call *call);
int act_openapi(struct web_call *call);

/* ---- sign.c: first start, sign in and out, own password ---- */
extern const struct web_field login_page_fields[], login_fields[], password_fields[],
	first_page_fields[], first_fields[];
void page_login(struct web_call *call, struct html *h);
int act_login(struct web_call *call);
int act_logout(struct web_call *call);
void page_password(struct web_call *call, struct html *h);
int act_password(struct web_call *call);
void page_first(struct web_call *call, struct html *h);
int act_first(struct web_call *call);

/* ---- totp.c: one's own second factor ---- */
extern const struct web_field totp_set_fields[], totp_off_fields[];
int act_totp(struct web_call *call);
void page_totp(struct web_call *call, struct html *h);
json_t *json_totp(struct web_call *call);
int act_totp_set(struct web_call *call);
int act_totp_off(struct web_call *call);

/* ---- sessions.c: where one is signed in ---- */
extern const struct web_field session_end_fields[];
int act_sessions(struct web_call *call);
void page_sessions(struct web_call *call, struct html *h);
json_t *json_sessions(struct web_call *call);
int act_session_end(struct web_call *call);

/* ---- policy.c: rules for passwords and sessions ---- */
extern const struct web_field policy_fields[];
int act_policy(struct web_call *call);
void page_policy(struct web_call *call, struct html *h);
json_t *json_policy(struct web_call *call);
int act_policy_set(struct web_call *call);

/* ---- home.c ---- */
int act_home(struct web_call *call);
void page_home(struct web_call *call, struct html *h);
json_t *json_home(struct web_call *call);

/* ---- org_list.c ---- */
extern const struct web_field org_list_fields[];
/* The node and the filter that the address of the list, or of its export, asks
 * for; order and page are left out. */
int org_list_read(struct web_call *call, int64_t *ret_node, struct org_filter *ret_filter);
int act_org_list(struct web_call *call);
void page_org_list(struct web_call *call, struct html *h);
json_t *json_org_list(struct web_call *call);

/* ---- org_show.c ---- */
extern const struct web_field org_id_fields[];
int act_org_show(struct web_call *call);
void page_org_show(struct web_call *call, struct html *h);
json_t *json_org_show(struct web_call *call);
/* Of a model that is a struct org_detail: the pages with forms. */
json_t *json_org_detail(struct web_call *call);

/* ---- org_edit.c: add and change ---- */
extern const struct web_field org_new_fields[], org_add_fields[], org_change_fields[];
int act_org_new(struct web_call *call);
/* As act_org_show, without the past: the organisation in `id`, in `node`. */
int act_org_detail(struct web_call *call);
int act_org_at_node(struct web_call *call);
void page_org_new(struct web_call *call, struct html *h);
int act_org_add(struct web_call *call);
void page_org_edit(struct web_call *call, struct html *h);
int act_org_change(struct web_call *call);

/* ---- org_export.c ---- */
extern const struct web_field org_export_fields[], org_template_fields[];
int act_org_export(struct web_call *call);
int act_org_template(struct web_call *call);

/* ---- org_import.c ---- */
extern const struct web_field org_import_page_fields[], org_import_fields[],
	org_import_run_fields[];
void page_org_import(struct web_call *call, struct html *h);
int act_org_import(struct web_call *call);
void page_org_import_result(struct web_call *call, struct html *h);
json_t *json_org_import(struct web_call *call);
int act_org_import_run(struct web_call *call);

/* ---- org_structure.c: move, merge, split, dissolve, establish ---- */
extern const struct web_field org_move_fields[], org_merge_fields[], org_split_fields[],
	org_dissolve_fields[];
void page_org_move(struct web_call *call, struct html *h);
int act_org_move(struct web_call *call);
void page_org_merge(struct web_call *call, struct html *h);
int act_org_merge(struct web_call *call);
void page_org_split(struct web_call *call, struct html *h);
int act_org_split(struct web_call *call);
void page_org_dissolve(struct web_call *call, struct html *h);
void page_org_establish(struct web_call *call, struct html *h);
int act_org_dissolve(struct web_call *call);
int act_org_establish(struct web_call *call);

/* ---- account_list.c, account_show.c ---- */
bool account_role_choice(int i, struct web_choice *ret);
/* What to do where nobody else is there who may agree to a role. */
void account_write_stuck(struct html *h);
extern const struct web_field account_list_fields[], account_export_fields[], account_id_fields[],
	account_new_page_fields[], account_new_fields[], account_grant_fields[],
	account_revoke_fields[], account_decide_fields[];
int act_account_list(struct web_call *call);
int act_account_export(struct web_call *call);
void page_account_list(struct web_call *call, struct html *h);
json_t *json_account_list(struct web_call *call);
int act_account_show(struct web_call *call);
void page_account_show(struct web_call *call, struct html *h);
json_t *json_account_show(struct web_call *call);
void page_account_new(struct web_call *call, struct html *h);
int act_account_new(struct web_call *call);
int act_account_reset(struct web_call *call);
/* The password of a new or reset account, shown this once. */
void page_account_fresh(struct web_call *call, struct html *h);
json_t *json_account_fresh(struct web_call *call);
int act_account_close(struct web_call *call);	/* /close or /open */
int act_account_grant(struct web_call *call);
int act_account_revoke(struct web_call *call);
int act_account_decide(struct web_call *call);

/* ---- account_import.c ---- */
extern const struct web_field account_import_page_fields[], account_import_fields[],
	account_import_run_fields[];
void page_account_import(struct web_call *call, struct html *h);
int act_account_import(struct web_call *call);
void page_account_import_result(struct web_call *call, struct html *h);
json_t *json_account_import(struct web_call *call);
int act_account_import_run(struct web_call *call);
/* The first passwords, shown this once. */
void page_account_slips(struct web_call *call, struct html *h);
json_t *json_account_slips(struct web_call *call);
int act_account_template(struct web_call *call);

/* ---- help.c: the manual ---- */
extern const struct web_field help_fields[], help_page_fields[];
int act_help(struct web_call *call);
int act_help_page(struct web_call *call);
void page_help(struct web_call *call, struct html *h);
json_t *json_help(struct web_call *call);

/* ---- audit.c ---- */
extern const struct web_field audit_fields[], audit_export_fields[];
int act_audit(struct web_call *call);
void page_audit(struct web_call *call, struct html *h);
json_t *json_audit(struct web_call *call);
int act_audit_export(struct web_call *call);
int act_audit_verify(struct web_call *call);
void page_audit_verify(struct web_call *call, struct html *h);
json_t *json_audit_verify(struct web_call *call);

#endif
