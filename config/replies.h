#ifndef CONFIG_REPLIES_H
#define CONFIG_REPLIES_H

#include "config/node.h"

/*
 * The texts that go out, by key and language. The keys that the program uses,
 * with the placeholders each may hold and its segment budget, are one table in
 * replies_keys.c; a file must have them all and no others.
 */
struct replies;

struct replies_key {
	const char *key;
	const char *placeholders; /* "unit date total …" */
	int segments;             /* budget in GSM-7 segments, with samples */
	const char *help;         /* when it is sent */
};
const struct replies_key *replies_keys(size_t *ret_n);
/*
 * A sample value for a placeholder, long as they come, for checks; absent: no
 * such placeholder.
 */
struct str replies_sample(const char *placeholder);

/* vi and en: the two files. NULL when anything is wrong; all of it is in d. */
struct replies *replies_load(struct str vi_file, struct str vi,
	struct str en_file, struct str en, struct diags *d);
void replies_free(struct replies *r);

struct replies_piece {
	bool is_placeholder;
	struct str text; /* literal, or the placeholder's name */
};

struct replies_text {
	const struct node *node; /* where it stands */
	const struct replies_piece *v;
	size_t n;
};

/* NULL: no such key. Unknown languages get "vi". */
const struct replies_text *replies_get(
	const struct replies *r, const char *key, struct str language);
/* Words that no text may hold ("Đảng", …), folded; from the vi file. */
const struct node *replies_forbidden(const struct replies *r);
/* Phrases in which such a word is another one (dang in dang ky); NULL: none. */
const struct node *replies_harmless(const struct replies *r);

#endif
