import pytest

from insight.spc import Signal, limits_of, xmr

# Wheeler, "Making Sense of Data" (2003), p. 382: the data set he gives for checking software, and what it comes to.
WHEELER = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200]
# Ibid., Table 9.1 (accident rates of two groups of departments) and figure 9.9 (peak flow on 18 days, mornings).
ACCIDENTS_A = [43, 40, 37, 33, 30, 33, 34, 35, 29, 33, 31, 39]
ACCIDENTS_B = [35, 37, 33, 32, 27, 29, 31, 22, 25, 30, 24, 19]
PEAK_FLOW = [120, 140, 100, 150, 260, 150, 100, 120, 300, 300, 275, 300, 140, 170, 150, 150, 190, 180]
# Ibid., Table 8.1: high school seniors who smoke daily, in per cent, one a year.
SMOKERS = [21.3, 20.2, 20.9, 21.0, 18.8, 19.6, 18.7, 18.6, 18.1, 18.9, 19.2, 18.2, 17.3, 19.0]
# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2 "Individuals control charts": flow rate of ten batches.
FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
FLAT = [10, 12, 10, 12, 10, 12, 10, 12, 10, 12, 10, 12]  # mean 11, limits 11 ± 5.32


def found(values, restarts=()):
    return [(run.signal, run.first, run.last, run.side) for run in xmr(values, restarts).runs]


@pytest.mark.parametrize(
    "values, mean, lower, upper, places",
    [
        (WHEELER, 4135.50, 3188.72, 5082.28, 2),
        (ACCIDENTS_A, 34.75, 25.6, 43.9, 1),
        (ACCIDENTS_B, 28.67, 18.0, 39.3, 1),
        (FLOW_RATE, 50.81, 45.8159, 55.8041, 2),  # there with 3 / 1.128, which is 2.6596
    ],
    ids=["software", "accidents a", "accidents b", "flow rate"],
)
def test_limits_are_those_of_the_worked_examples(values, mean, lower, upper, places):
    limits = limits_of(values)
    assert round(limits.mean, 2) == mean
    assert (limits.lower, limits.upper) == pytest.approx((lower, upper), abs=0.5 * 10**-places)


def test_limits_of_peak_flow_are_those_of_wheeler_who_rounds_on_the_way():
    limits = limits_of(PEAK_FLOW)
    assert (round(limits.mean, 1), round(limits.lower, 1), round(limits.upper, 1)) == (183.1, 43.8, 322.3)
    assert (limits.lower, limits.upper) == pytest.approx((43.7, 322.5), abs=0.3)


def test_wheeler_s_worked_example_has_its_signals():
    """The last point is above the limits, the seven before it below the mean, two of these near the lower limit."""
    assert found(WHEELER) == [
        (Signal.BEYOND, 15, 15, 1),
        (Signal.SHIFT, 8, 14, -1),
        (Signal.NEAR, 12, 14, -1),
    ]


def test_daily_smokers_have_the_shift_that_wheeler_finds():
    """He finds the last eight of the fourteen years in a run below the average."""
    assert [run for run in found(SMOKERS) if run[0] == Signal.SHIFT] == [(Signal.SHIFT, 6, 13, -1)]


def test_peak_flow_has_its_signal_where_wheeler_finds_one():
    """Days 9 to 12 are nearer to the upper limit than to the average; three of them lie in the outer third."""
    assert found(PEAK_FLOW) == [(Signal.NEAR, 8, 9, 1), (Signal.NEAR, 9, 11, 1)]


# Cases of NHSRplotthedots 0.2 (NHS-R Community), its test-ptd_calculate_point_type.R: 1 is a point near a limit, or
# on a side. They come after twenty quiet years and a gap, so that they hardly move the limits and end no run.
BEFORE = [*FLAT * 20, None]


@pytest.mark.parametrize(
    "near, part",
    [
        ([1, 0, 1], [1, 0, 1]),
        ([0, 1, 1], [0, 1, 1]),
        ([0, 0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0]),
        ([1, 0, 0, 1], [0, 0, 0, 0]),
        ([1, 0, 0, 1, 1], [0, 0, 0, 1, 1]),
    ],
)
def test_two_of_three_near_a_limit_are_those_of_making_data_count(near, part):
    values = [*BEFORE, *(15.5 if at else 11 for at in near)]
    points = {index for run in xmr(values).runs if run.signal == Signal.NEAR for index in run.points}
    assert [int(len(BEFORE) + index in points) for index in range(len(near))] == part


@pytest.mark.parametrize("sides, last", [([1] * 6 + [-1], None), ([1] * 8 + [-1], 7), ([-1] * 8 + [1], 7)])
def test_seven_on_one_side_are_those_of_making_data_count(sides, last):
    values = [*BEFORE, *(11 + side for side in sides)]
    shifts = [run for run in xmr(values).runs if run.signal == Signal.SHIFT]
    assert [run.last - len(BEFORE) for run in shifts] == ([] if last is None else [last])


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
