# Der Rahmen um jede Seite.
platform-date = { $day }.{ $month ->
    [1] 01
    [2] 02
    [3] 03
    [4] 04
    [5] 05
    [6] 06
    [7] 07
    [8] 08
    [9] 09
   *[other] { $month }
  }.{ $year }
platform-date-time = { $date }, { $clock }
platform-skip = Zum Inhalt springen
platform-search-label = Rechnungen suchen
platform-search-hint = Lieferant, Rechnungsnummer, Betrag
platform-key-search = Suchen
platform-upload = Rechnungen hinzufügen
platform-account-of = Konto von { $name }
platform-my-account = Mein Konto
platform-shortcuts = Tastenkürzel
platform-sign-out = Abmelden
platform-nav-label = Bereiche
platform-waiting = wartend:
platform-leave = Sie haben Änderungen, die noch nicht gespeichert sind.
platform-copied = Kopiert
platform-copy = Kopieren
platform-close = Schließen
platform-key-next = Nächster Eintrag
platform-key-previous = Vorheriger Eintrag
platform-key-open = Öffnen
platform-promise = Ihre Rechnungen und Bankverbindungen sind auf diesem Server verschlüsselt.
platform-source-term = Informationselement der Rechnungsnorm EN 16931
platform-source-typed = eingegeben von { $person }
platform-absent = nicht angegeben
platform-meanwhile = Was sich inzwischen geändert hat
platform-removed = entfernt
platform-holds = { $count ->
    [one] 1 Sperre verhindert die Zahlung
   *[other] { $count } Sperren verhindern die Zahlung
  }
platform-who-saw = Wer das gesehen hat
platform-what-i-saw = Was ich vollständig sah
platform-what-changed = Was sich geändert hat
platform-not-seen = Wer das gesehen hat: Versiegeltes wird hier nicht gezeigt, und das Öffnen dieser Seite wird nicht festgehalten.
platform-pages = Seiten
platform-previous = Zurück
platform-next = Weiter
platform-form-errors = { $count ->
    [one] Eine Angabe bedarf Ihrer Aufmerksamkeit
   *[other] { $count } Angaben bedürfen Ihrer Aufmerksamkeit
  }
platform-steps = Schritte
platform-step-done = Erledigt:
platform-show = Anzeigen
nav-home = Wartet auf Sie
nav-bills = Rechnungen
nav-approvals = Freigaben
nav-vendors = Lieferanten
nav-payments = Zahlungen
nav-journal = Journal
nav-trust = Vertrauen
nav-people = Personen
nav-policy = Freigaberichtlinie
nav-settings = Einstellungen
platform-views = Ansichten
home-nothing = Nichts wartet auf Sie
home-nothing-advice = Sie sind auf dem neuesten Stand. Neue Rechnungen erscheinen hier, sobald Sie gebraucht werden.
home-all = Alle anzeigen
home-figures = Auf einen Blick
home-summary = { $count ->
    [0] Nichts wartet auf Sie.
    [one] 1 Sache wartet auf Sie.
   *[other] { $count } Sachen warten auf Sie.
  }
home-to-approve = freizugeben
home-to-approve-for = zu genehmigen für { $name }, bis { $until }
home-to-countersign = Zahlläufe gegenzuzeichnen
home-to-release = Zahlläufe auszulösen
home-to-verify = Bankverbindungen zu prüfen
home-to-reveal = Versiegelte Werte zur Genehmigung
home-asked-by-another = möchte es vollständig sehen
home-to-verify-own = eigene Konten zu bestätigen
home-on-hold = gesperrte Rechnungen
home-to-mend = zurückgegebene Rechnungen
home-to-type = Rechnungen zu erfassen
home-to-code = Rechnungen zu kontieren und zu senden
home-due = Fällig am { $date }
home-overdue = Überfällig seit { $date }
home-execution = Auszuführen am { $date }
home-no-due-date = Ohne Fälligkeit
home-entered-by-another = Eine andere Person hat sie erfasst
home-unread = Ungelesener Beleg
