from django.db import models


class PublishedKind(models.TextChoices):
    """What is counted once of a period that is over: small groups beside each other."""

    EVIDENCE = "evidence", "Unmet need of half a year"
    GROUPS = "groups", "Groups of people of a year"


class ExportKind(models.TextChoices):
    """What an export is of."""

    FIGURES = "figures", "Every figure of each year, by month and split up"
    EVIDENCE = "evidence", "The evidence sheet"
    REFERRALS = "referrals", "Referrals, a row each"
    CASES = "cases", "People supported, a row each"


class ExportFormat(models.TextChoices):
    XLSX = "xlsx", "A spreadsheet (XLSX)"
    CSV = "csv", "Plain tables (CSV, in a ZIP file)"


class ExportPurpose(models.TextChoices):
    COMMISSIONER = "commissioner", "For a commissioner or funder"
    BOARD = "board", "For our own board or team"
    EVALUATION = "evaluation", "For an evaluation"
    CHECKING = "checking", "To check our own records"
    OTHER = "other", "Something else"


class ExportState(models.TextChoices):
    MAKING = "making", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be made"
    GONE = "gone", "No longer kept"


# Rows of people: for managers alone, and without names unless they ask for them.
OF_ROWS = (ExportKind.REFERRALS, ExportKind.CASES)
