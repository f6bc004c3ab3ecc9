/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL through libpq: SERIALIZABLE writes, REPEATABLE READ reads, every
 * statement prepared once a connection, values as text but blobs binary.
 */
#include <libpq-fe.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "db/driver.h"
#include "db/postgres_text.h"

enum {
	QUEUES = 8,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_TEXT = 25,
	INT_TEXT_MAX = 24,
};

/* How statements are planned. */
enum plans {
	PLANS_UNKNOWN,
	PLANS_NEW,	/* each time, with the sizes of the moment */
	PLANS_KEPT,	/* once: rows are taken by whole keys */
};

struct conn {
	struct db_tx tx;
	PGconn *pg;
	unsigned n_names;	/* statements named so far */
	bool to_begin;		/* BEGIN goes with the first statement */
	bool to_end;		/* ROLLBACK has been sent, its answer not read */
	bool fresh;		/* this transaction has not been answered yet */
	bool committing;	/* COMMIT has been sent */
	bool piped;		/* statements have been sent whose answers were not read */
	int64_t changes;	/* by those of them that were */
	enum plans plans, plans_outside;	/* now; and once the transaction has ended */
};

struct stmt {
	struct db_stmt base;
	char name[16];
	bool prepared;
	int n_params;
	Oid types[DB_PARAMS_MAX];	/* as prepared; 0: the server inferred it from NULL */
	char numbers[DB_PARAMS_MAX][INT_TEXT_MAX];
	PGresult *result;
	int row, n_rows;
	struct arena blobs;	/* those of this row */
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

/* One line of the server's message, without its "ERROR: " and the newline. */
static int say(struct db_tx *tx, int code, const char *what, const char *text)
{
	if (!text || !*text)
		text = PQerrorMessage(conn_of(tx)->pg);
	size_t len = strcspn(text, "\n");
	return db_doom(tx, code, "%s：%.*s", what, len > 400 ? 400 : (int)len, text);
}

#define MAYBE_SAVED "保存时与数据库的连接中断，可能已保存也可能没有，请查看后再操作"

static int doom(struct db_tx *tx, const PGresult *result, const char *doing)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	char what[96];

	if (PQstatus(conn_of(tx)->pg) == CONNECTION_BAD) {
		tx->broken = true;
		/* An idle connection that died: nothing has been done. */
		tx->again |= conn_of(tx)->fresh && !conn_of(tx)->committing;
	}
	if (!state)
		state = "";
	/* The server undid all of it and says so: to repeat it is safe. */
	if (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0) {
		tx->again = true;
		return db_doom(tx, ERR_CONFLICT, "与别人的修改冲突，没有保存，请再试一次");
	}
	if (strcmp(state, "23505") == 0)
		return say(tx, ERR_CONFLICT, "已有相同的记录", text);
	if (strcmp(state, "53100") == 0)
		return say(tx, ERR_IO, "数据库磁盘已满，没有保存", text);
	if (tx->broken)
		return say(tx, ERR_IO, conn_of(tx)->committing ? MAYBE_SAVED : "与数据库的连接中断，没有保存", text);
	snprintf(what, sizeof(what), "数据库%s出错（%s）", doing, state);
	return say(tx, ERR_IO, what, text);
}

static int exec_now(struct db_tx *tx, const char *sql, const char *doing)
{
	PGresult *result = PQexec(conn_of(tx)->pg, sql);
	ExecStatusType status = PQresultStatus(result);
	int r = 0;
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		r = doom(tx, result, doing);
	else
		conn_of(tx)->fresh = false;
	PQclear(result);
	return r;
}

/* ---- connection ---- */

static void conn_close(struct db_tx *tx)
{
	if (!tx)
		return;
	db_tx_clear(tx);
	PQfinish(conn_of(tx)->pg);
	free(conn_of(tx));
}

