"""What every page shares that is opened by a signed link, without an account: docs/adr/0009-signed-links.md."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import cache
from django.shortcuts import render
from django.views.decorators.cache import never_cache

WRONG_TRIES, USES = 20, 60  # in WINDOW seconds: from one address, and of one link
WINDOW = 600
TOO_MANY = (429, "Too many tries", "Wait ten minutes, then open the link again.")

signer = signing.Signer(salt="accounts.links")


def by_link(view):
    """A public page: nothing of it is kept by browsers, shown to search engines or told to where one goes next."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(never_cache(wrapper))


def nothing_here(request, status: int, heading: str, words: str):
    return render(request, "components/link_gone.html", {"heading": heading, "words": words}, status=status)


def too_many_wrong_tries(request) -> bool:
    """This address has tried so many links that are not ours that it is not asked about another."""
    return cache.get(_tries_key(request), 0) >= WRONG_TRIES


def count_wrong_try(request) -> None:
    _count(_tries_key(request))


def is_overused(link: str) -> bool:
    """More was done through this link in ten minutes than anybody types. `link` names it and its kind."""
    return _count(f"link-uses:{link}") > USES


def _count(key: str) -> int:
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # It ran out in between.
        return 1


def _tries_key(request) -> str:
    """Behind the proxy the caller is the last it names; what came before that anybody may have written."""
    behind_proxy = settings.SECURE_PROXY_SSL_HEADER and request.headers.get("X-Forwarded-For", "")
    caller = behind_proxy.rsplit(",", 1)[-1].strip() if behind_proxy else request.META.get("REMOTE_ADDR", "")
    return f"link-tries:{signer.signature(caller)}"
