"""Whose figures, of where and when."""

from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation, Practice
from insight.period import Period


@dataclass(frozen=True)
class Scope:
    """`practices` None is everywhere, also what belongs to no practice; `where` is how a page calls them."""

    organisation: Organisation
    period: Period
    practices: frozenset | None = None
    where: str = ""

    @property
    def before(self) -> "Scope":
        return self.over(self.period.before)

    @property
    def is_everywhere(self) -> bool:
        return self.practices is None

    def over(self, period: Period) -> "Scope":
        return replace(self, period=period)

    def narrow(self, rows: QuerySet, practice: str) -> QuerySet:
        """The rows of these practices; `practice` is the way from a row to its practice, "" where it has none."""
        if self.is_everywhere:
            return rows
        return rows.filter(**{f"{practice}__in": self.practices}) if practice else rows.none()


def practices_of(organisation: Organisation) -> QuerySet[Practice]:
    """Practices the organisation serves, and those it has been sent people from; by name."""
    sent = Exists(organisation.referrals.filter(practice=OuterRef("pk")))
    served = Q(pk__in=organisation.practices.order_by().values("pk"))
    return Practice.objects.filter(served | sent).order_by("name", "id")
