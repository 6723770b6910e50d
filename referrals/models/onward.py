import uuid
from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from accounts.history import keep_history
from accounts.models import Organisation, User
from accounts.moves import allowed_moves
from accounts.words import ago, count_of, day, day_and_time
from assets.enums import Capacity
from assets.models import Asset
from caseload.models import Case, Need
from referrals.enums import DEAD_ONWARD, NEEDS_REASON, ONWARD_MOVES, OPEN_ONWARD, OnwardKind, OnwardStatus


class OnwardQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=OPEN_ONWARD)

    def ended(self):
        return self.exclude(status__in=OPEN_ONWARD)

    def not_answered(self):
        """Sent to a service, and no word back."""
        return self.filter(status=OnwardStatus.REQUESTED).exclude(kind=OnwardKind.SIGNPOST)

    def person_not_asked(self):
        """Nobody has asked the person how it was, and there is something to ask about."""
        return self.filter(person_asked_at=None).exclude(status__in=[OnwardStatus.REJECTED, *DEAD_ONWARD])

    def with_question(self):
        """The service asked something, and nobody has answered it since."""
        verbs = [OnwardEvent.Verb.QUESTION, OnwardEvent.Verb.ANSWER]
        latest = OnwardEvent.objects.filter(onward_referral=OuterRef("pk"), verb__in=verbs).order_by("-at", "-id")
        return self.alias(last_said=Subquery(latest.values("verb")[:1])).filter(last_said=OnwardEvent.Verb.QUESTION)

    def newest_first(self):
        return self.order_by("-asked_at", "id")

    def with_list_data(self):
        """Everything the case page and the lists say of each, in a fixed number of queries."""
        events = OnwardEvent.objects.select_related("by").order_by("at", "id")
        return self.select_related(
            "asset__merged_into", "need", "asked_by", "case__patient", "case__worker", "case__organisation"
        ).prefetch_related(Prefetch("events", events, to_attr="events_in_order"))


