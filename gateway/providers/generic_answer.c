/*
 * generic_answer - has the provider taken this text?
 *
 * Taken means a status that does, and a body that does not disagree where
 * configuration asks it: 200 is what many providers say with an error inside
 * (providers.md §9.7). A body that cannot be asked leaves the text's fate
 * unknown. Pure; any thread.
 */
#include "gateway/providers/generic.h"
#include "gateway/providers/mo.h"

#define SHOWN_MAX 120
#define UNTOLD "its words repeat our password"

/* A body as JSON or XML, by its first character; neither: both NULL. */
struct answer {
	struct jdoc *json;
	const struct xdoc *xml;
};

static struct answer answer_open(struct str body, struct arena *a)
{
	const struct str s = str_trim(body);
	struct answer answer = {NULL, NULL};

	if (s.n > 0 && (s.p[0] == '<' || (unsigned char)s.p[0] >= 0x80))
		answer.xml = mo_xml(s, a, NULL);
	else if (s.n > 0)
		answer.json = mo_json(s, a, NULL);
	return answer;
}

/* In the arena; absent: no such place. */
static struct str answer_text(
	const struct answer *answer, const char *path, struct arena *a)
{
	const struct jdoc *at;

	if (path == NULL)
		return (struct str){NULL, 0};
	if (answer->xml != NULL)
		return xdoc_text(answer->xml, path);
	at = answer->json != NULL ? jdoc_at(answer->json, path) : NULL;
	return at != NULL ? arena_str(a, jdoc_text(at, a))
			  : (struct str){NULL, 0};
}

static bool lists_code(const struct option_list *list, int status)
{
	const int64_t *v = list->v;

	for (size_t i = 0; i < list->n; i++)
		if (v[i] == status)
			return true;
	return false;
}

static bool lists_text(const struct option_list *list, struct str s)
{
	const struct str *v = list->v;

	for (size_t i = 0; i < list->n; i++)
		if (str_eq(v[i], s))
			return true;
	return false;
}

static bool accepts(const struct generic_out *g, int status)
{
	if (g->accept.n > 0)
		return lists_code(&g->accept, status);
	return status >= 200 && status < 300;
}

/* Between what stands before it and behind it; absent: not there. */
static struct str cut_ref(const struct generic_out *g, struct str body)
{
	const ptrdiff_t at = str_find(body, g->ref_after, 0);
	struct str s;
	ptrdiff_t end;

	if (at < 0)
		return (struct str){NULL, 0};
	s = str_from(body, (size_t)at + g->ref_after.n);
	end = g->ref_before.n > 0 ? str_find(s, g->ref_before, 0)
				  : str_find_byte(s, '\n', 0);
	if (end < 0 && g->ref_before.n > 0)
		return (struct str){NULL, 0};
	return str_trim(end < 0 ? s : str_part(s, 0, (size_t)end));
}

static struct str ref_of(const struct generic_out *g,
	const struct answer *answer, struct str body, struct arena *a)
{
	struct str ref = answer_text(answer, g->ref_path, a);

	if (ref.n == 0 && g->ref_after.n > 0)
		ref = cut_ref(g, body);
	return ref.n > 0 ? mo_id(ref, a) : (struct str){NULL, 0};
}

static struct str one_line(struct str s, struct arena *a)
{
	const struct str clean = mo_text(str_part(s, 0, SHOWN_MAX), a);
	char *p = arena_alloc(a, clean.n);

	for (size_t i = 0; i < clean.n; i++) {
		p[i] = clean.p[i];
		if ((unsigned char)p[i] < ' ')
			p[i] = ' ';
	}
	return (struct str){p, clean.n};
}

static bool repeats(struct str body, struct str secret)
{
	return secret.n > 0 && str_find(body, secret, 0) >= 0;
}

/* An answer may quote the request, log-in and all. */
static bool tells_secret(const struct generic_out *g, struct str body)
{
	return repeats(body, g->password) || repeats(body, g->bearer);
}

/* One line that may stand in `bantin why`. */
static struct str shown(
	const struct generic_out *g, struct str s, struct arena *a)
{
	if (tells_secret(g, s))
		return STR(UNTOLD);
	return one_line(s, a);
}

/* OK: the body says so too, or is not asked. Else why says what it says. */
static enum provider_verdict_kind ask_body(const struct generic_out *g,
	const struct answer *answer, struct str body, struct arena *a,
	struct str *ret_why)
{
	struct str said;

	if (g->success_contains.n > 0 &&
		str_find(body, g->success_contains, 0) < 0) {
		*ret_why = arena_printf(a,
			"without \"" STR_FMT "\", which means taken",
			STR_ARG(g->success_contains));
		return PROVIDER_PERMANENT;
	}
	if (g->success_at == NULL)
		return PROVIDER_OK;
	said = answer_text(answer, g->success_at, a);
	if (said.p == NULL) {
		*ret_why = arena_printf(a, "with nothing at %s", g->success_at);
		return PROVIDER_UNKNOWN;
	}
	if (lists_text(&g->success_values, said))
		return PROVIDER_OK;
	*ret_why = arena_printf(a, "with %s " STR_FMT, g->success_at,
		STR_ARG(shown(g, said, a)));
	return lists_text(&g->success_retry, said) ? PROVIDER_TEMPORARY
						   : PROVIDER_PERMANENT;
}

/* A status that means taken. */
static void judge_body(const struct generic_out *g,
	const struct provider_response *r, const struct answer *answer,
	struct arena *a, struct provider_verdict *v)
{
	struct str why = {NULL, 0};

	v->kind = ask_body(g, answer, r->body, a, &why);
	if (v->kind == PROVIDER_OK) {
		v->ref = ref_of(g, answer, r->body, a);
		v->why = arena_printf(a, "accepted, %d", r->status);
		return;
	}
	v->why = arena_printf(
		a, "answered %d, " STR_FMT, r->status, STR_ARG(why));
}

static void judge_status(const struct generic_out *g,
	const struct provider_response *r, struct arena *a,
	struct provider_verdict *v)
{
	if (v->kind == PROVIDER_OK) {
		/* A success, but not one of those that mean taken. */
		v->kind = PROVIDER_UNKNOWN;
		v->why = arena_printf(a,
			"answered %d, which outbound.accept does not list",
			r->status);
	}
	if (v->kind != PROVIDER_THROTTLED &&
		lists_code(&g->retryable, r->status))
		v->kind = PROVIDER_TEMPORARY;
}

struct provider_verdict generic_parse_send_response(
	const void *state, const struct provider_response *r, struct arena *a)
{
	const struct generic_out *g = &((const struct generic *)state)->out;
	struct provider_response quiet = *r;
	struct provider_verdict v;
	struct answer answer;
	struct str error;

	if (tells_secret(g, r->body))
		quiet.body = STR(UNTOLD);
	v = provider_verdict_http(&quiet, a);
	if (r->status == 0)
		return v;
	answer = answer_open(r->body, a);
	if (accepts(g, r->status))
		judge_body(g, r, &answer, a, &v);
	else
		judge_status(g, r, a, &v);
	error = answer_text(&answer, g->error_path, a);
	if (v.kind != PROVIDER_OK && error.n > 0)
		v.why = arena_printf(a, "answered %d: " STR_FMT, r->status,
			STR_ARG(shown(g, error, a)));
	jdoc_free(answer.json);
	return v;
}
