from linkwork.templatetags.charts import bar_chart, line_chart, small_chart
from linkwork.templatetags.qr import qr_code


def test_the_longest_bar_is_the_greatest_value_and_the_rest_in_proportion():
    chart = bar_chart([("Waiting list", 12), ("Cost", 3)], "Waiting lists block 12 of 15.")
    assert [bar["length"] for bar in chart["bars"]] == [420, 105]


def test_a_value_that_is_not_known_is_never_shown_as_nought():
    chart = bar_chart([("Cost", None), ("Distance", 0)], "Too few to show.")
    assert [bar["shown"] for bar in chart["bars"]] == ["–", "0"]


def test_a_row_keeps_the_address_of_the_list_behind_it():
    chart = bar_chart([("Cost", 3, "/cases/?barrier=cost"), ("Distance", 1)], "Cost comes first.")
    assert [row["href"] for row in chart["rows"]] == ["/cases/?barrier=cost", ""]


def test_a_chart_of_nothing_is_drawn():
    assert bar_chart([], "Nobody is held.")["height"] == 0
    assert line_chart([], "No months yet.")["lines"] == []


def test_a_line_breaks_at_a_gap():
    chart = line_chart([("May", 2), ("Jun", None), ("Jul", 4)], "Referrals doubled.")
    assert chart["lines"] == ["20,98", "460,26"]
    assert len(chart["points"]) == 2


def test_a_long_line_is_labelled_sparely_and_always_at_its_end():
    chart = line_chart([(str(n), n) for n in range(36)], "Three years.")
    labelled = [point["label"] for point in chart["points"] if point["is_labelled"]]
    assert labelled == ["0", "5", "10", "15", "20", "25", "30", "35"]


def test_a_small_chart_runs_over_its_scale_and_says_its_ends():
    chart = small_chart([("3 May", 0), ("9 May", 5), ("1 June", 10)], "From 0 to 10.", 0, 10)
    assert [point["y"] for point in chart["points"]] == [58, 39, 20]
    assert [point["is_labelled"] for point in chart["points"]] == [True, False, True]


def test_a_square_code_is_drawn_as_one_path():
    code = qr_code("https://linkwork.example/q/1-aaaa-bbbb-cccc/", "Opens the questions")
    assert code["path"].startswith("M4 4h1v1h-1z")
    assert code["size"] == 41
