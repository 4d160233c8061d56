# Texte zum Weiterleiten des Journals.
streams = Weiterleitungen des Journals
streams-lead = Wohin Einträge des Journals gesendet werden, sobald sie geschrieben sind. Jeder wird gesendet, bis er angenommen ist, wie lange der Empfänger auch fehlt.
streams-none = Das Journal wird nirgendwohin weitergeleitet.
streams-secret-new = Geheimnis von { $name }
streams-secret-once = Geben Sie es dem Empfänger, der damit prüft, dass ein Eintrag von hier kommt. Es wird nur dieses eine Mal angezeigt.
streams-address = Adresse
streams-address-hint = Ein Webhook: https://siem.example.com/in. Syslog: logs.example.com:6514.
streams-how = Wie
streams-kind = Über
streams-kind-webhook = Webhook (signierte Anfragen)
streams-kind-syslog = Syslog über TLS (RFC 5424)
streams-format = Form
streams-format-ocsf = OCSF 1.3.0
streams-format-jsonl = JSON-Zeilen
streams-begins = Beginnt
streams-begins-first = Mit dem ersten Eintrag
streams-begins-now = Mit dem, was nach der Bestätigung geschrieben wird
streams-begins-hint = Eine Weiterleitung, die an die Stelle einer anderen tritt, fährt dort fort, wo diese ist.
streams-replaces = Anstelle von
streams-replaces-none = Keiner
streams-replaces-hint = Um eine Weiterleitung woandershin zu senden, beantragen Sie eine an ihrer Stelle. Die bisherige endet, wenn die neue bestätigt ist.
streams-in-place-of = Anstelle von { $name }
streams-delivered = Zuletzt zugestellt
streams-proposed = Beantragt
streams-decided = Entschieden
streams-by = { $name }, { $time }
streams-lag = { $count ->
    [0] Alles ist zugestellt.
    [one] 1 Eintrag wartet.
   *[other] { $count } Einträge warten.
 }
streams-again = Nächster Versuch: { $time }.
streams-confirm = Bestätigen
streams-refuse = Ablehnen
streams-test = Testeintrag senden
streams-resume = Fortsetzen
streams-pause = Anhalten
streams-rotate = Neues Geheimnis
streams-remove = Entfernen
streams-add = Weiterleitung beantragen
streams-add-lead = Damit verlässt das Journal das Haus, mit Namen und Adressen: Eine andere Person bestätigt, bevor etwas gesendet wird.
streams-name = Name
streams-propose = Beantragen
streams-state-waiting = Wartet auf eine andere Person
streams-state-late = Nicht rechtzeitig bestätigt
streams-state-fine = Stellt zu
streams-state-trying = Versucht es erneut
streams-state-failing = Scheitert
streams-state-paused = Angehalten
streams-state-gone = Angehalten: der Empfänger hat gesagt, dass es ihn nicht mehr gibt
streams-state-refused = Abgelehnt
streams-state-removed = Entfernt
streams-state-replaced = Ersetzt
streams-trouble-network = Der Name hat keine Adresse oder eine in einem Netz, das nicht erreicht wird. Prüfen Sie ihn; für einen Empfänger im eigenen Netz setzt der Betreiber providers.networks.
streams-trouble-certificate = Dem Zertifikat des Empfängers wird nicht vertraut, oder es gehört zu einem anderen Namen. Prüfen Sie es; eine eigene Zertifizierungsstelle nennt der Betreiber in providers.ca_file.
streams-trouble-authorities = Die Zertifizierungsstellen in providers.ca_file sind nicht lesbar. Sagen Sie es dem Betreiber.
streams-trouble-unreachable = Der Empfänger ist nicht erreichbar. Sehen Sie nach, ob er läuft und ob eine Firewall dazwischen steht.
streams-trouble-late = Der Empfänger antwortet nicht rechtzeitig. Sehen Sie nach, ob er überlastet ist.
streams-trouble-broken = Die Verbindung zum Empfänger ist abgebrochen. Sehen Sie in dessen eigenes Protokoll.
streams-trouble-redirect = Der Empfänger verweist auf eine andere Adresse; dem wird nicht gefolgt. Beantragen Sie an dieser Stelle eine Weiterleitung an die richtige Adresse.
streams-trouble-busy = Der Empfänger bittet um Zeit. Endet das von selbst, ist nichts zu tun.
streams-trouble-refused = Der Empfänger nimmt die Einträge nicht an. Prüfen Sie dort Adresse und Geheimnis.
streams-trouble-failing = Der Empfänger ist selbst gestört. Sehen Sie in dessen eigenes Protokoll.
streams-trouble-forged = Was zu dieser Weiterleitung gespeichert ist, ist nicht, worauf sich zwei geeinigt haben. Nichts wird gesendet; sagen Sie es Ihrem Sicherheitsbeauftragten.
streams-trouble-keys = Das Geheimnis lässt sich nicht öffnen. Erzeugen Sie ein neues; hilft das nicht, sagen Sie es dem Betreiber.
streams-trouble-gap = Ein Eintrag, den das Journal zählt, fehlt. Prüfen Sie das Journal und sagen Sie es Ihrem Sicherheitsbeauftragten.
streams-mail-proposed-subject = { $organisation }: { $by } beantragt, das Journal weiterzuleiten
streams-mail-proposed-text =
    Guten Tag { $name },

    { $by } beantragt, dass Einträge des Journals an eine Adresse außerhalb gesendet werden, sobald sie geschrieben sind. Eine andere Person bestätigt oder lehnt ab, binnen einer Woche:

    { $link }

    Bestätigen Sie nur, was Sie mit { $by } besprochen haben, persönlich oder auf einem Weg, dem Sie vertrauen.
streams-mail-confirmed-subject = { $organisation }: { $by } hat eine Weiterleitung des Journals bestätigt
streams-mail-confirmed-text =
    Guten Tag { $name },

    { $by } hat eine Weiterleitung des Journals bestätigt. Einträge werden ab jetzt gesendet:

    { $link }

    Wissen Sie nichts davon, halten Sie sie sofort an: dafür genügt eine Person.
streams-mail-changed-subject = { $organisation }: eine Weiterleitung des Journals wurde geändert
streams-mail-changed-text =
    Guten Tag { $name },

    Eine Weiterleitung des Journals wurde angehalten, fortgesetzt, entfernt oder hat ein anderes Geheimnis. Die Seite zeigt, welche, und das Journal, durch wen:

    { $link }
streams-mail-fails-subject = { $organisation }: eine Weiterleitung des Journals scheitert
streams-mail-fails-text =
    Guten Tag { $name },

    Seit mehr als einer Stunde hat kein Eintrag des Journals einen seiner Empfänger erreicht. Nichts geht verloren: Die Einträge warten und werden gesendet, sobald er sie annimmt. Was nicht stimmt und was zu tun ist:

    { $link }
