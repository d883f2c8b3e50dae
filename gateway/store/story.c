/*
 * story - what happened to this text, from the first byte to the last?
 *
 * Gathers what the tables say about one message or one outbox row into a
 * JSON object; `bantin why` prints it. Phones are masked: a story is read
 * aloud, pasted and forwarded. Instants are RFC 3339 in UTC. A member that
 * says nothing (no error, no duplicate) is left out. Reads only; either
 * connection.
 */
#include "gateway/store/story.h"

#include "gateway/base/log.h"
#include "gateway/model/day.h"
#include "gateway/store/sql.h"
#include "parsers/segment.h"

#include <stdio.h>

#define KEY_MAX 32

/* How a column becomes a member. */
enum shape { SHAPE_TEXT, SHAPE_INT, SHAPE_INSTANT, SHAPE_PHONE };

struct column {
	const char *name;
	enum shape shape;
};

static const struct column message_columns[] = {
	{"channel", SHAPE_TEXT},
	{"provider_id", SHAPE_TEXT},
	{"event_id", SHAPE_TEXT},
	{"from", SHAPE_PHONE},
	{"to", SHAPE_PHONE},
	{"text", SHAPE_TEXT},
	{"sent_at", SHAPE_INSTANT},
	{"received_at", SHAPE_INSTANT},
	{"rule_version", SHAPE_TEXT},
	{"intent", SHAPE_TEXT},
	{"state", SHAPE_TEXT},
	{"error", SHAPE_TEXT},
	{"duplicate_of", SHAPE_INT},
	{"fields", SHAPE_TEXT},
	{"withheld", SHAPE_TEXT},
};
static const struct column duplicate_columns[] = {
	{"id", SHAPE_INT},
	{"channel", SHAPE_TEXT},
	{"provider_id", SHAPE_TEXT},
	{"sent_at", SHAPE_INSTANT},
	{"received_at", SHAPE_INSTANT},
};
static const struct column part_columns[] = {
	{"part", SHAPE_INT},
	{"of", SHAPE_INT},
	{"ref", SHAPE_TEXT},
	{"provider_id", SHAPE_TEXT},
	{"sent_at", SHAPE_INSTANT},
	{"received_at", SHAPE_INSTANT},
	{"text", SHAPE_TEXT},
};
static const struct column reading_columns[] = {
	{"replaced_at", SHAPE_INSTANT},
	{"state", SHAPE_TEXT},
	{"intent", SHAPE_TEXT},
	{"error", SHAPE_TEXT},
	{"rule_version", SHAPE_TEXT},
};
static const struct column report_columns[] = {
	{"id", SHAPE_INT},
	{"unit", SHAPE_TEXT},
	{"kind", SHAPE_TEXT},
	{"held_on", SHAPE_TEXT},
	{"version", SHAPE_INT},
	{"total", SHAPE_INT},
	{"present", SHAPE_INT},
	{"excused", SHAPE_INT},
	{"unexcused", SHAPE_INT},
	{"voided_at", SHAPE_INSTANT},
};
static const struct column record_columns[] = {
	{"table", SHAPE_TEXT},
	{"id", SHAPE_INT},
	{"what", SHAPE_TEXT},
};
static const struct column outbox_columns[] = {
	{"to", SHAPE_PHONE},
	{"text", SHAPE_TEXT},
	{"lane", SHAPE_TEXT},
	{"channel", SHAPE_TEXT},
	{"state", SHAPE_TEXT},
	{"attempts", SHAPE_INT},
	{"created_at", SHAPE_INSTANT},
	{"due_at", SHAPE_INSTANT},
	{"valid_until", SHAPE_INSTANT},
	{"sent_at", SHAPE_INSTANT},
	{"ref", SHAPE_TEXT},
	{"message", SHAPE_INT},
	{"why", SHAPE_TEXT},
	{"key", SHAPE_TEXT},
};
static const struct column attempt_columns[] = {
	{"n", SHAPE_INT},
	{"at", SHAPE_INSTANT},
	{"channel", SHAPE_TEXT},
	{"verdict", SHAPE_TEXT},
	{"why", SHAPE_TEXT},
	{"ref", SHAPE_TEXT},
};
static const struct column reported_columns[] = {
	{"n", SHAPE_INT},
	{"at", SHAPE_INSTANT},
	{"channel", SHAPE_TEXT},
	{"state", SHAPE_TEXT},
	{"said", SHAPE_TEXT},
	{"said_at", SHAPE_INSTANT},
	{"part", SHAPE_INT},
	{"parts", SHAPE_INT},
	{"of", SHAPE_TEXT},
	{"matched_at", SHAPE_INSTANT},
};
static const struct column wait_columns[] = {
	{"why", SHAPE_TEXT},
	{"since_at", SHAPE_INSTANT},
	{"until_at", SHAPE_INSTANT},
};
static const struct column opt_out_columns[] = {
	{"at", SHAPE_INSTANT},
	{"why", SHAPE_TEXT},
};
static const struct column consent_columns[] = {
	{"at", SHAPE_INSTANT},
	{"what", SHAPE_TEXT},
	{"to_text", SHAPE_TEXT},
	{"channel", SHAPE_TEXT},
	{"by", SHAPE_TEXT},
};
static const struct column session_columns[] = {
	{"session", SHAPE_INT},
	{"way", SHAPE_TEXT},
	{"form", SHAPE_TEXT},
	{"answers", SHAPE_TEXT},
	{"state", SHAPE_TEXT},
	{"hops", SHAPE_INT},
	{"began_at", SHAPE_INSTANT},
	{"last_at", SHAPE_INSTANT},
};
static const struct column settled_columns[] = {
	{"outbox", SHAPE_INT},
	{"question", SHAPE_TEXT},
	{"sent_at", SHAPE_INSTANT},
};
static const struct column question_columns[] = {
	{"question", SHAPE_TEXT},
	{"problem", SHAPE_TEXT},
	{"tries", SHAPE_INT},
	{"expires_at", SHAPE_INSTANT},
	{"settled_at", SHAPE_INSTANT},
	{"settled_by", SHAPE_INT},
};

