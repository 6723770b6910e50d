import gc
import os
import sys

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone

from accounts.enums import Role
from tests.factories import (
    CaseFactory,
    MembershipFactory,
    OrganisationFactory,
    PatientFactory,
    PracticeFactory,
    UserFactory,
)

# To rewrite the asserts of all tests takes each worker ten seconds: what came of it is kept for the next run.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

KEPT = {"django_migrations", "django_content_type", "auth_permission"}
ORDER = ["journeys", "caseload", "accounts", "linkwork", "insight", "assets", "referrals"]


def _empty_tables(test_case):
    """What Django's flush does between tests that commit, in a tenth of its time.

    Deleting a few rows is quicker than truncating eighty tables; as a replica, without their triggers.
    """
    tables = sorted(set(connection.introspection.table_names()) - KEPT)
    deletes = "".join(f"DELETE FROM {connection.ops.quote_name(table)};" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = replica; {deletes} SET session_replication_role = DEFAULT")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes long is begun early: at the end no worker waits for another.

    Of two workers each begins with a half: the one with the browser, the other with the commands and with Insight.
    """
    items.sort(key=lambda item: ORDER.index(folder) if (folder := item.path.parent.name) in ORDER else 2)


def pytest_collection_finish():
    """What is loaded by now stays: to look for garbage in it, again and again, took a twentieth of all tests' time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(7_000, 10, 10)


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_tables)
        yield


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """Tests run in several processes and clear the cache: in a shared Redis that would empty the queue of another."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def practice(db):
    return PracticeFactory(name="Parkhead Health Centre")


@pytest.fixture
def organisation(practice):
    organisation = OrganisationFactory(name="Wellpark Link Workers")
    organisation.practices.add(practice)
    return organisation


@pytest.fixture
def amina(organisation):
    """Link worker."""
    return member("Amina Yusuf", Role.LINK_WORKER, organisation=organisation)


@pytest.fixture
def ben(organisation):
    """Link worker in the same team."""
    return member("Ben Taylor", Role.LINK_WORKER, organisation=organisation)


@pytest.fixture
def mo(organisation):
    """Manager."""
    return member("Mo Farrell", Role.MANAGER, organisation=organisation)


@pytest.fixture
def priya(practice):
    """Practice staff."""
    return member("Priya Nair", Role.PRACTICE_STAFF, practice=practice)


@pytest.fixture
def other_organisation(db):
    """Another tenant, with a practice of its own."""
    organisation = OrganisationFactory(name="Elsewhere Community Links")
    organisation.practices.add(PracticeFactory(name="Elsewhere Surgery"))
    return organisation


@pytest.fixture
def stranger(other_organisation):
    """Link worker of another organisation."""
    return member("Stranger Worker", Role.LINK_WORKER, organisation=other_organisation)


@pytest.fixture
def stranger_manager(other_organisation):
    return member("Stranger Manager", Role.MANAGER, organisation=other_organisation)


@pytest.fixture
def stranger_practice(other_organisation):
    return member("Stranger Practice", Role.PRACTICE_STAFF, practice=other_organisation.practices.get())


def member(name, role, **place):
    user = UserFactory(name=name, email=f"{name.lower().replace(' ', '.')}@example.org")
    MembershipFactory(user=user, role=role, **place)
    return user


@pytest.fixture
def sign_in():
    """sign_in(amina) is a test client with Amina signed in."""

    def signed_in(user):
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def sam(organisation, practice):
    return PatientFactory(organisation=organisation, practice=practice)


@pytest.fixture
def case(sam, amina):
    """Sam's case: Amina's, active."""
    return CaseFactory(patient=sam, worker=amina, status="active")
