/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_db.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/place.h"
#include "db/dump.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/schema.h"

#define DB_HELP "数据库：SQLite 文件，或 postgresql://… 地址（默认：状态目录里的 jinwei.db）"

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One that is looked at or copied must be there: a slip of the pen should not
 * make a new one. */
static int open_existing(struct db **ret_db, const char *url, struct err_info *info)
{
	if (url && strncmp(url, "postgres", 8) != 0) {
		const char *path = strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url;
		if (access(path, F_OK) != 0)
			return err_io(info, "打开数据库", path, errno);
	}
	return place_open_db(ret_db, url, info);
}

static void print_digest(const struct db_digest *digest)
{
	printf("共 %d 张表、%llu 行。\n", digest->n_tables, (unsigned long long)digest->rows);
}

/* What was done to the database as a whole stands in its log, too. */
struct note {
	const char *act, *path;
};

static int note(struct db_tx *tx, void *arg, struct err_info *info)
{
	const struct note *what = arg;
	(void)info;
	struct audit_entry entry = {
		.at_ms = now_ms(), .who = "系统", .origin = "命令行", .act = what->act,
		.object = what->path, .before = "", .after = "",
	};
	return store_audit_append(tx, 0, &entry);
}

/* ---- migrate ---- */

enum { OPT_DB, OPT_SECOND };

static int migrate(const struct cli_args *args)
{
	struct err_info info = {0};
	struct db *db = NULL;
	int ran = 0, r = place_open_db(&db, args->value[OPT_DB], &info);
	if (r == 0)
		r = db_migrate(db, &store_schema, now_ms(), &ran, &info);
	db_close(db);
	if (r < 0)
		return cli_fail(&info);
	if (ran)
		printf("数据库已升级到第 %d 号（执行了 %d 步）。\n", store_schema.n, ran);
	else
		printf("数据库已是最新（第 %d 号）。\n", store_schema.n);
	return EXIT_OK;
}

static const struct cli_option migrate_options[] = {
	[OPT_DB] = {"db", "地址", DB_HELP, false},
	{0},
};
const struct cli_command cmd_db_migrate = {
	.name = "db migrate",
	.summary = "建立数据库，或升级到本程序的版本",
	.options = migrate_options,
	.run = migrate,
};

/* ---- check ---- */

static int check(const struct cli_args *args)
{
	struct err_info info = {0};
	struct db *db = NULL;
	int r = open_existing(&db, args->value[OPT_DB], &info);
	bool opened = r == 0;
	if (r == 0)
		r = db_check(db, &info);
	if (r == 0)
		r = db_schema_check(db, &store_schema, &info);
	if (r == 0)
		r = db_read(db, store_check, NULL, &info);
	db_close(db);
	if (r == 0)
		printf("数据库完好。\n");
	else
		cli_fail(&info);
	return r == 0 ? EXIT_OK : opened ? EXIT_FAULT : EXIT_WRONG;
}

const struct cli_command cmd_db_check = {
	.name = "db check",
	.summary = "检查数据库：文件是否完好，版本是否相符，数据之间是否一致",
	.options = migrate_options,
	.run = check,
};

/* ---- backup ---- */

static int refuse_existing(const char *path, struct err_info *info)
{
	struct stat st;
	if (stat(path, &st) != 0)
		return 0;
	if (S_ISDIR(st.st_mode))
		return err_set(info, ERR_INPUT, "%s 是文件夹；请在它后面再写上文件名", path);
	return err_set(info, ERR_INPUT, "%s 已经存在；请换一个文件名，要覆盖它请加 --replace", path);
}

static int backup(const struct cli_args *args)
{
	struct err_info info = {0};
	struct db *db = NULL;
	struct db_digest *digest = calloc(1, sizeof(*digest));
	int r = args->value[OPT_SECOND] ? 0 : refuse_existing(args->rest[0], &info);
	if (r == 0)
		r = digest ? open_existing(&db, args->value[OPT_DB], &info) : err_nomem(&info);
	if (r == 0)
		r = db_schema_check(db, &store_schema, &info);
	if (r == 0)
		r = db_backup(db, &store_schema, args->rest[0], now_ms(), digest, &info);
	if (r == 0)
		r = db_write(db, 0, note, &(struct note){"db.backup", args->rest[0]}, &info);
	db_close(db);
	if (r == 0) {
		printf("已备份到 %s，并已读回核对。", args->rest[0]);
		print_digest(digest);
	}
	free(digest);
	return r < 0 ? cli_fail(&info) : EXIT_OK;
}

static const struct cli_option backup_options[] = {
	[OPT_DB] = {"db", "地址", DB_HELP, false},
	[OPT_SECOND] = {"replace", NULL, "备份文件已经存在时覆盖它", false},
	{0},
};
const struct cli_command cmd_db_backup = {
	.name = "db backup",
	.summary = "把整个数据库备份成一个文件（服务不用停），写完后读回核对",
	.rest = "文件",
	.rest_min = 1,
	.rest_max = 1,
	.options = backup_options,
	.run = backup,
};

/* ---- restore ---- */

/* Whoever was signed in then is not now. */
static int end_sessions(struct db_tx *tx, void *arg, struct err_info *info)
{
	int r = store_session_expire(tx, -1, INT64_MAX);
	return r < 0 ? r : note(tx, arg, info);
}

/* What is about to be replaced, beside the backup; nothing where there is
 * nothing. */
