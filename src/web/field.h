/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a route takes: fields declared with type, limits and label. Values are
 * read from the path, the query and the body (form, multipart or JSON), checked
 * against the declaration, and only then reach a handler.
 *
 * Everything is bounded: WEB_FIELDS_MAX fields, WEB_MANY_MAX values of one.
 */
#ifndef JW_WEB_FIELD_H
#define JW_WEB_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
	WEB_FIELDS_MAX = 48,	/* fields of one route */
	WEB_MANY_MAX = 200,	/* values of one field */
	WEB_TEXT_MAX = 2000,	/* characters of a text that declares no limit */
	WEB_PARAMS_MAX = 512,	/* name=value pairs of one request */
};

enum web_type {
	WEB_TEXT,	/* one line, trimmed; min…max characters */
	WEB_AREA,	/* several lines, trimmed; min…max characters */
	WEB_SECRET,	/* a password: as typed, never shown again or logged */
	WEB_INT,	/* min…max; full-width digits count */
	WEB_DATE,	/* a day: 2026-11-25, 2026/11/25, 2026.11.25, 2026年11月25日 */
	WEB_CHOICE,	/* one of the choices */
	WEB_FLAG,	/* ticked or not */
	WEB_FILE,	/* an uploaded file; max bytes */
};

struct web_choice {
	const char *id, *label;
};

struct web_file {
	struct str name;	/* as the browser says; only for messages */
	struct str data;
};

/* A typed value; texts live as long as the request. */
struct web_value {
	bool given;		/* sent and not empty */
	struct str text;	/* TEXT, AREA, SECRET: the text; DATE: 2026-11-25; CHOICE: the id */
	int64_t number;		/* INT: the number; DATE: 20261125; CHOICE: index; FLAG: 0, 1 */
	struct web_file file;
	int n;			/* many: number of values */
	struct str *texts;	/* many: the values */
};

struct web_field {
	const char *name;	/* NULL ends a list of fields */
	const char *label;	/* Chinese, as before the input */
	enum web_type type;
	bool required;
	bool many;		/* TEXT or CHOICE: may be sent several times */
	bool blanks;		/* many: empty values count, so that lists keep in step */
	int64_t min, max;	/* both 0: no limit of its own */
	const struct web_choice *choices;	/* ends with a NULL id */
	bool (*choice_at)(int i, struct web_choice *ret);	/* or: the i-th; false at the end */
	const char *hint;	/* Chinese, one line under the input; may be NULL */
	const char *pattern;	/* TEXT: characters allowed, as in "a-z0-9-"; NULL: any. FILE: endings
				 * that the browser offers, ".pdf,.jpg"; NULL: of sheets */
};

/* One name=value as it came, decoded. */
struct web_param {
	struct str name, value;
	struct web_file file;	/* data set for an upload */
	bool used;
};

struct web_params {
	int n, places;
	struct web_param *at;	/* in the arena; at most WEB_PARAMS_MAX */
};

/* The number of fields before the NULL name. */
int web_field_count(const struct web_field *fields);

/* The i-th choice of a CHOICE field; false at the end. */
bool web_choice_at(const struct web_field *field, int i, struct web_choice *ret_choice);

/* The field's index, or -1. */
int web_field_find(const struct web_field *fields, struct str name);

/* Adds the pairs of a query or of an urlencoded body. ERR_INPUT for broken
 * %XX or text that is no UTF-8; ERR_LIMIT; ERR_NOMEM. */
int web_params_add_form(struct web_params *params, struct str text, struct arena *arena,
			struct err_info *info);

/* Adds the parts of a multipart/form-data body; `content_type` carries the
 * boundary. Errors as above. */
int web_params_add_multipart(struct web_params *params, struct str content_type, struct str body,
			     struct arena *arena, struct err_info *info);

/* Adds the members of a JSON object: strings, numbers, true/false, null (not
 * given), lists of strings. Errors as above. */
int web_params_add_json(struct web_params *params, struct str body, struct arena *arena,
			struct err_info *info);

/* Adds one pair; borrows. ERR_LIMIT, ERR_NOMEM. */
int web_params_add(struct web_params *params, struct str name, struct str value,
		   struct arena *arena, struct err_info *info);

/* Adds one pair whose value is percent-encoded, as in a path. ERR_INPUT too. */
int web_params_add_encoded(struct web_params *params, struct str name, struct str encoded,
			   struct arena *arena, struct err_info *info);

/*
 * Reads `fields` from `params` into `values` and marks those params used.
 * errors[i] is NULL or says in Chinese what is wrong with field i. Returns the
 * number of wrong fields, or ERR_NOMEM.
 */
int web_fields_read(const struct web_field *fields, struct web_params *params,
		    struct web_value *values, const char **errors, struct arena *arena);

/* Reads a day in any of the accepted spellings; false if it is none. */
bool web_read_date(struct str text, int *ret_year, int *ret_month, int *ret_day);

#endif
