"""Why somebody was anonymised. Coded, so that the reason itself says nothing of them."""

from django.db import models


class WhyAnonymised(models.TextChoices):
    ASKED = "asked", "They asked to be forgotten"
    KEPT_LONG_ENOUGH = "kept_long", "Their record was kept as long as it has to be"
