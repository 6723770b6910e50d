"""What the figures keep."""

from datetime import date

import factory

from insight.enums import ExportKind, ExportPurpose
from insight.models import EvidenceSheet, Export
from tests.factories.accounts import UserFactory


class EvidenceSheetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EvidenceSheet

    first, last = date(2026, 1, 1), date(2026, 6, 30)
    kept_by = factory.SubFactory(UserFactory)
    shown = factory.LazyFunction(
        lambda: {
            "title": "Unmet need",
            "period": "January to June 2026",
            "where": "All practices",
            "organisation": "Wellpark Link Workers",
            "counted": "3 July 2026, 10:00",
            "sentences": ["6 waits for help that was not to be had, by 6 people."],
            "unknown": [],
            "about": [],
            "tables": [
                {
                    "key": "kind",
                    "name": "By kind of help",
                    "of": "Help with",
                    "columns": ["People"],
                    "rows": [{"label": "Housing", "cells": [["People", "6"]]}],
                    "note": "",
                }
            ],
        }
    )


class ExportFactory(factory.django.DjangoModelFactory):
    """Asked for, and not made yet."""

    class Meta:
        model = Export

    kind = ExportKind.FIGURES
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    asked_by = factory.SubFactory(UserFactory)
    purpose = ExportPurpose.COMMISSIONER
    purpose_words = "The half-year talk with the commissioner."
