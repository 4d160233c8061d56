# Rollen, die eine Organisation anlegt.
roles-title = Eigene Rollen
roles-lead = Berechtigungen unter einem eigenen Namen, vergeben wie die eingebauten Rollen. Auch hier gilt Befugnis durch zwei: Eine Rolle, die genehmigt, prüft, freigibt oder verwaltet, vergeben zwei Administrationen, und ebenso eine solche Berechtigung an eine Rolle.
roles-new = Neue Rolle
roles-none = Es gibt noch keine eigene Rolle. Vielleicht genügen die eingebauten.
roles-name = Name
roles-permissions = Was sie erlaubt
roles-holders = Wer sie hat
roles-nobody = niemand
roles-in-use = In Gebrauch
roles-retired = Stillgelegt
roles-waits = Wartet auf eine zweite Administration
roles-gains = Die Rolle { $role } soll auch { $permissions } erlauben, allen, die sie haben.
roles-role-lead = Was die Rolle verliert, verliert sie mit Ihrem Klick, und wer sie hat, meldet sich neu an. Befugnis, die sie gewinnt, wartet auf eine andere Administration.
roles-save = Rolle speichern
roles-retire = Rolle stilllegen
roles-retire-lead = Eine stillgelegte Rolle erhält niemand neu, und ihr Name bleibt vergeben. Wer sie hat, behält sie, bis sie ihr genommen wird.
roles-duties-meet = In dieser Rolle treffen sich mehrere Aufgaben einer Zahlung: { $duties }. Wer sie hat, übernimmt je Zahlung trotzdem nur eine: Verglichen wird der Mensch.
roles-duty-entering = Erfassen
roles-duty-approving = Genehmigen
roles-duty-verifying = Bankverbindungen prüfen
roles-duty-releasing = Freigeben
roles-mail-proposed-subject = { $organisation }: { $by } schlägt mehr Befugnis für die Rolle { $what } vor
roles-mail-proposed-text =
    Guten Tag { $name },

    { $by } schlägt vor, dass die Rolle { $what } auch dies erlaubt, allen, die sie haben: { $more }.

    Eine andere Administration bestätigt es oder lehnt es ab, binnen sieben Tagen:

    { $link }

    Bestätigen Sie nur, worüber Sie mit { $by } gesprochen haben, persönlich oder auf einem Weg, dem Sie trauen.
roles-mail-confirmed-subject = { $organisation }: Die Rolle { $what } hat mehr Befugnis
roles-mail-confirmed-text =
    Guten Tag { $name },

    { $by } hat bestätigt, dass die Rolle { $what } auch dies erlaubt: { $more }. Wer die Rolle hat, hat es jetzt.

    Wenn Sie das überrascht, sprechen Sie jetzt mit der Administration:

    { $link }
roles-mail-refused-subject = { $organisation }: Die Rolle { $what } bleibt, wie sie ist
roles-mail-refused-text =
    Guten Tag { $name },

    { $by } hat abgelehnt, dass die Rolle { $what } auch dies erlaubt: { $more }. Geändert wurde nichts.

    { $link }
roles-mail-alone-subject = { $organisation }: { $by } hat der Rolle { $what } allein mehr Befugnis gegeben
roles-mail-alone-text =
    Guten Tag { $name },

    die Rolle { $what } erlaubt jetzt auch dies: { $more }. Es gilt sofort, denn { $organisation } hat nur eine Administration, und niemand konnte es bestätigen.

    Sie erfahren es, weil Sie eine Rolle haben. Wenn Sie das überrascht, sprechen Sie jetzt mit { $by }. Die Administration sieht es hier:

    { $link }

# Was eine Berechtigung erlaubt.
permission-bills-read = Rechnungen lesen
permission-bills-enter = Rechnungen erfassen und berichtigen
permission-bills-code = Rechnungen kontieren
permission-bills-decide = Rechnungen genehmigen, zurückgeben oder ablehnen
permission-holds-release = Sperren aufheben
permission-vendors-read = Lieferanten lesen
permission-vendors-edit = Lieferanten pflegen
permission-bank-accounts-enter = Bankverbindungen von Lieferanten erfassen
permission-bank-accounts-verify = Bankverbindungen prüfen
permission-runs-read = Zahlläufe lesen
permission-runs-propose = Zahlläufe vorschlagen
permission-runs-countersign = Zahlläufe gegenzeichnen
permission-runs-release = Zahlläufe freigeben
permission-people-read = Personen und ihre Rollen sehen
permission-people-administer = Personen, Rollen und die Anmeldung verwalten
permission-settings-edit = Einstellungen und eigene Konten ändern
permission-journal-read = Das Journal lesen, prüfen und mitnehmen
permission-secrets-reveal = Bankverbindungen und Steuernummern vollständig sehen, und andere sie sehen lassen
permission-tokens-own = Token für Programme anlegen
