"""Addresses."""

from django.urls import path

from egide.web.organisations import accepting, views

app_name = "organisations"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("moi", views.profile, name="profile"),
    path("<uuid:uuid>", views.one, name="one"),
    path("<uuid:uuid>/modifier", views.change, name="change"),
    path("<uuid:uuid>/groupement", views.group, name="group"),
    path("<uuid:uuid>/groupement/nouveau-membre", views.add_member, name="add_member"),
    path("<uuid:uuid>/inviter", views.invite, name="invite"),
    path("roles/<uuid:uuid>/retirer", views.remove_role, name="remove_role"),
    path("invitations/<uuid:uuid>/annuler", views.cancel_invitation, name="cancel_invitation"),
    path("invitations/<uuid:uuid>/renvoyer", views.invite_again, name="invite_again"),
    path("invitation/<uuid:secret>", accepting.accept, name="accept"),
]
