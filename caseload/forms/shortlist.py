from accounts.forms import OnceForm
from caseload.enums import Channel
from caseload.forms.questions import one_of
from caseload.models import Case
from caseload.perms import address_for


class SendShortlistForm(OnceForm):
    """By which of the ways the person has said we may write to them."""

    channel = one_of([], "Send it by", "Choose text or email, as they have said we may")

    def __init__(self, *args, case: Case, **kwargs):
        super().__init__(*args, **kwargs)
        channels = [(channel, address_for(case.patient, channel)) for channel in (Channel.TEXT, Channel.EMAIL)]
        self.fields["channel"].choices = [(c.value, f"{c.label} to {address}") for c, address in channels if address]
        if len(self.fields["channel"].choices) == 1:
            self.fields["channel"].initial = self.fields["channel"].choices[0][0]

    @property
    def is_possible(self) -> bool:
        return bool(self.fields["channel"].choices)
