/* SPDX-License-Identifier: Apache-2.0 */
/* cmocka wants these before it. */
#ifndef JW_TESTS_WEB_CM_H
#define JW_TESTS_WEB_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
