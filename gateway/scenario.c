/*
 * scenario - does the gateway behave as the file says?
 *
 * Reads a scenario line by line and plays it on a rehearsal. One line a step
 * in the table below. A fault is reported and the file goes on, so that one
 * run shows all of them (up to a limit); a text that was sent and never
 * looked at is a fault of its own.
 */
#include "gateway/scenario.h"

#include "gateway/scenario_expect.h"
#include "gateway/scenario_match.h"
#include "gateway/unit_words.h"
#include "parsers/phone.h"

#include <stdio.h>

#define FILE_MAX ((size_t)4 << 20)
#define FAULTS_MAX 20
#define UNIT_WORDS_MAX 16

struct play {
	const char *path;
	struct rehearsal *rehearsal;
	struct arena *arena;
	struct buf *out;
	int line, faults;
	bool started; /* an `at` was seen */
	bool texts;   /* what leaves is printed */
};

static void fault(struct play *p, struct str what)
{
	if (p->faults++ < FAULTS_MAX)
		buf_putf(p->out, "%s:%d: " STR_FMT "\n", p->path, p->line,
			STR_ARG(what));
}

/* "2026-11-10 18:00 ", local. */
static void show_time(const struct play *p, int64_t at_ms)
{
	int offset =
		(int)rehearsal_settings(p->rehearsal)->config->utc_offset * 60;
	struct day_text day = day_iso(day_of_ms(at_ms, offset));
	int minute = minute_of_ms(at_ms, offset);

	printf("%s %02d:%02d ", day.z, minute / 60, minute % 60);
}

static int step_registry(struct play *p, struct str rest, struct err *err)
{
	struct str dir = str_trim(rest);
	struct str base = str_of(p->path);
	size_t n = base.n;

	if (dir.n > 0 && dir.p[0] != '/') {
		while (n > 0 && base.p[n - 1] != '/')
			n--;
		dir = arena_printf(p->arena, STR_FMT STR_FMT,
			STR_ARG(str_part(base, 0, n)), STR_ARG(dir));
	}
	return rehearsal_import(p->rehearsal, arena_z(p->arena, dir), err);
}

static int step_set(struct play *p, struct str rest, struct err *err)
{
	struct str key = scenario_word(&rest);

	if (p->started)
		return err_set(err, "`set` stands before the first `at`");
	return rehearsal_set(p->rehearsal, key, str_trim(rest), err);
}

static int step_at(struct play *p, struct str rest, struct err *err)
{
	int offset =
		(int)rehearsal_settings(p->rehearsal)->config->utc_offset * 60;
	day_t day = day_parse(scenario_word(&rest));
	int minute = minute_parse(scenario_word(&rest));

	if (day == DAY_NONE || minute < 0)
		return err_set(err, "at YYYY-MM-DD HH:MM");
	p->started = true;
	return rehearsal_advance(
		p->rehearsal, day_to_ms(day, minute, offset), err);
}

/* unit merge MG08 MG07 [on 2026-11-15]: quotes around names go. */
static int step_unit(struct play *p, struct str rest, struct err *err)
{
	const struct config *c = rehearsal_settings(p->rehearsal)->config;
	struct str words[UNIT_WORDS_MAX], word, head, tail;
	struct unit_change change;
	day_t on = day_of_ms(
		rehearsal_now_ms(p->rehearsal), (int)c->utc_offset * 60);
	size_t n = 0;

	while (n < UNIT_WORDS_MAX && (word = scenario_word(&rest)).p != NULL) {
		if (str_is(word, "on")) {
			on = day_parse(scenario_word(&rest));
			continue;
		}
		if (scenario_pair(word, &head, &tail))
			word = arena_printf(p->arena, STR_FMT "=" STR_FMT,
				STR_ARG(head), STR_ARG(tail));
		words[n++] = word;
	}
	if (on == DAY_NONE)
		return err_set(err, "on YYYY-MM-DD");
	if (unit_words_read(words, n, p->arena, &change, err) != 0)
		return -1;
	change.on = on;
	return rehearsal_unit(p->rehearsal, &change, err);
}

/* clock +3d, clock -1h: the machine's clock is set, or the machine was off. */
static int step_clock(struct play *p, struct str rest, struct err *err)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'d', INT64_C(86400000)}, {'h', INT64_C(3600000)},
		{'m', INT64_C(60000)}};
	struct str by = scenario_word(&rest);
	int64_t n;

	for (size_t i = 0; by.n > 2 && i < sizeof(units) / sizeof(*units); i++)
		if (by.p[by.n - 1] == units[i].unit &&
			(by.p[0] == '+' || by.p[0] == '-') &&
			str_to_i64(str_part(by, 1, by.n - 2), &n) == 0 &&
			n >= 0 && n < 10000)
			return rehearsal_clock(p->rehearsal,
				(by.p[0] == '-' ? -n : n) * units[i].ms, err);
	return err_set(err, "clock +3d, -1h, +30m");
}

