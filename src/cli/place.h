/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the data lies unless told otherwise: jinwei.db in the state directory,
 * which is $STATE_DIRECTORY (systemd sets it), else $XDG_STATE_HOME/jinwei,
 * else ~/.local/state/jinwei.
 */
#ifndef JW_CLI_PLACE_H
#define JW_CLI_PLACE_H

#include "base/err.h"
#include "db/db.h"

/* Opens `url` ("postgresql://…" or a file), or the default file where `url` is
 * NULL; the state directory is made if missing. */
int place_open_db(struct db **ret_db, const char *url, struct err_info *info);

#endif
