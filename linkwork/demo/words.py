"""What link workers and practices write, apart from what belongs to one kind of need (needs.py)."""

from caseload.enums import Ending, HoldBarrier, HoldEnd, HoldPurpose
from referrals.enums import DeclineReason

OPENINGS = (
    "Good to see them again.",
    "A quieter day than last time.",
    "Met in the café, corner table.",
    "Kettle on as I came up the stair.",
    "Came early, which they put down to the bus.",
    "We started with the week.",
    "Tired today, so we kept it short.",
    "In good form.",
    "Rain, so we stayed in.",
    "Worried when I arrived, easier by the end.",
    "",
    "",
)
CLOSINGS = (
    "Next: I ring the group, they think about Thursday.",
    "They will try it once and tell me honestly.",
    "I send the leaflet in large print.",
    "Nothing to do before we meet. That was agreed, and is allowed.",
    "I speak to the practice about the repeat prescription.",
    "They ring their sister; I ring the housing officer.",
    "We go together next time.",
    "To look at again in two weeks.",
    "",
    "",
)
FIRST_MEETING = (
    "First meeting. Explained what a link worker is and is not. ",
    "First meeting, at their pace. Mostly listened. ",
    "Met for the first time; wanted to know who reads these notes, so I showed them. ",
    "First meeting. We drew a map of who is around them. ",
)
ACCOMPANIED = (
    "Went along to {asset} together. ",
    "Walked to {asset} and sat at the back for the first half. ",
    "Took the bus to {asset}; worth knowing the 61 stops outside. ",
)
MISSED_NOTES = (
    "Waited twenty minutes. Nobody in, or nobody answering. Card through the door, no details on it.",
    "Did not come today. Rang once, no answer. I will try again and the slot is theirs next week.",
    "Not there. Has had a hard fortnight, so no surprise. The door stays open.",
    "No sign at the café. Text sent to say no harm done.",
    "Missed today. I wonder about the time of day; will ask.",
)
CANCELLED_NOTES = ("Rang to say today is no good.", "Text this morning: not up to it today.", "Hospital moved a date.")
CANCELLED_BY_US_NOTES = (
    "I was off sick. Apologised; they asked after me.",
    "Room double-booked. Our fault, and said so.",
)
FOLLOW_UPS_AFTER_MISSED = (
    "Ring to see how they are",
    "Ring in the afternoon, mornings are hard",
    "Text, then ring if there is no answer",
    "Ask whether another place would be easier",
)
FOLLOW_UPS = (
    "Ring the group about a place",
    "Send the large-print leaflet",
    "Ask the practice about the repeat prescription",
    "Ring to hear how the first visit went",
    "Check that the form has arrived",
)
REACHED_NOTES = (
    "Good talk. Going along with things, no changes.",
    "Glad of the call. Nothing needed this week.",
    "Went to the group on Tuesday and stayed to the end.",
    "Rang off quickly, visitors in. Will ring back.",
    "A wobble at the weekend. Talked it through; knows who to ring at night.",
    "Still waiting, still all right with waiting, and glad somebody asks.",
)
FIRST_CALL_NOTES = (
    "Explained who I am and why I ring. Would like to meet.",
    "Had forgotten agreeing to the referral but is glad of it. Prefers mornings.",
    "A bit wary, quite rightly. I said they may say no at any time.",
    "Happy to meet; asked that I ring the day before.",
)
NOT_REACHED_NOTES = ("No answer.", "Rang out.", "Straight to voicemail.", "No answer; tried twice.", "")
PROFESSIONAL_NOTES = (
    "Spoke to the practice nurse about the medication review.",
    "Housing officer rang back: the application is in.",
    "The group has a place from next week.",
    "Checked with the waiting list: still about two months.",
    "Social worker will be at the next meeting, if they agree.",
)
LETTER_NOTE = "Letter in plain words: we have not met yet, the door is open, here is my number."
WHAT_MATTERS_LATER = (
    " And to be the one who helps, some day, not always the other way about.",
    " My grandson's birthday in the spring: to be there, and well.",
    " To be asked before things are decided.",
    " My garden.",
    " That nobody makes me hurry.",
)
HOLD_NOTES = {
    HoldPurpose.WAITING_FOR_SERVICE: (
        "On the list for {need}. Keeping warm with a call every few weeks until there is a place.",
        "Referred for {need}; told four months. Agreed that we stay in touch meanwhile.",
    ),
    HoldPurpose.GETTING_READY: (
        "Not ready for a group yet, and says so well. We try small things first.",
        "Wants to, not yet. We meet, we walk, we wait until it is time.",
    ),
    HoldPurpose.EASING_LOAD: (
        "Was at the surgery most weeks. Rings me first now, and that suits everybody.",
        "The practice nurse asked me to stay on while the new medicine settles.",
    ),
    HoldPurpose.BEING_ALONGSIDE: (
        "There is no service for this. There is somebody who turns up, and that is me for now.",
        "Nothing to fix. Being alongside is the work.",
    ),
}
REVIEW_NOTES = (
    "Still waiting. Rang the service: no date yet.",
    "Still the right thing. They say so too.",
    "Talked it over with a colleague: hold on, and look for a second string.",
    "Moved up the list. A few weeks, perhaps.",
    "Looked for something else in the meantime; the walking group might do.",
    "No change, and that is all right. Next look in a month.",
)
MEANWHILE = (
    "A call every second Monday.",
    "The Thursday walk together, and a call after it.",
    "Claiming what they are due, one form at a time.",
    "A call when it is bad, whatever the day says.",
    "Going along to the lunch club until there is a place.",
)
HOLD_END_NOTES = {
    HoldEnd.SERVICE_STARTED: "The place came through. First session next week.",
    HoldEnd.NO_LONGER_WANTED: "Has found another way and does not want it now.",
    HoldEnd.NEED_CHANGED: "Something else matters more now.",
    HoldEnd.NO_SERVICE: "We have asked everywhere. It does not exist here; noted for the evidence sheet.",
    HoldEnd.BACK_TO_ACTIVE: "Ready to start again.",
    HoldEnd.CASE_CLOSED: "",
}
BARRIERS = {
    HoldPurpose.WAITING_FOR_SERVICE: (
        HoldBarrier.WAITING_LIST,
        HoldBarrier.WAITING_LIST,
        HoldBarrier.WAITING_LIST,
        HoldBarrier.CRITERIA,
        HoldBarrier.DISTANCE,
        HoldBarrier.FUNDING_ENDED,
        HoldBarrier.LANGUAGE,
        HoldBarrier.COST,
    ),
    HoldPurpose.GETTING_READY: (HoldBarrier.BAD_EXPERIENCE, HoldBarrier.RIGID, HoldBarrier.ACCESS, HoldBarrier.COST),
    HoldPurpose.EASING_LOAD: (HoldBarrier.CRISIS_ONLY, HoldBarrier.CRITERIA, HoldBarrier.NONE_EXISTS),
    HoldPurpose.BEING_ALONGSIDE: (HoldBarrier.NONE_EXISTS, HoldBarrier.CRISIS_ONLY, HoldBarrier.LANGUAGE),
}
ENDING_NOTES = {
    Ending.GOALS_REACHED: (
        "We looked back at the first page together. It is done, they say, and laughed at how it began.",
        "Going to the group by themselves now. That was the plan.",
        "Has what they came for.",
    ),
    Ending.CONNECTED: (
        "Settled at {asset}, who will be there long after me.",
        "The advice worker has the money side now; the group has the rest.",
    ),
    Ending.NO_LONGER_WANTED: (
        "Things are better at home and this is one appointment too many. Fair enough.",
        "Thanked us, would rather not. Knows how to come back.",
    ),
    Ending.PASSED_ON: ("The community mental health team is involved now and one key person is enough.",),
    Ending.MOVED: ("Moved to be near family. Gave them the number of the link workers there.",),
    Ending.DIED: ("Died in hospital. I have written to the family.",),
    Ending.NOTHING_AVAILABLE: ("We tried every door there is. Noted what is missing here.",),
    Ending.NOT_REACHED: (
        "Three calls, a text and a letter over ten weeks, at different times of day, and no word.",
        "Missed two meetings and we have not managed to reach them since, by phone, text or post.",
    ),
}
WAYS_BACK = (
    "Ring or walk in, no new referral needed.",
    "Their number is on the card I left. Ask for me, or anyone on the team.",
    "The practice can send one line and we take it up where we stopped.",
)
PRACTICE_ANSWERS = (
    "",
    "",
    "Thank you. I will ring this week.",
    "Thank you, taken on. First call in a few days.",
    "On our list; about two weeks until the first meeting.",
)
QUESTIONS = (
    "Could you say whether they know about this referral, and the best time to ring?",
    "Is there a number we may use? The one given does not connect.",
    "Is the crisis team involved now? If so we would wait for their view.",
)
ANSWERED_QUESTIONS = (
    "They know, and mornings are best.",
    "New number added.",
    "No longer under the crisis team, since last week.",
)
DECLINES = {
    DeclineReason.OUT_OF_AREA: "They live outside the area we cover. The neighbouring team's number is on our page.",
    DeclineReason.NEEDS_OTHER_SERVICE: "This needs the duty social worker today. I have rung so that you know.",
    DeclineReason.NOT_WANTED: "I rang to ask; they would rather not just now, and know how to find us.",
    DeclineReason.ALREADY_SUPPORTED: "The carers' centre supports them already, and well. I have told them you asked.",
    DeclineReason.NO_ROOM: "We have no room this month. Please try again after the first, or ring me.",
}
WITHDRAWALS = ("Moved to another practice.", "Changed their mind.", "Sent twice by mistake.", "")
HANDOVERS = (
    "Taking over while a colleague is on leave. They know and have met me.",
    "A better match for the language.",
    "Nearer to my other visits.",
)
REOPENINGS = (
    "Rang to ask whether the offer still stands. It does.",
    "The group has closed and everything that went with it.",
    "Came in by themselves. Glad they did.",
)
RISKS = (
    "Large dog in the house: ring first and it will be put in the kitchen.",
    "Steep unlit stair. Go in daylight.",
    "A relative at the address may be aggressive. Meet at the practice.",
    "Has had thoughts of ending life, none now. Safety plan is with the practice.",
    "Smokes with home oxygen. Fire service has visited.",
    "Faints at times. Has an alarm and likes somebody to know where it is.",
)
SAFE_CONTACT = (
    "Ring only between 10 and 2. Say you are from the library.",
    "No voicemail: the phone is shared.",
    "Ring the daughter first; the number is hers.",
    "Does not answer withheld numbers. Text before ringing.",
)
ACCESS_NEEDS = (
    "Uses a wheelchair; step-free rooms only.",
    "Hard of hearing on the left. Sit on the right.",
    "Letters in large print.",
    "Reads a little English. Pictures and a call are better.",
    "Needs a quiet room and clear times.",
    "Gets breathless on stairs.",
)
