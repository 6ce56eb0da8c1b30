"""What pages say in place of sentences that speak of the files and commands of the command line."""

from collections.abc import Mapping

from egide.message import Message, message

_PAIRS = (
    (message("Lancer egide evaluate {folder} : la liste des constats y est."), message("Évaluer d’abord (étape 7) : la liste des constats y est.")),
    (message("Refaire l'évaluation (egide evaluate), ou vérifier ce qui a changé dans tender.yaml."), message("Évaluer de nouveau, ou vérifier ce qui a changé dans la consultation.")),
    (message("Nommer le dossier par l'identifiant du soumissionnaire (tender.yaml), ou l'y inscrire."), message("Rattacher le fichier à son soumissionnaire, à la page de ses fichiers.")),
    (message("Relancer egide bids import : ce qui est à moitié fait sera défait, puis refait."), message("Recevoir de nouveau les plis : ce qui est à moitié fait sera défait, puis refait.")),
    (message("Vérifier les lots de ce soumissionnaire dans tender.yaml."), message("Vérifier à quels lots ce soumissionnaire répond, ou déplacer le fichier vers le bon lot.")),
    (message("Décrire ce tour dans rounds (tender.yaml), ou ranger le fichier avec l'offre qu'il complète."), message("Décrire ce tour dans les phases de l’achat, ou déplacer le fichier vers l’offre qu’il complète.")),
    (message("ce n'est pas un clausier Égide ; convertir d'abord avec « egide clausier import »"), message("ce n’est pas un clausier au format d’Égide")),
    (message("Confirmer ce nom, son SIRET et sa part dans tenderers.yaml ou tender.yaml (DC4)."), message("Confirmer avec le soumissionnaire ce nom, son SIRET et sa part (DC4).")),
    (message("Rien n'a été touché. Pour un tour suivant : --round ; sinon, importer dans un autre dossier et comparer."), message("Rien n’a été touché. Pour un tour suivant, indiquer son numéro en déposant les plis.")),
    (message("L'exporter du profil d'acheteur (XLSX ou CSV) et l'indiquer par --register."), message("L’exporter du profil d’acheteur (XLSX ou CSV) et le déposer avec les plis.")),
    (message("Lire la forme du groupement dans la lettre de candidature (DC1) et corriger tenderers.yaml."), message("Lire la forme du groupement dans la lettre de candidature (DC1), et la faire préciser au besoin.")),
    (message("Écrire ses membres et son mandataire dans tenderers.yaml (docs/formats.md)."), message("Lire ses membres et son mandataire dans la lettre de candidature (DC1).")),
    (message("Exporter le registre des dépôts en tableur (XLSX ou CSV), et importer avec --register."), message("Exporter le registre des dépôts en tableur (XLSX ou CSV), et le déposer avec les plis.")),
    (message("Vérifier les SIRET sur les actes d'engagement et corriger tenderers.yaml."), message("Vérifier les SIRET sur les actes d’engagement.")),
    (message("Donner le ZIP d'un dossier de consultation (docs/formats.md), fait par un outil courant."), message("Donner le ZIP d’un dossier de consultation, fait par un outil courant.")),
    (message("nom inconnu de tender.yaml"), message("nom inconnu de la consultation")),
    (message("Garder la ligne d'en-tête écrite par egide marks prepare (voir docs/formats.md)."), message("Garder la ligne d’en-tête du classeur téléchargé.")),
    (message("ce fichier n'est d'aucun évaluateur de tender.yaml"), message("ce fichier n’est d’aucun évaluateur de la consultation")),
    (message("Prendre les identifiants de tender.yaml."), message("Garder les identifiants du classeur téléchargé.")),
    (message("Donner le montant de la ligne (amount), ou publier le cadre de prix (schedule dans tender.yaml)."), message("Donner le montant de la ligne, ou publier un cadre de prix (étape 3).")),
    (message("deux prix différents : {first} ({where}) et {second} ({there}) ; le second, plus récent ou écrit dans price.yaml, est proposé"), message("deux prix différents : {first} ({where}) et {second} ({there}) ; le second, plus récent ou saisi, est proposé")),
    (message("Si c'est le clausier du programme qui a changé : écrire « clausier: {{file: dce/clausier.json}} » dans tender.yaml, pour garder les clauses du jour. Sinon, remettre le seuil publié, ou modifier le dossier par un envoi daté à tous."), message("Remettre le seuil publié, ou modifier le dossier par un envoi daté à tous.")),
    (message("Remettre au règlement ce que dit tender.yaml ; si le règlement a été publié ainsi, corriger tender.yaml ou modifier le dossier par un envoi daté à tous."), message("Remettre au règlement ce que dit la consultation ; s’il a été publié ainsi, modifier le dossier par un envoi daté à tous.")),
    (message("Remettre ce qui a été publié ; ou modifier le dossier par un envoi daté à tous ceux qui l'ont retiré, et l'écrire dans journal.yaml (amendments: on, what, told_on, digest: {digest})."), message("Remettre ce qui a été publié ; ou modifier le dossier par un envoi daté à tous ceux qui l’ont retiré (étape 4, Modifications).")),
    (message("Remettre le fichier écrit avec les pièces (egide clausier export --dce)."), message("Écrire de nouveau les pièces (étape 4).")),
    (message("publié le {day} : « {before} » ; tender.yaml dit maintenant « {after} »"), message("publié le {day} : « {before} » ; la consultation dit maintenant « {after} »")),
    (message("tender.yaml nomme déjà les soumissionnaires : ce fichier n'a pas été lu"), message("la consultation nomme déjà les soumissionnaires : ce fichier n’a pas été lu")),
    (message("Corriger {file} ou tender.yaml."), message("Corriger {file} ou la consultation.")),
    (message("L'écrire dans ce dossier (voir docs/formats.md)."), message("Le joindre au dossier.")),
    (message("Corriger cette valeur (voir docs/formats.md)."), message("Corriger cette valeur.")),
    (message("Compléter les classeurs de marks/ (egide marks prepare les écrit)."), message("Compléter la notation (étape 6).")),
    (message("Décider, après régularisation si elle est permise (R2152-2), et l'écrire dans marks/decisions.csv."), message("Décider, après régularisation si elle est permise (R2152-2) : étape 6, Décisions sur les offres.")),
    (message("Donner un prix (price.yaml ou une feuille de prix, total HT), ou classer l'offre dans marks/decisions.csv."), message("Ajouter à l’offre une feuille de prix (total HT), ou classer l’offre : étape 6, Décisions sur les offres.")),
    (message("Déposer les offres dans bids/<soumissionnaire>/<lot>/, ou déclarer la procédure infructueuse."), message("Ajouter les fichiers des offres (étape 5), ou déclarer la procédure infructueuse.")),
    (message("Procéder au tirage au sort publié et écrire le rang tiré dans marks/decisions.csv (colonne tirage)."), message("Procéder au tirage au sort publié et écrire le rang tiré : étape 6, Décisions sur les offres.")),
    (message("Aucune règle publiée ne départage ces offres : un choix doit être fait et motivé (ties dans tender.yaml si elle était publiée)."), message("Aucune règle publiée ne départage ces offres : un choix doit être fait et motivé.")),
    (message("Régler le cas du prix nul dans marks/decisions.csv, ou publier une formule qui l'admet."), message("Régler le cas du prix nul (étape 6, Décisions sur les offres), ou publier une formule qui l’admet.")),
    (message("Rien à faire ; la lettre de rejet dit le motif (candidacies dans journal.yaml)."), message("Rien à faire ; la lettre de rejet dit le motif.")),
    (message("L'écrire dans marks/decisions.csv (colonne motif) ou, pour une offre mieux classée, dans awards (reason)."), message("L’écrire au motif de la décision sur l’offre (étape 6) ou, pour une offre mieux classée, au motif de l’attribution dans le journal.")),
    (message("Écrire son nom (tenderers dans tender.yaml)."), message("Écrire le nom du soumissionnaire dans la définition entière de la consultation.")),
    (message("aucune évaluation définitive : terminer les notes, puis lancer egide evaluate"), message("aucun résultat définitif : terminer les notes, puis évaluer")),
    (message("l'offre anormalement basse est encore classée : écrire la décision dans marks/decisions.csv ({name})"), message("l’offre anormalement basse est encore classée : écrire la décision sur l’offre ({name})")),
    (message("l'adresse de l'acheteur (buyer.address dans tender.yaml)"), message("l’adresse de l’acheteur (étape 1)")),
    (message("Les écrire dans tender.yaml, ou retirer la ligne si elle ne sert pas."), message("Les écrire, ou retirer la ligne si elle ne sert pas.")),
    (message("Mettre à jour les règles (rules.yaml), ou vérifier les seuils à la main."), message("Vérifier les seuils à la main, ou faire mettre à jour les règles.")),
    (message("Compléter marks/declarations.csv : une ligne par évaluateur, datée, avant l'accès aux offres."), message("Faire déclarer ses intérêts à chaque évaluateur, avant l’accès aux offres (étape 6).")),
    (message("Harmoniser : écrire ce qui est retenu ensemble dans marks/{name}."), message("Harmoniser : écrire ce qui est retenu ensemble (étape 6).")),
    (message("Écrire « clé : valeur », une par ligne, en retrait (voir docs/formats.md)."), message("Écrire « clé : valeur », une par ligne, en retrait.")),
    (message("Retirer cette clé (voir les clés possibles dans docs/formats.md)."), message("Retirer cette clé ; le fichier d’un exemple montre celles qui servent le plus.")),
)  # fmt: skip
ON_PAGES: Mapping[str, str] = {console.text: page.text for console, page in _PAIRS}
"""The sentence of the catalogue that a page says, by that of the command line. It names the same places, or fewer."""


def on_page(text: str) -> str:
    """Return the sentence that pages say: another where the command line speaks of its own files."""
    return ON_PAGES.get(text, text)


def kept(said: Message) -> Message:
    """Return a message as pages say it, itself and those that fill its places."""
    return Message(on_page(said.text), {name: _kept(value) for name, value in said.values.items()})


def _kept(value: object) -> object:
    if isinstance(value, Message):
        return kept(value)
    return tuple(_kept(each) for each in value) if isinstance(value, tuple) else value
