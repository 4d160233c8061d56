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
approvals-not-open = Diese Rechnung wartet nicht mehr auf eine Entscheidung.
approvals-typed = Was Sie eingegeben haben:
approvals-stale = Die Rechnung hat sich geändert, seit Sie sie geöffnet haben. Sehen Sie noch einmal hin und entscheiden Sie dann.
approvals-on-behalf = Im Namen von { $name }
approvals-behalf = Sie entscheiden im Namen von
approvals-duty-entered = Sie haben diese Rechnung erfasst oder Angaben dazu getippt. Darum gibt sie eine andere Person frei.
approvals-duty-requested = Sie haben diese Rechnung zur Freigabe gesendet. Darum gibt sie eine andere Person frei.
approvals-duty-decided = Sie haben über diese Rechnung schon entschieden. Jede Person entscheidet einmal.
approvals-reason-missing = Sagen Sie, warum, damit die nächste Person weiß, was zu tun ist.
approvals-reason-unusable = Eine Anmerkung hat höchstens 2.000 Zeichen reinen Text.
approvals-tampered = Ein Datensatz dieser Freigabe wurde außerhalb von Countersign verändert. Es wurde nichts entschieden. Benachrichtigen Sie Ihre Sicherheitsbeauftragten.
approvals-waiting = Offen
approvals-decided = Von mir entschieden
approvals-decided-on = Entschieden
approvals-holds = { $count ->
    [one] 1 Sperre
   *[other] { $count } Sperren
  }
approvals-why-up-to = Rechnungen bis { $amount } brauchen { $needed ->
    [one] 1 Freigabe.
   *[other] { $needed } Freigaben.
  }
approvals-why-above = Rechnungen über { $amount } brauchen { $needed ->
    [one] 1 Freigabe.
   *[other] { $needed } Freigaben.
  }
approvals-why-currency = Eine Rechnung, die nicht auf { $amount } lautet, braucht so viele Freigaben wie die größte: { $needed }.
approvals-why-always = Jede Rechnung braucht { $needed ->
    [one] 1 Freigabe.
   *[other] { $needed } Freigaben.
  }{ $amount }
approvals-changed = Die Rechnung hat sich geändert, nachdem sie zur Freigabe gesendet wurde. Sie muss erneut gesendet werden.
approvals-approved = Freigegeben
approvals-rejected = Abgelehnt
approvals-sent-back = Zurückgegeben
approvals-paid-to = Zahlung an
approvals-no-account = Derzeit darf an kein geprüftes Konto gezahlt werden
approvals-vendor = Lieferant
approvals-entered-by = Erfasst von
approvals-previous = Frühere Rechnung { $number }
approvals-open-bill = Rechnung öffnen
approvals-verdict-unknown = Das Urteil ist approve, reject oder send-back.
approvals-body-unreadable = Der Inhalt ist nicht das JSON, das hier erwartet wird: { $reason }
approvals-policy-count = Eine Richtlinie hat 1 bis { $band } Stufen. Nehmen Sie welche weg: Lassen Sie deren Zeilen leer.
approvals-policy-unreadable = Die gespeicherte Freigaberichtlinie ist nicht lesbar. Bitten Sie Ihre Administration, eine festzulegen.
approvals-policy-unlimited = Stufe { $band } hat keine Grenze, ist aber nicht die letzte. Geben Sie ihr eine Grenze.
approvals-policy-limited = Stufe { $band } ist die letzte und hat eine Grenze. Lassen Sie die Grenze weg, damit auch größere Rechnungen erfasst sind.
approvals-policy-limit = Stufe { $band }: Die Grenze muss eine ganze Zahl über null und über der Grenze davor sein, etwa 5000.
approvals-policy-approvals = Stufe { $band }: Geben Sie an, wie viele Personen freigeben müssen, von 1 bis 5.
approvals-policy-fewer = Stufe { $band } braucht weniger Freigaben als die Stufe darunter. Verlangen Sie mindestens ebenso viele.
approvals-policy-changed = Jemand anderes hat inzwischen eine andere Richtlinie festgelegt. Sie steht oben; sehen Sie sie an und legen Sie Ihre dann erneut fest oder lassen Sie es.
approvals-policy-lead = Wie viele Personen eine Rechnung freigeben müssen, je nach Betrag.
approvals-policy-version = Version { $version }
approvals-policy-none = Es gibt noch keine Richtlinie, darum kann keine Rechnung zur Freigabe gesendet werden
approvals-policy-set-by = Festgelegt von { $person }, { $when }
approvals-policy-set-at-setup = Festgelegt bei der Einrichtung der Organisation, { $when }
approvals-policy-units = Grenzen sind ganze Einheiten der Währung, in der die juristische Person rechnet: { $currencies }.
approvals-policy-other-currency = Eine Rechnung in einer anderen Währung als der ihrer juristischen Person braucht so viele Freigaben wie die größten Rechnungen.
approvals-policy-who = Wer eine Rechnung erfasst, Angaben dazu getippt oder sie zur Freigabe gesendet hat, gibt sie nicht frei, und jede Person entscheidet einmal.
approvals-policy-amount = Betrag der Rechnung
approvals-policy-up-to = Bis { $limit }
approvals-policy-above = Über { $limit }
approvals-policy-every = Jeder Betrag
approvals-policy-needed = { $count ->
    [one] 1 Person
   *[other] { $count } Personen
  }
approvals-policy-new = Neue Version festlegen
approvals-policy-form-hint = Grenzen steigen an, und eine höhere Stufe braucht mindestens so viele Freigaben wie eine niedrigere. Um eine Stufe wegzunehmen, lassen Sie ihre Zeile leer.
approvals-policy-band = Stufe { $band }
approvals-policy-last = Über allen Grenzen
approvals-policy-limit-label = Bis einschließlich
approvals-policy-approvals-label = Personen, die freigeben müssen
approvals-policy-set = Richtlinie festlegen
approvals-policy-add = Stufe hinzufügen
approvals-policy-binds = Sie gilt für Rechnungen, die ab jetzt zur Freigabe gesendet werden. Bereits wartende Rechnungen bleiben bei der Version, mit der sie gesendet wurden.
approvals-policy-earlier = Frühere Versionen
approvals-policy-link = Die Freigaberichtlinie
approvals-step = Ihre Freigabe wäre Nummer { $number } von { $needed }, nach Version { $version } der Richtlinie.
approvals-account-verified = von einer zweiten Person geprüft
