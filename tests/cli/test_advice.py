"""What `bantin check` warns of, each with its place; serve logs the same."""
import re
import signal

import pytest

from rig import server as rig

TOKEN = "6f1ed002ab5595859014ebf0951522d9"
FILE = f"""\
listen: 127.0.0.1:8080
database: t.db
channels:
  - name: phone
    provider: smsgate
    token: {TOKEN}
    signing_key: a-key-of-sixteen
    url: http://192.168.1.20:8080
    username: u
    password: p
"""
KANNEL = """\
  - name: smsc
    provider: kannel
    token: 8c5b2f6a917d4e03a1f0be62d97c4438
    url: http://127.0.0.1:13013
    username: u
    password: p
"""
SIGNED = """\
  - name: sig
    provider: generic
    token: 0d5fb4d1c8a2e6937b10f9ce5a8d4472
    inbound: {signature: {key: a-key-of-sixteen, over: "{url}{body}",
                          header: X-Signature}}
"""
TWILIO = """\
  - name: tw
    provider: twilio
    token: 0d5fb4d1c8a2e6937b10f9ce5a8d4472
    account_sid: AC00112233445566778899aabbccddeeff
    auth_token: ein-alt
    sender: name
"""
USSD = """\
  - name: dial
    provider: hubtel
    token: 0d5fb4d1c8a2e6937b10f9ce5a8d4472
"""
OPEN = FILE.replace("127.0.0.1:8080", "192.0.2.1:8080")
PUBLIC = "public_url: https://sms.example.vn\n"


