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
approvals-conflict = Jemand anderes hat die Rechnung inzwischen geändert. Laden Sie sie neu.
approvals-not-now = In diesem Zustand kann die Rechnung nicht zur Freigabe gesendet werden.
approvals-incomplete = Es fehlt noch etwas: { $fields }. Erfassen Sie es zuerst.
approvals-no-lines = Die Rechnung hat keine Positionen. Erfassen Sie mindestens eine und kontieren Sie sie.
approvals-uncoded = Position { $line } ist noch nicht kontiert. Kontieren Sie alle Positionen und senden Sie die Rechnung dann.
approvals-held = Zuerst müssen Sperren geklärt werden: { $holds }.
approvals-no-policy = Es gibt keine Freigaberichtlinie. Bitten Sie Ihre Administration, eine festzulegen.
approvals-policy-bands = Eine Richtlinie hat 1 bis 10 Stufen. Die letzte hat keine Grenze, die anderen haben eine.
approvals-policy-limits = Die Grenzen müssen über null liegen und ansteigen.
approvals-policy-approvals = Jede Stufe braucht 1 bis 5 Freigaben, eine höhere nicht weniger als eine niedrigere.
approvals-not-open = Diese Rechnung wartet nicht mehr auf eine Entscheidung.
approvals-stale = Die Rechnung hat sich geändert, seit Sie sie geöffnet haben. Sehen Sie noch einmal hin und entscheiden Sie dann.
approvals-duty-entered = Sie haben diese Rechnung erfasst oder Angaben dazu getippt. Darum gibt sie eine andere Person frei.
approvals-duty-requested = Sie haben diese Rechnung zur Freigabe gesendet. Darum gibt sie eine andere Person frei.
approvals-duty-decided = Sie haben über diese Rechnung schon entschieden. Jede Person entscheidet einmal.
approvals-reason-missing = Sagen Sie, warum, damit die nächste Person weiß, was zu tun ist.
approvals-reason-unusable = Eine Anmerkung hat höchstens 2.000 Zeichen reinen Text.
approvals-tampered = Ein Datensatz dieser Freigabe wurde außerhalb von Countersign verändert. Es wurde nichts entschieden. Benachrichtigen Sie Ihre Sicherheitsbeauftragten.
