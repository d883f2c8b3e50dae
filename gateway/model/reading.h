#ifndef GATEWAY_MODEL_READING_H
#define GATEWAY_MODEL_READING_H

#include "gateway/model/field.h"
#include "gateway/model/intent.h"

/* Which characters of the text a field was read from; bytes of the text. */
struct reading_span {
	enum field field;
	size_t at, n;
	struct str rule; /* slot or reader that took it */
};

#define READING_SPANS_MAX 48

/*
 * What a text means, read in its context, before the handler's checks.
 * `problem` is set when the reader itself found a doubt (an unreadable date, a
 * unit that is not one, a number that belongs to nothing): then nothing may be
 * stored without asking.
 */
struct reading {
	enum intent intent;
	struct fields fields;
	enum problem problem;
	struct str rule;  /* name of the rule that won */
	struct str doubt; /* the characters the problem is about */
	bool positional;  /* figures were told apart by their order alone */
	bool answered;    /* it completes the record that was asked about */
	bool whole;       /* the rule accounts for the whole text */
	bool repeatable;  /* its rule lets the same text again count */
	int unit_index;   /* into context.units; -1: not an own unit */
	struct reading_span spans[READING_SPANS_MAX];
	size_t spans_n;
};

#endif
