"""The bench of the directory compares like with like."""

import pytest

from assets.models import Asset
from linkwork.bench.directory import search

pytestmark = pytest.mark.django_db


def test_search_and_bare_sql_find_the_same_services_and_leave_none_behind():
    result = search(services=2000, questions=5)

    assert (result.services, result.questions) == (2000, 5)
    assert Asset.objects.count() == 0
