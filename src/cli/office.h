/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls when the command line does: the machine's operator, now. */
#ifndef JW_CLI_OFFICE_H
#define JW_CLI_OFFICE_H

#include "app/app.h"

struct caller office_caller(void);

#endif
