"""The service over time: every number opens a list as long as itself, and its definition."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from caseload.enums import CaseStatus
from insight.catalogue import FIGURES, TOPICS
from insight.over_time import over_time
from insight.splits import OF_PEOPLE, SPLITS, splits_of
from tests.caseload.sent import errors
from tests.factories import (
    AttendedFactory,
    ContactFactory,
    HoldFactory,
    MissedFactory,
    PracticeFactory,
    ReferralFactory,
    in_days,
)
from tests.insight.attack import tables

OVER_TIME = reverse("insight:over_time")
TOPIC_PAGES = [reverse("insight:topic", args=[topic]) for topic in TOPICS]
COMING_IN = TOPIC_PAGES[0]


@pytest.fixture
def three_years(today):
    return f"period=between&first={today - timedelta(days=1000)}&last={today}"


@pytest.fixture
def busy(someone, organisation, practice, amina):
    """Something behind every figure that is about people."""
    for days in (-5, -40, -300):
        case = someone(opened_at=in_days(days))
        ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(days - 3), route="self")
        AttendedFactory(case=case, starts_at=in_days(days + 2))
        ContactFactory(case=case, at=in_days(days + 3), minutes=10)
        MissedFactory(case=case, starts_at=in_days(days + 4))
    HoldFactory(case=someone(status="holding", opened_at=in_days(-60)), started_at=in_days(-50))
    HoldFactory(
        case=someone(opened_at=in_days(-90)), started_at=in_days(-80), ended_at=in_days(-20), end="back_to_active"
    )
    someone(status="waiting", opened_at=in_days(-9))
    ended = {"status": CaseStatus.CLOSED, "ending": "connected", "ending_agreed": True}
    someone(opened_at=in_days(-200), closed_at=in_days(-35), **ended).events.create(verb="reopened", by=amina)
    organisation.backstage_work.create(worker=amina, kind="admin", minutes=30)


def links(client, address):
    """{address of a list: the number in front of which it stands}"""
    html = unescape(client.get(address).content.decode())
    return dict(re.findall(r'<a href="(/insight/figures/[a-z_]+/list/[^"]*)">(.*?)</a>', html))


def n_of(shown: str) -> int:
    """How many rows a value says are behind it."""
    return int(re.findall(r"of ([\d,]+)\)", shown)[0]) if "(" in shown else int(shown)


def test_every_number_is_the_length_of_the_list_it_opens(sign_in, mo, busy, three_years):
    client = sign_in(mo)
    found = {}
    for page in (OVER_TIME, *TOPIC_PAGES):
        found |= links(client, f"{page}?{three_years}")
    assert len(found) > 30
    for address, shown in found.items():
        if "hour" not in shown:
            assert (address, client.get(address).context["page"].paginator.count) == (address, n_of(shown))


def test_every_number_of_a_split_is_the_length_of_the_list_it_opens(sign_in, mo, busy, three_years):
    client = sign_in(mo)
    for key in ("referrals_in", "missed", "held", "holds_ended", "endings", "meetings"):
        found = links(client, f"{reverse('insight:figure', args=[key])}?{three_years}")
        for address, shown in found.items():
            if "split=" in address and "hour" not in shown:
                assert (address, client.get(address).context["page"].paginator.count) == (address, n_of(shown))


def test_minutes_are_those_of_the_list(organisation, busy, scope_of, today):
    scope = scope_of(today - timedelta(days=1000), today)
    figure = FIGURES["meeting_time"]
    assert figure.count(scope).minutes == sum(row.lasted for row in figure.listed(scope)) == 135


def test_every_number_opens_its_definition(sign_in, mo):
    client = sign_in(mo)
    pages = "".join(client.get(url).content.decode() for url in TOPIC_PAGES)
    definitions = client.get(reverse("insight:definitions")).content.decode()
    for figure in FIGURES.values():
        assert figure.is_left_out_when_empty or f"/insight/definitions/#{figure.key}" in pages
        assert f'id="{figure.key}"' in definitions
        assert unescape(figure.definition)[:40] in unescape(definitions)


def test_the_page_asks_as_often_for_three_practices_as_for_one(sign_in, mo, busy, organisation, three_years):
    client, pages = sign_in(mo), [f"{page}?{three_years}" for page in (OVER_TIME, *TOPIC_PAGES)]
    client.get(OVER_TIME)
    with CaptureQueriesContext(connection) as once:
        for page in pages:
            client.get(page)
    for n in range(3):
        place = PracticeFactory()
        organisation.practices.add(place)
        ReferralFactory(organisation=organisation, practice=place, submitted_at=in_days(-n * 30))
    with CaptureQueriesContext(connection) as again:
        for page in pages:
            client.get(page)
    assert len(again) == len(once)


def test_a_practice_has_its_own_figures(sign_in, mo, organisation, practice, today):
    second = PracticeFactory(name="Second", cluster="Glasgow South")
    organisation.practices.add(second)
    ReferralFactory(organisation=organisation, practice=practice)
    ReferralFactory.create_batch(2, organisation=organisation, practice=second)
    client, this_month = sign_in(mo), f"{COMING_IN}?period=this&where="
    numbers = [
        client.get(f"{this_month}{where}").context["rows"][0][1].n
        for where in ("", practice.pk, second.pk, "cluster:Glasgow South", "cluster:Glasgow North East")
    ]
    assert numbers == [3, 1, 2, 2, 1]


@pytest.mark.parametrize(
    "asked, error",
    [
        ("period=between&first=2026-03-01", "Enter both days"),
        ("period=between&first=2026-03-02&last=2026-03-01", "Enter a day after the first"),
        ("period=between&first=2099-03-02&last=2099-03-03", "Enter today or a day before"),
        ("period=between&first=1990-03-02&last=2026-03-03", "Choose ten years or less"),
        ("where=elsewhere", "Where: choose from the list"),
        ("period=never", "When: choose from the list"),
    ],
)
def test_an_answer_it_does_not_know_is_said_and_everything_shown(sign_in, mo, asked, error):
    response = sign_in(mo).get(f"{OVER_TIME}?{asked}")
    assert [str(e) for some in response.context["filter_form"].errors.values() for e in some] == [error]
    assert response.context["scope"].is_everywhere


def test_no_page_of_any_days_tells_of_groups_of_people(sign_in, mo, busy, practice, today):
    """They stand beside each other once a year: two pages of days that overlap would tell of those between."""
    client, groups = sign_in(mo), {split.name for split in OF_PEOPLE}
    days = {"period": "between", "first": in_days(-300).date(), "last": in_days(-9).date(), "where": practice.pk}
    figures = [reverse("insight:figure", args=[key]) for key in ("people_taken_on", "third_meeting")]
    for page in (OVER_TIME, COMING_IN, *figures):
        heads = {head for _, heads, _ in tables(client.get(page, days).content.decode()) for head in heads}
        assert heads and not heads & groups
    asked = client.get(f"{figures[0]}list/", days | {"split": "sex", "is": "female"})
    assert asked.context["split"] is None


def test_a_link_worker_may_not_open_insight(sign_in, amina):
    assert sign_in(amina).get(OVER_TIME).status_code == 403


def test_another_organisation_counts_nothing_of_ours(sign_in, stranger_manager, busy, three_years):
    client = sign_in(stranger_manager)
    rows = [row for page in TOPIC_PAGES for row in client.get(f"{page}?{three_years}").context["rows"]]
    assert {value.n for _, value, _, _ in rows if value} == {0}
    assert links(client, f"{OVER_TIME}?{three_years}") == {}


def test_no_figure_can_be_split_by_worker():
    assert "worker" not in {split.key for figure in FIGURES.values() for split in splits_of(figure)} | set(SPLITS)


def test_a_chart_drawn_anew_says_from_when_and_why(sign_in, mo, organisation, busy):
    client, url = sign_in(mo), reverse("insight:draw_anew", args=["meetings"])
    month = client.get(url).context["form"].fields["month"].choices[0][0]
    for _ in range(2):  # a double click
        client.post(url, {"month": month, "why": "A third link worker started."})
    page = client.get(reverse("insight:figure", args=["meetings"])).content.decode()
    assert "A third link worker started. (Mo Farrell, " in page
    kept = organisation.rebaselines.get()
    client.post(reverse("insight:draw_through", args=["meetings"]), {"rebaseline": kept.pk})
    kept.refresh_from_db()
    assert (kept.ended_by, kept.why) == (mo, "A third link worker started.")


def test_drawing_anew_asks_for_a_reason(sign_in, mo, busy):
    assert errors(sign_in(mo).post(reverse("insight:draw_anew", args=["meetings"]), {})) == [
        "Choose a month from the list",
        "Enter what changed",
    ]


def months_of_referrals(organisation, practice, numbers):
    """So many referrals in each of the last months, oldest first."""
    for ago, many in zip(range(len(numbers), 0, -1), numbers, strict=True):
        on = timezone.now().replace(day=15) - timedelta(days=30.44 * ago)
        ReferralFactory.create_batch(many, organisation=organisation, practice=practice, submitted_at=on)


def test_the_page_says_first_what_was_out_of_the_ordinary_lately(sign_in, mo, organisation, practice):
    months_of_referrals(organisation, practice, [2, 3, 2, 3, 2, 3, 2, 9])
    page = sign_in(mo).get(OVER_TIME)
    assert [chart.figure.key for chart in page.context["notable"]] == ["referrals_in"]
    assert "1 thing was out of the ordinary:" in page.content.decode()
    assert re.findall(r"Referrals in</a>: \w+ \d{4} was above what is usual", page.content.decode())


def test_the_page_says_that_nothing_was_out_of_the_ordinary(sign_in, mo, organisation, practice):
    months_of_referrals(organisation, practice, [2, 3, 2, 3, 2, 3, 2, 3])
    assert "Nothing was out of the ordinary in the half year to" in sign_in(mo).get(OVER_TIME).content.decode()


def test_a_service_with_nothing_yet_is_not_said_to_be_as_usual(sign_in, mo):
    page = sign_in(mo).get(OVER_TIME)
    assert "ordinary" not in page.content.decode().partition("<main")[2]
    sentences = {chart.sentence for _, charts in page.context["lines"] for chart in charts}
    assert {sentence.partition(": ")[2] for sentence in sentences} == {"nothing to show for these months."}


def test_a_topic_nobody_has_does_not_exist(sign_in, mo):
    assert sign_in(mo).get(reverse("insight:topic", args=["sales"])).status_code == 404


def test_the_days_and_the_place_stay_from_topic_to_topic(sign_in, mo, practice, three_years):
    asked = f"{three_years}&where={practice.pk}"
    page = unescape(sign_in(mo).get(f"{COMING_IN}?{asked}").content.decode())
    for address in (OVER_TIME, *TOPIC_PAGES):
        assert f'href="{address}?{asked}"' in page


def test_in_short_every_figure_stands_with_its_last_month_and_what_is_usual(sign_in, mo, organisation, practice):
    months_of_referrals(organisation, practice, [2, 3, 2, 3, 2, 3, 2, 9])
    client = sign_in(mo)
    page = client.get(OVER_TIME)
    shown = {chart.figure.key: chart for _, charts in page.context["lines"] for chart in charts}
    assert {key for key in FIGURES if not FIGURES[key].is_left_out_when_empty} <= shown.keys()
    assert "Most months between 0 and 8, on average 3, from 8 months only. <strong>" in page.content.decode()
    [[address, number]] = links(client, OVER_TIME).items()
    assert number == "9"
    assert client.get(address).context["page"].paginator.count == 9


def test_a_chart_says_its_last_month_and_what_is_usual(organisation, practice, scope_of, today):
    months_of_referrals(organisation, practice, [2, 3, 2, 3, 2, 3, 2, 3])
    drawn = over_time([FIGURES["referrals_in"]], scope_of(today - timedelta(days=300), today))["referrals_in"]
    month = date_format(drawn.months[-1].period.first, "F Y")
    assert drawn.sentence == (
        f"Referrals in, 3 in {month}: nothing out of the ordinary; "
        "most months between 0 and 5, on average 2, from 8 months only."
    )


def test_a_chart_that_never_moves_says_so_without_limits(organisation, practice, scope_of, today):
    months_of_referrals(organisation, practice, [2] * 8)
    drawn = over_time([FIGURES["referrals_in"]], scope_of(today - timedelta(days=300), today))["referrals_in"]
    assert drawn.sentence.endswith("nothing out of the ordinary; 2 in every month, from 8 months only.")


def test_a_chart_leaves_out_the_month_we_are_in(organisation, busy, scope_of, today):
    drawn = over_time([FIGURES["meetings"]], scope_of(today - timedelta(days=400), today))["meetings"]
    assert drawn.months[-1].period.last < today.replace(day=1)


def test_a_chart_starts_at_its_first_month_with_anything_in_it(organisation, practice, someone, scope_of, today):
    ReferralFactory(organisation=organisation, practice=practice, submitted_at=in_days(-330))
    AttendedFactory(case=someone(opened_at=in_days(-200)), starts_at=in_days(-150))
    drawn = over_time([FIGURES["referrals_in"], FIGURES["meetings"]], scope_of(today - timedelta(days=700), today))
    firsts = [drawn[key].months[0].period.first for key in ("referrals_in", "meetings")]
    assert firsts == [in_days(-330).date().replace(day=1), in_days(-150).date().replace(day=1)]
