# Messages of the field provisioning.
directories = Verzeichnisse
directories-lead = Ein Verzeichnis (SCIM 2.0) meldet die Personen, die Countersign nutzen dürfen, und meldet, wenn jemand gegangen ist. Es erreicht niemanden außer denen, die es selbst gemeldet hat.
directories-address = Wohin das Verzeichnis Personen meldet
directories-none = Kein Verzeichnis meldet Personen.
directories-counts = { $users ->
    [one] 1 Person gemeldet, { $accounts } mit Konto
   *[other] { $users } Personen gemeldet, { $accounts } davon mit Konto
  }
directories-waiting = { $count ->
    [one] 1 aktive Person hat kein Konto. Es entsteht, sobald sie eine Adresse einer Domain hat, die zwei Administratoren unter Anmeldung bestätigt haben, mit der nächsten Änderung durch das Verzeichnis.
   *[other] { $count } aktive Personen haben kein Konto. Es entsteht, sobald die Person eine Adresse einer Domain hat, die zwei Administratoren unter Anmeldung bestätigt haben, mit der nächsten Änderung durch das Verzeichnis.
  }
directories-tokens = Token
directories-token-new = Token des Verzeichnisses
directories-token-make = Token anlegen
directories-made = Angelegt von
directories-used = Zuletzt benutzt
directories-mappings = Rollen, die Gruppen geben
directories-group = Gruppe
directories-role = Rolle
directories-map = Vorschlagen, dass die Gruppe die Rolle gibt
directories-mapping-end = Beenden
directories-add = Verzeichnis hinzufügen
directories-add-lead = Sein Token wirkt, sobald eine andere Administration ihn bestätigt hat.
directories-name = Name des Verzeichnisses
directories-mail-proposed-subject = { $organisation }: { $proposer } hat einen Token für das Verzeichnis { $what } angelegt
directories-mail-proposed-text =
    Guten Tag { $name },

    { $proposer } hat einen Token für das Verzeichnis { $what } angelegt. Wer ihn hat, legt Konten von Personen an, sperrt sie und gibt die Rollen, die Gruppen geben.

    Er wirkt, sobald eine andere Administration ihn bestätigt hat:

    { $link }

    Bestätigen Sie nur, was Sie mit { $proposer } besprochen haben, persönlich oder auf einem Weg, dem Sie vertrauen.
directories-mail-confirmed-subject = { $organisation }: ein Token des Verzeichnisses { $what } wurde bestätigt
directories-mail-confirmed-text =
    Guten Tag { $name },

    Der Token, den { $proposer } für das Verzeichnis { $what } angelegt hat, wurde bestätigt und wirkt.

    Wenn Sie das überrascht, widerrufen Sie ihn:

    { $link }
directories-mail-alone-subject = { $organisation }: ein Token des Verzeichnisses { $what } wirkt
directories-mail-alone-text =
    Guten Tag { $name },

    { $proposer } hat einen Token für das Verzeichnis { $what } angelegt. Er wirkt sofort, weil niemand sonst { $organisation } administriert. Wer ihn hat, legt Konten von Personen an und sperrt sie.

    Wenn Sie das überrascht, sprechen Sie mit { $proposer }.
directories-mail-mapping-subject = { $organisation }: { $proposer } schlägt eine Rolle für die Gruppe { $what } vor
directories-mail-mapping-text =
    Guten Tag { $name },

    { $proposer } schlägt vor, dass die Gruppe { $what } eines Verzeichnisses eine Rolle gibt. Wen das Verzeichnis in die Gruppe aufnimmt, der hat sie dann.

    Eine andere Administration bestätigt oder verwirft das:

    { $link }

    Bestätigen Sie nur, was Sie mit { $proposer } besprochen haben, persönlich oder auf einem Weg, dem Sie vertrauen.
directories-mail-mapping-alone-subject = { $organisation }: die Gruppe { $what } gibt eine Rolle
directories-mail-mapping-alone-text =
    Guten Tag { $name },

    { $proposer } hat festgelegt, dass die Gruppe { $what } eines Verzeichnisses eine Rolle gibt. Sie gibt sie sofort, weil niemand sonst { $organisation } administriert.

    Wenn Sie das überrascht, sprechen Sie mit { $proposer }.
scim-error-filter = Der Filter ist nicht lesbar. Er vergleicht Attribute dieser Art von Ressource, etwa userName eq "ann@example.com".
scim-error-no-filter = Was dieser Dienst kann, wird nicht gefiltert. Fragen Sie ohne Filter.
scim-error-path = Am Pfad { $path } liegt kein Attribut.
scim-error-target = Der Pfad findet keinen Wert, der sich ändern ließe.
scim-error-syntax = Die Anfrage ist bei { $what } nicht lesbar. Siehe die Schemas dieses Dienstes.
scim-error-value = { $what } fehlt oder kann diesen Wert nicht haben.
scim-error-mutability = { $what } lässt sich nicht ändern.
scim-error-known = Eine andere Person hat diesen Namen oder ein anderes Konto diese Adresse.
scim-error-not-its-own = Ein Konto, das dieses Verzeichnis nicht angelegt hat, hat diese Adresse. Zwei Administratoren können dem Verzeichnis unter Verzeichnisse in den Einstellungen erlauben, es zu übernehmen; nicht, solange die Person eingeladen oder gesperrt ist oder etwas freigibt, prüft, auszahlt oder verwaltet.
directories-permit = Ein von Hand angelegtes Konto übernehmen
directories-permit-lead = Ein Konto dieser Adresse, das durch eine Einladung entstand, kommt unter dieses Verzeichnis, sobald das Verzeichnis die Person sendet, nachdem ein zweiter Administrator es bestätigt hat. Von da an kann das Verzeichnis es umbenennen und sperren. Seine Rollen bleiben; wer Macht hat, bleibt außerhalb.
directories-permit-email = E-Mail-Adresse des Kontos
directories-permit-do = Vorschlagen
directories-nobody = Niemand hier hat diese Adresse.
scim-error-version = Die Ressource hat sich geändert, seit sie gelesen wurde. Lesen Sie sie neu.
scim-error-not-here = Diesen Teil von SCIM bietet dieser Dienst nicht an. Seine Konfiguration (ServiceProviderConfig) sagt, was er anbietet.
scim-error-media-type = Senden Sie application/scim+json.
