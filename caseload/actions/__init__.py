"""Everything that changes casework. One function a change: by=, in a transaction, with its event."""

from caseload.actions.about import write_about
from caseload.actions.anonymising import NotYet, anonymise_person
from caseload.actions.backstage import edit_backstage, log_backstage
from caseload.actions.beyond import log_beyond
from caseload.actions.calendar_feed import end_calendar_feed, record_feed_use, start_calendar_feed
from caseload.actions.case import (
    assign_case,
    assign_cases,
    change_plan,
    join_case,
    open_case,
    reopen_case,
    uncover_need,
    write_what_matters,
)
from caseload.actions.closing import close_case
from caseload.actions.consult import answer_consult, ask_colleagues, change_who_opens, close_consult, pass_on_consult
from caseload.actions.cover import change_away, plan_away, remove_away
from caseload.actions.draft import drop_draft, forget_sent_drafts, keep_draft
from caseload.actions.flag import set_flag_aside
from caseload.actions.follow_up import add_to_do, change_follow_up, finish_follow_up, set_follow_up, take_up_again
from caseload.actions.goal import add_goal, change_goal, note_progress, order_goals
from caseload.actions.hand_over import (
    accept_hand_over,
    call_off_hand_over,
    decline_hand_over,
    offer_hand_over,
    prepare_hand_overs,
)
from caseload.actions.hold import end_hold, review_hold, start_hold
from caseload.actions.licence import end_wording, keep_wording
from caseload.actions.lone_visit import (
    answer_alarm,
    back_safe,
    call_off_visit,
    change_phone,
    need_longer,
    set_out,
    start_lone_visit,
)
from caseload.actions.measure import (
    fill_in,
    fill_in_by_link,
    link_questions,
    put_filling_right,
    recall_questions,
    record_questions_use,
    withdraw_filling,
)
from caseload.actions.meeting import book_appointment, log_contact, log_outcome, move_appointment
from caseload.actions.merging import NumberGivenSince, TwoOpenCases, merge_people, separate_people
from caseload.actions.message import change_template, send_message, try_message_again, write_letter
from caseload.actions.need import settle_need
from caseload.actions.note import put_note_right
from caseload.actions.person import (
    add_patient,
    change_details,
    note_risk,
    record_people_seen,
    record_seen,
    review_risk,
)
from caseload.actions.safeguarding import (
    add_to_concern,
    close_concern,
    end_lead,
    end_reading,
    let_read,
    name_lead,
    raise_concern,
    reopen_concern,
)
from caseload.actions.shape import agree_outline, begin_new_spell, review_ending
from caseload.actions.shortlist import add_to_shortlist, remove_from_shortlist, send_shortlist
from caseload.actions.supervision import (
    add_supervision_item,
    change_supervision_item,
    remove_supervision_item,
    share_supervision_item,
    take_supervision_item,
    unshare_supervision_item,
)

__all__ = [
    "NotYet",
    "NumberGivenSince",
    "TwoOpenCases",
    "accept_hand_over",
    "add_supervision_item",
    "call_off_hand_over",
    "change_away",
    "change_supervision_item",
    "decline_hand_over",
    "offer_hand_over",
    "plan_away",
    "prepare_hand_overs",
    "remove_away",
    "remove_supervision_item",
    "share_supervision_item",
    "take_supervision_item",
    "unshare_supervision_item",
    "add_goal",
    "add_patient",
    "add_to_do",
    "add_to_concern",
    "add_to_shortlist",
    "answer_consult",
    "ask_colleagues",
    "agree_outline",
    "assign_case",
    "assign_cases",
    "begin_new_spell",
    "anonymise_person",
    "answer_alarm",
    "back_safe",
    "book_appointment",
    "call_off_visit",
    "change_details",
    "change_goal",
    "change_follow_up",
    "change_phone",
    "change_plan",
    "change_template",
    "change_who_opens",
    "close_case",
    "close_concern",
    "close_consult",
    "drop_draft",
    "edit_backstage",
    "end_calendar_feed",
    "end_hold",
    "end_wording",
    "fill_in",
    "fill_in_by_link",
    "end_lead",
    "end_reading",
    "finish_follow_up",
    "forget_sent_drafts",
    "join_case",
    "keep_draft",
    "keep_wording",
    "link_questions",
    "log_backstage",
    "let_read",
    "log_beyond",
    "log_contact",
    "log_outcome",
    "move_appointment",
    "note_progress",
    "name_lead",
    "need_longer",
    "note_risk",
    "merge_people",
    "open_case",
    "pass_on_consult",
    "order_goals",
    "put_note_right",
    "record_feed_use",
    "put_filling_right",
    "recall_questions",
    "raise_concern",
    "record_people_seen",
    "record_questions_use",
    "record_seen",
    "remove_from_shortlist",
    "reopen_case",
    "review_ending",
    "reopen_concern",
    "review_hold",
    "review_risk",
    "separate_people",
    "send_message",
    "send_shortlist",
    "set_flag_aside",
    "set_follow_up",
    "set_out",
    "settle_need",
    "start_calendar_feed",
    "start_hold",
    "try_message_again",
    "take_up_again",
    "start_lone_visit",
    "uncover_need",
    "write_letter",
    "write_about",
    "withdraw_filling",
    "write_what_matters",
]