static void no_notice(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

static int set_up(struct conn *conn)
{
	struct db_tx *tx = &conn->tx;
	const char *encoding = PQparameterStatus(conn->pg, "server_encoding");

	PQsetNoticeReceiver(conn->pg, no_notice, NULL);
	if (PQserverVersion(conn->pg) < 120000)
		return db_doom(tx, ERR_INPUT, "PostgreSQL 版本太低，需要 12 或更高");
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return db_doom(tx, ERR_INPUT, "PostgreSQL 数据库的编码是 %s，必须是 UTF8",
			       encoding ? encoding : "?");
	/* A server set to acknowledge before it has written would lose data. A plan
	 * made while a table was empty and kept for an import of 100,000 rows takes
	 * the wrong index, so statements are planned with the sizes of the moment. What
	 * is asked for often lies in memory, where a page of an index costs no more than
	 * any other; and no statement is worth compiling. */
	conn->plans = conn->plans_outside = PLANS_NEW;
	return exec_now(tx,
		    "SET client_encoding = 'UTF8'; SET standard_conforming_strings = on;"
		    "SET plan_cache_mode = force_custom_plan; SET bytea_output = 'hex';"
		    "SET random_page_cost = 1.1; SET jit = off;"
		    "SET TIME ZONE 'UTC'; SET client_min_messages = warning;"
		    "SELECT set_config('synchronous_commit', 'on', false)"
		    " WHERE current_setting('synchronous_commit') = 'off'", "打开");
}

static int refuse(struct conn *conn)
{
	const char *text = PQerrorMessage(conn->pg), *why = postgres_why_refused(text);
	if (!why)
		return say(&conn->tx, ERR_IO, "无法连接 PostgreSQL 数据库", NULL);
	return db_doom(&conn->tx, ERR_IO, "无法连接 PostgreSQL 数据库：%s", why);
}

static int conn_open(struct db_tx **ret_tx, const char *url, bool write, struct err_info *info)
{
	struct conn *conn = calloc(1, sizeof(*conn));
	if (!conn)
		return err_nomem(info);
	conn->tx.driver = &db_postgres;
	conn->tx.write = write;
	const char *const keys[] = {"dbname", "fallback_application_name", "connect_timeout", NULL};
	const char *const values[] = {url, "jinwei", "10", NULL};
	conn->pg = PQconnectdbParams(keys, values, 1);
	int r;
	if (PQstatus(conn->pg) != CONNECTION_OK)
		r = refuse(conn);
	else
		r = set_up(conn);
	if (r < 0) {
		db_error(&conn->tx, info);
		conn_close(&conn->tx);
		return r;
	}
	*ret_tx = &conn->tx;
	return 0;
}

/* Before the transaction takes its snapshot, so that it sees what the one
 * before it has done. */
static int lock_schema(struct db_tx *tx)
{
	return exec_now(tx, "SELECT pg_advisory_lock(5356425631)", "加锁");
}

static int claim(struct db_tx *tx, bool alone)
{
	struct conn *conn = conn_of(tx);
	PGresult *result = PQexec(conn->pg, alone ? "SELECT pg_try_advisory_lock(5356425632)"
						  : "SELECT pg_try_advisory_lock_shared(5356425632)");
	bool asked = PQresultStatus(result) == PGRES_TUPLES_OK;
	bool got = asked && strcmp(PQgetvalue(result, 0, 0), "t") == 0;
	PQclear(result);
	return got ? 0 : asked ? ERR_STATE : say(tx, ERR_IO, "加锁", NULL);
}

/* ---- transaction ---- */

static const char *begin_sql(const struct db_tx *tx)
{
	return tx->write ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
}

/* Goes with the first statement: the snapshot is taken by that in any case, and the server is
 * asked once less. */
static int tx_begin(struct db_tx *tx)
{
	conn_of(tx)->to_begin = conn_of(tx)->fresh = true;
	conn_of(tx)->changes = 0;
	return 0;
}

static void ended(struct conn *conn)
{
	conn->to_begin = false;
	conn->plans = conn->plans_outside;
}

/* Reads what is left of the transaction before. */
static void end_last(struct conn *conn)
{
	PGresult *result;

	while (conn->to_end && (result = PQgetResult(conn->pg)))
		PQclear(result);
	conn->to_end = false;
}

static int begin_now(struct db_tx *tx)
{
	struct conn *conn = conn_of(tx);

	end_last(conn);
	if (!conn->to_begin)
		return 0;
	conn->to_begin = false;
	return exec_now(tx, begin_sql(tx), "开始事务");
}

/* What it does to savepoints is unknown here, and with them go settings. */
static int exec(struct db_tx *tx, const char *sql, const char *doing)
{
	int r = begin_now(tx);

	conn_of(tx)->plans = PLANS_UNKNOWN;
	return r < 0 ? r : exec_now(tx, sql, doing);
}

/* ---- a pipeline: statements without waiting ---- */

/* Reads all answers, up to that to the sync behind the last, which is given. */
static PGresult *end_pipe(struct db_tx *tx)
{
	struct conn *conn = conn_of(tx);
	PGresult *last = NULL;
	bool over = !PQpipelineSync(conn->pg);
	int n_none = 0;

	if (over)
		doom(tx, NULL, "执行");
	conn->piped = false;
	while (!over) {
		PGresult *result = PQgetResult(conn->pg), *old = result;
		ExecStatusType status = PQresultStatus(result);
		/* Between two answers there is one NULL; two are the end of a dead connection. */
		n_none = result ? 0 : n_none + 1;
		if (n_none > 1) {
			doom(tx, NULL, "执行");
			over = true;
		} else if (status == PGRES_PIPELINE_SYNC) {
			over = true;
		} else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
			conn->fresh = false;
			/* Not the rows that were read. */
			if (status == PGRES_COMMAND_OK)
				conn->changes += strtoll(PQcmdTuples(result), NULL, 10);
			old = last;
			last = result;
		} else if (result && status != PGRES_PIPELINE_ABORTED) {
			doom(tx, result, "执行");
		}
		PQclear(old);
	}
	if (!PQexitPipelineMode(conn->pg))
		doom(tx, NULL, "执行");
	return last;
}

