/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema.h"

#include "store/schema_part.h"

/* Columns that `org` and `org_version` share. */
#define ORG_FIELDS \
	" parent INTEGER NOT NULL,"		/* 0: a root */ \
	" code TEXT NOT NULL," \
	" name TEXT NOT NULL," \
	" short_name TEXT NOT NULL," \
	" level INTEGER NOT NULL,"		/* enum level */ \
	" field INTEGER NOT NULL,"		/* enum field, or -1 */ \
	" kind TEXT NOT NULL," \
	" members INTEGER NOT NULL," \
	" residents INTEGER NOT NULL," \
	" secretary_name TEXT NOT NULL," \
	" secretary_phone TEXT NOT NULL," \
	" secretary_since INTEGER NOT NULL," \
	" secretary_until INTEGER NOT NULL," \
	" liaison_name TEXT NOT NULL," \
	" liaison_phone TEXT NOT NULL," \
	" liaison_other TEXT NOT NULL," \
	" cadre TEXT NOT NULL," \
	" founded INTEGER NOT NULL," \
	" election_due INTEGER NOT NULL," \
	" state INTEGER NOT NULL,"		/* enum org_state */ \
	" successor INTEGER NOT NULL,"		/* merged into; 0: none */ \
	" note TEXT NOT NULL,"

