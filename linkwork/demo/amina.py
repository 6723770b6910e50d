"""Amina's own people, written by hand: one of each thing a link worker's day is made of."""

from datetime import date, time, timedelta

from accounts.models import User
from assets.enums import NeedKind
from caseload.enums import (
    Channel,
    Complexity,
    HoldBarrier,
    HoldEnd,
    HoldPurpose,
    MeasureCode,
    MissedBarrier,
    Mode,
    Outcome,
    Place,
    WhoDoes,
    WithWhom,
)
from caseload.enums.safety import RiskKind
from caseload.models import FollowUp
from linkwork.demo.arrivals import take_on
from linkwork.demo.calendar import SLOTS
from linkwork.demo.everyday import keep_amina_s_list
from linkwork.demo.goals import say, set_goal
from linkwork.demo.measures import fill_in, name_concerns
from linkwork.demo.onward import hear_back, refer_on
from linkwork.demo.referring import Desk
from linkwork.demo.safety import at_her_mum_s, goes_alone_tonight, on_a_sunday, went_alone
from linkwork.demo.sam import how_it_goes_for_sam, what_sam_wants
from linkwork.demo.story import Story
from referrals.enums import OnwardKind

PRACTICE = {"mode": Mode.IN_PERSON, "place": Place.PRACTICE, "place_detail": "room 2"}
CAFE = {"mode": Mode.IN_PERSON, "place": Place.COMMUNITY, "place_detail": "library café"}
OUTDOORS = {"mode": Mode.IN_PERSON, "place": Place.OUTDOORS, "place_detail": "Kelvingrove Park"}


def home(district: str) -> dict:
    return {"mode": Mode.IN_PERSON, "place": Place.HOME, "place_detail": district}


class Teller:
    """Tells stories in days before today."""

    def __init__(self, desk: Desk, worker: User):
        self.desk, self.worker, self.calendar = desk, worker, desk.site.calendar
        self.diary = desk.site.diaries[worker]
        self.stories: list[Story] = []

    def referred(self, days_ago: int, name: str, needs: list[NeedKind], reason: str, wants: str, **details) -> Story:
        desk, practice = self.desk, self.desk.site.practices[0]
        person = desk.people.somebody(desk.site.area, desk.site.postcodes, name, **details)
        said = {"needs": needs, "reason": reason, "wants": wants, "risks": "", "consent_to_share_back": True}
        by = desk.site.staff[practice][0]
        referral = desk.send(self.calendar.days_ago(days_ago), practice, person, by=by, **said)
        story = take_on(desk, referral, self.worker, self.worker)
        story.look()
        desk.read_by_practice(referral, referral.answered_at)
        self.stories.append(story)
        return story

    def on(self, story: Story, days_ago: int) -> None:
        story.on(self.calendar.days_ago(days_ago))

    def met(self, story: Story, days_ago: int, note: str, minutes: int = 45, **where) -> None:
        appointment = story.book_at(self.diary.book(self.calendar.days_ago(days_ago)), **where)
        story.until(appointment)
        story.log(appointment, Outcome.ATTENDED, note=note, minutes=minutes)

    def missed(self, story: Story, days_ago: int, due_days_ago: int, note: str, barrier: str, **where) -> FollowUp:
        appointment = story.book_at(self.diary.book(self.calendar.days_ago(days_ago)), **where)
        story.until(appointment)
        days = self.days_until(story, due_days_ago)
        return story.missed(appointment, barrier=barrier, note=note, days=days, about="Ring, in the afternoon")

    def days_until(self, story: Story, days_ago: int) -> int:
        day = self.calendar.days_ago(days_ago) if days_ago else self.calendar.today
        return (day - story.day).days

    def today(self, story: Story, at: time, **booking) -> None:
        story.book_at(self.diary.take(self.calendar.today, at), **booking)


def meet_amina_s_people(desk: Desk, amina: User) -> None:
    teller = Teller(desk, amina)
    for scene in SCENES:
        scene(teller)
    for story in teller.stories:
        hear_back(story)
    keep_amina_s_list(desk, amina, teller.stories[0])
    teller.diary.taken[desk.today].update(SLOTS)  # her day is full


