"""What a story does while somebody is held, and what it writes to them: the rest of linkwork/demo/story.py."""

from datetime import timedelta

from accounts.models import User
from accounts.moves import move
from assets.enums import NeedKind
from assets.models import Asset
from caseload.enums import CASE_MOVES, Channel, HoldEnd, MessageStatus, NeedOutcome, Verb
from caseload.models import Hold, HoldReview, Message
from caseload.wording import ABOUT, FIRST_NAME, PHONE, SHIPPED, WORKER, filled


class Held:
    """A story's holds."""

    def start_hold(self, *, review_in: int, note: str, awaited_asset: Asset | None = None, **what) -> Hold:
        move(self.case, CASE_MOVES, "hold")
        self.tick()
        self.hold = self.rows.new(
            Hold,
            id=self.rows.new_id(),
            case_id=self.case.id,
            review_on=self.site.calendar.from_day(self.day + timedelta(days=review_in)),
            note=note,
            started_at=self.at,
            started_by_id=self.worker.id,
            awaited_asset_id=awaited_asset and awaited_asset.id,
            **what,
        )
        self.record(Verb.HOLD_STARTED, text=note)
        return self.hold

    def review(self, *, by: User, note: str, next_in: int, meanwhile: str = "") -> None:
        self.tick()
        self.hold.meanwhile = meanwhile or self.hold.meanwhile
        self.hold.review_on = self.site.calendar.from_day(self.day + timedelta(days=next_in))
        self.rows.put(
            HoldReview,
            id=self.rows.new_id(),
            hold_id=self.hold.id,
            at=self.at,
            by_id=by.id,
            note=note,
            meanwhile=self.hold.meanwhile,
            next_review_on=self.hold.review_on,
        )
        self.record(Verb.HOLD_REVIEWED, by=by, text=note)

    def end_hold(self, end: HoldEnd, note: str, need_outcome: NeedOutcome | str = "") -> None:
        move(self.case, CASE_MOVES, "end_hold")
        hold, self.hold = self.hold, None
        hold.ended_at, hold.end, hold.end_note, hold.need_outcome = self.tick(), end, note, need_outcome
        self.record(Verb.HOLD_ENDED, text=note)
        if need_outcome:
            barrier = hold.barrier if need_outcome == NeedOutcome.UNMET else ""
            self.settle(NeedKind(hold.awaited_need), need_outcome, barrier, note)


class WrittenTo:
    """A story's messages."""

    def write(self, channel: Channel, key: str, failure: str = "") -> None:
        """Words that come with Linkwork, sent to the person; with a failure, not sent."""
        occasion, _, body = SHIPPED[key]
        person, worker = self.case.patient, self.worker
        values = {FIRST_NAME: person.short_name, WORKER: worker.first_name, PHONE: self.site.organisation.phone}
        self.rows.put(
            Message,
            id=self.rows.new_id(),
            case_id=self.case.id,
            channel=channel,
            to=person.phone if channel == Channel.TEXT else person.email,
            sender=worker.first_name,
            about=ABOUT[occasion],
            body=filled(body, values),
            by_id=worker.id,
            queued_at=self.tick(),
            status=MessageStatus.FAILED if failure else MessageStatus.SENT,
            ended_at=self.at + timedelta(seconds=4),
            failure=failure,
        )
        if not failure:
            self.record(Verb.MESSAGE_SENT, text=f"By {channel.label.lower()}: {ABOUT[occasion]}")
