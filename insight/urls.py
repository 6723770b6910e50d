from django.urls import path

from insight import views

app_name = "insight"

urlpatterns = [
    path("service/", views.service, name="service"),
    path("service/referrals/", views.recent_referrals, name="recent_referrals"),
]
