/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "db/driver.h"

int db_script(struct db_tx *tx, const char *sql)
{
	db_hear(tx);
	return tx->error ? tx->error : tx->driver->script(tx, sql);
}

static struct db_stmt *dead(struct db_tx *tx)
{
	tx->dead.tx = tx;
	return &tx->dead;
}

struct db_stmt *db_query_text(struct db_tx *tx, const char *sql, bool stream)
{
	if (tx->error)
		return dead(tx);
	if (tx->stream || (stream && tx->open)) {
		db_doom(tx, ERR_IO, "程序错误：逐行读取时不能同时执行别的查询");
		return dead(tx);
	}
	/* The same literal may be open twice (a walk that calls itself): each gets
	 * a statement of its own, and all are kept. */
	struct db_stmt **bucket = &tx->cache[((uintptr_t)sql >> 3) % DB_BUCKETS];
	struct db_stmt *stmt = *bucket;
	while (stmt && (stmt->sql != sql || stmt->open))
		stmt = stmt->next;
	if (!stmt) {
		if (tx->driver->prepare(tx, sql, &stmt) < 0)
			return dead(tx);
		stmt->tx = tx;
		stmt->sql = sql;
		stmt->next = *bucket;
		*bucket = stmt;
	}
	stmt->open = true;
	stmt->stepped = false;
	stmt->stream = stream;
	stmt->n_values = stmt->n_again = 0;
	stmt->next_open = tx->open;
	tx->open = stmt;
	tx->stream = stream;
	return stmt;
}

static struct db_value *value_at(struct db_stmt *stmt, int param, enum db_type type)
{
	assert(param >= 1 && param <= DB_PARAMS_MAX && !stmt->stepped);
	while (stmt->n_values < param)
		stmt->values[stmt->n_values++] = (struct db_value){0};
	struct db_value *value = &stmt->values[param - 1];
	*value = (struct db_value){.type = type, .set = true};
	return value;
}

struct db_stmt *db_query_built(struct db_tx *tx, const char *sql, bool stream)
{
	struct db_text *text = tx->texts;
	while (text && strcmp(text->sql, sql) != 0)
		text = text->next;
	if (!text) {
		size_t size = strlen(sql) + 1;
		text = malloc(sizeof(*text) + size);
		if (!text) {
			db_doom(tx, ERR_NOMEM, "内存不足");
			return dead(tx);
		}
		memcpy(text->sql, sql, size);
		text->next = tx->texts;
		tx->texts = text;
	}
	return db_query_text(tx, text->sql, stream);
}

void db_bind_int(struct db_stmt *stmt, int param, int64_t number)
{
	value_at(stmt, param, DB_INT)->number = number;
}

void db_bind_str(struct db_stmt *stmt, int param, struct str text)
{
	struct db_value *value = value_at(stmt, param, DB_TEXT);
	value->data = text.data ? text.data : "";
	value->len = text.len;
	if (text.len && (memchr(text.data, 0, text.len) || !str_is_utf8(text.data, text.len)))
		db_doom(stmt->tx, ERR_INPUT, "文字中有不能识别的字符（不是 UTF-8 编码）");
}

void db_bind_text(struct db_stmt *stmt, int param, const char *text)
{
	db_bind_str(stmt, param, str_from(text));
}

void db_bind_blob(struct db_stmt *stmt, int param, const void *data, size_t len)
{
	struct db_value *value = value_at(stmt, param, DB_BLOB);
	value->data = data ? data : "";
	value->len = len;
}

void db_bind_null(struct db_stmt *stmt, int param)
{
	value_at(stmt, param, DB_NULL);
}

static int check_values(struct db_stmt *stmt)
{
	for (int i = 0; i < stmt->n_values; i++)
		if (!stmt->values[i].set)
			return db_doom(stmt->tx, ERR_IO, "程序错误：参数 $%d 没有赋值：%s", i + 1, stmt->sql);
	return 0;
}

int db_step(struct db_stmt *stmt)
{
	struct db_tx *tx = stmt->tx;
	if (tx->error) {
		db_finish(stmt);
		return tx->error;
	}
	assert(stmt->open);
	int r = stmt->stepped ? 0 : check_values(stmt);
	if (r < 0)
		return r;
	if (!stmt->stepped) {
		db_hear(tx);
		if (tx->error)
			return db_step(stmt);
		++*tx->asked;
	}
	r = tx->driver->step(stmt);
	stmt->stepped = true;
	if (r <= 0)
		db_finish(stmt);
	return r;
}