def sam_kerr(teller: Teller) -> None:
    """Holding for a house move; a third meeting today, at home."""
    story = teller.referred(
        83,
        "Sam Kerr",
        [NeedKind.HOUSING, NeedKind.LONELINESS],
        "Third-floor flat, no lift, and the knees are done. Has not been down the stair since September except to us.",
        "A ground-floor place near my sister. And to get to the football again.",
        pronouns="he/him",
        date_of_birth=date(1958, 3, 27),
        access_needs="Walks with two sticks. Gets breathless on stairs.",
    )
    teller.on(story, 79)
    story.contact(True, "Cheerful on the phone, worried underneath. Would like me to come to the flat.", minutes=14)
    teller.met(
        story,
        72,
        "First meeting. He had the tea ready. Three flights: counted 61 steps. Told me about the shipyard, then about "
        "the stair. Sister is in Whiteinch and rings on Sundays.",
        minutes=55,
        **home("Partick"),
    )
    fill_in(story, MeasureCode.ONS4, {"satisfied": 3, "worthwhile": 5, "happy": 4, "anxious": 8})
    fill_in(story, MeasureCode.LONELINESS, {"companionship": 3, "left_out": 2, "isolated": 3, "lonely": 1})
    name_concerns(story, ["The stair, and being stuck up here"])
    fill_in(story, MeasureCode.CONCERN, {"concern_1": 6})
    what_sam_wants(story)
    story.plan(Complexity.HIGH, teller.calendar.today + timedelta(weeks=10))
    story.uncover(NeedKind.MONEY_AND_BENEFITS)
    story.start_hold(
        review_in=14,
        note="Wants to think about leaving the flat before we fill in anything. Thirty years in it.",
        purpose=HoldPurpose.GETTING_READY,
        awaited_need=NeedKind.HOUSING,
        barrier=HoldBarrier.BAD_EXPERIENCE,
        meanwhile="A call on Fridays, and his sister on the phone with us.",
    )
    teller.on(story, 55)
    story.end_hold(HoldEnd.BACK_TO_ACTIVE, "Rang me himself: “Let us do the form.”")
    teller.met(
        story,
        51,
        "Filled in the housing application together, the medical part twice. The association has 14 on the list "
        "before him. Agreed: I ring them monthly, he rings me if the pain changes.",
        **home("Partick"),
    )
    how_it_goes_for_sam(story)
    _sam_is_held(teller, story)
    teller.today(story, time(9, 30), **home("Partick"))


def _sam_is_held(teller: Teller, story: Story) -> None:
    """For the second time; a colleague has looked at it with her."""
    went_alone(story)
    story.note_risk("Three flights, and no light on the second landing: bring a torch.", teller.worker)
    story.start_hold(
        review_in=58,
        note="On the housing association's list for a ground-floor flat. Staying in touch until there is an offer.",
        purpose=HoldPurpose.WAITING_FOR_SERVICE,
        awaited_need=NeedKind.HOUSING,
        barrier=HoldBarrier.WAITING_LIST,
        meanwhile="A call every three weeks. The football on the radio. Attendance Allowance to claim.",
    )
    teller.on(story, 25)
    ben = next(worker for worker in teller.desk.site.workers if worker != teller.worker)
    story.review(
        by=ben,
        note="Read through it with Amina. Still right to hold; try the other association too, its list is shorter.",
        next_in=32,
    )
    teller.on(story, 21)
    story.contact(
        True, "No word from the association. Heard the derby on the radio; described every goal.", minutes=16
    )
    fill_in(
        story, MeasureCode.ONS4, {"satisfied": 4, "worthwhile": 6, "anxious": 5}, "Would rather not say about happy."
    )
    fill_in(story, MeasureCode.CONCERN, {"concern_1": 4})
    teller.on(story, 4)
    refer_on(story, "asks", need=NeedKind.LONELINESS)


def aisha_malik(teller: Teller) -> None:
    """First meeting today, with an interpreter."""
    story = teller.referred(
        12,
        "Aisha Malik",
        [NeedKind.LONELINESS, NeedKind.FAMILY_AND_PARENTING],
        "Came from Lahore last year with two small children. Husband works nights. Nobody to talk to in the day.",
        "Other mothers. And to learn the buses.",
        interpreter_language="Urdu",
        pronouns="she/her",
        date_of_birth=date(1993, 8, 14),
        safe_contact_note="Text first: the baby sleeps from 1 to 3.",
        may_text=True,
    )
    teller.on(story, 8)
    story.contact(True, "Rang with the telephone interpreter. Would like to meet at the practice.", minutes=12)
    teller.today(story, time(11), minutes=60, **PRACTICE)


