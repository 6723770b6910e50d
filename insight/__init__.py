"""Seeing the service: read-only, but for its own snapshots. How it is put together:

* `Period` (period.py): two local days, both included. Knows its months and the period before.
* `Scope` (scope.py): whose figures: organisation, where (all, a practice or a cluster), period.
* `Figure` (figure.py): one declared number. A `Flow` counts what happened in a period, a `Stock` how things stood at
  its end. Its `rows` are the list behind the number: the number never counts anything else. They live in
  `catalogue/`, a module a noun, and are found by key in `catalogue.FIGURES`. A new figure is a new entry there: the
  definitions page, the lists, the charts, the snapshots and the reference calculator's test find it there.
* `Value` (values.py): `Count`, `Share` (n of N), `Days` (a tally of days: median, 90th centile), `Minutes`. Values
  add up, so a year is the sum of its months and a cluster of its practices, medians included.
* `Split` (splits.py): what a figure can be split by: practice, route, need, barrier, ending, age band, sex …
* `read(figure, scope)`, `read_split(figure, split, scope)`, `read_months(figures, scope)` (reading.py): what every
  page, export and chart shows. Closed months come from their snapshots and never change; the rest is counted now.
  A page reads all its figures, periods and charts together: one query for what was kept, one a family for the rest.
* `count_periods(family, scope, periods)` (figure.py) counts the rows as they are now, and nothing else does. A family
  are figures that share their `rows` and differ in which `only` they count: one query for them all, and for any
  number of periods. `figure.count(scope)` and `figure.count_by(scope, …)` are of one figure and period. Where many
  splits are asked for, as when a month is closed, `rows_of` reads the rows once and each split is tallied from them.
* `published.py` counts small groups once, of periods that never overlap: `evidence.py` unmet need of half a year,
  `of_people.py` groups of people of a year. `yearly.py` says what of a year's figures may leave the service.
* `snapshots.py` and `tasks.py` close months and say when facts entered late would change one.
* `spc.py`: XmR charts, pure. `suppression.py`: which cells of published tables to hide, pure.

Which numbers are suppressed where: docs/adr/0021-suppression.md. What closing a month means:
docs/adr/0020-closed-months.md. Numbers describe the service: none is ever split by worker.
"""
