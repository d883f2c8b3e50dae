"""A 4G modem on a pseudo terminal, as far as a program that sends and takes
SMS asks it: AT commands, PDU mode, a SIM with a few places.

The PDUs are those of 3GPP TS 23.040. What leaves is kept as (number, text)
once it is whole; deliver() and report() put something onto the SIM.
"""
import os
import pty
import re
import threading
import time
import tty

PLACES = 20
ZONE_QUARTERS = 28  # +07:00


def semi_octets(digits):
    digits += "F" * (len(digits) % 2)
    return "".join(digits[i + 1] + digits[i] for i in range(0, len(digits), 2))


def address(number):
    """Length in digits, type, digits; a name is packed into septets."""
    if not number.lstrip("+").isdigit():
        packed = pack(number)
        return f"{(len(number) * 7 + 3) // 4:02X}D0{packed.hex().upper()}"
    digits = number.lstrip("+")
    kind = "91" if number.startswith("+") else "81"
    return f"{len(digits):02X}{kind}{semi_octets(digits)}"


def pack(text):
    """ASCII that is the same in GSM 03.38, into septets."""
    bits = sum(ord(c) << 7 * i for i, c in enumerate(text))
    return bits.to_bytes((len(text) * 7 + 7) // 8, "little")


def unpack(raw, count, skip_bits=0):
    bits = int.from_bytes(raw, "little") >> skip_bits
    table = {0: "@", 2: "$", 17: "_"}
    return "".join(table.get(v, chr(v)) for v in (
        bits >> 7 * i & 127 for i in range(count)))


def stamp(at):
    t = time.gmtime(at + ZONE_QUARTERS * 900)
    return semi_octets(time.strftime("%y%m%d%H%M%S", t) +
                       f"{ZONE_QUARTERS:02d}")


def deliver_pdu(sender, text, at, part=None):
    """part: (reference, total, number)."""
    udh = bytes([5, 0, 3, *part]) if part else b""
    plain = all(" " <= c <= "z" and c not in "$@[]\\^_`" for c in text)
    if plain and not udh:
        data, count, dcs = pack(text), len(text), "00"
    else:
        data = udh + text.encode("utf-16-be")
        count, dcs = len(data), "08"
    first = "44" if udh else "04"
    return ("00" + first + address(sender) + "00" + dcs + stamp(at) +
            f"{count:02X}" + data.hex().upper())


def report_pdu(reference, number, status, at):
    return ("0006" + f"{reference:02X}" + address(number) + stamp(at) +
            stamp(at) + f"{status:02X}")


def read_submit(pdu):
    """(number, UDH, text, a report is wanted) of what leaves."""
    raw = bytes.fromhex(pdu)
    raw = raw[1 + raw[0]:]
    first, digits = raw[0], raw[2]
    octets = (digits + 1) // 2
    number = "".join(f"{b & 15:X}{b >> 4:X}" for b in raw[4:4 + octets])
    number = ("+" if raw[3] == 0x91 else "") + number[:digits]
    rest = raw[4 + octets:]
    dcs = rest[1]
    rest = rest[2 + {0: 0, 1: 7, 2: 1, 3: 7}[first >> 3 & 3]:]
    count, data = rest[0], rest[1:]
    udh = data[:1 + data[0]] if first & 0x40 else b""
    if dcs & 0x0C == 8:
        text = data[len(udh):count].decode("utf-16-be")
    else:
        fill = -len(udh) * 8 % 7
        septets = (len(udh) * 8 + fill) // 7
        text = unpack(data[len(udh):], count - septets, fill)
    return number, udh, text, bool(first & 0x20)


class Modem:
    """start() to stop(); `path` is the device to open."""

    def __init__(self, imsi="452040000000001"):
        self.imsi = imsi
        self.lock = threading.Condition()
        self.sim = {}      # place: PDU
        self.parts = []    # (reference, number, UDH, text)
        self.reference = 0
        self.reports = True  # a status report for each that asks for one
        self.refuse = False  # +CMS ERROR for what should leave
        self.status = 0      # of reports
        self.seen = []
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        self.slave = slave  # open, or the master would see the end
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def stop(self):
        os.close(self.slave)
        os.close(self.master)

    # ---- for tests

    def put(self, pdu):
        with self.lock:
            place = next(n for n in range(1, PLACES + 1) if n not in self.sim)
            self.sim[place] = pdu

    def deliver(self, sender, text, at=None, part=None):
        self.put(deliver_pdu(sender, text, at or time.time(), part))

    def report(self, reference, number, status):
        self.put(report_pdu(reference, number, status, time.time()))

    def sent(self):
        """(number, text) of each text that is whole."""
        texts, open_parts = [], {}
        with self.lock:
            parts = list(self.parts)
        for _, number, udh, text in parts:
            if not udh:
                texts.append((number, text))
                continue
            found = open_parts.setdefault((number, udh[:-1]), {})
            found[udh[-1]] = text
            if len(found) == udh[-2]:
                texts.append((number, "".join(
                    found[n] for n in sorted(found))))
                del open_parts[(number, udh[:-1])]
        return texts

    # ---- the modem

    def run(self):
        held = b""
        while True:
            try:
                data = os.read(self.master, 4096)
            except OSError:
                return
            if not data:
                return
            held += data
            while (m := re.match(rb"([^\r\x1a]*)[\r\x1a]\n?", held)):
                held = held[m.end():]
                self.command(m[1].decode("latin-1").strip())

    def say(self, text):
        try:
            os.write(self.master, text.encode("latin-1"))
        except OSError:
            pass

    def command(self, line):
        self.seen.append(line)
        if re.fullmatch(r"[0-9A-Fa-f]{20,}", line):
            self.submit(line)
            return
        if line.upper().startswith("AT+CMGS="):
            self.say("\r\n> ")
            return
        with self.lock:
            answer = self.answer(line.upper())
        self.say((f"\r\n{answer}\r\n" if answer else "") + "\r\nOK\r\n")

    def submit(self, pdu):
        number, udh, text, wanted = read_submit(pdu)
        if self.refuse:
            self.say("\r\n+CMS ERROR: 38\r\n")
            return
        with self.lock:
            self.reference = (self.reference + 1) % 256
            reference = self.reference
            self.parts.append((reference, number, udh, text))
        if wanted and self.reports:
            self.report(reference, number, self.status)
        self.say(f"\r\n+CMGS: {reference}\r\n\r\nOK\r\n")

    def answer(self, line):
        used = len(self.sim)
        if line.startswith("AT+CPMS"):
            three = f"{used},{PLACES}"
            if "?" in line:
                three = f'"SM",{three}'
            return "+CPMS: " + ",".join([three] * 3)
        m = re.fullmatch(r"AT\+CMG([RD])=(\d+).*", line)
        if m and m[1] == "D":
            self.sim.pop(int(m[2]), None)
            return ""
        if m:
            pdu = self.sim.get(int(m[2]))
            if pdu is None:
                return "+CMGR: 0,,0"
            return f"+CMGR: 0,,{len(pdu) // 2 - 1}\r\n{pdu}"
        return {
            "AT+CPIN?": "+CPIN: READY", "AT+CREG?": "+CREG: 0,1",
            "AT+CSQ": "+CSQ: 20,99", "AT+CIMI": self.imsi,
            "AT+CGSN": "350000000000001",
        }.get(line, "")
