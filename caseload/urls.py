from django.urls import path

from caseload.views import sweep

app_name = "caseload"

urlpatterns = [
    path("sweep/", sweep.sweep, name="sweep"),
]
