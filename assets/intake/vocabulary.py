"""Other people's categories in our words. Their lists change: what is known is the words, not the numbers.

ALISS, Open Referral taxonomies and the columns of a list are all read by these. A term may mean
several things, or nothing here: "Community Hall" says what a place is, not what it helps with.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assets.enums import AccessFeature, Group, HowToJoin, NeedKind, Vocabulary

N, G, A, H = NeedKind, Group, AccessFeature, HowToJoin

_MEANS_NEED = [
    (N.MENTAL_WELLBEING, r"\bmental|depress|anxi|phobia|anger|suicid|self.harm|bipolar|schizo|personality disorder|"
     r"dysmorphic|obsessive|dissociative|eating disorder|counselling|\btherap|psycholog|wellbeing|stress|ptsd|"
     r"trauma|perinatal|seasonal affective|mindful|sleep problem"),
    (N.LONELINESS, r"befriend|lonel|isolat|social (?:activit|group|club)|lunch club|peer support|support group|"
     r"support network|hobbies|group trip|book club|community cafe|coffee|\bchoir|singing|danc|arts? and crafts?|"
     r"creative|\bmusic\b|theatre|poetry|storytelling|museum|faith and spiritual|warm space|companion"),
    (N.MONEY_AND_BENEFITS, r"\bmoney|\bdebt|benefits?\b|welfare rights|pension|credit union|financial|crisis grant|"
     r"gambling|budget|\bincome"),
    (N.HOUSING, r"hous(?:e|ing)\b|homeless|tenan|care home|residential care|home repair|sheltered|rough sleep"),
    (N.WORK_AND_LEARNING, r"employ|\bwork\b|\bjob|learning(?! (?:disab|diffi))|education|skills|training|\bclass\b|"
     r"(?<!digital )literacy|volunteer(?! car)|apprentice|public lecture|\blanguages?\b"),
    (N.LONG_TERM_CONDITION, r"conditions?\b|cancer|leuk|lymphoma|diabet|stroke|arthrit|dementia|alzheim|parkinson|"
     r"multiple sclerosis|epilep|fibromyalgia|chronic|cardiac|heart|lung|kidney|\bliver\b|bowel|skin condition|"
     r"blood disorder|allerg|incontinence|osteopor|neurolog|motor neurone|huntington|myalgic|muscular|spina|"
     r"cerebral|tourette|dystonia|meningitis|brain|long covid|\bhiv|self.management|hospice|palliative|pain|"
     r"physical health|physiotherap|osteopath|chiropract|complementary therap"),
    (N.PHYSICAL_ACTIVITY, r"physical activit|\bsport|exercise|\bfit(?:ness)?\b|outdoor|walking|swim|active travel|"
     r"recreational ground|\bgym\b|yoga|danc"),
    (N.CARING, r"\bcarers?\b|\bcaring\b|respite|short breaks|daytime care|adult day care|live.in care"),
    (N.BEREAVEMENT, r"bereave|grief|funeral|end of life|burial"),
    (N.FOOD_AND_FUEL, r"\bfoods?\b|foodbank|\bmeals?\b|nutrition|pantry|lunch club|breakfast club|cook|energy advice|"
     r"\bfuel\b|heating|warm space|healthy eating|growing|allotment"),
    (N.FAMILY_AND_PARENTING, r"famil|parent|child|\bbaby|toddler|early years|youth|pregnan|adoption|foster|\bplay\b|"
     r"fertility|pupil|additional support needs|toys"),
    (N.IMMIGRATION_AND_ASYLUM, r"immigra|asylum|refugee|migrant|citizenship"),
    (N.ABUSE_AND_SAFETY, r"abuse|violence|\bsafe (?:hous|space)|protection|domestic|community safety|policing"),
    (N.ALCOHOL_AND_DRUGS, r"alcohol|drugs?\b|substance|addiction(?!.*(?:gambling))|smoking|recovery"),
    (N.DISABILITY_AND_ACCESS, r"disabilit|disabled|sensory|\bdeaf|blind|visual impair|\bbsl\b|mobility|autis|"
     r"attention deficit|learning diffic|independent living|self directed support|personal assistant|adaptation"),
    (N.TRANSPORT, r"transport|dial.a|\bbus\b|car scheme|car club|\bbike|taxi|vehicle hire|shop ?mobility"),
    (N.DIGITAL, r"digital|computer class|\bit\b home|ehealth|internet|\bapps\b|online skills"),
    (N.LEGAL, r"legal|\brights\b|advocacy|mediation|justice|solicitor|\blaw\b|discrimination"),
]  # fmt: skip

_MEANS_GROUP = [
    (G.CARERS, r"\bcarers\b"),
    (G.PARENTS, r"\bparents?\b|famil(?:y|ies)"),
    (G.WOMEN, r"\bwomen"),
    (G.MEN, r"(?<!wo)\bmen(?:'?s)?\b"),
    (G.LGBTQ, r"lgbt|lesbian|\bgay\b|bisexual|transgender|\bqueer|sexualities or genders"),
    (G.DISABLED, r"disab(?:led|ility)|sensory impair|blind|\bdeaf|\bbsl\b"),
    (G.ETHNIC_MINORITIES, r"ethnic|\basian\b|\bblack\b|caribbean|african"),
    (G.REFUGEES, r"refugee|asylum"),
    (G.VETERANS, r"veteran|armed forces"),
    (G.HOMELESS, r"experiencing homeless|\bhomeless people|people without a home"),
    (G.RECOVERY, r"in recovery|\baddiction"),
    (G.NEURODIVERGENT, r"neurodiver|autis|attention deficit|\badhd\b"),
]

_MEANS_ACCESS = [
    (A.STEP_FREE, r"step.free|accessible (?:entrance|building)|wheelchair|ramp(?:ed)?\b|lift access|level access"),
    (A.ACCESSIBLE_TOILET, r"(?:accessible|disabled) toilets?"),
    (A.CHANGING_PLACE, r"changing places?"),
    (A.PARKING, r"blue badge|(?:accessible|disabled) (?:car )?park"),
    (A.HEARING_LOOP, r"(?:hearing|induction) loops?"),
    (A.BSL, r"\bbsl\b|sign language"),
    (A.LARGE_PRINT, r"large print|braille"),
    (A.QUIET_SPACE, r"quiet (?:space|room|area)|sensory room"),
    (A.COMPANION, r"companions? (?:is |are )?welcome"),
    (A.ONLINE, r"online|hybrid|app.based|telephone service|by phone|video"),
    (A.HOME_VISITS, r"home visit|comes? to the home"),
]

_MEANS_JOINING = [
    (H.DROP_IN, r"drop.?in|just turn up|no appointment|walk.?in"),
    (H.SELF, r"self.?refer|ask to join|book(?:ing)?\b|\bregister|sign up|\bself\b"),
    (H.REFERRAL, r"referral|referred|\bgp\b"),
]


_TABLES = {Vocabulary.CATEGORY: _MEANS_NEED, Vocabulary.GROUP: _MEANS_GROUP, Vocabulary.ACCESS: _MEANS_ACCESS}


def plain_words(text: str) -> str:
    return " ".join(text.casefold().replace("&", "and").replace("_", " ").split())


def _meant(table, texts: Iterable[str]) -> list[str]:
    """The values meant by any of the texts, in the order of the table. A label of ours means itself alone."""
    found = set()
    for text in texts:
        words = plain_words(text)
        exact = {value for value, _ in table if words in (value.label.casefold(), value.replace("_", " "))}
        found |= exact or {value for value, pattern in table if re.search(pattern, words)}
    return [value.value for value, _ in table if value in found]


def meant(about: Vocabulary, texts: Iterable[str]) -> list[str]:
    """As the words read. An area means nothing but itself."""
    return _meant(_TABLES.get(about, []), texts)


@dataclass(frozen=True)
class Meanings:
    """What words mean: as a publisher's own list has them here, by (vocabulary, plain words); else as they read."""

    known: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def of(self, about: Vocabulary, texts: Iterable[str]) -> list[str]:
        found = set()
        for text in texts:
            here = self.known.get((about, plain_words(text)))
            found.update(meant(about, [text]) if here is None else here)
        return [value.value for value, _ in _TABLES[about] if value in found]


AS_THEY_READ = Meanings()


def need_kinds(terms: Iterable[str]) -> list[str]:
    return _meant(_MEANS_NEED, terms)


def groups(terms: Iterable[str]) -> list[str]:
    return _meant(_MEANS_GROUP, terms)


def access_features(terms: Iterable[str]) -> list[str]:
    return _meant(_MEANS_ACCESS, terms)


def how_to_join(text: str) -> str:
    return next(iter(_meant(_MEANS_JOINING, [text])), "") if text else ""


def labelled(choices, terms: Iterable[str]) -> list[str]:
    """The values whose label a term is exactly, in the order of the choices: how our own feed is read back."""
    given = set(terms)
    return [each.value for each in choices if each.label in given]