static int step_drain(struct play *p, struct str rest, struct err *err)
{
	struct str phone = scenario_word(&rest);
	struct rehearsal_text t;

	(void)err;
	while (rehearsal_next_text(p->rehearsal, phone, &t))
		continue;
	return 0;
}

static int step_fail(struct play *p, struct str rest, struct err *err)
{
	static const char *const name[] = {
		[REHEARSAL_TEMPORARY] = "temporary",
		[REHEARSAL_PERMANENT] = "permanent",
		[REHEARSAL_THROTTLED] = "throttled",
		[REHEARSAL_TIMEOUT] = "timeout",
	};
	struct str next = scenario_word(&rest);
	struct str count = scenario_word(&rest);
	struct str how = scenario_word(&rest);
	int64_t n;

	for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		if (!str_is(next, "next") || str_to_i64(count, &n) != 0 ||
			n < 0 || n > 1000000 || !str_is(how, name[i]))
			continue;
		rehearsal_fail(p->rehearsal, (int)n, i);
		return 0;
	}
	return err_set(
		err, "fail next N temporary|permanent|throttled|timeout");
}

static int step_crash(struct play *p, struct str rest, struct err *err)
{
	(void)rest;
	return rehearsal_crash(p->rehearsal, err);
}

static int step_expect(struct play *p, struct str rest, struct err *err)
{
	struct str what;
	int rc = scenario_expect(
		p->rehearsal, str_trim(rest), p->arena, &what, err);

	if (rc == 1)
		fault(p, what);
	return rc < 0 ? -1 : 0;
}

/* The phone as the gateway knows it. */
static struct str number_of(struct play *p, struct str word)
{
	struct phone phone;

	return phone_parse(word, &phone) == 0
		       ? arena_str(p->arena, str_of(phone.z))
		       : word;
}

/* "*384*7*1#": what stands behind the service code. -1: another code. */
static int behind_code(struct str dialled, struct str code, struct str *ret)
{
	if (dialled.n == 0 || code.n == 0 || dialled.p[dialled.n - 1] != '#')
		return -1;
	*ret = str_part(dialled, 0, dialled.n - 1);
	code = str_part(code, 0, code.n - 1);
	if (!str_starts(*ret, code))
		return -1;
	*ret = str_from(*ret, code.n);
	if (ret->n > 0 && ret->p[0] != '*')
		return -1;
	*ret = str_from(*ret, ret->n > 0);
	return 0;
}

/* "2026-11-10 18:00 +84… = CON 1 …", one line. */
static void show_screen(struct play *p, struct str phone)
{
	const struct ussd_screen *s = rehearsal_screen(p->rehearsal, phone);

	if (s == NULL)
		return;
	show_time(p, rehearsal_now_ms(p->rehearsal));
	printf(STR_FMT " = %s ", STR_ARG(phone), s->more ? "CON" : "END");
	for (size_t i = 0; i < s->text.n; i++)
		putchar(s->text.p[i] == '\n' ? '|' : s->text.p[i]);
	putchar('\n');
}

static int talk(struct play *p, enum rehearsal_call call, struct str phone,
	struct str typed, struct err *err)
{
	if (rehearsal_talk(p->rehearsal, call, phone, typed, err) != 0)
		return -1;
	if (p->texts && call != REHEARSAL_HANGUP)
		show_screen(p, phone);
	return 0;
}

static int step_dial(struct play *p, struct str rest, struct err *err)
{
	struct str code = rehearsal_settings(p->rehearsal)->config->ussd.code;
	struct str phone = number_of(p, scenario_word(&rest)), typed;

	if (behind_code(str_trim(rest), code, &typed) != 0)
		return err_set(err, "dial PHONE " STR_FMT, STR_ARG(code));
	return talk(p, REHEARSAL_DIAL, phone, typed, err);
}

static int step_key(struct play *p, struct str rest, struct err *err)
{
	struct str phone = number_of(p, scenario_word(&rest));

	return talk(p, REHEARSAL_KEY, phone, str_trim(rest), err);
}

static int step_hangup(struct play *p, struct str rest, struct err *err)
{
	struct str phone = number_of(p, scenario_word(&rest));

	return talk(p, REHEARSAL_HANGUP, phone, STR(""), err);
}

/* screen PHONE CON *Ngay hop*: what the last answer showed. */
static int step_screen(struct play *p, struct str rest, struct err *err)
{
	struct str phone = number_of(p, scenario_word(&rest));
	struct str glob = str_trim(rest), text;
	const struct ussd_screen *s = rehearsal_screen(p->rehearsal, phone);

	if (glob.n == 0)
		return err_set(err, "screen PHONE GLOB");
	if (s == NULL)
		return err_set(err, "that phone was shown nothing");
	text = arena_printf(p->arena, "%s " STR_FMT, s->more ? "CON" : "END",
		STR_ARG(s->text));
	if (!scenario_glob(glob, text))
		fault(p, arena_printf(p->arena,
				 "expected " STR_FMT ", got " STR_FMT,
				 STR_ARG(glob), STR_ARG(text)));
	return 0;
}

