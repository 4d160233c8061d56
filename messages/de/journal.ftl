# Messages of the field journal.
journal-lead = Wer hat was wann getan, vorher und nachher. Nichts hiervon lässt sich ändern, von niemandem.
journal-export = Exportieren
journal-person = Person
journal-action = Vorgang
journal-from = Von
journal-until = Bis
journal-none = Kein Eintrag passt dazu
journal-none-advice = Ändern Sie die Filter oder setzen Sie sie zurück.
journal-number = Nr.
journal-time = Zeit
journal-what = Was
journal-pending = ausstehend
journal-pending-hint = Geschrieben; die Nummer folgt binnen einer Sekunde.
