"""Vonage: callbacks in its three ways, parts, signature, reports."""
import json
import time
import urllib.parse

import pytest
from rig import vonage
from rig.smsgate import SECRETARY, TOKEN, report
from rig.vonage import call, signed, text
from rig.wait import wait_until

WAYS = ["GET", "form", "json"]


@pytest.fixture
def api():
    p = vonage.Vonage()
    yield p
    p.down()


@pytest.fixture
def config(api):
    return {"listen": "127.0.0.1:0", "database": "bantin.db",
            "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
            "channels": [vonage.channel(api.url)]}


def state(server, row=1):
    return server.value("SELECT state FROM outbox WHERE id = ?", row)


def story(server, what="o1"):
    done = server.command("why", "--json", what)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def tell(server, form, status, message_id, way="GET", **kw):
    path = urllib.parse.urlsplit(form["callback"]).path
    params = signed(vonage.report(form, status, message_id, **kw))
    answer = call(server, params, path, way)
    assert answer.status == 200, answer


@pytest.mark.parametrize("way", WAYS)
def test_text_reply_and_report(server, api, way):
    answer = call(server, signed(text(report())), way=way)
    assert (answer.status, answer.body) == (200, b"")
    row = server.rows("SELECT * FROM message")[0]
    assert (row["from_phone"], row["to_phone"], row["text"],
            row["intent"]) == (SECRETARY, "+84900000001", report(),
                               "meeting_report")

    sent = api.wait_for(1)[0]
    form = sent["form"]
    assert sent["path"] == "/sms/json"
    assert (form["from"], form["to"], form["type"]) == (
        "BANTIN", SECRETARY[1:], "text")
    assert (form["api_key"], form["api_secret"]) == ("k1", "s3cret-of-k1")
    assert form["status-report-req"] == "1"
    assert form["callback"].endswith(f"/dlr/vo/{TOKEN}")
    assert "MG07" in form["text"]
    server.wait_sent()
    assert server.value("SELECT provider_ref FROM outbox") == "V1-0"

    for said, after in (("buffered", "sent"), ("odd", "sent"),
                        ("delivered", "delivered"), ("failed", "delivered")):
        tell(server, form, said, "V1-0", way)
        assert state(server) == after
    told = story(server)
    assert [r["said"] for r in told["reported"]] == [
        "buffered", "odd", "delivered", "failed"]
    assert "s3cret-of-k1" not in json.dumps(told) + server.err.text()


def test_a_failure_is_told(server, api):
    call(server, signed(text(report())))
    form = api.wait_for(1)[0]["form"]
    server.wait_sent()
    tell(server, form, "failed", "V1-0", code="3")
    assert state(server) == "failed"
    assert story(server)["why"] == "failed: error 3, no such subscriber"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_parts_are_joined(server, api, order):
    words = report() + " ghi chu " + "rat dai " * 45
    pieces = vonage.parts(words.strip())
    assert len(pieces) == 3
    for i in order:
        assert server.count("message") == 0
        assert call(server, signed(pieces[i])).status == 200
    for i in order:  # Vonage was not sure that we got them
        assert call(server, signed(pieces[i])).status == 200
    assert [m["text"] for m in server.rows("SELECT text FROM message")] == [
        words.strip()]
    assert server.metrics()["bantin_mo_repeated_total"] == 3


def test_a_text_out_in_two_parts(make_server, config, api):
    """An id for each part; all of them find the text."""
    api.parts = 2
    config["channels"][0]["fold"] = "keep"
    server = make_server(config)
    server.load_registry()
    server.start()
    out = "Mời họp chi bộ 19:30, số ☺ " + "rất dài " * 10
    done = server.command("send", SECRETARY, out.strip())
    assert done.returncode == 0, done.stderr
    form = api.wait_for(1)[0]["form"]
    assert (form["type"], form["text"]) == ("unicode", out.strip())
    server.wait_sent()
    tell(server, form, "delivered", "V1-0")
    tell(server, form, "delivered", "V1-0")
    assert state(server) == "sent"
    tell(server, form, "delivered", "V1-1")
    assert state(server) == "delivered"


def test_duplicate_has_one_effect(server, api):
    params = text(report())
    for _ in range(3):
        assert call(server, signed(params)).status == 200
    api.wait_for(1)
    server.wait_sent()
    assert server.count("message") == server.count("meeting_report") == 1
    assert len(api.requests) == 1


def test_whoever_is_not_vonage(server):
    good = signed(text(report()))
    now = time.time()
    for params in (text(report()), signed(text(report()), secret="x" * 20),
                   {**good, "text": report(days_ago=2)},
                   signed(text(report()), at=now - 86500),
                   signed(text(report()), at=now + 86500)):
        for way in WAYS:
            assert call(server, params, way=way).status == 401
    assert call(server, good, vonage.IN[:-1] + "0").status == 401
    assert call(server, {"status": "delivered", "client-ref": "o1.1"},
                f"/dlr/vo/{TOKEN}").status == 401
    assert server.request("PUT", vonage.IN).status == 405
    assert server.count("message") == 0
    # A day of tries: the last one counts.
    assert call(server, signed(text(report()), at=now - 86000)).status == 200
    assert server.count("message") == 1


def test_token_alone(make_server, config):
    """Without signing; Vonage tries the address with nothing in it."""
    for key in ("signature_secret", "signature_method"):
        del config["channels"][0][key]
    server = make_server(config)
    server.load_registry()
    server.start()
    assert call(server, {}).status == 200
    assert call(server, text(report()), f"/in/vo/{'0' * 32}").status == 401
    assert server.count("message") == 0
    assert call(server, text(report())).status == 200
    assert len(server.reports()) == 1


def test_an_error_inside_200(server, api):
    api.statuses = [["1"], ["4"]]
    call(server, signed(text(report())))
    server.wait_sent()
    assert len(api.requests) == 3
    tries = json.dumps(story(server)["tries"])
    assert "too fast (Words for 1)" in tries
    assert "wrong api_key or api_secret (Words for 4)" in tries


def test_part_of_a_text_taken(server, api):
    """Half of it may be on the phone: a person decides."""
    api.statuses = [["0", "9"]]
    done = server.command("send", SECRETARY, "Moi hop " * 30)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: state(server) == "unsure", "held for a person")
    assert len(api.requests) == 1
    assert "1 of 2 parts taken; status 9: no credit left" in story(
        server)["why"]


def test_refused_for_good(server, api):
    api.statuses = [["7"]]
    call(server, signed(text(report())))
    wait_until(lambda: state(server) == "failed", "the text given up")
    assert len(api.requests) == 1
    assert "barred" in story(server)["why"]
