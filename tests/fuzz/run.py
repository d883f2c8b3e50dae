#!/usr/bin/env python3
"""Runs each fuzz target for a while; one line a target.

usage: run.py --build DIR [--seconds N] [TARGET…]

Seeds are cut from tests/data and the shipped files; what is found on the way
stays in DIR/corpus/TARGET, findings in DIR/findings. Exit status 1 when there
is one: the line names the file, and `DIR/tests/fuzz/TARGET FILE` runs it
again.
"""
import argparse
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
WORKERS = 2
SLACK_S = 120  # past its time a target hangs
OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=1:allocator_may_return_null=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
}
# Longest input, seconds that one may take.
LIMITS = {"normalise": 9000, "read": 1200, "lex": 2500, "registry": 3000,
          "yaml": 6000}
SLOW_S = 5


def data(path):
    with open(os.path.join(TOP, path), "rb") as f:
        return f.read()


def texts():
    for line in data("tests/data/corpus/messages.jsonl").splitlines():
        yield json.loads(line)["in"]["text"].encode()


def situations():
    """A text in each of the situations that the target builds."""
    for n, text in enumerate(texts()):
        yield bytes([n % 10, n % 64, n % 3]) + text


def yaml_files():
    for n, pattern in enumerate(("tests/golden/config/*.yaml",
                                 "tests/golden/config/*.yaml",
                                 "config/replies.vi.yaml")):
        for path in glob.glob(os.path.join(TOP, pattern)):
            yield bytes([n]) + data(path)
    yield b"\x01" + data("config/bantin.yaml")
    yield (b"\x03today: 2026-11-06\nlexicon: {A: [a]}\nslots: {}\n"
           b"rules:\n  - {name: a, intent: help, when: A,"
           b" examples: [{text: a}]}\n")


def registries():
    parts = [data(f"tests/data/registry/{n}.csv").splitlines()
             for n in ("units", "members", "roles")]
    for rows in (2, 4, 8):
        yield b"\x01".join(b"\n".join(p[:rows]) + b"\n" for p in parts)


