from django.utils import timezone

from accounts.forms import OnceForm
from accounts.models import Organisation, User
from caseload.forms.person import text
from caseload.forms.questions import WorkerChoice, day_to_come, laid_out, revision
from caseload.models import FollowUp

PICKS = {"today": 0, "tomorrow": 1, "in 1 week": 7}


class ToDoForm(OnceForm):
    """Something to do that is about no case: one's own, or a colleague's."""

    about = text(
        "What to do",
        300,
        required="Enter what to do",
        help_text="About a person? Set a follow-up on their page.",
    )
    due_on = day_to_come("On", "Enter the day to do it", PICKS)
    worker = WorkerChoice("Who does it")

    helper = laid_out("about", "due_on", "worker")

    def __init__(self, *args, organisation: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = organisation.members

    @staticmethod
    def initial_of(by: User) -> dict:
        return {"due_on": timezone.localdate(), "worker": by}


class ChangeToDoForm(ToDoForm):
    """Another day, other words, or a colleague's to do. One that is late may stay on its day."""

    once = None
    version = revision()

    helper = laid_out("version", "about", "due_on", "worker")

    def __init__(self, *args, follow_up: FollowUp, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["about"].help_text = ""
        self.fields["due_on"].earliest = min(0, (follow_up.due_on - timezone.localdate()).days)

    @staticmethod
    def initial_of(follow_up: FollowUp) -> dict:
        return {
            "version": follow_up.history.count(),
            "about": follow_up.about,
            "due_on": follow_up.due_on,
            "worker": follow_up.whose,
        }
