from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template import Context, Template

from accounts import words

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 23), "tomorrow"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 12), "Thursday 12 November"),
        (date(2027, 1, 7), "Thursday 7 January 2027"),
        (date(2025, 11, 12), "Wednesday 12 November 2025"),
    ],
)
def test_a_day_is_said_as_people_say_it(then, said):
    assert words.day(then, TODAY) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        # British Summer Time: half past eleven at night in UTC is already tomorrow in Glasgow.
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), "today 23:59"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "tomorrow 00:30"),
        # The clocks change in the night to 25 October, and are on UTC that evening.
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "Sunday 25 October 00:30"),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "Sunday 25 October 23:30"),
    ],
)
def test_a_moment_belongs_to_its_local_day(moment, said):
    assert words.day_and_time(moment, today=date(2026, 6, 30)) == said


def test_today_is_the_local_today_in_summer():
    with time_machine.travel(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):
        assert words.day(date(2026, 7, 1)) == "today"


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 20), "2 days ago"),
        (date(2026, 11, 9), "13 days ago"),
        (date(2026, 11, 8), "2 weeks ago"),
        (date(2026, 10, 31), "3 weeks ago"),
        (date(2026, 9, 22), "2 months ago"),
        (date(2025, 11, 22), "11 months ago"),
        (date(2024, 11, 20), "2 years ago"),
        (date(2026, 11, 23), "tomorrow"),
        (date(2026, 12, 20), "in 4 weeks"),
    ],
)
def test_ago_is_in_the_usual_unit(then, said):
    assert words.ago(then, TODAY) == said


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (date(2026, 10, 3), "since 3 October"),
        (date(2025, 10, 3), "since 3 October 2025"),
        (date(2026, 11, 22), "since today"),
        (date(2026, 11, 21), "since yesterday"),
    ],
)
def test_since_names_the_day(then, said):
    assert words.since(then, TODAY) == said


@pytest.mark.parametrize(
    ("number", "forms", "said"),
    [
        (1, ["person", "people"], "1 person"),
        (0, ["person", "people"], "0 people"),
        (3, ["meeting"], "3 meetings"),
        (1204, ["meeting"], "1,204 meetings"),
    ],
)
def test_a_count_agrees_with_its_noun(number, forms, said):
    assert words.count_of(number, *forms) == said


@pytest.mark.parametrize(
    ("things", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_ends_in_and(things, said):
    assert words.a_list(things) == said


def drawn(source, **context):
    return Template(source).render(Context(context))


@time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC))
def test_the_ago_filter_keeps_the_date_for_hover_and_screen_readers():
    assert drawn("{{ then|ago }}", then=date(2026, 10, 31)) == (
        '<time datetime="2026-10-31" title="Saturday 31 October 2026">3 weeks ago'
        '<span class="nhsuk-u-visually-hidden"> (Saturday 31 October 2026)</span></time>'
    )


@pytest.mark.parametrize("name", ["day", "day_and_time", "short_day", "full_day", "clock", "since", "ago"])
def test_a_filter_says_nothing_of_a_date_that_is_not_there(name):
    assert drawn(f"{{{{ then|{name} }}}}", then=None) == ""


def test_filters_count_and_list_in_any_template():
    assert drawn('{{ 3|count_of:"person,people" }}: {{ names|a_list }}', names=["Sam", "<Jean>"]) == (
        "3 people: Sam and &lt;Jean&gt;"
    )


@pytest.mark.parametrize(
    ("typed", "said"), [("Walks with two sticks", "Walks with two sticks."), ("Slowly. ", "Slowly."), ("Why?", "Why?")]
)
def test_a_sentence_ends_once(typed, said):
    assert words.sentence(typed) == said