def tom_boyle(teller: Teller) -> None:
    """Missed a meeting; nobody has reached him since; the door is open."""
    story = teller.referred(
        60,
        "Tom Boyle",
        [NeedKind.ALCOHOL_AND_DRUGS, NeedKind.WORK_AND_LEARNING],
        "Nine months without a drink. Would like his hands busy. Was a joiner until the back went.",
        "To use my hands again.",
        pronouns="he/him",
        date_of_birth=date(1974, 11, 2),
        phone="07700 900471",
        may_text=True,
    )
    teller.on(story, 57)
    story.contact(True, "Dry humour. Prefers the café to the surgery.", minutes=9)
    teller.met(story, 46, "First meeting. Knows every shopfront in the street because he fitted half of them.", **CAFE)
    teller.met(
        story, 31, "Looked in at the repair shed together. Had opinions about the lathe in five minutes.", **CAFE
    )
    teller.missed(story, 13, 0, "Not at the café. No answer when I rang.", "", **CAFE)
    teller.on(story, 9)
    story.contact(False, "Straight to voicemail. Left no message, as agreed.")
    teller.on(story, 5)
    story.write(Channel.TEXT, "after_missed")


def jean_morrison(teller: Teller) -> None:
    """Waiting for counselling; the review of the hold is two days late."""
    story = teller.referred(
        70,
        "Jean Morrison",
        [NeedKind.BEREAVEMENT, NeedKind.MENTAL_WELLBEING],
        "Husband died in February. Doing everything right and feeling nothing, in her words.",
        "To be able to say his name without the room going quiet.",
        pronouns="she/her",
        date_of_birth=date(1951, 6, 9),
    )
    teller.on(story, 67)
    story.contact(True, "Glad somebody rang. Prefers mornings.", minutes=15)
    teller.met(
        story, 58, "First meeting. We looked at photographs. No plan today, and none needed.", **home("Scotstoun")
    )
    asset = teller.desk.site.assets[NeedKind.MENTAL_WELLBEING][0]
    story.start_hold(
        review_in=28,
        note="On the list for counselling. Told four months. A call every few weeks meanwhile.",
        purpose=HoldPurpose.WAITING_FOR_SERVICE,
        awaited_need=NeedKind.BEREAVEMENT,
        awaited_asset=asset,
        barrier=HoldBarrier.WAITING_LIST,
        meanwhile="A call every few weeks. Photographs, when she feels like it.",
    )
    teller.on(story, 30)
    due = teller.days_until(story, 2)
    story.review(by=teller.worker, note="Still waiting. Rang the project: no date yet.", next_in=due)
    story.contact(True, "Has been sorting the wardrobe, one shelf a week.", minutes=18)


def rajinder_singh(teller: Teller) -> None:
    """Gone quiet: met six weeks ago, nothing booked."""
    story = teller.referred(
        95,
        "Rajinder Singh",
        [NeedKind.LONG_TERM_CONDITION, NeedKind.PHYSICAL_ACTIVITY],
        "Type 2, newly diagnosed, overwhelmed by leaflets. Walks to the gurdwara and would walk further with company.",
        "To cook something that is allowed and tastes of something.",
        date_of_birth=date(1964, 1, 30),
    )
    teller.on(story, 90)
    story.contact(True, "Happy to meet. Suggested the park.", minutes=7)
    teller.met(story, 80, "First meeting, twice round the pond. Cooks for the langar on Sundays.", **OUTDOORS)
    teller.met(story, 64, "Took the leaflets apart together and kept two of them.", **OUTDOORS)
    refer_on(story, "is going", OnwardKind.ACCOMPANIED, NeedKind.PHYSICAL_ACTIVITY)
    teller.met(
        story, 47, "Joined the health walk, the short loop. Will ring me when his brother's visit is over.", **OUTDOORS
    )


def callum_reid(teller: Teller) -> None:
    """No fixed abode; today to the housing office together."""
    story = teller.referred(
        26,
        "Callum Reid",
        [NeedKind.HOUSING, NeedKind.MENTAL_WELLBEING],
        "Sofa-surfing with a cousin since August and the welcome is wearing thin. Sleeps badly.",
        "A door with my own key.",
        pronouns="he/him",
        date_of_birth=date(1999, 5, 19),
        no_fixed_abode=True,
        address="",
        postcode="",
        may_text=True,
        may_post=False,
        safe_contact_note="Shared phone: say it is about the five-a-side.",
    )
    teller.on(story, 23)
    story.contact(False, "Rang out.")
    teller.on(story, 21)
    story.contact(True, "Answered the text in a minute. Afternoons are best.", channel=Channel.TEXT)
    teller.met(
        story, 15, "First meeting, on a bench. Keeps everything he owns tidy in one bag.", minutes=40, **OUTDOORS
    )
    worry = "Has had thoughts of ending his life, none now. Safety plan is with the practice."
    story.note_risk(worry, teller.worker, RiskKind.TO_PERSON)
    on_a_sunday(story)
    story.contact(False, "Housing officer will see us on Monday's list.", with_whom=WithWhom.PROFESSIONAL, minutes=11)
    teller.today(story, time(14, 15), accompanied=True, **{**CAFE, "place_detail": "housing office"})


