"""Fifty harmless and fifty harmful changes of each text that is understood,
and how often their readings are as docs/language.md wants them."""
import random

from rig import corpus, mutate

CHANGES = 50
ROLL = 47  # of the unit that most of the corpus speaks of


def texts(rows, readings):
    """(row, the text's own reading, harmless?, changed text)"""
    for n, (row, base) in enumerate(zip(rows, readings)):
        if corpus.score.verdict(row["want"], base) != "understood" or \
                row["want"]["clarify"] or base["clarify"]:
            continue
        text = row["in"]["text"]
        for k in range(CHANGES):
            yield row, base, True, mutate.harmless(
                random.Random(f"{text}:{k}"), text)
            harmed = mutate.harmful(random.Random(f"{text}:{k}:!"), text)
            if harmed is not None:
                yield row, base, False, harmed


def judge(base, harmless, text, got):
    """None: as it should be. "asked": too, but it costs a question."""
    if not harmless:
        return mutate.false(text, got, ROLL)
    if got["clarify"]:
        return "asked"
    if mutate.meaning(got) == mutate.meaning(base):
        return None
    return f"read as {got['intent']} {got['fields']}"


def run():
    """Figures for the ratchet, and what was wrong."""
    rows = corpus.rows()
    jobs = list(texts(rows, corpus.read([r["in"] for r in rows])))
    out = corpus.read([{**j[0]["in"], "text": j[3]} for j in jobs])
    n = {"harmless": 0, "harmless_asked": 0, "harmless_wrong": 0,
         "harmful": 0, "harmful_false": 0}
    wrong = []
    for (row, base, harmless, text), got in zip(jobs, out):
        verdict = judge(base, harmless, text, got)
        kind = "harmless" if harmless else "harmful"
        n[kind] += 1
        if verdict == "asked":
            n["harmless_asked"] += 1
        elif verdict is not None:
            n["harmless_wrong" if harmless else "harmful_false"] += 1
            wrong.append(f"{text!r} (was {row['in']['text']!r}): {verdict}")
    return n, wrong
