/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "cli/cmd_account.h"
#include "cli/cmd_audit.h"
#include "cli/cmd_check.h"
#include "cli/cmd_db.h"
#include "cli/cmd_draw.h"
#include "cli/cmd_explain.h"
#include "cli/cmd_form.h"
#include "cli/cmd_grade.h"
#include "cli/cmd_org.h"
#include "cli/cmd_past.h"
#include "cli/cmd_scheme.h"
#include "cli/cmd_serve.h"
#include "cli/cmd_template.h"
#include "cli/cmd_thumbnail.h"
#include "cli/command.h"

const struct cli_command *const cli_commands[] = {
	&cmd_grade,
	&cmd_explain,
	&cmd_scheme_list,
	&cmd_scheme_show,
	&cmd_scheme_check,
	&cmd_scheme_new,
	&cmd_org_import,
	&cmd_past_import,
	&cmd_form_list,
	&cmd_form,
	&cmd_template_list,
	&cmd_template_add,
	&cmd_template_fill,
	&cmd_template_read,
	&cmd_account_recover,
	&cmd_audit_verify,
	&cmd_check,
	&cmd_draw_verify,
	&cmd_db_migrate,
	&cmd_db_check,
	&cmd_db_backup,
	&cmd_db_restore,
	&cmd_db_move,
	&cmd_serve,
	&cmd_thumbnail,
	NULL,
};
