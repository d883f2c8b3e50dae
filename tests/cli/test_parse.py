"""`bantin parse`: the contract of its lines."""
import json

import pytest

from rig import server as rig
from rig.server import REGISTRY

NOW = "2026-11-06T19:30:00+07:00"
FROM = "+84900000007"


def parse(*lines, registry=True):
    text = "".join((s if isinstance(s, str) else
                    json.dumps(s, ensure_ascii=False)) + "\n" for s in lines)
    args = ["--registry", REGISTRY] if registry else []
    done = rig.run("parse", *args, "--jsonl", stdin=text)
    assert done.returncode == 0, done.stderr
    return [json.loads(s) for s in done.stdout.splitlines()]


def test_keys():
    text = "HOP 5/11 47 35 10 2"
    out = parse({"text": text, "now": NOW, "from": FROM})[0]
    assert set(out) == {"intent", "fields", "clarify", "problem", "reply",
                        "text"}
    assert out["intent"] == "meeting_report" and out["clarify"] is False
    assert out["text"] == text and out["problem"] is None
    want = {"unit": "MG07", "date": "2026-11-05", "total": 47, "present": 35,
            "excused": 10, "unexcused": 2}
    assert want.items() <= out["fields"].items()
    assert "MG07" in out["reply"] and "35" in out["reply"]


def test_one_line_out_for_each_in():
    out = parse({"text": "GIUP"}, "not json", "[]", '{"text":1}', "{}",
                {"text": ""}, {"text": "XEM"})
    assert len(out) == 7
    assert [("error" in o) for o in out] == [
        False, True, True, True, True, False, False]


def test_only_text_is_needed():
    out = parse({"text": "HOP MG07 5/11 TS47 CM35 VP10 VK2"}, registry=False)
    assert out[0]["intent"] == "meeting_report"


def test_clarify_names_its_problem():
    out = parse({"text": "HOP 5/11 TS47 CM35 VP10 VK5", "now": NOW,
                 "from": FROM})[0]
    assert out["clarify"] is True and out["problem"] == "sum_mismatch"
    assert out["reply"]


def test_no_record_no_fields():
    out = parse({"text": "cam on anh nhieu", "now": NOW, "from": FROM})[0]
    assert out["intent"] == "other" and out["fields"] == {}
    assert out["clarify"] is False


@pytest.mark.parametrize("text, accepted", [("1", True), ("dung roi", True)])
def test_question_gives_the_meaning(text, accepted):
    report = {"unit": "MG07", "date": "2026-11-05", "total": 47,
              "present": 35, "excused": 10, "unexcused": 2}
    out = parse({"text": text, "now": NOW, "from": FROM,
                 "question": "confirm_report", "last_report": report},
                {"text": text, "now": NOW, "from": FROM})
    assert out[0]["intent"] == "ack" and out[0]["clarify"] is False
    assert out[0]["fields"].get("accepted", accepted) is accepted
    assert out[1]["intent"] != "ack" or out[1]["clarify"] is True


def test_last_report_is_what_a_correction_speaks_of():
    out = parse({"text": "SUA CM36 VP9", "now": NOW, "from": FROM,
                 "question": "confirm_report",
                 "last_report": {"unit": "MG07", "date": "2026-11-05",
                                 "total": 47, "present": 35, "excused": 10,
                                 "unexcused": 2}})[0]
    assert out["intent"] == "correction" and out["clarify"] is False
    assert out["fields"]["present"] == 36 and out["fields"]["excused"] == 9


def test_bytes_that_are_no_text():
    out = parse({"text": "a\u0001b"}, {"text": "\U0001f600" * 3000})
    assert len(out) == 2


def test_for_people():
    done = rig.run("parse", "--registry", REGISTRY,
                   "HOP MG07 5/11 TS47 CM35 VP10 VK2")
    assert done.returncode == 0
    assert "meeting_report" in done.stdout and "MG07" in done.stdout


def test_missing_registry():
    done = rig.run("parse", "--registry", "/nowhere", "--jsonl")
    assert done.returncode == 1 and "/nowhere" in done.stderr


def test_people_see_symbols_checks_and_segments():
    done = rig.run("parse", "HOP MG07 5/11 TS47 CM35 VP10 VK5", "--registry",
                   REGISTRY, "--from", "+84900000007", "--now",
                   "2026-11-06T19:30:00+07:00")
    assert done.returncode == 0, done.stderr
    for said in ("HOP mg07 5/11 TS 47 CM 35 VP 10 VK 5", "35 + 10 + 5 = 50",
                 "the sender's own", "a Thursday", "sum_mismatch: the figures",
                 "1 segment, ", "septets"):
        assert said in done.stdout, done.stdout
