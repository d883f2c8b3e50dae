"""`bantin approve`: what waits, approved, sent back; with serve and without."""
import json

from rig.wait import wait_until

MEMBER = "SELECT status FROM member m JOIN unit u ON u.id = m.unit " \
         "WHERE u.code = 'MG07' AND no = ?"


def proposed(server, text="DV 9 CHUYENDI", count=1):
    server.text(text)
    wait_until(lambda: server.count("proposal") == count, "a proposal")


def test_list_and_look(server):
    done = server.command("approve")
    assert (done.returncode, done.stdout) == (0, "no proposal waits\n")
    proposed(server)
    assert "MG07 DV 9 CHUYENDI" in server.command("approve", "list").stdout
    one = json.loads(server.command("approve", "list", "--json").stdout)[0]
    assert one["proposal"] == 1 and one["unit"] == "MG07"
    done = server.command("approve", "1")
    assert done.returncode == 1 and "--yes approves" in done.stdout
    assert server.value(MEMBER, 9) == "active"


def test_approved_while_serve_runs(server, provider):
    proposed(server)
    done = server.command("approve", "1", "--yes")
    assert (done.returncode, done.stdout) == (0, "1 approved\n"), done.stderr
    assert server.value(MEMBER, 9) == "transferred_out"
    assert server.value("SELECT decided_by FROM proposal") == "command"
    told = server.value("SELECT text FROM outbox WHERE dedupe_key = ?",
                        "proposal:1:told")
    assert told == "MG07 DV 9 CHUYENDI: de nghi da duoc duyet"
    done = server.command("approve", "1", "--reject", "nham")
    assert done.returncode == 1 and "decided before" in done.stderr


def test_who_comes_has_a_number_that_is_told(server):
    proposed(server, "KN 1")
    last = server.value("SELECT max(no) FROM member m JOIN unit u "
                        "ON u.id = m.unit WHERE u.code = 'MG07'")
    assert server.command("approve", "1", "--yes").returncode == 0
    told = server.value("SELECT text FROM outbox WHERE dedupe_key = ?",
                        "proposal:1:told")
    assert told.endswith(f"duoc duyet, so thu tu moi la {last + 1}"), told


def test_rejected_without_serve(server):
    proposed(server)
    server.stop()
    done = server.command("approve", "1", "--reject", "thieu giay")
    assert done.returncode == 0, done.stderr
    assert server.value(MEMBER, 9) == "active"
    assert server.value("SELECT state || reason FROM proposal") == \
        "rejectedthieu giay"


def test_what_stands_against_it(server):
    proposed(server)
    server.text("DV 9 DI BACNINH 3T")
    wait_until(lambda: server.value(MEMBER, 9) == "away", "away")
    done = server.command("approve", "1", "--yes")
    assert done.returncode == 1 and "--anyway" in done.stderr
    assert server.value(MEMBER, 9) == "away"
    done = server.command("approve", "1", "--yes", "--anyway")
    assert done.returncode == 0, done.stderr
    assert server.value(MEMBER, 9) == "transferred_out"


def test_lines_that_are_none(idle):
    for line in (["x"], ["list", "--yes"], ["1", "--yes", "--reject", "a"]):
        done = idle.command("approve", *line)
        assert done.returncode == 2 and done.stderr
    done = idle.command("approve", "7")
    assert done.returncode == 1 and "no proposal 7" in done.stderr
