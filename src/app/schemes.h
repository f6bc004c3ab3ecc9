/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Schemes: those that came with the program and a county's own. Own schemes
 * are cloned, edited as drafts with all faults told, published and compared
 * (CT-1). A campaign freezes the text it opens with, so nothing here reaches one
 * that is running.
 *
 * A *reference* names a scheme in addresses: "zhangji-town" (shipped),
 * "120000001" (own, latest version) or "120000001.2" (own, second version).
 */
#ifndef JW_APP_SCHEMES_H
#define JW_APP_SCHEMES_H

#include "app/app.h"
#include "base/diag.h"
#include "report/scheme_text.h"
#include "store/scheme_version.h"

enum { SCHEME_REF_MAX = 64, SCHEME_NAME_MAX = 40 };

struct scheme_ref {
	const char *shipped;	/* id; NULL: an own one */
	int64_t scheme;
	int version;		/* 0: the latest */
};

/* Reads a reference; borrows `text`. ERR_INPUT. */
int scheme_ref_parse(const char *text, struct scheme_ref *ret_ref, struct err_info *info);

/* The text of a scheme and what is known of it; `version.scheme` is 0 for a
 * shipped one, whose `text`, `name` and `title` are set. For use inside a
 * transaction (opening a campaign). The caller must hold ACTION_SCHEME_READ
 * at the scheme's node, or hold a role below that node. ERR_NOT_FOUND, ERR_DENIED. */
int schemes_text(struct db_tx *tx, const struct access *access, const struct scheme_ref *ref,
		 struct arena *arena, struct scheme_version *ret_version, struct err_info *info);

/* One for the list. What points into `scheme` lives as long as the app. */
struct scheme_entry {
	const char *ref, *name, *title, *source;
	const struct scheme *scheme;	/* of the latest version that can be read; NULL: none can */
	const char *published;		/* reference of the latest published version; NULL: none is */
	struct scheme_version own;	/* own.scheme 0: shipped */
};
int schemes_list(struct app *app, const struct caller *caller, struct arena *arena,
		 struct scheme_entry **ret_entries, int *ret_n, struct err_info *info);

/* One to read: its words, or what is wrong with it (a draft may be). */
struct scheme_shown {
	struct scheme_version version;
	bool sound;
	struct scheme scheme;		/* only if sound */
	struct scheme_text words;	/* only if sound */
	struct diag faults;		/* only if not */
	struct scheme_version *versions;	/* of an own one, latest first */
	int n_versions;
	bool may_write;
};
int schemes_show(struct app *app, const struct caller *caller, const struct scheme_ref *ref,
		 struct arena *arena, struct scheme_shown *ret_shown, struct err_info *info);
void scheme_shown_done(struct scheme_shown *shown);

/* What is wrong with a text: 0, or ERR_INPUT with all faults in `faults`. */
int schemes_check(const char *text, struct diag *faults, struct err_info *info);

/* A new own scheme at `node` from another one; `name` and `title` are written
 * into its text. ACTION_SCHEME_WRITE at the node. ERR_INPUT, ERR_CONFLICT. */
int schemes_clone(struct app *app, const struct caller *caller, const struct scheme_ref *from,
		  int64_t node, const char *name, const char *title, int64_t *ret_scheme,
		  struct err_info *info);

/* What a person saves: over the draft `version`, or, where that version is
 * published, as the next one. `saved_ms` is that of what was read: ERR_CONFLICT
 * where somebody else was faster. A draft may have faults; publishing one is
 * refused (ERR_INPUT with all of them in `faults`). `ret_version`: where it is now. */
struct scheme_edit {
	int64_t scheme;
	int version;
	int64_t saved_ms;
	const char *text, *note;
	bool publish;
};
int schemes_save(struct app *app, const struct caller *caller, const struct scheme_edit *edit,
		 struct diag *faults, int *ret_version, struct err_info *info);

/* A published version that new campaigns are to use no more. */
int schemes_withdraw(struct app *app, const struct caller *caller, int64_t scheme, int version,
		     struct err_info *info);

/* Two schemes in words, side by side: what only one of them says, and around it
 * what both say. Lines carry the title of their section. */
enum scheme_side { SIDE_BOTH, SIDE_LEFT, SIDE_RIGHT };
struct scheme_diff_line {
	enum scheme_side side;
	const char *section, *text;
};
struct scheme_diff {
	struct scheme_version left, right;
	struct scheme_diff_line *lines;
	int n, n_left, n_right;		/* n_left and n_right: lines that only one has */
};
int schemes_compare(struct app *app, const struct caller *caller, const struct scheme_ref *left,
		    const struct scheme_ref *right, struct arena *arena,
		    struct scheme_diff *ret_diff, struct err_info *info);

#endif
