/* SPDX-License-Identifier: Apache-2.0 */
/* spot.c: draws for spot checks, findings on the spot. */
#ifndef JW_WEB_PAGES_PAGES_SPOT_H
#define JW_WEB_PAGES_PAGES_SPOT_H

#include "app/draws.h"
#include "web/form.h"
#include "web/pages/pages.h"

extern const struct web_field spot_list_fields[], spot_draw_fields[], spot_group_fields[], spot_id_fields[],
	spot_check_page_fields[], spot_check_fields[], spot_close_fields[];
int act_spot_list(struct web_call *call);
void page_spot_list(struct web_call *call, struct html *h);
json_t *json_spot_list(struct web_call *call);
int act_spot_draw(struct web_call *call);
int act_spot_group(struct web_call *call);
int act_spot_reveal(struct web_call *call);
void page_spot_check(struct web_call *call, struct html *h);
int act_spot_check(struct web_call *call);
int act_spot_close(struct web_call *call);

#endif
