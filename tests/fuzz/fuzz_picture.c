/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include "import/picture.h"
#include "tests/fuzz/fuzz.h"

/* A photo is made small or refused; what comes out is a JPEG that itself can be made
 * small. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf) struct buf out = {0}, again = {0};
	if (picture_shrink((struct str){(const char *)data, size}, &out) < 0)
		return 0;
	assert(out.len > 4 && memcmp(out.data, "\xFF\xD8\xFF", 3) == 0);
	assert(picture_shrink((struct str){out.data, out.len}, &again) == 0 && again.len > 4);
	return 0;
}
