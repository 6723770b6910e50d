from django.db import models


class MeasureCode(models.TextChoices):
    """What may be filled in: caseload/measures.py has the questions, the scoring and the sources."""

    ONS4 = "ons4", "Personal wellbeing (ONS4)"
    LONELINESS = "loneliness", "Loneliness (ONS)"
    CONCERN = "concern", "A concern in their own words"
    WHO5 = "who5", "WHO-5"
    SWEMWBS = "swemwbs", "SWEMWBS"
    ACTIVATION = "activation", "Patient activation"
