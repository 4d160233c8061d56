# Messages of the field sso.
sso-title = Anmeldung
sso-lead = Wie sich Personen anmelden: über eigene Identitätsanbieter und ohne. Jede Änderung schlägt eine Administratorin vor; sie gilt, sobald eine zweite sie bestätigt.
sso-add-saml = SAML-Verbindung hinzufügen
sso-add-oidc = OpenID-Connect-Verbindung hinzufügen
sso-connections = Verbindungen
sso-connections-lead = Identitätsanbieter, über die sich Personen anmelden. Beenden wirkt sofort und beendet auch die Sitzungen, die darüber begonnen haben.
sso-connections-none = Es gibt keine: Personen melden sich mit Passwort und zweitem Faktor an oder mit einem Passkey.
sso-end = Beenden
sso-ended = Beendet
sso-domains = Domains
sso-domains-lead = Wer zum ersten Mal mit einer Adresse dieser Domains ankommt, ist die Person mit dieser Adresse hier oder bekommt ein Konto, wo die Verbindung Konten anlegt. Zwei Administratorinnen stehen dafür ein, dass die Domain Ihre ist.
sso-domain = Domain
sso-domain-hint = Was in Ihren Adressen auf das @ folgt, etwa hafen.example.
sso-domain-add = Diese Domain vorschlagen
sso-rule = Andere Wege der Anmeldung
sso-rule-lead = Passwörter und Passkeys können allen verweigert werden, die nicht vorgemerkt sind. Sie merken den Grund nicht: die Antwort ist die auf ein falsches Passwort.
sso-rule-legend = Nur Identitätsanbieter
sso-rule-only = Personen melden sich nur über einen Identitätsanbieter an
sso-break-glass = Für Notfälle vorgemerkt
sso-break-glass-hint = Kann sich immer mit Passwort und zweitem Faktor anmelden, wenn kein Identitätsanbieter antwortet. Alle Administratorinnen erfahren davon. Mindestens eine Person, mit zweitem Faktor.
sso-propose = Vorschlagen
sso-links = Eine zweite Identität
sso-links-lead = Wer mit der Adresse einer Person ankommt, die schon eine Identität hat, wird abgewiesen: es könnte jeder sein, der diese Adresse nennen kann. Erlauben Sie es einmal, für eine Person und eine Verbindung.
sso-connection = Verbindung
sso-connection-lead = Was Sie hier vorschlagen, gilt, sobald eine zweite Administratorin es bestätigt hat.
sso-addresses = Für den Identitätsanbieter
sso-addresses-lead = Tragen Sie dies beim Identitätsanbieter ein.
sso-own-entity-id = Entity-ID und Adresse unserer Metadaten
sso-acs = Assertion Consumer Service (POST)
sso-logout = Single Logout
sso-callback = Umleitungsadresse
sso-backchannel-logout = Abmeldung von Server zu Server (Back-Channel Logout)
sso-after-logout = Wohin man nach dem Abmelden dort geht
sso-try-lead = Melden Sie sich einmal darüber an, in einem privaten Fenster. Wird das abgelehnt, steht unten auf dieser Seite, welcher Schritt scheiterte.
sso-try = Ausprobieren
sso-keys = Unsere Schlüssel
sso-metadata-follow = Metadaten des Identitätsanbieters
sso-fetched = Zuletzt geholt: { $time }. Sie werden täglich neu geholt, und wenn eine Antwort sich mit ihnen nicht prüfen lässt, dafür aber höchstens einmal in fünf Minuten.
sso-never-fetched = Sie wurden noch nicht geholt.
sso-fetch = Jetzt holen
sso-keys-lead = Womit unsere Anfragen signiert sind und wofür verschlüsselt werden kann. Erzeugen Sie einen neuen, lassen Sie den Anbieter unsere Metadaten lesen, nehmen Sie dann den alten heraus: bis dahin signiert der ältere.
sso-key-renew = Neuen Schlüssel erzeugen
sso-key-retire = Älteren Schlüssel herausnehmen
sso-name = Name
sso-name-hint = Steht auf dem Knopf der Anmeldeseite.
sso-metadata-address = Adresse der Metadaten
sso-metadata-address-hint = Beginnt mit https://. Sie werden täglich neu geholt, damit neue Schlüssel des Anbieters rechtzeitig bekannt sind.
sso-metadata = Metadaten
sso-metadata-hint = Oder fügen Sie das Dokument ein. Es bleibt, wie es ist, bis Sie ein anderes vorschlagen.
sso-file-title = Metadaten aus einer Datei
sso-file = Metadatendatei
sso-file-hint = Das XML des Identitätsanbieters, höchstens 128 KiB. Es füllt das Formular darunter; bis Sie es vorschlagen, ändert sich nichts.
sso-file-do = Datei lesen
sso-file-read = Die Datei wurde gelesen. Sehen Sie das Formular durch und schlagen Sie es dann vor.
sso-entity-id = Entity-ID des Identitätsanbieters
sso-entity-id-hint = Nötig neben einer Adresse, und wo das Dokument mehrere beschreibt. Spätere Metadaten müssen vom selben Anbieter sein.
sso-document-hash = SHA-256 der Metadaten
sso-certificates = Zertifikate (SHA-256)
sso-name-id = Format des Namens
sso-name-id-hint = Woran der Anbieter Personen kennt. Persistent ist am besten: eine Adresse kann jemand anders bekommen.
sso-name-id-persistent = Persistent
sso-name-id-email = E-Mail-Adresse
sso-name-id-unspecified = Nicht angegeben
sso-unsolicited = Der Identitätsanbieter darf beginnen
sso-unsolicited-hint = Für Kacheln auf dessen Startseite. Dann gilt eine Antwort auch ohne unsere Frage, und wer einen Browser dazu bringt, eine zu senden, meldet ihn als jemand anders an.
sso-issuer = Aussteller
sso-issuer-hint = Beginnt mit https://, so wie der Anbieter ihn schreibt.
sso-client-id = Client-ID
sso-client-id-hint = Unter diesem Namen kennt der Anbieter Countersign.
sso-client-secret = Client-Geheimnis
sso-client-secret-hint = Leer lassen, um das geltende zu behalten, oder für einen Client ohne Geheimnis. Es wird nie wieder angezeigt.
sso-map-email = Attribut oder Claim mit der E-Mail-Adresse
sso-map-email-hint = Leer: der Name selbst ist die Adresse.
sso-map-name = Attribut oder Claim mit dem vollen Namen
sso-map-groups = Attribut oder Claim mit den Gruppen
sso-map-roles = Rollen der Gruppen
sso-map-roles-hint = Eine je Zeile: Gruppe = Rolle. Die Rollen sind { $roles }. Eine Rolle endet bei der nächsten Anmeldung, nachdem die Gruppe weg ist; von Hand gegebene Rollen bleiben.
sso-just-in-time = Konten bei Bedarf anlegen
sso-just-in-time-hint = Wer mit einer Adresse Ihrer Domains ankommt und kein Konto hat, bekommt eines.
sso-trusts-factor = Der zweite Faktor des Identitätsanbieters zählt
sso-trusts-factor-hint = Wo er sagt, dass jemand einen zweiten Faktor gezeigt hat, wird nach unserem nicht gefragt.
sso-yes = Ja
sso-no = Nein
sso-failures = Zuletzt abgewiesen
sso-failures-lead = Die letzten Ankünfte, die abgewiesen wurden. Wer abgewiesen wurde, kann Ihnen die Nummer nennen.
sso-failures-none = Keine.
sso-what-saml = Verbindung { $name } (SAML)
sso-what-oidc = Verbindung { $name } (OpenID Connect)
sso-what-domain = Domain { $domain }
sso-what-only = Personen melden sich nur über einen Identitätsanbieter an
sso-what-not-only = Personen können sich auch mit Passwort oder Passkey anmelden
sso-what-link = Eine zweite Identität für eine Person
sso-what-account = Ein Verzeichnis übernimmt ein von Hand angelegtes Konto
sso-wrong-address = Das ist keine Adresse, die mit https:// beginnt, oder sie trägt einen Namen, ein Passwort oder einen #-Teil.
sso-provider-description = Die Beschreibung des Anbieters
sso-provider-keys = Der Schlüsselsatz des Anbieters
sso-wrong-fetch-address = { $what } unter { $at } hat keine Adresse, die mit https:// beginnt.
sso-wrong-fetch-network = { $what } unter { $at } liegt in einem Netz, das Countersign nicht erreicht, oder der Rechner hat keine Adresse. Prüfen Sie den Aussteller; für einen Anbieter im eigenen Netz setzt der Betreiber providers.networks auf private.
sso-wrong-fetch-unreachable = { $what } unter { $at } ist nicht erreichbar, oder dem Zertifikat wird nicht vertraut. Prüfen Sie den Aussteller; für eine eigene Zertifizierungsstelle setzt der Betreiber providers.ca_file.
sso-wrong-fetch-broken = { $what } unter { $at } kam nicht binnen 15 Sekunden oder ist viel zu groß.
sso-wrong-fetch-status = { $what } ist nicht da: { $at }. Nur 200 zählt, und keiner anderen Adresse wird gefolgt. Prüfen Sie den Aussteller.
sso-wrong-issuer = Ein Aussteller beginnt mit https:// und hat keinen Teil nach ? oder #. Er ist, was der Anbieter in seiner Beschreibung als „issuer“ schreibt.
sso-wrong-provider-shape = Unter { $at } steht keine Beschreibung eines Anbieters. Prüfen Sie den Aussteller.
sso-wrong-provider-issuer = Die Beschreibung unter { $at } gehört einem anderen Aussteller. Schreiben Sie ihn genau so, wie er dort steht, mit oder ohne Schrägstrich am Ende. Adressen für mehrere Organisationen, etwa solche mit „common“, werden nicht angenommen.
sso-wrong-provider-endpoint = In der Beschreibung unter { $at } fehlt { $name }, oder es beginnt nicht mit https://.
sso-wrong-provider-flow = Nach seiner Beschreibung unter { $at } nimmt der Anbieter keine Autorisierungscodes mit PKCE (S256). Erlauben Sie dort beides.
sso-wrong-provider-keys = Unter { $at } stehen keine Schlüssel, die Unterschriften prüfen.
sso-wrong-secret = Das geltende Geheimnis wurde mit einem anderen Aussteller vereinbart. Geben Sie das Geheimnis dieses Ausstellers ein.
sso-wrong-metadata = Das sind keine Metadaten eines Identitätsanbieters mit Zertifikat. Beschreiben sie mehrere, tragen Sie die Entity-ID des gemeinten ein.
sso-wrong-no-metadata = Geben Sie die Adresse der Metadaten an, oder fügen Sie das Dokument ein.
sso-wrong-two-metadata = Geben Sie die Adresse oder das Dokument an, nicht beides.
sso-wrong-no-file = Wählen Sie die Metadatendatei des Identitätsanbieters und drücken Sie den Knopf noch einmal.
sso-wrong-file-size = Die Datei ist größer als 128 KiB. Beschreibt sie einen ganzen Verbund, lassen Sie sich die Metadaten Ihres Anbieters allein geben, oder nennen Sie deren Adresse.
sso-wrong-file-text = Diese Datei ist kein Text in UTF-8. Speichern Sie die Metadaten des Identitätsanbieters als XML in UTF-8 und wählen Sie sie neu.
sso-wrong-file-protocol = Diese Verbindung spricht OpenID Connect und hat keine Metadatendatei: Die Adresse des Ausstellers genügt.
sso-wrong-roles = Jede Zeile ist eine Gruppe, ein Gleichheitszeichen und eine der Rollen.
sso-wrong-groups = Rollen kommen aus Gruppen: nennen Sie das Attribut, das sie aufzählt.
sso-wrong-domain = Das ist keine Domain wie hafen.example.
sso-wrong-link = Niemand hier hat diese Adresse, oder die Verbindung gilt nicht mehr.
sso-button = Mit { $name } anmelden
sso-choose = Über die eigene Organisation anmelden
sso-choose-lead = Die Anmeldung Ihrer Organisation.
sso-choose-none = Unter diesem Namen gibt es keine solche Anmeldung. Prüfen Sie die Schreibweise, oder melden Sie sich mit Ihrer Adresse an.
sso-send-lead = Die Anmeldung Ihrer Organisation nimmt diese Frage von einer Seite von uns entgegen.
sso-signed-out = Sie sind hier abgemeldet
sso-signed-out-lead = Die Anmeldung Ihrer Organisation kennt Sie noch. Diese Seite geht dorthin weiter, um Sie auch dort abzumelden.
sso-signed-out-go = Auch dort abmelden
sso-refused-title = Sie sind nicht angemeldet
sso-refused-shown-title = Ihr Faktor wurde nicht gezeigt
sso-refused-shown = Sie sollten sich dort noch einmal anmelden, als Sie selbst und mit Ihrem zweiten Faktor. Zurück kam die Anmeldung von jemand anderem, eine von vorher oder eine ohne Faktor. Hier hat sich nichts geändert: Sie sind angemeldet wie zuvor. Beginnen Sie noch einmal; hilft das nicht, nennen Sie Ihrer Administratorin die Nummer unten.
sso-refused-again = Die Antwort der Anmeldung Ihrer Organisation kam zu spät, in einem anderen Browser oder zweimal. Beginnen Sie noch einmal.
sso-refused-provider = Die Antwort der Anmeldung Ihrer Organisation konnte nicht angenommen werden. Beginnen Sie noch einmal; hilft das nicht, nennen Sie Ihrer Administratorin die Nummer unten.
sso-refused-account = Die Anmeldung Ihrer Organisation kennt Sie, aber es gibt hier kein Konto, das Sie benutzen dürfen. Nennen Sie Ihrer Administratorin die Nummer unten.
sso-reason-not-accepted = Die Antwort wurde nicht angenommen: die Prüfungen sagen, warum.
sso-reason-not-asked = Die Antwort gehört zu keiner Frage, mit der dieser Browser geschickt wurde.
sso-reason-seen-before = Die Antwort wurde schon benutzt.
sso-reason-format = Die Person ist in einem anderen Format benannt, als die Verbindung annimmt.
sso-reason-no-email = Die Antwort hat keine E-Mail-Adresse oder mehrere. Vergleichen Sie den Namen des Attributs.
sso-reason-domain = Die E-Mail-Adresse gehört zu keiner Ihrer Domains.
sso-reason-unknown = Niemand hat diese E-Mail-Adresse, und die Verbindung legt keine Konten an.
sso-reason-suspended = Die Person ist gesperrt.
sso-reason-factors-reset = Ihre zweiten Faktoren wurden zurückgesetzt: einen neuen richtet sie über den Link ein, der ihr gemailt wurde.
sso-reason-not-shown = Sie sollte sich dort noch einmal anmelden, mit einem zweiten Faktor. Zurück kam die Anmeldung von jemand anderem, eine von vorher oder eine ohne Faktor.
sso-reason-linked-elsewhere = Die Person mit dieser E-Mail-Adresse hat eine andere Identität. Erlauben Sie eine zweite, wenn sie es ist.
sso-reason-altered = Ein Datensatz wurde außerhalb von Countersign geändert. Sagen Sie es Ihren Sicherheitsbeauftragten.
sso-mail-proposed-subject = Eine Änderung der Anmeldung von { $organisation } wartet auf Sie
sso-mail-proposed-text =
    Guten Tag { $name },

    { $proposer } hat eine Änderung vorgeschlagen, wie sich Personen bei { $organisation } anmelden:

    { $what }

    Eine zweite Administratorin bestätigt sie, bis { $until }. Sehen Sie an, was dann gälte:

    { $link }