static const struct db_migration migrations[] = {
	{"组织、账号、审计",
	 "CREATE TABLE counter ("
	 " region INTEGER NOT NULL,"
	 " kind INTEGER NOT NULL,"
	 " last INTEGER NOT NULL,"
	 " PRIMARY KEY (region, kind)) STRICT, WITHOUT ROWID;\n"

	 "CREATE TABLE setting ("
	 " region INTEGER NOT NULL,"
	 " name TEXT NOT NULL,"
	 " value TEXT NOT NULL,"
	 " PRIMARY KEY (region, name)) STRICT, WITHOUT ROWID;\n"

	 "CREATE TABLE org ("
	 " region INTEGER NOT NULL,"
	 " org INTEGER NOT NULL,"
	 ORG_FIELDS
	 " path TEXT NOT NULL,"			/* /root/…/org/ */
	 " search TEXT NOT NULL,"		/* code, names and initials in small letters */
	 " sort_key BLOB NOT NULL,"		/* of the name, by pinyin */
	 " version INTEGER NOT NULL,"		/* the last in org_version */
	 " since_day INTEGER NOT NULL,"
	 " PRIMARY KEY (region, org)) STRICT, WITHOUT ROWID;\n"
	 "CREATE UNIQUE INDEX org_code ON org (region, code);\n"
	 "CREATE INDEX org_code_all ON org (code);\n"
	 /* Counts and searches of a subtree read nothing but this. */
	 "CREATE INDEX org_path ON org (path, state, level, field, search);\n"
	 "CREATE INDEX org_parent ON org (parent, code);\n"
	 "CREATE INDEX org_sort ON org (sort_key, code);\n"

	 "CREATE TABLE org_version ("
	 " region INTEGER NOT NULL,"
	 " org INTEGER NOT NULL,"
	 " version INTEGER NOT NULL,"
	 ORG_FIELDS
	 " since_day INTEGER NOT NULL,"		/* from when it holds, as told */
	 " recorded_ms INTEGER NOT NULL,"	/* when we learnt of it */
	 " replaced_ms INTEGER NOT NULL,"	/* when a later version was recorded; or the far end */
	 " account INTEGER NOT NULL,"
	 " act INTEGER NOT NULL,"		/* enum org_act */
	 " reason TEXT NOT NULL,"
	 " PRIMARY KEY (region, org, version)) STRICT, WITHOUT ROWID;\n"

	 /* Who became whom: a merge, a split. */
	 "CREATE TABLE org_link ("
	 " region INTEGER NOT NULL,"
	 " org INTEGER NOT NULL,"
	 " other INTEGER NOT NULL,"
	 " act INTEGER NOT NULL,"
	 " since_day INTEGER NOT NULL,"
	 " PRIMARY KEY (region, org, other, act, since_day)) STRICT, WITHOUT ROWID;\n"
	 "CREATE INDEX org_link_other ON org_link (region, other);\n"

	 "CREATE TABLE account ("
	 " region INTEGER NOT NULL,"
	 " account INTEGER NOT NULL,"
	 " node INTEGER NOT NULL,"
	 " name TEXT NOT NULL,"			/* to sign in with; small letters */
	 " label TEXT NOT NULL,"		/* the person */
	 " phone TEXT NOT NULL,"
	 " password TEXT NOT NULL,"		/* Argon2id; '': none yet */
	 " must_change INTEGER NOT NULL,"
	 " totp BLOB,"				/* secret; NULL: not in use */
	 " totp_step INTEGER NOT NULL,"		/* the last step used: a code works once */
	 " state INTEGER NOT NULL,"		/* enum account_state */
	 " created_ms INTEGER NOT NULL,"
	 " password_ms INTEGER NOT NULL,"
	 " login_ms INTEGER NOT NULL,"
	 " PRIMARY KEY (region, account)) STRICT, WITHOUT ROWID;\n"
	 "CREATE UNIQUE INDEX account_name ON account (region, name);\n"
	 "CREATE INDEX account_name_all ON account (name);\n"
	 "CREATE INDEX account_node ON account (node);\n"

	 "CREATE TABLE role_grant ("
	 " region INTEGER NOT NULL,"		/* of the account */
	 " account INTEGER NOT NULL,"
	 " role INTEGER NOT NULL,"		/* enum role */
	 " node INTEGER NOT NULL,"
	 " granted_by INTEGER NOT NULL,"
	 " granted_ms INTEGER NOT NULL,"
	 " PRIMARY KEY (region, account, role, node)) STRICT, WITHOUT ROWID;\n"
	 "CREATE INDEX role_grant_node ON role_grant (node);\n"

	 /* Above the county a grant waits for a second person. */
	 "CREATE TABLE role_request ("
	 " region INTEGER NOT NULL,"
	 " request INTEGER NOT NULL,"
	 " account INTEGER NOT NULL,"
	 " role INTEGER NOT NULL,"
	 " node INTEGER NOT NULL,"
	 " asked_by INTEGER NOT NULL,"
	 " asked_ms INTEGER NOT NULL,"
	 " PRIMARY KEY (region, request)) STRICT, WITHOUT ROWID;\n"

	 "CREATE TABLE session ("
	 " region INTEGER NOT NULL,"
	 " token_hash BLOB NOT NULL,"
	 " account INTEGER NOT NULL,"
	 " created_ms INTEGER NOT NULL,"
	 " seen_ms INTEGER NOT NULL,"
	 " origin TEXT NOT NULL,"		/* network address */
	 " PRIMARY KEY (region, token_hash)) STRICT, WITHOUT ROWID;\n"
	 /* The cookie does not tell the region. */
	 "CREATE INDEX session_token ON session (token_hash);\n"
	 "CREATE INDEX session_account ON session (region, account);\n"

	 /* Failed logins, by the name that was typed, whether it exists or not. */
	 "CREATE TABLE login_guard ("
	 " region INTEGER NOT NULL,"
	 " name TEXT NOT NULL,"
	 " failures INTEGER NOT NULL,"
	 " last_ms INTEGER NOT NULL,"
	 " locked_until_ms INTEGER NOT NULL,"
	 " PRIMARY KEY (region, name)) STRICT, WITHOUT ROWID;\n"
	 "CREATE INDEX login_guard_last ON login_guard (region, last_ms);\n"

	 "CREATE TABLE audit ("
	 " region INTEGER NOT NULL,"
	 " seq INTEGER NOT NULL,"
	 " at_ms INTEGER NOT NULL,"
	 " account INTEGER NOT NULL,"
	 " who TEXT NOT NULL,"			/* as named then */
	 " origin TEXT NOT NULL,"
	 " act TEXT NOT NULL,"
	 " node INTEGER NOT NULL,"
	 " object TEXT NOT NULL,"
	 " before TEXT NOT NULL,"
	 " after TEXT NOT NULL,"
	 " hash BLOB NOT NULL,"			/* of the one before and all above */
	 " PRIMARY KEY (region, seq)) STRICT, WITHOUT ROWID;\n"
	 "CREATE INDEX audit_time ON audit (region, at_ms);\n"
	 "CREATE TABLE audit_head ("
	 " region INTEGER NOT NULL PRIMARY KEY,"
	 " seq INTEGER NOT NULL,"
	 " hash BLOB NOT NULL) STRICT;\n"
	},
	{"分类计数和排序的索引",
	 /* A county is counted by class in the index's order, without sorting. */
	 "CREATE INDEX org_class ON org (region, level, field, state, path);\n"
	 /* Every order in which a list can be read. */
	 "CREATE INDEX org_members ON org (members, code);\n"
	 "CREATE INDEX org_election ON org (election_due, code);\n"
	 "CREATE INDEX org_secretary ON org (secretary_name, code);\n"
	},
	{"年度工作", schema_campaign},
	{"附件", schema_attachment},
	{"自设指标和评价主体的索引", schema_local},
	{"会议、公示、审查和整改", schema_decide},
	{"年度工作的索引", schema_campaign_index},
	{"不记名测评", schema_ballot},
	{"整顿台账", schema_case},
	{"下级合计和按序的索引", schema_tally},
	{"自评", schema_self},
	{"打印记录和自选列", schema_print},
	{"现场评分", schema_live},
	{"清点测评票", schema_count},
	{"年度工作与上年比较", schema_campaign_board},
	{"调查摸底", schema_survey},
	{"整改验收的票箱", schema_ballot_case},
	{"查找组织的索引", schema_tally_index},
	{"发出的测评票", schema_issued},
	{"自定模板", schema_template},
	{"年度工作的组织按代码排", schema_campaign_code},
	{"年度考核", schema_examination},
	{"报送登记、核查标准", schema_received},
	{"票数少的组织", schema_tally_few},
	{"名单索引", schema_list},
	{"报来的数和系统里的数", schema_figures},
	{"名单里报送没有", schema_list_hold},
	{"述职评议时的整顿情况", schema_rectified},
	{"领导名册", schema_leader},
	{"四项保障", schema_money},
	{"督查组", schema_spot_group},
	{"帮扶目标", schema_helper_goal},
	{"票数少的组织的索引", schema_tally_few_org},
	{"测评票就地修改", schema_ballot_fill},
};

