from django.urls import path

from assets.views import find

app_name = "assets"

urlpatterns = [
    path("directory/", find.directory, name="directory"),
    path("directory/<uuid:asset_id>/", find.asset, name="asset"),
]
