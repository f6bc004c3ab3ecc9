/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fixed words of the organisation tree (spec: "A scheme file"): levels,
 * fields and voters, each with an id for files and Chinese labels for people.
 */
#ifndef JW_DOMAIN_LEVEL_H
#define JW_DOMAIN_LEVEL_H

#include "base/str.h"

/* From the top down; a child's level is below its parent's. */
enum level {
	LEVEL_PROVINCE,
	LEVEL_CITY,
	LEVEL_COUNTY,
	LEVEL_TOWNSHIP,
	LEVEL_UNIT,
	LEVEL_COUNT,
};

enum field {
	FIELD_VILLAGE,
	FIELD_COMMUNITY,
	FIELD_AGENCY,
	FIELD_INSTITUTION,
	FIELD_SOE,
	FIELD_PRIVATE,
	FIELD_SOCIAL,
	FIELD_UNIVERSITY,
	FIELD_SCHOOL,
	FIELD_HOSPITAL,
	FIELD_AREA,
	FIELD_COUNT,
};

enum voters {
	VOTERS_MEMBER,
	VOTERS_RESIDENT,
	VOTERS_COUNT,
};

/* The id used in files, e.g. "township". Never NULL. */
const char *level_id(enum level level);
const char *field_id(enum field field);
const char *voters_id(enum voters voters);

/* The label people read, e.g. "乡级". Never NULL. */
const char *level_label(enum level level);
const char *field_label(enum field field);
const char *voters_label(enum voters voters);

/* By id or any Chinese label (乡级, 乡镇 and 乡 all name the township);
 * ERR_NOT_FOUND for anything else. `text` is trimmed and folded already. */
int level_find(struct str text, enum level *ret_level);
int field_find(struct str text, enum field *ret_field);
int voters_find(struct str text, enum voters *ret_voters);

#endif
