"""The migrations say what the models say."""

import pytest
from django.apps import apps
from django.core.management import call_command


@pytest.mark.django_db
@pytest.mark.parametrize("app", sorted(each.label for each in apps.get_app_configs() if each.name.startswith("egide.")))
def test_no_migration_is_missing(app):
    call_command("makemigrations", app, check=True, dry_run=True, verbosity=0)
