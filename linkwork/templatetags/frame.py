"""The frame around every page."""

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav_item(context, words, url_name, count=0, of="", also=""):
    """One item of the navigation; current on its own page, on those beneath it, and beneath those of `also`."""
    path = context["request"].path
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        url = "#"
    return {
        "words": words,
        "url": url,
        "count": count,
        "of": of,
        "is_current": path.startswith((url, *also.split())),
        "is_exact": path == url,
    }
