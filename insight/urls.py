from django.urls import path

from insight import views

app_name = "insight"

urlpatterns = [
    path("service/", views.service, name="service"),
    path("service/referrals/", views.recent_referrals, name="recent_referrals"),
    path("insight/", views.over_time, name="over_time"),
    path("insight/over-time/<slug:topic>/", views.topic, name="topic"),
    path("insight/definitions/", views.definitions, name="definitions"),
    path("insight/evidence/", views.evidence, name="evidence"),
    path("insight/evidence/pdf/", views.evidence_pdf, name="evidence_pdf"),
    path("insight/evidence/csv/", views.evidence_csv, name="evidence_csv"),
    path("insight/evidence/<uuid:sheet_id>/", views.kept_evidence, name="kept_evidence"),
    path("insight/evidence/<uuid:sheet_id>/pdf/", views.kept_evidence_pdf, name="kept_evidence_pdf"),
    path("insight/evidence/<uuid:sheet_id>/csv/", views.kept_evidence_csv, name="kept_evidence_csv"),
    path("our-mix/", views.practice_mix, name="practice_mix"),
    path("insight/exports/", views.exports, name="exports"),
    path("insight/exports/new/", views.ask_for_export, name="ask_for_export"),
    path("insight/exports/<uuid:export_id>/", views.export, name="export"),
    path("insight/exports/<uuid:export_id>/file/", views.export_file, name="export_file"),
    path("insight/closed-months/", views.closed_months, name="closed_months"),
    path("insight/enacted/", views.practice_as_enacted, name="enacted"),
    path("insight/equity/", views.equity, name="equity"),
    path("insight/workload/", views.workload, name="workload"),
    path("insight/workload/pass-on/", views.pass_on, name="pass_on"),
    path("my-mix/", views.my_mix, name="my_mix"),
    path("my-mix/shown-to-you/", views.shared_mixes, name="shared_mixes"),
    path("my-mix/shown-to-you/<uuid:share_id>/", views.shared_mix, name="shared_mix"),
    path("my-mix/shares/<uuid:share_id>/end/", views.end_mix_share, name="end_mix_share"),
    path("insight/funders/", views.funders, name="funders"),
    path("insight/funders/<uuid:ask_id>/end/", views.end_ask, name="end_ask"),
    path("insight/figures/<slug:figure>/", views.figure, name="figure"),
    path("insight/figures/<slug:figure>/list/", views.figure_list, name="figure_list"),
    path("insight/figures/<slug:figure>/draw-anew/", views.draw_anew, name="draw_anew"),
    path("insight/figures/<slug:figure>/draw-through/", views.draw_through, name="draw_through"),
]
