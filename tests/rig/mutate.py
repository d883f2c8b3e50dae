"""Changes to a text: harmless ones, which must not change its meaning, and
harmful ones, which make it another text or no text at all. What is asked of
their readings is defined in docs/language.md, "Changed texts". Each change is
drawn from the generator that is passed in, so a seed gives the same texts on
every machine.
"""
import re
import unicodedata

BEFORE = ("dạ ", "Dạ ", "em ", "thưa anh ", "đ/c ", "Xin ")
BEHIND = (" ạ", " nhé", " a", " nhe", " anh ạ", " em cảm ơn")
BLANKS = ("  ", "\t", "\u00a0", "\r\n", "   ", " \u200b")
ENDS = (".", "!", " .", "...", " ,", "\n", "  ", " 🙏")
LABELLED = re.compile(
    r"\b(?:TS|CM|VP|VK|CT|NQ|D)\s*:?\s*\d+\b(?![/:]|[\s,]+\d)", re.I)
LABEL = re.compile(r"(?i)\b(?:TS|CM|VP|VK|tong|si so|co mat|hien dien|"
                   r"co phep|phep|ko phep|vang|cm|dự|vắng)(?=[\s:\d])\s*:?")
NUMBER = re.compile(r"(?<![\w.])\d+(?!\w)|(?<=[A-Za-z])\d+(?!\w)")
CODE = re.compile(r"\b[A-Za-z]{2}-?\d{2}\b|\bQN-MG-07\b")


def folded(text):
    text = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", text)
                   if not unicodedata.combining(c))


def case(rng, text):
    how = rng.choice((str.upper, str.lower, str.capitalize, str.swapcase))
    words = text.split(" ")
    if rng.random() < 0.5:
        return " ".join(map(how, words))
    at = rng.randrange(len(words))
    words[at] = how(words[at])
    return " ".join(words)


def blanks(rng, text):
    places = [m.start() for m in re.finditer(" ", text)]
    for at in sorted(rng.sample(places, min(len(places), 2)), reverse=True):
        text = text[:at] + rng.choice(BLANKS) + text[at + 1:]
    return rng.choice(("", "", " ", "\n")) + text


def politeness(rng, text):
    if rng.random() < 0.5:
        return rng.choice(BEFORE) + text
    return text + rng.choice(BEHIND)


def ending(rng, text):
    return text + rng.choice(ENDS)


def unmarked(rng, text):
    return folded(text)


def decomposed(rng, text):
    return unicodedata.normalize(rng.choice(("NFD", "NFKD", "NFC")), text)


def order(rng, text):
    parts = [m.group() for m in LABELLED.finditer(text)]
    rng.shuffle(parts)
    return LABELLED.sub(lambda m: parts.pop(), text)


HARMLESS = (case, blanks, politeness, ending, unmarked, decomposed, order)


def harmless(rng, text):
    for change in rng.sample(HARMLESS, rng.choice((1, 1, 2, 3))):
        text = change(rng, text)
    return text


def numbers(text):
    """Places of the numbers that are no part of a unit's code."""
    codes = [m.span() for m in CODE.finditer(text)]
    return [m for m in NUMBER.finditer(text)
            if not any(a <= m.start() < b for a, b in codes)]


def digit(rng, text):
    at = rng.choice([i for m in numbers(text)
                     for i in range(m.start(), m.end())])
    other = rng.choice([c for c in "0123456789" if c != text[at]])
    return text[:at] + other + text[at + 1:]


def no_label(rng, text):
    found = list(LABEL.finditer(text))
    if not found:
        return digit(rng, text)
    m = rng.choice(found)
    return text[:m.start()] + " " + text[m.end():]


def swapped(rng, text):
    found = numbers(text)
    if len({m.group() for m in found}) < 2:
        return digit(rng, text)
    while True:
        a, b = sorted(rng.sample(found, 2), key=lambda m: m.start())
        if a.group() != b.group():
            return (text[:a.start()] + b.group() + text[a.end():b.start()] +
                    a.group() + text[b.end():])


def harmful(rng, text):
    """None: there is no number to change."""
    if not numbers(text):
        return None
    return rng.choice((digit, digit, no_label, swapped))(rng, text)


# ---- what a reading may say of a text ----