def callbacks():
    """Channel, what is asked of it, then the request in its parts."""
    body = (b'{"id":"a1","from":"+84900000007","to":"+84900000001",'
            b'"text":"HOP 5/11 47 35 10 2","time":"2026-11-06T12:30:00Z",'
            b'"deviceId":"d","event":"sms:received","webhookId":"w",'
            b'"payload":{"messageId":"m","message":"HOP","phoneNumber":'
            b'"+84900000007","receivedAt":"2026-11-06T12:30:00.000+07:00",'
            b'"sender":"+84900000007","recipient":"1","simNumber":1}}')
    form = (b"id=a1&from=%2B84900000007&to=1900&text=HOP+5%2F11&time="
            b"1794000000")
    kannel = (b"id=a1&from=%2B84900000007&to=1900&b=%00H%1E%CD&cs=UTF-16BE"
              b"&c=2&ts=1794000000&udh=%05%00%03%2B%02%01")
    report = b"o=db-7&d=1&a=stat%3ADELIVRD&f=4711&p=%2B84900000007&t=1794000000"
    esms = (b"sender=84900000007&content=HOP+5%2F11&smsid=S1&cpid=100&sign="
            b"0a00eb03fda3bf8f507eb8f496d6fe36&receiverTime=20261106123000")
    vonage = (b"msisdn=84900000007&messageId=0A&text=H%E1%BB%8Dp&concat=true"
              b"&concat-ref=1&concat-part=1&concat-total=2&sig=ab&"
              b"message-timestamp=2026-11-06+12%3A30%3A00")
    receipt = (b'{"messageId":"0A","client-ref":"db-7","status":"failed",'
               b'"err-code":2,"scts":"2611061230","msisdn":"84900000007"}')
    taken = b'{"messages":[{"status":"0","message-id":"0A"},{"status":"1"}]}'
    infobip = (b'{"results":[{"messageId":"a","from":"84900000007","text":'
               b'"HOP","cleanText":"5/11","receivedAt":'
               b'"2026-11-06T12:30:00.123+0000"}]}')
    done = (b'{"results":[{"messageId":"db-7","to":"84900000007","doneAt":'
            b'"2026-11-06T12:30:00.123+0700","status":{"groupId":2,"name":'
            b'"U"},"error":{"name":"EC"}}],"messages":[{"messageId":"db-7",'
            b'"status":{"groupName":"REJECTED","name":"REJECTED_SENDER"}}]}')
    status = (b"o=db-7&k=0a00eb03?SMSID=S1&SendStatus=5&SendSuccess=1&telcoid"
              b"=1&phonenumber=84900000007")
    speed = b'{"type":"report","tranId":4711,"phone":"84900000007","status":17}'
    text = b'{"type":"incoming","phone":"84900000007","content":"HOP 5/11"}'
    at = (b"id=a1&from=%2B254711000007&to=22334&text=HOP&date="
          b"2017-05-03+06%3A04%3A45&status=Failed&failureReason=a"
          b"&phoneNumber=%2B254711000007")
    took = (b'{"CodeResult":"100","SMSID":"S1","status":"success","data":'
            b'{"tranId":1,"invalidPhone":[]},"SMSMessageData":{"Message":"a",'
            b'"Recipients":[{"statusCode":101,"status":"Success",'
            b'"messageId":"a"}]}}')
    xml = (b'<?xml version="1.0"?><x:r xmlns:x="u" id="m" state="DELIVRD" '
           b'code="0"><why>a</why><a id="1"><sms id="7" at="2026-11-06 '
           b'12:30:00"><from>+84900000007</from><b><text>00681ECD0070</text>'
           b'</b><p r="c" n="1" t="2"/></sms></a></x:r>')
    row = (b'{"inbox":{"id":7,"received":"2026-11-06 12:30:00","at":1794000000'
           b',"sender":"+84900000007","text":"a","hex":"00481ECD","coding":'
           b'"8bit","udh":"050003AA0201","class":-1,"message":5,"part":1,'
           b'"parts":2}}')
    sent = (b'{"sentitems":{"id":3,"part":1,"creator":"db-7","to":'
            b'"+84900000007","status":"DeliveryFailed","error":65,"udh":'
            b'"050003AA0201","at":1794000000}}')
    batch = (b'{"results":[{"id":"a","from":"+84900000007","text":"HOP",'
             b'"time":"1794000000000","r":"c","n":1,"t":2,"status":"DELIVRD",'
             b'"o":"db-7","e":"x"}],"a":[{"status":"0","id":"q"}]}')
    dialled = (b"sessionId=1&serviceCode=%2A384%2A7%23&phoneNumber=%2B84900000"
               b"007&text=1%2A47&SESSIONID=1&MSISDN=84900000007&USSDCODE=*384*"
               b"7%23&INPUT=*384*7*1%23&s=1&p=84900000007&i=*384*7*5*11")
    hop = (b'{"Type":"Initiation","Mobile":"84900000007","SessionId":"h",'
           b'"ServiceCode":"*384*7#","Message":"*384*7*1#","Sequence":1,'
           b'"USERID":"u","MSISDN":"84900000007","USERDATA":"*384*7#",'
           b'"MSGTYPE":true,"SESSIONID":"n","msisdn":"84900000007","text":"1",'
           b'"a":{"s":1},"p":"84900000007","c":"*1#","i":"47","n":2,"t":"b"}')
    for channel in range(48):
        for what in range(3):
            head = bytes([channel, what])
            yield head + b"POST\x01" + form + b"\x01" + body
            yield head + b"GET\x01" + form + b"\x01" + form
            yield head + b"POST\x01" + dialled + b"\x01" + dialled
            yield head + b"session/7/start\x01" + dialled + b"\x01" + hop
            yield head + b"GET\x01" + kannel + b"\x01"
            yield head + b"GET\x01" + report + b"\x01"
            yield head + b"GET\x01" + esms + b"\x01"
            yield head + b"GET\x01" + status + b"\x01"
            yield head + b"POST\x01\x01" + speed
            yield head + b"POST\x01\x01" + text
            yield head + b"POST\x01\x01" + at
            yield head + b"GET\x01" + vonage + b"\x01"
            yield head + b"POST\x01\x01" + receipt
            yield head + b"POST\x01\x01" + infobip
            yield head + b"POST\x01\x01" + done
            yield head + b"\x00\x02\x00\x01" + done
            yield head + b"\x00\x02\x00\x01" + taken
            yield head + b"\x00\x02\x00\x01" + took
            yield head + b"POST\x01o=db-7\x01" + xml
            yield head + b"POST\x01\x01" + row
            yield head + b"POST\x01\x01" + sent
            yield head + b"POST\x01\x01" + batch
            yield head + b"\x00\x02\x00\x01" + xml
            yield head + b"\x00\x02\x00\x01" + batch
            yield head + b"\x00\x02\x00\x01ok id: 7;"