sso-mail-confirmed-subject = Die Anmeldung von { $organisation } wurde geändert
sso-mail-confirmed-text =
    Guten Tag { $name },

    diese Änderung der Anmeldung bei { $organisation } wurde bestätigt und gilt:

    { $what }

    Vorgeschlagen von: { $proposer }
    Wann: { $time }

    Wenn Sie nichts davon wissen, sehen Sie jetzt nach: { $link }
sso-mail-refused-subject = Eine Änderung der Anmeldung von { $organisation } wurde abgelehnt
sso-mail-refused-text =
    Guten Tag { $name },

    diese Änderung der Anmeldung bei { $organisation } wurde abgelehnt:

    { $what }

    Vorgeschlagen von: { $proposer }
    Siehe { $link }
sso-mail-alone-subject = Die Anmeldung von { $organisation } wurde von einer Person geändert
sso-mail-alone-text =
    Guten Tag { $name },

    { $proposer } administriert { $organisation } allein und hat geändert, wie sich Personen anmelden:

    { $what }

    Wann: { $time }

    Niemand sonst konnte es bestätigen, darum erfahren es alle. Wenn Sie es nicht erwartet haben, fragen Sie gleich nach.
sso-mail-ended-subject = Ein Weg der Anmeldung bei { $organisation } wurde beendet
sso-mail-ended-text =
    Guten Tag { $name },

    dies gilt bei { $organisation } nicht mehr:

    { $what }

    Wann: { $time }
    Siehe { $link }
sso-mail-break-glass-subject = Ein Notfallkonto von { $organisation } wurde benutzt
sso-mail-break-glass-text =
    Guten Tag { $name },

    { $person } ist für Notfälle vorgemerkt und hat sich bei { $organisation } ohne Identitätsanbieter angemeldet.

    Wann: { $time }

    Wenn Sie von keinem Notfall wissen, fragen Sie gleich nach.
sso-mail-keys-subject = Ein Identitätsanbieter von { $organisation } hat andere Schlüssel
sso-mail-keys-text =
    Guten Tag { $name },

    die Metadaten dieser Verbindung nennen andere Schlüssel als zuvor:

    { $what }

    Wann: { $time }

    Anbieter wechseln von Zeit zu Zeit die Schlüssel. Hat Ihrer nicht gewechselt, beenden Sie die Verbindung: { $link }
sso-mail-reset-text =
    Guten Tag { $name },

    jemand hat einen Link angefordert, um ein anderes Passwort für Ihr Konto zu wählen. Ihre Organisation meldet sich nur über ihre eigene Anmeldung an; ein Passwort von hier zählt dort nicht. Wählen Sie sie auf der Anmeldeseite:

    { $link }

    Wenn Sie es nicht waren, tun Sie nichts.