void db_finish(struct db_stmt *stmt)
{
	if (!stmt->open)
		return;
	struct db_tx *tx = stmt->tx;
	if (stmt->n_again)
		tx->driver->again_end(tx);
	stmt->n_again = 0;
	tx->driver->reset(stmt);
	for (struct db_stmt **at = &tx->open; *at; at = &(*at)->next_open)
		if (*at == stmt) {
			*at = stmt->next_open;
			break;
		}
	stmt->open = false;
	if (stmt->stream)
		tx->stream = false;
}

int db_run(struct db_stmt *stmt)
{
	int r;
	while ((r = db_step(stmt)) > 0)
		;
	if (r < 0)
		return r;
	int64_t n = stmt->changes;
	return n > INT32_MAX ? INT32_MAX : (int)n;
}

static void send(struct db_stmt *stmt)
{
	if (check_values(stmt) == 0)
		stmt->tx->driver->again(stmt);
	stmt->n_values = 0;
}

void db_again(struct db_stmt *stmt)
{
	struct db_tx *tx = stmt->tx;
	if (!stmt->n_again)
		db_hear(tx);
	if (tx->error)
		return;
	assert(stmt->open && !stmt->stream && stmt->n_again < DB_AGAIN_MAX);
	stmt->n_again++;
	send(stmt);
}

int db_again_end(struct db_stmt *stmt)
{
	struct db_tx *tx = stmt->tx;
	++*tx->asked;
	int64_t n = stmt->n_again ? tx->driver->again_end(tx) : 0;
	stmt->n_again = 0;
	db_finish(stmt);
	if (tx->error)
		return tx->error;
	return n > INT32_MAX ? INT32_MAX : (int)n;
}

void db_keyed(struct db_tx *tx)
{
	tx->keyed = true;
}

int db_again_later(struct db_stmt *stmt)
{
	struct db_tx *tx = stmt->tx;
	tx->n_later += stmt->n_again > 0;
	stmt->n_again = 0;
	db_finish(stmt);
	return tx->error;
}

int db_later(struct db_stmt *stmt)
{
	struct db_tx *tx = stmt->tx;
	if (tx->n_later == DB_AGAIN_MAX)
		db_hear(tx);
	if (!tx->error) {
		assert(stmt->open && !stmt->stream && !stmt->stepped && !stmt->n_again);
		tx->n_later++;
		send(stmt);
	}
	db_finish(stmt);
	return tx->error;
}

void db_hear(struct db_tx *tx)
{
	if (!tx->n_later)
		return;
	tx->n_later = 0;
	++*tx->asked;
	tx->driver->again_end(tx);
}

int db_columns(struct db_stmt *stmt)
{
	return stmt->tx->driver->columns(stmt);
}

enum db_type db_col_type(struct db_stmt *stmt, int column)
{
	return stmt->tx->driver->col_type(stmt, column);
}

int64_t db_col_int(struct db_stmt *stmt, int column)
{
	return stmt->tx->driver->col_int(stmt, column);
}

struct str db_col_str(struct db_stmt *stmt, int column)
{
	return stmt->tx->driver->col_str(stmt, column);
}

struct str db_col_blob(struct db_stmt *stmt, int column)
{
	return stmt->tx->driver->col_blob(stmt, column);
}

char *db_col_dup(struct db_stmt *stmt, int column, struct arena *arena)
{
	struct str text = db_col_str(stmt, column);
	if (!text.data)
		return NULL;
	char *copy = arena_strndup(arena, text.data, text.len);
	if (!copy)
		db_doom(stmt->tx, ERR_NOMEM, "内存不足");
	return copy;
}

void db_finish_all(struct db_tx *tx)
{
	while (tx->open)
		db_finish(tx->open);
}

void db_tx_clear(struct db_tx *tx)
{
	db_finish_all(tx);
	for (int i = 0; i < DB_BUCKETS; i++)
		while (tx->cache[i]) {
			struct db_stmt *stmt = tx->cache[i];
			tx->cache[i] = stmt->next;
			tx->driver->free(stmt);
		}
	while (tx->texts) {
		struct db_text *text = tx->texts;
		tx->texts = text->next;
		free(text);
	}
}
