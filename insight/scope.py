"""Whose figures, of where and when."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation, Practice
from insight.period import Period

CLUSTER = "cluster:"
EVERYWHERE = "All practices"


@dataclass(frozen=True)
class Scope:
    """`practices` None is everywhere, also what belongs to no practice; `where` is how a page calls them.

    `asked` is how an address does: "", "cluster:" and its name, or the id of a practice.
    """

    organisation: Organisation
    period: Period
    practices: frozenset | None = None
    where: str = ""
    asked: str = ""

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


def scope_at(organisation: Organisation, period: Period, asked: str, practices: Iterable[Practice] | None = None):
    """The scope of a place as an address names it; everywhere, where there is no such place (any more)."""
    practices = practices_of(organisation) if practices is None else practices
    chosen = [p for p in practices if asked in (str(p.pk), f"{CLUSTER}{p.cluster}")] if asked else []
    if not chosen:
        return Scope(organisation, period, where=EVERYWHERE)
    name = asked.removeprefix(CLUSTER) if asked.startswith(CLUSTER) else chosen[0].name
    return Scope(organisation, period, frozenset(practice.pk for practice in chosen), name, asked)


def practices_of(organisation: Organisation) -> QuerySet[Practice]:
    """Practices the organisation serves, and those it has been sent people from; by name."""
    sent = Exists(organisation.referrals.filter(practice=OuterRef("pk")))
    served = Q(pk__in=organisation.practices.order_by().values("pk"))
    return Practice.objects.filter(served | sent).order_by("name", "id")
