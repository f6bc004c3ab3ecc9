/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_audit.h"

#include <stdio.h>
#include <time.h>

#include "app/audits.h"
#include "cli/office.h"
#include "cli/place.h"

static void print_verdict(const struct audit_verdict *v)
{
	const char *name = v->region ? v->name : "县以上";
	if (v->fault == AUDIT_GOOD)
		printf("%-4lld %s：完好，%lld 条\n", (long long)v->region, name, (long long)v->seq);
	else
		printf(v->fault == AUDIT_CUT ? "%-4lld %s：从第 %lld 条起%s\n" : "%-4lld %s：第 %lld 条%s\n",
		       (long long)v->region, name, (long long)v->seq, audit_fault_label(v->fault));
}

/* Chains that are good are anchored, so that a later look finds more. */
static int anchor(struct app *app, const struct caller *caller, struct err_info *info)
{
	struct audit_head head;
	char text[AUDIT_ANCHOR_LEN + 1];
	int r = audits_anchor(app, caller, &head, info);
	if (r == 0 && head.seq) {
		audit_anchor_format(&head, text);
		printf("请把链头抄下或打印留存，下次核查时写在命令后面：\n%s\n", text);
	}
	return r;
}

static int verify(const struct cli_args *args)
{
	struct err_info info = {0};
	AUTO(arena) struct arena arena = {0};
	struct audit_head kept[CLI_REST_MAX];
	struct audit_verdict *verdicts = NULL;
	struct db *db = NULL;
	struct app app = {0};
	struct caller caller = office_caller();
	int n = 0, faults = 0, r = 0;

	for (int i = 0; r == 0 && i < args->n_rest; i++)
		r = audit_anchor_parse(args->rest[i], &kept[i], &info);
	if (r == 0)
		r = place_open_db(&db, args->value[0], &info);
	if (r == 0)
		r = app_init(&app, db, &info);
	if (r == 0)
		r = audits_verify(&app, &caller, -1, kept, args->n_rest, &arena, &verdicts, &n, &info);
	for (int i = 0; r == 0 && i < n; i++) {
		print_verdict(&verdicts[i]);
		faults += verdicts[i].fault != AUDIT_GOOD;
	}
	if (r == 0 && !faults)
		r = anchor(&app, &caller, &info);
	app_done(&app);
	db_close(db);
	return r < 0 ? cli_fail(&info) : faults ? EXIT_FAULT : EXIT_OK;
}

static const struct cli_option options[] = {
	{"db", "地址", "数据库：SQLite 文件，或 postgresql://… 地址（默认：状态目录里的 jinwei.db）", false},
	{0},
};
const struct cli_command cmd_audit_verify = {
	.name = "audit verify",
	.summary = "核查审计记录有没有被改动、删除或插入；可写上以前留存的链头",
	.rest = "链头…",
	.rest_max = CLI_REST_MAX,
	.options = options,
	.run = verify,
};
