# Messages of the field people.
people-accept-lead = Sie sind zu { $organisation } eingeladen.
people-accept-roles = Ihre Rolle: { $roles }.
people-accept = Einladung annehmen
people-name = Name
people-email = E-Mail-Adresse
people-roles = Rollen
people-state = Stand
people-last-seen = Zuletzt gesehen
people-never = nie
people-invite = Person einladen
people-link-title = Einladungslink
people-link-once = Er wurde auch per E-Mail gesendet. Er gilt einmal und wird nur jetzt gezeigt: Kommt die E-Mail nicht an, geben Sie ihn persönlich weiter oder auf einem Weg, dem Sie vertrauen.
people-invite-lead = Wer eine Rechnung erfasst, kann sie nicht freigeben, gleich welche Rollen vergeben sind.
people-invite-submit = Einladung erstellen
people-title-accept = Willkommen bei Countersign
people-active = Aktiv
people-invited = Eingeladen
people-suspended = Gesperrt
people-no-role = Bitte wählen Sie mindestens eine Rolle.
people-save-roles = Rollen speichern
people-roles-within = Rollen in einer Gesellschaft
people-roles-within-lead = Statt in allen: Sie sieht und tut nur dort, was die Rolle erlaubt. Lieferanten und ihre Bankkonten dienen allen Gesellschaften; wer sie ändert, braucht die Rolle in allen.
people-role-in = { $role } in { $entity }
people-suspend = Sperren
people-resume = Wieder zulassen
people-suspend-over-lead = Ein Verzeichnis hat diese Person gesperrt und kann sie wieder zulassen. Wenn Sie sie selbst sperren, kann das nur noch die Administration.
people-suspend-lead = Eine gesperrte Person wird sofort abgemeldet und kann sich nicht anmelden; was sie getan hat, bleibt ihr zugeordnet.
people-oneself = Das sind Sie. Ihre Rollen ändert eine andere Administration.
people-role-clerk = Sachbearbeitung
people-role-clerk-does = Erfasst Rechnungen, betreut Eingang und Fragen der Lieferanten.
people-role-coder = Kontierung
people-role-coder-does = Kontiert Positionen auf Konten und Kostenstellen.
people-role-approver = Freigabe
people-role-approver-does = Entscheidet über Rechnungen.
people-role-payer = Zahlung
people-role-payer-does = Schlägt Zahlungsläufe vor, zeichnet sie gegen und gibt sie frei.
people-role-vendor-manager = Lieferantenpflege
people-role-vendor-manager-does = Pflegt Lieferanten und prüft ihre Bankverbindungen.
people-role-administrator = Administration
people-role-administrator-does = Pflegt Personen, Einstellungen und Richtlinien.
people-role-auditor = Prüfung
people-role-auditor-does = Liest alles außer Geheimnissen und ändert nichts.
people-role-security-officer = Sicherheit
people-role-security-officer-does = Wacht über Vertrauen, Vorfälle und Schlüssel; sieht versiegelte Werte vollständig und lässt andere sie sehen.
people-role-unknown = Eine Rolle, die es nicht gibt
people-me = Mein Konto
people-delegations = Vertretungen
people-delegations-lead = Lassen Sie jemanden in Ihrem Namen über Rechnungen entscheiden, solange Sie abwesend sind. Sie können es jederzeit beenden; es endet von selbst am letzten Tag, oder wenn Sie nicht mehr über Rechnungen entscheiden.
people-delegations-none = Sie haben niemanden mit Ihrer Vertretung betraut und vertreten niemanden.
people-delegation-new = Vertretung bei Genehmigungen
people-delegation-principal = Im Namen von
people-delegation-delegate = Vertretung
people-delegation-delegate-hint = Jemand, der die Rechnungen bereits liest. Was einer von Ihnen erfasst hat, genehmigt keiner von Ihnen.
people-delegation-entity = Gesellschaft
people-delegation-everywhere = Alle Gesellschaften
people-delegation-from = Erster Tag
people-delegation-until = Letzter Tag
people-delegation-until-hint = Höchstens 90 Tage.
people-delegation-submit = Vertretung einrichten
people-delegation-end = Beenden
people-delegation-ended = Beendet
people-delegation-over = Abgelaufen
people-delegation-now = Gilt
people-delegation-later = Beginnt später
people-delegation-wrong-entity = Wählen Sie eine Ihrer Gesellschaften.
people-delegation-wrong-date = Geben Sie ein Datum ein, etwa 2026-01-31.
people-tokens = API-Tokens
people-tokens-lead = Mit einem Token handelt ein Programm für Sie, im Rahmen der gewählten Rechte. Es gibt nie mehr Rechte als Ihre Rollen.
people-token-name = Wofür es ist
people-token-days = Tage bis zum Ablauf
people-token-days-hint = Höchstens 366.
people-token-permissions = Rechte
people-token-create = Token erstellen
people-token-revoke = Widerrufen
people-token-used = Zuletzt benutzt
people-token-expires = Läuft ab
people-token-revoked = Widerrufen
people-token-expired = Abgelaufen
people-token-works = Gültig
people-token-new = Ihr neues Token
people-token-once = Es wird nur jetzt gezeigt. Legen Sie es dort ab, wo Ihr Programm es findet, und nirgends sonst.
people-tokens-none = Sie haben keine Tokens.
people-service = Dienstkonto
people-service-add = Dienstkonto anlegen
people-service-lead = Für ein Programm: Es handelt mit Tokens, die Administratoren erstellen, und hat kein Passwort. Es erfasst und liest; es genehmigt, prüft, gibt frei und verwaltet nichts. Sie stehen für es ein: Was es erfasst, gilt als von Ihnen erfasst.
people-service-name = Name
people-service-name-hint = Welches Programm es benutzt, etwa „Scanner in Kiel“.
people-service-answers = { $name } steht für es ein
people-service-no-tokens = Es hat noch keine Tokens.
people-service-token-lead = Wer ein Token erstellt, steht ab dann für das Konto ein. Tat das vorher jemand anderes, enden die bisherigen Tokens.
people-service-suspend-lead = Solange es gesperrt ist, gilt keines seiner Tokens.
people-security = Zweite Faktoren
people-security-lead = Wonach Sie neben dem Passwort gefragt werden: Codes einer App, Passkeys, und Wiederherstellungscodes, wenn beides nicht zur Hand ist.
people-security-open = Passkeys und Wiederherstellungscodes
people-security-app = Eine App gibt Codes für Ihr Konto.
people-app = Codes einer App
people-app-title = Eine andere App für Codes
people-app-beside = Eine App gibt Codes, wenn Ihr Passkey nicht zur Hand ist.
people-app-replaces = Die neue App tritt an die Stelle der bisherigen, sobald Sie ihren ersten Code eingeben.
people-app-add = App hinzufügen
people-app-replace = App ersetzen
people-app-remove = App entfernen
people-elsewhere = Anderswo angemeldet
people-elsewhere-lead = Ging ein Faktor verloren oder könnte ihn jemand gehabt haben, beenden Sie auch Ihre anderen Sitzungen.
people-elsewhere-end = Alle anderen Sitzungen beenden
people-devices = Bekannte Geräte
people-devices-lead = Browser, in denen Sie sich in den letzten 90 Tagen angemeldet haben. Sie lassen niemanden herein; wer Ihr Passwort errät, sperrt Sie dort nicht aus. Vergessen Sie die, die nicht mehr Ihre sind.
people-devices-none = Kein Browser ist bekannt.
people-device-remembered = Bekannt seit
people-device-this = Dieser Browser
people-device-forget = Vergessen
people-security-step-up = Erst einen Faktor zeigen
people-security-step-up-lead = Faktoren lassen sich nur ändern, kurz nachdem einer gezeigt wurde. Haben Sie keinen zur Hand, nehmen Sie einen Wiederherstellungscode.
people-security-last = Dies ist Ihr einziger zweiter Faktor. Fügen Sie einen anderen hinzu, bevor Sie ihn entfernen.
people-step-up-title = Zweiten Faktor zeigen
people-step-up-lead = Was Sie verlangt haben, bewegt Geld, gibt Rechte oder ändert, wie Sie sich anmelden. Es geht weiter, sobald Sie gezeigt haben, dass Sie es sind; nichts von dem, was Sie eingegeben haben, geht verloren.
people-step-up-app = Code Ihrer App
people-step-up-recovery = Stattdessen ein Wiederherstellungscode
people-step-up-show = Zeigen
people-step-up-none = Sie haben keinen zweiten Faktor, nach dem hier gefragt werden kann. Melden Sie sich ab und wieder an, und fragen Sie jemanden aus der Verwaltung, wenn das nicht hilft.
people-step-up-there = Bei der Anmeldung Ihrer Organisation
people-step-up-there-lead = Sie melden sich dort noch einmal an, mit Ihrem zweiten Faktor, und kommen zurück. Was Sie auf der Seite davor eingegeben haben, geht auf diesem Weg nicht mit: tun Sie es danach noch einmal.
people-step-up-there-go = Bei { $name } zeigen
people-step-up-done = Danke, Sie sind es
people-step-up-go-on-lead = Was Sie verlangt haben, geht jetzt weiter.
people-step-up-go-on = Weiter
people-passkey = Passkey
people-passkey-enrol-title = Passkey einrichten
people-passkey-enrol-lead = Ihre Organisation nimmt als zweiten Faktor nur Passkeys. Richten Sie einen auf diesem Gerät oder einem Schlüssel ein; nach Codes einer App werden Sie dann nicht mehr gefragt.
people-passkeys = Passkeys
people-passkeys-none = Sie haben keine Passkeys.
people-passkey-name = Name
people-passkey-name-hint = Etwa „Laptop“ oder „blauer Schlüssel“.
people-passkey-name-of = Name von { $name }
people-passkey-no-name = Geben Sie einen Namen für den Passkey ein, von höchstens 70 Zeichen.
people-passkey-rename = Umbenennen
people-passkey-created = Hinzugefügt
people-passkey-used = Zuletzt verwendet
people-passkey-remove = Entfernen
people-passkey-remove-of = { $name } entfernen
people-passkey-is-last = Ihr einziger zweiter Faktor
people-passkey-another = Ein weiterer Passkey
people-passkey-add = Passkey hinzufügen
people-recovery-codes = Wiederherstellungscodes
people-recovery-codes-lead = Zehn neue Codes werden einmal gezeigt. Die jetzigen enden.
people-recovery-codes-renew = Neue Codes machen
people-token-no-permission = Bitte wählen Sie mindestens ein Recht.
people-token-wrong-days = Bitte geben Sie eine Zahl von 1 bis 366 ein.
people-sessions = Sitzungen und Anmeldungen
people-sessions-open = Wo Sie angemeldet sind
people-session-device = Gerät
people-session-address = Adresse
people-session-began = Begonnen
people-session-this = Diese
people-session-end = Beenden
people-sessions-end-lead = Beendet alle Ihre Sitzungen außer dieser.
people-sessions-end-others = Alle anderen beenden
people-attempts = Waren Sie das?
people-attempts-lead = Das sind die neuesten Anmeldungen an Ihrem Konto und die fehlgeschlagenen. Waren Sie eine nicht selbst, sagen Sie es daneben: Alle anderen Sitzungen, alle Tokens und alle bekannten Geräte enden damit, Ihr Passwort lässt niemanden herein, bis Sie ein anderes gewählt haben, und Ihre Administration erfährt davon. Ein richtiges Passwort mit falschem Code heißt, dass jemand Ihr Passwort kennt.
people-attempt-time = Zeit
people-attempt-signed-in = Angemeldet
people-attempt-not-me = Nicht Sie
people-attempt-disown = Das war ich nicht
people-disowned = Das waren Sie nicht
people-disowned-done = Was beendet ist
people-disowned-done-lead = Alle anderen Sitzungen, alle API-Tokens, alle bekannten Geräte und alle Links, die unterwegs waren. Ihre Administration erfährt es per E-Mail.
people-disowned-password = Ihr Passwort
people-disowned-password-lead = Es lässt niemanden mehr herein. Wählen Sie jetzt ein anderes. Hat es jemand geändert, sodass Sie es nicht kennen, wählen Sie eines über einen Link, den Sie per E-Mail erhalten.
people-disowned-by-mail = Link zusenden
people-disowned-replaced = Sie haben seither ein anderes gewählt.
people-disowned-elsewhere = Wo Sie sich anmelden
people-disowned-elsewhere-lead = Sie haben hier kein Passwort. Melden Sie sich über den Identitätsanbieter Ihrer Organisation an, ändern Sie Ihr Passwort dort und sagen Sie es denen, die ihn betreiben.
people-disowned-factors = Ihre Faktoren
people-disowned-factors-lead = Diese kamen hinzu, seit jene Anmeldung begann. Entfernen Sie, was nicht Ihres ist; erzeugen Sie die Wiederherstellungscodes neu.
people-disowned-factors-none = Seit jene Anmeldung begann, kam keiner hinzu.
people-disowned-passkey = Der Passkey „{ $name }“
people-disowned-app = Die App, die Codes anzeigt
people-disowned-codes = Neue Wiederherstellungscodes
people-attempt-no-password = Abgelehnt: Passwort
people-attempt-no-code = Passwort richtig, abgelehnt: zweiter Faktor
people-end-sessions = Alle Sitzungen beenden
people-end-sessions-lead = Die Person wird sofort überall abgemeldet und kann sich wieder anmelden.
people-password = Passwort
people-password-current = Jetziges Passwort
people-password-change = Passwort ändern
people-password-wrong = Das jetzige Passwort ist nicht richtig, oder es gab zu viele Versuche.
people-password-changed = Ihr Passwort ist geändert, und Ihre anderen Sitzungen sind beendet.
people-invite-again = Erneut einladen
people-invite-again-lead = Ein neuer Link gilt eine Woche. Frühere Links enden damit.
people-language = Sprache Ihrer Seiten
people-language-save = Diese Sprache verwenden
people-language-saved = Ihre Seiten sind ab jetzt in dieser Sprache.
people-wrong-language = Wählen Sie eine Sprache aus der Liste.
people-mail-subject = { $organisation } lädt Sie zu Countersign ein
people-mail-text =
    Guten Tag { $name },

    { $organisation } lädt Sie zu Countersign ein. Öffnen Sie diesen Link, um Ihr Passwort zu wählen:

    { $link }

    Er gilt einmal und sieben Tage lang. Haben Sie ihn nicht erwartet, öffnen Sie ihn nicht und fragen Sie bei { $organisation } nach.
