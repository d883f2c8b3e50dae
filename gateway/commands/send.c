/*
 * send - queues one text by hand.
 *
 * It goes out like any other that nobody asked for: through the outbox, in the
 * send window. There is no way round the window: nobody is woken at night.
 */
#include "gateway/commands/command.h"
#include "gateway/store/outbox.h"
#include "parsers/phone.h"
#include "parsers/segment.h"

#include <stdio.h>

static struct jdoc *make_request(
	const struct command_line *line, const struct phone *to)
{
	struct jdoc *r = jdoc_object();

	jdoc_set_str(r, "to", str_of(to->z));
	jdoc_set_str(r, "text", str_of(line->argv[1]));
	return r;
}

static int print_answer(struct jdoc *answer, const struct err *err)
{
	struct str wrong = jdoc_str(jdoc_at(answer, "error"));
	int64_t id = 0, segments = 0;

	if (answer == NULL || wrong.p != NULL) {
		fprintf(stderr, STR_FMT "%s\n", STR_ARG(wrong),
			answer == NULL ? err->text : "");
		jdoc_free(answer);
		return EXIT_WRONG;
	}
	jdoc_int(jdoc_at(answer, "outbox"), &id);
	jdoc_int(jdoc_at(answer, "segments"), &segments);
	printf("queued as o%lld, %lld segment%s\n", (long long)id,
		(long long)segments, segments == 1 ? "" : "s");
	jdoc_free(answer);
	return EXIT_FINE;
}

static int run(const struct command_line *line)
{
	struct settings *set;
	struct jdoc *answer;
	struct phone to;
	struct err err = {""};

	if (phone_parse(str_of(line->argv[0]), &to) != 0) {
		fprintf(stderr,
			"bantin send: '%s' is no phone number; write it as "
			"+84912345678 or 0912345678\n",
			line->argv[0]);
		return EXIT_USAGE;
	}
	if (line->argv[1][0] == '\0') {
		fprintf(stderr, "bantin send: the text is empty\n");
		return EXIT_USAGE;
	}
	set = command_settings(line);
	if (set == NULL)
		return EXIT_WRONG;
	answer = command_write(line, set, make_request(line, &to), &err);
	settings_unref(set);
	return print_answer(answer, &err);
}

static int refuse(struct jdoc *answer, const char *why)
{
	jdoc_set_str(answer, "error", str_of(why));
	return -1;
}

static int apply(struct store *s, const struct settings *set,
	const struct jdoc *request, int64_t now_ms, struct jdoc *answer)
{
	struct str to = jdoc_str(jdoc_at(request, "to"));
	const struct channel *c =
		settings_channel_for(set, (struct str){NULL, 0}, to);
	struct arena *a = arena_new(4096);
	int64_t id = 0;
	int rc = -1;

	if (c == NULL) {
		rc = refuse(answer,
			"no channel of the configuration can send to that "
			"number");
	} else {
		struct outbox_row row = {
			.to = to,
			.text = segment_fold(jdoc_str(jdoc_at(request, "text")),
				(enum fold_policy)c->config->fold, a),
			.lane = STR("bulk"),
			.channel = c->name,
			.created_at = now_ms,
			.due_at = now_ms,
			.valid_until =
				now_ms +
				set->config->outbox.bulk_valid_h * 3600000,
		};

		struct audit_entry e = {
			.now_ms = now_ms, .what = "send", .phone = to};

		rc = outbox_add(s, &row, &id);
		if (rc == 0)
			rc = command_audit(s, request, &e);
		jdoc_set_int(answer, "outbox", id);
		jdoc_set_int(answer, "segments", segment_count(row.text).n);
	}
	arena_free(a);
	return rc;
}

const struct command command_send = {
	.name = "send",
	.operands = "PHONE TEXT",
	.min_operands = 2,
	.max_operands = 2,
	.summary = "queue one text",
	.help = "Queues TEXT for PHONE and prints the outbox row and the "
		"number of segments. It leaves when the send window is open, "
		"by the first channel that reaches the number. Works while "
		"serve runs, "
		"through its socket; otherwise it leaves when serve starts.",
	.run = run,
	.apply = apply,
};
