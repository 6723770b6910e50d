import uuid

from django.db import models

from accounts.history import keep_history
from caseload.models.person import Patient


@keep_history()
class About(models.Model):
    """A little about the person, kept from one spell to the next, so that nobody has to tell the story twice."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.OneToOneField(Patient, on_delete=models.CASCADE, related_name="about")
    strengths = models.TextField(max_length=2000, blank=True)
    people = models.TextField("important people", max_length=2000, blank=True)
    story = models.TextField("a little history", max_length=5000, blank=True)
    revision = models.PositiveIntegerField(default=0)

    WORDS = ["strengths", "people", "story"]

    def __str__(self):
        return f"About {self.patient_id}"

    @property
    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.WORDS}
