"""How quickly the directory answers, beside bare SQL that answers the same question.

Everything happens in one transaction that is taken back: the services made up for it are gone afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice, product
from math import cos, radians
from statistics import quantiles
from time import perf_counter

from django.db import connection, transaction
from django.db.models import Count
from django.http import QueryDict

from assets.forms.find import DirectoryForm, slots_meant
from assets.models import Asset, Postcode, Source, directory
from assets.models.search import LAST_REMINDER, MILES_IN_A_DEGREE, too_old
from assets.words import terms_of

SERVICES = 100_000
QUESTIONS = 60
MONTHS = 6
TIMES_ALLOWED = 3
PAGE = 25
WORDS = (
    "lunch club",
    "benifits advice",
    "walking",
    "alzhiemers",
    "choir",
    "counselling",
    "debt",
    "playgroup",
    "digital",
)
FILTERS = ("cost=free", "day=thu&time=afternoon", "join=drop_in&room=on", "need=loneliness", "access=step_free&age=70")
STARTS = {
    "G1 1AA": (55.861, -4.251),
    "EH1 1AA": (55.950, -3.189),
    "M1 1AA": (53.480, -2.235),
    "NE1 1AA": (54.974, -1.613),
}

# One service in ten around each of ten towns; one in twenty has no place; ages, costs and hours as they come.
MAKE = """
INSERT INTO assets_asset (
    id, source_id, source_ref, name, address, town, postcode, local_authority, uprn, phone, email, url,
    latitude, longitude, provider, charity_number, description, need_kinds, groups, minimum_age, languages,
    access_features, access_note, cost, cost_note, how_to_join, join_note, opening_hours, hours_note, open_slots,
    capacity, threshold, contact_name, contact_email, confirmed_at, reminders_sent, local_fields,
    is_closed, is_listed, created_at, updated_at)
SELECT gen_random_uuid(), %(source)s, 'bench-' || n, place[t] || ' ' || what[w] || ' ' || n, n || ' High Street',
    place[t], '', '', '', '', '', '',
    CASE WHEN n %% 20 > 0 THEN lat[t] + (random() - 0.5) / 2 END,
    CASE WHEN n %% 20 > 0 THEN lon[t] + (random() - 0.5) END,
    '', '', about[1 + n %% 5] || ' ' || what[w], ARRAY[need[w], need[1 + n %% 8]], '{}',
    CASE WHEN n %% 3 = 0 THEN 16 END, '{}', CASE WHEN n %% 4 > 0 THEN '{step_free}'::varchar[] ELSE '{}' END, '',
    (ARRAY['free', 'donation', 'paid', ''])[1 + (n / 7) %% 4], '', (ARRAY['drop_in', 'self', 'referral', ''])[1 + (n / 3) %% 4],
    '', '{}', '', ARRAY[(n * 7) %% 168, (n * 7 + 1) %% 168], (ARRAY['capacity', 'waitlist', 'no-capacity', ''])[1 + (n / 5) %% 4],
    '', '', '', now() - n %% 400 * interval '1 day', 0, '{}', n %% 50 = 0, true, now(), now()
FROM (SELECT *, 1 + n %% 10 AS t, 1 + (n / 10) %% 8 AS w FROM generate_series(1, %(number)s) AS n) AS numbers,
    (SELECT ARRAY['Glasgow', 'Edinburgh', 'Manchester', 'Newcastle', 'Leeds', 'Cardiff', 'Bristol', 'Dundee', 'Derby', 'Hull'] AS place,
        ARRAY[55.86, 55.95, 53.48, 54.97, 53.80, 51.48, 51.45, 56.46, 52.92, 53.74] AS lat,
        ARRAY[-4.25, -3.19, -2.24, -1.61, -1.55, -3.18, -2.59, -2.97, -1.48, -0.33] AS lon,
        ARRAY['Lunch Club', 'Benefits Advice', 'Health Walks', 'Dementia Café', 'Choir', 'Counselling', 'Playgroup', 'Digital Help'] AS what,
        ARRAY['loneliness', 'money_and_benefits', 'physical_activity', 'long_term_condition', 'loneliness', 'mental_wellbeing', 'family_and_parenting', 'digital'] AS need,
        ARRAY['Everyone is welcome at this', 'Run by neighbours:', 'Tea, talk and', 'Small and friendly', 'Every week, all year:'] AS about) AS words
