"""Colleagues talking: questions and what was decided, days away, a hand-over waiting, notes for supervision."""

from datetime import datetime, time, timedelta

from accounts.models import User
from caseload.enums import CaseStatus, Seen, Verb
from caseload.enums.colleagues import ConsultOpens, HandOverStatus
from caseload.forms.consult import beginning
from caseload.models import (
    AccessLog,
    Away,
    Case,
    Consult,
    ConsultAnswer,
    ConsultColleague,
    HandOver,
    QuestionsLink,
    SupervisionItem,
)
from insight.models import FunderAsk, MixShare
from linkwork.demo.calendar import moment
from linkwork.demo.measures import answer_on_a_phone
from linkwork.demo.rows import Rows
from linkwork.demo.sites import Site

MADE = [Consult, ConsultAnswer, ConsultColleague, Away, HandOver, SupervisionItem, QuestionsLink]
MADE += [FunderAsk, MixShare]


def talk_among_colleagues(rows: Rows, site: Site) -> None:
    """At the first site, once its cases are there."""
    talk = Talk(rows, site)
    talk.questions()
    talk.days_away()
    talk.hand_overs()
    talk.supervision()
    answer_on_a_phone(rows, talk.amina_s("Jean Morrison"), site.calendar)
    talk.what_is_asked_and_shown()


