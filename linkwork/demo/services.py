"""The kinds of community service the demo's directory has, each in every few districts."""

from dataclasses import dataclass

from assets.enums import AccessFeature, Cost, Group, HowToJoin, NeedKind

STEP_FREE = (AccessFeature.STEP_FREE, AccessFeature.ACCESSIBLE_TOILET)
ROOMY = (*STEP_FREE, AccessFeature.HEARING_LOOP, AccessFeature.COMPANION)


@dataclass(frozen=True)
class Kind:
    """`answers` is what it is mostly for; `more` is what else it says about itself."""

    name: str
    about: str
    answers: NeedKind
    also: tuple[NeedKind, ...] = ()
    cost: Cost = Cost.FREE
    cost_note: str = ""
    join: HowToJoin = HowToJoin.DROP_IN
    join_note: str = ""
    groups: tuple[Group, ...] = ()
    ages: tuple[int | None, int | None] = (16, None)
    access: tuple[AccessFeature, ...] = STEP_FREE
    languages: tuple[str, ...] = ()
    threshold: str = ""
    has_wait: bool = False


N, J, A = NeedKind, HowToJoin, AccessFeature
KINDS = (
    Kind("Blether Café", "Tea and company. Just turn up.", N.LONELINESS, (N.MENTAL_WELLBEING,), access=ROOMY),
    Kind("Lunch Club", "Soup, a main and pudding. Transport can be arranged.", N.LONELINESS, (N.FOOD_AND_FUEL,),
         Cost.PAID, "£4 for three courses", J.SELF, "Ring the day before", ages=(60, None), access=ROOMY),
    Kind("Repair Shed", "Tools, a stove and people who know how to use both.", N.WORK_AND_LEARNING, (N.LONELINESS,),
         Cost.DONATION, groups=(Group.MEN,), access=(A.STEP_FREE, A.PARKING)),
    Kind("Counselling Project", "Free, one to one, up to 12 sessions.", N.MENTAL_WELLBEING, (N.BEREAVEMENT,),
         join=J.REFERRAL, languages=("English", "Urdu", "Polish"), has_wait=True,
         access=(*STEP_FREE, A.QUIET_SPACE, A.ONLINE), threshold="Not for people in crisis: ring 111 for that"),
    Kind("Advice Centre", "Benefits and debt advice by appointment.", N.MONEY_AND_BENEFITS, (N.HOUSING, N.LEGAL),
         join=J.SELF, languages=("English", "Urdu", "Punjabi", "Arabic"), has_wait=True, access=(*ROOMY, A.ONLINE)),
    Kind("Housing Help", "Repairs, applications and homelessness. Drop in on Tuesdays.", N.HOUSING, (N.LEGAL,),
         groups=(Group.HOMELESS,)),
    Kind("Health Walks", "Slow, short and sociable, with a leader at the back.", N.PHYSICAL_ACTIVITY,
         (N.LONELINESS, N.LONG_TERM_CONDITION), access=(A.COMPANION,)),
    Kind("Breathe Easy Choir", "Singing for people with lung conditions.", N.LONG_TERM_CONDITION, (N.LONELINESS,),
         Cost.DONATION, join=J.SELF, access=ROOMY),
    Kind("Memory Café", "For people living with dementia and whoever comes along.", N.LONG_TERM_CONDITION, (N.CARING,),
         ages=(None, None), access=(*ROOMY, A.QUIET_SPACE)),
    Kind("Carers' Centre", "Somebody to talk to, sitters, help with assessments.", N.CARING, (N.MONEY_AND_BENEFITS,),
         join=J.SELF, groups=(Group.CARERS,), access=(*STEP_FREE, A.HOME_VISITS)),
    Kind("Bereavement Group", "Six evenings together, and a lunch after.", N.BEREAVEMENT, (N.MENTAL_WELLBEING,),
         join=J.REFERRAL, has_wait=True, access=(*STEP_FREE, A.QUIET_SPACE)),
    Kind("Pantry", "You choose what you take. Members help run it.", N.FOOD_AND_FUEL, (N.MONEY_AND_BENEFITS,),
         Cost.PAID, "£3.50 a week", J.SELF),
    Kind("Playgroup", "Under-fives and whoever brings them.", N.FAMILY_AND_PARENTING, (N.LONELINESS,),
         Cost.PAID, "£1 a family", groups=(Group.PARENTS,), ages=(0, 5)),
    Kind("Welcome House", "English classes, a solicitor on Thursdays, a kitchen.", N.IMMIGRATION_AND_ASYLUM,
         (N.WORK_AND_LEARNING, N.LEGAL), groups=(Group.REFUGEES,), ages=(None, None),
         languages=("English", "Arabic", "Tigrinya", "Ukrainian", "Farsi")),
    Kind("Recovery Café", "Saturday evenings, run by people in recovery.", N.ALCOHOL_AND_DRUGS, (N.LONELINESS,),
         Cost.DONATION, groups=(Group.RECOVERY,), ages=(18, None)),
    Kind("Access Group", "Grants, equipment and campaigning by disabled people.", N.DISABILITY_AND_ACCESS,
         (N.MONEY_AND_BENEFITS,), join=J.SELF, groups=(Group.DISABLED,),
         access=(*ROOMY, A.CHANGING_PLACE, A.BSL, A.LARGE_PRINT)),
    Kind("Community Transport", "Door to door with a ramp. Book two days ahead.", N.TRANSPORT,
         (N.DISABILITY_AND_ACCESS,), Cost.PAID, "£2.50 each way", J.SELF, access=(A.STEP_FREE, A.HOME_VISITS)),
    Kind("Digital Buddies", "Bring the phone, or borrow a tablet.", N.DIGITAL, (N.WORK_AND_LEARNING,),
         languages=("English", "Cantonese"), access=(*STEP_FREE, A.LARGE_PRINT)),
    Kind("Safe Space Project", "Confidential support, at a place you choose.", N.ABUSE_AND_SAFETY, (N.LEGAL,),
         join=J.REFERRAL, groups=(Group.WOMEN,), has_wait=True, languages=("English", "Urdu", "Punjabi", "Polish")),
    Kind("Law Clinic", "Free advice from student solicitors, Wednesday evenings.", N.LEGAL,
         (N.IMMIGRATION_AND_ASYLUM, N.HOUSING), join=J.SELF, access=(*STEP_FREE, A.ONLINE)),
)  # fmt: skip
