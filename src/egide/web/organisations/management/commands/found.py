"""python -m egide.web found NAME ADDRESS: the first organisation and the invitation of its administrator."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import OperationalError, ProgrammingError, transaction
from django.urls import reverse

from egide.web.audit.guard import record
from egide.web.organisations import invitations
from egide.web.organisations.models import Kind, Organisation
from egide.web.organisations.roles import Role


class Command(BaseCommand):
    """The only way into a new installation: prints the link by which the administrator opens an account."""

    help = "Crée une organisation et imprime le lien d'invitation de son administrateur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add what the command understands."""
        parser.add_argument("name", help="nom de l'organisation")
        parser.add_argument("email", help="adresse de courriel de l'administrateur")
        parser.add_argument("--kind", choices=Kind.values, default=Kind.ESTABLISHMENT.value, help="nature")
        parser.add_argument("--siret", default="", help="SIRET, 14 chiffres")
        parser.add_argument("--site", default=_site(), help="début de l'adresse du site (%(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create and print."""
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"Adresse de courriel refusée : {email}") from None
        try:
            link = self.found(email, options)
        except (OperationalError, ProgrammingError):
            raise CommandError("La base n'est pas prête : lancez d'abord « egide serve » ou « python -m egide.web migrate ».") from None  # fmt: skip
        days = invitations.LASTS.days
        self.stdout.write(
            f"« {options['name']} » est créée. Lien de {email}, valable {days} jours et une seule fois :\n{link}"
        )

    def found(self, email: str, options: dict[str, Any]) -> str:
        """Create the organisation and the invitation; return its link."""
        with transaction.atomic():
            same = Organisation.objects.filter(name=options["name"])
            if same.exists():
                raise CommandError(f"« {options['name']} » existe déjà : ses administrateurs invitent depuis sa page.")
            made = Organisation.objects.create(name=options["name"], kind=options["kind"], siret=options["siret"])
            record("organisation.created", made, made, {"name": made.name})
            _, secret = invitations.invite(made, email, Role.ADMINISTRATOR, None)
        return str(options["site"]).rstrip("/") + reverse("organisations:accept", args=[secret])


def _site() -> str:
    host = settings.ALLOWED_HOSTS[0]
    return f"https://{host}" if settings.HTTPS else f"http://{host}:8000"
