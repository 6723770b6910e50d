"""Finding cases: the filters of the caseload list with counts beside each value, and passing several on."""

from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.fields import PlainCharField
from accounts.models import Membership
from assets.enums import NeedKind
from caseload.enums import OPEN_STATUSES, CaseStatus, Complexity, FlagRule, HoldBarrier
from caseload.models.case import CaseQuerySet
from caseload.perms import assignable

ANY = ("", "Any")
NOBODY = "none"
REVIEW_DUE = "review_due"
LEFT = "left"
WHOSE = {
    "mine": "Mine",
    "covering": "Covering",
    "team": "The team's",
    "waiting": "Waiting list",
    "closed": "Closed",
    "all": "Everyone",
}
STATUSES = [
    *(status for status in CaseStatus.choices if status[0] in OPEN_STATUSES),
    (REVIEW_DUE, "Holding, review due"),
    (CaseStatus.CLOSED.value, CaseStatus.CLOSED.label),
]
NEXT = [("today", "Today"), ("week", "In the next 7 days"), ("none", "Nothing booked")]
DOOR = [("open", "Held open")]
SORTS = {
    "name": (),
    "status": ("status",),
    "reached": (F("last_reached_at").asc(nulls_first=True),),
    "next": (F("next_appointment_at").asc(nulls_last=True),),
    "longest": ("-status", "opened_at"),  # "waiting" is the last of the statuses, so it comes first here.
}


def _of_status(cases, value):
    return cases.review_due(timezone.localdate()) if value == REVIEW_DUE else cases.filter(status=value)


def _of_worker(cases, value):
    if value == NOBODY:
        return cases.unassigned()
    return cases.left_behind() if value == LEFT else cases.filter(worker=value)


def _with_next(cases, value):
    today = timezone.localdate()
    if value == "none":
        return cases.nothing_booked()
    return cases.meeting_between(today, today if value == "today" else today + timedelta(days=6))


NARROW: dict[str, Callable[[CaseQuerySet, str], CaseQuerySet]] = {
    "status": _of_status,
    "flag": lambda cases, value: cases.flagged(value),
    "next": _with_next,
    "practice": lambda cases, value: cases.filter(practice=value),
    "need": lambda cases, value: cases.filter(needs__kind=value),
    "awaited": lambda cases, value: cases.held_for(awaited_need=value),
    "barrier": lambda cases, value: cases.held_for(barrier=value),
    "door": lambda cases, value: cases.door_open(),
    "complexity": lambda cases, value: cases.filter(complexity=value),
    "worker": _of_worker,
}
# Where a filter's values are a column, one query counts them all.
COLUMNS = {
    "practice": "practice_id",
    "need": "needs__kind",
    "complexity": "complexity",
    "worker": "worker_id",
}


def _choice(label, choices=()):
    return forms.ChoiceField(
        label=label,
        choices=[ANY, *choices],
        required=False,
        error_messages={"invalid_choice": f"{label}: choose one from the list"},
    )


