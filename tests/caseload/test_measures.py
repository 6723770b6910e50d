"""Scoring and bands beside the published tables, at every raw value. The tables are typed in here a second time."""

import json
from itertools import product

import pytest

from caseload.measures import ACTIVATION, CONCERN, LICENSED, LONELINESS, MEASURES, ONS4, SCALES, SWEMWBS, WHO5
from tests.shared_data import shared

# Stewart-Brown et al. 2009: raw score, metric score.
SWEMWBS_TABLE = """
 7  7.00    8  9.51    9 11.25   10 12.40   11 13.33   12 14.08   13 14.75   14 15.32   15 15.84   16 16.36
17 16.88   18 17.43   19 17.98   20 18.59   21 19.25   22 19.98   23 20.73   24 21.54   25 22.35   26 23.21
27 24.11   28 25.03   29 26.02   30 27.03   31 28.13   32 29.31   33 30.70   34 32.55   35 35.00
"""
# ONS thresholds, from 0 to 10.
HIGHER = ["low"] * 5 + ["medium"] * 2 + ["high"] * 2 + ["very high"] * 2
ANXIOUS = ["very low"] * 2 + ["low"] * 2 + ["medium"] * 2 + ["high"] * 5


def swemwbs_table():
    numbers = SWEMWBS_TABLE.split()
    return [(int(raw), float(metric)) for raw, metric in zip(numbers[::2], numbers[1::2], strict=True)]


def answered(measure, raw):
    """Answers that add up to a raw score, as evenly as they can."""
    each, over = divmod(raw, len(measure.items))
    return {key: each + (index < over) for index, key in enumerate(measure.item_keys)}


@pytest.mark.parametrize("scale", ["satisfied", "worthwhile", "happy"])
def test_ons4_bands_at_every_value(scale):
    assert [SCALES[scale].band(value) for value in range(11)] == HIGHER


def test_ons4_bands_of_feeling_anxious_run_the_other_way():
    assert [SCALES["anxious"].band(value) for value in range(11)] == ANXIOUS
    assert [SCALES[scale].is_better(8, 5) for scale in ONS4.item_keys] == [False, False, False, True]


@pytest.mark.parametrize("item", ["satisfied", "worthwhile", "happy", "anxious"])
def test_ons4_each_item_stands_alone_at_every_value(item):
    assert [ONS4.scores({item: value}) for value in range(11)] == [{item: value} for value in range(11)]


def test_ons4_is_never_summed():
    answers = {"satisfied": 4, "worthwhile": 5, "happy": 6, "anxious": 7}
    assert ONS4.scores(answers) == answers


def test_the_wording_and_order_are_those_of_ons():
    published = json.loads(shared("outcomes/measures.json").read_text())
    assert {item.key: item.text for item in ONS4.items} == published["ons4"]["items"]
    assert ONS4.item_keys == list(published["ons4"]["items"])
    loneliness = published["ons_loneliness"]
    assert [item.text for item in LONELINESS.items] == [*loneliness["ucla3"]["items"], loneliness["direct"]["item"]]
    assert {words: value for value, words in LONELINESS.items[0].answers} == loneliness["ucla3"]["responses"]
    assert [words for _, words in LONELINESS.items[3].answers] == loneliness["direct"]["responses"]


@pytest.mark.parametrize("measure", [ONS4, LONELINESS], ids=lambda measure: measure.code)
def test_wording_under_the_open_government_licence_carries_its_notice(measure):
    assert "Open Government Licence v3.0" in measure.notice
    assert measure.notice_href.startswith("https://www.nationalarchives.gov.uk/")


def test_loneliness_is_the_sum_of_the_three_at_every_combination():
    for answers in product([1, 2, 3], repeat=3):
        given = dict(zip(["companionship", "left_out", "isolated"], answers, strict=True))
        assert LONELINESS.scores(given) == {"ucla3": sum(answers)}


def test_loneliness_asked_straight_out_is_a_scale_of_its_own_from_often_to_never():
    assert [LONELINESS.scores({"lonely": value}) for value in range(1, 6)] == [{"lonely": n} for n in range(1, 6)]
    words = ["Often/always", "Some of the time", "Occasionally", "Hardly ever", "Never"]
    assert [SCALES["lonely"].words[value] for value in range(1, 6)] == words
    assert (SCALES["lonely"].is_better(1, 3), SCALES["ucla3"].is_better(9, 4)) == (True, True)


@pytest.mark.parametrize("raw", range(26))
def test_who5_is_four_times_its_raw_score_and_low_under_13(raw):
    score = WHO5.scores(answered(WHO5, raw))
    assert score == {"who5": raw * 4}
    assert SCALES["who5"].band(score["who5"]) == ("low wellbeing" if raw < 13 else "not low")


@pytest.mark.parametrize(("raw", "metric"), swemwbs_table())
def test_swemwbs_is_converted_by_the_published_table(raw, metric):
    assert SWEMWBS.scores(answered(SWEMWBS, raw)) == {"swemwbs": metric}


def test_swemwbs_bands_at_every_score_of_the_table():
    bands = ["low" if m <= 19.5 else "medium" if m < 27.5 else "high" for _, m in swemwbs_table()]
    assert [SCALES["swemwbs"].band(metric) for _, metric in swemwbs_table()] == bands
    assert [bands.count(band) for band in ("low", "medium", "high")] == [15, 9, 5]


def test_a_concern_from_0_to_6_is_better_when_it_falls():
    assert [CONCERN.scores({"concern_1": value}) for value in range(7)] == [{"concern_1": n} for n in range(7)]
    assert SCALES["concern_1"].is_better(5, 2)


def test_patient_activation_has_no_score_but_the_one_the_holders_tool_gives():
    assert ACTIVATION.scores(answered(ACTIVATION, 40)) == {}
    assert ACTIVATION.scores({"typed_score": 55.1}) == {"activation": 55.1}


@pytest.mark.parametrize("measure", [LONELINESS, WHO5, SWEMWBS], ids=lambda measure: measure.code)
def test_ground_rule_3_no_total_where_an_answer_is_left_out(measure):
    summed = [key for key in measure.item_keys if key != "lonely"]
    everything = dict.fromkeys(summed, 3)
    for left_out in summed:
        assert measure.scores({key: value for key, value in everything.items() if key != left_out}) == {}


def test_ground_rule_3_nothing_answered_is_no_score_and_no_fault():
    assert [measure.scores({}) for measure in MEASURES.values()] == [{}] * len(MEASURES)
    assert {scale.band(None) for scale in SCALES.values()} == {""}


@pytest.mark.parametrize("code", LICENSED)
def test_the_wording_of_a_licensed_measure_is_not_here(code):
    assert {item.text for item in MEASURES[code].items} == {""}
    assert all(words == str(value) for item in MEASURES[code].items for value, words in item.answers)


def test_published_changes_that_matter():
    known = {code: scale.meaningful_change for code, scale in SCALES.items() if scale.meaningful_change}
    assert known == {"who5": 10, "swemwbs": 3}


@pytest.mark.parametrize("code", SCALES)
def test_bands_leave_no_gap_and_do_not_overlap(code):
    scale = SCALES[code]
    for value in range(int(scale.least), int(scale.most) + 1):
        assert sum(least <= value <= most for least, most, _ in scale.bands) == (1 if scale.bands else 0)
