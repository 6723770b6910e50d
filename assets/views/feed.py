"""The public feed: Open Referral UK 3.0, read-only, for anybody. What it says is decided in assets/oruk.py."""

import hashlib
import json
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from assets import models, oruk
from assets.forms.feed import FeedForm

KEPT_SECONDS = 300
MOST_A_MINUTE = 120
READS = ("GET", "HEAD")


class Refused(Exception):
    """The question cannot be answered as it is put."""


def public(view):
    """Anybody may ask, from any page of theirs, but not without end; an answer is kept for a few minutes."""

    @login_not_required
    @csrf_exempt  # nothing here changes anything
    @wraps(view)
    def wrapper(request, **kwargs):
        if request.method == "OPTIONS":
            return _open(HttpResponse(status=204))
        if request.method not in READS:
            response = _said({"error": "This feed can only be read."}, 405)
            response["Allow"] = "GET, HEAD, OPTIONS"
            return response
        if _asks_too_often(request):
            response = _said({"error": f"More than {MOST_A_MINUTE} questions in a minute. Try again in one."}, 429)
            response["Retry-After"] = "60"
            return response
        return _kept(request, view, kwargs)

    wrapper.is_feed = True
    return wrapper


def _kept(request, view, kwargs) -> HttpResponse:
    key = "feed:" + hashlib.sha256(request.get_full_path().encode()).hexdigest()
    status, body = cache.get(key, (None, None))
    if body is None:
        status, body = _answer(request, view, kwargs)
        if status == 200:
            cache.set(key, (status, body), KEPT_SECONDS)
    response = _open(HttpResponse(body, status=status, content_type="application/json"))
    if status != 200:
        return response
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return _open(get_conditional_response(request, etag=etag, response=response))


def _answer(request, view, kwargs) -> tuple[int, bytes]:
    try:
        return 200, _json(view(request, **kwargs))
    except Refused as why:
        return 400, _json({"error": str(why)})
    except Http404:
        return 404, _json({"error": "There is nothing here, or not any more."})


def _json(answer) -> bytes:
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _said(answer: dict, status: int) -> HttpResponse:
    return _open(HttpResponse(_json(answer), status=status, content_type="application/json"))


def _open(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
    return response


def _asks_too_often(request) -> bool:
    key = "feed-asked:" + hashlib.sha256(_address(request).encode()).hexdigest()
    cache.add(key, 0, 60)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # the minute ended in between
        return False


def _address(request) -> str:
    """Whoever asks: the last proxy's word for it where there is one, since what comes before it can be made up."""
    told = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


@public
def details(request):
    return oruk.api_details()


@public
def services(request):
    return _page(request, oruk.service_in_list)


@public
def service(request, asset_id):
    return oruk.service(_one(models.published().filter(pk=asset_id)))


@public
def at_locations(request):
    return _page(request, oruk.at_location_in_list)


@public
def at_location(request, asset_id):
    return oruk.at_location(_one(models.published().filter(pk=asset_id)))


@public
def taxonomies(request):
    return _page_of(request, oruk.taxonomies())


@public
def taxonomy(request, taxonomy_id):
    return _named(oruk.taxonomies(), taxonomy_id)


@public
def taxonomy_terms(request):
    return _page_of(request, oruk.taxonomy_terms())


@public
def taxonomy_term(request, term_id):
    return _named(oruk.taxonomy_terms(), term_id)


def _one(found):
    asset = found.first()
    if asset is None:
        raise Http404
    return asset


def _named(entries: list[dict], its_id) -> dict:
    found = next((entry for entry in entries if entry["id"] == str(its_id)), None)
    if found is None:
        raise Http404
    return found


def _form(request) -> FeedForm:
    form = FeedForm(request.GET)
    if not form.is_valid():
        field, (why, *_) = next(iter(form.errors.items()))
        raise Refused(f"{field}: {why}")
    return form


def _page(request, serialise) -> dict:
    form = _form(request)
    return _paged(form, form.filter(models.published()), serialise)


def _page_of(request, entries: list[dict]) -> dict:
    return _paged(_form(request), entries, lambda entry: entry)


def _paged(form: FeedForm, found, serialise) -> dict:
    """A page after the last is empty, not an error: that is where readers stop."""
    asked = form.cleaned_data
    number = asked["page"] or 1
    paginator = Paginator(found, asked["per_page"])
    pages = paginator.num_pages
    contents = [serialise(each) for each in paginator.page(number)] if number <= pages else []
    return oruk.page(contents, paginator.count, number, pages)
