"""What the frame around every page shows. Lazy: a page or fragment that shows none of it asks nothing."""

from django.utils.functional import SimpleLazyObject

from caseload.lone_visits import on_page


def frame(request):
    return {
        "membership": getattr(request, "membership", None),
        "lone_visits": SimpleLazyObject(lambda: on_page(getattr(request, "membership", None))),
        "waiting_for_you": SimpleLazyObject(lambda: _waiting_for_you(request)),
        "team_asks_you": SimpleLazyObject(lambda: _team_asks_you(request)),
    }


def _waiting_for_you(request) -> int:
    """Referrals to answer, for an organisation; referrals with news, for a practice."""
    if request.org:
        return request.org.referrals.submitted().count()
    return request.practice.referrals.with_news().count()


def _team_asks_you(request) -> int:
    """Questions of colleagues to answer, and people they would like to hand over."""
    return (
        request.org.consults.asked_of(request.user).count() + request.org.hand_overs.offered_to(request.user).count()
    )
