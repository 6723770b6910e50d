"""Amina's own list of what is to do, a favour Ben asks of her, and a note she was in the middle of."""

from datetime import time, timedelta

from django.urls import reverse

from accounts.models import User
from caseload.models import Draft, FollowUp
from linkwork.demo.calendar import moment
from linkwork.demo.referring import Desk
from linkwork.demo.story import Story

NOTE = (
    "Rang about the flat. The association has moved him up to 9th. He laughed, and then he asked what happens if "
    "his knees go before"
)


def keep_amina_s_list(desk: Desk, amina: User, about: Story) -> None:
    site, today = desk.site, desk.site.calendar.today
    ben = next(worker for worker in site.workers if worker != amina)
    for words, days, by in [
        ("Order more of the large-print leaflets", 0, amina),
        ("Bring the key of the community room back", 0, ben),
        ("Notes for supervision: the Thursday group", 1, amina),
        ("Ring the bus company about the 38", 5, amina),
    ]:
        said = {"id": desk.rows.new_id(), "organisation": site.organisation, "worker": amina, "about": words}
        made_at = moment(site.calendar.before_today(1), time(16, 5))
        due_on = site.calendar.from_day(today + timedelta(days=days)) if days else today
        desk.rows.add(FollowUp(due_on=due_on, made_by=by, made_at=made_at, **said))
    desk.rows.add(
        Draft(
            id=desk.rows.new_id(),
            author=amina,
            case_id=about.case.pk,
            form=reverse("caseload:log_contact", args=[about.case.pk]),
            words={"note": NOTE},
            base={"note": ""},
            written_at=moment(site.calendar.before_today(1), time(16, 42)),
        )
    )
