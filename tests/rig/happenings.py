"""What happens to the people and units of provinces.py, half a month a time."""
import datetime
import json

DESTS = [("Bắc Ninh", "BAC NINH", "bac-ninh"), ("Hà Nội", "Ha Noi"),
         ("Bình Dương", "BINH DUONG")]
DAY = datetime.timedelta(1)


def ms(day, hour=12):
    days = (day - datetime.date(1970, 1, 1)).days
    return days * 86400000 + (hour - 7) * 3600000


class Happenings:
    # ---- what happens to people ----

    def happenings(self, u, days):
        rng = self.rng
        for no, p in self.members(u.code):
            if rng.random() < .03 and no > 1:
                self.happen(u, no, p, rng.choice(days))
        if rng.random() < .01:
            self.admit(u, rng.choice(days))

    def happen(self, u, no, p, on):
        rng = self.rng
        _, status, standing, _ = p.states[-1]
        event, to = {
            "active": [("away", "away"), ("away", "away"),
                       ("temp_exempt", "temp_exempt"),
                       ("deceased", "deceased")],
            "away": [("returned", "active")],
            "exempt": [("returned", "active")],
            "temp_exempt": [("returned", "active")],
        }.get(status, [(None, None)])[rng.randrange(4)
                                      if status == "active" else 0]
        if event is None:
            return
        new = standing
        if standing == "probationary" and rng.random() < .5:
            event, to, new = "official", status, "official"
        elif event == "deceased" and rng.random() < .7:
            return
        dest = rng.choice(rng.choice(DESTS)) if event == "away" else None
        if event == "official":
            dest = p.states[-1][3]
        self.put(ms(on, 9), "member_event", unit=u.code, member_no=no,
                 event=event, state="applied",
                 fields=json.dumps({"dest": dest}) if dest else None,
                 created_at=ms(on, 9), was=f"{status} {standing}")
        self.put(ms(on, 9) + 1, "UPDATE", unit=u.code, no=no, status=to,
                 dest=dest, standing=new)
        p.states.append((on, to, new, dest))

    def admit(self, u, on):
        no = max(n for n, _ in self.members(u.code)) + 1
        self.person(u.code, no, "active", "probationary", None, on)
        self.put(ms(on, 8), "member", unit=u.code, no=no, name="N",
                 standing="probationary", status="active", on_roll=1)
        self.put(ms(on, 8) + 1, "member_event", unit=u.code, member_no=no,
                 event="admitted", state="applied", fields='{"count":1}',
                 created_at=ms(on - DAY, 9), decided_at=ms(on, 9))
        self.admitted.append((u.code, on))

    # ---- the rest ----

    def matters(self, u, days):
        rng, day = self.rng, self.rng.choice(days)
        if rng.random() < .06:
            state = rng.choice(["open", "answered"])
            self.opinions.append((u.code, day, state))
            self.put(ms(day), "opinion", unit=u.code, phone="p", text="t",
                     topic_code="03", state=state, created_at=ms(day))
        if rng.random() < .06:
            self.task(u, day)
        if rng.random() < .03:
            no = 100 + len(self.candidates)
            steps = ["listed", "class_started", "class_done", "blocked",
                     "helper_assigned", "admitted", "dropped"]
            for k in range(rng.randrange(1, 4)):
                step = rng.choice(steps)
                at = ms(day) + k * 3600000
                self.candidates.setdefault((u.code, no), []).append(
                    (at, step))
                self.put(at, "candidate", unit=u.code, no=no, step=step,
                         helper=1 if step == "helper_assigned" else None,
                         created_at=at)
        if rng.random() < .3:
            self.text_in(u, day, rng.choice(
                ["meeting_report", "correction", "unknown", None]),
                rng.choice(["done", "asked", "duplicate", "ignored"]))
        if rng.random() < .3:
            parts = rng.choice([None, 1, 2])
            self.sent.append((u.code, day, parts or 0))
            self.put(ms(day), "outbox", to_phone=u.phone, text="t",
                     lane="reply", channel="demo", attempts=1, due_at=0,
                     valid_until=0, parts=parts, created_at=ms(day),
                     state="sent" if parts else "failed")

    def task(self, u, day):
        rng = self.rng
        due = day + DAY * rng.randrange(1, 40)
        done = due + DAY * rng.randrange(-2, 4) if rng.random() < .7 else None
        if done is not None and done < day:
            done = day
        self.tasks.append((u.code, due, done, day))
        self.put(ms(day), "task", unit=u.code, no=1000 + len(self.tasks),
                 members="[1]", text="t", due_on=str(due),
                 state="done" if done else "open", created_at=ms(day),
                 done_at=done and ms(done))

    def text_in(self, u, day, intent, state):
        n = self.next_id("message")
        self.texts.append((u.code, day, intent, state))
        self.put(ms(day), "message", id=n, channel="demo", provider_id=str(n),
                 from_phone=u.phone, text="t", text_hash=0, sent_at=ms(day),
                 received_at=ms(day), state=state, intent=intent)
        return n

    def say(self, u, days):
        rng, day = self.rng, self.rng.choice(days)
        if rng.random() > .12:
            return
        yes = rng.choice(["true", "false"])
        if u.kind == "hamlet":
            name, value = rng.choice([
                ("has_committee", yes), ("committee_size", "3"),
                ("head_is_member", yes), ("secretary_is_head", yes),
                ("difficulty", rng.choice(["none", "difficult"])),
                ("has_cell", yes), ("border_guards", "2"),
                ("rating", rng.choice("1234")), ("members_good", "4"),
                ("target_admissions", str(rng.randrange(1, 4)))])
        else:
            name, value = rng.choice([
                ("secretary_non_local", yes), ("chairman_non_local", yes),
                ("secretary_is_chair", yes), ("border_guard_office", yes),
                ("cadres_qualified", f"{rng.randrange(10, 20)}/20"),
                ("rotated_cadres", "3"), ("trained", "4/6"),
                ("rating", rng.choice("1234")), ("members_excellent", "9"),
                ("target_admissions", str(rng.randrange(5, 20)))])
        self.fact(u, name, value, day)

    def fact(self, u, name, value, day):
        yearly = name in ("rating", "trained", "target_admissions") or \
            name.startswith("members_")
        since = str(day.year) if yearly else self.rng.choice(
            [None, str(day - DAY * self.rng.randrange(0, 60))])
        self.facts.setdefault((u.code, name), []).append(
            (value, since, day))
        self.put(ms(day), "unit_fact", unit=u.code, fact=name, value=value,
                 since=since, state="applied", created_at=ms(day))
