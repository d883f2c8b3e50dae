"""Certificates for tests, made on the spot with the openssl command."""
import os
import ssl
import subprocess


def openssl(*args):
    done = subprocess.run(["openssl", *map(str, args)], capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Certificate:
    """A self-signed certificate for 127.0.0.1: its own CA."""

    def __init__(self, folder, name, serial=1, days=30, ip="127.0.0.1"):
        self.file = os.path.join(str(folder), f"{name}.pem")
        self.key = os.path.join(str(folder), f"{name}.key")
        self.serial = serial
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.key,
                "-out", self.file, "-days", days, "-subj", f"/CN={name}",
                "-set_serial", serial, "-addext", f"subjectAltName=IP:{ip}")

    def config(self):
        return {"certificate": self.file, "key": self.key}

    def client(self, least=None, most=None):
        """A context that trusts this certificate alone."""
        c = ssl.create_default_context(cafile=self.file)
        if most is not None:
            c.set_ciphers("ALL:@SECLEVEL=0")  # old ones, on our side
            c.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            c.maximum_version = most
        if least is not None:
            c.minimum_version = least
        return c

    def server(self):
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(self.file, self.key)
        return c


def serial_of(sock):
    """Of the certificate that the other side showed."""
    der = sock.getpeercert(binary_form=True)
    pem = ssl.DER_cert_to_PEM_cert(der)
    out = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=pem,
                         capture_output=True, text=True, check=True).stdout
    return int(out.strip().split("=")[1], 16)
