"""What every page knows: version, demonstration or not, its address in each language, where one can go from it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import timezone

import egide
from egide.web.design import navigation, words


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of every page; what leads elsewhere is worked out only by the pages that show it."""
    here = _address(request)
    user = getattr(request, "user", None)
    account = bool(user and user.is_authenticated)
    return {
        "version": egide.__version__,
        "demo": settings.DEMO,
        "language": words.language(),
        "now": timezone.now,
        "canonical": here,
        "other_languages": [(code, translate_url(here, code)) for code, _ in settings.LANGUAGES],
        "query": request.GET.urlencode(),
        "navigation": lambda: navigation.links(navigation.MAIN, request, account=account),
        "footer_links": lambda: navigation.links(navigation.FOOTER, request, account=account),
        "account_links": lambda: navigation.links(navigation.ACCOUNT, request, account=account),
        "home": navigation.address("home:welcome"),
        "login": navigation.address("account_login"),
        "logout": navigation.address("account_logout"),
    }


def _address(request: HttpRequest) -> str:
    """Return the address of the page; only its path when it was asked under a name that is not the site's."""
    try:
        return request.build_absolute_uri(request.path)
    except DisallowedHost:
        return request.path
