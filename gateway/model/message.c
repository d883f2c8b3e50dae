/*
 * message - is it a part, and how are the states called that one can be in?
 *
 * Outside checks read the names in message.state. Pure; any thread.
 */
#include "gateway/model/message.h"

#include <assert.h>

#define NAME(id, name) name,

/* 153 characters of GSM-7 at three bytes, and room for odd alphabets. */
#define PART_BYTES_MAX 1000
#define PART_REF_MAX 64

bool message_is_part(const struct message *m)
{
	return m->part_ref.n > 0 && m->part_ref.n <= PART_REF_MAX &&
	       m->part_total > 1 && m->part_total <= UINT8_MAX &&
	       m->part_no > 0 && m->part_no <= m->part_total &&
	       m->text.n <= PART_BYTES_MAX;
}

const char *message_state_str(enum message_state s)
{
	static const char *const names[] = {MESSAGE_STATES(NAME)};

	assert(s < MESSAGE_STATE_N);
	return names[s];
}
