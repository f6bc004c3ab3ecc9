/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields of an organisation as one table: what a form asks, what a sheet's
 * columns are called, how a value is read, shown and compared. Used by the
 * pages, the import, the export and the audit log.
 */
#ifndef JW_APP_ORG_FIELD_H
#define JW_APP_ORG_FIELD_H

#include "base/buf.h"
#include "store/org.h"

enum org_field_kind {
	ORG_TEXT,
	ORG_NUMBER,		/* 0 … 100,000,000, or not known */
	ORG_DAY,
	ORG_LEVEL,
	ORG_FIELD,
	ORG_STATE,
};

struct org_field {
	const char *id;		/* column and form field, e.g. "secretary_phone" */
	const char *label;	/* heading, e.g. "书记电话" */
	enum org_field_kind kind;
	bool required;
	int max;		/* characters of a text */
	size_t offset;		/* in struct org */
};

/* All but code and parent, which have rules of their own. */
extern const struct org_field org_fields[];
extern const int org_n_fields;

/* By id or label; NULL. */
const struct org_field *org_field_find(struct str text);

/* Reads a cell (trimmed here) into the field; texts are copied into `arena`. ""
 * and "-" make it unknown. ERR_INPUT with a message that names the label, what
 * was found and what was expected. */
int org_field_parse(const struct org_field *field, struct str cell, struct arena *arena,
		    struct org *org, struct err_info *info);

/* The value for people and sheets; "" where not known. Borrowed, or in
 * `scratch`. */
const char *org_field_format(const struct org_field *field, const struct org *org,
			     char scratch[32]);

bool org_field_equal(const struct org_field *field, const struct org *a, const struct org *b);

/* "名称：甲；党员数：30" of the fields that differ, once of each. False if none. */
bool org_diff(const struct org *old, const struct org *now, struct buf *before,
	      struct buf *after);

/* An organisation with nothing filled in. */
struct org org_blank(void);

/* All fields at once, as after a form: required ones, lengths, days, signs. */
int org_validate(const struct org *org, struct err_info *info);

const char *org_state_label(enum org_state state);
const char *org_act_label(enum org_act act);

#endif
