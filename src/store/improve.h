/* SPDX-License-Identifier: Apache-2.0 */
/* Goals and measures after the grading (GZ-6, XN-6, XS-4), what is said of a
 * secretary under appraisal, and interviews (CT-9). */
#ifndef JW_STORE_IMPROVE_H
#define JW_STORE_IMPROVE_H

#include "base/arena.h"
#include "db/db.h"

struct improvement {
	int64_t org;
	const char *path;
	const char *problems, *goal, *measures, *owner;
	int32_t due_day;		/* 0: none */
	int64_t account, at_ms;		/* 0: nothing written yet */
};
int store_improvement_put(struct db_tx *tx, int64_t campaign, const struct improvement *improvement);

/* Texts are "" and at_ms 0 where there is none. */
int store_improvement_get(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct improvement *ret_improvement);

/* Of all below and with a path that have one, by path. */
int store_improvement_list(struct db_tx *tx, int64_t campaign, const char *path,
			   struct arena *arena, struct improvement **ret_list, int *ret_n);

/* ---- appraisal ---- */

/* Stored; never renumber. */
enum appraisal_kind {
	APPRAISAL_FACT = 0,		/* found before the report */
	APPRAISAL_REPORT = 1,		/* what the secretary reported */
	APPRAISAL_COMMENT = 2,		/* on the spot */
	APPRAISAL_DELEGATE = 3,		/* a delegate speaks */
	APPRAISAL_PRAISE = 4,
	APPRAISAL_KINDS,
};

struct appraisal_note {
	int64_t org;
	int number;			/* from 1; 0: new */
	enum appraisal_kind kind;
	int32_t day;
	const char *by_whom, *text;
	int64_t account, at_ms;
};
int store_appraisal_note_add(struct db_tx *tx, int64_t campaign, const struct appraisal_note *note);
/* Oldest first, at most 2000. */
int store_appraisal_notes(struct db_tx *tx, int64_t campaign, int64_t org, struct arena *arena,
			  struct appraisal_note **ret_notes, int *ret_n);

struct interview {
	int64_t id;			/* 0: new */
	int64_t org;
	const char *path;
	const char *person, *by_whom;
	int32_t day;
	const char *reason, *outcome;
	int64_t account, at_ms;
	const char *org_name;		/* read only */
};
/* Sets `id`. */
int store_interview_insert(struct db_tx *tx, int64_t campaign, struct interview *interview);
/* Below and with a path, latest first, at most 2000. */
int store_interview_list(struct db_tx *tx, int64_t campaign, const char *path, struct arena *arena,
			 struct interview **ret_list, int *ret_n);

#endif
