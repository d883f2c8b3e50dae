"""Requests about one's own data: listed, answered, closed, and audited."""
import json
import os
import sqlite3

import pytest

from rig import server as rig

REGISTRY = os.path.abspath(os.path.join(os.path.dirname(__file__),
                                        "../data/registry"))
# Of the wall clock's time: what is still due is planned by it.
STORY = f"""registry {REGISTRY}
at 2099-11-10 08:00
+84900000112 > XOA DL
+84900000007 > XEM DL
drain
"""
CHANNEL = [{"name": "demo", "provider": "console", "token": "0" * 32}]
UID = f"uid {os.getuid()}"


@pytest.fixture
def asked(tmp_path):
    scenario = tmp_path / "t.scn"
    scenario.write_text(STORY)
    path = tmp_path / "t.db"
    done = rig.run("rehearse", "--save", str(path), str(scenario))
    assert done.returncode == 0, done.stdout + done.stderr
    file = tmp_path / "bantin.yaml"
    file.write_text(json.dumps({"database": str(path), "channels": CHANNEL}))
    return path, lambda *a: rig.run(*a, "-c", str(file))


def query(path, sql):
    db = sqlite3.connect(path)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def listed(bantin, *args):
    return json.loads(bantin("ticket", "list", "--json", *args).stdout)


def texts(path, phone):
    return [t for t, in query(
        path, "SELECT text FROM outbox WHERE lane = 'urgent' AND to_phone = "
        f"'{phone}' AND text NOT LIKE 'MG%' ORDER BY id")]


def waiting(path, ticket):
    return query(path, "SELECT kind, run_id FROM schedule WHERE state = "
                 f"'waiting' AND subject = {ticket} AND kind LIKE 'ticket%' "
                 "ORDER BY kind")


def test_list(asked):
    path, bantin = asked
    rows = listed(bantin)
    assert [(r["ticket"], r["what"], r["state"], r["phone"], r["unit"],
             r["due"]) for r in rows] == [
        (1, "erase", "open", "+84900000112", "MG07", "2099-11-12"),
        (2, "access", "open", "+84900000007", "MG07", "2099-11-12")]
    plain = bantin("ticket").stdout
    assert "1     erase" in plain and "due 2099-11-12" in plain
    assert query(path, "SELECT who, what FROM audit ORDER BY seq") == [
        (UID, "ticket list")] * 2


def test_an_access_is_done_with_its_answer(asked):
    path, bantin = asked
    done = bantin("ticket", "answer", "2")
    assert (done.returncode, done.stdout) == (0, "2 closed\n"), done.stderr
    assert [r["ticket"] for r in listed(bantin)] == [1]
    closed = listed(bantin, "--all")[1]
    assert (closed["state"], closed["by"], closed["done"]) == (
        "closed", UID, "answered")
    assert texts(path, "+84900000007") == [
        "Yeu cau 2 cua ban da duoc giai quyet. Can ro hon xin hoi can bo"]
    assert waiting(path, 2) == []


def test_an_erasure_is_answered_then_done(asked):
    path, bantin = asked
    assert waiting(path, 1) == [("ticket_due", "ticket_due:1:2099-11-12"),
                                ("ticket_late", "ticket_late:1:2099-11-12")]
    done = bantin("ticket", "answer", "1", "--json")
    assert json.loads(done.stdout) == {"ticket": 1, "state": "answered"}
    # Fifteen days after it was asked.
    assert [r["due"] for r in listed(bantin) if r["ticket"] == 1] == [
        "2099-11-25"]
    assert waiting(path, 1) == [("ticket_due", "ticket_due:1:2099-11-25"),
                                ("ticket_late", "ticket_late:1:2099-11-25")]
    assert texts(path, "+84900000112") == [
        "Yeu cau 1 cua ban da duoc nhan. Se lam xong truoc het ngay 25/11"]
    again = bantin("ticket", "answer", "1")
    assert again.returncode == 1 and "answered before" in again.stderr
    done = bantin("ticket", "close", "1", "--done", "kept: a report needs it")
    assert done.returncode == 0, done.stderr
    assert [r["done"] for r in listed(bantin, "--all")
            if r["ticket"] == 1] == ["kept: a report needs it"]
    assert waiting(path, 1) == []
    assert [w for w, in query(path, "SELECT what FROM audit ORDER BY seq")
            if w != "ticket list"] == ["ticket answer", "ticket close"]
    assert bantin("report", "audit").returncode == 0


def test_erasing_the_person_closes_what_was_asked(asked):
    path, bantin = asked
    assert bantin("ticket", "answer", "1").returncode == 0
    assert bantin("person", "erase", "MG07", "12", "--yes").returncode == 0
    row = [r for r in listed(bantin, "--all") if r["ticket"] == 1][0]
    assert (row["state"], row["done"], row["by"]) == ("closed", "erased", UID)
    assert row["phone"].startswith("p")
    # The text that told when is not sent to nobody.
    assert query(path, "SELECT count(*) FROM outbox WHERE state = 'queued' "
                 "AND to_phone LIKE 'p%'") == [(0,)]
    again = bantin("ticket", "close", "1", "--done", "x")
    assert again.returncode == 1 and "closed before" in again.stderr


@pytest.mark.parametrize("args, status, said", [
    (("answer",), 2, "its number"), (("answer", "x"), 2, "its number"),
    (("close", "1"), 2, "--done"), (("drop", "1"), 2, "answer or close"),
    (("answer", "9"), 1, "no such request"),
])
def test_what_cannot_be_done_is_said(asked, args, status, said):
    _, bantin = asked
    done = bantin("ticket", *args)
    assert (done.returncode, said in done.stderr) == (status, True), done
