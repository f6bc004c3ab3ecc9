/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live scoring in a meeting (SY-1; CT-9 "delegates score on the spot"): those
 * present type a code on their phones and give each organisation that reports a
 * figure from 0 to 100. The mean appears when the session is closed; from then
 * on the figures are the source's, one rater a phone, so the mean is exact.
 *
 * What it promises: one paper a phone, which may be changed until the session is
 * closed; nobody sees a single paper; no time, name or number is kept of one,
 * and closing shuffles them. What it does not promise: that nobody uses two
 * phones. So the number present is counted in the hall, and a session with more
 * papers than people can't be closed, only thrown away and held again.
 */
#ifndef JW_APP_LIVE_H
#define JW_APP_LIVE_H

#include "app/campaigns.h"
#include "store/live.h"

struct live_result {
	int64_t org;
	const char *name;
	const char *mean;		/* exact figure to two places, half up; "" before the close */
};

struct live_view {
	struct live_session session;
	const char *campaign_title, *source_label, *node_name;
	struct live_org *orgs;
	int n_orgs;
	int64_t received;		/* papers so far */
	struct live_result *results;	/* [n_orgs]; only of a closed session, for organisers */
};

/* ---- the organiser: ACTION_LIVE_WRITE at the node ---- */

struct live_list {
	struct campaign campaign;
	struct campaign_org node;
	struct live_session *sessions;	/* of the node */
	int n;
	const char *why_not;		/* no session can be opened here; NULL: it can */
	struct campaign_org *orgs;	/* that can be chosen: graded, below the node, not locked */
	int n_orgs;
	const char *source_label;
};
int live_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	      struct arena *arena, struct live_list *ret_list, struct err_info *info);

/* `orgs` in the order of their reports; none: all that can be chosen. The code is
 * drawn by lot. ERR_INPUT, ERR_STATE. */
struct live_draft {
	const char *title;
	int64_t present;		/* people in the hall; 0: counted later */
	const int64_t *orgs;
	int n;
};
int live_open(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	      const struct live_draft *draft, int64_t *ret_id, struct err_info *info);

int live_show(struct app *app, const struct caller *caller, int64_t session, struct arena *arena,
	      struct live_view *ret_view, struct err_info *info);

/* `present`: people counted in the hall. ERR_STATE where there are more papers
 * than people, or none. */
int live_close(struct app *app, const struct caller *caller, int64_t session, int64_t present,
	       struct err_info *info);

/* Throws an open session away, with a reason. */
int live_void(struct app *app, const struct caller *caller, int64_t session, const char *reason,
	      struct err_info *info);

/* ---- those present: no account ---- */

/* Letters and digits of a code as typed, in capitals, look-alikes mended.
 * ERR_INPUT. */
int live_code_read(struct str typed, char ret_code[LIVE_CODE_LEN + 1], struct err_info *info);

/* The session of a code, and what this phone (`device`: its cookie's text) sent
 * before: `ret_figures[n_orgs]`, or NULL. ERR_NOT_FOUND. */
int live_paper(struct app *app, const char *code, struct str device, struct arena *arena,
	       struct live_view *ret_view, const char ***ret_figures, struct err_info *info);

/* `figures` [n] as typed, one an organisation; `ret_wrong`: the first that is
 * not a figure from 0 to 100, or -1. ERR_INPUT, ERR_STATE (closed). */
int live_send(struct app *app, const char *code, struct str device, const struct str *figures,
	      int n, int *ret_wrong, struct err_info *info);

#endif
