from django.urls import path

from assets import views

app_name = "assets"

urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/<uuid:asset_id>/", views.asset, name="asset"),
]
