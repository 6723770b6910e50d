"""Which measures an organisation may offer, each as it is asked: licensed ones in the words it typed in."""

from dataclasses import replace

from accounts.models import Organisation
from caseload.enums import MeasureCode
from caseload.measures import MEASURES, Measure
from caseload.models import Case, LicensedWording


def offered(organisation: Organisation) -> dict[str, Measure]:
    """{code: measure} in their usual order. A licensed one is there while its wording is in force."""
    wordings = {wording.measure: wording for wording in organisation.licensed_wordings.filter(ended_at=None)}
    return {
        code: in_words(measure, wordings[code]) if measure.is_licensed else measure
        for code, measure in MEASURES.items()
        if not measure.is_licensed or code in wordings
    }


def offered_by_link(case: Case) -> dict[str, Measure]:
    """Those somebody may be asked on their own phone.

    Concerns once named are asked face to face or on the phone: the page would have to show their words to whoever
    has the link.
    """
    left_out = {MeasureCode.CONCERN} if case.concerns.exists() else set()
    return {code: measure for code, measure in offered(case.organisation).items() if code not in left_out}


def in_words(measure: Measure, wording: LicensedWording) -> Measure:
    """A licensed measure with its own words. Answers are typed in from the lowest value to the highest."""
    said = dict(zip(sorted(value for value, _ in measure.items[0].answers), wording.answers, strict=True))
    items = tuple(
        replace(item, text=text, answers=tuple((value, said[value]) for value, _ in item.answers))
        for item, text in zip(measure.items, wording.questions, strict=True)
    )
    notice = f"Used under licence {wording.licence_reference}, held by {wording.licence_holder}."
    return replace(measure, items=items, instruction=wording.instruction, notice=notice)
