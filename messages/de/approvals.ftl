# Messages of the field approvals.
approvals-lead = { $count ->
    [0] Nichts zu entscheiden.
    [one] 1 Rechnung wartet auf Ihre Entscheidung.
   *[other] { $count } Rechnungen warten auf Ihre Entscheidung.
  }
approvals-none = Nichts wartet auf Ihre Entscheidung
approvals-none-advice = Sobald eine Rechnung Sie braucht, erscheint sie hier mit dem Grund.
approvals-bill = Rechnung
approvals-amount = Betrag
approvals-due = Fällig
approvals-why-you = Warum Sie
approvals-sent-by = Gesendet von
approvals-your-decision = Ihre Entscheidung
approvals-comment = Anmerkung
approvals-comment-hint = Erforderlich zum Zurückgeben oder Ablehnen. Die nächste Person liest sie.
approvals-approve = Freigeben
approvals-send-back = Zurückgeben
approvals-reject = Ablehnen
approvals-binds = Ihre Entscheidung gilt genau für das, was diese Seite zeigt. Ändern sich später Betrag, Positionen, Lieferant, Bankverbindung oder Beleg, verfällt sie.
approvals-check = Zu prüfen
