from django.urls import path

from referrals import views
from referrals.views import services

app_name = "referrals"

urlpatterns = [
    path("refer/", views.refer, name="refer"),
    path("referrals/", views.sent, name="sent"),
    path("referrals/<uuid:referral_id>/", views.sent_referral, name="sent_referral"),
    path("referrals/<uuid:referral_id>/edit/", views.edit, name="edit"),
    path("referrals/<uuid:referral_id>/withdraw/", views.withdraw, name="withdraw"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<uuid:referral_id>/", views.received, name="received"),
    path("inbox/<uuid:referral_id>/accept/", views.accept, name="accept"),
    path("inbox/<uuid:referral_id>/return/", views.return_, name="return"),
    path("inbox/<uuid:referral_id>/decline/", views.decline, name="decline"),
    path("onward/", views.onward.onward_list, name="onward_list"),
    path("cases/<uuid:case_id>/refer-on/", views.onward.refer_on, name="refer_on"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/", views.onward.onward, name="onward"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/heard/", views.onward.heard, name="heard"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/answer/", views.onward.answer_question, name="answer_question"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/call-off/", views.onward.call_off, name="call_off"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/resend/", views.onward.resend, name="resend"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/ask-person/", views.onward.ask_person, name="ask_person"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/end-consent/", views.onward.end_consent, name="end_consent"),
    path("cases/<uuid:case_id>/onward/<uuid:onward_id>/learnt/", views.onward.learnt, name="learnt"),
    path("directory/to-check/", services.to_check, name="services_to_check"),
    path("directory/<uuid:asset_id>/who-relies/", services.relying, name="relying"),
    path("for-services/<str:token>/", views.link, name="link"),
]
