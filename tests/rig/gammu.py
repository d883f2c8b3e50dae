"""gammu-smsd with the dummy phone of gammu: texts come in as files.

Its configuration is the one of docs/providers/gammu.md with the phone, the
folder and the times exchanged, its tables are the package's. What no dummy
does, a delivery report, is written into the database as gammu-smsd would.
"""
import os
import re
import sqlite3
import subprocess
import time

from rig.server import TOP
from rig.wait import wait_until

SMSD = "/usr/bin/gammu-smsd"
SCHEMA = ("/usr/share/doc/gammu/examples/sql/sqlite.sql",
          "/usr/share/doc/gammu-smsd/examples/sqlite.sql")
# What bantin needs of it, where documentation is not installed.
TABLES = """
CREATE TABLE gammu (Version INTEGER NOT NULL PRIMARY KEY);
INSERT INTO gammu VALUES (17);
CREATE TABLE inbox (UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
 ReceivingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
 Text TEXT NOT NULL, SenderNumber TEXT NOT NULL DEFAULT '',
 Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT NOT NULL,
 SMSCNumber TEXT NOT NULL DEFAULT '', Class INTEGER NOT NULL DEFAULT -1,
 TextDecoded TEXT NOT NULL DEFAULT '',
 ID INTEGER PRIMARY KEY AUTOINCREMENT, RecipientID TEXT NOT NULL,
 Processed TEXT NOT NULL DEFAULT 'false', Status INTEGER NOT NULL DEFAULT -1);
CREATE TABLE outbox (UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
 InsertIntoDB NUMERIC NOT NULL DEFAULT (datetime('now')),
 SendingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
 SendBefore time NOT NULL DEFAULT '23:59:59',
 SendAfter time NOT NULL DEFAULT '00:00:00', Text TEXT,
 DestinationNumber TEXT NOT NULL DEFAULT '',
 Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT,
 Class INTEGER DEFAULT -1, TextDecoded TEXT NOT NULL DEFAULT '',
 ID INTEGER PRIMARY KEY AUTOINCREMENT,
 MultiPart TEXT NOT NULL DEFAULT 'false',
 RelativeValidity INTEGER DEFAULT -1, SenderID TEXT,
 SendingTimeOut NUMERIC NOT NULL DEFAULT (datetime('now')),
 DeliveryReport TEXT DEFAULT 'default', CreatorID TEXT NOT NULL,
 Retries INTEGER DEFAULT 0, Priority INTEGER DEFAULT 0,
 Status TEXT NOT NULL DEFAULT 'Reserved',
 StatusCode INTEGER NOT NULL DEFAULT -1);
CREATE TABLE outbox_multipart (Text TEXT,
 Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT,
 Class INTEGER DEFAULT -1, TextDecoded TEXT, ID INTEGER,
 SequencePosition INTEGER NOT NULL DEFAULT 1,
 Status TEXT NOT NULL DEFAULT 'Reserved',
 StatusCode INTEGER NOT NULL DEFAULT -1, PRIMARY KEY (ID, SequencePosition));
CREATE TABLE phones (ID TEXT NOT NULL,
 UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
 InsertIntoDB NUMERIC NOT NULL DEFAULT (datetime('now')),
 TimeOut NUMERIC NOT NULL DEFAULT (datetime('now')),
 Send TEXT NOT NULL DEFAULT 'no', Receive TEXT NOT NULL DEFAULT 'no',
 IMEI TEXT PRIMARY KEY NOT NULL, IMSI TEXT NOT NULL,
 NetCode TEXT DEFAULT 'ERROR', NetName TEXT DEFAULT 'ERROR',
 Client TEXT NOT NULL, Battery INTEGER NOT NULL DEFAULT -1,
 Signal INTEGER NOT NULL DEFAULT -1, Sent INTEGER NOT NULL DEFAULT 0,
 Received INTEGER NOT NULL DEFAULT 0);
CREATE TABLE sentitems (UpdatedInDB NUMERIC NOT NULL DEFAULT (datetime('now')),
 InsertIntoDB NUMERIC NOT NULL DEFAULT (datetime('now')),
 SendingDateTime NUMERIC NOT NULL DEFAULT (datetime('now')),
 DeliveryDateTime NUMERIC NULL, Text TEXT NOT NULL,
 DestinationNumber TEXT NOT NULL DEFAULT '',
 Coding TEXT NOT NULL DEFAULT 'Default_No_Compression', UDH TEXT NOT NULL,
 SMSCNumber TEXT NOT NULL DEFAULT '', Class INTEGER NOT NULL DEFAULT -1,
 TextDecoded TEXT NOT NULL DEFAULT '', ID INTEGER, SenderID TEXT NOT NULL,
 SequencePosition INTEGER NOT NULL DEFAULT 1,
 Status TEXT NOT NULL DEFAULT 'SendingOK',
 StatusError INTEGER NOT NULL DEFAULT -1, TPMR INTEGER NOT NULL DEFAULT -1,
 RelativeValidity INTEGER NOT NULL DEFAULT -1, CreatorID TEXT NOT NULL,
 StatusCode INTEGER NOT NULL DEFAULT -1, PRIMARY KEY (ID, SequencePosition));
"""
# Schema 18 numbers the parts of a text.
COLUMNS_18 = """
UPDATE gammu SET Version = 18;
ALTER TABLE inbox ADD COLUMN MessageID INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN SequencePosition INTEGER NOT NULL DEFAULT 1;
ALTER TABLE inbox ADD COLUMN PartCount INTEGER NOT NULL DEFAULT 1;
"""


