import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Establishment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("university", "CHU ou CHR"),
                            ("hospital", "Centre hospitalier"),
                            ("support", "Centre hospitalier, établissement support d’un GHT"),
                            ("local", "Hôpital de proximité"),
                            ("psychiatry", "Centre hospitalier spécialisé en psychiatrie"),
                            ("non_profit", "Établissement privé à but non lucratif"),
                            ("clinic", "Clinique privée"),
                            ("care_home", "EHPAD"),
                            ("social", "Autre établissement ou service médico-social"),
                            ("practice", "Cabinet ou maison de santé"),
                            ("group", "GHT, pour l’ensemble de ses membres"),
                        ],
                        max_length=20,
                    ),
                ),
                ("finess_legal", models.CharField(blank=True, max_length=9)),
                ("finess_site", models.CharField(blank=True, max_length=9)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="establishment",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30)),
                ("year", models.PositiveSmallIntegerField()),
                ("value", models.CharField(max_length=300)),
                ("source", models.CharField(max_length=200)),
                (
                    "establishment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="facts",
                        to="establishments.establishment",
                    ),
                ),
            ],
            options={
                "ordering": ("code", "-year"),
                "constraints": [
                    models.UniqueConstraint(fields=("establishment", "code", "year"), name="one_fact_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("family", models.CharField(max_length=20)),
                ("measure", models.CharField(blank=True, max_length=20)),
                ("low", models.DecimalField(decimal_places=4, max_digits=5)),
                ("high", models.DecimalField(decimal_places=4, max_digits=5)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("questionnaire", "Questionnaire"),
                            ("exercise", "Exercice"),
                            ("supplier", "Réponse d’un fournisseur"),
                            ("audit", "Audit ou contrôle"),
                            ("incident", "Incident"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "reliability",
                    models.CharField(
                        choices=[
                            ("proven", "Prouvée : preuve vue"),
                            ("declared", "Déclarée, sans preuve vue"),
                            ("estimated", "Estimée"),
                        ],
                        max_length=20,
                    ),
                ),
                ("observed_on", models.DateField()),
                ("note", models.TextField(blank=True, max_length=2000)),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="organisations.organisation"),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-observed_on", "-pk"),
                "indexes": [models.Index(fields=["organisation", "family"], name="establishme_organis_1563f0_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("high__lte", 1), ("low__gte", 0), ("low__lte", models.F("high"))),
                        name="level_between_0_and_1",
                    )
                ],
            },
        ),
    ]
