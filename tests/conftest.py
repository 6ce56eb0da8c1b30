"""What all tests share: no property fails because the machine was busy."""

from hypothesis import settings

settings.register_profile("egide", settings.default, deadline=None)
settings.load_profile("egide")
