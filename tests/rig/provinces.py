"""Two years of three provinces, from a seed: in memory and in a database.

The shape is that of Sơn La, Điện Biên and Lai Châu (75, 45 and 38 communes),
with few hamlets each. Units change by `bantin unit`, lists come by `bantin
import`, all else is written as rows; what was made is kept here, so that
figures can be counted without the database.
"""
import datetime
import json
import random
import sqlite3
from types import SimpleNamespace as Thing

from rig import server as rig
from rig.happenings import DAY, DESTS, Happenings, ms

TODAY = datetime.date.today()
# The last of 24 months is over, whatever the clock says.
LAST = min(2026, TODAY.year - (TODAY.month < 11))
FIRST = LAST - 2
CHANGED = datetime.date(LAST - 1, 7, 1)  # communes merge
PROVINCES = {"SL": 75, "DB": 45, "LC": 38}
PRICE = 350
CONFIG = f"""\
database: t.db
cost: {{per_segment: {PRICE}}}
channels:
  - {{name: demo, provider: console, token: 0f1e2d3c4b5a69788796a5b4c3d2e1f0}}
"""
ON_ROLL = ("active", "away", "exempt", "temp_exempt")


class World(Happenings):
    def __init__(self, folder, seed):
        self.folder, self.rng = folder, random.Random(seed)
        self.units, self.people, self.roll, self.rolls = {}, [], {}, {}
        self.meetings, self.opinions, self.tasks = [], [], []
        self.candidates, self.texts, self.sent = {}, [], []
        self.facts, self.admitted = {}, []
        self.ids = {"meeting": 0, "message": 0, "ballot_item": 0}
        self.rows = []
        (folder / "t.yaml").write_text(CONFIG, encoding="utf-8")

    def bantin(self, *args):
        done = rig.run(args[0], "-c", "t.yaml", *args[1:], cwd=self.folder)
        assert done.returncode == 0, (args, done.stdout, done.stderr)
        return done.stdout

    def next_id(self, table):
        self.ids[table] += 1
        return self.ids[table]

    def put(self, at, table, **columns):
        self.rows.append((at, table, columns))

    def flush(self):
        """Rows in the order of their time; units by code until now."""
        db = sqlite3.connect(self.folder / "t.db")
        ids = dict(db.execute("SELECT code, id FROM unit"))
        for _, table, c in sorted(self.rows, key=lambda r: r[0]):
            c = {k: ids[v] if k == "unit" else v for k, v in c.items()}
            if table == "UPDATE":
                db.execute(
                    "UPDATE member SET status = ?, dest = ?, standing = ?,"
                    " on_roll = ? WHERE unit = ? AND no = ?",
                    (c["status"], c["dest"], c["standing"],
                     c["status"] in ON_ROLL, c["unit"], c["no"]))
            else:
                db.execute(
                    f"INSERT INTO {table} ({', '.join(c)})"
                    f" VALUES ({', '.join('?' * len(c))})", list(c.values()))
        db.commit()
        db.close()
        self.rows = []

    # ---- people ----

    def person(self, code, no, status, standing, dest, on=None):
        """on None: since ever."""
        since = on or datetime.date.min
        p = Thing(stints=[(since, code)], no=no,
                  states=[(since, status, standing, dest)])
        self.people.append(p)
        self.roll.setdefault(code, {})[no] = p

    def members(self, code):
        return list(self.roll.get(code, {}).items())

    # ---- the registry ----

    def unit(self, code, kind, parent, start, later=False):
        self.units[code] = Thing(
            code=code, kind=kind, parent=parent, start=start, end=None,
            heir=None, moves=[], later=later, secretary=None, overseen=[],
            phone=None)
        return self.units[code]

    def people_of(self, u, serial):
        rng = self.rng
        n = rng.choice([2, 3, 4, 5, 6, 7])
        for no in range(1, n + 1):
            status = rng.choices(["active", "away", "exempt"],
                                 [70, 20, 10])[0] if no > 1 else "active"
            standing = "probationary" if no > 2 and rng.random() < .15 \
                else "official"
            dest = rng.choice(rng.choice(DESTS)) if status == "away" else None
            self.person(u.code, no, status, standing, dest,
                        u.start if u.later else None)
        u.secretary = u.start if u.later else datetime.date.min
        if rng.random() < .4:
            u.overseen.append(datetime.date.min)
        u.phone = f"+8490{serial:07d}"

    def first_list(self):
        rng, start = self.rng, datetime.date(2020, 1, 1)
        for p, communes in PROVINCES.items():
            self.unit(p, "province", None, start)
            for i in range(1, communes + 1):
                self.commune(p, f"{p}{i:02d}", start)
                if i in (1, 13):  # to be merged into it
                    self.commune(p, f"{p}{i:02d}Q", start)
        for n, u in enumerate(list(self.units.values())):
            white = u.kind != "hamlet" or rng.random() < .06
            if u.kind == "enterprise" or not white or (
                    u.kind in ("school", "health") and rng.random() < .6):
                self.people_of(u, n)
        self.import_all(list(self.units.values()))

    def commune(self, p, code, start):
        rng = self.rng
        self.unit(code, "commune", p, start)
        for k in range(1, rng.choice([2, 3, 3]) + 1):
            self.unit(f"{code}B{k}", "hamlet", code, start)
        for kind, share in (("school", .2), ("health", .12),
                            ("enterprise", .1)):
            if rng.random() < share:
                self.unit(f"{code}{kind[0].upper()}1", kind, code, start)

    def import_all(self, units):
        def table(name, head, rows):
            text = "\n".join([head] + [",".join(map(str, r)) for r in rows])
            (self.folder / name).write_text(text + "\n", encoding="utf-8")
        with_people = [u for u in units if u.phone]
        table("units.csv",
              "code,name,kind,parent,aliases,valid_from,valid_to",
              [(u.code, f"Bản {u.code}", u.kind, u.parent or "", "", u.start,
                "") for u in units])
        table("members.csv", "unit,no,name,standing,status,dest,phone,"
              "language,consent",
              [(u.code, no, f"M {u.code} {no}", p.states[0][2],
                p.states[0][1], p.states[0][3] or "", "", "", "")
               for u in with_people for no, p in self.members(u.code)])
        roles = [(u.phone, "secretary", u.code, 1,
                  u.start if u.later else "", "") for u in with_people]
        roles += [(u.phone.replace("+849", "+847"), "overseer", u.code, "",
                   "", "") for u in with_people if u.overseen]
        table("roles.csv", "phone,role,unit,member,valid_from,valid_to",
              roles)
        self.bantin("import", ".")

    # ---- units that change ----

    def change(self, kind, words, on):
        out = self.bantin("unit", kind, *words, "--on", on.isoformat(),
                          "--yes", "--json")
        moved = json.loads(out.splitlines()[-1])["moved"]
        for m in moved:
            p = self.roll[m["unit"]].pop(m["no"])
            p.stints.append((on, m["to"]))
            self.roll.setdefault(m["to"], {})[m["to_no"]] = p

    def merge(self, codes, into, on):
        self.change("merge", codes + [into], on)
        like = self.units[codes[0]]
        new = self.units.get(into) or self.unit(into, like.kind, like.parent,
                                                on)
        for u in (self.units[c] for c in codes if c != into):
            u.end, u.heir = on - DAY, (on, into)
            for child in self.units.values():
                if child.parent == u.code:
                    child.moves.append((on, u.code))
                    child.parent = into
            self.inherit(u, new, on)

    def split(self, code, parts, nos, on):
        self.change("split", [code, f"{parts[0]}=Mot:{nos}",
                              f"{parts[1]}=Hai"], on)
        u = self.units[code]
        u.end = on - DAY
        for i, part in enumerate(parts):
            new = self.unit(part, u.kind, u.parent, on)
            if i == 0:  # which takes member 1
                self.inherit(u, new, on)
            else:
                new.overseen += [max(on, d) for d in u.overseen]

    def inherit(self, u, new, on):
        if u.phone and not new.phone:
            new.phone, new.secretary = u.phone, on
        new.overseen += [max(on, d) for d in u.overseen]

    def overseers(self, code, on):
        return any(d <= on for d in self.units[code].overseen)

    def move(self, code, into, on):
        self.bantin("unit", "move", code, into, "--on", on.isoformat(),
                    "--yes")
        u = self.units[code]
        u.moves.append((on, u.parent))
        u.parent = into

    # ---- half a month ----

    def alive(self, first, kinds=("hamlet", "school", "health",
                                  "enterprise")):
        return [u for u in self.units.values() if u.kind in kinds and
                u.start <= first and (u.end is None or u.end >= first)]

    def half(self, first):
        days = [first + DAY * k for k in range(13)]
        for u in self.alive(first):
            if u.phone is None:
                continue
            if first.day == 1:
                self.regular(u, first)
            elif self.rng.random() < .1:
                self.hold(u, self.rng.choice(days[:10]), "thematic", first)
            self.happenings(u, days)
            self.matters(u, days)
        for u in self.alive(first, ("commune", "hamlet")):
            self.say(u, days)
        self.flush()

    def regular(self, u, first):
        r, rng = self.rng.random(), self.rng
        held = first + DAY * rng.randrange(2, 12)
        if r < .04:
            held = (first + DAY * 31).replace(day=2)  # too late
        if r < .88:
            self.hold(u, held, "regular", first)
        elif r < .95:
            m = Thing(unit=u.code, period=f"{first:%Y-%m}", kind="regular",
                      held=None, planned=held, reports=[], invited=[],
                      items=[], state="announced" if r < .93 else "none")
            if m.state == "none":
                m.planned = None
            self.keep_meeting(m)

    def keep_meeting(self, m):
        m.id = self.next_id("meeting")
        self.meetings.append(m)
        self.put(0, "meeting", id=m.id, unit=m.unit, period=m.period,
                 kind=m.kind, planned_on=m.planned and str(m.planned),
                 held_on=m.held and str(m.held), state=m.state)

    def hold(self, u, held, kind, first):
        rng = self.rng
        m = Thing(unit=u.code, period=f"{first:%Y-%m}", kind=kind, held=held,
                  planned=None, reports=[], invited=[], items=[],
                  state="held" if rng.random() < .97 else "cancelled")
        self.keep_meeting(m)
        came = held + DAY * rng.choice([0, 0, 1, 1, 2, 2, 3, 5])
        for version in range(1, 2 + (rng.random() < .12)):
            came += DAY * (4 * (version - 1))
            m.reports.append(self.report(u, m, version, came))
        away = [no for no, p in self.members(u.code)
                if p.states[-1][1] == "away"]
        for no in away:
            self.invite(m, no, held)
        if kind == "regular" and rng.random() < .15 and m.state == "held":
            self.vote(u, m, held, away)

    def report(self, u, m, version, came):
        rng = self.rng
        total = sum(p.states[-1][1] in ON_ROLL
                    for _, p in self.members(u.code))
        absent = rng.randrange(0, total // 2 + 1)
        unexcused = min(absent, rng.choices([0, 1, 2], [85, 10, 5])[0])
        told = rng.random() < .3
        r = Thing(version=version, total=total, present=total - absent,
                  excused=absent - unexcused, unexcused=unexcused,
                  away=rng.randrange(0, 2) if told else None,
                  exempt=rng.randrange(0, 2) if told else None,
                  upper=rng.choice([None, None, 0, 1, 2]),
                  score=rng.choice([None, rng.randrange(40, 101)]),
                  at=ms(came, 20), came=came, voided=None)
        message = None
        if rng.random() < .1:  # stored a day after it came
            message = self.text_in(u, came, "meeting_report", "done")
            r.at += 86400000
        if m.state == "cancelled":
            r.voided = ms(came + DAY * 7)
        self.put(r.at, "meeting_report", meeting=m.id, version=version,
                 total=r.total, present=r.present, excused=r.excused,
                 unexcused=r.unexcused, away=r.away, exempt=r.exempt,
                 upper=r.upper, score=r.score, from_phone=u.phone,
                 message=message, created_at=r.at, voided_at=r.voided)
        return r

    def invite(self, m, no, held):
        rng = self.rng
        answers = rng.choices([0, 1, 2], [40, 50, 10])[0]
        asked = rng.random() < .8
        at = ms(held - DAY * 3)
        m.invited.append((asked, answers, at))
        if asked:
            self.put(at, "invited", meeting=m.id, unit=m.unit, member_no=no,
                     phone=f"p{no}", audience="member", created_at=at)
        for k in range(answers):
            self.put(at + k, "invitation", meeting=m.id, unit=m.unit,
                     member_no=no, answer=rng.choice(["yes", "no"]),
                     source="sms", created_at=at + k)

    def vote(self, u, m, held, away):
        rng, item = self.rng, self.next_id("ballot_item")
        opened = ms(held - DAY * 3)
        self.put(opened, "ballot_item", id=item, meeting=m.id, unit=m.unit,
                 item=1, threshold="1/2", opened_at=opened, own_time=0,
                 source="announced", digest="")
        seq = 0
        for no, p in self.members(u.code):
            _, status, standing, _ = p.states[-1]
            if status not in ON_ROLL:
                continue
            gone = rng.random() < .05
            ballots = rng.choice([0, 1, 2]) if no in away else 0
            m.items.append((standing, gone, ballots, opened))
            self.put(opened + 1, "ballot_eligible", ballot_item=item,
                     member_no=no, standing=standing, status=status,
                     gone=gone)
            for _ in range(ballots):
                seq += 1
                self.put(opened + 2, "ballot", meeting=m.id, item=1,
                         unit=m.unit, member_no=no, choice="for",
                         created_at=opened + 2, ballot_item=item, seq=seq,
                         counted_as="vote" if standing == "official"
                         else "opinion")


def halves():
    for k in range(24):
        y, m = divmod(FIRST * 12 + 10 + k, 12)
        yield datetime.date(y, m + 1, 1)
        yield datetime.date(y, m + 1, 16)


def changes(w):
    """Day by day: what becomes of units."""
    on = {CHANGED: [], datetime.date(LAST - 1, 10, 16): [],
          datetime.date(LAST, 3, 16): [], datetime.date(LAST, 6, 1): [],
          datetime.date(LAST, 8, 16): []}
    first, autumn, spring, summer, last = on.values()
    days = list(on)
    for p in ("SL", "DB"):
        first.append(lambda p=p: w.merge([f"{p}01Q"], f"{p}01", CHANGED))
        autumn.append(lambda p=p: w.merge(
            [f"{p}02B1"], f"{p}02B2", days[1]))
        spring.append(lambda p=p: w.merge(
            [f"{p}03B1", f"{p}03B2"], f"{p}03N", days[2]))
    first.append(lambda: w.merge(["LC13Q", "LC13"], "LC13N", CHANGED))
    spring.append(lambda: w.split("LC04B1", ["LC04X", "LC04Y"], "1", days[2]))
    summer.append(lambda: w.move("SL05B1", "SL06", days[3]))
    last.append(lambda: w.merge(["SL02B2"], "SL03N", days[4]))
    return on


def build(folder, seed):
    w = World(folder, seed)
    w.first_list()
    due = changes(w)
    for first in halves():
        for act in due.pop(first, []):
            act()
        if first == datetime.date(LAST, 2, 1):
            new = [w.unit(f"{p}07Z", "hamlet", f"{p}07", first, later=True)
                   for p in PROVINCES]
            for n, u in enumerate(new):
                w.people_of(u, 9000000 + n)
            w.import_all(new)
        w.half(first)
    assert not due
    return w
