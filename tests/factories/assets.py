"""Services, and the lists they come from."""

import factory

from assets.enums import IntakeState
from assets.models import Asset, Conflict, Intake, Source, Term
from tests.factories.accounts import OrganisationFactory


class SourceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Source

    name = factory.Sequence(lambda n: f"Source {n}")


class AssetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Asset

    source = factory.SubFactory(SourceFactory)
    source_ref = factory.Sequence(lambda n: f"ref-{n}")
    name = factory.Sequence(lambda n: f"Community place {n}")


class TermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Term

    source = factory.SubFactory(SourceFactory)
    vocabulary = "category"
    ref = factory.Sequence(lambda n: f"term-{n}")
    name = factory.Sequence(lambda n: f"Category {n}")


class IntakeFactory(factory.django.DjangoModelFactory):
    """A list that has been read and is to be looked at."""

    class Meta:
        model = Intake

    organisation = factory.SubFactory(OrganisationFactory)
    source = factory.SubFactory(SourceFactory, licence="Open Government Licence v3.0")
    status = IntakeState.PREVIEW
    content = b"Name\nOne\n"


class ConflictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Conflict

    asset = factory.SubFactory(AssetFactory)
    field = "phone"
    theirs = {"phone": "0141 496 0009"}
