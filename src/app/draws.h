/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spot checks (GZ-9, HN-6): a random draw that warns nobody and that anybody can
 * repeat, findings on the spot, their new deadlines and ends.
 *
 * A draw takes a random seed at once and publishes only its fingerprint: SHA-256
 * over the seed in hex, a line end, and the population (a line each: code of the
 * covered node, tab, code, tab, name; in the order of paths). Below each covered node those are
 * drawn whose SHA-256 over seed in hex, line end and code is smallest. After the
 * visits seed and list are shown, and draw_verify repeats it.
 */
#ifndef JW_APP_DRAWS_H
#define JW_APP_DRAWS_H

#include "app/app.h"
#include "app/draw_groups.h"
#include "store/attachment.h"
#include "store/case_check.h"

enum { DRAW_HEX_LEN = 64, DRAW_EACH_MAX = 20, DRAW_PLACES_MAX = 300 };

/* Draws `each` organisations below every node of `level` below `node`
 * (`only_cases`: among those in the ledger). ACTION_CHECK_WRITE. ERR_STATE:
 * nothing to draw from. */
int draw_make(struct app *app, const struct caller *caller, int64_t node, enum level level,
	      int each, bool only_cases, int64_t *ret_id, struct err_info *info);
/* The same, and the covered nodes are dealt out to so many inspection groups (GZ-9,
 * draw_groups.h; 0: none). ERR_INPUT: more groups than nodes. */
int draw_make_dealt(struct app *app, const struct caller *caller, int64_t node, enum level level,
		    int each, bool only_cases, int groups, int64_t *ret_id, struct err_info *info);
/* Who leads a group and who goes with it. ACTION_CHECK_WRITE at the draw's node. */
int draw_put_group(struct app *app, const struct caller *caller, const struct spot_group *group,
		   struct err_info *info);

struct draws {
	struct org node;
	struct spot_draw *at;		/* of the node and above; where `secret`, seed and list are empty */
	bool *secret, *may_reveal;
	/* Of those that are dealt out and whose list may be seen. */
	struct draw_dealt {
		struct draw_deal *deals;	/* by group */
		struct spot_group *groups;	/* that are named */
		int n_deals, n_groups;
	} *dealt;
	int n;
	struct spot_check *checks;	/* of all below the node */
	int n_checks;
	struct attachment *photos;	/* of these, oldest first */
	int n_photos;
	struct draw_place {
		int64_t id;
		const char *name;
	} *places;			/* to go to below the node: drawn and not yet revealed, then in the ledger */
	int n_places;
	uint64_t may;
};
/* ACTION_CASE_READ; the list before it is revealed only for ACTION_CHECK_READ. */
int draw_list(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
	      struct draws *ret, struct err_info *info);

/* Shows seed and list to everybody. ACTION_CHECK_WRITE. */
int draw_reveal(struct app *app, const struct caller *caller, int64_t draw, struct err_info *info);

/* Repeats a draw: does the fingerprint fit, and are these the drawn? Pure.
 * `seed_hex` of DRAW_HEX_LEN; `drawn`: codes, a line each. */
int draw_verify(const char *seed_hex, const char *fingerprint_hex, const char *population, int each,
		const char *drawn, struct err_info *info);

/* The same of one that was dealt out: `dealt` has lines "node\tgroup". */
int draw_verify_dealt(const char *seed_hex, const char *fingerprint_hex, const char *population, int each,
		      const char *drawn, int groups, const char *dealt, struct err_info *info);

/* Keeps a finding; one sent twice (same `sent`) is kept once. ACTION_CHECK_WRITE
 * at the organisation. Of an organisation in the ledger it is an event there. */
int check_add(struct app *app, const struct caller *caller, const struct spot_check *check,
	      int64_t *ret_id, struct err_info *info);
/* What was found is mended. ACTION_CHECK_WRITE. */
int check_close(struct app *app, const struct caller *caller, int64_t check, const char *closing,
		struct err_info *info);

#endif