class Talk:
    def __init__(self, rows: Rows, site: Site):
        self.rows, self.site, self.mo = rows, site, site.managers[0]
        self.amina, self.ben = site.workers[:2]
        held = site.organisation.cases.holding().filter(worker=self.ben)
        active = site.organisation.cases.filter(worker=self.ben, status=CaseStatus.ACTIVE)
        self.held, self.active = held.order_by("id")[:2], active.order_by("id")[:3]

    def at(self, days_ago: int, hour: int) -> datetime:
        return moment(self.site.calendar.before_today(days_ago), time(hour, 20))

    def amina_s(self, name: str) -> Case:
        """One of those written by hand (linkwork/demo/amina.py)."""
        given, family = name.split()
        person = {"patient__given_name": given, "patient__family_name": family}
        return self.site.organisation.cases.filter(worker=self.amina, **person).order_by("-opened_at", "id")[0]

    def ask(self, by: User, days_ago: int, words: str, case: Case | None = None, **more) -> Consult:
        """A question, which begins as the form begins it where it is about somebody."""
        question = f"{beginning(case) if case else ''}{words}"
        said = {"to_team": True, "opens": ConsultOpens.NOBODY} | more
        asked_at = self.at(days_ago, 10)
        consult = self.site.organisation.consults.create(
            id=self.rows.new_id(), case=case, asked_by=by, asked_at=asked_at, question=question, **said
        )
        self.tell(consult, Verb.CONSULTED, by, asked_at)
        return consult

    def answer(self, consult: Consult, by: User, days_ago: int, words: str) -> None:
        at = self.at(days_ago, 14)
        consult.answers.create(id=self.rows.new_id(), by=by, at=at, words=words)
        self.tell(consult, Verb.CONSULT_ANSWERED, by, at)

    def decide(self, consult: Consult, days_ago: int, words: str) -> None:
        at, by = self.at(days_ago, 16), consult.asked_by
        consult.decision, consult.closed_at, consult.closed_by = words, at, by
        consult.save(update_fields=["decision", "closed_at", "closed_by"])
        self.tell(consult, Verb.CONSULT_CLOSED, by, at)
        patient = consult.case and consult.case.patient
        AccessLog.objects.create(at=at, by=by, what=Seen.CONSULT, record_id=consult.pk, patient=patient)

    def tell(self, consult: Consult, verb: Verb, by: User, at: datetime) -> None:
        if consult.case:
            consult.case.events.create(verb=verb, by=by, at=at)

    def questions(self) -> None:
        jean, rajinder = self.amina_s("Jean Morrison"), self.amina_s("Rajinder Singh")
        card = self.ask(self.amina, 9, "Does not come out of the house for a stranger. Who goes to people?", jean)
        self.answer(card, self.ben, 8, "The church in Scotstoun has two women who visit. They ring first.")
        self.answer(card, self.mo, 8, "Cruse does home visits again since the summer, but the wait is the same.")
        self.decide(card, 6, "She would like the two women, after the anniversary. I ring them in March.")
        quiet = self.ask(self.amina, 2, "Six weeks without a word. Ring again, or a card?", rajinder)
        self.answer(quiet, self.ben, 1, "A card. Mine rang back once there was nothing to answer.")
        pantry = self.ask(self.mo, 20, "Is the pantry in Possil open on Saturdays again?")
        self.answer(pantry, self.amina, 20, "Yes, ten to one. Bring a bag.")
        self.decide(pantry, 19, "Told both practices.")
        for case in self.held[:1]:
            self.ask(self.ben, 1, "They ask for a second letter from the doctor. Has anybody got round that?", case)
        for case in self.active[:1]:
            one_to_one = {"to_team": False, "opens": ConsultOpens.ASKED}
            consult = self.ask(self.ben, 1, "Would you read my way back? It sounds cold.", case, **one_to_one)
            consult.colleagues.create(user=self.amina)

    def days_away(self) -> None:
        today, away = self.site.calendar.today, self.site.organisation.away
        first = today + timedelta(days=7 - today.weekday())
        note = "Two of mine ring on Mondays whatever happens. Both are lovely."
        days = {"first_on": today, "last_on": first + timedelta(days=4)}
        away.create(id=self.rows.new_id(), worker=self.ben, cover=self.amina, made_by=self.ben, note=note, **days)
        days = {"first_on": first + timedelta(days=3), "last_on": first + timedelta(days=8)}
        away.create(id=self.rows.new_id(), worker=self.amina, cover=self.ben, made_by=self.mo, **days)
        for worker in self.site.workers[2:3]:
            days = {"first_on": today - timedelta(days=2), "last_on": today + timedelta(days=3)}
            away.create(id=self.rows.new_id(), worker=worker, cover=self.amina, made_by=self.mo, **days)

    def hand_overs(self) -> None:
        for n, case in enumerate(self.active[1:3]):
            said = {"giver": self.ben, "receiver": self.amina, "made_by": self.ben, "made_at": self.at(2, 11)}
            if n == 0:
                said |= PACK | {"status": HandOverStatus.OFFERED, "offered_at": self.at(1, 15)}
                case.events.create(verb=Verb.HAND_OVER_OFFERED, by=self.ben, about=self.amina, at=said["offered_at"])
            case.hand_overs.create(id=self.rows.new_id(), organisation=case.organisation, **said)

    def supervision(self) -> None:
        items = self.site.organisation.supervision_items
        tom, kirsty = self.amina_s("Tom Boyle"), self.amina_s("Kirsty Dunlop")
        said = {"owner": self.amina, "case": tom, "made_at": self.at(3, 17)}
        items.create(id=self.rows.new_id(), words="I keep going past the café to see whether he is there.", **said)
        said = {"owner": self.amina, "case": kirsty, "made_at": self.at(6, 17), "shared_with": self.mo}
        said |= {"shared_at": self.at(4, 9), "session_on": self.site.calendar.today + timedelta(days=1)}
        items.create(id=self.rows.new_id(), words="When is not turning up an answer, and when is it a sign?", **said)
        said = {"owner": self.amina, "made_at": self.at(40, 17), "taken_at": self.at(33, 12)}
        outcome = "Say no to the third new person in a week. Mo backs me with the practice."
        items.create(id=self.rows.new_id(), words="Three new people in one week again.", outcome=outcome, **said)

    def what_is_asked_and_shown(self) -> None:
        """What funders ask for, and the mix of Amina's work, shown to Ben."""
        for days_ago, funder, words, figure in ASKED:
            said = {"funder": funder, "words": words, "figure": figure, "made_by": self.mo}
            self.site.organisation.funder_asks.create(id=self.rows.new_id(), made_at=self.at(days_ago, 9), **said)
        shown = {"owner": self.amina, "reader": self.ben, "shared_at": self.at(5, 16)}
        self.site.organisation.mix_shares.create(id=self.rows.new_id(), **shown)


ASKED = [
    (250, "Health and Social Care Partnership", "200 people referred a year", "referrals_in"),
    (250, "Health and Social Care Partnership", "First meeting within two weeks", "first_meeting_days"),
    (60, "The Lottery", "A story of change each quarter", ""),
]
PACK = {
    "stands": "We have met four times and the trust is there. What is left is the council's form.",
    "next_steps": "The council's form, page four on. Then the allotment in spring, which was their own idea.",
    "reaching": "Ring twice: the first ring is never answered. Tea first, papers after.",
}
