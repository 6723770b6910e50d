from django.db import models


class AreaKind(models.TextChoices):
    """The small areas a deprivation index is published for. The values are Postcode's field names."""

    DZ2011 = "dz2011", "Data zone (2011)"
    DZ2022 = "dz2022", "Data zone (2022)"
    LSOA2011 = "lsoa2011", "Lower-layer super output area (2011)"
    LSOA2021 = "lsoa2021", "Lower-layer super output area (2021)"


class DecileKind(models.TextChoices):
    """How areas were shared out: the same number of areas in each tenth, or the same number of people."""

    EQUAL_COUNT = "equal_count", "Equal numbers of areas"
    POPULATION_WEIGHTED = "population_weighted", "Equal numbers of people"


class Weekday(models.TextChoices):
    """Keys of an asset's opening hours, in order."""

    MON = "mon", "Monday"
    TUE = "tue", "Tuesday"
    WED = "wed", "Wednesday"
    THU = "thu", "Thursday"
    FRI = "fri", "Friday"
    SAT = "sat", "Saturday"
    SUN = "sun", "Sunday"


class NeedKind(models.TextChoices):
    """Kinds of need: what a referral names, what a case uncovers, what an asset helps with."""

    MENTAL_WELLBEING = "mental_wellbeing", "Mental wellbeing"
    LONELINESS = "loneliness", "Loneliness"
    MONEY_AND_BENEFITS = "money_and_benefits", "Money and benefits"
    HOUSING = "housing", "Housing"
    WORK_AND_LEARNING = "work_and_learning", "Work and learning"
    LONG_TERM_CONDITION = "long_term_condition", "Long-term condition"
    PHYSICAL_ACTIVITY = "physical_activity", "Physical activity"
    CARING = "caring", "Caring"
    BEREAVEMENT = "bereavement", "Bereavement"
    FOOD_AND_FUEL = "food_and_fuel", "Food and fuel"
    FAMILY_AND_PARENTING = "family_and_parenting", "Family and parenting"
    IMMIGRATION_AND_ASYLUM = "immigration_and_asylum", "Immigration and asylum"
    ABUSE_AND_SAFETY = "abuse_and_safety", "Abuse and safety"
    ALCOHOL_AND_DRUGS = "alcohol_and_drugs", "Alcohol and drugs"
    DISABILITY_AND_ACCESS = "disability_and_access", "Disability and access"
    TRANSPORT = "transport", "Transport"
    DIGITAL = "digital", "Digital"
    LEGAL = "legal", "Legal"
    OTHER = "other", "Something else"


class Cost(models.TextChoices):
    FREE = "free", "Free"
    DONATION = "donation", "Pay what you can"
    PAID = "paid", "Costs something"


class AccessFeature(models.TextChoices):
    STEP_FREE = "step_free", "Step-free"
    ACCESSIBLE_TOILET = "accessible_toilet", "Accessible toilet"
    CHANGING_PLACE = "changing_place", "Changing Places toilet"
    PARKING = "parking", "Blue Badge parking"
    HEARING_LOOP = "hearing_loop", "Hearing loop"
    BSL = "bsl", "British Sign Language"
    LARGE_PRINT = "large_print", "Large print or Braille"
    QUIET_SPACE = "quiet_space", "Quiet space"
    COMPANION = "companion", "A companion is welcome"
    ONLINE = "online", "Can be joined online or by phone"
    HOME_VISITS = "home_visits", "Comes to the home"


class Group(models.TextChoices):
    """Who a service is for, where it is not for everyone."""

    CARERS = "carers", "Carers"
    PARENTS = "parents", "Parents and families"
    WOMEN = "women", "Women"
    MEN = "men", "Men"
    LGBTQ = "lgbtq", "LGBTQ+ people"
    DISABLED = "disabled", "Disabled people"
    ETHNIC_MINORITIES = "ethnic_minorities", "Ethnic minorities"
    REFUGEES = "refugees", "Refugees and people seeking asylum"
    VETERANS = "veterans", "Veterans"
    HOMELESS = "homeless", "People without a home"
    RECOVERY = "recovery", "People in recovery"
    NEURODIVERGENT = "neurodivergent", "Neurodivergent people"