@pytest.fixture
def check(tmp_path):
    def run(text):
        (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
        return rig.run("check", "-c", "t.yaml", cwd=tmp_path)
    return run


def warnings(done):
    assert done.returncode == 0, done.stderr
    return re.findall(r"^t\.yaml:(\d+:\d+): warning: (.*)$", done.stderr,
                      re.M)


@pytest.mark.parametrize("text", [
    FILE, FILE + KANNEL, PUBLIC + FILE, PUBLIC + FILE + SIGNED,
    "public_url: https://sms.example.vn/bantin\n" + FILE + SIGNED,
    "public_url: http://10.0.0.7:8080\n" + FILE,
    "listen: '[::1]:8080'\n" + FILE.split("\n", 1)[1] + KANNEL,
    PUBLIC + FILE + KANNEL + "    allow_from: [127.0.0.1]\n",
    FILE + USSD, PUBLIC + FILE + USSD + "    allow_from: [192.0.2.0/24]\n",
    PUBLIC + FILE + KANNEL + "    callback_username: u\n"
    "    callback_password: another-secret-of-ours\n",
])
def test_nothing_to_say(check, text):
    done = check(text)
    assert (done.returncode, done.stderr) == (0, "")


GENERIC = """\
  - name: gen
    provider: generic
    token: 0d5fb4d1c8a2e6937b10f9ce5a8d4472
    inbound: {part_no: n}
    outbound: {url: "https://api.example.vn/x", body: 'hop', type: text/plain}
"""
ESMS = """\
  - name: es
    provider: esms
    token: 0d5fb4d1c8a2e6937b10f9ce5a8d4472
    api_key: an-api-key-of-ours
    secret_key: a-secret-key-of-ours
    sms_type: 8
"""
SPEEDSMS = """\
  - name: sp
    provider: speedsms
    token: 0d5fb4d1c8a2e6937b10f9ce5a8d4472
    access_token: an-access-token
"""
AFRICA = """\
  - name: at
    provider: africastalking
    token: 0d5fb4d1c8a2e6937b10f9ce5a8d4472
    api_key: an-api-key-of-theirs
    username: sandbox
"""


@pytest.mark.parametrize("text, place, says", [
    # what can hardly be meant, at its own key
    (FILE.replace("    username: u\n", ""), "8:10", "without a log-in"),
    (FILE.replace("    password: p\n", ""), "8:10", "without a log-in"),
    (FILE.replace(":8080\n    user", ":8080/messages\n    user"), "8:10",
     "/messages is added by itself; leave it out: http://192.168.1.20:8080"),
    (FILE + KANNEL.replace(":13013", ":13013/cgi-bin/sendsms"), "14:10",
     "/cgi-bin/sendsms is added"),
    (FILE + "    allow_from: [192.0.2.1, 0.0.0.0/0]\n", "11:29",
     "allows everybody"),
    (FILE + '    allow_from: ["::/0"]\n', "11:18", "allows everybody"),
    (FILE + "    allow_from: [192.0.2.7/24]\n", "11:18",
     "one address is 192.0.2.7"),
    (FILE + '    reaches: ["+8491", "09"]\n', "11:24", "write +849"),
    (FILE + GENERIC, "14:24", "name all three"),
    (FILE + GENERIC, "15:55", "has a {to}"),
    (FILE + GENERIC, "15:55", "has a {text}"),
    (FILE + GENERIC.replace("'hop', type: text/plain", "'{\"a\": {text}}'"),
     "15:55", "makes no JSON"),
    (FILE + ESMS, "16:15", "set number"),
    (FILE + ESMS, "12:15", "set public_url"),
    (FILE + SPEEDSMS, "14:19", "set number"),
    (FILE + AFRICA, "15:15", "api.sandbox.africastalking.com"),
    (PUBLIC + FILE + TWILIO.replace("AC0", "AC"), "15:18", "AC and 32 hex digits"),
    ("public_url: https://192.168.1.5\n" + FILE + TWILIO, "1:13",
     "nobody reaches"),
])
def test_what_can_hardly_be_meant(check, text, place, says):
    found = warnings(check(text))
    assert any(p == place and says in w for p, w in found), found


@pytest.mark.parametrize("text, place, says", [
    (FILE.replace(":8080\n    user", ":99999\n    user"), "8:10", "'url'"),
    (FILE + GENERIC.replace("type: text/plain",
                            'headers: {X-A: "a\\r\\nB: c"}'),
     "15:77", "on one line"),
    (FILE + TWILIO.replace("sender: name", "sender: '+'"), "16:13", "sender"),
    (FILE + ESMS.replace("    secret_key: a-secret-key-of-ours\n", ""),
     "14:14", "both api_key and secret_key"),
    (FILE + KANNEL + "    callback_password: p\n", "17:24", "callback_"),
])
def test_faults_of_a_provider_stand_at_their_key(check, text, place, says):
    done = check(text)
    assert done.returncode == 1, done.stderr
    assert re.search(rf"^t\.yaml:{place}: .*{re.escape(says)}",
                     done.stderr, re.M), done.stderr


@pytest.mark.parametrize("text, place, says", [
    # who may call
    (PUBLIC + FILE + KANNEL, "13:15", "allow_from"),
    (PUBLIC + FILE.replace("    signing_key: a-key-of-sixteen\n", ""),
     "6:15", "the token alone guards the callbacks of channel phone"),
    (PUBLIC + FILE + SIGNED + "    dlr: {states: {A: sent}, unsigned: true}\n",
     "13:15", "guards the delivery reports of channel sig"),
    (PUBLIC + FILE + KANNEL.replace("provider: kannel", "provider: console")
     .split("    url")[0], "13:15", "callbacks of channel smsc"),
    (PUBLIC + FILE + USSD, "13:15", "callbacks of channel dial; name the "
     "callers' addresses in allow_from; sessions of USSD are never signed"),
    (FILE.split("  - name")[0] + USSD, "5:15", "no channel can send the SMS"),
    # tokens and keys
    (FILE.replace(TOKEN, "0123456789abcdef0123456789abcdef"), "6:12",
     "openssl rand -hex 16"),
    (FILE.replace(TOKEN, "a" * 32), "6:12", "guessed"),
    (FILE.replace(TOKEN, "6f1ed002ab559585" * 2), "6:12", "guessed"),
    (FILE.replace(TOKEN, TOKEN[:24] + "87654321"), "6:12", "guessed"),
    (FILE.replace(TOKEN, "aabbccddeeffaabbccddeeffabcdefab"), "6:12",
     "guessed"),
    (FILE + KANNEL.replace("8c5b2f6a917d4e03a1f0be62d97c4438", TOKEN),
     "13:12", "channel phone has the same token"),
    (FILE.replace("a-key-of-sixteen", "abcdefgh"), "7:18",
     "signing_key of 8 characters"),
    (PUBLIC + FILE + TWILIO, "16:17", "auth_token of 7 characters"),
    # our own numbers, which nobody is to answer
    (FILE + "    number: [0912345678, '8088', QLDV, +8491234567O]\n", "11:13",
     "'+8491234567O' is no phone number"),
    # the address that is signed
    (FILE + SIGNED, "12:15", "without public_url that is "
     "http://127.0.0.1:8080"),
    ("public_url: http://localhost:8080\n" + FILE + SIGNED, "1:13",
     "hardly this one"),
    # in the clear
    ("public_url: http://sms.example.vn\n" + FILE, "1:13", "https://"),
    (OPEN, "1:9", "tokens in the clear"),
    (FILE.replace("192.168.1.20:8080", "api.example.vn"), "8:10",
     "reads the password"),
    (FILE + "  - name: out\n    provider: generic\n"
     "    token: 8c5b2f6a917d4e03a1f0be62d97c4438\n    outbound:\n"
     "      {url: 'http://203.0.113.5/?{to}{text}', bearer: secret}\n", "15:13",
     "reads the password"),
])
def test_a_warning_and_no_other(check, text, place, says):
    found = warnings(check(text))
    assert [at for at, _ in found] == [place], found
    assert says in found[0][1]


def test_what_can_never_pass_is_a_fault(check):
    done = check(FILE.replace("127.0.0.1:", "0.0.0.0:") + SIGNED)
    assert done.returncode == 1
    assert re.search(r"^t\.yaml:12:15: channel sig .*public_url", done.stderr,
                     re.M), done.stderr


@pytest.mark.parametrize("url, says", [
    ("https://sms.example.vn/?a=1", "no '?'"),
    ("https://sms.example.vn#a", "no '#'"),
    ("https://u:p@sms.example.vn", "no '@'"),
    ("https://sms.example.vn/a b", "https://HOST"),
    ("https://sms.example.vn/" + "a" * 137, "159 characters"),
    ("sms.example.vn", "https://HOST"),
])
def test_a_public_url_that_is_none(check, url, says):
    done = check(f"public_url: '{url}'\n" + FILE)
    assert done.returncode == 1
    assert done.stderr.startswith("t.yaml:1:13: "), done.stderr
    assert says in done.stderr


def test_a_public_url_of_full_length(check):
    done = check("public_url: https://sms.example.vn/" + "a" * 136 + "/\n"
                 + FILE)
    assert (done.returncode, done.stderr) == (0, "")


def test_serve_logs_it_once(server):
    """The rig's token is one that can be guessed."""
    server.err.wait("event=config .*line=.* why=\"this token can be guessed")
    server.signal(signal.SIGHUP)
    server.err.wait("event=reloaded")
    assert len(server.err.find("event=config")) == 2


def test_other_commands_keep_quiet(idle):
    done = idle.command("queue")
    assert (done.returncode, done.stderr) == (0, "")
