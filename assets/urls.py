from django.urls import path

from assets.views import feed, find, intake, keep, link, merge

app_name = "assets"

urlpatterns = [
    path("directory/", find.directory, name="directory"),
    path("directory/<uuid:asset_id>/", find.asset, name="asset"),
    path("directory/<uuid:asset_id>/confirm/", keep.confirm, name="confirm"),
    path("directory/<uuid:asset_id>/correct/", keep.correct, name="correct"),
    path("directory/<uuid:asset_id>/report/", keep.report, name="report"),
    path("directory/<uuid:asset_id>/close/", keep.close, name="close"),
    path("directory/<uuid:asset_id>/reopen/", keep.reopen, name="reopen"),
    path("directory/<uuid:asset_id>/add-note/", keep.add_note, name="add_note"),
    path("directory/<uuid:asset_id>/history/", keep.history, name="history"),
    path("directory/<uuid:asset_id>/same-as/<uuid:other_id>/", merge.merge, name="merge"),
    path("directory/<uuid:asset_id>/not-same-as/<uuid:other_id>/", merge.not_the_same, name="not_the_same"),
    path("directory/duplicates/", merge.duplicates, name="duplicates"),
    path("directory/merges/<uuid:merge_id>/undo/", merge.undo, name="undo_merge"),
    path("directory/notes/<uuid:note_id>/", keep.edit_note, name="edit_note"),
    path("directory/notes/<uuid:note_id>/remove/", keep.remove_note, name="remove_note"),
    path("directory/problems/<uuid:problem_id>/settle/", keep.settle, name="settle_problem"),
    path("directory/lists/", intake.intakes, name="intakes"),
    path("directory/lists/new/", intake.start, name="start_intake"),
    path("directory/lists/<uuid:intake_id>/", intake.intake, name="intake"),
    path("directory/lists/<uuid:intake_id>/columns/", intake.columns, name="intake_columns"),
    path("directory/lists/<uuid:intake_id>/apply/", intake.apply, name="apply_intake"),
    path("directory/lists/<uuid:intake_id>/drop/", intake.drop, name="drop_intake"),
    path("directory/lists/<uuid:intake_id>/resume/", intake.resume, name="resume_intake"),
    path("directory/conflicts/", intake.conflicts, name="conflicts"),
    path("directory/conflicts/<uuid:conflict_id>/settle/", intake.settle_conflict, name="settle_conflict"),
    path("oruk/v3/", feed.details, name="feed"),
    path("oruk/v3/services", feed.services, name="feed_services"),
    path("oruk/v3/services/<uuid:asset_id>", feed.service, name="feed_service"),
    path("oruk/v3/service_at_locations", feed.at_locations, name="feed_at_locations"),
    path("oruk/v3/service_at_locations/<uuid:asset_id>", feed.at_location, name="feed_at_location"),
    path("oruk/v3/taxonomies", feed.taxonomies, name="feed_taxonomies"),
    path("oruk/v3/taxonomies/<uuid:taxonomy_id>", feed.taxonomy, name="feed_taxonomy"),
    path("oruk/v3/taxonomy_terms", feed.taxonomy_terms, name="feed_taxonomy_terms"),
    path("oruk/v3/taxonomy_terms/<uuid:term_id>", feed.taxonomy_term, name="feed_taxonomy_term"),
    path("entries/<str:token>/", link.kept_by, name="kept_by"),
]
