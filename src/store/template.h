/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Own templates: a file that belongs to a node and can be filled by it and by
 * all below it. A new file under a name that is there already is a new version;
 * the old one is withdrawn. Nothing is deleted.
 */
#ifndef JW_STORE_TEMPLATE_H
#define JW_STORE_TEMPLATE_H

#include "base/buf.h"
#include "db/db.h"

enum {
	TEMPLATE_HASH_LEN = 32,
	TEMPLATES_MAX = 200,		/* in use at one node */
	TEMPLATE_FILE_MAX = 10 << 20,	/* bytes of the file */
};

/* Stored; never renumber. */
enum template_file_kind { TEMPLATE_FILE_XLSX = 0, TEMPLATE_FILE_DOCX = 1 };

struct form_template {
	int64_t id;			/* 0: new; carries its region */
	int64_t node;
	const char *name;
	enum template_file_kind kind;
	const char *file_name;
	int64_t size;			/* bytes */
	unsigned char sha256[TEMPLATE_HASH_LEN];
	const char *note;
	int version;
	int64_t added_ms;
	int64_t account;
	const char *who;
	int64_t withdrawn_ms;		/* 0: in use */
	const char *withdrawn_by, *withdrawn_why;
	/* Read only. */
	const char *node_name, *node_path;
};

/* Writes the bytes and the row, withdraws the version before; sets id, version,
 * size and sha256. ERR_LIMIT over TEMPLATES_MAX or TEMPLATE_FILE_MAX. */
int store_template_insert(struct db_tx *tx, struct form_template *template, struct str data);

/* 1, 0 or an error. */
int store_template_get(struct db_tx *tx, int64_t id, struct arena *arena,
		       struct form_template *ret_template);

/* Those in use at a node, by name. */
int store_template_list(struct db_tx *tx, int64_t node, struct arena *arena,
			struct form_template **ret_templates, int *ret_n);

/* Appends the bytes; ERR_IO where they are not those that were stored. */
int store_template_read(struct db_tx *tx, const struct form_template *template, struct buf *out);

/* ERR_CONFLICT where it is withdrawn already. */
int store_template_withdraw(struct db_tx *tx, int64_t id, int64_t now_ms, const char *who,
			    const char *why);

#endif
