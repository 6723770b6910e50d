"""Referrals: what a practice sends, and what it hears back. As referrals/actions would have written it."""

from datetime import date, datetime, time, timedelta
from random import Random

from accounts.models import Practice, User
from accounts.moves import move
from assets.enums import NeedKind
from caseload.enums import Seen
from caseload.models import AccessLog, Case, Patient
from linkwork.demo import words
from linkwork.demo.calendar import moment
from linkwork.demo.draw import Weighted
from linkwork.demo.needs import NEEDS, WEIGHTS
from linkwork.demo.people import People
from linkwork.demo.rows import Rows
from linkwork.demo.sites import Site
from referrals.enums import REFERRAL_MOVES, DeclineReason, Route, Urgency
from referrals.models import Referral, ReferralEvent

SURGERY_OPENS = time(8, 30)
MINUTES_OPEN = 560
RETURNED_STAYS_OPEN = timedelta(days=21)
HOW_MANY_NEEDS = Weighted({1: 30, 2: 45, 3: 20, 4: 5})
ROUTES = Weighted(dict(zip(Route.values, (72, 9, 6, 10, 3), strict=True)))
URGENCIES = Weighted(dict(zip(Urgency.values, (82, 14, 4), strict=True)))


class Desk:
    """Where one organisation's referrals come in. It knows how many are still to be sent."""

    def __init__(self, *, site: Site, people: People, rng: Random, rows: Rows, quota: int):
        self.site, self.people, self.rng, self.rows, self.left = site, people, rng, rows, quota

    @property
    def today(self) -> date:
        return self.site.calendar.today

    def send(
        self, day: date, practice: Practice, details: dict | None = None, by: User | None = None, **fields
    ) -> Referral:
        """A referral on a day; of somebody new unless their details are given."""
        self.left -= 1
        kinds = fields.pop("needs", None) or self.some_needs()
        sent_at = moment(day, SURGERY_OPENS) + timedelta(minutes=self.rng.randrange(MINUTES_OPEN))
        referral = self.rows.new(
            Referral,
            **(details or self.people.person(self.site.area, self.site.postcodes)),
            id=self.rows.new_id(),
            organisation_id=self.site.organisation.id,
            submitted_at=sent_at,
            first_submitted_at=sent_at,
            practice_seen_at=sent_at,
            needs=kinds,
            consent_to_refer=True,
            **self.why(kinds) | fields,
        )
        referral.practice, referral.submitted_by = practice, by or self.rng.choice(self.site.staff[practice])
        self.record(referral, ReferralEvent.Verb.SUBMIT, referral.submitted_by, sent_at)
        return referral

    def some_needs(self) -> list[NeedKind]:
        return list(dict.fromkeys(WEIGHTS.draw_some(self.rng, HOW_MANY_NEEDS.draw(self.rng))))

    def why(self, kinds: list[NeedKind]) -> dict:
        stock, rng = NEEDS[kinds[0]], self.rng
        also = f" {rng.choice(NEEDS[kinds[1]].reasons)}" if len(kinds) > 1 and rng.random() < 0.5 else ""
        return {
            "reason": rng.choice(stock.reasons) + also,
            "wants": rng.choice(stock.wants) if rng.random() < 0.88 else "",
            "route": ROUTES.draw(rng),
            "urgency": URGENCIES.draw(rng),
            "consent_to_share_back": rng.random() < 0.92,
            "risks": rng.choice(words.RISKS) if rng.random() < 0.08 else "",
        }

    def record(
        self, referral: Referral, verb: ReferralEvent.Verb, by: User | None, at: datetime, text: str = ""
    ) -> None:
        self.rows.put(ReferralEvent, referral_id=referral.id, at=at, verb=verb, by_id=by and by.id, words=text)

    def record_seen(self, referral: Referral, by: User, at: datetime) -> None:
        self.rows.put(
            AccessLog,
            at=at,
            by_id=by.id,
            patient_id=referral.patient_id,
            what=Seen.REFERRAL,
            record_id=referral.id,
        )

    def soon_after(self, at: datetime) -> datetime:
        """When it is answered: within three working days, and always before today."""
        day = self.site.calendar.from_day(at.date() + timedelta(days=self.rng.choice((0, 1, 1, 2, 3))))
        if day >= self.today:
            day = self.site.calendar.past[-1]
        return max(at, moment(day, SURGERY_OPENS)) + timedelta(minutes=self.rng.randrange(5, 300))

    def answer(self, referral: Referral, verb: ReferralEvent.Verb, by: User, at: datetime, text: str) -> None:
        move(referral, REFERRAL_MOVES, verb.value)
        referral.answered_at, referral.answered_by, referral.answer = at, by, text
        self.record(referral, verb, by, at, text)
        self.record(referral, ReferralEvent.Verb.PRACTICE_TOLD, None, at + timedelta(seconds=4))
        self.record_seen(referral, by, at - timedelta(minutes=2))

    def accept(self, referral: Referral, by: User, at: datetime, patient: Patient, case: Case) -> None:
        referral.patient, referral.case = patient, case
        self.answer(referral, ReferralEvent.Verb.ACCEPT, by, at, self.rng.choice(words.PRACTICE_ANSWERS))

    def decline(self, referral: Referral, by: User) -> None:
        reason = self.rng.choice(list(words.DECLINES))
        self.answer(
            referral, ReferralEvent.Verb.DECLINE, by, self.soon_after(referral.submitted_at), words.DECLINES[reason]
        )
        referral.decline_reason = DeclineReason(reason)
        self.read_by_practice(referral, referral.answered_at)

    def withdraw(self, referral: Referral) -> None:
        move(referral, REFERRAL_MOVES, "withdraw")
        sent_at = referral.answered_at or referral.submitted_at
        at, text = self.soon_after(sent_at), self.rng.choice(words.WITHDRAWALS)
        self.record(referral, ReferralEvent.Verb.WITHDRAW, referral.submitted_by, at, text)
        referral.practice_seen_at = at

    def ask(self, referral: Referral, by: User) -> bool:
        """Return it with a question. True when the practice answered and sent it again."""
        n = self.rng.randrange(len(words.QUESTIONS))
        at = self.soon_after(referral.submitted_at)
        self.answer(referral, ReferralEvent.Verb.RETURN, by, at, words.QUESTIONS[n])
        answered_at = at + timedelta(days=self.rng.randint(1, 6))
        answered_at = moment(self.site.calendar.from_day(answered_at.date()), SURGERY_OPENS) + timedelta(minutes=90)
        if self.rng.random() < 0.25 or answered_at.date() >= self.today:
            if at.date() < self.today - RETURNED_STAYS_OPEN:
                self.withdraw(referral)
            return False
        move(referral, REFERRAL_MOVES, "resubmit")
        referral.submitted_at = referral.practice_seen_at = answered_at
        referral.revision += 1
        text = words.ANSWERED_QUESTIONS[n]
        self.record(referral, ReferralEvent.Verb.RESUBMIT, referral.submitted_by, answered_at, text)
        return True

    def read_by_practice(self, referral: Referral, news_at: datetime) -> None:
        """Somebody there opens it, a day or a few after the latest news; the newest news often waits."""
        seen_at = news_at + timedelta(days=self.rng.choice((1, 1, 2, 4, 7)), minutes=self.rng.randrange(200))
        if seen_at.date() >= self.today or self.rng.random() < 0.02:
            return
        referral.practice_seen_at = seen_at
        self.record_seen(referral, referral.submitted_by, seen_at)
