"""Entries that may be the same place or group, found in one query and never acted on by a program.

Two entries are proposed when their names are alike and they share a postcode, a web domain or a charity
number. A domain or number that many share (a council's, a national charity's) says nothing, and a provider
runs several services under its own: at two postcodes the names must be nearly equal.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from accounts.words import a_list
from assets.models import Asset

ALIKE, NEARLY_EQUAL = 0.4, 0.9
MOST_AT_A_POSTCODE, MOST_OF_A_DOMAIN = 50, 12

FIND = """
WITH entry AS (
    SELECT id, postcode, charity_number, plain_text(name) AS plain,
           lower(substring(url from '^https?://(?:www[.])?([^/:?#]+)')) AS domain
    FROM assets_asset
    WHERE is_listed AND merged_into_id IS NULL
),
places AS (SELECT postcode FROM entry WHERE postcode <> '' GROUP BY 1 HAVING count(*) BETWEEN 2 AND %(at_postcode)s),
domains AS (SELECT domain FROM entry WHERE domain <> '' GROUP BY 1 HAVING count(*) BETWEEN 2 AND %(of_domain)s),
charities AS (
    SELECT charity_number FROM entry WHERE charity_number <> '' GROUP BY 1 HAVING count(*) BETWEEN 2 AND %(of_domain)s
),
pair AS (
    SELECT a.id AS first, b.id AS second, 'postcode' AS shared, true AS is_near, a.plain AS one, b.plain AS other
    FROM places JOIN entry a USING (postcode) JOIN entry b USING (postcode) WHERE a.id < b.id
    UNION ALL
    SELECT a.id, b.id, 'web address', a.postcode = b.postcode OR '' IN (a.postcode, b.postcode), a.plain, b.plain
    FROM domains JOIN entry a USING (domain) JOIN entry b USING (domain) WHERE a.id < b.id
    UNION ALL
    SELECT a.id, b.id, 'charity number', a.postcode = b.postcode OR '' IN (a.postcode, b.postcode), a.plain, b.plain
    FROM charities JOIN entry a USING (charity_number) JOIN entry b USING (charity_number) WHERE a.id < b.id
),
alike AS (SELECT first, second, shared, is_near, similarity(one, other) AS likeness FROM pair)
SELECT first, second, array_agg(DISTINCT shared ORDER BY shared), max(likeness)
FROM alike
WHERE likeness >= CASE WHEN is_near THEN %(alike)s ELSE %(nearly_equal)s END
  AND NOT EXISTS (
    SELECT 1 FROM assets_notthesame said WHERE said.first_id = alike.first AND said.second_id = alike.second
  )
GROUP BY first, second
ORDER BY count(*) DESC, max(likeness) DESC, first, second
"""


@dataclass(frozen=True)
class Proposal:
    """Two entries that may be one: what they share, and how alike their names are, from 0 to 1."""

    first_id: UUID
    second_id: UUID
    shared: list[str]
    likeness: float

    @property
    def why(self) -> str:
        names = "the same name" if self.likeness == 1 else "a similar name"
        return f"{names} and the same {a_list(self.shared)}".capitalize()


def proposals() -> list[Proposal]:
    """Every pair that may be one, the likeliest first."""
    limits = {"at_postcode": MOST_AT_A_POSTCODE, "of_domain": MOST_OF_A_DOMAIN}
    with connection.cursor() as cursor:
        cursor.execute(FIND, limits | {"alike": ALIKE, "nearly_equal": NEARLY_EQUAL})
        return [Proposal(*row) for row in cursor.fetchall()]


def with_entries(some: list[Proposal]) -> list[tuple[Proposal, Asset, Asset]]:
    ids = {asset_id for proposal in some for asset_id in (proposal.first_id, proposal.second_id)}
    found = Asset.objects.select_related("source").in_bulk(ids)
    return [(proposal, found[proposal.first_id], found[proposal.second_id]) for proposal in some]
