from datetime import date

from assets.models import Asset
from assets.quality import CHECKS, quality_of
from tests.caseload.on_a_monday import local

TODAY = date(2026, 11, 23)
FULL = {
    "description": "Tea, company and no agenda. Everybody is welcome.",
    "need_kinds": ["loneliness"],
    "phone": "0141 496 0001",
    "postcode": "G20 9AD",
    "opening_hours": {"tue": "10:00-12:00"},
    "how_to_join": "drop_in",
    "confirmed_at": local(date(2026, 9, 1)),
    "cost": "free",
    "access_features": ["step_free"],
    "contact_email": "hello@example.org",
}


def test_the_points_add_up_to_a_hundred():
    assert sum(check.points for check in CHECKS) == 100


def test_an_entry_that_says_everything_has_every_point():
    assert quality_of(Asset(**FULL), TODAY).score == 100


def test_an_empty_entry_has_none_and_says_all_that_is_missing():
    quality = quality_of(Asset(name="Choir"), TODAY)
    assert (quality.score, len(quality.missing)) == (0, len(CHECKS))


def test_what_is_missing_is_named_with_its_points():
    quality = quality_of(Asset(**FULL | {"phone": "", "cost": ""}), TODAY)
    assert (quality.score, quality.missing) == (80, [(15, "a phone number, email or website"), (5, "what it costs")])


def test_a_confirmation_counts_for_half_a_year():
    assert quality_of(Asset(**FULL), date(2027, 4, 1)).score == 90