people-requests = Wartet auf eine zweite Administration
people-requests-count = Wartend: { $count }
people-requests-lead = Rollen, die freigeben, prüfen, auszahlen oder verwalten, schlägt eine Administration vor; es gibt sie, sobald ein anderer Mensch mit Administration sie bestätigt.
people-requests-none = Nichts wartet.
people-requests-see = Ansehen, was wartet
people-requests-before = Entschieden
people-request-asks = Beantragt: { $what }
people-request-by = Vorgeschlagen von { $name }, { $time }.
people-request-until = Bestätigt werden kann es bis { $time }.
people-request-own = Das haben Sie vorgeschlagen: Eine andere Administration bestätigt es. Sie können es zurücknehmen.
people-request-confirm = Bestätigen
people-request-refuse = Ablehnen
people-request-what = Was
people-request-proposed = Vorgeschlagen von
people-request-decided = Entschieden von
people-request-open = Wartet
people-request-late = Nicht rechtzeitig bestätigt
people-request-confirmed = Bestätigt
people-request-refused = Abgelehnt
people-request-replaced = Durch einen späteren Antrag ersetzt
people-request-alone = Allein erteilt
people-request-factor-reset = das Ende der zweiten Faktoren, die verloren sind
people-reset-factor = Zweiter Faktor verloren
people-reset-factor-lead = Wenn diese Person ihr Telefon oder ihren Schlüssel verloren hat: Sobald jemand anderes aus der Verwaltung bestätigt, enden ihre zweiten Faktoren, Wiederherstellungscodes, Sitzungen und bekannten Geräte, und mit einem Link per Mail richtet sie neben ihrem Passwort neue ein. Sprechen Sie zuerst mit ihr, persönlich oder auf einem Weg, dem Sie trauen.
people-new-factor-title = Einen neuen zweiten Faktor einrichten
people-new-factor-lead = Ihre zweiten Faktoren wurden zurückgesetzt. Zeigen Sie Ihr Passwort; danach richten Sie einen neuen ein.
people-new-factor-connection-lead = Ihre zweiten Faktoren wurden zurückgesetzt. Zeigen Sie die Anmeldung Ihrer Organisation; danach richten Sie einen neuen ein.
people-new-factor-refused = Das Passwort wird nicht angenommen: Es ist falsch, oder es gab zu viele Versuche. Haben Sie es vergessen, lassen Sie sich auf der Anmeldeseite zuerst ein anderes geben; dieser Link bleibt so lange gut.
people-mail-lost-proposed-subject = { $organisation }: { $proposer } meldet einen verlorenen zweiten Faktor von { $person }
people-mail-lost-proposed-text =
    Guten Tag { $name },

    { $proposer } schlägt für { $person } vor: { $what }.

    Jemand anderes aus der Verwaltung bestätigt oder lehnt ab, bis { $until }:

    { $link }

    Sprechen Sie vorher mit { $person }, persönlich oder auf einem Weg, dem Sie trauen: Wer ein Konto übernehmen will, meldet dessen Faktor als verloren.