static int play_receive(
	struct play *p, struct str phone, struct str text, struct err *err)
{
	return rehearsal_receive(p->rehearsal, phone, text, err);
}

/* `PHONE < GLOB`; without a glob: nothing (more) waits for that phone. */
static void play_sent(struct play *p, struct str phone, struct str glob)
{
	struct rehearsal_text t;
	bool any = rehearsal_next_text(p->rehearsal, phone, &t);

	if (glob.n == 0 && any)
		fault(p,
			arena_printf(p->arena, "expected no text, got " STR_FMT,
				STR_ARG(t.text)));
	else if (glob.n > 0 && !any)
		fault(p, arena_printf(p->arena,
				 "expected " STR_FMT ", got no text",
				 STR_ARG(glob)));
	else if (glob.n > 0 && !scenario_glob(glob, t.text))
		fault(p, arena_printf(p->arena,
				 "expected " STR_FMT ", got " STR_FMT,
				 STR_ARG(glob), STR_ARG(t.text)));
}

/* A line that begins with a phone. */
static int play_phone(
	struct play *p, struct str word, struct str rest, struct err *err)
{
	struct str sign = scenario_word(&rest);
	struct str number = number_of(p, word);

	rest = str_trim(rest);
	if (str_is(sign, ">"))
		return play_receive(p, number, rest, err);
	if (str_is(sign, "requeue"))
		return rehearsal_release(p->rehearsal, number, err);
	if (!str_is(sign, "<"))
		return err_set(
			err, "PHONE > TEXT, PHONE < GLOB or PHONE requeue");
	play_sent(p, number, rest);
	return 0;
}

static int play_line(struct play *p, struct str line, struct err *err)
{
	static const struct {
		const char *name;
		int (*step)(struct play *p, struct str rest, struct err *err);
	} step[] = {
		{"registry", step_registry},
		{"set", step_set},
		{"at", step_at},
		{"clock", step_clock},
		{"unit", step_unit},
		{"drain", step_drain},
		{"fail", step_fail},
		{"crash", step_crash},
		{"expect", step_expect},
		{"dial", step_dial},
		{"key", step_key},
		{"screen", step_screen},
		{"hangup", step_hangup},
	};
	struct str rest = line;
	struct str word = scenario_word(&rest);

	for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++)
		if (str_is(word, step[i].name))
			return step[i].step(p, rest, err);
	return play_phone(p, word, rest, err);
}

/* "2026-11-10 18:00 +84… < text" */
static void show_text(void *arg, int64_t at_ms, struct str to, struct str text)
{
	show_time(arg, at_ms);
	printf(STR_FMT " < " STR_FMT "\n", STR_ARG(to), STR_ARG(text));
}

static void play_all(struct play *p, struct str text)
{
	struct rehearsal_text t;
	struct str line;
	struct err err;

	while (str_next(&text, '\n', &line)) {
		p->line++;
		line = scenario_strip(line);
		if (line.n > 0 && play_line(p, line, &err) != 0)
			fault(p, str_of(err.text));
	}
	while (rehearsal_next_text(p->rehearsal, (struct str){NULL, 0}, &t))
		fault(p, arena_printf(p->arena,
				 "expected no more texts, got one to " STR_FMT
				 ": " STR_FMT,
				 STR_ARG(t.to), STR_ARG(t.text)));
}

static void save(struct play *p, const char *path)
{
	struct err err;

	if (store_save(rehearsal_store(p->rehearsal), path, &err) != 0)
		fault(p, str_of(err.text));
}

bool scenario_run(
	const char *path, const struct scenario_options *o, struct buf *out)
{
	struct play p = {.path = path,
		.out = out,
		.arena = arena_new(65536),
		.texts = o->texts};
	struct str text;
	struct err err;

	p.rehearsal = rehearsal_new(&err);
	if (p.rehearsal != NULL && o->texts)
		rehearsal_watch(p.rehearsal, show_text, &p);
	if (p.rehearsal == NULL ||
		config_read_file(path, FILE_MAX, p.arena, &text, &err) != 0)
		fault(&p, str_of(err.text));
	else
		play_all(&p, text);
	if (p.rehearsal != NULL && o->save != NULL)
		save(&p, o->save);
	if (p.faults > FAULTS_MAX)
		buf_putf(out, "%s: and %d more\n", path, p.faults - FAULTS_MAX);
	if (p.rehearsal != NULL)
		rehearsal_free(p.rehearsal);
	arena_free(p.arena);
	return p.faults == 0;
}
