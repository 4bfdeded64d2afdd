"""A certificate authority of a test's own, and the two sides of TLS that it makes."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Signs certificates for a name and for 127.0.0.1; its own is kept in `directory`."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        whole = x509.BasicConstraints(ca=True, path_length=None)
        key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        draft = self._draft(self._name, self._key.public_key())
        self._own = draft.add_extension(whole, critical=True).add_extension(key_id, critical=False)
        self.pem = self._own.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def _draft(self, name: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        draft = x509.CertificateBuilder().subject_name(name).issuer_name(self._name).public_key(key)
        dated = draft.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        return dated.serial_number(x509.random_serial_number())

    def server(self, host: str) -> ssl.SSLContext:
        """What a server of this name shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        draft = self._draft(x509.Name([]), key.public_key()).add_extension(names, critical=True)
        certificate = draft.add_extension(issuer, critical=False).sign(self._key, hashes.SHA256())
        file = self._directory / "server.pem"
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *plain)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def client(self) -> ssl.SSLContext:
        """What a client checks with that trusts this authority and no other."""
        return ssl.create_default_context(cadata=self.pem)
