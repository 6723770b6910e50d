from django.urls import path

from caseload.views import backstage, case, cases, flag, hold, meeting, need, person, shortlist, sweep, today

app_name = "caseload"

urlpatterns = [
    path("today/", today.today, name="today"),
    path("today/log-a-contact/", today.whom, name="whom"),
    path("back-stage/", backstage.backstage, name="backstage"),
    path("back-stage/log/", backstage.log_backstage, name="log_backstage"),
    path("back-stage/<uuid:backstage_id>/", backstage.edit_backstage, name="edit_backstage"),
    path("caseload/", cases.cases, name="cases"),
    path("caseload/pass-on/", cases.assign_cases, name="assign_cases"),
    path("cases/<uuid:case_id>/", case.page, name="case"),
    path("cases/<uuid:case_id>/what-matters/", case.what_matters, name="what_matters"),
    path("cases/<uuid:case_id>/plan/", case.plan, name="plan"),
    path("cases/<uuid:case_id>/add-need/", case.add_need, name="add_need"),
    path("cases/<uuid:case_id>/settle-need/", need.settle_need, name="settle_need"),
    path("cases/<uuid:case_id>/shortlist/", shortlist.shortlist, name="shortlist"),
    path("cases/<uuid:case_id>/shortlist/print/", shortlist.print_shortlist, name="print_shortlist"),
    path("cases/<uuid:case_id>/shortlist/<uuid:asset_id>/add/", shortlist.add_to_shortlist, name="add_to_shortlist"),
    path(
        "cases/<uuid:case_id>/shortlist/<uuid:asset_id>/remove/",
        shortlist.remove_from_shortlist,
        name="remove_from_shortlist",
    ),
    path("cases/<uuid:case_id>/follow-up/", case.follow_up, name="follow_up"),
    path("cases/<uuid:case_id>/follow-ups/<uuid:follow_up_id>/done/", case.finish_follow_up, name="finish_follow_up"),
    path("cases/<uuid:case_id>/close/", case.close, name="close"),
    path("cases/<uuid:case_id>/reopen/", case.reopen, name="reopen"),
    path("cases/<uuid:case_id>/assign/", case.assign, name="assign"),
    path("cases/<uuid:case_id>/log-contact/", meeting.log_contact, name="log_contact"),
    path("cases/<uuid:case_id>/book/", meeting.book, name="book"),
    path("cases/<uuid:case_id>/appointments/<uuid:appointment_id>/log/", meeting.log_meeting, name="log_meeting"),
    path("cases/<uuid:case_id>/appointments/<uuid:appointment_id>/move/", meeting.move_meeting, name="move_meeting"),
    path("cases/<uuid:case_id>/start-hold/", hold.start_hold, name="start_hold"),
    path("cases/<uuid:case_id>/holds/<uuid:hold_id>/review/", hold.review_hold, name="review_hold"),
    path("cases/<uuid:case_id>/holds/<uuid:hold_id>/end/", hold.end_hold, name="end_hold"),
    path("cases/<uuid:case_id>/flags/<uuid:flag_id>/set-aside/", flag.set_flag_aside, name="set_flag_aside"),
    path("cases/<uuid:case_id>/details/", person.details, name="details"),
    path("cases/<uuid:case_id>/add-risk/", person.add_risk, name="add_risk"),
    path("cases/<uuid:case_id>/risks/<uuid:risk_id>/", person.review_risk, name="review_risk"),
    path("cases/<uuid:case_id>/access/", person.access, name="access"),
    path("flags/<uuid:flag_id>/set-aside/", flag.set_any_flag_aside, name="set_any_flag_aside"),
    path("sweep/", sweep.sweep, name="sweep"),
]