people-mail-lost-confirmed-subject = { $organisation }: die zweiten Faktoren von { $person } wurden zurückgesetzt
people-mail-lost-confirmed-text =
    Guten Tag { $name },

    { $proposer } hat für { $person } vorgeschlagen: { $what }. { $decider } hat es bestätigt. { $person } bekommt einen Link per Mail, um neue einzurichten.

    Überrascht Sie das, sprechen Sie jetzt mit allen dreien. Alle Anträge stehen hier:

    { $link }
people-mail-lost-refused-subject = { $organisation }: die zweiten Faktoren von { $person } bleiben
people-mail-lost-refused-text =
    Guten Tag { $name },

    { $proposer } hat für { $person } vorgeschlagen: { $what }. { $decider } hat abgelehnt, und es wurde nichts geändert.

    Alle Anträge stehen hier:

    { $link }
people-mail-lost-hers-subject = { $organisation }: Ihre zweiten Faktoren werden vielleicht zurückgesetzt
people-mail-lost-hers-text =
    Guten Tag { $name },

    jemand aus der Verwaltung von { $organisation } hat vorgeschlagen, Ihre zweiten Faktoren zu beenden, weil Sie sie verloren haben. Jemand anderes muss es bestätigen.

    Haben Sie sie nicht verloren, sagen Sie es beiden sofort: Vielleicht versucht jemand, Ihr Konto zu übernehmen.