const struct db_schema store_schema = {
	sizeof(migrations) / sizeof(migrations[0]),
	migrations,
};

static int found(struct db_stmt *q, const char *what, struct err_info *info)
{
	int r = db_step(q);
	if (r <= 0)
		return r;
	return err_set(info, ERR_STATE, "%s（编号 %lld）", what, (long long)db_col_int(q, 0));
}

/* Kept counts against the organisations themselves, from either side. */
#define COUNTED \
	"SELECT x.region, a.org, x.level, x.field, x.state, count(*) AS n," \
	" CAST(sum(CASE WHEN x.members > 0 THEN x.members ELSE 0 END) AS BIGINT) AS members" \
	" FROM org a JOIN org x ON x.path > a.path" \
	" AND x.path < substr(a.path, 1, length(a.path) - 1) || '0'" \
	" GROUP BY x.region, a.org, x.level, x.field, x.state"
#define MONEY_COUNTED \
	"SELECT * FROM (WITH RECURSIVE up (region, year, kind, cents, node, parent) AS (" \
	"SELECT m.region, m.year, m.kind, m.cents, o.org, o.parent FROM case_money m" \
	" JOIN org o ON o.region = m.region AND o.org = m.org" \
	" UNION ALL SELECT u.region, u.year, u.kind, u.cents, p.org, p.parent FROM up u" \
	" JOIN org p ON p.org = u.parent AND p.region = u.parent / 10000000)" \
	" SELECT region, node, year, kind, count(*) AS n, CAST(sum(cents) AS BIGINT) AS cents" \
	" FROM up GROUP BY region, node, year, kind) c"
