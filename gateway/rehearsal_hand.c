/*
 * rehearsal_hand - what a person does by hand in a rehearsal.
 *
 * Imports a registry as `bantin import` does, and releases texts that are held
 * as `bantin queue requeue` does: each one transaction, at the time that the
 * rehearsal has. Owns nothing.
 */
#include "gateway/rehearsal.h"

#include "gateway/store/queue.h"
#include "gateway/store/registry.h"

#include <unistd.h>

#define CSV_MAX ((size_t)64 << 20)
#define HOUR_MS INT64_C(3600000)
#define PAGE 100

static int store_failed(struct rehearsal *r, struct err *err)
{
	return err_set(
		err, "the store failed: %s", store_error(rehearsal_store(r)));
}

/* ---- the registry ---- */

static int read_csv(const char *dir, const char *name, struct arena *a,
	struct str *ret, struct err *err)
{
	struct str path = arena_printf(a, "%s/%s.csv%c", dir, name, '\0');

	if (access(path.p, F_OK) != 0)
		return 0;
	return config_read_file(path.p, CSV_MAX, a, ret, err);
}

static int import(struct rehearsal *r, const struct registry_files *f,
	struct diags *d, struct err *err)
{
	struct store *s = rehearsal_store(r);
	struct registry_counts n;

	if (store_begin(s) != 0)
		return store_failed(r, err);
	if (registry_import(s, f, rehearsal_now_ms(r), &n, d) == 0)
		return store_commit(s) == 0 ? 0 : store_failed(r, err);
	store_rollback(s);
	if (d->n == 0)
		return store_failed(r, err);
	return err_set(err, STR_FMT ":%d:%d: " STR_FMT, STR_ARG(d->v[0].file),
		d->v[0].line, d->v[0].col, STR_ARG(d->v[0].text));
}

static int import_folder(
	struct rehearsal *r, const char *dir, struct arena *a, struct err *err)
{
	struct registry_files f = {.dir = str_of(dir)};
	struct diags *d;
	int rc;

	if (read_csv(dir, "units", a, &f.units, err) != 0 ||
		read_csv(dir, "members", a, &f.members, err) != 0 ||
		read_csv(dir, "roles", a, &f.roles, err) != 0)
		return -1;
	if (f.units.p == NULL && f.members.p == NULL && f.roles.p == NULL)
		return err_set(
			err, "%s: no CSV files of a registry there", dir);
	d = diags_new();
	rc = import(r, &f, d, err);
	diags_free(d);
	return rc;
}

int rehearsal_import(struct rehearsal *r, const char *dir, struct err *err)
{
	struct arena *a = arena_new(65536);
	int rc = import_folder(r, dir, a, err);

	arena_free(a);
	return rc;
}

/* ---- texts that are held ---- */

static int release_all(
	struct rehearsal *r, const struct queue_page *page, struct err *err)
{
	const struct config *c = rehearsal_settings(r)->config;
	struct store *s = rehearsal_store(r);
	struct queue_act act = {
		.now_ms = rehearsal_now_ms(r),
		.reply_valid_ms = c->outbox.reply_valid_h * HOUR_MS,
		.other_valid_ms = c->outbox.bulk_valid_h * HOUR_MS,
		.question_ms = c->question.valid_h * HOUR_MS,
	};
	struct queue_done done;

	if (store_begin(s) != 0)
		return store_failed(r, err);
	for (size_t i = 0; i < page->n; i++) {
		if (queue_requeue(s, page->v[i].row.id, &act, &done) == 0 &&
			done.refused == NULL)
			continue;
		store_rollback(s);
		return err_set(err, "it cannot be released");
	}
	return store_commit(s) == 0 ? 0 : store_failed(r, err);
}

int rehearsal_release(struct rehearsal *r, struct str phone, struct err *err)
{
	struct queue_filter f = {.state = OUTBOX_HELD, .to = phone};
	struct arena *a = arena_new(8192);
	struct queue_page page;
	int rc;

	if (queue_page(rehearsal_store(r), &f, PAGE, a, &page) != 0)
		rc = store_failed(r, err);
	else if (page.n == 0)
		rc = err_set(err, "no text is held for that phone");
	else
		rc = release_all(r, &page, err);
	arena_free(a);
	return rc == 0 ? rehearsal_clock(r, 0, err) : -1;
}