people-mail-lost-link-subject = { $organisation }: richten Sie einen neuen zweiten Faktor ein
people-mail-lost-link-text =
    Guten Tag { $name },

    Ihre zweiten Faktoren für { $organisation } sind beendet, mit ihnen Wiederherstellungscodes, Sitzungen und bekannte Geräte. Mit diesem Link und Ihrem Passwort, oder der Anmeldung Ihrer Organisation, wo Sie so hereinkommen, richten Sie einen neuen ein:

    { $link }

    Er gilt einmal, vier Stunden lang. Haben Sie nicht darum gebeten, nehmen Sie ihn nicht und sagen Sie es sofort der Verwaltung.
people-mail-lost-operator-subject = { $organisation }: die zweiten Faktoren von { $person } wurden am Server zurückgesetzt
people-mail-lost-operator-text =
    Guten Tag { $name },

    wer den Server betreibt, hat dort die zweiten Faktoren von { $person } beendet. { $person } bekommt einen Link per Mail, um neue einzurichten.

    Überrascht Sie das, sprechen Sie jetzt mit { $person } und mit dem Betrieb.
people-one-administrator = Diese Organisation hat eine einzige Administration: { $name }. Was sie erteilt, gilt sofort, und alle mit einer Rolle erfahren es per E-Mail. Geben Sie die Administration auch jemand anderem, dann werden Befugnisse zu zweit erteilt.
people-mail-delegated-subject = { $organisation }: { $delegate } entscheidet für { $principal } über Rechnungen
people-mail-delegated-text =
    Guten Tag { $name },

    { $principal } lässt { $delegate } in ihrem oder seinem Namen über Rechnungen entscheiden.

    Gesellschaft: { $entity }
    Vom { $from } bis zum { $until }, letzter Tag eingeschlossen.

    Sie beide können es hier beenden:

    { $link }