def files():
    """Kind, fresh, the file that a report is about; then the file."""
    head = (b"From: 84900000007\nFrom_TOA: 91 international\nSent: 26-11-22 "
            b"16:54:15\nModem: GSM1\nUDH-DATA: 05 00 03 2A 02 01\n")
    ours = (b"To: 84900000007\nX-Bantin: m17:ask:1.0a\nModem: GSM1\n"
            b"Message_id: 1 2 .\nFail_reason: +CMS ERROR: 38\n\nhi")
    for kind in range(4):
        for fresh in range(2):
            lead = bytes([kind, fresh]) + ours + b"\x01"
            yield lead + ours
            yield lead + head + b"Alphabet: ISO\nLength: 3\n\nHOP"
            yield lead + head + b"Alphabet: UCS2\nLength: 1\n\n\x1e\xcd"
            yield (lead + head + b"\nSMS STATUS REPORT\nMessage_id: 2\n"
                   b"Discharge_timestamp: 26-11-22 16:54:18\nStatus: 0,Ok")


def frames():
    for v in ({"command": "send"}, {"command": "nothing"}, [1]):
        text = json.dumps(v).encode()
        yield b"%d\n%s" % (len(text), text)
    yield b"12\n{}"


def talks():
    """Caller in three bytes, way, then what is typed at each screen."""
    for role in range(5):
        for way in range(2):
            head = bytes([role, 0, 2, way])
            yield head + b"\x01".join((b"1", b"2", b"47", b"35", b"10", b"2"))
            yield head + b"\x01".join((b"1", b"mg01", b"3", b"5*11", b"47",
                                      b"35", b"10", b"0", b"2", b"37"))
            yield head + b"\x01".join((b"2", b"1", b"2", b"3 12", b"7-9",
                                      b"\x03", b"0", b"1", b"00", b"0"))
            yield head + b"\x01".join((b"3", b"12", b"1", b"binh duong",
                                      b"3", b"\x02", b"6", b"9", b"1"))


SEEDS = {
    "normalise": texts, "lex": texts, "segment": texts, "read": situations,
    "list": lambda: (b"VP 3 12 VK 7", b"1-12,15", b"3.7.12", b"3P 7K"),
    "date": lambda: (b"2026-11-05", b"19:30", b"2026-11-06T19:30:00+07:00",
                     b"\x01\x02\x00\x00\x05\x01\x0b"),
    "phone": lambda: (b"+84912345678", b"0120 345 6789", b"0084 912.345.678",
                      b"(84)0912345678", b"1900"),
    "json": lambda: [data("tests/data/corpus/messages.jsonl").splitlines()[n]
                     for n in range(20)] + [b"a=1&b=%20+c", b"a[0]\x01[1]"],
    "yaml": yaml_files, "registry": registries, "provider": callbacks,
    "control": frames, "files": files,
    "guide": talks,
}


def plant(folder, seeds):
    os.makedirs(folder, exist_ok=True)
    for n, seed in enumerate(seeds):
        with open(f"{folder}/seed-{n:03}", "wb") as f:
            f.write(seed)


def command(args, name, folder):
    return [f"{args.build}/tests/fuzz/{name}",
            f"-max_total_time={args.seconds}", f"-timeout={SLOW_S}",
            f"-max_len={LIMITS.get(name, 4096)}", "-rss_limit_mb=2048",
            "-print_final_stats=1", "-use_value_profile=1",
            f"-artifact_prefix={args.build}/findings/{name}-", folder]


def story(name, status, out):
    runs = re.search(r"number_of_executed_units: (\d+)", out)
    covered = re.findall(r"cov: (\d+)", out)
    line = (f"{name}: {runs.group(1) if runs else '?'} runs, "
            f"{covered[-1] if covered else '?'} edges")
    if status == 0:
        return f"ok {line}"
    file = re.search(r"Test unit written to (\S+)", out)
    why = re.search(r"BROKEN .*|SUMMARY: .*|.*Assertion .* failed.*|ERROR: .*", out)
    return (f"FOUND {line}: {why.group() if why else f'exit {status}'}"
            f" {file.group(1) if file else ''}")


def fuzz(args, name):
    folder = f"{args.build}/corpus/{name}"
    plant(folder, SEEDS[name]())
    try:
        done = subprocess.run(
            command(args, name, folder), env={**os.environ, **OPTIONS},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=args.seconds + SLACK_S)
        status, out = done.returncode, done.stdout
    except subprocess.TimeoutExpired as e:
        status, out = "never", e.stdout or b""
    out = out.decode("utf-8", "replace")
    with open(f"{args.build}/findings/{name}.log", "w",
              encoding="utf-8") as f:
        f.write(out)
    print(story(name, status, out), flush=True)
    return status == 0


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    p.add_argument("--build", required=True)
    p.add_argument("--seconds", type=int, default=60)
    p.add_argument("target", nargs="*")
    args = p.parse_args()
    args.build = os.path.abspath(args.build)
    os.makedirs(f"{args.build}/findings", exist_ok=True)
    names = args.target or sorted(SEEDS)
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        fine = list(pool.map(lambda name: fuzz(args, name), names))
    print(f"{sum(fine)} fine, {len(fine) - sum(fine)} with findings")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main())
