"""Who reaches the pages that gather."""

from web.access import Access, everybody, signed_in

ADDRESSES = {
    "health": Access(get=everybody()),
    "home:welcome": Access(get=everybody()),
    "home:start": Access(get=signed_in()),
    "home:signed_in": Access(get=everybody()),
    "home:legal": Access(get=everybody()),
    "home:accessibility": Access(get=everybody()),
    "home:demonstration_enter": Access(post=everybody(404), data=lambda world: {"account": "acheteur"}),
}
