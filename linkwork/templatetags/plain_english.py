"""Filters on every template: what accounts.words says. None gives nothing."""

from functools import wraps

from django import template
from django.utils.html import format_html

from accounts import words

register = template.Library()


def _nothing_for_none(function):
    @wraps(function)
    def filter_function(value, *args):
        return "" if value in (None, "") else function(value, *args)

    return filter_function


for _name in ["day", "day_and_time", "short_day", "full_day", "clock", "since", "sentence"]:
    register.filter(_name, _nothing_for_none(getattr(words, _name)))


@register.filter
def ago(value):
    """3 weeks ago, with the date on hover and for screen readers."""
    if value in (None, ""):
        return ""
    said, full = words.ago(value), words.full_day(value)
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="nhsuk-u-visually-hidden"> ({})</span></time>',
        words.local_day(value).isoformat(),
        full,
        said,
        full,
    )


@register.filter
def count_of(number, forms):
    """{{ 3|count_of:"person,people" }}; {{ 3|count_of:"meeting" }}."""
    return words.count_of(number or 0, *forms.split(","))


@register.filter
def a_list(things, last="and"):
    return words.a_list(things, last)
