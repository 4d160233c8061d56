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
