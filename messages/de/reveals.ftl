# Texte zum vollständigen Anzeigen versiegelter Werte.
reveals-title = Vollständig Angezeigtes
reveals-lead = Bankverbindungen und Steuernummern stehen überall verkürzt. Hier steht, wer etwas vollständig sehen wollte, wofür, und wer es genehmigt hat.
reveals-none = Niemand wollte etwas vollständig sehen.
reveals-new = Vollständig anzeigen
reveals-new-one = Sagen Sie, wofür. Das Journal hält fest, wer es wann und warum sah, und wer den Gegenstand lesen darf, kann das lesen.
reveals-new-two = Sagen Sie, wofür. Eine andere Person muss es genehmigen, bevor Sie es sehen; dann können Sie es einmal öffnen.
reveals-several = Mehrere auf einmal
reveals-several-lead = Wählen Sie Lieferanten: Alle ihre Bankverbindungen werden gemeinsam angefragt, und eine andere Person genehmigt es.
reveals-from = Namen ab
reveals-no-vendors = Ab diesem Namen hat kein Lieferant eine Bankverbindung.
reveals-go-on = Weiter
reveals-accounts = { $count ->
    [one] 1 Konto
   *[other] { $count } Konten
 }
reveals-count = { $count ->
    [one] 1 Wert
   *[other] { $count } Werte
 }
reveals-request = Anfrage, etwas vollständig anzuzeigen
reveals-purpose = Zweck
reveals-purpose-bank = Die Bank fragt zu einer Zahlung nach
reveals-purpose-owner = Wen es betrifft, vergleicht oder berichtigt es
reveals-purpose-authority = Eine Steuerbehörde oder ein Gericht fragt
reveals-purpose-audit = Die Prüfung vergleicht es mit einem Beleg
reveals-purpose-incident = Ein Betrug oder Vorfall wird untersucht
reveals-reason = Grund in Ihren Worten
reveals-reason-hint = 5 bis 500 Zeichen, etwa die Zahlung, die die Bank nennt. Wiederholen Sie die Nummer selbst nicht.
reveals-values = Werte
reveals-value = Wert
reveals-what = Was es ist
reveals-owner = Von
reveals-vendor-iban = Bankverbindung
reveals-vendor-vat-id = USt-IdNr.
reveals-vendor-legal-id = Registernummer
reveals-entity-iban = Konto, von dem wir zahlen
reveals-entity-vat-id = Eigene USt-IdNr.
reveals-state = Stand
reveals-state-open = Wartet auf eine andere Person
reveals-state-approved = Genehmigt, nicht geöffnet
reveals-state-opened = Angezeigt
reveals-state-refused = Abgelehnt
reveals-state-withdrawn = Zurückgezogen
reveals-state-late = Nicht rechtzeitig
reveals-asked-by = Angefragt von
reveals-decided-by = Entschieden von
reveals-approved-by = Genehmigt von
reveals-by = { $name }, { $time }
reveals-ask = Andere Person fragen
reveals-approve = Genehmigen
reveals-refuse = Ablehnen
reveals-open = Einmal öffnen
reveals-open-csv = Einmal als CSV öffnen
reveals-withdraw = Zurückziehen
reveals-open-until = Sie können es einmal öffnen, bis { $time }.
reveals-decide-until = Sie können bis { $time } entscheiden. Genehmigen Sie nur, worüber Sie gesprochen haben.
reveals-another-decides = Eine andere Person entscheidet, nicht Sie.
reveals-shown = Einmal angezeigt
reveals-shown-lead = Diese Seite wird nirgends aufbewahrt. Um es wieder zu sehen, fragen Sie erneut an.
reveals-seen = Wer das gesehen hat
reveals-seen-lead = Jedes Mal, dass jemand eine Bankverbindung oder Steuernummer davon vollständig sah. Das Lesen verkürzter Seiten wird nicht festgehalten.
reveals-seen-person = Was diese Person vollständig sah. Das Lesen verkürzter Seiten wird nicht festgehalten.
reveals-seen-run = Wer die Zahlungsdatei abholte, in der jedes bezahlte Konto steht. Das Lesen der Seite des Laufs wird nicht festgehalten.
reveals-seen-bill = Jedes Mal, dass jemand den Beleg dieser Rechnung öffnete, auf einer Seite oder als Datei: je Anmeldung oder Token einmal in der Stunde festgehalten.
reveals-seen-none = Niemand.
reveals-document-opened = Beleg geöffnet
reveals-file-fetched = Zahlungsdatei abgeholt
reveals-mail-asked-subject = { $organisation }: { $by } möchte Werte vollständig sehen
reveals-mail-asked-text =
    Guten Tag { $name },

    { $by } möchte Bankverbindungen oder Steuernummern vollständig sehen. Eine andere Person genehmigt es oder lehnt es ab, binnen eines Tages:

    { $link }

    Genehmigen Sie nur, worüber Sie mit { $by } gesprochen haben, persönlich oder auf einem Weg, dem Sie trauen.
reveals-mail-approved-subject = { $organisation }: { $by } hat Ihre Anfrage genehmigt
reveals-mail-approved-text =
    Guten Tag { $name },

    { $by } hat genehmigt, was Sie vollständig sehen wollten. Sie können es binnen 30 Minuten einmal öffnen:

    { $link }

    Wenn Sie nichts angefragt haben, sagen Sie es sofort der Administration.
reveals-mail-refused-subject = { $organisation }: { $by } hat Ihre Anfrage abgelehnt
reveals-mail-refused-text =
    Guten Tag { $name },

    { $by } hat abgelehnt, was Sie vollständig sehen wollten. Die Anfrage und ihr Grund:

    { $link }
error-reveal-purpose = Kein Zweck ist gewählt. Wählen Sie einen aus der Liste.
error-reveal-reason = Der Grund fehlt oder hat weniger als 5 oder mehr als 500 Zeichen. Sagen Sie in Ihren Worten, warum Sie es brauchen.
error-reveal-count = Nichts ist genannt, oder mehr als { $most } Werte. Fragen Sie 1 bis { $most } an.
error-reveal-nobody-approves = Niemand sonst kann das genehmigen: Geben Sie einer anderen Person eine Rolle, die versiegelte Werte vollständig sieht, und fragen Sie erneut an.
error-reveal-not-open = Darüber wurde schon entschieden, oder es wurde geöffnet oder zurückgezogen. Fragen Sie erneut an, wenn Sie es noch brauchen.
error-reveal-late = Die Zeit dafür ist um. Fragen Sie erneut an.
error-reveal-same-human = Wer angefragt hat, genehmigt nicht: Es muss ein anderer Mensch sein.
error-reveal-not-asked = Das kann nur, wer angefragt hat.
error-reveal-altered = Gespeichert ist nicht, was angefragt oder genehmigt wurde. Nichts wird angezeigt; sagen Sie es der Sicherheit.
