from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.enums import Role
from accounts.middleware import SESSION_KEY

HOMES = {
    Role.LINK_WORKER: "caseload:today",
    Role.MANAGER: "insight:service",
    Role.PRACTICE_STAFF: "referrals:sent",
}


def home(request):
    if request.membership:
        return redirect(HOMES[request.membership.role])
    if request.user.is_staff:
        return redirect("admin:index")
    return render(request, "accounts/no_membership.html", status=403)


@require_POST
def switch(request, membership_id):
    membership = get_object_or_404(request.user.memberships.active(), pk=membership_id)
    request.session[SESSION_KEY] = str(membership.pk)
    return redirect("accounts:home")


@login_not_required
def accessibility(request):
    return render(request, "accounts/accessibility.html")
