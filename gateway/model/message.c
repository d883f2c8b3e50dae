/*
 * message - the names of the states a stored message can be in.
 *
 * Outside checks read them in message.state. Constant table; any thread.
 */
#include "gateway/model/message.h"

#include <assert.h>

#define NAME(id, name) name,

const char *message_state_str(enum message_state s)
{
	static const char *const names[] = {MESSAGE_STATES(NAME)};

	assert(s < MESSAGE_STATE_N);
	return names[s];
}