/* The columns of one statement, and their number. */
struct columns {
	const struct column *v;
	size_t n;
};

#define COLUMNS(v) ((struct columns){(v), sizeof(v) / sizeof((v)[0])})

static void set_column(struct jdoc *object, const struct sql_run *q, int col,
	const struct column *c)
{
	struct str text = sql_peek(q, col);

	switch (c->shape) {
	case SHAPE_TEXT:
		if (text.n > 0)
			jdoc_set_str(object, c->name, text);
		break;
	case SHAPE_INT:
		jdoc_set_int(object, c->name, sql_get_int(q, col));
		break;
	case SHAPE_INSTANT:
		jdoc_set_str(object, c->name,
			str_of(instant_iso(sql_get_int(q, col)).z));
		break;
	case SHAPE_PHONE:
		jdoc_set_str(object, c->name, str_of(log_phone_mask(text).z));
		break;
	}
}

static void set_row(
	struct jdoc *object, const struct sql_run *q, struct columns columns)
{
	for (size_t i = 0; i < columns.n; i++)
		if (!sql_is_null(q, (int)i))
			set_column(object, q, (int)i, &columns.v[i]);
}

/* One row by id into the object; as sql_next. */
static int one_row(struct sql_run *q, int64_t id, struct jdoc *object,
	struct columns columns)
{
	int rc;

	sql_int(q, id);
	rc = sql_next(q);
	if (rc <= 0)
		return rc;
	set_row(object, q, columns);
	sql_stop(q);
	return 1;
}

/* All rows for an id as an array under a name. */
static int all_rows(struct sql_run *q, int64_t id, struct columns columns,
	struct jdoc *object, const char *name)
{
	struct jdoc *array = jdoc_array();
	int rc;

	sql_int(q, id);
	while ((rc = sql_next(q)) > 0) {
		struct jdoc *row = jdoc_object();

		set_row(row, q, columns);
		jdoc_push(array, row);
	}
	jdoc_set(object, name, array);
	return rc;
}

/* A member that is there only when the statement finds a row. */
static int tell_one(struct sql_run q, int64_t id, struct columns columns,
	struct jdoc *story, const char *name)
{
	struct jdoc *object = jdoc_object();
	int rc = one_row(&q, id, object, columns);

	if (rc > 0)
		jdoc_set(story, name, object);
	else
		jdoc_free(object);
	return rc < 0 ? -1 : 0;
}

/* What it costs as it stands. */
static void tell_cost(struct jdoc *story)
{
	struct segments seg = segment_count(jdoc_str(jdoc_at(story, "text")));

	jdoc_set_int(story, "segments", seg.n);
	jdoc_set_str(story, "alphabet", seg.ucs2 ? STR("UCS-2") : STR("GSM-7"));
}