static int keep_present(struct db *db, const char *path, struct db_digest *digest,
			struct err_info *info)
{
	char *kept = NULL;
	int number, r = db_schema_at(db, &number, info);
	if (r < 0 || number == 0)
		return r;
	if (asprintf(&kept, "%s.restore-%lld", path, (long long)(now_ms() / 1000)) < 0)
		return err_nomem(info);
	r = db_backup(db, &store_schema, kept, now_ms(), digest, info);
	if (r == 0)
		printf("现有数据已先备份到 %s。\n", kept);
	free(kept);
	return r;
}

static int restore(const struct cli_args *args)
{
	struct err_info info = {0};
	struct db *db = NULL;
	bool replace = args->value[OPT_SECOND] != NULL;
	struct db_digest *digest = calloc(1, sizeof(*digest));
	/* A broken file is found before anything is touched. */
	int r = digest ? db_backup_verify(args->rest[0], digest, &info) : err_nomem(&info);
	if (r == 0)
		r = place_open_db(&db, args->value[OPT_DB], &info);
	if (r == 0)
		r = db_claim(db, true, &info);
	if (r == 0 && replace)
		r = keep_present(db, args->rest[0], digest, &info);
	if (r == 0)
		r = db_restore(db, &store_schema, args->rest[0], replace, now_ms(), end_sessions,
			       &(struct note){"db.restore", args->rest[0]}, digest, &info);
	if (r == ERR_CONFLICT)
		err_set(&info, r, "目标数据库里已有数据；要用备份替换它，请加 --replace（先会自动备份现有数据）");
	db_close(db);
	if (r == 0) {
		printf("已恢复，所有人需要重新登录。");
		print_digest(digest);
	}
	free(digest);
	return r < 0 ? cli_fail(&info) : EXIT_OK;
}

static const struct cli_option restore_options[] = {
	[OPT_DB] = {"db", "地址", DB_HELP, false},
	[OPT_SECOND] = {"replace", NULL, "数据库里已有数据时，先备份它，再整个替换", false},
	{0},
};
const struct cli_command cmd_db_restore = {
	.name = "db restore",
	.summary = "从备份文件恢复（请先停止服务）；旧版本的备份会自动升级",
	.rest = "文件",
	.rest_min = 1,
	.rest_max = 1,
	.options = restore_options,
	.run = restore,
};

/* ---- move ---- */

struct move {
	struct db *from, *to;
	struct db_digest digests[2];
	char path[64];
};

static int copy(struct move *m, struct err_info *info)
{
	const char *why, *table;
	int r = db_backup(m->from, &store_schema, m->path, now_ms(), &m->digests[0], info);
	if (r == 0)
		r = db_restore(m->to, &store_schema, m->path, false, now_ms(), NULL, NULL,
			       &m->digests[1], info);
	if (r == ERR_CONFLICT)
		err_set(info, r, "目标数据库里已有数据；请换一个空的数据库");
	/* The proof: what the other engine gives back. */
	if (r == 0)
		r = db_backup(m->to, &store_schema, NULL, now_ms(), &m->digests[1], info);
	if (r == 0 && (table = db_digest_compare(&m->digests[0], &m->digests[1], &why)))
		r = err_set(info, ERR_IO, "搬家后核对不符：表 %s %s；请不要使用目标数据库", table, why);
	return r;
}

static int move(const struct cli_args *args)
{
	struct err_info info = {0};
	struct move *m = calloc(1, sizeof(*m));
	const char *from = args->value[OPT_DB];
	int fd = -1, r = m ? open_existing(&m->from, from, &info) : err_nomem(&info);
	if (r == 0 && from && strcmp(from, args->value[OPT_SECOND]) == 0)
		r = err_set(&info, ERR_INPUT, "--db 和 --to 是同一个数据库，没有什么可搬");
	if (r == 0)
		r = db_schema_check(m->from, &store_schema, &info);
	if (r == 0)
		r = db_claim(m->from, true, &info);
	if (r == 0)
		r = place_open_db(&m->to, args->value[OPT_SECOND], &info);
	if (r == 0)
		r = db_claim(m->to, true, &info);
	if (r == 0) {
		snprintf(m->path, sizeof(m->path), "/var/tmp/jinwei-move-XXXXXX");
		fd = mkstemp(m->path);
		r = fd < 0 ? err_io(&info, "写入", m->path, errno) : copy(m, &info);
	}
	if (fd >= 0) {
		close(fd);
		unlink(m->path);
	}
	if (r == 0) {
		printf("已从 %s 搬到 %s，逐表核对行数和内容一致。\n", db_engine(m->from),
		       db_engine(m->to));
		for (int i = 0; i < m->digests[0].n_tables; i++)
			printf("  %-14s %10llu 行\n", m->digests[0].tables[i].name,
			       (unsigned long long)m->digests[0].tables[i].rows);
	}
	if (m) {
		db_close(m->from);
		db_close(m->to);
	}
	free(m);
	return r < 0 ? cli_fail(&info) : EXIT_OK;
}

static const struct cli_option move_options[] = {
	[OPT_DB] = {"db", "地址", DB_HELP, false},
	[OPT_SECOND] = {"to", "地址", "搬到哪里：SQLite 文件，或 postgresql://… 地址；须是空的", true},
	{0},
};
const struct cli_command cmd_db_move = {
	.name = "db move",
	.summary = "把全部数据搬到另一个数据库（请先停止服务），并核对行数和内容",
	.options = move_options,
	.run = move,
};
