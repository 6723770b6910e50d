"""Sending the forms of a case as a browser would: what the page shows, changed by what is typed."""

from datetime import date, time

from django.db import connection
from django.forms import MultiWidget
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

HTMX = {"HX-Request": "true"}
NOT_SENT = [None, "", False]


def url_of(page, case, **ids):
    return reverse(f"caseload:{page}", kwargs={"case_id": case.pk, **ids})


def filled_in(client, url, **typed):
    """The data a browser would send of the form on this page, with these answers."""
    shown = {}
    for bound in client.get(url).context["form"]:
        shown |= as_sent(bound, bound.field.widget)
    return {name: value for name, value in (shown | typed).items() if not any(value is n for n in NOT_SENT)}


def as_sent(bound, widget):
    value = bound.value()
    if isinstance(widget, MultiWidget):
        return {
            bound.html_name + part: box
            for part, box in zip(widget.widgets_names, widget.decompress(value), strict=True)
        }
    if isinstance(value, date | time):
        value = widget.format_value(value)
    return {bound.html_name: getattr(value, "pk", value)}


def send(client, url, *, headers=None, **typed):
    return client.post(url, filled_in(client, url, **typed), headers=headers)


def errors(response):
    return sorted(str(error) for some in response.context["form"].errors.values() for error in some)


def queries_of(client, url):
    """How many queries a page takes, once it has been opened before."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)