#define MONEY_KEPT "SELECT region, node, year, kind, n, cents FROM money_tally"
#define KEPT "SELECT region, org, level, field, state, n, members FROM org_tally"

static int check_tallies(struct db_tx *tx, struct err_info *info)
{
	int r = found(db_query(tx, "SELECT d.org FROM (" COUNTED " EXCEPT " KEPT ") d LIMIT 1"),
		      "有组织的下级合计不符", info);
	return r < 0 ? r : found(db_query(tx, "SELECT d.org FROM (" KEPT " EXCEPT " COUNTED ") d LIMIT 1"),
				 "有组织的下级合计不符", info);
}

int store_check(struct db_tx *tx, void *unused, struct err_info *info)
{
	int r;
	(void)unused;
	if ((r = found(db_query(tx, "SELECT o.org FROM org o LEFT JOIN org p ON p.org = o.parent"
				" AND p.region = o.parent / 10000000"
				" WHERE o.parent <> 0 AND p.org IS NULL LIMIT 1"),
		       "有组织的上级不存在", info)) < 0)
		return r;
	if ((r = found(db_query(tx, "SELECT o.org FROM org o JOIN org p ON p.org = o.parent"
				" AND p.region = o.parent / 10000000"
				" WHERE o.path <> p.path || CAST(o.org AS TEXT) || '/' LIMIT 1"),
		       "有组织的路径与上级不符", info)) < 0)
		return r;
	if ((r = found(db_query(tx, "SELECT o.org FROM org o LEFT JOIN org_version v"
				" ON v.region = o.region AND v.org = o.org AND v.version = o.version"
				" WHERE v.org IS NULL LIMIT 1"),
		       "有组织缺少历史记录", info)) < 0 ||
	    (r = check_tallies(tx, info)) < 0)
		return r;
	if ((r = found(db_query(tx, "SELECT r.org FROM result r LEFT JOIN org_hold h ON h.region = r.region"
				" AND h.campaign = r.campaign AND h.org = r.org"
				" WHERE r.hold <> COALESCE(h.state, 0) LIMIT 1"),
		       "有结果的报送状态不符", info)) < 0)
		return r;
	if ((r = found(db_query(tx, "SELECT d.node FROM (" MONEY_COUNTED " EXCEPT " MONEY_KEPT ") d LIMIT 1"),
		       "有组织的四项保障合计不符", info)) < 0 ||
	    (r = found(db_query(tx, "SELECT d.node FROM (" MONEY_KEPT " EXCEPT " MONEY_COUNTED ") d LIMIT 1"),
		       "有组织的四项保障合计不符", info)) < 0)
		return r;
	if ((r = found(db_query(tx, "SELECT o.org FROM org o JOIN (SELECT code FROM org"
				" GROUP BY code HAVING count(*) > 1) d ON d.code = o.code LIMIT 1"),
		       "有组织代码重复", info)) < 0)
		return r;
	if ((r = found(db_query(tx, "SELECT a.account FROM account a LEFT JOIN org o ON o.org = a.node"
				" WHERE o.org IS NULL LIMIT 1"),
		       "有账号所属的组织不存在", info)) < 0)
		return r;
	return found(db_query(tx, "SELECT g.account FROM role_grant g LEFT JOIN account a"
			      " ON a.region = g.region AND a.account = g.account"
			      " LEFT JOIN org o ON o.org = g.node"
			      " WHERE a.account IS NULL OR o.org IS NULL LIMIT 1"),
		     "有角色的账号或组织不存在", info);
}