people-mail-delegation-ended-subject = { $organisation }: { $delegate } entscheidet nicht mehr für { $principal }
people-mail-delegation-ended-text =
    Guten Tag { $name },

    Die Vertretung von { $principal } durch { $delegate } ({ $from } bis { $until }) wurde beendet. Was bis dahin entschieden wurde, bleibt entschieden.

    { $link }
people-mail-proposed-subject = { $organisation }: { $proposer } schlägt Befugnisse für { $person } vor
people-mail-proposed-text =
    Guten Tag { $name },

    { $proposer } schlägt für { $person } vor: { $what }.

    Eine andere Administration bestätigt oder verwirft das bis { $until }:

    { $link }

    Bestätigen Sie nur, was Sie mit { $proposer } besprochen haben, persönlich oder auf einem Weg, dem Sie vertrauen.
people-mail-confirmed-subject = { $organisation }: Befugnisse für { $person } wurden bestätigt
people-mail-confirmed-text =
    Guten Tag { $name },

    { $proposer } hat für { $person } vorgeschlagen: { $what }. { $decider } hat es bestätigt.

    Überrascht Sie das, sprechen Sie jetzt mit beiden. Alle Anträge stehen hier:

    { $link }
people-mail-refused-subject = { $organisation }: Befugnisse für { $person } wurden abgelehnt
people-mail-refused-text =
    Guten Tag { $name },

    { $proposer } hat für { $person } vorgeschlagen: { $what }. { $decider } hat es abgelehnt, geändert wurde nichts.

    Alle Anträge stehen hier:

    { $link }
