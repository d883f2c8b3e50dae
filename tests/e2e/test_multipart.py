"""Long texts whose parts come by themselves: any order, kill -9 between."""
import json
import urllib.parse

import pytest
from rig import http
from rig.smsgate import report
from rig.wait import wait_until

TOKEN = "abcdef0123456789abcdef0123456789"
SECRETARY = "+84900000007"


@pytest.fixture
def config(config, provider):
    config["channels"] = [{
        "name": "smsc", "provider": "kannel", "token": TOKEN,
        "url": provider.url, "username": "u", "password": "p",
    }]
    return config


def cut(text, into=3):
    size = -(-len(text) // into)
    return [text[i * size:(i + 1) * size] for i in range(into)]


def bring(server, texts, no, ref=0x2b, part_id=None, sender=SECRETARY):
    """Part no (from 1) as Kannel's get-url brings it."""
    query = urllib.parse.urlencode({
        "from": sender, "to": "8088", "b": texts[no - 1], "c": 0,
        "cs": "UTF-8", "id": part_id or f"{ref}-{no}",
        "udh": bytes([5, 0, 3, ref, len(texts), no]),
    })
    return server.request("GET", f"/in/smsc/{TOKEN}?{query}").status


def stored_once(server, text):
    assert [m["text"] for m in server.rows("SELECT * FROM message")] == [text]
    assert len(server.reports()) == 1
    assert server.count("outbox") == 1


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_killed_between_the_parts(idle, order):
    text = report()
    server = idle
    for no in order:
        server.start()
        assert server.count("message") == 0
        assert bring(server, cut(text), no) == 200
        server.kill()
    server.start()
    stored_once(server, text)
    for no in order * 2:  # whatever was not heard of comes again
        assert bring(server, cut(text), no) == 200
    assert bring(server, cut(text), 2, part_id="another") == 200
    stored_once(server, text)
    story = json.loads(server.command("why", "--json", "1").stdout)
    assert [p["part"] for p in story["parts"]] == [*order, 2]
    assert {p["of"] for p in story["parts"]} == {3}
    metrics = server.metrics()
    assert metrics["bantin_mo_repeated_total"] == 6
    assert metrics["bantin_mo_parts_total"] == 1


@pytest.mark.parametrize("point", ["commit-before", "commit-after",
                                   "answer-before"])
def test_killed_at_the_last_part(idle, point):
    """It was not answered, so the provider brings it again."""
    text = report()
    idle.start()
    for no in (3, 1):
        assert bring(idle, cut(text), no) == 200
    idle.kill()
    server = idle.start(fault=f"{point}:kill")
    with pytest.raises(http.Broken):
        bring(server, cut(text), 2)
    server.kill()
    server.start()
    assert bring(server, cut(text), 2) == 200
    stored_once(server, text)


def test_the_rest_never_comes(make_server, config):
    config["inbound"] = {"parts_s": 1}
    server = make_server(config)
    server.load_registry()
    server.start()
    texts = cut(report())
    assert bring(server, texts, 1) == 200
    assert bring(server, texts, 3) == 200
    server.kill()  # its time runs out while nobody is there
    server.start()
    wait_until(lambda: server.count("outbox") == 1, "the sender is asked")
    row = server.rows("SELECT * FROM message")[0]
    assert row["text"] == texts[0] + texts[2]
    assert (row["state"], row["intent"]) == ("asked", None)
    assert "gui lai" in server.value("SELECT text FROM outbox")
    assert server.reports() == []
    assert server.metrics()["bantin_mo_incomplete_total"] == 1
    assert bring(server, texts, 2) == 200
    assert server.count("message") == 1
    assert server.count("outbox") == 1
    told = server.command("why", "1").stdout
    assert "incomplete: 2 of 3 parts came" in told
    # sent again, under the next reference
    for no in (1, 2, 3):
        assert bring(server, texts, no, ref=0x2c) == 200
    assert len(server.reports()) == 1


def test_a_short_code_is_not_asked(make_server, config):
    config["inbound"] = {"parts_s": 1}
    server = make_server(config)
    server.start()
    assert bring(server, ["Quy khach ", "vui long"], 1, sender="195") == 200
    wait_until(lambda: server.count("message") == 1, "its end")
    assert server.value("SELECT state FROM message") == "ignored"
    assert server.count("outbox") == 0


def test_by_fields_of_json_under_one_id(make_server, config, provider):
    """A gateway of one's own may call all parts of a text by one id."""
    config["channels"] = [{
        "name": "own", "provider": "generic", "token": TOKEN,
        "inbound": {"source": "json", "id": "id", "from": "from", "to": "to",
                    "text": "text", "part_ref": "ref", "part_no": "no",
                    "part_total": "of"},
        "outbound": {"method": "POST", "url": provider.url + "/send",
                     "type": "application/json", "accept": [200],
                     "body": '{"to":"{to}","text":"{text}"}'},
    }]
    server = make_server(config)
    server.load_registry()
    server.start()
    text = report()
    for no in (2, 3, 2, 1, 1):
        body = json.dumps({"id": "x", "from": SECRETARY, "to": "8088",
                           "text": cut(text)[no - 1], "ref": 7, "no": no,
                           "of": 3})
        assert server.request("POST", f"/in/own/{TOKEN}", body.encode()
                              ).status == 200
    stored_once(server, text)