class HowToJoin(models.TextChoices):
    DROP_IN = "drop_in", "Just turn up"
    SELF = "self", "Ask to join"
    REFERRAL = "referral", "By referral"


class Capacity(models.TextChoices):
    """What a service last said of its room (the four of FHIR's capacity status)."""

    ROOM = "capacity", "Taking people now"
    WAITING_LIST = "waitlist", "Waiting list"
    ASSESSMENT = "additional-assessment-required", "Assessment first"
    FULL = "no-capacity", "Full"


class ProblemKind(models.TextChoices):
    WRONG_CONTACT = "wrong_contact", "The contact details are wrong"
    GONE = "gone", "It no longer runs"
    FULL = "full", "It is full"
    NOT_IN_AREA = "not_in_area", "It does not cover our area"
    OTHER = "other", "Something else"


class AssetVerb(models.TextChoices):
    """What an AssetEvent says happened. The label follows the name of who did it."""

    CREATED = "created", "added it"
    IMPORTED = "imported", "brought it in from its source"
    CONFIRMED = "confirmed", "confirmed it is right"
    CORRECTED = "corrected", "corrected it"
    REPORTED = "reported", "reported a problem"
    SETTLED = "settled", "settled a problem"
    REMINDED = "reminded", "asked the service whether it is right"
    LINK_OPENED = "link_opened", "opened the link we sent"
    CAPACITY = "capacity", "said whether there is room"
    CLOSED = "closed", "marked it as closed"
    REOPENED = "reopened", "marked it as open again"
    MERGED = "merged", "merged it with another entry"
    UNMERGED = "unmerged", "took a merge back"
    CONFLICT_SETTLED = "conflict_settled", "chose between two versions"


class FeedKind(models.TextChoices):
    CSV = "csv", "A CSV file or spreadsheet"
    ORUK = "oruk", "An Open Referral UK feed"
    ALISS = "aliss", "ALISS"
    HSDS_CSV = "hsds_csv", "Open Referral (HSDS) CSV files"
    TERMS = "terms", "A list of words: categories, groups, access or areas"


class Vocabulary(models.TextChoices):
    """What the words of somebody else's list are about."""

    CATEGORY = "category", "Categories"
    GROUP = "group", "Groups of people"
    ACCESS = "access", "Access"
    AREA = "area", "Areas"


# What a word of each may mean here. An area is a place, and means no more than its name.
MEANINGS = {Vocabulary.CATEGORY: NeedKind, Vocabulary.GROUP: Group, Vocabulary.ACCESS: AccessFeature}


class IntakeState(models.TextChoices):
    """Where bringing a feed in has got to."""

    READING = "reading", "Being read"
    PREVIEW = "preview", "Ready to look at"
    WRITING = "writing", "Being brought in"
    DONE = "done", "Brought in"
    FAILED = "failed", "Could not be read"
    DROPPED = "dropped", "Not brought in"


INTAKE_MOVES = {
    "show": ([IntakeState.READING], IntakeState.PREVIEW),
    "apply": ([IntakeState.PREVIEW], IntakeState.WRITING),
    "finish": ([IntakeState.WRITING], IntakeState.DONE),
    "fail": ([IntakeState.READING, IntakeState.WRITING], IntakeState.FAILED),
    "drop": ([IntakeState.READING, IntakeState.PREVIEW], IntakeState.DROPPED),
    "resume": ([IntakeState.FAILED], IntakeState.READING),
    "reread": ([IntakeState.READING, IntakeState.PREVIEW, IntakeState.FAILED], IntakeState.READING),
}


class RowState(models.TextChoices):
    NEW = "new", "New"
    CHANGED = "changed", "Changed"
    UNCHANGED = "unchanged", "Unchanged"
    GONE = "gone", "Gone from the feed"
    REJECTED = "rejected", "Kept out"
