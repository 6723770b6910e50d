"""What practices write, what people want and what link workers note, for each kind of need.

Made up, in the manner of the trade: plain, kind, and about what is in the way rather than what is wrong
with somebody.
"""

from dataclasses import dataclass

from assets.enums import NeedKind
from linkwork.demo.draw import Weighted


@dataclass(frozen=True)
class Stock:
    reasons: tuple[str, ...]
    wants: tuple[str, ...]
    notes: tuple[str, ...]


NEEDS = {
    NeedKind.MENTAL_WELLBEING: Stock(
        (
            "Low mood since the spring. Tablets have helped a little; being busy used to help more.",
            "Anxious in crowds and on buses, so home most days. Open to trying something small.",
            "Has been seen four times this month about sleep and worry. I think company would do more than I can.",
            "Finished counselling in the summer and would like something to keep going with.",
        ),
        (
            "To feel more like myself in the mornings.",
            "Somewhere quiet to go where nobody asks too much.",
            "A reason to get dressed on a Monday.",
        ),
        (
            "Sleeping a bit better. Mornings are still the hard part, and that is when the phone goes quiet.",
            "We talked about what a good day used to look like: the allotment, soup, the radio.",
            "Walked round the block together twice. The second time was easier, and we both said so.",
        ),
    ),
    NeedKind.LONELINESS: Stock(
        (
            "Lives alone since a brother moved away. Comes to reception to talk, always welcome, but needs more.",
            "Sees nobody from Friday to Tuesday. Used to run the bowling club's teas.",
            "New to the area and knows nobody on the stair.",
            "Rarely leaves the flat these days. The district nurse is the only visitor.",
        ),
        (
            "Some company in the afternoons, when the day is long.",
            "To meet people who like dominoes and do not mind my hearing.",
            "A voice on the phone now and then would do to begin with.",
        ),
        (
            "Told me about the dancing at the Barrowland in 1968, for half an hour. Laughed a lot.",
            "Would try the lunch club if somebody came along the first time. I said I would.",
            "Has swapped numbers with a neighbour from the group. Small thing, big smile.",
        ),
    ),
    NeedKind.MONEY_AND_BENEFITS: Stock(
        (
            "Disability payment stopped after a review and the letter makes no sense to either of us.",
            "In arrears with the energy company and not opening post.",
            "Hours cut at work. Skipping meals so that the children eat.",
            "Thinks there is nothing to claim. I think there may be.",
        ),
        (
            "Somebody to sit beside me while I ring them.",
            "To stop being frightened of brown envelopes.",
            "To know where I stand.",
        ),
        (
            "Opened the post together: eleven letters, three that mattered. Made a list.",
            "Rang the helpline on speaker, 40 minutes in the queue. Review form is coming by post.",
            "Benefit check done with the advice worker: about £38 a week not claimed.",
        ),
    ),
    NeedKind.HOUSING: Stock(
        (
            "Third-floor flat, no lift, bad knees. Has not been down the stair in five weeks.",
            "Damp in the bedroom; chest infections all winter. The landlord has not answered two letters.",
            "Sofa-surfing with a cousin since August and the welcome is wearing thin.",
        ),
        (
            "A ground-floor place near my sister.",
            "Just a dry room for the wee one.",
            "Help with the forms; I have filled in the same one three times.",
        ),
        (
            "Photographed the damp together and wrote to the factor. Copy kept in the drawer with the tenancy.",
            "Housing officer will visit on the 14th. Asked me to be there, and I will.",
            "On the list, band B. Talked about what would make this flat bearable until then.",
        ),
    ),
    NeedKind.WORK_AND_LEARNING: Stock(
        (
            "Off work since March with stress and losing heart. Was a joiner for twenty years.",
            "Left school early and would like to read better, but is shy of asking.",
            "Applying for everything and hearing nothing.",
        ),
        (
            "To use my hands again.",
            "To help my daughter with her homework.",
            "A job I could manage three days a week.",
        ),
        (
            "Looked in at the repair shed. Had opinions about the lathe within five minutes.",
            "The college has a taster in January. Form filled in together, in pencil first.",
            "CV is done. Proudest of the bit about night shifts in the pandemic.",
        ),
    ),
    NeedKind.LONG_TERM_CONDITION: Stock(
        (
            "COPD, three admissions last year. Knows the inhalers; less sure about living with it.",
            "Newly diagnosed with type 2 and overwhelmed by leaflets.",
            "Lives with persistent pain. Tests are done; we have talked about what else might help.",
        ),
        (
            "To get up the hill to church without stopping.",
            "To talk to someone who has it too.",
            "To cook something that is allowed and tastes of something.",
        ),
        (
            "Good days and bad days: we are writing down which is which, to show the nurse.",
            "Has been to the breathing group twice. Likes that they sing.",
            "Pacing is not giving up: those were the words used today, not mine.",
        ),
    ),
    NeedKind.PHYSICAL_ACTIVITY: Stock(
        (
            "Would like to be more active after the knee operation; nervous of gyms.",
            "Sits for most of the day, says so cheerfully, and would like a push.",
        ),
        ("A walk with company, on the flat.", "To swim again. I used to swim every day."),
        (
            "First walk with the health walk: went the short loop, stayed for the tea.",
            "Pool has a quiet hour on Wednesdays. Going to look at it from the café first.",
        ),
    ),
    NeedKind.CARING: Stock(
        (
            "Cares for a wife with dementia round the clock. Has cancelled own appointments three times.",
            "Sixteen, looks after mum, tired at school. Mum agrees to this.",
            "Looks after two grandchildren full time and is running on empty.",
        ),
        (
            "One afternoon a week that is mine.",
            "Somebody who gets it without me explaining.",
            "To sleep through a night.",
        ),
        (
            "Carer's assessment booked. Went through what to say about the nights, which always gets left out.",
            "Has not had a haircut since June. We rang for the sitter service together.",
            "Cried, then laughed, then made the tea. A good hour.",
        ),
    ),
    NeedKind.BEREAVEMENT: Stock(
        (
            "Husband died in February. Doing everything right and feeling nothing, in those words.",
            "Lost a son two years ago; the anniversary is coming and last year was very hard.",
            "Mother died abroad and there was no money to go.",
        ),
        (
            "To be able to say his name without the room going quiet.",
            "To sort the wardrobe, with somebody there.",
            "Not to be on my own that Sunday.",
        ),
        (
            "Looked at photographs. No plan today, and none needed.",
            "Has put a name down for the bereavement group; the wait is about three months.",
            "The anniversary passed. Went to the loch with his sister, as hoped.",
        ),
    ),
    NeedKind.FOOD_AND_FUEL: Stock(
        ("Choosing between the meter and the messages.", "Food parcel twice this month. Cooker is broken."),
        ("A warm room to sit in.", "To cook a proper dinner on a Sunday."),
        (
            "Fuel voucher arrived and went on the meter while I was there.",
            "Joined the pantry: £3.50 a week, and you choose. The choosing matters.",
        ),
    ),
    NeedKind.FAMILY_AND_PARENTING: Stock(
        (
            "Baby of five months, partner away at sea, no family near.",
            "Parenting two boys alone, one waiting for an autism assessment. Waiting list is over two years.",
        ),
        ("Other mums who are honest about it.", "Ideas for the school holidays that cost nothing."),
        (
            "Went to the playgroup together. Stood at the door for a bit and then went in.",
            "The school has offered a meeting. Wrote down three things to ask for.",
        ),
    ),
    NeedKind.IMMIGRATION_AND_ASYLUM: Stock(
        (
            "Asylum claim pending for fourteen months. Cannot work, was a pharmacist, sleeps badly.",
            "Newly granted leave to remain, with 28 days to leave the accommodation.",
        ),
        ("To study English properly.", "My children here, and to stop waiting."),
        (
            "Solicitor's letter explained by the interpreter, slowly, twice. Copy made.",
            "English class has a place from Tuesday. Walked there together to know the way.",
        ),
    ),
    NeedKind.ABUSE_AND_SAFETY: Stock(
        (
            "Left an unsafe home in the summer. Safe now; please read the contact note before ringing.",
            "Controlled about money by a relative. Wishes to talk to somebody outside the family.",
        ),
        ("To feel safe answering the door.", "My own bank card."),
        (
            "Met at the practice, as agreed. Support worker from the women's project is in touch now.",
            "Account opened, card goes to her sister's address. Knows which number to ring at night.",
        ),
    ),
    NeedKind.ALCOHOL_AND_DRUGS: Stock(
        (
            "Has cut down from every day to weekends and wants things to do on a Friday instead.",
            "Nine months in recovery. The group has moved to the far side of the city.",
        ),
        ("Something on a Friday night that is not the pub.", "To be trusted with my nephews."),
        (
            "Recovery café on Saturday: poured the coffee, which was easier than sitting.",
            "A hard week, said so plainly. We looked at Friday again together.",
        ),
    ),
    NeedKind.DISABILITY_AND_ACCESS: Stock(
        (
            "Sight is going. Was told to expect it; was not told what there is.",
            "New wheelchair user, and the front step has become a wall.",
        ),
        ("To read my own letters.", "To get to the park under my own steam."),
        (
            "Talking-book player set up. First book: one about Shackleton.",
            "Ramp grant applied for. Measured the step together: 19 cm.",
        ),
    ),
    NeedKind.TRANSPORT: Stock(
        ("Misses the pain clinic because it takes two buses and the second one does not come.",),
        ("A lift on a Thursday.", "To know which bus has a ramp."),
        ("Community transport will do Thursdays from next week. Rang them together.",),
    ),
    NeedKind.DIGITAL: Stock(
        (
            "Cannot book anything now that it is all on the phone. Has a phone, in a drawer.",
            "Universal Credit journal is online and there is no computer at home.",
        ),
        ("To see my sister in Canada on the screen.", "To do the journal without asking my neighbour."),
        (
            "Tablet borrowed from the library. Rang the sister in Canada; she cried, we all did.",
            "Found the journal by ourselves today. The password is written on the calendar, in code.",
        ),
    ),
    NeedKind.LEGAL: Stock(
        ("Guardianship for a daughter turning sixteen; does not know where to begin.",),
        ("Somebody to explain it in plain words.",),
        ("Law clinic on Wednesday evening, appointment at six. Papers in one folder.",),
    ),
    NeedKind.OTHER: Stock(
        ("Hard to put in a box. Please have a conversation; I think you will see.",),
        ("I will tell you when I see you.",),
        ("It turned out to be about the dog, and who would have him in an emergency.",),
    ),
}

# How often each is named on a referral.
WEIGHTS = Weighted(
    {
        NeedKind.MENTAL_WELLBEING: 24,
        NeedKind.LONELINESS: 18,
        NeedKind.MONEY_AND_BENEFITS: 16,
        NeedKind.HOUSING: 9,
        NeedKind.LONG_TERM_CONDITION: 9,
        NeedKind.PHYSICAL_ACTIVITY: 6,
        NeedKind.CARING: 6,
        NeedKind.BEREAVEMENT: 5,
        NeedKind.WORK_AND_LEARNING: 5,
        NeedKind.FOOD_AND_FUEL: 5,
        NeedKind.FAMILY_AND_PARENTING: 3,
        NeedKind.IMMIGRATION_AND_ASYLUM: 3,
        NeedKind.ALCOHOL_AND_DRUGS: 3,
        NeedKind.DISABILITY_AND_ACCESS: 3,
        NeedKind.DIGITAL: 2,
        NeedKind.TRANSPORT: 2,
        NeedKind.ABUSE_AND_SAFETY: 2,
        NeedKind.LEGAL: 1,
        NeedKind.OTHER: 1,
    }
)
