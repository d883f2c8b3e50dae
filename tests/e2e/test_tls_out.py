"""Texts out over HTTPS: whom bantin believes, and what it says if not."""
import pytest

from rig import pki
from rig.provider import Provider
from rig.smsgate import report
from rig.wait import wait_until


@pytest.fixture
def phone(tmp_path):
    """A phone in the local network: HTTPS with a CA of its own."""
    own = pki.Certificate(tmp_path, "phone")
    p = Provider(tls=own.server())
    p.certificate = own
    yield p
    p.close()


@pytest.fixture
def serve(make_server, config, phone):
    """Starts a server that sends to the phone."""
    def start(**channel):
        config["channels"][0].update(url=phone.url, **channel)
        s = make_server(config)
        s.load_registry()
        return s.start()
    return start


def refusal(server):
    """Why the text still waits, once it was tried."""
    row = wait_until(lambda: server.rows(
        "SELECT * FROM outbox WHERE attempts > 0 AND state = 'queued'"))[0]
    return row["why"]


def test_a_certificate_that_nobody_vouches_for(serve, phone):
    server = serve()
    server.text(report())
    assert "its certificate is not trusted: " in refusal(server)
    done = server.command("why", "1")
    assert "its certificate is not trusted: " in done.stdout
    assert phone.requests == []  # not a byte of the text
    assert server.metrics()["bantin_mt_unsure_total"] == 0


def test_with_its_ca_it_is_believed(serve, phone):
    server = serve(ca=phone.certificate.file)
    server.text(report())
    assert server.wait_sent()
    assert len(phone.wait_for(1)) == 1


def test_a_reload_brings_the_ca(serve, phone, config):
    server = serve()
    server.text(report())
    refusal(server)
    config["channels"][0]["ca"] = phone.certificate.file
    server.write_config(config)
    server.signal(1)
    assert server.wait_sent()


def test_another_name_is_not_believed(serve, phone, tmp_path):
    other = pki.Certificate(tmp_path, "other", ip="192.0.2.1")
    phone.tls.load_cert_chain(other.file, other.key)
    server = serve(ca=other.file)
    server.text(report())
    assert "does not match" in refusal(server) or \
        "alternative certificate subject name" in refusal(server)
    assert phone.requests == []


def test_the_own_ca_stands_alone(serve, phone, tmp_path):
    other = pki.Certificate(tmp_path, "other")
    server = serve(ca=other.file)
    server.text(report())
    assert "its certificate is not trusted: " in refusal(server)


@pytest.mark.parametrize("text,says", [
    (None, "cannot be opened"), ("", "holds no certificate"),
    ("-----BEGIN CERTIFICATE-----\nMIIB\n", "not readable")])
def test_a_ca_that_is_none_is_refused(make_server, config, tmp_path, text,
                                      says):
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    config["channels"][0]["ca"] = str(path)
    done = make_server(config).command("check")
    assert done.returncode == 1 and says in done.stderr
    assert "bantin.yaml:" in done.stderr and "ca.pem" in done.stderr


def test_the_environment_names_no_proxy(idle, provider, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    idle.start().text(report())
    assert idle.wait_sent()


def test_a_redirect_is_not_followed(idle, provider):
    """It would carry text and password to wherever it points."""
    provider.tell(302)
    server = idle.start()
    server.text(report())
    assert refusal(server)
    assert all(r["path"] == "/messages" for r in provider.requests)
