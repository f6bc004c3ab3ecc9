/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/fuzz.h"
#include "tests/import/csv_diff.h"

/* The fast reader of CSV gives what the precise one gives, or declines. The
 * first byte says by how many threads. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 1)
		csv_diff(data + 1, size - 1, 1 + data[0] % 4, data[0] >> 7);
	return 0;
}
