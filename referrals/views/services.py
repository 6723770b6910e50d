"""Services seen with the cases that rely on them."""

from django.shortcuts import get_object_or_404, render

from accounts.perms import organisation_only
from assets import models
from assets.duplicates import proposals
from assets.ladder import unconfirmed
from caseload.enums import FlagRule
from referrals.reliance import cases_relying_on
from referrals.reliance import relying as relied_on

ABOUT_SERVICES = [FlagRule.ASSET_FUNDING_ENDS, FlagRule.ASSET_UNCONFIRMED]
MOST_PROBLEMS = 50


@organisation_only
def relying(request, asset_id):
    """The organisation's open cases that wait for a service, or were referred on to it."""
    asset = get_object_or_404(models.directory(), pk=asset_id)
    cases = cases_relying_on(request.org, asset).visible_to(request.user).with_list_data().by_name()
    return render(request, "referrals/relying.html", {"asset": asset, "cases": cases})


@organisation_only
def to_check(request):
    """What in the directory wants looking at, by those who rely on it."""
    flags = request.org.flags.showing().filter(rule__in=ABOUT_SERVICES).order_by("since", "id")
    services = models.directory().in_bulk({flag.subject_id for flag in flags})
    of_each = {asset_id: pks for asset_id, pks in relied_on(request.org).items() if asset_id in services}
    cases = request.org.cases.visible_to(request.user).select_related("patient")
    cases = cases.in_bulk({pk for pks in of_each.values() for pk in pks})
    who = {
        asset_id: sorted((cases[pk] for pk in pks if pk in cases), key=lambda case: case.patient.name)
        for asset_id, pks in of_each.items()
    }
    rows = [
        (flag.rule, services[flag.subject_id], flag, who.get(flag.subject_id, []))
        for flag in flags
        if flag.subject_id in services
    ]
    # Those somebody relies on first.
    rows.sort(key=lambda row: not row[3])
    context = {
        "groups": [(rule.label, [row[1:] for row in rows if row[0] == rule]) for rule in ABOUT_SERVICES],
        "problems": models.Problem.of_directory().open().order_by("at", "id")[:MOST_PROBLEMS],
        "duplicates": len(proposals()),
        "unconfirmed": unconfirmed(models.directory().open(), request.org.policy.asset_unconfirmed_months).count(),
    }
    return render(request, "referrals/services_to_check.html", context)
