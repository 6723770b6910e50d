"""The fetcher, against a TLS server on this machine that it takes for a public one."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assets.intake.fetch import Fetcher, Limits, NotFetched, is_public

PUBLIC = "93.184.216.34"


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.server.answers[self.path](self)

    def log_message(self, *args):
        pass


def say(body=b"[]", status=200, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in {"Content_Type": "application/json", **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def drip(handler):
    """A byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return


def pour(handler):
    """As much as will be taken."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 65536)
    except OSError:
        return


def drip_headers(handler):
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feed.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("feed.example.org"), x509.DNSName("other.example.org")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def server(certificate):
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.daemon_threads = True
    server.handle_error = lambda *args: None
    server.answers, server.asked, server.names = {}, [], {}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher(server, certificate):
    """Every name leads to a public address, and every public address to the server."""
    opened = []

    def opener(address, port, seconds):
        opened.append(address)
        return socket.create_connection(server.server_address, timeout=seconds)

    def resolver(host, port):
        return server.names.get(host, [PUBLIC])

    context = ssl.create_default_context(cafile=str(certificate))
    limits = Limits(seconds=1, bytes=1_000_000, redirects=2)
    made = Fetcher(limits=limits, resolver=resolver, opener=opener, context=context)
    object.__setattr__(made, "opened", opened)
    return made


def refusal(fetcher, url="https://feed.example.org/"):
    with pytest.raises(NotFetched) as caught:
        fetcher.fetch(url)
    return str(caught.value)


def test_answer_is_fetched_from_the_address_that_was_checked(server, fetcher):
    server.answers["/services?page=2"] = say(b'{"a": 1}')

    assert fetcher.fetch("https://feed.example.org/services?page=2") == b'{"a": 1}'
    assert fetcher.opened == [PUBLIC]


def test_redirect_is_followed_and_its_address_checked_anew(server, fetcher):
    server.answers["/"] = say(status=302, Location="https://other.example.org/there")
    server.answers["/there"] = say(b"[1]")

    assert fetcher.fetch("https://feed.example.org/") == b"[1]"
    assert fetcher.opened == [PUBLIC, PUBLIC]


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1"])
def test_redirect_to_an_inner_address_is_refused_before_it_is_asked(server, fetcher, address):
    server.answers["/"] = say(status=302, Location="https://inside.example.org/secret")
    server.names["inside.example.org"] = [address]

    assert refusal(fetcher) == "inside.example.org is not on the public internet."
    assert (server.asked, fetcher.opened) == (["/"], [PUBLIC])


def test_name_with_one_inner_address_among_public_ones_is_refused(server, fetcher):
    server.names["feed.example.org"] = [PUBLIC, "192.168.0.1"]

    assert refusal(fetcher) == "feed.example.org is not on the public internet."
    assert fetcher.opened == []


def test_redirect_to_plain_http_is_refused(server, fetcher):
    server.answers["/"] = say(status=301, Location="http://feed.example.org/")

    assert refusal(fetcher) == "The address must begin with https://"


def test_redirects_without_end_are_given_up(server, fetcher):
    server.answers["/"] = say(status=302, Location="/")

    assert refusal(fetcher) == "It sends us on from one address to the next, without an end."
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://feed.example.org/", "The address must begin with https://"),
        ("file:///etc/passwd", "This is not a web address."),
        ("https://user:word@feed.example.org/", "This is not a web address."),
        ("https:///services", "This is not a web address."),
        ("https://feed.example.org:x/", "This is not a web address."),
        ("https://feed.example.org/a b", "This is not a web address."),
        ("https://feed.example.org/\r\nHost: inner", "This is not a web address."),
        ("https://[::1", "This is not a web address."),
    ],
)
def test_address_that_may_not_be_asked_is_refused(fetcher, url, why):
    assert refusal(fetcher, url) == why


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "192.0.2.1",
        "224.0.0.1", "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "localhost", "",
    ],
)  # fmt: skip
def test_inner_address_is_not_public(address):
    assert is_public(address) is False


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_address_is_public(address):
    assert is_public(address) is True


def test_public_addresses_of_the_tests_are_real_addresses():
    assert ipaddress.ip_address(PUBLIC).is_global


@pytest.mark.parametrize("hang", [drip, drip_headers])
def test_answer_that_drips_is_cut_off_in_time(server, fetcher, hang):
    server.answers["/"] = hang
    began = time.monotonic()

    assert refusal(fetcher) == "It took too long to answer."
    assert time.monotonic() - began < 3


def test_server_that_says_nothing_is_cut_off_in_time(server, fetcher):
    server.answers["/"] = lambda handler: time.sleep(3)
    began = time.monotonic()

    assert refusal(fetcher) == "It took too long to answer."
    assert time.monotonic() - began < 2.5


def test_answer_without_end_is_cut_off_at_its_size(server, fetcher):
    server.answers["/"] = pour

    assert refusal(fetcher) == "The answer is larger than 1 MB."


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (say(status=404), "It answered 404 Not Found"),
        (say(status=503), "It answered 503 Service Unavailable"),
        (say(Content_Type="text/html; charset=utf-8"), "It answered with text/html, which is not a list."),
        (say(Content_Encoding="gzip"), "The answer is packed in a way we did not ask for."),
        (say(b"[", Content_Length="9"), "The answer broke off in the middle."),
    ],
)
def test_answer_that_is_no_feed_is_refused_in_plain_words(server, fetcher, answer, why):
    server.answers["/"] = answer

    assert refusal(fetcher) == why


def test_server_that_is_not_who_it_says_is_refused(server, fetcher):
    assert refusal(fetcher, "https://third.example.org/") == (
        "Its certificate is not in order, so we cannot be sure who it is."
    )


def test_name_that_is_nowhere_is_said_so(fetcher):
    def nowhere(host, port):
        raise socket.gaierror

    object.__setattr__(fetcher, "resolver", nowhere)

    assert refusal(fetcher) == "There is no feed.example.org to be found."