def kirsty_dunlop(teller: Teller) -> None:
    """Missed three meetings in a year: a sign to check on her."""
    story = teller.referred(
        190,
        "Kirsty Dunlop",
        [NeedKind.CARING, NeedKind.MONEY_AND_BENEFITS],
        "Looks after her mum round the clock. Has cancelled her own appointments here three times.",
        "One afternoon a week that is mine.",
        pronouns="she/her",
        date_of_birth=date(1983, 12, 5),
        phone="07700 900268",
        may_text=True,
    )
    teller.on(story, 186)
    story.contact(True, "Whispering: mum asleep next door. Text is better than ringing.", minutes=5)
    teller.met(
        story, 170, "First meeting. Cried, then laughed, then made the tea. A good hour.", minutes=60, **PRACTICE
    )
    story.note_risk("Text, never ring: her mum sleeps next door.", teller.worker, RiskKind.ALERT, weeks=24)
    for days_ago, barrier in ((150, MissedBarrier.CARING), (96, MissedBarrier.CARING), (34, MissedBarrier.UNWELL)):
        follow_up = teller.missed(story, days_ago, days_ago - 4, "Could not come. No harm done.", barrier, **PRACTICE)
        story.on(follow_up.due_on)
        story.contact(True, "Text back within the hour: mum had a bad night.", channel=Channel.TEXT)
        story.finish(follow_up)
    teller.on(story, 2)
    story.write(Channel.TEXT, "holding", "the sender could not be reached")
    at_her_mum_s(story)
    story.follow_up(teller.days_until(story, 0), "Ring about the sitter service")


def wai_yee_chan(teller: Teller) -> None:
    """Accepted three weeks ago and not met yet."""
    story = teller.referred(
        24,
        "Wai-yee Chan",
        [NeedKind.DIGITAL, NeedKind.LONELINESS],
        "Cannot book anything now that it is all on the phone. Has a phone, in a drawer.",
        "To see my sister in Vancouver on the screen.",
        preferred_name="慧儀",
        interpreter_language="Cantonese",
        date_of_birth=date(1947, 2, 11),
    )
    for days_ago in (19, 11, 4):
        teller.on(story, days_ago)
        story.contact(False, "No answer. Will try with the interpreter at another time of day.")


def morag_sinclair(teller: Teller) -> None:
    """Yesterday's meeting is still to be written up, and the planned ending has passed."""
    story = teller.referred(
        120,
        "Morag Sinclair",
        [NeedKind.PHYSICAL_ACTIVITY, NeedKind.LONELINESS],
        "Would like to be more active after the hip. Nervous of gyms and says so with some force.",
        "To swim again. I used to swim every day.",
        pronouns="she/her",
        date_of_birth=date(1949, 9, 3),
    )
    teller.on(story, 116)
    story.contact(True, "Asked me three questions before I had asked one.", minutes=10)
    teller.met(story, 108, "First meeting. Showed me the medals.", **home("Yoker"))
    story.plan(Complexity.LIGHT, teller.calendar.days_ago(6))
    swim = set_goal(story, "Swim again. Every day, if they let me", "Look at the pool from the café", WhoDoes.TOGETHER)
    set_goal(story, "Somebody to talk to who has also been in the water")
    teller.met(story, 80, "Looked at the pool from the café. That was the plan, and it was enough.", **CAFE)
    refer_on(story, "went", need=NeedKind.PHYSICAL_ACTIVITY)
    teller.met(story, 38, "Swam. Four lengths. Did not want to talk about it and talked about nothing else.", **CAFE)
    say(story, swim, "Four lengths. I cried in the shower and it was the good kind.")
    goes_alone_tonight(story)
    story.book_at(teller.diary.book(teller.calendar.before_today(1)), **CAFE)


SCENES = [
    sam_kerr,
    aisha_malik,
    tom_boyle,
    jean_morrison,
    rajinder_singh,
    callum_reid,
    kirsty_dunlop,
    wai_yee_chan,
    morag_sinclair,
]