static int tell_outbox(struct store *s, int64_t id, struct jdoc *story)
{
	struct sql_run q = sql_start(s, SQL_STORY_OUTBOX);
	int rc;

	jdoc_set_int(story, "outbox", id);
	rc = one_row(&q, id, story, COLUMNS(outbox_columns));
	if (rc <= 0)
		return rc;
	tell_cost(story);
	q = sql_start(s, SQL_STORY_ATTEMPTS);
	if (all_rows(&q, id, COLUMNS(attempt_columns), story, "tries") < 0)
		return -1;
	q = sql_start(s, SQL_STORY_REPORTED);
	if (all_rows(&q, id, COLUMNS(reported_columns), story, "reported") <
			0 ||
		tell_one(sql_start(s, SQL_STORY_PENDING), id,
			COLUMNS(question_columns), story, "asks") < 0 ||
		tell_one(sql_start(s, SQL_STORY_OPT_OUT), id,
			COLUMNS(opt_out_columns), story, "opted_out") < 0 ||
		tell_one(sql_start(s, SQL_STORY_CONSENT_OUTBOX), id,
			COLUMNS(consent_columns), story, "consent") < 0 ||
		tell_one(sql_start(s, SQL_STORY_WAIT), id,
			COLUMNS(wait_columns), story, "waits") < 0)
		return -1;
	return 1;
}

static int text_ids(struct store *s, int64_t id, struct jdoc *ids)
{
	char from[KEY_MAX], to[KEY_MAX];
	struct sql_run q = sql_start(s, SQL_STORY_TEXTS);
	int rc;

	/* ';' is what follows ':'. */
	(void)snprintf(from, sizeof(from), "m%lld:", (long long)id);
	(void)snprintf(to, sizeof(to), "m%lld;", (long long)id);
	sql_z(&q, from);
	sql_z(&q, to);
	while ((rc = sql_next(&q)) > 0)
		jdoc_push(ids, jdoc_new_int(sql_get_int(&q, 0)));
	return rc;
}

/* Ids first: the story of each text runs statements of its own. */
static int tell_texts(struct store *s, int64_t id, struct jdoc *story)
{
	struct jdoc *ids = jdoc_array(), *texts = jdoc_array();
	int rc = text_ids(s, id, ids);
	int64_t text_id;

	for (size_t i = 0; i < jdoc_len(ids) && rc >= 0; i++) {
		struct jdoc *text = jdoc_object();

		if (jdoc_int(jdoc_item(ids, i), &text_id))
			rc = tell_outbox(s, text_id, text);
		jdoc_push(texts, text);
	}
	jdoc_free(ids);
	jdoc_set(story, "texts", texts);
	return rc < 0 ? -1 : 0;
}

static int tell_message(struct store *s, int64_t id, struct jdoc *story)
{
	struct sql_run q = sql_start(s, SQL_STORY_MESSAGE);
	int rc;

	jdoc_set_int(story, "message", id);
	rc = one_row(&q, id, story, COLUMNS(message_columns));
	if (rc <= 0)
		return rc;
	q = sql_start(s, SQL_STORY_DUPLICATES);
	if (all_rows(&q, id, COLUMNS(duplicate_columns), story, "duplicates") <
		0)
		return -1;
	q = sql_start(s, SQL_STORY_PARTS);
	if (all_rows(&q, id, COLUMNS(part_columns), story, "parts") < 0)
		return -1;
	q = sql_start(s, SQL_STORY_READINGS);
	if (all_rows(&q, id, COLUMNS(reading_columns), story, "earlier") < 0)
		return -1;
	q = sql_start(s, SQL_STORY_REPORTS);
	if (all_rows(&q, id, COLUMNS(report_columns), story, "reports") < 0)
		return -1;
	q = sql_start(s, SQL_STORY_SETTLED);
	if (all_rows(&q, id, COLUMNS(settled_columns), story, "settled") < 0)
		return -1;
	q = sql_start(s, SQL_STORY_RECORDS);
	if (all_rows(&q, id, COLUMNS(record_columns), story, "records") < 0)
		return -1;
	if (tell_one(sql_start(s, SQL_STORY_CONSENT_MESSAGE), id,
		    COLUMNS(consent_columns), story, "consent") < 0 ||
		tell_one(sql_start(s, SQL_STORY_SESSION), id,
			COLUMNS(session_columns), story, "session") < 0)
		return -1;
	return tell_texts(s, id, story) < 0 ? -1 : 1;
}

static struct jdoc *story_of(struct store *s, int64_t id,
	int (*tell)(struct store *s, int64_t id, struct jdoc *story))
{
	struct jdoc *story = jdoc_object();

	s->err.text[0] = '\0';
	if (tell(s, id, story) > 0)
		return story;
	jdoc_free(story);
	return NULL;
}

struct jdoc *story_of_message(struct store *s, int64_t id)
{
	return story_of(s, id, tell_message);
}

struct jdoc *story_of_outbox(struct store *s, int64_t id)
{
	return story_of(s, id, tell_outbox);
}
