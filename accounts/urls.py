from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("memberships/<uuid:membership_id>/switch/", views.switch, name="switch"),
    path("settings/", views.settings, name="settings"),
    path("accessibility/", views.accessibility, name="accessibility"),
]
