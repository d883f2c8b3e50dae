#ifndef PARSERS_READ_PARTS_H
#define PARSERS_READ_PARTS_H

#include "parsers/read.h"
#include "parsers/read_date.h"
#include "parsers/scan_parts.h"

#define READER_LIST_MAX 4

/* Private to parsers/: a reading in the making. */
struct reader {
	const struct scan *scan;
	const struct context *context;
	const struct candidate *taken;
	struct arena *arena;
	struct reading *r;
	struct date_parts date, old;   /* old: the day that was wrong */
	int64_t list[READER_LIST_MAX]; /* figures without labels */
	size_t list_n;
	/* A figure was guessed: asked so, unless the sum proves it. */
	enum problem proof;
	int64_t p;                    /* a bare P's number; -1: none */
	const struct unit_word *unit; /* the words that named it; NULL: none */
	const struct hit *hit;        /* being read */
};

/* The first problem stays: it is what is asked. */
void reader_problem(struct reader *x, enum problem p, struct str doubt);
/* A field from a span of the text; another value before: contradiction. */
void reader_int(struct reader *x, enum field f, int64_t i, struct span span);
void reader_text(
	struct reader *x, enum field f, struct str s, struct span span);
/* All slot matches of the rule into fields and date parts. */
void read_slots(struct reader *x);
/* Where in the text a field was read. */
void reader_note(struct reader *x, enum field f, struct span span);
/* The digit runs of a text, one at a time; false: no more. */
bool reader_number(struct str *rest, struct str *ret);
/* Behind a number: does a range (- or den) go on to the next one? */
bool reader_is_range(struct str rest);
/* Values of other kinds than figures and codes. */
void read_list(struct reader *x, enum field f, struct span span);
void read_day(struct reader *x, enum field f, struct span span);
void read_names(struct reader *x, enum field f, struct span span);
/* The same with one blank where there are several, or a new line. */
struct str reader_one_line(const struct reader *x, struct str s);
void read_phone(struct reader *x, enum field f, struct span span);
void read_free_text(struct reader *x, enum field f, struct span span);
/* Who votes how on what: the slots of a vote, in the order of the text. */
void read_ballot(struct reader *x);
/* What an intent needs to be put together from several slots. */
void read_settle(struct reader *x);
/* Two bare figures that answer the question of the day. */
void read_list_day(struct reader *x);
/* An answer and what its question knew, as one record. */
void read_answer(struct reader *x);
/* Figures that only their sum explains or proves. */
void read_figures(struct reader *x);
/* A report for several units: its pieces as items, or a joint meeting. */
void read_items(struct reader *x);
/* In the reader's arena, ASCII letters in upper case. */
struct str reader_upper(const struct reader *x, struct str s);
/* The sender's own unit of that code or old code; NULL: none. */
const struct unit_ref *read_own_unit(const struct context *c, struct str code);
/*
 * The scan with the sender's own units whose code or name has another meaning,
 * too, as codes; or s itself. *ret_doubt: one that may as well be a figure.
 */
const struct scan *read_codes(const struct scan *s, const struct context *c,
	struct arena *a, struct str *ret_doubt);
/* An answer to an invitation that is not the sender's own is asked. */
void read_whose(struct reader *x);
/* Which unit is spoken of. */
void read_unit(struct reader *x);

#endif
