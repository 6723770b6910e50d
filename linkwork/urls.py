from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("caseload.urls")),
    path("", include("referrals.urls")),
    path("", include("assets.urls")),
    path("", include("insight.urls")),
    path("accounts/", include("allauth.urls")),
    path("operator/", admin.site.urls),
]
