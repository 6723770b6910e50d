from dataclasses import replace

from insight.over_time import Point
from linkwork.templatetags.charts import bar_chart, control_chart, line_chart, small_chart
from linkwork.templatetags.qr import qr_code


def test_the_longest_bar_is_the_greatest_value_and_the_rest_in_proportion():
    chart = bar_chart([("Waiting list", 12), ("Cost", 3)], "Waiting lists block 12 of 15.")
    assert [bar["length"] for bar in chart["bars"]] == [420, 105]


def test_a_value_that_is_not_known_is_never_shown_as_nought_and_not_drawn():
    chart = bar_chart([("Cost", None), ("Distance", 0)], "Too few to show.")
    assert [row["shown"] for row in chart["rows"]] == ["–", "0"]
    assert ([bar["label"] for bar in chart["bars"]], chart["not_drawn"]) == (["Distance"], ["Cost"])


def test_a_row_keeps_the_address_of_the_list_behind_it():
    chart = bar_chart([("Cost", 3, "/cases/?barrier=cost"), ("Distance", 1)], "Cost comes first.")
    assert [row["href"] for row in chart["rows"]] == ["/cases/?barrier=cost", ""]


def test_a_chart_of_nothing_is_drawn():
    assert bar_chart([], "Nobody is held.")["height"] == 0
    assert line_chart([], "No months yet.")["lines"] == []


def test_a_line_breaks_at_a_gap():
    chart = line_chart([("May", 2), ("Jun", None), ("Jul", 4)], "Referrals doubled.")
    assert chart["lines"] == ["20,98", "440,26"]
    assert len(chart["points"]) == 2


def test_a_long_line_is_labelled_sparely_and_always_at_its_end():
    chart = line_chart([(str(n), n) for n in range(36)], "Three years.")
    labelled = [point["label"] for point in chart["points"] if point["is_labelled"]]
    assert labelled == ["0", "5", "10", "15", "20", "25", "30", "35"]


def months(values, mean, lower, upper, unit=""):
    """Points of a control chart as insight/over_time.py makes them."""
    shown = [f"{number}{unit}" for number in (mean, lower, upper)]
    return [Point(f"M{n}", value, f"{value}{unit}", mean, lower, upper, *shown, "", False, "") for n, value in values]


def test_a_control_chart_begins_at_nought_where_its_values_come_near_it():
    chart = control_chart(months([(1, 10), (2, 30)], 20, 5, 35), "Referrals.")
    assert [words for _, words in chart["beside"]] == ["35", "20", "5", "0"]
    assert [row["y"] for row in chart["rows"]] == [156, 55]  # of 30, where 35 is, to 206, where 0 is


def test_a_control_chart_of_values_far_from_nought_begins_below_them_and_says_where():
    chart = control_chart(months([(1, 62), (2, 66)], 64, 55, 73, "%"), "Away from the practice.")
    assert [words for _, words in chart["beside"]] == ["73%", "64%", "55%", "40%"]


def test_the_words_beside_a_control_chart_never_cover_each_other():
    chart = control_chart(months([(1, 640), (2, 0)], 640, 639, 641), "Meetings.", small=True)
    heights = [y for y, _ in chart["beside"]]
    assert min(lower - upper for upper, lower in zip(heights, heights[1:], strict=False)) >= 17


def test_limits_that_are_all_alike_are_said_once():
    chart = control_chart(months([(1, 45), (2, 45)], 45, 45, 45, " minutes"), "Length.")
    assert [words for _, words in chart["beside"]] == ["45", "0"]


def test_what_a_control_chart_says_of_a_month_is_escaped():
    point = replace(months([(1, 10)], 20, 5, 35)[0], label="<May>", signal="a & b")
    chart = control_chart([point], "Referrals.", counted="People")
    assert "<title>&lt;May&gt;: 10, a &amp; b</title>" in chart["points"]
    assert '<th scope="row">&lt;May&gt;</th><td class="lw-number" data-label="People">10</td>' in chart["cells"]


def test_a_small_chart_runs_over_its_scale_and_says_its_ends():
    chart = small_chart([("3 May", 0), ("9 May", 5), ("1 June", 10)], "From 0 to 10.", 0, 10)
    assert [point["y"] for point in chart["points"]] == [58, 39, 20]
    assert [point["is_labelled"] for point in chart["points"]] == [True, False, True]


def test_a_square_code_is_drawn_as_one_path():
    code = qr_code("https://linkwork.example/q/1-aaaa-bbbb-cccc/", "Opens the questions")
    assert code["path"].startswith("M4 4h1v1h-1z")
    assert code["size"] == 41
