from django.db import transaction

from accounts.models import User
from accounts.moves import check_revision
from caseload.actions.case import locked_person
from caseload.enums import Verb
from caseload.models import About, Case


@transaction.atomic
def write_about(*, case: Case, by: User, revision: int, strengths: str, people: str, story: str) -> About:
    """A little about the person. Raises ChangedMeanwhile when a colleague has written since."""
    person = locked_person(case)
    About.objects.get_or_create(patient=person)
    about = About.objects.select_for_update().get(patient=person)
    words = {"strengths": strengths, "people": people, "story": story}
    if about.words == words:
        return about
    check_revision(about, revision)
    for name, said in words.items():
        setattr(about, name, said)
    about.save()
    case.events.create(verb=Verb.ABOUT_WRITTEN, by=by)
    return about
