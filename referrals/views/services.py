"""Services seen with the cases that rely on them."""

from django.shortcuts import get_object_or_404, render

from accounts.perms import organisation_only
from assets import models
from assets.duplicates import proposals
from caseload.enums import FlagRule
from referrals.reliance import cases_relying_on

ABOUT_SERVICES = [FlagRule.ASSET_FUNDING_ENDS, FlagRule.ASSET_UNCONFIRMED]


@organisation_only
def relying(request, asset_id):
    """The organisation's open cases that wait for a service, or were referred on to it."""
    asset = get_object_or_404(models.directory(), pk=asset_id)
    cases = cases_relying_on(request.org, asset).visible_to(request.user).with_list_data().by_name()
    return render(request, "referrals/relying.html", {"asset": asset, "cases": cases})


@organisation_only
def to_check(request):
    """What in the directory wants looking at, by those who rely on it."""
    flags = request.org.flags.showing().filter(rule__in=ABOUT_SERVICES).order_by("rule", "since", "id")
    services = models.directory().in_bulk({flag.subject_id for flag in flags})
    context = {
        "groups": [
            (
                rule.label,
                [
                    (services[flag.subject_id], flag)
                    for flag in flags
                    if flag.rule == rule and flag.subject_id in services
                ],
            )
            for rule in ABOUT_SERVICES
        ],
        "problems": models.Problem.of_directory().open().order_by("at", "id")[:50],
        "duplicates": len(proposals()),
    }
    return render(request, "referrals/services_to_check.html", context)
