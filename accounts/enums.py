from django.db import models


class Role(models.TextChoices):
    LINK_WORKER = "link_worker", "Link worker"
    MANAGER = "manager", "Manager"
    PRACTICE_STAFF = "practice_staff", "Practice staff"


ORGANISATION_ROLES = [Role.LINK_WORKER, Role.MANAGER]


class Nation(models.TextChoices):
    """Decides bank holidays, the usual person number, and the deprivation index."""

    SCOTLAND = "scotland", "Scotland"
    ENGLAND = "england", "England"
    WALES = "wales", "Wales"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"