people-mail-alone-subject = { $organisation }: { $proposer } hat { $person } allein Befugnisse erteilt
people-mail-alone-text =
    Guten Tag { $name },

    { $proposer } hat { $person } erteilt: { $what }. Es gilt sofort, denn { $organisation } hat eine einzige Administration, und niemand konnte es bestätigen.

    Sie erfahren davon, weil Sie eine Rolle haben. Überrascht Sie das, sprechen Sie jetzt mit { $proposer }.
people-joins = Ein Mensch
people-joins-lead = Manche haben zwei Konten. Sagen Sie es, und Aufgaben werden verglichen, als wären sie eines: Wer mit dem einen erfasst hat, genehmigt mit keinem, auch was vorher geschah. Es gilt sofort; sie wieder zu trennen, braucht zwei Administrationen.
people-joined-with = Ein Mensch mit { $name }, wie { $by } am { $time } gesagt hat.
people-join-other = Das andere Konto
people-join = Das ist ein Mensch
people-split = Das sind zwei Menschen
people-split-asked = { $name } bittet, sie zu trennen, bis { $time }.
people-mail-disowned-subject = { $organisation }: Jemand anderes hat sich als { $by } angemeldet
people-mail-disowned-text =
    Guten Tag { $name },

    { $by } sagt, dass eine Anmeldung an diesem Konto von jemand anderem kam.

    Browser: { $what }
    Adresse: { $more }

    Alle anderen Sitzungen, Tokens und bekannten Geräte des Kontos sind beendet, und sein Passwort lässt niemanden herein, bis es ersetzt ist. Sehen Sie im Journal nach, was in jener Sitzung geschah; was inzwischen von dem Konto kam, ist vielleicht nicht von { $by }. Dort können Sie das Konto auch sperren:

    { $link }