class CaseFilterForm(forms.Form):
    """The caseload list, narrowed. A value it does not know is said, and narrows nothing.

    By no name: the filters are in the address (docs/adr/0018-names-stay-out-of-addresses.md). The search finds people.
    """

    status = _choice("Status", STATUSES)
    flag = _choice("Flag", FlagRule.choices)
    next = _choice("Next meeting", NEXT)
    practice = _choice("Practice")
    need = _choice("Need", NeedKind.choices)
    awaited = _choice("Waiting for", NeedKind.choices)
    barrier = _choice("Barrier", HoldBarrier.choices)
    door = _choice("Door", DOOR)
    complexity = _choice("Complexity", Complexity.choices)
    worker = _choice("Worker")
    whose = forms.ChoiceField(choices=WHOSE.items(), required=False, widget=forms.HiddenInput)
    sort = forms.ChoiceField(choices=[(name, name) for name in SORTS], required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, cases: CaseQuerySet, membership: Membership):
        super().__init__(data, auto_id="filter_%s")
        self.cases, self.membership = cases, membership
        everyone = cases.order_by()
        practices = everyone.values_list("practice_id", "practice__name").distinct().order_by("practice__name")
        workers = everyone.exclude(worker=None).values_list("worker_id", "worker__name").distinct()
        self.fields["practice"].choices = [ANY, *((str(pk), name) for pk, name in practices)]
        self.fields["worker"].choices = [
            ANY,
            (NOBODY, "Nobody: unassigned"),
            (LEFT, "Whoever has left"),
            *((str(pk), name) for pk, name in workers.order_by("worker__name")),
        ]
        covered = membership.organisation.away.covered_by(membership.user, timezone.localdate())
        self.covered = [away.worker_id for away in covered]
        self.is_valid()

    @property
    def whose_now(self) -> str:
        """Whose cases: as asked, else one's own, or a manager's team's."""
        return self.cleaned_data.get("whose") or ("team" if self.membership.is_manager else "mine")

    @property
    def sort_now(self) -> str:
        return self.cleaned_data.get("sort") or "name"

    @property
    def asked(self) -> dict[str, str]:
        return {name: value for name in NARROW if (value := self.cleaned_data.get(name))}

    def of_whom(self) -> CaseQuerySet:
        return {
            "mine": self.cases.open().filter(worker=self.membership.user_id),
            "covering": self.cases.open().filter(worker__in=self.covered),
            "team": self.cases.open(),
            "waiting": self.cases.waiting(),
            "closed": self.cases.filter(status=CaseStatus.CLOSED),
            "all": self.cases,
        }[self.whose_now]

    def filter(self, cases: CaseQuerySet, without: str = "") -> CaseQuerySet:
        for name, value in self.asked.items():
            if name != without:
                cases = NARROW[name](cases, value)
        return cases

    def sorted(self, cases: CaseQuerySet) -> CaseQuerySet:
        by_name = cases.by_name()
        return by_name.order_by(*SORTS[self.sort_now], *by_name.query.order_by)

    def count_whose(self) -> list[tuple[str, str, int]]:
        """(value, words, cases) of every tab."""
        is_open = Q(status__in=OPEN_STATUSES)
        counts = self.cases.order_by().aggregate(
            mine=Count("pk", filter=is_open & Q(worker=self.membership.user_id)),
            covering=Count("pk", filter=is_open & Q(worker__in=self.covered)),
            team=Count("pk", filter=is_open),
            waiting=Count("pk", filter=Q(status=CaseStatus.WAITING)),
            closed=Count("pk", filter=Q(status=CaseStatus.CLOSED)),
            all=Count("pk"),
        )
        hidden = set() if self.covered or self.whose_now == "covering" else {"covering"}
        return [(value, said, counts[value]) for value, said in WHOSE.items() if value not in hidden]

    def count_choices(self) -> None:
        """Write beside each value how many there would be, and leave out those with none."""
        for name in NARROW:
            counts = self._counts(name)
            field, chosen = self.fields[name], self.asked.get(name)
            field.choices = [
                ANY,
                *(
                    (value, f"{label} ({counts.get(value, 0):,})")
                    for value, label in field.choices[1:]
                    if counts.get(value) or value == chosen
                ),
            ]

    def _counts(self, name: str) -> dict[str, int]:
        cases = self.filter(self.of_whom(), without=name).order_by()
        if name == "flag":
            pairs = _tally(self.membership.organisation.flags.showing().filter(case__in=cases), "rule")
        elif name in ("awaited", "barrier"):
            held = cases.filter(holds__isnull=False, holds__ended_at=None)
            pairs = _tally(held, "holds__awaited_need" if name == "awaited" else "holds__barrier")
        elif name in COLUMNS:
            pairs = _tally(cases, COLUMNS[name])
        else:
            values = [value for value, _ in self.fields[name].choices[1:]]
            return {value: NARROW[name](cases, value).count() for value in values}
        counts = {str(value): n for value, n in pairs}
        if name == "worker":
            counts |= {NOBODY: cases.unassigned().count(), LEFT: cases.left_behind().count()}
        return counts


def _tally(rows, column: str):
    return rows.order_by().values(column).annotate(n=Count("pk")).values_list(column, "n")


class FindPersonForm(forms.Form):
    """What is typed to find somebody."""

    q = PlainCharField(
        label="Name, birthday, number or phone",
        max_length=300,
        error_messages={"required": "Enter a name, a birthday, an NHS or CHI number, or a phone number"},
    )

    def filter(self, cases: CaseQuerySet) -> CaseQuerySet:
        return cases.found_by(self.cleaned_data["q"])


class BulkAssignForm(forms.Form):
    """Several cases to one worker."""

    cases = forms.ModelMultipleChoiceField(
        queryset=None,
        error_messages={
            "required": "Tick the people to pass on",
            "invalid_choice": "One of these was passed on or closed meanwhile. Look again, then tick who is left",
            "invalid_pk_value": "Tick the people to pass on",
        },
    )
    worker = forms.ModelChoiceField(
        label="Pass those ticked to",
        queryset=None,
        empty_label="Choose a worker",
        error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose who to pass them to"),
    )
    with_meetings = forms.TypedChoiceField(
        label="Meetings booked",
        choices=[("yes", "Go along"), ("", "Stay with whom they are booked")],
        coerce=bool,
        empty_value=False,
        required=False,
        initial="yes",
        error_messages={"invalid_choice": "Choose whether meetings go along"},
    )
    words = PlainCharField(label="A word to go with them", max_length=500, required=False)

    def __init__(self, data=None, *, cases: CaseQuerySet, membership: Membership):
        super().__init__(data, auto_id="pass_on_%s")
        self.fields["cases"].queryset = assignable(cases.open(), membership)
        self.fields["worker"].queryset = membership.organisation.link_workers

    @property
    def ticked(self) -> set[str]:
        return set(self.data.getlist("cases")) if self.is_bound else set()
