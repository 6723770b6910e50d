import uuid
from itertools import pairwise

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import ORGANISATION_ROLES, Nation, Role
from accounts.history import keep_history


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may do comes from their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=300)
    phone = models.CharField(max_length=30, blank=True, help_text="Where an alarm reaches them by text.")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("operator", default=False, help_text="May use the operators' admin.")
    joined_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


class Practice(models.Model):
    """A GP practice: sends referrals, and sees only its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    ods_code = models.CharField("ODS code", max_length=10, unique=True)
    nation = models.CharField(max_length=20, choices=Nation)
    cluster = models.CharField("cluster or PCN", max_length=200, blank=True)
    list_size = models.PositiveIntegerField(null=True, blank=True)
    is_deep_end = models.BooleanField("Deep End", default=False)
    postcode = models.CharField(max_length=8, blank=True, help_text="Services are looked for around it.")
    phone = models.CharField(max_length=30, blank=True)

    def __str__(self):
        return self.name


class Organisation(models.Model):
    """Employer of link workers: the tenant. Everything personal hangs from one of these."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    nation = models.CharField(max_length=20, choices=Nation)
    phone = models.CharField(max_length=30, blank=True)
    practices = models.ManyToManyField(Practice, related_name="organisations", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name

    @property
    def policy(self) -> "Policy":
        """The settings in force now. An organisation that never set any has the defaults."""
        return self.policies.order_by("-made_at", "-id").first() or Policy(organisation=self)

    @property
    def policy_changes(self) -> list[tuple["Policy", list]]:
        """(version, what it changed) of every change of the settings, newest first. The first changed the defaults."""
        versions = [Policy(organisation=self), *self.policies.select_related("made_by").order_by("made_at", "id")]
        return [(version, version.changes_since(earlier)) for earlier, version in pairwise(versions)][::-1]

    @property
    def members(self):
        return self._people()

    @property
    def link_workers(self):
        return self._people(role=Role.LINK_WORKER)

    @property
    def managers(self):
        return self._people(role=Role.MANAGER)

    @property
    def safeguarding_leads(self):
        """Those a manager named; while nobody is, the managers, so that somebody always reads a concern."""
        named = self.members.filter(pk__in=self.named_leads.current().values("user"))
        return named if named.exists() else self.managers

    def _people(self, **membership):
        """Each once: a condition on the membership is about the one here, whatever they are elsewhere."""
        here = self.memberships.active().filter(**membership)
        return User.objects.filter(pk__in=here.values("user")).order_by("name", "id")


class Policy(models.Model):
    """One version of an organisation's settings. A change adds a version; none is edited."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="policies")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    waiting_list_open = models.BooleanField("Taking new referrals", default=True)
    waiting_list_note = models.CharField("What practices read about the wait", max_length=300, blank=True)
    suggested_meetings = models.PositiveSmallIntegerField("Usual number of meetings", default=6)

    message_sender = models.CharField("Name messages to people come from", max_length=11, blank=True)
    message_phone = models.CharField("Phone number given in messages", max_length=30, blank=True)
    message_reply_to = models.EmailField("Where replies to emails go", blank=True)

    hold_review_grace_days = models.PositiveSmallIntegerField("Days of grace after a hold's review date", default=0)
    hold_no_contact_days = models.PositiveSmallIntegerField("Days holding with nobody reached", default=28)
    hold_long_weeks = models.PositiveSmallIntegerField("Weeks held without a colleague's review", default=12)
    open_after_missed_days = models.PositiveSmallIntegerField(
        "Days since a missed meeting with nobody reached", default=7
    )
    repeated_missed_count = models.PositiveSmallIntegerField(
        "Missed meetings in 12 months before we check on someone", default=2
    )
    waiting_long_days = models.PositiveSmallIntegerField("Days waiting for a first meeting", default=14)
    unanswered_working_days = models.PositiveSmallIntegerField("Working days to answer a referral", default=3)
    quiet_days = models.PositiveSmallIntegerField("Days an active case may be quiet", default=42)
    onward_unknown_days = models.PositiveSmallIntegerField("Days without news of a referral to a service", default=28)
    asset_unconfirmed_months = models.PositiveSmallIntegerField("Months a service may go unconfirmed", default=6)
    asset_funding_days = models.PositiveSmallIntegerField("Days ahead to warn that funding ends", default=60)
    lone_visit_margin_minutes = models.PositiveSmallIntegerField(
        "Minutes allowed for the way back from a lone visit", default=30
    )
    alarm_again_minutes = models.PositiveSmallIntegerField(
        "Minutes until an unanswered alarm is sent again", default=10
    )
    lone_visit_procedure = models.TextField(
        "What to do when somebody on a lone visit cannot be reached", max_length=1000, blank=True
    )

    SETTINGS = [
        "waiting_list_open",
        "waiting_list_note",
        "suggested_meetings",
        "message_sender",
        "message_phone",
        "message_reply_to",
        "hold_review_grace_days",
        "hold_no_contact_days",
        "hold_long_weeks",
        "open_after_missed_days",
        "repeated_missed_count",
        "waiting_long_days",
        "unanswered_working_days",
        "quiet_days",
        "onward_unknown_days",
        "asset_unconfirmed_months",
        "asset_funding_days",
        "lone_visit_margin_minutes",
        "alarm_again_minutes",
        "lone_visit_procedure",
    ]

    def __str__(self):
        return f"Settings of {self.organisation} from {self.made_at:%d/%m/%Y}"

    def in_words(self, name: str) -> str:
        value = getattr(self, name)
        if isinstance(value, str):
            return f"“{value}”" if value else "nothing"
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)

    def changes_since(self, earlier: "Policy") -> list[tuple[str, str, str]]:
        """(setting, before, after), all in words, of everything that differs from an earlier version."""
        return [
            (self._meta.get_field(name).verbose_name, earlier.in_words(name), self.in_words(name))
            for name in self.SETTINGS
            if getattr(earlier, name) != getattr(self, name)
        ]


class SafeguardingLeadQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)


class SafeguardingLead(models.Model):
    """Somebody a manager named to read the organisation's safeguarding concerns. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="named_leads")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SafeguardingLeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(ended_at__isnull=True), name="a_safeguarding_lead_once"
            ),
            models.CheckConstraint(
                name="safeguarding_lead_ended_has_who",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"Safeguarding lead {self.pk}"


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True, user__is_active=True)


@keep_history()
class Membership(models.Model):
    """A user's role in one organisation or one practice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships"
    )
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    is_active = models.BooleanField(default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_of_one_place_fitting_the_role",
                condition=Q(role__in=ORGANISATION_ROLES, organisation__isnull=False, practice__isnull=True)
                | Q(role=Role.PRACTICE_STAFF, organisation__isnull=True, practice__isnull=False),
            ),
            models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_per_user_and_organisation"),
            models.UniqueConstraint(fields=["user", "practice"], name="one_membership_per_user_and_practice"),
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display().lower()} at {self.place}"

    @property
    def place(self) -> Organisation | Practice:
        return self.organisation or self.practice

    @property
    def is_manager(self) -> bool:
        return self.role == Role.MANAGER

    @property
    def is_practice_staff(self) -> bool:
        return self.role == Role.PRACTICE_STAFF