"""  # noqa: E501
BARE = """
SELECT * FROM (
    SELECT a.*, CASE WHEN latitude IS NULL THEN NULL ELSE 3958.8 * acos(least(1.0,
        sin(radians(%(lat)s)) * sin(radians(latitude))
        + cos(radians(%(lat)s)) * cos(radians(latitude)) * cos(radians(longitude) - radians(%(lon)s)))) END AS miles,
      CASE WHEN is_closed THEN 3 WHEN capacity = 'no-capacity' THEN 2
        WHEN coalesce(confirmed_at, created_at) < %(old)s OR reminders_sent >= %(reminders)s THEN 1 ELSE 0 END AS last,
      CASE WHEN {says} THEN 0 ELSE 1 END AS only_helps
    FROM assets_asset AS a
    WHERE is_listed AND merged_into_id IS NULL AND {means} AND {narrow}
      AND (latitude BETWEEN %(south)s AND %(north)s AND longitude BETWEEN %(west)s AND %(east)s
        OR latitude IS NULL AND postcode = '')
) AS found WHERE miles <= 25 OR miles IS NULL
"""
NARROW = {
    "cost=free": "cost = 'free'",
    "day=thu&time=afternoon": "open_slots && %(slots)s::smallint[]",
    "join=drop_in&room=on": "how_to_join = 'drop_in' AND capacity = 'capacity'",
    "need=loneliness": "need_kinds && '{loneliness}'",
    "access=step_free&age=70": "access_features @> '{step_free}' AND (minimum_age IS NULL OR minimum_age <= 70)"
    " AND (maximum_age IS NULL OR maximum_age >= 70)",
}


@dataclass(frozen=True)
class Result:
    services: int
    questions: int
    ours_ms: float
    bare_ms: float

    @property
    def is_met(self) -> bool:
        return self.ours_ms <= TIMES_ALLOWED * self.bare_ms

    def __str__(self):
        return (
            f"Search over {self.services:,} services, {self.questions} questions of words, place and filters: "
            f"p95 {self.ours_ms:.0f} ms, {self.ours_ms / self.bare_ms:.1f} times the {self.bare_ms:.0f} ms of bare "
            f"SQL ({TIMES_ALLOWED} times allowed)"
        )


def search(services: int = SERVICES, questions: int = QUESTIONS) -> Result:
    """Raises AssertionError when the two do not find the same services in the same order."""
    with transaction.atomic():
        make(services)
        asked = list(islice(cycle(product(WORDS, STARTS, FILTERS)), 0, questions * 7, 7))
        for question in asked[:5]:
            assert ours(*question) == bare(*question), question
        result = Result(services, len(asked), p95(ours, asked), p95(bare, asked))
        transaction.set_rollback(True)
    return result


def make(services: int) -> None:
    source = Source.objects.create(name="Bench", licence="Made up")
    for postcode, (latitude, longitude) in STARTS.items():
        Postcode.objects.update_or_create(pk=postcode, defaults={"latitude": latitude, "longitude": longitude})
    indexes = {index.name: index for index in Asset._meta.indexes}
    with connection.cursor() as cursor, connection.schema_editor() as schema:
        cursor.execute("ALTER TABLE assets_asset DISABLE TRIGGER USER")  # no history of what is taken back
        for index in indexes.values():
            schema.remove_index(Asset, index)
        cursor.execute(MAKE, {"source": source.pk, "number": services})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for index in indexes.values():
            schema.add_index(Asset, index)
        cursor.execute("ANALYZE assets_asset")


def ours(words: str, postcode: str, filters: str) -> tuple[list, int]:
    """What the directory page asks of the database: the page of services, and how many there are of each standing."""
    form = DirectoryForm(QueryDict(f"q={words}&near={postcode}&{filters}"))
    found = form.filter(directory().select_related(None)).useful_first(MONTHS)
    counts = dict(found.order_by().values_list("last").annotate(n=Count("pk")))
    return [asset.pk for asset in found[:PAGE]], sum(counts.values())


def bare(words: str, postcode: str, filters: str) -> tuple[list, int]:
    latitude, longitude = STARTS[postcode]
    up = 25 / MILES_IN_A_DEGREE
    across = up / cos(radians(latitude))
    values = {
        "lat": latitude, "lon": longitude, "old": too_old(MONTHS), "reminders": LAST_REMINDER,
        "south": latitude - up, "north": latitude + up, "west": longitude - across, "east": longitude + across,
        "slots": slots_meant("thu", "afternoon"),
    }  # fmt: skip
    says, means = [], []
    for n, term in enumerate(terms_of(words)):
        values |= {f"typed{n}": term.typed, f"like{n}": [f"%{one}%" for one in (term.typed, *term.others)]}
        says.append(f"(search_text LIKE ANY(%(like{n})s) OR %(typed{n})s <<%% search_text)")
        means.append(f"({says[-1]} OR need_kinds @> '{{{term.kind.value}}}')" if term.kind else says[-1])
    sql = BARE.replace("{says}", " AND ".join(says)).replace("{means}", " AND ".join(means))
    sql = sql.replace("{narrow}", NARROW[filters])
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY last, only_helps, coalesce(miles, 9999), name, id LIMIT {PAGE}", values)
        page = [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT last, count(*) FROM ({sql}) AS every GROUP BY last", values)
        return page, sum(count for _, count in cursor.fetchall())


def p95(answer: Callable, questions: list) -> float:
    """Milliseconds. Each question is asked once before it counts, so that both find the same pages in memory."""
    taken = []
    for question in questions:
        answer(*question)
        began = perf_counter()
        answer(*question)
        taken.append((perf_counter() - began) * 1000)
    return quantiles(taken, n=20)[-1]
