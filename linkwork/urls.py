from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from caseload.health import HealthView

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("caseload.urls")),
    path("", include("referrals.urls")),
    path("", include("assets.urls")),
    path("", include("insight.urls")),
    path("accounts/", include("allauth.urls")),
    path("operator/", admin.site.urls),
    path("healthz/", login_not_required(HealthView.as_view()), name="healthz"),
]
