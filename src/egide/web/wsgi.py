"""What the server calls; a process that serves pages makes the engine of simulations ready as it starts."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egide.web.settings")
application = get_wsgi_application()

from egide.web.risk import engine  # noqa: E402 (once the settings are read)

engine.prepare()
