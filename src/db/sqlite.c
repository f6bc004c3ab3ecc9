/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite in WAL mode: one connection writes, many read. The log reaches the disk after the
 * commit, beside the next one (sqlite_sync.h).
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "db/driver.h"
#include "db/sqlite_log.h"
#include "db/sqlite_sync.h"

enum {
	BUSY_MS = 10000,			/* how long to wait for another program */
	FORGET_STEP_MS = 10,
	APPLICATION_ID = 0x4A574542,		/* "JWEB": what `file` sees */
	WRITER_CACHE_KB = 64 << 10,
	READER_CACHE_KB = 16 << 10,
};

struct conn {
	struct db_tx tx;
	sqlite3 *db;
	struct sqlite_log *log;	/* of the writer */
	struct sqlite_sync *sync;	/* of the writer */
	int64_t changes;	/* of statements run again */
	int claimed;		/* the file once more, locked by claim; 0: none */
};

struct stmt {
	struct db_stmt base;
	sqlite3_stmt *raw;
	int index[DB_PARAMS_MAX];	/* of $1 … as SQLite counts them */
	int n_params;
};

static struct conn *conn_of(struct db_tx *tx)
{
	return (struct conn *)tx;
}

static struct stmt *stmt_of(struct db_stmt *stmt)
{
	return (struct stmt *)stmt;
}

/* ---- errors ---- */

static int code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return ERR_NOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERR_STATE;
	case SQLITE_CONSTRAINT:
		return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY
			? ERR_CONFLICT : ERR_IO;
	default:
		return ERR_IO;
	}
}

static int doom(struct db_tx *tx, int rc, const char *doing)
{
	const char *why = sqlite3_errmsg(conn_of(tx)->db);
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return db_doom(tx, ERR_NOMEM, "内存不足");
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return db_doom(tx, ERR_STATE, "数据库正被另一个程序占用，请稍后再试");
	case SQLITE_FULL:
		return db_doom(tx, ERR_IO, "磁盘已满，没有保存");
	case SQLITE_NOTADB:
		return db_doom(tx, ERR_IO, "这个文件不是数据库，请检查 --db 写得对不对；确实是它而损坏了，请用备份恢复");
	case SQLITE_CORRUPT:
		return db_doom(tx, ERR_IO, "数据库文件已损坏（%s），请用备份恢复", why);
	case SQLITE_READONLY:
		return db_doom(tx, ERR_IO, "数据库文件是只读的，没有保存");
	case SQLITE_CONSTRAINT:
		if (code_of(rc) == ERR_CONFLICT)
			return db_doom(tx, ERR_CONFLICT, "已有相同的记录（%s）", why);
		/* fall through */
	default:
		return db_doom(tx, code_of(rc), "数据库%s出错：%s（%d）", doing, why, rc);
	}
}

static int exec(struct db_tx *tx, const char *sql, const char *doing)
{
	int rc = sqlite3_exec(conn_of(tx)->db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : doom(tx, rc, doing);
}

/* ---- connection ---- */

static void conn_close(struct db_tx *tx)
{
	if (!tx)
		return;
	struct conn *conn = conn_of(tx);
	if (conn->db) {
		db_tx_clear(tx);
		sqlite_sync_free(conn->sync);
		sqlite_log_free(conn->log);
		if (tx->write)
			sqlite3_exec(conn->db, "PRAGMA analysis_limit=400; PRAGMA optimize", NULL,
				     NULL, NULL);
		sqlite3_close(conn->db);
	}
	if (conn->claimed > 0)
		close(conn->claimed);
	free(conn);
}

/*
 * Made by us, so that nobody else may read it whatever the umask is. A file
 * that exists is never opened here: closing it would drop the locks that
 * SQLite holds on it in this process.
 */
static int make_file(const char *path, struct err_info *info)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? 0 : err_io_make(info, "打开数据库", path, errno);
	close(fd);
	/* The name is durable before the first commit is. */
	const char *slash = strrchr(path, '/');
	char *dir = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
	fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	free(dir);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return 0;
}

