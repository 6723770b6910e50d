from django.apps import AppConfig


class LinkworkConfig(AppConfig):
    name = "linkwork"
