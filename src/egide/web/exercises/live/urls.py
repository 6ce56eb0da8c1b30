"""Addresses of the live play."""

from django.urls import path

from egide.web.exercises.live import acting, board, playing

urlpatterns = [
    path("j/<uuid:secret>/", playing.play, name="play"),
    path("j/<uuid:secret>/depuis", playing.since, name="since"),
    path("j/<uuid:secret>/dire", playing.tell, name="tell"),
    path("jouer/<uuid:uuid>/", board.board, name="board"),
    path("jouer/<uuid:uuid>/depuis", board.since, name="board_since"),
    path("jouer/<uuid:uuid>/agir", acting.act, name="act"),
    path("jouer/<uuid:uuid>/improviser", acting.improvise, name="improvise"),
    path("jouer/<uuid:uuid>/stimulus/<uuid:event>", acting.edit, name="edit_event"),
    path("jouer/<uuid:uuid>/fin", acting.end, name="end"),
    path("jouer/<uuid:uuid>/presences", acting.presence, name="presence"),
    path("jouer/<uuid:uuid>/observer", acting.observe, name="observe"),
    path("jouer/<uuid:uuid>/journal", board.journal, name="journal"),
    path("jouer/<uuid:uuid>/liens", acting.linked, name="links"),
]
