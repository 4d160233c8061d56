# Messages of the field payments.
payments-propose = Zahllauf vorschlagen
payments-none = Noch keine Zahlläufe
payments-none-advice = Sind Rechnungen freigegeben und fällig, schlagen Sie einen Zahllauf vor. Eine andere Person gibt ihn frei.
payments-run = Zahllauf
payments-date = Ausführungsdatum
payments-state = Stand
payments-count = Zahlungen
payments-sum = Summe
payments-left-out = { $count ->
    [one] 1 Rechnung bleibt außen vor
   *[other] { $count } Rechnungen bleiben außen vor
  }
payments-left-out-hint = Sie sind fällig, aber etwas verhindert die Zahlung.
payments-bill = Rechnung
payments-why = Warum
payments-what-to-do = Was zu tun ist
payments-amount = Betrag
payments-propose-lead = Freigegebene, fällige Rechnungen. Entfernen Sie das Häkchen bei allem, was warten soll.
payments-from = Zahlen von
payments-due-until = Fällig bis
payments-refresh = Anzeigen
payments-nothing-due = Nichts Zahlbares ist fällig
payments-nothing-due-advice = Wählen Sie ein späteres Datum oder sehen Sie unten, was warum außen vor bleibt.
payments-select-all = Alle auswählen
payments-to = Auf Konto
payments-due = Fällig
payments-total-of = { $count ->
    [one] Summe von 1 Zahlung
   *[other] Summe von { $count } Zahlungen
  }
payments-propose-submit = Diesen Lauf vorschlagen
payments-second-person = Eine andere Person gibt ihn frei, bevor eine Datei entsteht.
payments-payments = Zahlungen dieses Laufs
payments-next-step = Nächster Schritt
payments-download = Zahlungsdatei herunterladen
payments-facts = Dieser Lauf
payments-people = Wer was getan hat
payments-error-conflict = Jemand hat den Zahlungslauf geändert, oder seine Zahlungen sind nicht die, die Sie gesehen haben. Laden Sie die Seite neu.
payments-error-field = Diese Angabe fehlt oder ist nicht verwendbar.
payments-error-nothing = Wählen Sie mindestens eine Rechnung, die bezahlt werden kann.
payments-error-too-many = Ein Zahlungslauf nimmt höchstens { $most } Zahlungen auf. Schlagen Sie mehrere vor.
payments-error-not-payable = Diese können jetzt nicht bezahlt werden: { $bills }. Nehmen Sie sie heraus, oder erledigen Sie das Genannte.
payments-error-in-run = Eine dieser Rechnungen ist schon in einem anderen Zahlungslauf. Laden Sie die Seite neu.
payments-error-not-now = Der Zahlungslauf ist im Zustand { $state }, deshalb geht dieser Schritt nicht. Laden Sie die Seite neu.
payments-error-same-human = Sie haben diesen Zahlungslauf vorgeschlagen, deshalb muss eine andere Person ihn gegenzeichnen.
payments-error-duties = Sie hatten bei diesen Zahlungen schon eine andere Aufgabe: { $bills }. Jemand anderes muss das tun, oder Sie nehmen die Zahlungen heraus.
payments-error-altered = Der gespeicherte Zahlungslauf passt nicht zu seinem eigenen Nachweis: Er wurde außerhalb von Countersign verändert. Machen Sie ihn ungültig, und sagen Sie es Ihrer Sicherheitsverantwortlichen.
payments-error-file = Es kann keine Zahlungsdatei geschrieben werden: { $why }
