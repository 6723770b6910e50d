from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.enums import Role
from accounts.forms import PolicyForm
from accounts.middleware import SESSION_KEY
from accounts.moves import ChangedMeanwhile
from accounts.perms import manager_only
from accounts.words import day_and_time

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


@manager_only
def settings(request):
    """What the organisation has settled: when to flag, how many meetings are usual, whether the list is open."""
    form = PolicyForm(request.POST if request.method == "POST" else None, policy=request.org.policy)
    if form.is_valid():
        try:
            actions.change_policy(
                organisation=request.org, by=request.user, based_on=form.cleaned_data["version"], **form.settings
            )
        except ChangedMeanwhile:
            newer = request.org.policy
            form.add_error(None, _changed_meanwhile(newer))
            form.catch_up(newer)
        else:
            messages.success(request, "Settings saved. Flags follow them from the next check on.")
            return redirect("accounts:settings")
    return render(request, "accounts/settings.html", {"form": form, "changes": request.org.policy_changes})


def _changed_meanwhile(policy):
    who, when = policy.made_by or "Linkwork", day_and_time(policy.made_at)
    return (
        f"{who} changed these settings {when}, while you were writing. "
        "What you typed is still here: look at the changes below, then save again."
    )
