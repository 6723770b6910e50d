"""Fetching from addresses that strangers gave us.

Only https, only public addresses, only so much and for so long. The name is looked up once and the
connection made to the very address that was checked, at each redirect anew: a name that answers
differently the second time gains nothing.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

USER_AGENT = "Linkwork (community directory; brings in published lists)"
REDIRECTS = {301, 302, 303, 307, 308}
BUSY = {408, 425, 429, 500, 502, 503, 504}
JSON_TYPES = ("application/json", "text/json", "text/plain", "application/octet-stream", "+json")
LIST_TYPES = (
    "text/csv",
    "application/csv",
    "application/zip",
    "application/x-zip",
    "text/plain",
    "ms-excel",
    "spreadsheetml.sheet",
    "octet-stream",
)
NAT64 = ipaddress.ip_network("64:ff9b::/96")
CHUNK = 64 * 1024


class NotFetched(Exception):
    """Nothing usable came. The message is for whoever gave the address. `is_passing`: a later try may do better."""

    def __init__(self, words: str, is_passing: bool = False):
        super().__init__(words)
        self.is_passing = is_passing


@dataclass(frozen=True)
class Limits:
    seconds: float = 30
    bytes: int = 20_000_000
    redirects: int = 5


Resolver = Callable[[str, int], list[str]]
Opener = Callable[[str, int, float], socket.socket]


def resolve(host: str, port: int) -> list[str]:
    return [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def open_socket(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True)
class Fetcher:
    """`resolver`, `opener` and `context` are others in tests only."""

    limits: Limits = Limits()
    resolver: Resolver = resolve
    opener: Opener = open_socket
    context: ssl.SSLContext | None = None

    def fetch(self, url: str, types: tuple[str, ...] = JSON_TYPES) -> bytes:
        """The body. Raises NotFetched, within the limits of time and size whatever the other side does."""
        ends_at = time.monotonic() + self.limits.seconds
        for _ in range(self.limits.redirects + 1):
            body, location = self._once(checked_url(url), types, ends_at)
            if location is None:
                return body
            url = urljoin(url, location)
        raise NotFetched("It sends us on from one address to the next, without an end.")

    def _once(self, url: SplitResult, types: tuple[str, ...], ends_at: float) -> tuple[bytes, str | None]:
        connection = _Connection(url.hostname, url.port or 443, self, ends_at)
        try:
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            headers = {"Accept": ", ".join(types[:2]) + ", */*;q=0.1", "Accept-Encoding": "identity"}
            connection.request("GET", path, headers=headers | {"User-Agent": USER_AGENT})
            with connection.getresponse() as response:
                if response.status in REDIRECTS and response.headers.get("Location"):
                    return b"", response.headers["Location"]
                _check_answer(response, types)
                body = b"".join(self._chunks(response))
            if connection.ran_out:
                raise TimeoutError
            return body, None
        except NotFetched:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _plainly(error, connection.ran_out) from None
        finally:
            connection.stop()

    def _chunks(self, response: http.client.HTTPResponse) -> Iterator[bytes]:
        total = 0
        while chunk := response.read1(CHUNK):
            total += len(chunk)
            if total > self.limits.bytes:
                raise NotFetched(f"The answer is larger than {self.limits.bytes // 1_000_000} MB.")
            yield chunk
        if response.length:  # what it promised and has not sent
            raise NotFetched("The answer broke off in the middle.", is_passing=True)


def checked_url(url: str) -> SplitResult:
    """The parts of an address that may be asked at all. Where it leads is looked at when it is asked."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 raises when it is no number
        parts.hostname.encode("idna")
    except (ValueError, AttributeError):
        raise NotFetched("This is not a web address.") from None
    if parts.scheme != "https":
        raise NotFetched("The address must begin with https://")
    if not parts.hostname or parts.username is not None or any(ord(c) <= 32 or ord(c) > 126 for c in url):
        raise NotFetched("This is not a web address.")
    return parts


def public_addresses(host: str, port: int, resolver: Resolver) -> list[str]:
    """Where the name leads. Refused unless every one of the addresses is on the public internet."""
    try:
        addresses = resolver(host, port)
    except (OSError, UnicodeError):
        raise NotFetched(f"There is no {host} to be found.", is_passing=True) from None
    if not addresses or not all(is_public(address) for address in addresses):
        raise NotFetched(f"{host} is not on the public internet.")
    return addresses


def is_public(address: str) -> bool:
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if ip.version == 6:
        if ip in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local)


class _Connection(http.client.HTTPSConnection):
    """To the address that was checked, cut off from outside when the time is up, wherever it hangs."""

    def __init__(self, host: str, port: int, fetcher: Fetcher, ends_at: float):
        super().__init__(host, port, context=fetcher.context or ssl.create_default_context())
        self.fetcher, self.ends_at, self.ran_out = fetcher, ends_at, False
        self.timer = self.opened = None

    def connect(self):
        address = public_addresses(self.host, self.port, self.fetcher.resolver)[0]
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        raw = self.fetcher.opener(address, self.port, left)
        # Without do_handshake_on_connect: a server may also dawdle over the handshake.
        self.sock = self._context.wrap_socket(raw, server_hostname=self.host, do_handshake_on_connect=False)
        self.opened = self.sock  # self.sock is forgotten once the answer has begun
        self.timer = threading.Timer(max(self.ends_at - time.monotonic(), 0.01), self._cut_off)
        self.timer.daemon = True
        self.timer.start()
        self.sock.settimeout(max(self.ends_at - time.monotonic(), 0.01))
        self.sock.do_handshake()

    def _cut_off(self):
        self.ran_out = True
        # Not self.opened.shutdown(): an SSLSocket would drop its state under the reader's feet.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.opened, socket.SHUT_RDWR)

    def stop(self):
        if self.timer:
            self.timer.cancel()
        self.close()


def _check_answer(response: http.client.HTTPResponse, types: tuple[str, ...]) -> None:
    if response.status != 200:
        raise NotFetched(f"It answered {response.status} {response.reason}"[:200], response.status in BUSY)
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched("The answer is packed in a way we did not ask for.")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind and not any(kind == known or kind.endswith(known) for known in types):
        raise NotFetched(f"It answered with {kind[:60]}, which is not a list.")


def _plainly(error: Exception, ran_out: bool) -> NotFetched:
    if ran_out or isinstance(error, TimeoutError):
        return NotFetched("It took too long to answer.", is_passing=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return NotFetched("Its certificate is not in order, so we cannot be sure who it is.")
    if isinstance(error, http.client.IncompleteRead | ConnectionError):
        return NotFetched("The answer broke off in the middle.", is_passing=True)
    return NotFetched("It could not be reached, or answered in a way we do not understand.", is_passing=True)
