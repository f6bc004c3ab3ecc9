/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit log as the auditor sees it: list, verify, anchor.
 *
 * A county's chain is verified against its own head and against every head that
 * was anchored: those that audits_anchor wrote into region 0's chain, and those
 * that somebody kept on paper ("3:1205:9f2c…"). Region 0's own chain is held by
 * paper only, so its head is what forms print.
 */
#ifndef JW_APP_AUDITS_H
#define JW_APP_AUDITS_H

#include "app/app.h"
#include "store/audit.h"

enum { AUDIT_ANCHOR_LEN = 19 + 1 + 19 + 1 + 2 * AUDIT_HASH_LEN };

/* A head as text, and back (blanks and case do not matter; ERR_INPUT). */
void audit_anchor_format(const struct audit_head *head, char ret_text[AUDIT_ANCHOR_LEN + 1]);
int audit_anchor_parse(const char *text, struct audit_head *ret_head, struct err_info *info);

/* What an auditor at `node` sees: in a county its whole chain, above one those of
 * the counties below and what region 0 holds about organisations below; at a
 * top of the tree also what concerns no organisation (names that nobody has,
 * anchors). ACTION_AUDIT_READ at `node`. */
int audits_list(struct app *app, const struct caller *caller, int64_t node,
		const struct audit_filter *filter, struct arena *arena,
		struct audit_found *ret_found, struct err_info *info);

/* As audits_list, all at once for a file, which the log notes. ERR_LIMIT where the
 * filter's limit or a look for a text leaves some out. */
int audits_export(struct app *app, const struct caller *caller, int64_t node,
		  const struct audit_filter *filter, struct arena *arena,
		  struct audit_found *ret_found, struct err_info *info);

struct audit_verdict {
	int64_t region;
	const char *name;		/* of the county; "" for region 0 */
	enum audit_fault fault;
	int64_t seq;			/* where; entries in the chain when good */
};
const char *audit_fault_label(enum audit_fault fault);

/* Walks the chains that the caller may read, or the one of `region` (unless -1).
 * Region 0's takes an auditor at a top of the tree. `kept`: heads from paper. */
int audits_verify(struct app *app, const struct caller *caller, int64_t region,
		  const struct audit_head *kept, int n_kept, struct arena *arena,
		  struct audit_verdict **ret_verdicts, int *ret_n, struct err_info *info);

/* Writes the heads of all counties into region 0's chain (nothing if none has
 * moved since the last time), and returns region 0's head: print it. Called
 * daily by the server and before every verification at the command line. */
int audits_anchor(struct app *app, const struct caller *caller, struct audit_head *ret_head,
		  struct err_info *info);

/* The head of a region, to print on a form. */
int audits_head(struct app *app, int64_t region, struct audit_head *ret_head,
		struct err_info *info);

/* Notes that the table `name` of a page, `rows` rows, was taken as a file: who was
 * shown the page may take it. */
int audits_note_export(struct app *app, const struct caller *caller, const char *name, int rows,
		       struct err_info *info);

#endif
