#ifndef GATEWAY_INTAKE_PARTS_H
#define GATEWAY_INTAKE_PARTS_H

#include "gateway/intake.h"

/* Private to intake*.c. */

/* One text on its way. */
struct way {
	struct store *store;
	const struct intake_input *in;
	const struct context *context;
	const struct outcome *outcome;
	struct apply_text *texts;
	size_t texts_n, texts_room;
	enum guard no;      /* why there is no answer */
	size_t not_noticed; /* staff past NOTICES_MAX, or with the answer */
};

/* Does it answer the sender? */
bool intake_is_answer(enum effect_kind k);
/* Does something stand in the records now that did not before? */
bool intake_is_news(const struct way *w);
/* Renders all texts of the outcome. 0 / -1. */
int intake_texts(struct way *w) __attribute__((warn_unused_result));
/* What was held back, and why; absent: nothing. */
struct str intake_why_not(const struct way *w);

#endif
