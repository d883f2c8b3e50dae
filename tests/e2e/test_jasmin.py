"""With Jasmin in front of an operator: texts, replies, receipts."""
import json

import pytest
from rig import smsgate
from rig.jasmin import IN, PASSWORD, SHORT_CODE, USER, Jasmin, channel
from rig.smsgate import SECRETARY, report
from rig.wait import wait_until


@pytest.fixture
def jasmin():
    j = Jasmin()
    yield j
    j.down()


@pytest.fixture
def config(jasmin):
    return {"listen": "127.0.0.1:0", "database": "bantin.db",
            "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
            "channels": [channel(jasmin.url, fold="keep")]}


def state(server):
    return server.value("SELECT state FROM outbox ORDER BY id LIMIT 1")


def why(server, what="o1"):
    done = server.command("why", "--json", what)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_text_reply_and_receipts(server, jasmin, method):
    assert jasmin.bring(server, SECRETARY, report(), method) == (200, True)
    row = server.rows("SELECT * FROM message")[0]
    assert (row["from_phone"], row["to_phone"], row["text"],
            row["intent"]) == (
        SECRETARY, SHORT_CODE, report(), "meeting_report")

    form = jasmin.wait_for(1)[0]["form"]
    assert (form["username"], form["password"]) == (USER, PASSWORD)
    assert (form["to"], form["from"]) == (SECRETARY[1:], SHORT_CODE)
    assert form["dlr-method"] == "POST" and form["dlr-level"] == "3"
    server.wait_sent()
    assert server.value(
        "SELECT provider_ref FROM outbox") == jasmin.names[0]

    for level, said, after in (
            (1, "ESME_ROK", "sent"), (2, "ENROUTE", "sent"),
            (2, "BORED", "sent"), (2, "DELIVRD", "delivered"),
            (2, "UNDELIV", "delivered")):
        assert jasmin.report(server, 0, said, level) == (200, True)
        assert state(server) == after
    assert [r["said"] for r in why(server)["reported"]] == [
        "ESME_ROK", "ENROUTE", "BORED", "DELIVRD", "UNDELIV"]
    assert server.metrics()["bantin_dlr_unknown_total"] == 1
    story = server.command("why", "1").stdout + server.err.text()
    assert "delivered" in story and PASSWORD not in story


def test_a_text_comes_twice(server, jasmin):
    """Jasmin repeats what was not acknowledged in time."""
    for _ in range(3):
        assert jasmin.bring(server, SECRETARY, report(), name="a-b-c") == (
            200, True)
    server.wait_sent()
    assert server.count("message") == server.count("outbox") == 1
    assert server.metrics()["bantin_mo_repeated_total"] == 2
    for _ in range(2):
        assert jasmin.report(server, 0, "DELIVRD") == (200, True)
    assert len(why(server)["reported"]) == 1


def test_letters_both_ways(server, jasmin):
    for n, text in enumerate(("Họp xong rồi ☺", "événement à 5_6@x")):
        assert jasmin.bring(server, f"+8490000011{n}", text) == (200, True)
    assert [m["text"] for m in server.rows(
        "SELECT text FROM message ORDER BY id")] == [
            "Họp xong rồi ☺", "événement à 5_6@x"]
    for n, text in enumerate(("Mời họp chi bộ ☺", "Moi hop & 5/11 @")):
        done = server.command("send", SECRETARY, text)
        assert done.returncode == 0, done.stderr
        wait_until(lambda n=n: server.value(
            "SELECT count(*) FROM outbox WHERE state = 'sent' "
            "AND lane <> 'reply'") > n, "sent")
    forms = [r["form"] for r in jasmin.requests
             if r["form"]["to"] == SECRETARY[1:]]
    wide, plain = forms[-2:]
    assert bytes.fromhex(wide["hex-content"]).decode("utf-16-be") == (
        "Mời họp chi bộ ☺") and wide["coding"] == "8"
    assert (plain["content"], plain["coding"]) == ("Moi hop & 5/11 @", "0")


def test_refusals_and_a_receipt_of_failure(server, jasmin):
    jasmin.answers = [(403, 'Error "User throughput exceeded"'),
                      (412, 'Error "Failover route has no bound '
                            'connectors"')]
    jasmin.bring(server, SECRETARY, report())
    wait_until(lambda: len(jasmin.requests) == 3, "the third try")
    server.wait_sent()
    told = why(server)
    assert [t["verdict"] for t in told["tries"]] == [
        "temporary", "temporary", "sent"]
    assert "http_throughput" in told["tries"][0]["why"]
    assert "no bound connectors" in told["tries"][1]["why"]
    jasmin.report(server, 2, "UNDELIV", err="069", id_smsc="4711")
    assert state(server) == "failed"
    assert why(server)["why"] == "UNDELIV err 069 (SMSC id 4711)"


def test_no_route_is_for_ever(server, jasmin):
    jasmin.answers = [(412, 'Error "No route found"')]
    jasmin.bring(server, SECRETARY, report())
    wait_until(lambda: state(server) == "failed", "failed")
    assert "No route found" in why(server)["why"]
    assert len(jasmin.requests) == 1


def test_whoever_is_not_jasmin(server, jasmin):
    wrong = f"/in/smsc/{smsgate.TOKEN[:-1]}0"
    for path, status in ((wrong, 401), ("/in/smsc", 401),
                         ("/in/other/" + smsgate.TOKEN, 404)):
        assert jasmin.bring(server, SECRETARY, report(), path=path) == (
            status, False)
    assert jasmin.throw(server, wrong.replace("/in/", "/dlr/"), {
        "id": "x", "message_status": "DELIVRD"}) == (401, False)
    assert jasmin.throw(server, IN, {"id": "x"}) == (400, False)
    assert server.request("PUT", IN).status == 405
    assert server.count("message") == 0
