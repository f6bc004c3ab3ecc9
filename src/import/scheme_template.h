/* SPDX-License-Identifier: Apache-2.0 */
/* The scheme to begin with, embedded by the build. Internal to the loader. */
#ifndef JW_IMPORT_SCHEME_TEMPLATE_H
#define JW_IMPORT_SCHEME_TEMPLATE_H

#include "import/scheme_yaml.h"

/* One entry. */
const struct shipped_scheme *scheme_templates(size_t *ret_n);

#endif
