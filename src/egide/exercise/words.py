"""What exercises call things, for people: where one plays, how an inject arrives, what a document is."""

from collections.abc import Mapping

from egide.exercise.debrief import Gravity, Progress
from egide.exercise.module import Channel, Kind, Setting
from egide.exercise.record import Done, Jot
from egide.exercise.validity import Duty
from egide.message import Text

SETTINGS: Mapping[Setting, Text] = {
    Setting.HOSPITAL: Text("Hôpital ou clinique", "Hospital or clinic"),
    Setting.HOME: Text("EHPAD ou établissement médico-social", "Care home or social establishment"),
    Setting.PRACTICE: Text("Cabinet ou maison de santé", "Practice or health centre"),
}
CHANNELS: Mapping[Channel, Text] = {
    Channel.CALL: Text("appel téléphonique", "telephone call"),
    Channel.VISIT: Text("quelqu’un entre", "somebody comes in"),
    Channel.EMAIL: Text("courriel", "e-mail"),
    Channel.SMS: Text("SMS", "text message"),
    Channel.SCREEN: Text("écran", "screen"),
    Channel.PAPER: Text("papier", "paper"),
    Channel.PRESS: Text("presse", "press"),
    Channel.SOCIAL: Text("réseau social", "social network"),
    Channel.ANIMATOR: Text("annonce de l’animateur", "said by the animator"),
}
DOCUMENTS: Mapping[Kind, Text] = {
    Kind.EMAIL: Text("courriel", "e-mail"),
    Kind.LETTER: Text("lettre", "letter"),
    Kind.FORM: Text("papier du soin", "paper of the care"),
    Kind.PRESS: Text("article de presse", "press article"),
    Kind.SOCIAL: Text("message sur un réseau social", "post on a social network"),
    Kind.NOTE: Text("demande de rançon", "ransom note"),
    Kind.SCREEN: Text("image d’un écran", "picture of a screen"),
}
DONE: Mapping[Done, Text] = {
    Done.YES: Text("fait", "done"),
    Done.PARTIAL: Text("fait en partie", "partly done"),
    Done.NO: Text("pas fait", "not done"),
    Done.UNSEEN: Text("non observé", "not observed"),
}
GRAVITIES: Mapping[Gravity, Text] = {
    Gravity.MAJOR: Text("majeur", "major"),
    Gravity.SIGNIFICANT: Text("important", "significant"),
    Gravity.MINOR: Text("mineur", "minor"),
}
PROGRESS: Mapping[Progress, Text] = {
    Progress.OPEN: Text("à faire", "to do"),
    Progress.STARTED: Text("commencé", "started"),
    Progress.DONE: Text("fait", "done"),
    Progress.DROPPED: Text("écarté", "set aside"),
}
NOTES: Mapping[Jot, Text] = {
    Jot.LOG: Text("main courante", "log"),
    Jot.ANSWER: Text("réponse", "answer"),
    Jot.OBSERVATION: Text("observation", "observation"),
    Jot.ANIMATOR: Text("animateur", "animator"),
    Jot.WELL: Text("ce qui a bien marché", "what went well"),
    Jot.BETTER: Text("ce qui est à améliorer", "what is to be bettered"),
}
DUTIES: Mapping[Duty, Text] = {
    Duty.DONE: Text("fait cette année", "done this year"),
    Duty.DUE: Text("à faire avant le 31 décembre", "to be done before 31 December"),
    Duty.LATE: Text("en retard", "late"),
}