static void send_text(struct db_tx *tx, const char *sql)
{
	if (!PQsendQueryParams(conn_of(tx)->pg, sql, 0, NULL, NULL, NULL, NULL, 0))
		doom(tx, NULL, "执行");
}

static int begin_pipe(struct db_tx *tx)
{
	struct conn *conn = conn_of(tx);

	end_last(conn);
	if (!PQenterPipelineMode(conn->pg))
		return doom(tx, NULL, "执行");
	conn->piped = true;
	if (conn->to_begin)
		send_text(tx, begin_sql(tx));
	conn->to_begin = false;
	return tx->error;
}

static bool tx_inside(struct db_tx *tx)
{
	PGTransactionStatusType status = PQtransactionStatus(conn_of(tx)->pg);
	return conn_of(tx)->to_begin || conn_of(tx)->piped || status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

static void tx_rollback(struct db_tx *tx)
{
	struct conn *conn = conn_of(tx);

	if (conn->piped)
		PQclear(end_pipe(tx));
	if (!conn->to_begin && tx_inside(tx)) {
		/* Nobody needs to wait for a snapshot's end. */
		conn->to_end = !tx->write && PQsendQuery(conn->pg, "ROLLBACK");
		if (!conn->to_end)
			PQclear(PQexec(conn->pg, "ROLLBACK"));
	}
	ended(conn);
	if (!conn->to_end && PQtransactionStatus(conn->pg) != PQTRANS_IDLE)
		tx->broken = true;
}

/* ---- schema ---- */

static int script(struct db_tx *tx, const char *sql)
{
	AUTO(buf) struct buf text = {0};
	postgres_schema(sql, &text);
	if (text.failed)
		return db_doom(tx, ERR_NOMEM, "内存不足");
	return exec(tx, buf_str(&text), "建表");
}

/* ---- statements ---- */

static void drop_result(struct stmt *stmt)
{
	PQclear(stmt->result);
	arena_done(&stmt->blobs);
	stmt->result = NULL;
	stmt->row = stmt->n_rows = 0;
}

static void stmt_free(struct db_stmt *base)
{
	struct stmt *stmt = stmt_of(base);
	drop_result(stmt);
	free(stmt);
}

/* The server learns of it at the first step, when the types are known. */
static int stmt_prepare(struct db_tx *tx, const char *sql, struct db_stmt **ret_stmt)
{
	(void)sql;
	struct stmt *stmt = calloc(1, sizeof(*stmt));
	if (!stmt)
		return db_doom(tx, ERR_NOMEM, "内存不足");
	*ret_stmt = &stmt->base;
	return 0;
}

static Oid oid_of(enum db_type type)
{
	switch (type) {
	case DB_INT:
		return OID_INT8;
	case DB_TEXT:
		return OID_TEXT;
	case DB_BLOB:
		return OID_BYTEA;
	default:
		return 0;
	}
}

static bool types_fit(const struct stmt *stmt)
{
	if (!stmt->prepared || stmt->n_params != stmt->base.n_values)
		return false;
	for (int i = 0; i < stmt->n_params; i++) {
		Oid oid = oid_of(stmt->base.values[i].type);
		if (oid && oid != stmt->types[i])
			return false;
	}
	return true;
}

static int prepare_for_types(struct stmt *stmt)
{
	struct db_tx *tx = stmt->base.tx;
	struct conn *conn = conn_of(tx);
	bool before = stmt->prepared;

	for (int i = 0; i < stmt->base.n_values; i++) {
		Oid oid = oid_of(stmt->base.values[i].type);
		stmt->types[i] = oid ? oid : before ? stmt->types[i] : 0;
	}
	stmt->n_params = stmt->base.n_values;
	/* A name once used stays with the connection; the few that are prepared
	 * twice (NULL first) are not worth a DEALLOCATE. */
	end_last(conn);
	snprintf(stmt->name, sizeof(stmt->name), "q%u", ++conn->n_names);
	stmt->prepared = false;
	PGresult *result = PQprepare(conn->pg, stmt->name, stmt->base.sql, stmt->n_params,
				     stmt->types);
	int r = 0;
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		r = doom(tx, result, "准备语句");
	else
		stmt->prepared = true;
	PQclear(result);
	return r;
}

/* What the library is given of the values. */
struct sent {
	const char *values[DB_PARAMS_MAX];
	int lengths[DB_PARAMS_MAX], formats[DB_PARAMS_MAX];
	struct arena arena;
};

static int fill(struct stmt *stmt, struct sent *sent)
{
	struct db_tx *tx = stmt->base.tx;

	for (int i = 0; i < stmt->n_params; i++) {
		const struct db_value *v = &stmt->base.values[i];
		sent->values[i] = NULL;
		sent->lengths[i] = 0;
		sent->formats[i] = v->type == DB_BLOB;
		if (v->type == DB_INT) {
			snprintf(stmt->numbers[i], INT_TEXT_MAX, "%lld", (long long)v->number);
			sent->values[i] = stmt->numbers[i];
		} else if (v->type != DB_NULL) {
			if (v->len > INT_MAX / 2)
				return db_doom(tx, ERR_LIMIT, "一个值太大");
			/* Texts are not NUL-terminated; libpq wants them so. */
			sent->values[i] = v->type == DB_BLOB ? v->data
							     : arena_strndup(&sent->arena, v->data, v->len);
			sent->lengths[i] = (int)v->len;
			if (!sent->values[i])
				return db_doom(tx, ERR_NOMEM, "内存不足");
		}
	}
	return 0;
}

/* ---- plans ---- */

/* A plan that is kept takes rows by keys even where the table was empty when it was made. */
#define PLAN_SQL(mode, others, here) \
	"SELECT set_config('plan_cache_mode', '" mode "', " here ")," \
	" set_config('enable_seqscan', '" others "', " here ")," \
	" set_config('enable_hashjoin', '" others "', " here ")," \
	" set_config('enable_mergejoin', '" others "', " here ")"

static int plan_as(struct db_tx *tx, enum plans plans)
{
	static const char *const here[] = {[PLANS_NEW] = PLAN_SQL("force_custom_plan", "on", "true"),
					   [PLANS_KEPT] = PLAN_SQL("force_generic_plan", "off", "true")};
	static const char *const outside[] = {[PLANS_NEW] = PLAN_SQL("force_custom_plan", "on", "false"),
					      [PLANS_KEPT] = PLAN_SQL("force_generic_plan", "off", "false")};
	struct conn *conn = conn_of(tx);
	int r = 0;

	if (conn->plans == plans)
		return 0;
	if (conn->piped) {
		send_text(tx, here[plans]);
	} else if (conn->to_begin) {
		end_last(conn);
		r = exec_now(tx, outside[plans], "执行");
		conn->plans_outside = r == 0 ? plans : PLANS_UNKNOWN;
	} else {
		r = exec_now(tx, here[plans], "执行");
	}
	conn->plans = plans;
	return r;
}

static int tx_commit(struct db_tx *tx)
{
	struct conn *conn = conn_of(tx);
	int r = 0;

	if (conn->to_begin) {
		ended(conn);
		return 0;
	}
	/* With the first answer it is known that the connection lives: what died with COMMIT under way
	 * can't be repeated. */
	if (conn->piped && conn->fresh)
		PQclear(end_pipe(tx));
	if (!conn->piped && !tx->error)
		begin_pipe(tx);
	/* Behind a statement that fails it is passed over. */
	conn->committing = true;
	if (!tx->error)
		send_text(tx, "COMMIT");
	PGresult *result = conn->piped ? end_pipe(tx) : NULL;
	conn->changes = 0;
	/* A doomed transaction answers COMMIT with ROLLBACK and no error. */
	if (tx->error)
		r = tx->error;
	else if (!result || strcmp(PQcmdStatus(result), "COMMIT") != 0)
		r = db_doom(tx, ERR_IO, "数据库没有保存这次修改");
	PQclear(result);
	conn->committing = false;
	ended(conn);
	if (r < 0)
		tx_rollback(tx);
	return r;
}

/* ---- statements, one by one ---- */

static int send_prepared(struct stmt *stmt, const struct sent *sent)
{
	struct db_tx *tx = stmt->base.tx;

	if (!PQsendQueryPrepared(conn_of(tx)->pg, stmt->name, stmt->n_params, sent->values, sent->lengths,
				 sent->formats, 0))
		return doom(tx, NULL, "执行");
	return 0;
}

static int start_stream(struct stmt *stmt, const struct sent *sent)
{
	struct db_tx *tx = stmt->base.tx;
	int r = begin_now(tx);

	if (r < 0)
		return r;
	r = send_prepared(stmt, sent);
	PQsetSingleRowMode(conn_of(tx)->pg);
	return r;
}

static int start_whole(struct stmt *stmt, const struct sent *sent)
{
	struct db_tx *tx = stmt->base.tx;
	struct conn *conn = conn_of(tx);

	if (conn->to_begin) {
		int r = begin_pipe(tx);
		if (r == 0)
			send_prepared(stmt, sent);
		if (conn->piped)
			stmt->result = end_pipe(tx);
		conn->changes = 0;
	} else {
		stmt->result = PQexecPrepared(conn->pg, stmt->name, stmt->n_params, sent->values,
					      sent->lengths, sent->formats, 0);
	}
	ExecStatusType status = PQresultStatus(stmt->result);
	if (tx->error || (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK))
		return doom(tx, stmt->result, "执行");
	conn->fresh = false;
	stmt->n_rows = PQntuples(stmt->result);
	stmt->row = -1;
	stmt->base.changes = strtoll(PQcmdTuples(stmt->result), NULL, 10);
	return 0;
}

static enum plans plans_of(const struct db_tx *tx)
{
	return tx->keyed ? PLANS_KEPT : PLANS_NEW;
}

static int stmt_start(struct stmt *stmt)
{
	struct sent sent = {0};
	struct db_tx *tx = stmt->base.tx;
	int r = plan_as(tx, plans_of(tx));

	if (r == 0 && !types_fit(stmt))
		r = prepare_for_types(stmt);
	if (r == 0)
		r = fill(stmt, &sent);
	if (r == 0)
		r = stmt->base.stream ? start_stream(stmt, &sent) : start_whole(stmt, &sent);
	arena_done(&sent.arena);
	return r;
}

/* Runs it without waiting. What is run again and again takes its rows by whole keys (db.h), so
 * its plan is kept. */
static int stmt_again(struct db_stmt *base)
{
	struct stmt *stmt = stmt_of(base);
	struct db_tx *tx = base->tx;
	struct conn *conn = conn_of(tx);
	struct sent sent = {0};
	bool fit = types_fit(stmt);

	/* The server can't be asked to prepare one while others are under way. */
	if (!fit && conn->piped)
		PQclear(end_pipe(tx));
	int r = fit ? 0 : tx->error ? tx->error : prepare_for_types(stmt);

	if (r == 0 && !conn->piped)
		r = begin_pipe(tx);
	if (r == 0)
		r = plan_as(tx, base->n_again ? PLANS_KEPT : plans_of(tx));
	if (r == 0)
		r = fill(stmt, &sent);
	if (r == 0)
		r = send_prepared(stmt, &sent);
	arena_done(&sent.arena);
	return r;
}

static int64_t again_end(struct db_tx *tx)
{
	struct conn *conn = conn_of(tx);

	if (conn->piped) {
		plan_as(tx, plans_of(tx));
		PQclear(end_pipe(tx));
	}
	int64_t changes = conn->changes;
	conn->changes = 0;
	return changes;
}

static int stream_next(struct stmt *stmt)
{
	struct db_tx *tx = stmt->base.tx;
	drop_result(stmt);
	stmt->result = PQgetResult(conn_of(tx)->pg);
	if (!stmt->result)
		return PQstatus(conn_of(tx)->pg) == CONNECTION_BAD ? doom(tx, NULL, "执行") : 0;
	switch (PQresultStatus(stmt->result)) {
	case PGRES_SINGLE_TUPLE:
		stmt->row = 0;
		stmt->n_rows = 1;
		return 1;
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		return 0;
	default:
		return doom(tx, stmt->result, "执行");
	}
}

static int stmt_step(struct db_stmt *base)
{
	struct stmt *stmt = stmt_of(base);
	if (!base->stepped) {
		int r = stmt_start(stmt);
		if (r < 0)
			return r;
	}
	if (base->stream)
		return stream_next(stmt);
	if (stmt->row + 1 >= stmt->n_rows)
		return 0;
	arena_done(&stmt->blobs);
	stmt->row++;
	return 1;
}

static void stmt_reset(struct db_stmt *base)
{
	struct stmt *stmt = stmt_of(base);
	PGresult *rest;
	if (base->stream && base->stepped)
		while ((rest = PQgetResult(conn_of(base->tx)->pg)))
			PQclear(rest);
	drop_result(stmt);
}

static int stmt_columns(struct db_stmt *base)
{
	return PQnfields(stmt_of(base)->result);
}

static enum db_type col_type(struct db_stmt *base, int column)
{
	struct stmt *stmt = stmt_of(base);
	if (PQgetisnull(stmt->result, stmt->row, column))
		return DB_NULL;
	switch (PQftype(stmt->result, column)) {
	case OID_BYTEA:
		return DB_BLOB;
	case OID_INT8:
	case 21: /* int2 */
	case 23: /* int4 */
	case 1700: /* numeric, what sum() gives */
		return DB_INT;
	default:
		return DB_TEXT;
	}
}

static int64_t col_int(struct db_stmt *base, int column)
{
	struct stmt *stmt = stmt_of(base);
	return strtoll(PQgetvalue(stmt->result, stmt->row, column), NULL, 10);
}

static struct str col_str(struct db_stmt *base, int column)
{
	struct stmt *stmt = stmt_of(base);
	if (PQgetisnull(stmt->result, stmt->row, column))
		return (struct str){0};
	return (struct str){PQgetvalue(stmt->result, stmt->row, column),
			    (size_t)PQgetlength(stmt->result, stmt->row, column)};
}

static int hex_digit(char c)
{
	return c >= 'a' ? c - 'a' + 10 : c - '0';
}

static struct str col_blob(struct db_stmt *base, int column)
{
	struct stmt *stmt = stmt_of(base);
	struct str hex = col_str(base, column);
	if (!hex.data || hex.len < 2)
		return (struct str){0};
	/* "\x" and two digits a byte. */
	size_t len = (hex.len - 2) / 2;
	char *data = arena_alloc(&stmt->blobs, len + 1);
	if (!data) {
		db_doom(base->tx, ERR_NOMEM, "内存不足");
		return (struct str){0};
	}
	for (size_t i = 0; i < len; i++)
		data[i] = (char)(hex_digit(hex.data[2 + 2 * i]) << 4 | hex_digit(hex.data[3 + 2 * i]));
	return (struct str){data, len};
}

const struct db_driver db_postgres = {
	.name = "PostgreSQL",
	.n_queues = QUEUES,
	.open = conn_open,
	.close = conn_close,
	.lock_schema = lock_schema,
	.claim = claim,
	.begin = tx_begin,
	.commit = tx_commit,
	.rollback = tx_rollback,
	.in_transaction = tx_inside,
	.exec = exec,
	.script = script,
	.catalog_sql =
		"SELECT c.relname, a.attname,"
		" CASE format_type(a.atttypid, NULL) WHEN 'bigint' THEN 'INTEGER'"
		"  WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB' ELSE '?' END,"
		" COALESCE((SELECT k.at FROM pg_index i,"
		"  unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, at)"
		"  WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum), 0)"
		" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
		" WHERE c.relnamespace ="
		" (SELECT n.oid FROM pg_namespace n WHERE n.nspname = current_schema())"
		" AND c.relkind IN ('r', 'p')"
		" AND a.attnum > 0 AND NOT a.attisdropped"
		" ORDER BY c.relname COLLATE \"C\", a.attnum",
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
