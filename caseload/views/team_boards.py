"""Two pages of Team: what is held, and whose door is held open."""

from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.perms import manager_only, organisation_only
from accounts.sheets import csv_file, csv_text
from caseload import actions
from caseload.door import came_back, door_of, held_open
from caseload.forms.board import BoardForm
from caseload.models import Hold

A_PAGE = 100
DOORS = 50
CSV_HEADER = [
    "Waiting for",
    "Barrier",
    "What the hold is for",
    "Service",
    "What the service says now",
    "Held since",
    "Days",
    "Last looked at",
    "Next review",
    "Practice",
    "Worker",
    "Case",
]


@organisation_only
def holds(request):
    """Every hold of the team, by what is awaited, the longest first."""
    filters, found = _board(request)
    page = Paginator(found.with_board_data(), A_PAGE).get_page(request.GET.get("page"))
    groups = [(need, list(rows)) for need, rows in groupby(page, key=Hold.get_awaited_need_display)]
    return render(request, "caseload/holds.html", {"filters": filters, "page": page, "groups": groups})


@manager_only
def holds_csv(request):
    """The same rows for a spreadsheet, with no name: the case is found by its address."""
    _, found = _board(request)
    text = csv_text(CSV_HEADER, [_line(request, hold) for hold in found.with_board_data()])
    return csv_file(f"holds-{timezone.localdate():%Y-%m-%d}", text)


def _board(request):
    every = request.org.cases.visible_to(request.user).holds_now()
    filters = BoardForm(request.GET, holds=every)
    return filters, filters.filter(every).order_by("awaited_need", "started_at", "id")


def _line(request, hold: Hold) -> list:
    return [
        hold.get_awaited_need_display(),
        hold.get_barrier_display(),
        hold.get_purpose_display(),
        hold.service or "",
        hold.service_now,
        timezone.localdate(hold.started_at),
        hold.lasted_days,
        timezone.localdate(hold.latest_review.at) if hold.latest_review else "",
        hold.review_on,
        hold.case.practice,
        hold.case.worker or "",
        request.build_absolute_uri(reverse("caseload:case", args=[hold.case_id])),
    ]


@organisation_only
def door_open(request):
    """Who missed a meeting and has not been reached since: one's own, or the team's."""
    cases = request.org.cases.visible_to(request.user)
    whose = request.GET.get("whose") or ("team" if request.membership.is_manager else "mine")
    mine = cases.filter(worker=request.user)
    page = Paginator(held_open(mine if whose == "mine" else cases), DOORS).get_page(request.GET.get("page"))
    doors = [door_of(case) for case in page]
    noted = [door.case.patient for door in doors if door.case.patient.safe_contact_note]
    actions.record_people_seen(by=request.user, people=noted)
    context = {
        "whose": whose,
        "page": page,
        "doors": doors,
        "back": came_back(mine if whose == "mine" else cases, timezone.now()),
        "tabs": [("mine", "Mine", mine.door_open().count()), ("team", "The team's", cases.door_open().count())],
        "today": timezone.localdate(),
    }
    return render(request, "caseload/door_open.html", context)
