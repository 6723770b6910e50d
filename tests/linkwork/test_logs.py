import json
import logging
import sys
from logging.config import DictConfigurator

import pytest
from django.http import HttpResponse

from linkwork import logs


@pytest.fixture
def line():
    """A log record as the JSON line it becomes."""
    formatter = DictConfigurator(logs.configuration(json=True)).configure_formatter(
        logs.configuration(json=True)["formatters"]["events"]
    )
    return lambda *args, **kwargs: json.loads(formatter.format(logging.LogRecord("test", 20, "", 0, *args, **kwargs)))


@pytest.fixture
def answer(rf):
    """Send a request through the middleware to a page that only says yes."""
    middleware = logs.RequestLogMiddleware(lambda request: HttpResponse("yes"))

    def send(path="/", **headers):
        request = rf.get(path, headers=headers)
        request.resolver_match = None
        return middleware(request)

    return send


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("No user sam.kerr@example.org here", "No user [email] here"),
        ("Not Found: /search/?q=Sam+Kerr&page=2", "Not Found: /search/?[left out]"),
        ("Number 999 000 0018 is taken", "Number [number] is taken"),
        ("Number 9990000018 is taken", "Number [number] is taken"),
        ("Call 0141 496 0123 back", "Call [phone] back"),
        ("duplicate key\nDETAIL:  Key (name)=(Sam) already exists.\nend", "duplicate key\nDETAIL: [left out]\nend"),
        ("Swept 7254 cases in 3.2 s", "Swept 7254 cases in 3.2 s"),
        ("case 8b7c1e0a-0123-4567-8901-123456789012", "case 8b7c1e0a-0123-4567-8901-123456789012"),
    ],
)
def test_text_is_left_without_personal_data(text, left):
    assert logs.scrubbed(text) == left


def test_event_is_one_line_of_json(line):
    event = line("Swept %s", ("Wellpark",), None)

    assert {key: event[key] for key in ["event", "level", "logger"]} == {
        "event": "Swept Wellpark",
        "level": "info",
        "logger": "test",
    }


def test_traceback_is_left_without_personal_data(line):
    try:
        raise ValueError("sam.kerr@example.org is not a number")
    except ValueError:
        event = line("Failed", (), sys.exc_info())

    assert event["exception"].splitlines()[-1] == "ValueError: [email] is not a number"


def test_request_is_named_by_its_route(caplog, client, db):
    with caplog.at_level(logging.INFO, logger="linkwork.logs"):
        client.get("/accounts/password/reset/key/1-secret/?next=Sam")

    event = next(record.msg for record in caplog.records if record.name == "linkwork.logs")
    assert event["route"] == "/accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"
    assert "secret" not in str(event)


def test_failed_request_is_named_by_its_route(rf):
    request = rf.get("/search/Sam")
    request.resolver_match = None
    record = logging.LogRecord("django.request", 40, "", 0, "%s: %s", ("Internal Server Error", "/search/Sam"), None)
    record.request = request

    logs.name_by_route(record)

    assert record.getMessage() == "Internal Server Error: [no such page]"


def test_answer_carries_the_request_id_it_was_given(answer):
    assert answer(**{"X-Request-ID": "from-the-proxy-1"})["X-Request-ID"] == "from-the-proxy-1"


def test_odd_request_id_is_replaced(answer):
    assert len(answer(**{"X-Request-ID": "a b\u2028<script>"})["X-Request-ID"]) == 36
