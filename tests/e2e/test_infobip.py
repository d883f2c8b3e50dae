"""Infobip: batches of texts and reports, a log-in, sends that can repeat."""
import json

import pytest
from rig import infobip
from rig.infobip import DLR, IN, call, text
from rig.smsgate import SECRETARY, report
from rig.wait import wait_until


@pytest.fixture
def api():
    p = infobip.Infobip()
    yield p
    p.down()


@pytest.fixture
def config(api):
    return {"listen": "127.0.0.1:0", "database": "bantin.db",
            "outbox": {"retry_base_s": 1, "retry_max_s": 1, "timeout_s": 5},
            "channels": [infobip.channel(api.url)]}


def state(server):
    return server.value("SELECT state FROM outbox ORDER BY id LIMIT 1")


def story(server, what="o1"):
    done = server.command("why", "--json", what)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def own_of(request):
    return request["message"]["destinations"][0]["messageId"]


def test_text_reply_and_report(server, api):
    answer = call(server, [text(report())])
    assert (answer.status, answer.body) == (200, b"")
    row = server.rows("SELECT * FROM message")[0]
    assert (row["from_phone"], row["to_phone"], row["text"],
            row["intent"]) == (SECRETARY, "8088", report(), "meeting_report")

    sent = api.wait_for(1)[0]
    message = sent["message"]
    assert sent["path"] == "/sms/3/messages"
    assert sent["headers"]["Authorization"] == "App the-key"
    assert message["sender"] == "8088"
    assert message["destinations"][0]["to"] == SECRETARY[1:]
    assert "MG07" in message["content"]["text"]
    assert message["webhooks"]["delivery"]["url"].endswith(DLR)
    server.wait_sent()
    own = own_of(sent)
    assert server.value("SELECT provider_ref FROM outbox") == own

    for group, after in (("PENDING", "sent"), ("DELIVERED", "delivered"),
                         ("REJECTED", "delivered")):
        assert call(server, [infobip.report(own, group)], DLR).status == 200
        assert state(server) == after
    told = story(server)
    assert [r["said"] for r in told["reported"]] == [
        "PENDING", "DELIVERED", "REJECTED"]
    assert "the-key" not in json.dumps(told) + server.err.text()


def test_batches(server, api):
    texts = [text(report(days_ago=n)) for n in range(1, 6)]
    answer = call(server, [{"price": {}}, 7])
    assert answer.status == 400 and b"results[0]" in answer.body
    # A bad one does not keep the good ones out, and is not lost either.
    for _ in range(2):  # the second one is a repeat
        assert call(server, [*texts[:2], {"price": {}}, *texts[2:]]
                    ).status == 200
    assert server.count("meeting_report") == 5
    assert server.rows("SELECT text, error FROM message WHERE state = "
                       "'quarantined'")[0]["error"].startswith(
        "1 of 6 left out: results[2] has neither")
    assert server.count("message") == 6
    assert server.metrics()["bantin_mo_repeated_total"] == 5
    assert "event=mo_left_out" in server.err.text()

    server.wait_sent(5)
    ids = [own_of(r) for r in api.requests]
    assert len(set(ids)) == 5
    reports = [infobip.report(i, "DELIVERED") for i in ids]
    assert call(server, reports, DLR).status == 200
    assert server.value("SELECT count(*) FROM outbox WHERE state = "
                        "'delivered'") == 5


def test_what_is_not_used_is_told(server):
    assert call(server, []).status == 200
    answer = infobip.post(server, {"from": SECRETARY, "text": report()})
    assert answer.status == 400 and b"MO_JSON_2" in answer.body
    assert server.metrics()["bantin_mo_ignored_total"] == 1
    assert "event=mo_ignored" in server.err.text()


def test_a_failure_is_told(server, api):
    call(server, [text(report())])
    own = own_of(api.wait_for(1)[0])
    server.wait_sent()
    said = infobip.report(own, "UNDELIVERABLE", "EC_ABSENT_SUBSCRIBER")
    assert call(server, [said], DLR).status == 200
    assert state(server) == "failed"
    assert story(server)["why"] == "UNDELIVERABLE: EC_ABSENT_SUBSCRIBER"


def test_a_lost_answer_does_no_harm(server, api):
    """The same id once more: Infobip has it, and says so."""
    api.tell("hang")
    done = server.command("send", SECRETARY, "Moi hop 19:30")
    assert done.returncode == 0, done.stderr
    first, second = api.wait_for(2)
    assert own_of(first) == own_of(second)
    server.wait_sent()
    assert api.taken == [own_of(first)]
    assert "REJECTED_DUPLICATE_MESSAGE_ID" in story(server)["tries"][1]["why"]


def test_a_rejection_inside_200(server, api):
    api.statuses = [
        infobip.status("REJECTED", "REJECTED_NOT_ENOUGH_CREDITS"),
        infobip.status("REJECTED", "REJECTED_PREFIX_MISSING")]
    call(server, [text(report())])
    wait_until(lambda: state(server) == "failed", "the text given up")
    assert len(api.requests) == 2
    assert "REJECTED_PREFIX_MISSING" in story(server)["why"]


def test_whoever_is_not_infobip(server):
    batch = [text(report())]
    for login in (None, ("infobip", "another-password-of-theirs"),
                  ("other", infobip.PASSWORD)):
        assert call(server, batch, login=login).status == 401
        assert call(server, [infobip.report("o1.1", "DELIVERED")], DLR,
                    login).status == 401
    assert call(server, batch, IN[:-1] + "0").status == 401
    assert server.request("GET", IN).status == 405
    assert server.count("message") == 0
    assert call(server, []).status == 200
    assert call(server, batch).status == 200
    assert server.count("message") == 1


def test_token_alone_and_reports_by_the_profile(make_server, config, api):
    for key in ("callback_username", "callback_password"):
        del config["channels"][0][key]
    config["channels"][0]["report_by"] = "profile"
    server = make_server(config)
    server.load_registry()
    server.start()
    assert call(server, [text(report())], IN[:-1] + "0", None).status == 401
    assert call(server, [text(report())], login=None).status == 200
    assert "webhooks" not in api.wait_for(1)[0]["message"]