people-mail-joined-subject = { $organisation }: { $what } und { $more } sind ein Mensch
people-mail-joined-text =
    Guten Tag { $name },

    { $by } hat gesagt, dass die Konten von { $what } und von { $more } einem Menschen gehören. Aufgaben werden verglichen, als wären sie ein Konto, und was vorher geschah, zählt mit.

    Wenn das falsch ist, können zwei Administrationen sie wieder trennen:

    { $link }
people-mail-split-proposed-subject = { $organisation }: Sollen { $what } und { $more } wieder zwei Menschen sein?
people-mail-split-proposed-text =
    Guten Tag { $name },

    { $by } sagt, dass die Konten von { $what } und von { $more } doch zwei Menschen gehören. Eine andere Administration, keine der beiden, bestätigt es oder lehnt es ab, binnen sieben Tagen:

    { $link }

    Bestätigen Sie nur, worüber Sie mit { $by } gesprochen haben, persönlich oder auf einem Weg, dem Sie trauen.
people-mail-split-subject = { $organisation }: { $what } und { $more } sind zwei Menschen
people-mail-split-text =
    Guten Tag { $name },

    { $by } hat bestätigt, dass die Konten von { $what } und von { $more } zwei Menschen gehören. Aufgaben werden für jeden allein verglichen.

    Wenn Sie das überrascht, sprechen Sie jetzt mit der Administration:

    { $link }
people-mail-split-refused-subject = { $organisation }: { $what } und { $more } bleiben ein Mensch
people-mail-split-refused-text =
    Guten Tag { $name },

    { $by } hat abgelehnt, die Konten von { $what } und von { $more } zu trennen. Geändert wurde nichts.

    { $link }
people-delegation-waits = Wartet auf eine zweite Administration bis { $time }
people-delegation-absent = Für jemand Abwesenden
people-delegation-absent-lead = Über Rechnungen zu entscheiden ist Befugnis: Eine andere Administration bestätigt es binnen sieben Tagen, und beide Personen erfahren es. Keiner von Ihnen beiden ist die Vertretung.
people-delegation-absent-submit = Vorschlagen
people-mail-absent-proposed-subject = { $organisation }: Soll { $more } für { $what } über Rechnungen entscheiden?
people-mail-absent-proposed-text =
    Guten Tag { $name },

    { $what } ist abwesend, und { $by } schlägt vor, dass { $more } in Vertretung über Rechnungen entscheidet. Eine andere Administration bestätigt es oder lehnt es ab, binnen sieben Tagen:

    { $link }

    Bestätigen Sie nur, worüber Sie mit { $by } gesprochen haben, persönlich oder auf einem Weg, dem Sie trauen.
people-mail-absent-refused-subject = { $organisation }: { $more } entscheidet nicht für { $what }
people-mail-absent-refused-text =
    Guten Tag { $name },

    { $by } hat abgelehnt, dass { $more } für { $what } über Rechnungen entscheidet. Geändert wurde nichts.

    { $link }
people-mail-absent-alone-subject = { $organisation }: { $by } lässt allein { $more } für { $what } entscheiden
people-mail-absent-alone-text =
    Guten Tag { $name },

    { $more } entscheidet jetzt in Vertretung von { $what } über Rechnungen. Es gilt sofort, denn { $organisation } hat nur eine Administration, und niemand konnte es bestätigen.

    Sie erfahren es, weil Sie eine Rolle haben. Wenn Sie das überrascht, sprechen Sie jetzt mit { $by }.

    { $link }