static int pragma_int(struct conn *conn, const char *sql, int *ret_value)
{
	sqlite3_stmt *raw = NULL;
	int rc = sqlite3_prepare_v2(conn->db, sql, -1, &raw, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(raw)) == SQLITE_ROW) {
		*ret_value = sqlite3_column_int(raw, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(raw);
	return rc;
}

/* strpos(text, part) as PostgreSQL has it: the place of the first `part`, in
 * characters from 1; 0 where there is none. Quicker than LIKE by far. As blobs they
 * stand where they are; as texts each would be copied, to end in a zero. */
static void strpos_fn(sqlite3_context *context, int n, sqlite3_value **args)
{
	(void)n;
	if (sqlite3_value_type(args[0]) == SQLITE_NULL || sqlite3_value_type(args[1]) == SQLITE_NULL)
		return;		/* NULL */
	const char *text = sqlite3_value_blob(args[0]), *part = sqlite3_value_blob(args[1]);
	size_t len = text ? (size_t)sqlite3_value_bytes(args[0]) : 0;
	size_t part_len = part ? (size_t)sqlite3_value_bytes(args[1]) : 0;
	const char *at = len && part_len ? memmem(text, len, part, part_len) : NULL;
	sqlite3_int64 place = at || !part_len;
	for (const char *p = text; at && p < at; p++)
		place += ((unsigned char)*p & 0xC0) != 0x80;
	sqlite3_result_int64(context, place);
}

static int set_up(struct conn *conn, bool write, const char *path)
{
	struct db_tx *tx = &conn->tx;
	int id = 0, n_tables = 0, r;

	sqlite3_extended_result_codes(conn->db, 1);
	sqlite3_busy_timeout(conn->db, BUSY_MS);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(conn->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	int rc = sqlite3_create_function_v2(conn->db, "strpos", 2,
					    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
					    strpos_fn, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = pragma_int(conn, "PRAGMA application_id", &id);
	if (rc == SQLITE_OK)
		rc = pragma_int(conn, "SELECT count(*) FROM sqlite_master", &n_tables);
	if (rc != SQLITE_OK)
		return doom(tx, rc, "打开");
	if (id != APPLICATION_ID && n_tables)
		return db_doom(tx, ERR_INPUT, "%s 不是晋位的数据库", path);
	if (write) {
		int synchronous = 0;
		if (id != APPLICATION_ID &&
		    (r = exec(tx, "PRAGMA application_id = 0x4A574542", "打开")) < 0)
			return r;
		if ((r = exec(tx, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
			      /* What is deleted is overwritten with zeros: ballots. */
			      "PRAGMA secure_delete = ON;"
			      "PRAGMA journal_size_limit = 67108864", "打开")) < 0)
			return r;
		pragma_int(conn, "PRAGMA synchronous", &synchronous);
		if (synchronous != 1)
			return db_doom(tx, ERR_IO, "数据库不能设为同步写盘");
		/* Not every file system can share memory, and WAL needs it. */
		int wal = 0;
		rc = pragma_int(conn, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", &wal);
		if (rc != SQLITE_OK || !wal)
			return db_doom(tx, ERR_IO, "数据库所在的磁盘不支持预写日志（WAL），请放在本机磁盘上");
		/* In place of what a commit does by itself after a thousand pages. */
		if (!(conn->log = sqlite_log_new(conn->db)) || !(conn->sync = sqlite_sync_new(conn->db)))
			return db_doom(tx, ERR_NOMEM, "内存不足");
	} else if ((r = exec(tx, "PRAGMA query_only = ON", "打开")) < 0) {
		return r;
	}
	char *sql = sqlite3_mprintf("PRAGMA case_sensitive_like = ON; PRAGMA temp_store = MEMORY;"
				    "PRAGMA cell_size_check = ON; PRAGMA cache_size = -%d",
				    write ? WRITER_CACHE_KB : READER_CACHE_KB);
	r = sql ? exec(tx, sql, "打开") : db_doom(tx, ERR_NOMEM, "内存不足");
	sqlite3_free(sql);
	return r;
}

/* The system's reason: the engine has only a number for it. */
static int cant_open(struct conn *conn, const char *path)
{
	struct err_info info = {0};
	err_io(&info, "打开数据库", path, sqlite3_system_errno(conn->db));
	return db_doom(&conn->tx, ERR_IO, "%s", info.text);
}

static int conn_open(struct db_tx **ret_tx, const char *url, bool write, struct err_info *info)
{
	int r = write ? make_file(url, info) : 0;
	if (r < 0)
		return r;
	struct conn *conn = calloc(1, sizeof(*conn));
	if (!conn)
		return err_nomem(info);
	/* Nobody asks how much memory it has, and to know it every allocation takes a lock that all
	 * threads share. Heard only before the first is opened. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	conn->tx.driver = &db_sqlite;
	conn->tx.write = write;
	int rc = sqlite3_open_v2(url, &conn->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_CANTOPEN)
		r = cant_open(conn, url);
	else if (rc != SQLITE_OK)
		r = conn->db ? doom(&conn->tx, rc, "打开") : db_doom(&conn->tx, ERR_NOMEM, "内存不足");
	else
		r = set_up(conn, write, url);
	if (r < 0) {
		db_error(&conn->tx, info);
		conn_close(&conn->tx);
		return r;
	}
	*ret_tx = &conn->tx;
	return 0;
}

/* By flock, which does not meet the engine's own locks. Closing any descriptor of
 * the file drops those, so the claim's connection is closed last (db.c). */
static int claim(struct db_tx *tx, bool alone)
{
	struct conn *conn = conn_of(tx);
	int fd = open(sqlite3_db_filename(conn->db, "main"), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return db_doom(tx, ERR_IO, "无法打开数据库文件：系统错误 %d", errno);
	if (flock(fd, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) < 0) {
		int why = errno;
		close(fd);
		return why == EWOULDBLOCK ? ERR_STATE
					  : db_doom(tx, ERR_IO, "无法锁定数据库文件：系统错误 %d", why);
	}
	conn->claimed = fd;
	return 0;
}

/* Pages of the log hold what was deleted since. Nobody waits by himself for whoever is
 * carrying the log over just now (sqlite_log.h), so this asks again and again. */
static int forget(struct db_tx *tx)
{
	sqlite3 *db = conn_of(tx)->db;
	int busy = 1, rc = SQLITE_OK;
	sqlite3_busy_timeout(db, 0);
	for (int waited = 0; rc == SQLITE_OK && waited < BUSY_MS; waited += FORGET_STEP_MS) {
		rc = pragma_int(conn_of(tx), "PRAGMA wal_checkpoint(TRUNCATE)", &busy);
		if (rc != SQLITE_OK || !busy)
			break;
		sqlite3_sleep(FORGET_STEP_MS);
	}
	sqlite3_busy_timeout(db, BUSY_MS);
	if (rc != SQLITE_OK)
		return doom(tx, rc, "清空日志");
	return busy ? db_doom(tx, ERR_STATE, "数据库正被别的程序读，日志还没有清空") : 0;
}

/* A write transaction keeps all others out, and migrations run in one. */
static int lock_schema(struct db_tx *tx)
{
	(void)tx;
	return 0;
}

/* ---- transaction ---- */

static int tx_begin(struct db_tx *tx)
{
	conn_of(tx)->changes = 0;
	return exec(tx, tx->write ? "BEGIN IMMEDIATE" : "BEGIN", "开始事务");
}

static bool tx_inside(struct db_tx *tx)
{
	return !sqlite3_get_autocommit(conn_of(tx)->db);
}

static void tx_rollback(struct db_tx *tx)
{
	if (tx_inside(tx) && sqlite3_exec(conn_of(tx)->db, "ROLLBACK", NULL, NULL, NULL))
		tx->broken = true;
}

static int tx_commit(struct db_tx *tx)
{
	int rc = sqlite3_exec(conn_of(tx)->db, "COMMIT", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		return 0;
	doom(tx, rc, "保存");
	tx_rollback(tx);
	return tx->error;
}

static uint64_t tx_mark(struct db_tx *tx)
{
	return sqlite_sync_mark(conn_of(tx)->sync);
}

static int tx_sync(struct db_tx *tx, uint64_t mark)
{
	return sqlite_sync_wait(conn_of(tx)->sync, mark);
}

static int script(struct db_tx *tx, const char *sql)
{
	return exec(tx, sql, "建表");
}

/* ---- statements ---- */

static void stmt_free(struct db_stmt *base)
{
	sqlite3_finalize(stmt_of(base)->raw);
	free(stmt_of(base));
}

/* To SQLite "$1" is only a name, numbered by first appearance. */
static bool number_params(struct stmt *stmt)
{
	stmt->n_params = sqlite3_bind_parameter_count(stmt->raw);
	for (int i = 1; i <= stmt->n_params; i++) {
		const char *name = sqlite3_bind_parameter_name(stmt->raw, i);
		char *end = NULL;
		long number = name && name[0] == '$' ? strtol(name + 1, &end, 10) : 0;
		if (number < 1 || number > stmt->n_params || number > DB_PARAMS_MAX || *end)
			return false;
		stmt->index[number - 1] = i;
	}
	return true;
}

static int stmt_prepare(struct db_tx *tx, const char *sql, struct db_stmt **ret_stmt)
{
	struct stmt *stmt = calloc(1, sizeof(*stmt));
	if (!stmt)
		return db_doom(tx, ERR_NOMEM, "内存不足");
	int rc = sqlite3_prepare_v3(conn_of(tx)->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt->raw,
				    NULL);
	int r = 0;
	if (rc != SQLITE_OK)
		r = doom(tx, rc, "准备语句");
	else if (!stmt->raw || !number_params(stmt))
		r = db_doom(tx, ERR_IO, "程序错误：参数必须是连续的 $1 … $%d：%s", DB_PARAMS_MAX, sql);
	if (r < 0) {
		stmt_free(&stmt->base);
		return r;
	}
	*ret_stmt = &stmt->base;
	return 0;
}

static int bind_all(struct stmt *stmt)
{
	struct db_tx *tx = stmt->base.tx;
	if (stmt->base.n_values != stmt->n_params)
		return db_doom(tx, ERR_IO, "程序错误：要 %d 个参数，给了 %d 个：%s", stmt->n_params,
			       stmt->base.n_values, stmt->base.sql);
	for (int i = 0; i < stmt->n_params; i++) {
		const struct db_value *v = &stmt->base.values[i];
		int at = stmt->index[i], rc = SQLITE_OK;
		switch (v->type) {
		case DB_NULL:
			rc = sqlite3_bind_null(stmt->raw, at);
			break;
		case DB_INT:
			rc = sqlite3_bind_int64(stmt->raw, at, v->number);
			break;
		case DB_TEXT:
			rc = sqlite3_bind_text64(stmt->raw, at, v->data, v->len, SQLITE_TRANSIENT,
						 SQLITE_UTF8);
			break;
		case DB_BLOB:
			rc = sqlite3_bind_blob64(stmt->raw, at, v->data, v->len, SQLITE_TRANSIENT);
			break;
		}
		if (rc != SQLITE_OK)
			return doom(tx, rc, "赋值");
	}
	return 0;
}

static int stmt_step(struct db_stmt *base)
{
	struct stmt *stmt = stmt_of(base);
	if (!base->stepped) {
		int r = bind_all(stmt);
		if (r < 0)
			return r;
	}
	int rc = sqlite3_step(stmt->raw);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		return doom(base->tx, rc, "执行");
	base->changes = sqlite3_stmt_readonly(stmt->raw) ? 0 : sqlite3_changes64(conn_of(base->tx)->db);
	return 0;
}

static int stmt_again(struct db_stmt *base)
{
	struct stmt *stmt = stmt_of(base);
	/* Without rows: what returns rows is not run again. */
	int r = stmt_step(base);
	if (r > 0)
		r = db_doom(base->tx, ERR_IO, "程序错误：要返回行的语句：%s", base->sql);
	conn_of(base->tx)->changes += base->changes;
	sqlite3_reset(stmt->raw);
	return r;
}

static int64_t again_end(struct db_tx *tx)
{
	int64_t changes = conn_of(tx)->changes;
	conn_of(tx)->changes = 0;
	return changes;
}

static void stmt_reset(struct db_stmt *base)
{
	sqlite3_reset(stmt_of(base)->raw);
	sqlite3_clear_bindings(stmt_of(base)->raw);
}

static int stmt_columns(struct db_stmt *base)
{
	return sqlite3_column_count(stmt_of(base)->raw);
}

static enum db_type col_type(struct db_stmt *base, int column)
{
	switch (sqlite3_column_type(stmt_of(base)->raw, column)) {
	case SQLITE_NULL:
		return DB_NULL;
	case SQLITE_INTEGER:
		return DB_INT;
	case SQLITE_BLOB:
		return DB_BLOB;
	default:
		return DB_TEXT;
	}
}

static int64_t col_int(struct db_stmt *base, int column)
{
	return sqlite3_column_int64(stmt_of(base)->raw, column);
}

static struct str col_str(struct db_stmt *base, int column)
{
	sqlite3_stmt *raw = stmt_of(base)->raw;
	const char *text = (const char *)sqlite3_column_text(raw, column);
	return (struct str){text, text ? (size_t)sqlite3_column_bytes(raw, column) : 0};
}

static struct str col_blob(struct db_stmt *base, int column)
{
	sqlite3_stmt *raw = stmt_of(base)->raw;
	if (sqlite3_column_type(raw, column) == SQLITE_NULL)
		return (struct str){0};
	const char *data = sqlite3_column_blob(raw, column);
	return (struct str){data ? data : "", (size_t)sqlite3_column_bytes(raw, column)};
}

const struct db_driver db_sqlite = {
	.name = "SQLite",
	.n_queues = 1,
	.open = conn_open,
	.close = conn_close,
	.lock_schema = lock_schema,
	.claim = claim,
	.begin = tx_begin,
	.commit = tx_commit,
	.mark = tx_mark,
	.sync = tx_sync,
	.rollback = tx_rollback,
	.in_transaction = tx_inside,
	.exec = exec,
	.script = script,
	.catalog_sql =
		"SELECT m.name, c.name, c.type, c.pk"
		" FROM sqlite_master m, pragma_table_info(m.name) c"
		" WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
		" ORDER BY m.name, c.cid",
	.check_sql = "SELECT integrity_check FROM pragma_integrity_check",
	.forget = forget,
	.prepare = stmt_prepare,
	.free = stmt_free,
	.step = stmt_step,
	.reset = stmt_reset,
	.again = stmt_again,
	.again_end = again_end,
	.columns = stmt_columns,
	.col_type = col_type,
	.col_int = col_int,
	.col_str = col_str,
	.col_blob = col_blob,
};