FIGURES = ("total", "present", "excused", "unexcused", "absent", "away",
           "exempt", "official", "probationary", "upper", "vote_for",
           "vote_against", "vote_abstain", "score", "minutes", "item",
           "member", "months", "count", "task", "candidate")
LISTS = ("absent_members", "excused_members", "unexcused_members",
         "present_members", "late_members", "members")
# What people say in their own words, where a particle more is one word more.
FREE = ("text", "place", "reason", "reasons", "until_text", "name")
SAID = {"ts": "total", "cm": "present", "vp": "excused", "vk": "unexcused"}
DAY = re.compile(r"(?<![\d/.])(\d{1,2})[/.-](\d{1,2})(?![\d/.-])")
RANGE = re.compile(r"(\d+)\s*-\s*(\d+)")
WORDS = re.compile(r"\b(mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin|"
                   r"muoi|chuc)\b")


def sums(f):
    """Why the figures of a clear reading do not add up; None: they do."""
    p, t = f.get("present"), f.get("total")
    e, u = f.get("excused"), f.get("unexcused")
    votes = [f[k] for k in ("vote_for", "vote_against", "vote_abstain")
             if f.get(k) is not None]
    if None not in (p, t) and p > t:
        return f"present {p} of {t}"
    if None not in (p, t, e, u) and p + e + u != t:
        return f"{p} + {e} + {u} is not {t}"
    if votes and p is not None and sum(votes) > p:
        return f"{sum(votes)} votes of {p}"
    return None


def derived(key, f, roll):
    """The value that the sums leave for one figure; None: they do not."""
    p, t, e, u = (f.get(k) for k in ("present", "total", "excused",
                                     "unexcused"))
    if None in (p, t, e, u):
        return None
    return {"total": t if t == p + e + u == roll else None, "present":
            t - e - u, "excused": t - p - u, "unexcused": t - p - e}.get(key)


def unsaid(text, f, roll):
    """Why a clear reading says what the text does not; None: it does not."""
    plain = folded(text).lower()
    said = {int(n) for n in re.findall(r"\d+", plain)}
    for a, b in RANGE.findall(plain):
        said |= set(range(int(a), min(int(b), int(a) + 200) + 1))
    if WORDS.search(plain) or re.search(r"\d[ol]|[ol]\d", plain):
        said |= set(range(100))
    for key in FIGURES:
        v = f.get(key)
        if isinstance(v, int) and v not in said and v != derived(
                key, f, roll) and v != 0 and key != "item":
            return f"{key} {v} does not stand there"
    for key in LISTS:
        more = [v for v in f.get(key) or () if v not in said]
        if more:
            return f"{key} {more} do not stand there"
    return None


def contradicted(text, f, roll_call):
    """Why a clear reading differs from a label or date of the text."""
    plain = folded(unicodedata.normalize("NFKC", text)).lower()
    for label, key in SAID.items():
        values = re.findall(rf"\b{label}\s*:?\s*(\d+)(?![\d/:]| ?,? ?\d)",
                            plain)
        if len(values) == 1 and isinstance(f.get(key), int) and \
                f[key] != int(values[0]):
            return f"{label} {values[0]}, but {key} {f[key]}"
    days = [(int(d), int(m)) for d, m in DAY.findall(plain)
            if int(m) <= 12 and int(d) <= 31]
    if roll_call:  # 3.7.12 and 1-12 are members
        days = [d for d in days if "%d/%d" % d in plain]
    date = f.get("date")
    if len(days) == 1 and date and "thang" not in plain and days[0] != (
            int(date[8:]), int(date[5:7])):
        return f"{days[0]}, but date {date}"
    return None


def false(text, reading, roll):
    """Why a harmed text's reading is false; None: it is not, or it asks."""
    f = reading["fields"]
    if reading["clarify"]:
        return None
    several = f.get("items") if isinstance(f.get("items"), list) else None
    for one in several or [f]:
        why = sums(one) or unsaid(text, one, roll)
        if why:
            return why
    return None if several else contradicted(
        text, f, reading["intent"] == "attendance")


def meaning(reading):
    """What must be the same after a harmless change."""
    def plain(v):
        if isinstance(v, str):
            return "".join(c for c in folded(v).lower() if c.isalnum())
        if isinstance(v, list):
            return sorted(str(plain(x)) for x in v)
        return v
    return reading["intent"], {
        k: plain(v) for k, v in reading["fields"].items()
        if k not in FREE}
