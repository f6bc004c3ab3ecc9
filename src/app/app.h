/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all use cases share: who calls, what he may do, and the audit entry.
 *
 * A use case is one transaction: it looks up what the caller holds, checks the
 * right, does its work and appends to the audit log; all of it happens or none.
 * HTML, JSON and the command line call the same functions. Results are put into
 * the caller's arena. Time is an argument.
 */
#ifndef JW_APP_APP_H
#define JW_APP_APP_H

#include <pthread.h>

#include "app/right.h"
#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "store/org.h"

struct pinyin;
struct scheme_cache;

/* One a process; shared by all threads. */
struct app {
	struct db *db;			/* borrowed */
	struct pinyin *pinyin;
	struct scheme_cache *schemes;	/* of campaigns */
	const char *thumbnailer;	/* program that makes photos small; NULL: none are made */
	/* Under which codes of slips are hashed; never changes once it is made. */
	struct {
		pthread_mutex_t lock;
		bool known;
		unsigned char key[32];
	} slips;
	pthread_mutex_t hashing;	/* one password at a time: each takes 64 MiB */
	/* What a password costs (Argon2id); app_cheap_passwords. */
	unsigned long long hash_ops;
	size_t hash_bytes;
};

/* Checks that the schema is complete. ERR_STATE tells to migrate. */
int app_init(struct app *ret_app, struct db *db, struct err_info *info);
void app_done(struct app *app);

enum { APP_KEY_LEN = 32 };

/* A secret of the installation, in the settings under `name`: of slips' codes, of
 * check codes. `make`: where there is none yet; else ERR_NOT_FOUND. */
int app_key(struct db_tx *tx, const char *name, bool make, unsigned char ret_key[APP_KEY_LEN]);

/* From now on passwords cost next to nothing, or again what is right (app_init). For
 * tests, and for the demo's accounts, whose passwords are printed for everybody. */
void app_cheap_passwords(struct app *app, bool cheap);

/* Who calls, from where, and when. */
struct caller {
	int64_t account;	/* 0: nobody signed in */
	bool machine;		/* the command line on the server itself; never set by the web */
	const char *origin;	/* network address; "命令行" */
	int64_t now_ms;		/* UTC */
	int32_t today;		/* yyyymmdd, in the office's time zone */
};

/* What the caller holds, inside a transaction. */
struct access {
	const struct caller *caller;
	const char *label;	/* the person's name, for the log */
	int64_t node;		/* the account's organisation */
	struct right_holder holder;
	bool must_change;	/* nothing else before the password is changed */
};

/* Looks the caller up; texts in `arena`. ERR_DENIED where the account is
 * unknown or closed. */
int app_who(struct db_tx *tx, const struct caller *caller, struct arena *arena,
	    struct access *ret_access, struct err_info *info);

/* As app_who, and checks the right at organisation `node`, which must exist
 * (ERR_NOT_FOUND); its path goes to `ret_path` unless NULL. ERR_DENIED. */
int app_enter(struct db_tx *tx, const struct caller *caller, enum action action, int64_t node,
	      struct arena *arena, struct access *ret_access, char *ret_path,
	      struct err_info *info);

/* The right at a further organisation. ERR_NOT_FOUND, ERR_DENIED. */
int app_may(struct db_tx *tx, const struct access *access, enum action action, int64_t node,
	    char *ret_path, struct err_info *info);

/* The path in the tree, from where the caller's reach begins: nothing above it is
 * his to open. At least the last remains. */
void app_cut_crumbs(const struct access *access, struct org **crumbs, int *n);

/* Appends to the chain of the node's region (of the caller's, where node is 0).
 * NULL texts count as "". */
int app_audit(struct db_tx *tx, const struct access *access, const char *act, int64_t node,
	      const char *object, const char *before, const char *after);

/* What the caller may do at a node, for pages that show or hide: a bit per
 * action. `ret_may` has bit 1 << action. */
int app_rights_at(struct app *app, const struct caller *caller, int64_t node, uint64_t *ret_may,
		  struct err_info *info);

/* The path in the tree down to a node, from where the caller's reach begins.
 * ERR_NOT_FOUND. */
int app_path_to(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct org **ret_orgs, int *ret_n, struct err_info *info);

/* The organisations at which the caller holds roles, topmost first: where his
 * tree begins. */
struct app_place {
	enum role role;
	int64_t node;
	const char *name, *path;
	enum level level;
};
int app_places(struct app *app, const struct caller *caller, struct arena *arena,
	       struct app_place **ret_places, int *ret_n, struct err_info *info);

#endif
