"""Who the signed-in user is acting as.

Views take their rows from request.org or request.practice; exactly one of them is set
for a user with a membership, neither for a user without one.

A form is sent as whom it was drawn for (templates/components/acting_as.html), also when its
writer has switched in another tab since: nothing lands in the wrong place. That is then whom
they act as.
"""

SESSION_KEY = "membership_id"
FORM_FIELD = "acting_as"


def CurrentMembershipMiddleware(get_response):
    def middleware(request):
        request.membership = _current_membership(request)
        request.org = request.membership.organisation if request.membership else None
        request.practice = request.membership.practice if request.membership else None
        return get_response(request)

    return middleware


def _current_membership(request):
    if not request.user.is_authenticated:
        return None
    # Few per user, and the switcher in the header shows them all.
    request.memberships = list(
        request.user.memberships.active().select_related("organisation", "practice").order_by("role", "id")
    )
    drawn_for = request.POST.get(FORM_FIELD)
    if drawn_for and drawn_for != request.session.get(SESSION_KEY):
        membership = next((m for m in request.memberships if str(m.pk) == drawn_for), None)
        if membership:
            request.session[SESSION_KEY] = drawn_for
        return membership
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in request.memberships if str(m.pk) == chosen), next(iter(request.memberships), None))
