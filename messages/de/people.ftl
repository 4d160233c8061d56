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
people-suspend = Sperren
people-resume = Wieder zulassen
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
people-role-security-officer-does = Wacht über Vertrauen, Vorfälle und Schlüssel.
people-me = Mein Konto
people-tokens = API-Tokens
people-tokens-lead = Mit einem Token handelt ein Programm für Sie, im Rahmen der gewählten Rechte. Es gibt nie mehr Rechte als Ihre Rollen.
people-token-name = Wofür es ist
people-token-days = Tage bis zum Ablauf
people-token-days-hint = Höchstens 366.
people-token-permissions = Rechte
people-token-create = Token erstellen
people-token-revoke = Widerrufen
people-token-expires = Läuft ab
people-token-revoked = Widerrufen
people-token-expired = Abgelaufen
people-token-works = Gültig
people-token-new = Ihr neues Token
people-token-once = Es wird nur jetzt gezeigt. Legen Sie es dort ab, wo Ihr Programm es findet, und nirgends sonst.
people-tokens-none = Sie haben keine Tokens.
people-token-no-permission = Bitte wählen Sie mindestens ein Recht.
people-token-wrong-days = Bitte geben Sie eine Zahl von 1 bis 366 ein.
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
