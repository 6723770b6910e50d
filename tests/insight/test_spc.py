import pytest

from insight.spc import Signal, limits_of, xmr

# Wheeler, "Making Sense of Data", p. 382: the data set he gives for checking software, and what it must come to.
WHEELER = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]
FLAT = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12]  # mean 11, limits 11 ± 5.32


def found(values, restarts=()):
    return [(run.signal, run.first, run.last, run.side) for run in xmr(values, restarts).runs]


def test_limits_are_those_of_wheeler_s_worked_example():
    limits = limits_of(WHEELER)
    assert (round(limits.mean, 2), round(limits.lower, 2), round(limits.upper, 2)) == (4135.50, 3188.72, 5082.28)


def test_wheeler_s_worked_example_has_its_signals():
    """The last point is above the limits, the seven before it below the mean, two of these near the lower limit."""
    assert found(WHEELER) == [
        (Signal.BEYOND, 15, 15, 1),
        (Signal.SHIFT, 8, 14, -1),
        (Signal.NEAR, 12, 14, -1),
    ]


def test_months_between_the_limits_are_nothing_out_of_the_ordinary():
    assert found(FLAT) == []


@pytest.mark.parametrize("above, signals", [(6, []), (7, [(Signal.SHIFT, 13, 19, 1)])])
def test_a_shift_takes_seven_on_one_side(above, signals):
    values = [*FLAT, 10, *([12, 13] * 4)[:above], 9]
    assert [run for run in found(values) if run[0] == Signal.SHIFT] == signals


@pytest.mark.parametrize("points, is_trend", [(5, False), (6, True)])
def test_a_trend_takes_six_each_higher_than_the_one_before(points, is_trend):
    values = [*FLAT, 8, *(8 + n / 2 for n in range(1, points)), 8]
    assert any(signal == Signal.TREND for signal, *_ in found(values)) == is_trend


def test_two_of_three_near_a_limit_on_opposite_sides_are_no_signal():
    near = [run for run in found([*FLAT, 15.5, 11, 6.5, 11]) if run[0] == Signal.NEAR]
    assert near == []


def test_a_gap_ends_a_run_and_has_no_moving_range():
    with_gap = [*FLAT[:6], None, *FLAT[6:]]
    assert limits_of(with_gap).mean == limits_of(FLAT).mean
    shifted = [*FLAT, 13, 12, 13, None, 12, 13, 12, 9]
    assert [run for run in found(shifted) if run[0] == Signal.SHIFT] == []


def test_stretches_drawn_anew_know_nothing_of_each_other():
    chart = xmr([*FLAT, *(n + 100 for n in FLAT)], restarts=[12])
    assert chart.runs == ()
    assert (chart.limits[0].mean, chart.limits[12].mean) == (11, 111)


@pytest.mark.parametrize("values", [[], [1, 2, 3], [None] * 12, [1, 2, 3, None, 5]])
def test_too_few_months_have_no_limits_and_no_signals(values):
    chart = xmr(values)
    assert (set(chart.limits), chart.runs) in [({None}, ()), (set(), ())]


def test_months_that_are_all_alike_are_nothing_out_of_the_ordinary():
    assert found([7] * 20) == []
