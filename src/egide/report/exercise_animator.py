"""The animator's book: how to lead, what to read aloud, the chronogram in one table, then each inject in full."""

from collections.abc import Mapping, Sequence

from egide.exercise.script import Item, Script
from egide.exercise.words import SETTINGS
from egide.message import Message, Text, message
from egide.report.exercise_words import OPENING, SPOKEN, Words, clock, length
from egide.report.papers import blocks
from egide.report.papers.blocks import Block

LONG = 2400
"""Signs of an inject above which it may be cut over two pages."""

HOW: Sequence[Message] = (
    message("Lisez ce livre en entier la veille, texte à voix haute compris : comptez une heure par heure d’exercice."),
    message("Donnez chaque stimulus à son heure. L’heure « T+ » compte depuis le début de l’exercice ; une pause décale tout ce qui suit."),
    message("Appels et visites : lisez le texte encadré, puis répondez en restant dans le rôle. Le reste se remet : carte découpée, document imprimé ou écran."),
    message("Sautez un stimulus si le groupe est débordé, improvisez s’il s’ennuie ; notez-le. Mieux vaut dix stimulus vécus que quinze subis."),
    message("Ne soufflez pas. Si rien ne vient, suivez « Si rien ne vient » ; si cela part ailleurs, laissez faire cinq minutes."),
    message("Si vous êtes aussi observateur : cochez les réactions attendues au fil de l’eau. Une case vide veut dire « pas vu », jamais « pas fait »."),
    message("Un événement réel l’emporte toujours : dites « arrêt de l’exercice, ceci est réel », et arrêtez tout."),
)  # fmt: skip


def body(words: Words, titles: Mapping[str, Text]) -> list[Block]:
    """Return the blocks of the book; `titles` are those of the places by code, for the list of fictitious names."""
    say, script = words.say, words.script
    return [
        blocks.lead(say(message("Ce livre dévoile tout l’exercice : ne le montrez pas aux joueurs."))),
        *_short(words),
        blocks.new_page(),
        *_aloud(words),
        *_examples(words, titles),
        blocks.new_page(),
        *_chronogram(words),
        blocks.new_page(),
        blocks.heading(say(message("Les stimulus, un par un"))),
        *[_inject(words, item) for item in script.items],
        blocks.new_page(),
        *debrief(words),
    ]


def listed(words: Words, title: Message, texts: Sequence[Text], kind: str = "items") -> list[Block]:
    """Return a short list under its heading, nothing when it is empty."""
    if not texts:
        return []
    return [blocks.heading(words.say(title), 2), {"kind": kind, "texts": [words.say(each) for each in texts]}]


def table_of_seats(words: Words) -> list[Block]:
    """Return who plays: each seat with the functions held there."""
    head = [message("Place à la table"), message("Fonctions tenues"), message("Nom")]
    rows = [[words.say(seat.title), ", ".join(map(words.by, seat.functions)), ""] for seat in words.script.seats]
    return [
        blocks.heading(words.say(message("Qui joue")), 2),
        blocks.table("45 1f 45", [words.say(each) for each in head], rows),
    ]


def in_short(words: Words, script: Script) -> list[tuple[str, str]]:
    """Return what everybody may know of an exercise: where, when in its story, how long."""
    pairs = (
        (message("Niveau"), message("{level} sur 3", level=script.level) if script.level else message("modules à la carte")),
        (message("Se joue dans"), SETTINGS[script.setting]),
        (message("L’histoire commence"), script.begins),
        (message("Durée"), message("{all} en tout : {briefing} d’annonce, {play} de jeu, {debrief} de retour d’expérience", all=length(script.briefing + script.play + script.debrief), briefing=length(script.briefing), play=length(script.play), debrief=length(script.debrief))),
    )  # fmt: skip
    return [(words.say(label), words.say(value)) for label, value in pairs]


def _short(words: Words) -> list[Block]:
    script = words.script
    pairs = [
        *in_short(words, script),
        (words.say(message("Places à la table")), str(len(script.seats))),
        (words.say(message("Stimulus")), str(len(script.items))),
        (words.say(message("Modules")), ", ".join(map(words.say, script.modules.values()))),
    ]
    return [
        blocks.heading(words.say(message("En bref"))),
        blocks.pairs(pairs),
        *listed(words, message("Objectifs"), script.objectives),
        *table_of_seats(words),
        *listed(words, message("Matériel à préparer"), script.material, "ticks"),
        blocks.heading(words.say(message("Mener l’exercice")), 2),
        blocks.items([words.say(each) for each in HOW]),
    ]


