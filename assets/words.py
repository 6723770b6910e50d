"""What people mean by the words they type: spelling forgiven, and the kinds of need a word stands for."""

from dataclasses import dataclass
from difflib import get_close_matches

from assets.enums import NeedKind

# Said alone, each of these asks for the kind of help, whatever a service calls itself.
MEANS = {
    NeedKind.MENTAL_WELLBEING: "mental health, wellbeing, anxiety, anxious, depression, depressed, stress, low mood",
    NeedKind.LONELINESS: "lonely, loneliness, isolated, isolation, company, befriending, friendship",
    NeedKind.MONEY_AND_BENEFITS: "money, debt, debts, benefit, benefits, pip, universal credit, budgeting, arrears",
    NeedKind.HOUSING: "housing, homeless, homelessness, eviction, tenancy, landlord",
    NeedKind.WORK_AND_LEARNING: "job, jobs, employment, unemployed, volunteering, learning, college, esol",
    NeedKind.LONG_TERM_CONDITION: "long-term condition, chronic illness, diabetes, copd, chronic pain",
    NeedKind.PHYSICAL_ACTIVITY: "exercise, fitness, physical activity, keep fit",
    NeedKind.CARING: "carer, carers, caring, respite",
    NeedKind.BEREAVEMENT: "bereavement, bereaved, grief, grieving",
    NeedKind.FOOD_AND_FUEL: "food, foodbank, food bank, hungry, pantry, fuel, fuel poverty, heating",
    NeedKind.FAMILY_AND_PARENTING: "parenting, parents, family, families",
    NeedKind.IMMIGRATION_AND_ASYLUM: "asylum, refugee, refugees, immigration, visa",
    NeedKind.ABUSE_AND_SAFETY: "abuse, domestic abuse, domestic violence, violence",
    NeedKind.ALCOHOL_AND_DRUGS: "alcohol, drugs, addiction, drinking, recovery, substance misuse",
    NeedKind.DISABILITY_AND_ACCESS: "disability, disabled, accessibility",
    NeedKind.TRANSPORT: "transport, travel, lift, lifts",
    NeedKind.DIGITAL: "digital, computer, computers, internet, online skills",
    NeedKind.LEGAL: "legal, solicitor, lawyer, law",
}
# Different words for the same thing: a service may use any of them.
SAME = (
    ("alzheimers", "alzheimer", "dementia", "memory"),
    ("counselling", "counsellor", "therapy", "talking therapies"),
    ("walking", "walks", "walk", "rambling"),
    ("singing", "choir"),
    ("craft", "crafts", "knitting", "sewing"),
    ("gardening", "garden", "allotment"),
    ("lunch", "meals", "meal"),
    ("deaf", "hearing loss", "sign language", "bsl"),
    ("blind", "sight loss", "visually impaired"),
    ("autism", "autistic", "neurodivergent", "adhd"),
    ("toddlers", "playgroup", "under-fives"),
    ("shed", "sheds", "men's shed"),
)
EMPTY = {"a", "an", "and", "at", "for", "help", "in", "my", "near", "of", "on", "or", "some", "the", "to", "with"}
NEARLY = 0.8  # difflib's ratio: "alzhiemers" is 0.9 of "alzheimers", "walking" 0.6 of "talking"

KINDS = {word: kind for kind, words in MEANS.items() for word in words.split(", ")}
OTHERS = {word: [other for other in group if other != word] for group in SAME for word in group}
KNOWN = {*KINDS, *OTHERS}
MOST_WORDS = max(len(word.split()) for word in KNOWN)


@dataclass(frozen=True)
class Term:
    """One thing asked for: as typed, what else it may be called, and the kind of need it stands for."""

    typed: str
    others: tuple[str, ...] = ()
    kind: NeedKind | None = None


def terms_of(words: str) -> list[Term]:
    """Debt and benifits is money and benefits twice; "help with" says nothing, unless it is all there is."""
    typed = words.lower().replace("’", "'").split()
    said = [word for word in typed if word not in EMPTY] or typed
    terms = []
    while said:
        # The longest run of words that is known stands for one thing: "food bank" before "food".
        size = next((n for n in range(MOST_WORDS, 1, -1) if " ".join(said[:n]) in KNOWN and len(said) >= n), 1)
        terms.append(_term(" ".join(said[:size])))
        said = said[size:]
    return terms


def _term(typed: str) -> Term:
    plain = typed.replace("'", "")
    word = plain if plain in KNOWN else next(iter(get_close_matches(plain, KNOWN, n=1, cutoff=NEARLY)), "")
    if not word or len(plain) < 3:
        return Term(typed)
    meant = [] if word == typed else [word]
    return Term(typed, (*meant, *OTHERS.get(word, [])), KINDS.get(word))
