/* phone: one canonical form, which is its own; and it is E.164. */
#include "tests/fuzz/fuzz.h"

#include "parsers/phone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str raw = fuzz_text(data, n), z;
	struct phone once, twice;

	(void)phone_is_answerable(raw);
	if (phone_parse(raw, &once) != 0)
		return 0;
	z = str_of(once.z);
	MUST(z.n >= 8 && z.n <= 16 && z.p[0] == '+');
	for (size_t i = 1; i < z.n; i++)
		MUST(z.p[i] >= '0' && z.p[i] <= '9');
	MUST(z.p[1] != '0');
	MUST(phone_parse(z, &twice) == 0);
	MUST(str_is(z, twice.z));
	return 0;
}