def schema():
    for path in SCHEMA:
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                return f.read()
    return TABLES


def documented():
    with open(f"{TOP}/docs/providers/gammu.md", encoding="utf-8") as f:
        return re.search(r"```ini\n(.*?)```", f.read(), re.S)[1]


def exchange(text, old, new):
    assert old in text, f"docs/providers/gammu.md says no {old!r}"
    return text.replace(old, new)


class Database:
    """gammu's file alone: the tests play the daemon."""

    def __init__(self, folder, version=17):
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.path = os.path.join(self.folder, "smsd.db")
        self.make(version)

    def make(self, version=17):
        if os.path.exists(self.path):
            os.unlink(self.path)
        db = sqlite3.connect(self.path)
        db.executescript(schema() + (COLUMNS_18 if version == 18 else ""))
        db.close()

    def run(self, sql, *args):
        """A statement, or a query's rows."""
        db = sqlite3.connect(self.path, timeout=5)
        db.row_factory = sqlite3.Row
        try:
            with db:
                return [dict(r) for r in db.execute(sql, args)]
        finally:
            db.close()

    def value(self, sql, *args):
        row = self.run(sql, *args)
        return next(iter(row[0].values())) if row else None

    def refresh(self, signal=42, age_s=0):
        """The modem is there, or was."""
        self.run("REPLACE INTO phones (ID, IMEI, IMSI, Client, Signal, "
                 "Battery, UpdatedInDB) VALUES ('', '1', '1', 'test', ?, 99, "
                 "datetime('now', ?))", signal, f"-{age_s} seconds")

    def receive(self, text, sender="+84900000007", udh="", **more):
        row = {"SenderNumber": sender, "TextDecoded": text, "UDH": udh,
               "Text": text.encode("utf-16-be").hex().upper(),
               "RecipientID": "", **more}
        self.run(f"INSERT INTO inbox ({', '.join(row)}) VALUES "
                 f"({', '.join('?' * len(row))})", *row.values())

    def send_all(self, status="SendingOK"):
        """What gammu-smsd does with outbox: to sentitems, each part."""
        for o in self.run("SELECT * FROM outbox ORDER BY ID"):
            parts = [{**o, "SequencePosition": 1}, *self.run(
                "SELECT * FROM outbox_multipart WHERE ID = ?", o["ID"])]
            for p in parts:
                self.run("INSERT INTO sentitems (ID, SequencePosition, Text, "
                         "TextDecoded, UDH, Coding, DestinationNumber, "
                         "SenderID, CreatorID, Status) VALUES "
                         "(?, ?, ?, ?, ?, ?, ?, '', ?, ?)", o["ID"],
                         p["SequencePosition"], p["Text"], p["TextDecoded"],
                         p["UDH"], p["Coding"], o["DestinationNumber"],
                         o["CreatorID"], status)
            self.run("DELETE FROM outbox WHERE ID = ?", o["ID"])

    def report(self, status, error=-1, part=None):
        """A delivery report of all that was sent, or of one part."""
        self.run("UPDATE sentitems SET Status = ?, StatusError = ?, "
                 "DeliveryDateTime = datetime('now', 'localtime') "
                 "WHERE ? IS NULL OR SequencePosition = ?",
                 status, error, part, part)

    def unprocessed(self):
        return self.value("SELECT count(*) FROM inbox "
                          "WHERE Processed = 'false'")


class Smsd(Database):
    """The real daemon at the dummy phone. start() to stop()."""

    def __init__(self, folder):
        super().__init__(folder)
        self.phone = os.path.join(self.folder, "phone")
        for n in range(1, 6):
            os.makedirs(f"{self.phone}/sms/{n}")
        for name in ("pbk", "note", "todo", "calendar", "alarm", "fs"):
            os.makedirs(f"{self.phone}/{name}")
        self.process = None
        self.number = 0
        text = documented()
        for old, new in (
                ("device = /dev/modem", f"device = {self.phone}"),
                ("connection = at115200", "connection = none\nmodel = dummy"),
                ("/var/lib/gammu/", self.folder),
                ("logfile = syslog", f"logfile = {self.folder}/log"),
                ("statusfrequency = 60", "statusfrequency = 1"),
                ("multiparttimeout = 600", "multiparttimeout = 5\n"
                 "commtimeout = 1\nreceivefrequency = 1\nloopsleep = 1")):
            text = exchange(text, old, new)
        with open(f"{self.folder}/smsdrc", "w", encoding="utf-8") as f:
            f.write(text)

    def start(self):
        self.process = subprocess.Popen(
            [SMSD, "-c", f"{self.folder}/smsdrc"], cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        wait_until(lambda: self.run("SELECT * FROM phones"),
                   "gammu-smsd at its database")
        return self

    def receive(self, text, sender="+84900000007", udh="", **more):
        """A file in the phone's inbox; it has its name when it is whole."""
        self.number += 1
        raw = text.encode("utf-16-be").hex().upper()
        lines = ["[SMSBackup000]", "PDU = Deliver",
                 f"DateTime = {time.strftime('%Y%m%dT%H%M%S')}",
                 "State = UnRead",
                 f'Number = "{sender}"', f"Length = {len(raw) // 4}",
                 "Coding = Unicode_No_Compression", "Folder = 1",
                 *([f"UDH = {udh}"] if udh else []),
                 *(f"Text{i // 200:02d} = {raw[i:i + 200]}"
                   for i in range(0, len(raw), 200))]
        path = f"{self.phone}/sms/{self.number}.new"
        with open(path, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        os.rename(path, f"{self.phone}/sms/1/{self.number}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
