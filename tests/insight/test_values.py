import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.values import Count, Days, Lengths, Minutes, Share, Times

COUNTS = st.integers(0, 50)
DAYS = st.dictionaries(st.integers(0, 400), st.integers(1, 5), max_size=6).map(Days)
VALUES = st.one_of(
    st.lists(COUNTS.map(Count), max_size=4).map(lambda some: (Count, some)),
    st.lists(st.tuples(COUNTS, COUNTS).map(lambda t: Share(min(t), max(t))), max_size=4).map(lambda s: (Share, s)),
    st.lists(DAYS, max_size=4).map(lambda some: (Days, some)),
    st.lists(st.builds(Minutes, COUNTS, COUNTS), max_size=4).map(lambda some: (Minutes, some)),
)


@given(VALUES)
@settings(max_examples=25)
def test_values_add_up_and_survive_being_kept(drawn):
    kind, some = drawn
    total = kind.sum(some)
    assert total.n == sum(value.n for value in some)
    assert kind.from_json(total.to_json()) == total


@pytest.mark.parametrize(
    "waits, median, centile_90",
    [([5], 5, 5), ([1, 2], 1, 2), ([1, 2, 3], 2, 3), (range(1, 11), 5, 9), (range(1, 101), 50, 90), ([], None, None)],
)
def test_centiles_are_somebody_s_own_number_of_days(waits, median, centile_90):
    days = Days(dict.fromkeys(waits, 1))
    assert (days.median, days.centile_90) == (median, centile_90)


def test_a_length_of_time_says_what_half_and_nine_in_ten_took_and_of_how_many():
    assert str(Days(dict.fromkeys(range(1, 11), 200))) == "half within 5 days, nine in ten within 9 (of 2,000)"


@pytest.mark.parametrize("kind", [Lengths, Times])
def test_a_chart_of_few_or_round_numbers_draws_their_average(kind):
    assert [kind(tally).number for tally in ({45: 3}, {45: 2, 60: 1}, {})] == [45.0, 50.0, None]
