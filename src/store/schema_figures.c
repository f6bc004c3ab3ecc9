/* SPDX-License-Identifier: Apache-2.0 */
#include "store/schema_part.h"

/* Figures of reported sheets against what is known here (integrity.md: sums). */
const char schema_figures[] =
	"ALTER TABLE reported_sum ADD COLUMN own INTEGER NOT NULL DEFAULT 0;\n";
