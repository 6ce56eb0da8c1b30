"""The first tables."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="Adresse de courriel")),
                ("full_name", models.CharField(blank=True, max_length=150, verbose_name="Nom")),
                ("is_active", models.BooleanField(default=True)),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="Nom")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("establishment", "Établissement"),
                            ("ght", "GHT"),
                            ("purchasing", "Centrale ou groupement d’achat"),
                            ("supplier", "Fournisseur"),
                        ],
                        default="establishment",
                        max_length=20,
                        verbose_name="Nature",
                    ),
                ),
                ("siret", models.CharField(blank=True, max_length=14, verbose_name="SIRET")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="Adresse")),
                (
                    "second_factor_required",
                    models.BooleanField(default=False, verbose_name="Double authentification obligatoire"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("members", models.ManyToManyField(blank=True, related_name="groups", to="organisations.organisation")),
                (
                    "support",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supported",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ("name", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("secret_digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("email", models.EmailField(max_length=254, verbose_name="Adresse de courriel")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrateur"),
                            ("buyer", "Acheteur"),
                            ("evaluator", "Évaluateur (RSSI, DPO, biomédical, utilisateur)"),
                            ("director", "Direction"),
                            ("reader", "Lecteur"),
                        ],
                        max_length=20,
                        verbose_name="Rôle",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="organisations.organisation"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "Administrateur"),
                            ("buyer", "Acheteur"),
                            ("evaluator", "Évaluateur (RSSI, DPO, biomédical, utilisateur)"),
                            ("director", "Direction"),
                            ("reader", "Lecteur"),
                        ],
                        max_length=20,
                        verbose_name="Rôle",
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="organisations.organisation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "organisation", "role"), name="one_role_once")],
            },
        ),
    ]