@keep_history()
class OnwardReferral(models.Model):
    """From a case to a service, and back: what was asked, what the service said, what the person says.

    `shared` is exactly what the service was sent, and all of the person that its link ever shows.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="onward_referrals")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="onward_referrals")
    need = models.ForeignKey(Need, on_delete=models.SET_NULL, null=True, blank=True, related_name="onward_referrals")
    kind = models.CharField(max_length=12, choices=OnwardKind)
    status = models.CharField(max_length=20, choices=OnwardStatus, default=OnwardStatus.REQUESTED)
    reason = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=timezone.now)

    consent = models.BooleanField("the person agrees that this service hears of them", default=False)
    shared = models.JSONField(default=dict)
    sent_to = models.EmailField(blank=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    capacity = models.CharField(max_length=40, choices=Capacity, blank=True)
    wait_weeks = models.PositiveSmallIntegerField(null=True, blank=True)

    person_asked_at = models.DateTimeField(null=True, blank=True)
    person_got_there = models.BooleanField(null=True, blank=True)
    person_said = models.TextField("how it was, in their words", max_length=5000, blank=True)

    objects = OnwardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="onward_reason_where_one_is_owed", condition=~Q(status__in=NEEDS_REASON) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="onward_shares_only_with_consent",
                condition=Q(consent=True) | Q(shared={}, sent_to="", link_expires_at__isnull=True),
            ),
            models.CheckConstraint(
                name="onward_person_asked_has_when",
                condition=Q(person_asked_at__isnull=False) | Q(person_got_there__isnull=True, person_said=""),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "asked_at"], name="onward_open"),
            models.Index(fields=["asked_at"], name="onward_by_day"),
        ]

    def __str__(self):
        return f"Onward referral {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_ONWARD

    @property
    def is_signpost(self) -> bool:
        return self.kind == OnwardKind.SIGNPOST

    @property
    def allowed_moves(self) -> set[str]:
        return allowed_moves(ONWARD_MOVES, self.status)

    @property
    def moves_within_reach(self) -> set[str]:
        """The moves allowed now, and those an unspoken "yes" would allow: whoever came was let in."""
        if "accept" in self.allowed_moves:
            return self.allowed_moves | allowed_moves(ONWARD_MOVES, OnwardStatus.ACCEPTED)
        return self.allowed_moves

    @property
    def link_is_live(self) -> bool:
        """Somebody with the link may read and answer. The case closing ends that, and so does any taking back."""
        return (
            self.consent
            and self.link_expires_at is not None
            and self.link_expires_at > timezone.now()
            and self.status not in DEAD_ONWARD
            and self.case.is_open
        )

    @property
    def may_ask_person(self) -> bool:
        return self.status not in [OnwardStatus.REJECTED, *DEAD_ONWARD]

    @property
    def all_events(self) -> "list[OnwardEvent]":
        """What passed, oldest first. Read from with_list_data() where that was used."""
        if "events_in_order" in self.__dict__:
            return self.events_in_order
        return sorted(self.events.all(), key=lambda event: (event.at, event.pk))

    @property
    def question(self) -> "OnwardEvent | None":
        """What the service asked, while nobody has answered it."""
        verbs = OnwardEvent.Verb.QUESTION, OnwardEvent.Verb.ANSWER
        said = [event for event in self.all_events if event.verb in verbs]
        return said[-1] if said and said[-1].verb == OnwardEvent.Verb.QUESTION else None

    @property
    def service_said(self) -> "OnwardEvent | None":
        """The last thing the service said through its link."""
        return next((event for event in reversed(self.all_events) if event.is_from_service), None)

    @property
    def is_sent(self) -> bool:
        """The link has gone out since it was last asked for."""
        verbs = OnwardEvent.Verb.ASK, OnwardEvent.Verb.RENEW, OnwardEvent.Verb.SENT
        said = [event.verb for event in self.all_events if event.verb in verbs]
        return bool(said) and said[-1] == OnwardEvent.Verb.SENT

    @property
    def status_words(self) -> str:
        """The status in a word or two. A signpost asks nobody."""
        is_told = self.is_signpost and self.status == OnwardStatus.REQUESTED
        return "Told them" if is_told else self.get_status_display()

    @property
    def state_words(self) -> str:
        """Where the loop stands, in a sentence or two."""
        moved = day(self.moved_at)
        because = f": {self.reason}" if self.reason else ""
        return {
            OnwardStatus.REQUESTED: self._asked_words,
            OnwardStatus.ACCEPTED: f"They said yes {moved}.",
            OnwardStatus.REJECTED: f"They said no {moved}{because}",
            OnwardStatus.IN_PROGRESS: f"Going there since {moved}.",
            OnwardStatus.ON_HOLD: f"On hold since {moved}{because}",
            OnwardStatus.COMPLETED: f"Went. Heard {moved}.",
            OnwardStatus.FAILED: f"Did not work out{because}",
            OnwardStatus.CANCELLED: f"Called off {moved}{because}",
            OnwardStatus.ENTERED_IN_ERROR: "Entered by mistake.",
        }[self.status]

    @property
    def next_step(self) -> str:
        """What is to come of it, to be read by the person."""
        if self.status == OnwardStatus.REQUESTED:
            return (
                f"Have a look at {self.asset.name}, if you like"
                if self.is_signpost
                else "Say whether there is a place for you"
            )
        return "Get in touch when they can go on" if self.status == OnwardStatus.ON_HOLD else "Have a place for you"

    @property
    def _asked_words(self) -> str:
        if self.is_signpost:
            return f"Told them about it {day(self.asked_at)}."
        if not self.link_expires_at:
            return f"Noted {day(self.asked_at)}. They were sent nothing, so ring them to hear."
        if self.question:
            return f"Asked {ago(self.asked_at)}. They have a question."
        if not self.is_sent:
            return "On its way to them."
        if self.link_expires_at <= timezone.now():
            return f"Asked {ago(self.asked_at)}, no answer. Their link ran out {day(self.link_expires_at)}."
        return f"Asked {ago(self.asked_at)}. No answer yet."

    @property
    def person_words(self) -> str:
        """What the person says of it, or that nobody has asked."""
        if self.person_asked_at is None:
            return "Not asked yet" if self.may_ask_person else ""
        got_there = {True: "Got there", False: "Did not get there", None: "Asked"}[self.person_got_there]
        return f"{got_there}, asked {day(self.person_asked_at)}"

    @property
    def capacity_words(self) -> str:
        """Waiting list of 6 weeks: what the service said of its room, or nothing."""
        return capacity_in_words(self.capacity, self.wait_weeks)

    @property
    def service_now(self) -> str:
        """What has become of the entry since: merged or closed; nothing when it is as it was."""
        if self.asset.merged_into_id:
            return f"This service is now listed as {self.asset.merged_into.name}."
        if self.asset.is_closed:
            year = f" in {self.asset.closed_year}" if self.asset.closed_year else ""
            return f"This service has closed{year}."
        return ""


def capacity_in_words(capacity: str, wait_weeks: int | None) -> str:
    if not capacity:
        return ""
    weeks = f" of {count_of(wait_weeks, 'week')}" if capacity == Capacity.WAITING_LIST and wait_weeks else ""
    return f"{Capacity(capacity).label}{weeks}"


def onward_referrals_of(organisation: Organisation, user: User):
    """The onward referrals of the cases the user may see. They hang from cases, not from the organisation."""
    return OnwardReferral.objects.filter(case__in=organisation.cases.visible_to(user))


class OnwardEvent(models.Model):
    """What passed about an onward referral. No `by`: the service, through its link. Only ever added to."""

    class Verb(models.TextChoices):
        ASK = "ask", "asked"
        SENT = "sent", "sent them the link"
        RENEW = "renew", "asked for a new link"
        ACCEPT = "accept", "said yes"
        REJECT = "reject", "said no"
        START = "start", "said they are going"
        ABSENT = "absent", "said they have not come"
        PAUSE = "pause", "put it on hold"
        COMPLETE = "complete", "said they went"
        FAIL = "fail", "said it did not work out"
        CANCEL = "cancel", "called it off"
        ENTER_IN_ERROR = "enter_in_error", "marked it as a mistake"
        QUESTION = "question", "asked a question"
        ANSWER = "answer", "answered"
        CAPACITY = "capacity", "said whether there is room"
        PERSON_SAID = "person_said", "wrote down what the person says"
        CONSENT_ENDED = "consent_ended", "noted that the person no longer agrees"
        LEARNT = "learnt", "put what was learnt in the directory"

    onward_referral = models.ForeignKey(OnwardReferral, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=20, choices=Verb)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["onward_referral", "-at"], name="onward_event_timeline")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.verb} {self.at:%d/%m/%Y}"

    @property
    def is_from_service(self) -> bool:
        return self.by_id is None

    @property
    def is_beginning(self) -> bool:
        return self.verb == self.Verb.ASK

    @property
    def is_post(self) -> bool:
        """Only about the message with the link, not about the person."""
        return self.verb in (self.Verb.SENT, self.Verb.RENEW)

    @property
    def in_words(self) -> str:
        """The service said no today 10:42."""
        return f"{self.by or 'The service'} {self.get_verb_display()} {day_and_time(self.at)}"

    def is_since(self, moment: datetime | None) -> bool:
        return moment is None or self.at > moment


class LinkUse(models.Model):
    """Somebody opened a service's link, or answered through it. Only ever added to."""

    onward_referral = models.ForeignKey(OnwardReferral, on_delete=models.PROTECT, related_name="link_uses")
    at = models.DateTimeField(default=timezone.now)
    did = models.CharField(max_length=20)
    was_valid = models.BooleanField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"Link use {self.pk}"