def _aloud(words: Words) -> list[Block]:
    say, script = words.say, words.script
    opening = message("Nous sommes {begins}, à {establishment}. Tout ce que vous allez entendre et lire est inventé. Vous tenez chacun la place écrite devant vous : vous dites ce que vous feriez, qui vous appelez, ce que vous demandez, et vous le notez dans la main courante. Personne n’est jugé : nous cherchons ce qui manque à l’établissement.", begins=script.begins, establishment=words.establishment)  # fmt: skip
    rules = "\n\n".join(say(each) for each in script.rules)
    return [
        blocks.heading(say(message("À lire à voix haute avant de commencer"))),
        _read(words, say(opening), 14),
        blocks.heading(say(message("Les règles, à lire aussi")), 2),
        {"kind": "read", "opening": "", "text": rules, "size": 12},
    ]


def _read(words: Words, text: str, size: int = 13) -> Block:
    return {"kind": "read", "opening": words.say(OPENING), "text": text, "size": size}


def _examples(words: Words, titles: Mapping[str, Text]) -> list[Block]:
    """Return the values left at their fictitious example: people must not look for them in their own house."""
    say, script = words.say, words.script
    names = [code for code in script.examples if code in script.values]
    if not names:
        return []
    found = [blocks.heading(say(message("Noms fictifs de cet exercice"))), blocks.paragraph(say(message("Ces noms n’ont pas été remplacés par ceux de l’établissement : ils sont inventés. Dites-le, ou dites les vrais à la place.")))]  # fmt: skip
    if all(code in titles for code in names):
        rows = [(say(titles[code]), say(script.values[code])) for code in names]
        return [*found, blocks.pairs(rows)]
    return [*found, blocks.items([say(script.values[code]) for code in names])]


def _chronogram(words: Words) -> list[Block]:
    head = [
        message("N°"),
        message("Heure"),
        message("Canal"),
        message("À qui"),
        message("Stimulus"),
        message("Document"),
    ]
    rows = []
    for item in words.script.items:
        moment = words.say(item.moment)
        time = f"{clock(item.at)}\n{moment}" if moment else clock(item.at)
        row = [str(words.number[item.id]), time, words.channel(item), words.seats(item), words.called(item), item.document]  # fmt: skip
        rows.append(row)
    heads = ["", *(words.say(each) for each in head)]
    table = blocks.table("8 9 26 34 72 1f 20", heads, rows)
    return [{**table, "kind": "chronogram", "title": words.say(message("Le chronogramme"))}]


def _inject(words: Words, item: Item) -> Block:
    say = words.say
    fields = [
        (message("De :"), say(item.sender)),
        (message("À :"), words.seats(item)),
        (message("Fonctions visées :"), words.functions(item) if words.apart(item) else ""),
        (message("À remettre avec :"), words.attached(item)),
    ]
    text, otherwise = say(item.text), say(item.what_if)
    expected = [[say(each.text), words.by(each.by), words.before(item, each.minutes)] for each in item.expectations]
    signs = len(text) + len(otherwise) + sum(len(each[0]) for each in expected)
    return {
        "kind": "inject",
        "number": str(words.number[item.id]),
        "id": item.id,
        "time": clock(item.at),
        "moment": say(item.moment),
        "channel": words.channel(item),
        "title": words.called(item),
        "fields": [[say(label), value] for label, value in fields],
        "opening": say(OPENING) if item.channel in SPOKEN else "",
        "text": text,
        "head": ["", *(say(each) for each in (message("Réactions attendues"), message("Par"), message("Avant")))],
        "rows": expected,
        "otherwise": otherwise,
        "labels": {
            "otherwise": say(message("Si rien ne vient, ou si cela part ailleurs :")),
            "at": say(message("Heure réelle")),
            "states": [say(each) for each in (message("joué"), message("sauté"), message("changé"))],
            "notes": say(message("Notes")),
        },
        "short": signs <= LONG,
    }


def debrief(words: Words) -> list[Block]:
    """Return the questions of the debrief in the room, with lines to write on."""
    say = words.say
    return [
        blocks.heading(say(message("Retour d’expérience à chaud"))),
        blocks.paragraph(say(message("Tout de suite après la fin d’exercice, {length}. Chacun parle une fois avant que quiconque parle deux fois ; l’animateur parle le dernier.", length=length(words.script.debrief)))),
        *[{"kind": "question", "text": say(each), "count": 3} for each in words.script.questions],
    ]  # fmt: skip
