/* SPDX-License-Identifier: Apache-2.0 */
#include "web/site.h"

#include <sodium.h>

#include "web/gate.h"
#include "web/held.h"
#include "web/presence.h"
#include "web/metrics.h"
#include "web/session.h"

int site_init(struct web *ret_web, struct app *app, const char *version, struct err_info *info)
{
	struct web web = {.app = app, .gate = gate_make(app), .routes = site_routes,
			  .version = version, .address = ""};

	if (sodium_init() < 0)
		return err_set(info, ERR_IO, "加密库没有启动");
	web.metrics = metrics_new(site_routes);
	web.held = held_new();
	web.presence = presence_new();
	if (!web.metrics || !web.held || !web.presence) {
		site_done(&web);
		return err_nomem(info);
	}
	randombytes_buf(web.key, sizeof(web.key));
	*ret_web = web;
	return 0;
}

void site_done(struct web *web)
{
	if (!web)
		return;
	metrics_free(web->metrics);
	held_free(web->held);
	presence_free(web->presence);
	*web = (struct web){0};
}

void site_make_code(struct web *web, char ret_code[SITE_CODE_LEN + 1])
{
	/* Read off a screen and typed elsewhere: no 0 O 1 I. */
	static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

	for (int i = 0; i < SITE_CODE_LEN; i++)
		ret_code[i] = i % 6 == 5 ? '-' : letters[randombytes_uniform(32)];
	ret_code[SITE_CODE_LEN] = '\0';
	token_hash(str_from(ret_code), web->setup_hash);
}
