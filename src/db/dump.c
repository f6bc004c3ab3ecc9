/* SPDX-License-Identifier: Apache-2.0 */
/* The only place besides store/ and migrate.c with SQL: it is put together
 * from names of the catalog or of a backup, and they are checked before. */
#include "db/dump.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "db/driver.h"

static const char magic[16] = "jinwei backup 1\n";

enum kind {
	KIND_HEAD = 'H',	/* schema number, its hash, time */
	KIND_TABLE = 'T',	/* name, columns */
	KIND_ROW = 'R',
	KIND_TABLE_END = 'E',	/* rows, hash of the table's records before this */
	KIND_END = 'Z',		/* rows, hash of all before this record */
};

enum { HASH_LEN = crypto_hash_sha256_BYTES, HEAD_LEN = 5, FLUSH_AT = 1 << 18 };

struct table {
	char name[DB_NAME_LEN_MAX + 1];
	int n_columns;
	struct column {
		char name[DB_NAME_LEN_MAX + 1];
		char type;	/* 'I', 'T' or 'B' */
		int key;	/* place in the primary key, from 1; 0: not in it */
	} columns[DB_COLUMNS_MAX];
};

static bool good_name(struct str name)
{
	if (!name.len || name.len > DB_NAME_LEN_MAX || (name.data[0] >= '0' && name.data[0] <= '9'))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.data[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return true;
}

static void copy_name(char to[DB_NAME_LEN_MAX + 1], struct str name)
{
	memcpy(to, name.data, name.len);
	to[name.len] = '\0';
}

/* ---- numbers and texts in records: little-endian ---- */

static void put_u64(struct buf *out, uint64_t value)
{
	unsigned char bytes[8];
	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
	buf_add(out, bytes, sizeof(bytes));
}

static void put_u32(struct buf *out, uint32_t value)
{
	unsigned char bytes[4];
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
	buf_add(out, bytes, sizeof(bytes));
}

static void put_str(struct buf *out, struct str text)
{
	put_u32(out, (uint32_t)text.len);
	buf_add(out, text.data, text.len);
}

/* Takes from the front; false where there is not enough. */
static bool get_bytes(struct str *in, void *out, size_t len)
{
	if (in->len < len)
		return false;
	memcpy(out, in->data, len);
	in->data += len;
	in->len -= len;
	return true;
}

static bool get_u64(struct str *in, uint64_t *ret_value)
{
	unsigned char bytes[8];
	if (!get_bytes(in, bytes, sizeof(bytes)))
		return false;
	*ret_value = 0;
	for (int i = 0; i < 8; i++)
		*ret_value |= (uint64_t)bytes[i] << 8 * i;
	return true;
}

static bool get_u32(struct str *in, uint32_t *ret_value)
{
	unsigned char bytes[4];
	if (!get_bytes(in, bytes, sizeof(bytes)))
		return false;
	*ret_value = 0;
	for (int i = 0; i < 4; i++)
		*ret_value |= (uint32_t)bytes[i] << 8 * i;
	return true;
}

static bool get_str(struct str *in, struct str *ret_text)
{
	uint32_t len;
	if (!get_u32(in, &len) || in->len < len)
		return false;
	*ret_text = (struct str){in->data, len};
	in->data += len;
	in->len -= len;
	return true;
}

static bool get_name(struct str *in, char to[DB_NAME_LEN_MAX + 1])
{
	struct str name;
	if (!get_str(in, &name) || !good_name(name))
		return false;
	copy_name(to, name);
	return true;
}

/* ---- catalog ---- */

struct catalog {
	int n;
	struct table tables[DB_TABLES_MAX];
};

/* All tables but that of the migrations. */
static int read_catalog(struct db_tx *tx, struct catalog *catalog)
{
	int r;
	struct db_stmt *q = db_query_text(tx, tx->driver->catalog_sql, false);
	catalog->n = 0;
	while ((r = db_step(q)) > 0) {
		struct str name = db_col_str(q, 0), column = db_col_str(q, 1), type = db_col_str(q, 2);
		if (str_eqs(name, "schema_migration"))
			continue;
		bool known = str_eqs(type, "INTEGER") || str_eqs(type, "TEXT") || str_eqs(type, "BLOB");
		if (!good_name(name) || !good_name(column) || !known)
			return db_doom(tx, ERR_IO, "数据库里有不认识的表或列：%.*s.%.*s", STR_ARG(name),
				       STR_ARG(column));
		struct table *table = catalog->n ? &catalog->tables[catalog->n - 1] : NULL;
		if (!table || !str_eqs(name, table->name)) {
			if (catalog->n == DB_TABLES_MAX)
				return db_doom(tx, ERR_LIMIT, "数据库的表超过 %d 个", DB_TABLES_MAX);
			table = &catalog->tables[catalog->n++];
			*table = (struct table){0};
			copy_name(table->name, name);
		}
		if (table->n_columns == DB_COLUMNS_MAX)
			return db_doom(tx, ERR_LIMIT, "表 %s 的列超过 %d 个", table->name,
				       DB_COLUMNS_MAX);
		struct column *c = &table->columns[table->n_columns++];
		copy_name(c->name, column);
		c->type = type.data[0];
		c->key = (int)db_col_int(q, 3);
	}
	return r;
}

static void add_columns(struct buf *sql, const struct table *table)
{
	for (int i = 0; i < table->n_columns; i++)
		buf_addf(sql, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
}

static int select_sql(const struct table *table, struct buf *sql)
{
	int n_keys = 0;
	buf_adds(sql, "SELECT ");
	add_columns(sql, table);
	buf_addf(sql, " FROM \"%s\" ORDER BY ", table->name);
	for (int key = 1; key <= table->n_columns; key++)
		for (int i = 0; i < table->n_columns; i++)
			if (table->columns[i].key == key)
				buf_addf(sql, "%s\"%s\"", n_keys++ ? ", " : "", table->columns[i].name);
	return n_keys;
}

static void insert_sql(const struct table *table, struct buf *sql)
{
	buf_addf(sql, "INSERT INTO \"%s\" (", table->name);
	add_columns(sql, table);
	buf_adds(sql, ") VALUES (");
	for (int i = 0; i < table->n_columns; i++)
		buf_addf(sql, "%s$%d", i ? ", " : "", i + 1);
	buf_adds(sql, ")");
}

/* ---- writing ---- */

struct writer {
	const struct db_schema *schema;
	const char *path;		/* NULL: digest only */
	struct outfile file;
	int64_t now_ms;
	struct buf out;
	crypto_hash_sha256_state all, table;
	struct db_digest *digest;
	struct catalog *catalog;
};

static int flush(struct writer *w, struct err_info *info)
{
	if (w->out.failed)
		return err_nomem(info);
	int r = w->path ? outfile_write(&w->file, w->out.data, w->out.len, info) : 0;
	buf_clear(&w->out);
	return r;
}

/* A record begins at `from` in w->out with room for its head. */
static size_t record_begin(struct writer *w, enum kind kind)
{
	size_t from = w->out.len;
	buf_addc(&w->out, (char)kind);
	put_u32(&w->out, 0);
	return from;
}

static int record_end(struct writer *w, size_t from, struct err_info *info)
{
	if (w->out.failed)
		return err_nomem(info);
	size_t len = w->out.len - from - HEAD_LEN;
	if (len > DB_ROW_LEN_MAX)
		return err_set(info, ERR_LIMIT, "有一行数据超过 %d MB，不能备份", DB_ROW_LEN_MAX >> 20);
	for (int i = 0; i < 4; i++)
		w->out.data[from + 1 + (size_t)i] = (char)(len >> 8 * i);
	const unsigned char *bytes = (const unsigned char *)w->out.data + from;
	crypto_hash_sha256_update(&w->all, bytes, len + HEAD_LEN);
	crypto_hash_sha256_update(&w->table, bytes, len + HEAD_LEN);
	return w->out.len >= FLUSH_AT ? flush(w, info) : 0;
}

static int write_row(struct writer *w, const struct table *table, struct db_stmt *q,
		     struct err_info *info)
{
	size_t from = record_begin(w, KIND_ROW);
	for (int i = 0; i < table->n_columns; i++) {
		if (db_col_type(q, i) == DB_NULL) {
			buf_addc(&w->out, 0);
			continue;
		}
		buf_addc(&w->out, 1);
		if (table->columns[i].type == 'I')
			put_u64(&w->out, (uint64_t)db_col_int(q, i));
		else
			put_str(&w->out, table->columns[i].type == 'T' ? db_col_str(q, i)
								      : db_col_blob(q, i));
	}
	return record_end(w, from, info);
}

static int write_table(struct writer *w, struct db_tx *tx, const struct table *table,
		       struct err_info *info)
{
	struct db_digest_table *digest = &w->digest->tables[w->digest->n_tables++];
	AUTO(buf) struct buf sql = {0};
	unsigned char hash[HASH_LEN];
	int r;

	if (!select_sql(table, &sql))
		return err_set(info, ERR_IO, "表 %s 没有主键，不能备份", table->name);
	if (sql.failed)
		return err_nomem(info);
	memcpy(digest->name, table->name, sizeof(digest->name));
	crypto_hash_sha256_init(&w->table);
	size_t from = record_begin(w, KIND_TABLE);
	put_str(&w->out, str_from(table->name));
	put_u32(&w->out, (uint32_t)table->n_columns);
	for (int i = 0; i < table->n_columns; i++) {
		put_str(&w->out, str_from(table->columns[i].name));
		buf_addc(&w->out, table->columns[i].type);
	}
	if ((r = record_end(w, from, info)) < 0)
		return r;

	struct db_stmt *q = db_query_built(tx, buf_str(&sql), true);
	while ((r = db_step(q)) > 0) {
		if ((r = write_row(w, table, q, info)) < 0)
			return r;
		digest->rows++;
	}
	if (r < 0)
		return db_error(tx, info);

	crypto_hash_sha256_final(&w->table, hash);
	memcpy(digest->hash, hash, HASH_LEN);
	w->digest->rows += digest->rows;
	from = record_begin(w, KIND_TABLE_END);
	put_u64(&w->out, digest->rows);
	buf_add(&w->out, hash, HASH_LEN);
	return record_end(w, from, info);
}

static int write_head(struct writer *w, struct db_tx *tx, struct err_info *info)
{
	char hex[DB_HASH_HEX + 1];
	struct db_stmt *q = db_query(tx, "SELECT COALESCE(MAX(number), 0) FROM schema_migration");
	if (db_step(q) <= 0)
		return db_error(tx, info);
	int64_t number = db_col_int(q, 0);
	db_finish(q);
	if (number > w->schema->n)
		return err_set(info, ERR_STATE, "数据库由更新版本的程序建立，请升级程序");
	w->digest->schema = (int)number;
	w->digest->made_ms = w->now_ms;
	db_schema_hash(w->schema, (int)number, hex);
	buf_add(&w->out, magic, sizeof(magic));
	crypto_hash_sha256_update(&w->all, (const unsigned char *)magic, sizeof(magic));
	size_t from = record_begin(w, KIND_HEAD);
	put_u64(&w->out, (uint64_t)number);
	put_u64(&w->out, (uint64_t)w->now_ms);
	put_str(&w->out, str_from(hex));
	return record_end(w, from, info);
}

static int dump_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct writer *w = arg;
	unsigned char hash[HASH_LEN];
	int r;

	/* A read function may run again: from the start. */
	outfile_done(&w->file);
	buf_clear(&w->out);
	memset(w->digest, 0, sizeof(*w->digest));
	crypto_hash_sha256_init(&w->all);
	crypto_hash_sha256_init(&w->table);
	if (w->path && ((r = outfile_open(&w->file, w->path, info)) < 0))
		return r;
	if (w->path && !w->file.direct && fchmod(w->file.fd, 0600) < 0)
		return err_io(info, "写入", w->path, errno);
	if ((r = write_head(w, tx, info)) < 0)
		return r;
	if (read_catalog(tx, w->catalog) < 0)
		return db_error(tx, info);
	for (int i = 0; i < w->catalog->n; i++)
		if ((r = write_table(w, tx, &w->catalog->tables[i], info)) < 0)
			return r;
	crypto_hash_sha256_final(&w->all, hash);
	size_t from = record_begin(w, KIND_END);
	put_u64(&w->out, w->digest->rows);
	buf_add(&w->out, hash, HASH_LEN);
	if ((r = record_end(w, from, info)) < 0)
		return r;
	return flush(w, info);
}

int db_backup(struct db *db, const struct db_schema *schema, const char *path, int64_t now_ms,
	      struct db_digest *ret_digest, struct err_info *info)
{
	struct db_digest *digests = calloc(2, sizeof(*digests));
	struct writer w = {.schema = schema, .path = path, .file = OUTFILE_INIT, .now_ms = now_ms,
			   .digest = digests, .catalog = calloc(1, sizeof(struct catalog))};
	char here[OUTFILE_ROOM];
	const char *why;
	int r = digests && w.catalog ? db_read(db, dump_fn, &w, info) : err_nomem(info);
	if (r == 0 && path) {
		r = outfile_sync(&w.file, info);
		if (r == 0 && !w.file.direct)
			r = db_backup_verify(outfile_here(&w.file, here), &digests[1], info);
		if (r == 0 && !w.file.direct && db_digest_compare(&digests[0], &digests[1], &why))
			r = err_set(info, ERR_IO, "备份写出后读回不一致，请换一个磁盘再试");
		if (r == 0)
			r = outfile_commit(&w.file, info);
	}
	if (r == 0)
		*ret_digest = digests[0];
	outfile_done(&w.file);
	buf_done(&w.out);
	free(w.catalog);
	free(digests);
	return r;
}

/* ---- reading ---- */

struct reader {
	const char *path;
	FILE *file;
	crypto_hash_sha256_state all, table;
	struct buf record;
	char kind;
	struct str body;		/* of the record, in `record` */
	struct db_digest *digest;
	char schema_hex[DB_HASH_HEX + 1];
	struct table table_now;
	/* Called for each table and each row; NULL: only check. */
	int (*on_table)(struct reader *r, struct err_info *info);
	int (*on_row)(struct reader *r, struct err_info *info);
	struct db_tx *tx;
	struct buf sql;
};

static int broken(const struct reader *r, struct err_info *info)
{
	return err_set(info, ERR_INPUT, "%s 不是完整的晋位备份：内容残缺或被改动", r->path);
}

static int read_exact(struct reader *r, void *out, size_t len, struct err_info *info)
{
	if (fread(out, 1, len, r->file) == len)
		return 0;
	return ferror(r->file) ? err_io(info, "读取", r->path, errno) : broken(r, info);
}

static int next_record(struct reader *r, struct err_info *info)
{
	unsigned char head[HEAD_LEN];
	int e = read_exact(r, head, HEAD_LEN, info);
	if (e < 0)
		return e;
	size_t len = (size_t)head[1] | (size_t)head[2] << 8 | (size_t)head[3] << 16 |
		     (size_t)head[4] << 24;
	if (len > DB_ROW_LEN_MAX)
		return broken(r, info);
	buf_clear(&r->record);
	if (!buf_reserve(&r->record, len + 1))
		return err_nomem(info);
	if ((e = read_exact(r, r->record.data, len, info)) < 0)
		return e;
	r->kind = (char)head[0];
	r->body = (struct str){r->record.data, len};
	if (r->kind == KIND_TABLE)
		crypto_hash_sha256_init(&r->table);
	if (r->kind != KIND_END) {
		crypto_hash_sha256_update(&r->all, head, HEAD_LEN);
		crypto_hash_sha256_update(&r->all, (unsigned char *)r->record.data, len);
	}
	if (r->kind == KIND_TABLE || r->kind == KIND_ROW) {
		crypto_hash_sha256_update(&r->table, head, HEAD_LEN);
		crypto_hash_sha256_update(&r->table, (unsigned char *)r->record.data, len);
	}
	return 0;
}

static bool parse_head(struct reader *r)
{
	uint64_t number, made;
	struct str hex;
	if (r->kind != KIND_HEAD || !get_u64(&r->body, &number) || !get_u64(&r->body, &made) ||
	    !get_str(&r->body, &hex) || r->body.len || number > INT32_MAX || hex.len != DB_HASH_HEX)
		return false;
	memcpy(r->schema_hex, hex.data, hex.len);
	r->digest->schema = (int)number;
	r->digest->made_ms = (int64_t)made;
	return true;
}

static bool parse_table(struct reader *r)
{
	uint32_t n;
	struct table *t = &r->table_now;
	*t = (struct table){0};
	if (r->digest->n_tables == DB_TABLES_MAX || !get_name(&r->body, t->name) ||
	    !get_u32(&r->body, &n) || n < 1 || n > DB_COLUMNS_MAX)
		return false;
	t->n_columns = (int)n;
	for (int i = 0; i < t->n_columns; i++) {
		struct column *c = &t->columns[i];
		if (!get_name(&r->body, c->name) || !get_bytes(&r->body, &c->type, 1) ||
		    (c->type != 'I' && c->type != 'T' && c->type != 'B'))
			return false;
	}
	struct db_digest_table *d = &r->digest->tables[r->digest->n_tables++];
	*d = (struct db_digest_table){0};
	memcpy(d->name, t->name, sizeof(d->name));
	return r->body.len == 0;
}

static bool check_end(struct reader *r, crypto_hash_sha256_state *state, uint64_t rows)
{
	unsigned char hash[HASH_LEN], told[HASH_LEN];
	uint64_t n;
	crypto_hash_sha256_final(state, hash);
	return get_u64(&r->body, &n) && get_bytes(&r->body, told, HASH_LEN) && !r->body.len &&
	       n == rows && memcmp(hash, told, HASH_LEN) == 0;
}

static int read_table(struct reader *r, struct err_info *info)
{
	int e;
	if (!parse_table(r))
		return broken(r, info);
	struct db_digest_table *d = &r->digest->tables[r->digest->n_tables - 1];
	if (r->on_table && (e = r->on_table(r, info)) < 0)
		return e;
	while ((e = next_record(r, info)) == 0 && r->kind == KIND_ROW) {
		d->rows++;
		if (r->on_row && (e = r->on_row(r, info)) < 0)
			return e;
	}
	if (e < 0)
		return e;
	crypto_hash_sha256_state state = r->table;
	if (r->kind != KIND_TABLE_END || !check_end(r, &state, d->rows))
		return broken(r, info);
	crypto_hash_sha256_final(&r->table, d->hash);
	r->digest->rows += d->rows;
	return 0;
}

static int read_all(struct reader *r, struct err_info *info)
{
	char start[sizeof(magic)];
	int e;

	rewind(r->file);
	memset(r->digest, 0, sizeof(*r->digest));
	crypto_hash_sha256_init(&r->all);
	if (fread(start, 1, sizeof(start), r->file) != sizeof(start) ||
	    memcmp(start, magic, sizeof(magic)) != 0)
		return err_set(info, ERR_INPUT, "%s 不是晋位的备份文件", r->path);
	crypto_hash_sha256_update(&r->all, (const unsigned char *)magic, sizeof(magic));
	if ((e = next_record(r, info)) < 0)
		return e;
	if (!parse_head(r))
		return broken(r, info);
	while ((e = next_record(r, info)) == 0 && r->kind == KIND_TABLE)
		if ((e = read_table(r, info)) < 0)
			return e;
	if (e < 0)
		return e;
	if (r->kind != KIND_END || !check_end(r, &r->all, r->digest->rows) || getc(r->file) != EOF)
		return broken(r, info);
	return 0;
}

static int reader_open(struct reader *r, const char *path, struct db_digest *digest,
		       struct err_info *info)
{
	*r = (struct reader){.path = path, .digest = digest};
	r->file = fopen(path, "re");
	return r->file ? 0 : err_io(info, "打开", path, errno);
}

static void reader_done(struct reader *r)
{
	if (r->file)
		fclose(r->file);
	buf_done(&r->record);
	buf_done(&r->sql);
}

int db_backup_verify(const char *path, struct db_digest *ret_digest, struct err_info *info)
{
	struct reader r;
	struct db_digest *digest = malloc(sizeof(*digest));
	if (!digest)
		return err_nomem(info);
	int e = reader_open(&r, path, digest, info);
	if (e == 0) {
		e = read_all(&r, info);
		reader_done(&r);
	}
	if (e == 0)
		*ret_digest = *digest;
	free(digest);
	return e;
}

/* ---- restoring ---- */

static int on_table(struct reader *r, struct err_info *info)
{
	buf_clear(&r->sql);
	insert_sql(&r->table_now, &r->sql);
	return r->sql.failed ? err_nomem(info) : 0;
}

static int on_row(struct reader *r, struct err_info *info)
{
	struct db_stmt *q = db_query_built(r->tx, buf_str(&r->sql), false);
	for (int i = 0; i < r->table_now.n_columns; i++) {
		char present;
		uint64_t number;
		struct str text;
		char type = r->table_now.columns[i].type;
		if (!get_bytes(&r->body, &present, 1))
			return broken(r, info);
		if (!present) {
			db_bind_null(q, i + 1);
		} else if (type == 'I') {
			if (!get_u64(&r->body, &number))
				return broken(r, info);
			db_bind_int(q, i + 1, (int64_t)number);
		} else {
			if (!get_str(&r->body, &text))
				return broken(r, info);
			if (type == 'T')
				db_bind_str(q, i + 1, text);
			else
				db_bind_blob(q, i + 1, text.data, text.len);
		}
	}
	if (r->body.len)
		return broken(r, info);
	return db_run(q) < 0 ? db_error(r->tx, info) : 0;
}

struct restore {
	struct reader reader;
	const struct db_schema *schema;
	bool replace;
	int64_t now_ms;
	db_fn after;
	void *arg;
	struct catalog *catalog;
};

/* Drops all tables, after making sure that nothing is lost unasked. */
static int clear(struct restore *job, struct db_tx *tx, struct err_info *info)
{
	AUTO(buf) struct buf sql = {0};
	if (read_catalog(tx, job->catalog) < 0)
		return db_error(tx, info);
	for (int i = 0; i < job->catalog->n; i++) {
		const char *name = job->catalog->tables[i].name;
		buf_clear(&sql);
		buf_addf(&sql, "SELECT 1 FROM \"%s\" LIMIT 1", name);
		struct db_stmt *q = db_query_built(tx, buf_str(&sql), false);
		int r = db_step(q);
		if (r < 0)
			return db_error(tx, info);
		if (r > 0 && !job->replace)
			return err_set(info, ERR_CONFLICT, "目标数据库里已有数据");
		db_finish(q);
		buf_clear(&sql);
		buf_addf(&sql, "DROP TABLE \"%s\";", name);
		if (db_script(tx, buf_str(&sql)) < 0)
			return db_error(tx, info);
	}
	if (db_script(tx, "DROP TABLE IF EXISTS schema_migration;") < 0)
		return db_error(tx, info);
	return 0;
}

static int restore_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct restore *job = arg;
	struct reader *r = &job->reader;
	char hex[DB_HASH_HEX + 1];
	int e;

	/* The file has been checked as a whole before. */
	if (r->digest->schema > job->schema->n)
		return err_set(info, ERR_STATE, "备份由更新版本的程序制作（第 %d 号），请升级程序",
			       r->digest->schema);
	db_schema_hash(job->schema, r->digest->schema, hex);
	if (strcmp(hex, r->schema_hex) != 0)
		return err_set(info, ERR_STATE, "备份不是本程序制作的，表的结构不同");
	/* This also refuses a database with tables of somebody else. */
	if ((e = db_migrate_tx(tx, job->schema, 0, job->now_ms, info)) < 0 ||
	    (e = clear(job, tx, info)) < 0 ||
	    (e = db_migrate_tx(tx, job->schema, r->digest->schema, job->now_ms, info)) < 0)
		return e;
	r->tx = tx;
	r->on_table = on_table;
	r->on_row = on_row;
	if ((e = read_all(r, info)) < 0 ||
	    (e = db_migrate_tx(tx, job->schema, job->schema->n, job->now_ms, info)) < 0)
		return e;
	return job->after ? job->after(tx, job->arg, info) : 0;
}

