from datetime import timedelta

from django.db.models import Count, Min
from django.db.models.functions import TruncDate
from django.shortcuts import render
from django.utils import timezone

from accounts.perms import organisation_only
from accounts.words import local_day
from caseload import colleagues, desk

WEEK = 7


@organisation_only
def today(request):
    """The link worker's home: each row is one click from the thing to do."""
    day = timezone.localdate()
    meetings = request.user.appointments.of_organisation(request.org).with_row_data().order_by("starts_at", "id")
    to_see_to = list(meetings.to_see_to(day))
    inbox = request.org.referrals.submitted().aggregate(count=Count("pk"), oldest=Min("submitted_at"))
    away = list(request.org.away.covered_by(request.user, day))
    workers = [request.user, *(each.worker for each in away)]
    needing = desk.needing(request.org.cases.visible_to(request.user), workers, day)
    waiting = colleagues.waiting_for(request.org, request.user)
    context = {
        "day": day,
        **_needing(needing[request.user.pk]),
        "meetings": [meeting for meeting in to_see_to if local_day(meeting.starts_at) == day],
        "to_log": [meeting for meeting in to_see_to if local_day(meeting.starts_at) < day],
        "unsent": request.user.drafts.live()
        .of_organisation(request.org)
        .select_related("case__patient")
        .order_by("-written_at", "id"),
        "to_do": desk.to_do(request.org, [request.user], day),
        "nobodys": desk.nobodys(request.org, day),
        "covering": desk.covering(request.org, away, needing, day),
        "waiting": waiting,
        "watching": request.org.lone_visits.watched_by(request.user),
        "inbox": inbox,
        # What the navigation counts on every page is known here already.
        "waiting_for_you": inbox["count"],
        "team_asks_you": len(waiting["asked"]) + len(waiting["hand_overs"]),
        "week": _week(request, day),
        "spent": desk.time_spent(request.org, request.user, [day - timedelta(days=n) for n in range(WEEK)][::-1]),
        "backstage_today": request.org.backstage_work.filter(worker=request.user, done_on=day).select_related("asset"),
    }
    return render(request, "caseload/today.html", context)


def _needing(groups):
    shown, folded = desk.fold(groups)
    return {
        "groups": groups,
        "shown": shown,
        "folded": folded,
        "people_needing": sum(len(rows) for _, rows in groups),
        "people_folded": sum(len(rows) for _, rows in folded),
    }


def _week(request, day):
    """(day, meetings) of the next seven days, those cancelled left out."""
    meetings = request.user.appointments.of_organisation(request.org).not_cancelled()
    days = [day + timedelta(days=n) for n in range(WEEK)]
    booked = meetings.on_days(days[0], days[-1]).annotate(day=TruncDate("starts_at")).order_by()
    counts = dict(booked.values("day").annotate(n=Count("pk")).values_list("day", "n"))
    return [(each, counts.get(each, 0)) for each in days]
