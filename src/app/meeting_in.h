/* SPDX-License-Identifier: Apache-2.0 */
/* What meeting.c and meeting_view.c share. */
#ifndef JW_APP_MEETING_IN_H
#define JW_APP_MEETING_IN_H

#include "app/meeting.h"

/* Fills the view, whose `call` is entered at the committee; `what_ifs` also the
 * boundary table. meeting_view_done on success and on failure. */
int meeting_view_load(struct db_tx *tx, struct arena *arena, struct meeting_view *view,
		      bool what_ifs, struct err_info *info);

#endif
