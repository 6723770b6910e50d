from django.contrib import admin
from django.db.models import URLField
from django.utils import timezone

from assets.models import AreaDeprivation, Asset, ImportRun, Postcode, Source


class ReadOnly(admin.ModelAdmin):
    """Written by the import commands only."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


ASSUME_HTTPS = {URLField: {"assume_scheme": "https"}}


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    formfield_overrides = ASSUME_HTTPS
    list_display = ["name", "licence", "url"]
    search_fields = ["name"]

    def save_model(self, request, obj, form, change):
        if "licence" in form.changed_data:
            obj.licence_by, obj.licence_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Asset)
class AssetAdmin(admin.ModelAdmin):
    formfield_overrides = ASSUME_HTTPS
    list_display = ["name", "town", "postcode", "source", "is_closed", "is_listed"]
    list_filter = ["is_closed", "is_listed", "source"]
    list_select_related = ["source"]
    search_fields = ["name", "postcode"]
    readonly_fields = ["source", "source_ref", "last_seen_on", "created_at", "updated_at"]
    # What an operator mends by hand; all else is corrected in the directory, where it is remembered as ours.
    fields = [
        "name",
        "address",
        "town",
        "postcode",
        "local_authority",
        "uprn",
        "phone",
        "email",
        "url",
        "opening_hours",
        "description",
        "is_closed",
        "closed_year",
        "is_listed",
        "source",
        "source_ref",
        "last_seen_on",
        "created_at",
        "updated_at",
    ]
    ordering = ["name", "id"]

    def has_add_permission(self, request):
        return False


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnly):
    list_display = ["file_name", "source", "made_at", "created", "updated", "unchanged", "closed"]
    list_select_related = ["source"]
    ordering = ["-made_at", "-id"]


@admin.register(Postcode)
class PostcodeAdmin(ReadOnly):
    list_display = ["postcode", "dz2011", "dz2022", "lsoa2011", "lsoa2021", "ended_on"]
    search_fields = ["postcode__startswith"]
    show_full_result_count = False
    ordering = ["postcode"]


@admin.register(AreaDeprivation)
class AreaDeprivationAdmin(ReadOnly):
    list_display = ["area_code", "index", "edition", "decile", "rank", "decile_kind"]
    list_filter = ["index", "edition"]
    search_fields = ["area_code__startswith"]
    ordering = ["area_code", "id"]
