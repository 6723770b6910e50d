"""Every figure of Insight counted again, in plain Python over the raw rows. Shares no code with insight/.

It reads whole tables, keeps them in lists and loops over them. Slow, and easy to check by reading.
"""

import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from django.db import connection

LONDON = ZoneInfo("Europe/London")
EVER = datetime(2200, 1, 1, tzinfo=LONDON)
# scale: (measure, whether a lower score is better)
SCALES = {
    "satisfied": ("ons4", False),
    "worthwhile": ("ons4", False),
    "happy": ("ons4", False),
    "anxious": ("ons4", True),
    "ucla3": ("loneliness", True),
    "lonely": ("loneliness", False),
    "concern_1": ("concern", True),
    "concern_2": ("concern", True),
    "who5": ("who5", False),
    "swemwbs": ("swemwbs", False),
    "activation": ("pam", False),
}


def rows_of(table, where="TRUE", **columns):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {where}", list(columns.values()) or None)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def day_of(moment):
    return moment.astimezone(LONDON).date()


def age_on(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def band_of(age):
    bands = [(18, "0-17"), (25, "18-24"), (35, "25-34"), (45, "35-44"), (55, "45-54"), (65, "55-64"), (75, "65-74")]
    return next((name for below, name in [*bands, (85, "75-84")] if age < below), "85+")


class Reference:
    """The rows of one organisation, and each figure as a method: it yields (row, day, what it adds) of what it counts.

    What a stock was is of the end of the `last` day, or of `now` where that is earlier.
    """

    def __init__(self, organisation_id, now):
        self.now, self.organisation_id = now, organisation_id
        own = {"where": "organisation_id = %s", "organisation": organisation_id}
        self.referrals = rows_of("referrals_referral", **own)
        self.cases = {case["id"]: case for case in rows_of("caseload_case", **own)}
        self.patients = {patient["id"]: patient for patient in rows_of("caseload_patient", **own)}
        self.backstage = rows_of("caseload_backstagework", **own)
        self.meetings = self._of_our_cases("caseload_appointment")
        self.contacts = self._of_our_cases("caseload_contact")
        self.holds = self._of_our_cases("caseload_hold")
        self.events = self._of_our_cases("caseload_caseevent")
        self.fillings = self._of_our_cases("caseload_filling")
        self.met, self.reached, self.referred, self.held = (defaultdict(list) for _ in range(4))
        for meeting in self.meetings:
            if meeting["outcome"] == "attended":
                self.met[meeting["case_id"]].append(meeting)
                self.reached[meeting["case_id"]].append(meeting["starts_at"])
        for contact in self.contacts:
            if contact["reached"]:
                self.reached[contact["case_id"]].append(contact["at"])
        for referral in self.referrals:
            self.referred[referral["case_id"]].append(referral["first_submitted_at"])
        for hold in self.holds:
            self.held[hold["case_id"]].append(hold)
        for some in self.met.values():
            some.sort(key=lambda meeting: (meeting["starts_at"], meeting["id"]))

    def _of_our_cases(self, table):
        return [row for row in rows_of(table) if row["case_id"] in self.cases]

    def end_of(self, last):
        midnight = datetime.combine(last + timedelta(days=1), datetime.min.time(), tzinfo=LONDON)
        return min(midnight, self.now)

    # What comes in

    def referrals_in(self, last):
        return [(referral, day_of(referral["first_submitted_at"]), 1) for referral in self.referrals]

    def people_taken_on(self, last):
        return [(case, day_of(case["opened_at"]), 1) for case in self.cases.values()]

    def waiting(self, last):
        end = self.end_of(last)
        for key, case in self.cases.items():
            is_met = any(meeting["starts_at"] < end for meeting in self.met[key])
            is_held = any(hold["started_at"] < end for hold in self.held[key])
            if case["opened_at"] < end <= (case["closed_at"] or EVER) and not is_met and not is_held:
                yield case, last, 1

    def high_complexity(self, last):
        return [(case, day, case["complexity"] == "high") for case, day, _ in self.people_taken_on(last)]

    def need_uncovered(self, last):
        later = defaultdict(list)
        for need in self._of_our_cases("caseload_need"):
            if not need["on_referral"]:
                later[need["case_id"]].append(day_of(need["added_at"]))
        for case, opened_on, _ in self.people_taken_on(last):
            counted_on = opened_on + timedelta(days=182)
            yield case, counted_on, any(day <= counted_on for day in later[case["id"]])

    # Meeting people

    def first_meeting_days(self, last):
        for key, meetings in self.met.items():
            if not meetings:
                continue
            asked = min(self.referred[key], default=self.cases[key]["opened_at"])
            met_on = day_of(meetings[0]["starts_at"])
            yield meetings[0], met_on, max((met_on - day_of(asked)).days, 0)

    def third_meeting(self, last):
        for key, case in self.cases.items():
            counted_on = day_of(case["opened_at"]) + timedelta(days=182)
            third = self.met[key][2:3]
            yield case, counted_on, bool(third) and day_of(third[0]["starts_at"]) <= counted_on

    def meetings_held(self, last):
        return [(meeting, day_of(meeting["starts_at"]), 1) for some in self.met.values() for meeting in some]

    def missed(self, last):
        for meeting in self.meetings:
            if meeting["outcome"] in ("attended", "missed"):
                yield meeting, day_of(meeting["starts_at"]), meeting["outcome"] == "missed"

    def meeting_length(self, last):
        return self.meeting_time(last)

    def remote_meetings(self, last):
        return [(meeting, day, meeting["mode"] != "in_person") for meeting, day, _ in self.meetings_held(last)]

    def outreach_meetings(self, last):
        held = self.meetings_held(last)
        return [(m, day, m["place"] != "practice") for m, day, _ in held if m["mode"] == "in_person"]

    # Holding

    def people_held(self, last):
        end = self.end_of(last)
        end_day = day_of(end - timedelta(microseconds=1))
        for hold in self.holds:
            if hold["started_at"] < end <= (hold["ended_at"] or EVER):
                yield hold, last, (end_day - day_of(hold["started_at"])).days

    def holds_started(self, last):
        return [(hold, day_of(hold["started_at"]), 1) for hold in self.holds]

    def holds_ended(self, last):
        for hold in self.holds:
            if hold["ended_at"]:
                ended_on = day_of(hold["ended_at"])
                yield hold, ended_on, (ended_on - day_of(hold["started_at"])).days

    # The door

    def doors(self):
        """(missed meeting that opened it, when the person was next reached) of every door."""
        missed = defaultdict(list)
        for meeting in self.meetings:
            if meeting["outcome"] == "missed":
                missed[meeting["case_id"]].append(meeting)
        for key, some in missed.items():
            open_until = None  # None: shut
            for moment in sorted({meeting["starts_at"] for meeting in some}):
                back = min((at for at in self.reached[key] if at >= moment), default=EVER)
                if open_until is None or open_until < moment:
                    yield from ((meeting, back) for meeting in some if meeting["starts_at"] == moment)
                    open_until = back

    def door_opened(self, last):
        return [(meeting, day_of(meeting["starts_at"]), 1) for meeting, _ in self.doors()]

    def came_back(self, last):
        for meeting, back in self.doors():
            counted_on = day_of(meeting["starts_at"]) + timedelta(days=84)
            yield meeting, counted_on, back != EVER and day_of(back) <= counted_on

    def door_open(self, last):
        end = self.end_of(last)
        for meeting, back in self.doors():
            closed_at = self.cases[meeting["case_id"]]["closed_at"] or EVER
            if meeting["starts_at"] < end <= min(back, closed_at):
                yield meeting, last, 1

    # Endings, and what has changed

    def endings(self, last):
        closed = [case for case in self.cases.values() if case["status"] == "closed"]
        return [(case, day_of(case["closed_at"]), 1) for case in closed if case["ending_how"] != "joined"]

    def endings_agreed(self, last):
        return [(case, day, bool(case["ending_agreed"])) for case, day, _ in self.endings(last)]

    def endings_drifted(self, last):
        return [(case, day, case["ending_how"] == "drifted") for case, day, _ in self.endings(last)]

    def endings_own_choice(self, last):
        return [(case, day, case["ending_how"] == "own_choice") for case, day, _ in self.endings(last)]

    def meetings_per_ending(self, last):
        return [(case, day, len(self.met[case["id"]])) for case, day, _ in self.endings(last)]

    def onward_went(self, last):
        said = defaultdict(list)
        for event in rows_of("referrals_onwardevent"):
            if event["verb"] in ("start", "complete"):
                said[event["onward_referral_id"]].append(day_of(event["at"]))
        for onward in self._of_our_cases("referrals_onwardreferral"):
            if onward["kind"] == "signpost" or onward["status"] == "entered-in-error":
                continue
            counted_on = day_of(onward["asked_at"]) + timedelta(days=84)
            days = list(said[onward["id"]])
            if onward["person_got_there"]:
                days.append(day_of(onward["person_asked_at"]))
            yield onward, counted_on, any(day <= counted_on for day in days)

    def reopened(self, last):
        return [(event, day_of(event["at"]), 1) for event in self.events if event["verb"] == "reopened"]

    def change(self, scale):
        measure, lower_is_better = SCALES[scale]
        scored = defaultdict(list)
        for filling in self.fillings:
            scores = _json(filling["scores"])
            if filling["measure"] == measure and filling["withdrawn_at"] is None and scale in scores:
                score = round(Decimal(str(scores[scale])), 2)
                scored[filling["case_id"]].append((filling["filled_on"], filling["made_at"], filling["id"], score))
        for case, day, _ in self.endings(None):
            if some := sorted(scored[case["id"]]):
                rise = some[-1][-1] - some[0][-1]
                yield case, day, None if len(some) == 1 else -rise if lower_is_better else rise

    # Time

    def meeting_time(self, last):
        for meeting, day, _ in self.meetings_held(last):
            yield meeting, day, meeting["minutes_planned"] if meeting["minutes"] is None else meeting["minutes"]

    def contact_time(self, last):
        return [(contact, day_of(contact["at"]), contact["minutes"] or 0) for contact in self.contacts]

    def backstage_time(self, last):
        return [(work, work["done_on"], work["minutes"]) for work in self.backstage]

    # The directory

    def directory_confirmed(self, last):
        end = self.end_of(last)
        assets = {asset["id"]: asset for asset in rows_of("assets_asset")}
        for key in self.services(end, assets):
            asset = assets[key]
            if not asset["is_closed"] and asset["merged_into_id"] is None:
                confirmed_at = asset["confirmed_at"]
                yield asset, last, confirmed_at is not None and confirmed_at >= end - timedelta(days=183)

    def services(self, end, assets):
        year = end - timedelta(days=365)
        open_cases = {key for key, case in self.cases.items() if case["status"] != "closed"}
        people = rows_of(
            "accounts_membership m JOIN accounts_user u ON u.id = m.user_id",
            "m.organisation_id = %s AND m.is_active AND u.is_active",
            organisation=self.organisation_id,
        )
        ours = {person["user_id"] for person in people}
        onward = self._of_our_cases("referrals_onwardreferral")
        open_onward = {"requested", "accepted", "in-progress", "on-hold"}
        verbs = {"created", "confirmed", "corrected", "reported"}
        own = {"where": "organisation_id = %s", "organisation": self.organisation_id}
        found = [
            *(h["awaited_asset_id"] for h in self.holds if h["started_at"] >= year or h["ended_at"] is None),
            *(o["asset_id"] for o in onward if o["asked_at"] >= year),
            *(o["asset_id"] for o in onward if o["status"] in open_onward and o["case_id"] in open_cases),
            *(s["asset_id"] for s in self._of_our_cases("caseload_shortlistitem") if s["case_id"] in open_cases),
            *(note["asset_id"] for note in rows_of("assets_localnote", **own)),
            *(work["asset_id"] for work in self.backstage if _midnight(work["done_on"]) >= _midnight(day_of(year))),
            *(
                event["asset_id"]
                for event in rows_of("assets_assetevent")
                if event["by_id"] in ours and event["verb"] in verbs and event["at"] >= year
            ),
        ]
        return {assets[key]["merged_into_id"] or key for key in found if key}

    # Putting them together

    STOCKS = {"waiting", "held", "door_open", "directory_confirmed"}
    SHARES = {"third_meeting", "missed", "came_back", "endings_agreed", "directory_confirmed"}
    SHARES |= {"high_complexity", "need_uncovered", "remote_meetings", "outreach_meetings", "onward_went"}
    SHARES |= {"endings_drifted", "endings_own_choice"}
    METHODS = {"held": "people_held", "meetings": "meetings_held"}

    def counted(self, figure, first, last, practices=None):
        """The (row, day, what it adds) a figure counts over days, at some practices or everywhere."""
        return [
            (row, day, adds)
            for row, day, adds in self._all(figure, last if figure in self.STOCKS else None)
            if (figure in self.STOCKS or first <= day <= last) and self._is_at(row, practices)
        ]

    @cache  # noqa: B019
    def _all(self, figure, last):
        if figure.startswith("change_"):
            return list(self.change(figure.removeprefix("change_")))
        return list(getattr(self, self.METHODS.get(figure, figure))(last))

    def value(self, figure, first, last, practices=None):
        return self._summed(figure, [adds for _, _, adds in self.counted(figure, first, last, practices)])

    def split(self, figure, split, first, last):
        groups = defaultdict(list)
        for row, day, adds in self.counted(figure, first, last):
            if figure in self.STOCKS:
                day = day_of(self.end_of(last) - timedelta(microseconds=1))
            for category in self._categories(row, split, day):
                groups[category].append(adds)
        return {category: self._summed(figure, adds) for category, adds in groups.items()}

    def _summed(self, figure, adds):
        if figure in self.SHARES:
            return [sum(adds), len(adds)]
        if figure in {"first_meeting_days", "held", "holds_ended", "meeting_length", "meetings_per_ending"}:
            return {str(days): rows for days, rows in sorted(Counter(adds).items())}
        if figure.endswith("_time"):
            return [sum(adds), len(adds)]
        if figure.startswith("change_"):
            pairs = [gain for gain in adds if gain is not None]
            return [sum(g > 0 for g in pairs), sum(g == 0 for g in pairs), sum(g < 0 for g in pairs), len(adds)]
        return len(adds)

    def _is_at(self, row, practices):
        return practices is None or self._practice(row) in practices

    def _practice(self, row):
        return row["practice_id"] if "practice_id" in row else self._case(row).get("practice_id")

    def _case(self, row):
        return self.cases.get(row.get("case_id"), {})

    def _person(self, row):
        if "given_name" in row:
            return row
        return self.patients[row.get("patient_id") or self._case(row)["patient_id"]]

    @cached_property
    def fifths(self):
        """{postcode without its space: the index, its edition and the fifth of it}, of the newest edition there is."""
        deciles = defaultdict(list)
        for area in rows_of("assets_areadeprivation"):
            fifth = f"{area['index']} {area['edition']}: fifth {-(-area['decile'] // 2)}"
            deciles[area["area_kind"], area["area_code"]].append((area["edition"], fifth))
        found = {}
        for place in rows_of("assets_postcode"):
            some = [one for kind in ("dz2011", "dz2022", "lsoa2011", "lsoa2021") for one in deciles[kind, place[kind]]]
            if some:
                found[_bare(place["postcode"])] = max(some)[1]
        return found

    def _categories(self, row, split, day):
        own = {
            "practice": lambda: self._practice(row),
            "answer": lambda: row["status"],
            "awaited": lambda: row["awaited_need"],
            "hold_end": lambda: row["end"],
            "got_in_the_way": lambda: row["barrier"],
            "work": lambda: row["kind"],
            "age": lambda: band_of(max(age_on(self._person(row)["date_of_birth"], day), 0)),
            "sex": lambda: self._person(row)["sex"],
            "ethnicity": lambda: self._person(row)["ethnicity"],
            "interpreter": lambda: "yes" if self._person(row)["interpreter_language"] else "no",
            "deprivation": lambda: self.fifths.get(_bare(self._person(row)["postcode"])),
        }
        if split == "need":
            return list(row["needs"])
        return [str((own[split]() if split in own else row[split]) or "not_known")]


def _bare(postcode):
    return postcode.replace(" ", "").upper()


def _json(value):
    return value if isinstance(value, dict) else json.loads(value)


def _midnight(day: date):
    return datetime.combine(day, datetime.min.time(), tzinfo=LONDON)
