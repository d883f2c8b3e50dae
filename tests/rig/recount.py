"""The indicators of a World, counted from what its maker remembers.

Nothing here reads the database or knows how the program counts: each figure
is written down from its definition in docs/reports.md.
"""
import datetime

from rig.provinces import DAY, ON_ROLL, PRICE, TODAY, ms

YES_NO = {  # fact: (indicator, which units)
    "has_committee": ("cells_with_committee", "cell"),
    "head_is_member": ("head_is_member", "hamlet"),
    "secretary_is_head": ("secretary_is_head", "hamlet"),
    "secretary_non_local": ("secretary_non_local", "commune"),
    "chairman_non_local": ("chairman_non_local", "commune"),
    "secretary_is_chair": ("secretary_is_chair", "commune"),
    "border_guard_office": ("border_guard_office", "commune"),
    "difficulty": ("difficult_cells", "cell"),
}
SUMS = ["border_guards", "rotated_cadres", "cadres_qualified", "trained"]
LEVELS = ["excellent", "good", "done", "not_done"]
STEPS = ["listed", "class_started", "class_done", "blocked", "admitted",
         "dropped"]


def span(period):
    """First and last day of 2026, 2026-Q3, 2026-07."""
    y, part = int(period[:4]), period[5:]
    first, last = (1, 12)
    if part.startswith("Q"):
        first, last = 3 * int(part[1]) - 2, 3 * int(part[1])
    elif part:
        first = last = int(part)
    return (datetime.date(y, first, 1),
            datetime.date(y + last // 12, last % 12 + 1, 1) - DAY)


def months(first, last):
    while first <= last:
        yield first
        first = (first + DAY * 31).replace(day=1)


class Count:
    def __init__(self, world, scope, period, as_of=None):
        self.w, self.period = world, period
        self.from_, self.to = span(period)
        self.as_of = as_of or TODAY
        self.known = ms(as_of + DAY, 0) if as_of else float("inf")
        self.on = min(self.to, self.as_of)
        self.units = {c: u for c, u in world.units.items()
                      if scope in self.above(c)}
        self.v = {}
        self.rolls = world.rolls  # do not hang on what is asked
        self.unknown = {}

    # ---- the tree of the day of counting ----

    def heir(self, code):
        heir = self.w.units[code].heir
        return self.heir(heir[1]) if heir and heir[0] <= self.as_of else code

    def parent(self, code):
        later = [old for on, old in self.w.units[code].moves
                 if on > self.as_of]
        return later[0] if later else self.w.units[code].parent

    def above(self, code):
        found = []
        while code:
            code = self.heir(code)
            found.append(code)
            code = self.parent(code)
        return found

    # ---- rolls and states ----

    def there(self, u, on):
        return u.start <= on and (u.end is None or u.end >= on)

    def roll(self, on):
        """(status, standing) of all, by their unit on that day."""
        if on not in self.rolls:
            found = {}
            for p in self.w.people:
                at = [c for since, c in p.stints if since <= on]
                is_ = [s for s in p.states if s[0] <= on]
                if at and is_ and is_[-1][1] in ON_ROLL:
                    found.setdefault(at[-1], []).append(is_[-1][1:3])
            self.rolls[on] = found
        return self.rolls[on]

    def n_of(self, code, on, *statuses):
        return sum(s in statuses for s, _ in self.roll(on).get(code, []))

    def add(self, name, n, d):
        a, b = self.v.get(name, (0, 0))
        self.v[name] = (a + n, b + d)

    def tell(self, name, known, n):
        k, of = self.unknown.get(name, (0, 0))
        self.unknown[name] = (k + (not known), of + 1)
        self.add(name, int(known and n), int(known))

    def meetings(self):
        first, last = f"{self.from_:%Y-%m}", f"{self.to:%Y-%m}"
        for m in self.w.meetings:
            if first <= m.period <= last and m.unit in self.units:
                yield m, [r for r in m.reports if r.at < self.known and (
                    r.voided is None or r.voided >= self.known)]

    def in_period(self, day):
        return self.from_ <= day <= self.to and ms(day) < self.known

    # ---- figures ----

    def count(self):
        self.of_meetings()
        self.of_reports()
        self.of_units()
        self.of_facts()
        self.of_years()
        self.of_matters()
        self.of_texts()
        return self.v

    def of_meetings(self):
        met = {}
        for m, reports in self.meetings():
            came = min((r.came for r in reports), default=None)
            off = m.state == "cancelled"
            on = m.held or m.planned
            if on and not off and (came or on + 2 * DAY < self.as_of):
                self.add("reports_in_time",
                         bool(came) and came <= on + 2 * DAY, 1)
            if came and m.held:
                self.add("report_delay", (came - m.held).days, 1)
            if m.kind == "regular" and came and not off:
                met[m.unit, m.period] = f"{m.held:%Y-%m}" == m.period
        ever = {c for p in self.w.people for _, c in p.stints}
        for code, u in self.units.items():
            for month in months(self.from_, self.to):
                last = (month + DAY * 31).replace(day=1) - DAY
                key = code, f"{month:%Y-%m}"
                due = u.secretary or code in ever
                if key in met or (due and month <= self.as_of and
                                  self.there(u, last)):
                    self.add("met", key in met, 1)
                    self.add("met_on_time", met.get(key, False), 1)

    def of_reports(self):
        unexcused = {}
        for m, reports in self.meetings():
            if m.state in ("held", "cancelled") and reports:
                self.of_report(m, reports[-1], unexcused)
            for asked, answers, at in m.invited:
                if asked and at < self.known:
                    self.add("answered", sum(
                        at + k < self.known for k in range(answers)) > 0, 1)
            for standing, gone, ballots, at in m.items:
                if not gone and at < self.known and m.state == "held":
                    self.add("remote_votes" if standing == "official"
                             else "remote_opinions", ballots > 0, 1)
        for any_ in unexcused.values():
            self.add("unexcused", any_, 1)

    def of_report(self, m, r, unexcused):
        exempt, away = r.exempt, r.away
        if exempt is None:
            exempt = self.n_of(m.unit, m.held, "exempt", "temp_exempt")
        if away is None:
            away = self.n_of(m.unit, m.held, "away")
        self.add("attendance_gross", r.present, r.total)
        self.add("attendance_net", r.present,
                 max(r.present, r.total - exempt))
        self.add("attendance_home", r.present,
                 max(r.present, r.total - exempt - away))
        unexcused[m.unit] = unexcused.get(m.unit, False) or r.unexcused > 0
        self.tell("upper_attended", r.upper is not None, (r.upper or 0) > 0)
        s = r.score or 0
        for name, fits in (("good", s >= 90), ("fair", 70 <= s < 90),
                           ("average", 50 <= s < 70), ("poor", s < 50)):
            self.tell("score_" + name, r.score is not None, fits)

    def is_cell(self, code):
        u = self.units[code]
        return self.there(u, self.on) and bool(
            self.roll(self.on).get(code) or u.secretary and
            u.secretary <= self.on)

    def of_units(self):
        for code, u in self.units.items():
            if not self.there(u, self.on):
                continue
            people, cell = self.roll(self.on).get(code, []), self.is_cell(code)
            self.add("away", self.n_of(code, self.on, "away"), len(people))
            self.add("exempt", self.n_of(code, self.on, "exempt",
                                         "temp_exempt"), len(people))
            has = self.fact(code, "has_cell")
            has = cell if has is None else has == "true"
            for kind in ("hamlet", "school", "health"):
                if u.kind == kind:
                    self.add(f"{kind}{'s' * (kind != 'health')}_with_cell",
                             has, 1)
            if u.kind == "hamlet":
                self.add("white_hamlets", not has, 1)
            if cell:
                self.of_cell(u, people)

    def of_cell(self, u, people):
        official = sum(s == "official" for _, s in people)
        self.add("enterprise_cells", u.kind == "enterprise", 1)
        self.add("cells_created", u.later and u.start >= self.from_, 1)
        self.add("cells_with_overseer", self.overseen(u.code), 1)
        self.tell("small_cells", bool(people), official < 3)
        self.add("segments_per_cell", 0, 1)
        self.add("cost_per_cell", 0, 1)

    def overseen(self, code):
        return self.w.overseers(code, self.on)

    # ---- facts ----

    def fact(self, code, name):
        """The last of those that hold; of one day, the one told last."""
        holds = [(str(since or said), said, at, value) for at, (
            value, since, said) in enumerate(self.w.facts.get(
                (code, name), [])) if ms(said) < self.known and
            str(since or said) <= str(self.on)]
        return max(holds)[3] if holds else None

    def yearly(self, code, name):
        told = [(said, at, value) for at, (value, since, said) in enumerate(
            self.w.facts.get((code, name), []))
            if since == str(self.from_.year) and ms(said) < self.known]
        return (max(told)[0], max(told)[2]) if told else None

    def of_facts(self):
        follows = {"has_committee": ("committee_size", "3"),
                   "head_is_member": ("secretary_is_head", "true")}
        for code, u in self.units.items():
            if not self.there(u, self.on):
                continue
            for name, (indicator, of) in YES_NO.items():
                if not (self.is_cell(code) if of == "cell" else u.kind == of):
                    continue
                value = self.fact(code, name)
                other = follows.get(name)
                if value is None and other and \
                        self.fact(code, other[0]) == other[1]:
                    value = "true"
                self.tell(indicator, value is not None,
                          value not in ("false", "none"))
        for name in SUMS:
            self.topmost(name, name)

    def topmost(self, name, indicator):
        """What is told for a unit covers all below it."""
        dated = name not in ("trained", "target_admissions") and \
            not name.startswith("members_")
        told = {}
        for code, u in self.units.items():
            value = (self.yearly(code, name) if not dated
                     else self.there(u, self.on) and
                     (self.on, self.fact(code, name)))
            if value and value[1] is not None:
                told[code] = value
        for code, (said, value) in told.items():
            home = self.heir(code)
            if home != code and home not in self.units:
                home = code
            if any(c in told for c in self.above(self.parent(home))
                   if c in self.units):
                continue
            # Told anew for what it became: that counts.
            if home != code and home in told and \
                    told[home][0] > self.units[code].end:
                continue
            n, _, d = value.partition("/")
            self.add(indicator, int(n), int(d or 1))

    def of_years(self):
        self.topmost("target_admissions", "admissions_of_target")
        target = self.v.pop("admissions_of_target", (0, 0))[0]
        self.add("admissions_of_target", 0, target)
        for name in LEVELS:
            self.topmost("members_" + name, "members_" + name)
        rated = [self.v.get("members_" + k, (0, 0))[0] for k in LEVELS]
        for k, n in zip(LEVELS, rated):
            self.v["members_" + k] = (n, sum(rated))
        for code, u in self.units.items():
            commune = u.kind == "commune"
            counts = (self.there(u, self.on) if commune
                      else self.is_cell(code))
            level = self.yearly(code, "rating")
            for k, name in enumerate(LEVELS, 1):
                if level or counts:
                    self.tell(("communes_" if commune else "cells_") + name,
                              bool(level), level and int(level[1]) == k)

    # ---- the rest ----

    def of_matters(self):
        for code, on in self.w.admitted:
            if code in self.units and self.in_period(on):
                self.add("admissions_of_target", 1, 0)
                self.add("admitted_in_hamlets",
                         self.units[code].kind == "hamlet", 1)
        for code, day, state in self.w.opinions:
            if code in self.units and self.in_period(day):
                self.add("opinions_answered", state == "answered", 1)
        for code, due, done, said in self.w.tasks:
            if code not in self.units or not self.from_ <= due <= self.on or \
                    ms(said) >= self.known:
                continue
            if done and ms(done) >= self.known:
                done = None
            if done or due < self.as_of:
                self.add("tasks_on_time", bool(done) and done <= due, 1)
        for (code, _), rows in self.w.candidates.items():
            rows = [s for at, s in rows if at < ms(self.on + DAY, 0)]
            if code in self.units and rows:
                self.of_candidate(rows)

    def of_candidate(self, rows):
        step = ([s for s in rows if s in STEPS] or ["listed"])[-1]
        for name in STEPS:
            self.add("candidates_" + name, step == name, 1)
        if step not in ("admitted", "dropped"):
            self.add("candidates_with_helper", "helper_assigned" in rows, 1)

    def of_texts(self):
        for code, day, intent, state in self.w.texts:
            if code not in self.units or not self.in_period(day):
                continue
            if state != "duplicate":
                self.add("parsed", intent not in (None, "unknown"), 1)
                self.add("clarified", state == "asked", 1)
            if state == "done" and intent in ("correction", "meeting_report"):
                self.add("corrected", intent == "correction",
                         intent == "meeting_report")
        for code, day, parts in self.w.sent:
            if code in self.units and self.in_period(day):
                self.add("segments_per_cell", parts, 0)
                self.add("cost_per_cell", parts * PRICE, 0)


def percent(n, d):
    """Half up, with two places."""
    return None if d == 0 else (n * 20000 + d) // (2 * d) / 100
