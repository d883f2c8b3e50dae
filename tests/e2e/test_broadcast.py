"""`bantin broadcast`: shown, sent, listed, cancelled; with serve and without."""
import json

from rig.wait import wait_until

TEXT = "Nop bao cao truoc ngay 10"


def texts(server):
    return server.value("SELECT count(*) FROM outbox WHERE text = ?", TEXT)


def test_shown_and_not_sent(idle):
    idle.load_registry()
    done = idle.command("broadcast", "--unit", "MG", TEXT)
    assert done.returncode == 1
    assert done.stdout.startswith("11 people, 1 segment each, 11 in all\n")
    assert "--yes sends it" in done.stdout
    seen = json.loads(idle.command(
        "broadcast", "--json", "--unit", "MG07", "--to", "all", TEXT).stdout)
    assert seen["people"] > 5 and seen["no_consent"] > 5
    assert idle.count("broadcast") == 0


def test_refused(idle):
    idle.load_registry()
    for line, why in ((["--unit", "MG", "moi chi bo hop"], "forbidden"),
                      (["--unit", "MG", "x" * 900], "max_segments"),
                      (["--unit", "MG99", TEXT], "no unit"),
                      (["--unit", "MG12", TEXT], "nobody")):
        done = idle.command("broadcast", "--yes", *line)
        assert done.returncode == 1 and why in done.stderr, done.stderr
    assert idle.command("broadcast", TEXT).returncode == 2
    assert idle.command("broadcast", "--unit", "MG", "--to", "x",
                        TEXT).returncode == 2


def test_sent_while_serve_runs(server):
    done = server.command("broadcast", "--unit", "MG", "--yes", TEXT)
    assert (done.returncode, done.stdout) == (0, "b1 to 11 people\n")
    wait_until(lambda: texts(server) == 11, "its texts")
    one = json.loads(server.command("broadcast", "--json", "list").stdout)[0]
    assert one["broadcast"] == 1 and one["state"] == "done"


def test_stored_without_serve_and_cancelled(make_server, config):
    config["broadcast"] = {"per_minute": 3}
    config["send_window"] = "00:00-23:59"
    server = make_server(config)
    server.load_registry()
    done = server.command("broadcast", "--unit", "MG", "--yes", TEXT)
    assert done.returncode == 0, done.stderr
    assert texts(server) == 0
    server.start()
    wait_until(lambda: texts(server) == 3, "the first minute's")
    done = server.command("queue", "cancel", "b1")
    assert done.returncode == 0, done.stderr
    assert server.value("SELECT state FROM broadcast") == "cancelled"
    assert server.command("queue", "cancel", "b9").returncode == 1
    assert server.command("queue", "cancel", "bx").returncode == 2
