#ifndef GATEWAY_ADVICE_H
#define GATEWAY_ADVICE_H

#include "gateway/settings.h"

/*
 * What settings allow and should not (providers.md §9): warnings in d, each
 * with its place. -1: a fault, too, for no callback of a channel could ever
 * pass. The settings are whole and have no other fault.
 */
int advice_give(const struct settings *s, struct diags *d)
	__attribute__((warn_unused_result));

#endif
