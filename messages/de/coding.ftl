# Messages of the field coding.
coding-conflict = Jemand anderes hat dies inzwischen geändert. Laden Sie die Seite neu und wiederholen Sie, was noch nötig ist.
coding-not-now = Diese Rechnung kann nicht mehr kontiert werden. Abgelehnte, stornierte und bezahlte Rechnungen behalten ihre Kontierung.
coding-no-currency = Die Rechnung hat noch keine Währung. Erfassen Sie zuerst, was fehlt.
coding-no-amount = Position { $line } hat noch keinen Nettobetrag. Erfassen Sie ihn zuerst.
coding-parts-wrong = Die Kontierung wurde nicht gespeichert. Berichtigen Sie die markierten Felder.
coding-code-wrong = Ein Code hat 1 bis 24 Buchstaben (A bis Z), Ziffern, Punkte, Binde-, Schräg- oder Unterstriche.
coding-name-wrong = Ein Name hat 1 bis 120 Zeichen.
coding-code-taken = Den Code { $code } gibt es in der Liste schon. Benennen Sie ihn um oder wählen Sie einen anderen.
