"""People who sign in, and where they work."""

from datetime import timedelta

import factory
from django.utils import timezone

from accounts.enums import Nation, Role
from accounts.models import Membership, Organisation, Practice, User

PASSWORD = "correct horse battery"


def in_days(days: float):
    """A moment so many days from now; before now when negative."""
    return timezone.now() + timedelta(days=days)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Worker {n}")
    email = factory.Sequence(lambda n: f"worker{n}@example.org")
    password = factory.django.Password(PASSWORD)


class PracticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Practice

    name = factory.Sequence(lambda n: f"Practice {n}")
    ods_code = factory.Sequence(lambda n: f"S{n:05}")
    nation = Nation.SCOTLAND
    cluster = "Glasgow North East"


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    nation = Nation.SCOTLAND


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.LINK_WORKER
