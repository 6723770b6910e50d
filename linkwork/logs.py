"""What is logged: events with a request id, and nothing about a person.

No query strings, no form data, no addresses: a request is named by its route
("/cases/<uuid:case_id>/"), and what slips into messages and tracebacks is taken out.
JSON lines in production, readable ones on a developer's screen.
"""

import logging
import re
import sys
import time
import uuid

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars

logger = structlog.get_logger(__name__)

PERSONAL = [
    (re.compile(r"[^\s@<>\"'=(]+@[^\s@<>\"')]+"), "[email]"),
    (re.compile(r"^DETAIL: .*$", re.MULTILINE), "DETAIL: [left out]"),  # PostgreSQL quotes the row
    (re.compile(r"(?<=\S)\?[^\s'\"]*=[^\s'\"]*"), "?[left out]"),
    (re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"), "[number]"),  # NHS and CHI numbers
    (re.compile(r"(?<![\w-])(?:\+44|0)(?:[ -]?\d){9,10}\b"), "[phone]"),
]
# Which process started and stopped when: of use where they are run for good.
COMES_AND_GOES = ["gunicorn.error", "celery.apps", "celery.beat", "celery.worker", "django_celery_beat.schedulers"]
REQUEST_ID = re.compile(r"[\w-]{8,64}", re.ASCII)


def without_personal_data(logger, name: str, event: dict) -> dict:
    """Last processor before rendering: every text goes through PERSONAL."""
    return {key: scrubbed(value) if isinstance(value, str) else value for key, value in event.items()}


def scrubbed(text: str) -> str:
    for pattern, instead in PERSONAL:
        text = pattern.sub(instead, text)
    return text


def name_by_route(record: logging.LogRecord) -> bool:
    """Django puts the path into its messages; a path may hold a reset key or a typed name."""
    if hasattr(record, "request") and record.args:
        record.msg, record.args = f"{record.args[0]}: {route(record.request)}", ()
    return True


def route(request) -> str:
    return f"/{request.resolver_match.route}" if request.resolver_match else "[no such page]"


class RequestLogMiddleware:
    """One line a request. The id comes from the proxy, or is made here, and goes back with the answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else str(uuid.uuid4())
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        logger.info(
            "request",
            method=request.method,
            route=route(request),
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000),
        )
        response["X-Request-ID"] = request_id
        return response


def configuration(*, json: bool) -> dict:
    """The dictionary for logging.config, after telling structlog the same."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    on_screen = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"by_route": {"()": lambda: name_by_route}},
        "formatters": {
            "events": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    without_personal_data,
                    structlog.processors.JSONRenderer() if json else on_screen,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            # No handler of its own: Django would e-mail whole requests to ADMINS.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # What a 4xx is about stands in our own line.
            "django.request": {"filters": ["by_route"], "level": "ERROR"},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            **{name: {"level": "INFO" if json else "WARNING"} for name in COMES_AND_GOES},
        },
    }
