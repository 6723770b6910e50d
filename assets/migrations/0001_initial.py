import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

# A generated column may only use immutable functions. unaccent() is not one, because its
# dictionary can be altered; with the dictionary named, and never altered, it is.
PLAIN_TEXT = """
CREATE OR REPLACE FUNCTION plain_text(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(PLAIN_TEXT, "DROP FUNCTION plain_text(text)"),
        migrations.CreateModel(
            name="Postcode",
            fields=[
                ("postcode", models.CharField(max_length=8, primary_key=True, serialize=False)),
                ("dz2011", models.CharField(blank=True, max_length=9, verbose_name="data zone 2011")),
                ("dz2022", models.CharField(blank=True, max_length=9, verbose_name="data zone 2022")),
                ("lsoa2011", models.CharField(blank=True, max_length=9, verbose_name="LSOA 2011")),
                ("lsoa2021", models.CharField(blank=True, max_length=9, verbose_name="LSOA 2021")),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("introduced_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True)),
                ("url", models.URLField(blank=True, max_length=500)),
                (
                    "licence",
                    models.TextField(
                        blank=True, help_text="Without one, nothing from this source is published onward."
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AreaDeprivation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.CharField(max_length=20)),
                ("edition", models.CharField(max_length=20)),
                (
                    "decile_kind",
                    models.CharField(
                        choices=[
                            ("equal_count", "Equal numbers of areas"),
                            ("population_weighted", "Equal numbers of people"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "area_kind",
                    models.CharField(
                        choices=[
                            ("dz2011", "Data zone (2011)"),
                            ("dz2022", "Data zone (2022)"),
                            ("lsoa2011", "Lower-layer super output area (2011)"),
                            ("lsoa2021", "Lower-layer super output area (2021)"),
                        ],
                        max_length=10,
                    ),
                ),
                ("area_code", models.CharField(max_length=9)),
                ("rank", models.PositiveIntegerField()),
                ("decile", models.PositiveSmallIntegerField()),
            ],
            options={
                "verbose_name_plural": "area deprivation",
                "indexes": [models.Index(fields=["area_kind", "area_code"], name="deprivation_of_an_area")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("index", "edition", "area_code"), name="one_decile_per_area_and_edition_of_an_index"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decile__gte", 1), ("decile__lte", 10)), name="decile_from_1_to_10"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("file_name", models.CharField(max_length=300)),
                ("created", models.PositiveIntegerField()),
                ("updated", models.PositiveIntegerField()),
                ("unchanged", models.PositiveIntegerField()),
                ("closed", models.PositiveIntegerField()),
                ("rejected", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="import_runs", to="assets.source"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Asset",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("source_ref", models.CharField(max_length=320)),
                ("name", models.CharField(max_length=300)),
                ("address", models.TextField(blank=True, help_text="A line for each part.")),
                ("town", models.CharField(blank=True, max_length=200)),
                ("postcode", models.CharField(blank=True, max_length=8)),
                ("local_authority", models.CharField(blank=True, max_length=200)),
                ("uprn", models.CharField(blank=True, max_length=12, verbose_name="unique property reference number")),
                ("phone", models.CharField(blank=True, max_length=100)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="website")),
                ("opening_hours", models.JSONField(blank=True, default=dict, help_text='{"mon": "09:00-19:00"}')),
                ("notes", models.TextField(blank=True)),
                ("is_closed", models.BooleanField(default=False)),
                ("closed_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "is_listed",
                    models.BooleanField(
                        default=True, help_text="Shown in the directory. An import leaves this alone."
                    ),
                ),
                (
                    "last_seen_on",
                    models.DateField(blank=True, null=True, verbose_name="last in its source's list on"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "search_text",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            django.db.models.functions.text.Concat(
                                "name",
                                models.Value(" "),
                                "address",
                                models.Value(" "),
                                "town",
                                models.Value(" "),
                                "local_authority",
                                models.Value(" "),
                                "postcode",
                                output_field=models.TextField(),
                            ),
                            function="plain_text",
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assets", to="assets.source"
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_text"], name="asset_search_text", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["postcode"], name="asset_postcode"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "source_ref"), name="one_asset_per_reference_of_a_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_closed", True), ("closed_year__isnull", True), _connector="OR"),
                        name="closed_year_only_when_closed",
                    ),
                ],
            },
        ),
    ]