int db_restore(struct db *db, const struct db_schema *schema, const char *path, bool replace,
	       int64_t now_ms, db_fn after, void *arg, struct db_digest *ret_digest,
	       struct err_info *info)
{
	struct db_digest *digest = calloc(1, sizeof(*digest));
	struct restore job = {.schema = schema, .replace = replace, .now_ms = now_ms, .after = after,
			      .arg = arg, .catalog = calloc(1, sizeof(struct catalog))};
	int e = digest && job.catalog ? reader_open(&job.reader, path, digest, info)
				      : err_nomem(info);
	if (e == 0)
		e = read_all(&job.reader, info);
	if (e == 0)
		e = db_exclusive(db, restore_fn, &job, info);
	if (e == 0)
		*ret_digest = *digest;
	reader_done(&job.reader);
	free(job.catalog);
	free(digest);
	return e;
}

const char *db_digest_compare(const struct db_digest *a, const struct db_digest *b,
			      const char **ret_why)
{
	*ret_why = "表的结构不同";
	if (a->schema != b->schema)
		return "schema_migration";
	for (int i = 0; i < a->n_tables || i < b->n_tables; i++) {
		const struct db_digest_table *x = &a->tables[i], *y = &b->tables[i];
		if (i >= a->n_tables || i >= b->n_tables || strcmp(x->name, y->name) != 0)
			return i < a->n_tables ? x->name : y->name;
		*ret_why = x->rows != y->rows ? "行数不同" : "内容不同";
		if (x->rows != y->rows || memcmp(x->hash, y->hash, HASH_LEN) != 0)
			return x->name;
	}
	return NULL;
}
