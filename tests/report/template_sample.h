/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up values with everything that makes trouble in them. */
#ifndef JW_TESTS_TEMPLATE_SAMPLE_H
#define JW_TESTS_TEMPLATE_SAMPLE_H

#include "report/template.h"

extern const struct template_source template_sample;

#endif
