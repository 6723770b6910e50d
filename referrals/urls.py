from django.urls import path

from referrals import views

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
]
