# Messages of the field settings.
settings-lead = Die Organisation, ihre Gesellschaften und die Bankkonten, von denen gezahlt wird.
settings-own = Eigene Sprache, Passwort und Token
settings-organisation = Organisation
settings-slug = Kurzname, für --org auf der Kommandozeile
settings-address = Anschrift
settings-accounts = Konten, von denen gezahlt wird
settings-account = Konto
settings-state = Stand
settings-by = Von
settings-next = Nächster Schritt
settings-see = Öffnen
settings-verify = Bestätigen
settings-entered = Wartet auf eine zweite Person
settings-verified = In Gebrauch
settings-closed = Geschlossen
settings-altered = Außerhalb des Programms verändert
settings-by-setup = Bei der Einrichtung erfasst
settings-entered-by = Erfasst von { $name }
settings-both-by = Erfasst von { $entered }, bestätigt von { $verified }
settings-back = Zurück
settings-entity-add = Gesellschaft hinzufügen
settings-entity-lead = Eine weitere Gesellschaft der Organisation, die Rechnungen schuldet und zahlt. Von ihrem Konto wird nichts gezahlt, bevor eine zweite Person es bestätigt hat.
settings-vat-id-doubtful = Die Prüfziffern der eingegebenen USt-IdNr. sind nicht die, die ihr Land vergibt: Meist ist das ein Tippfehler. Vergleichen Sie sie mit den Unterlagen des Unternehmens; Dokumente, die es nennen, werden darüber gefunden.
settings-entity-submit = Gesellschaft hinzufügen
settings-account-add = Konto hinzufügen
settings-account-lead = Ein Konto, von dem gezahlt wird. Davon wird nichts gezahlt, bevor eine andere Administratorin oder jemand, der zahlt, es bestätigt hat. Schließen Sie das alte Konto, wenn dieses an seine Stelle tritt.
settings-account-label = Name des Kontos
settings-account-label-hint = Wie Ihre Kollegen es nennen, etwa Hauptkonto.
settings-account-submit = Zur Bestätigung geben
settings-account-verify = Eigenes Konto bestätigen
settings-account-page = Ein Konto, von dem gezahlt wird
settings-in-use-lead = Von diesem Konto wird gezahlt. Schließen Sie es, wenn nichts mehr davon gezahlt werden soll.
settings-closed-lead = Von diesem Konto wird nichts mehr gezahlt, und es lässt sich nicht wieder öffnen.
settings-verify-lead = Nehmen Sie Papiere der Bank selbst zur Hand, etwa einen Auszug: nicht die Nachricht oder die Person, die um die Änderung gebeten hat.
settings-verify-iban = IBAN aus den Papieren der Bank
settings-verify-iban-hint = Tippen Sie sie vom Papier ab. Sie wird mit der erfassten verglichen.
settings-close = Dieses Konto schließen
settings-close-reason = Grund
settings-close-hint = Von einem geschlossenen Konto wird nichts gezahlt. Es lässt sich nicht wieder öffnen; erfassen Sie es neu.
settings-error-field = Das fehlt oder ist länger als 500 Zeichen.
settings-error-known = Die Gesellschaft hat dieses Konto schon.
settings-error-not-now = Das Konto wartet nicht auf diesen Schritt: Laden Sie die Einstellungen neu, um seinen Stand zu sehen.
settings-error-same-human = Sie haben dieses Konto erfasst. Eine andere Administratorin oder jemand, der zahlt, muss es bestätigen.
settings-error-other-iban = Das ist nicht die erfasste IBAN. Vergleichen Sie noch einmal mit den Papieren der Bank; ist die Erfassung falsch, schließen Sie dieses Konto und erfassen Sie es neu.
settings-error-altered = Das Konto wurde außerhalb des Programms verändert. Zahlen Sie nichts davon und sagen Sie es der Sicherheitsbeauftragten.
settings-policy-title = Sicherheit
settings-policy-lead = Was Ihre Organisation von allen verlangt, die sich anmelden. Eine Person aus der Verwaltung schlägt eine Änderung vor; sie gilt, sobald eine andere sie bestätigt, sofort und überall.
settings-policy-now = In Kraft
settings-policy-all = Ein zweiter Faktor wird von allen verlangt, und lässt sich nicht abschalten.
settings-policy-factors-any = Zweite Faktoren sind Codes einer App, Passkeys, und Wiederherstellungscodes, wenn beides nicht zur Hand ist.
settings-policy-factors-passkeys = Zweite Faktoren sind nur Passkeys: Wer nur eine App hat, richtet bei der nächsten Anmeldung einen Passkey ein.
settings-policy-fresh-is = Was Geld bewegt, Rechte gibt oder ändert, wie sich jemand anmeldet, braucht einen Faktor, der in den letzten { $minutes } Minuten gezeigt wurde.
settings-policy-idle-is = Eine Sitzung endet nach { $minutes } Minuten ohne Anfrage.
settings-policy-idle-standard = Eine Sitzung endet ohne Anfrage, wann es die Konfiguration der Installation sagt.
settings-policy-longest-is = Eine Sitzung endet nach { $minutes } Minuten in jedem Fall.
settings-policy-longest-standard = Eine Sitzung endet in jedem Fall, wann es die Konfiguration der Installation sagt.
settings-policy-pci-off = Das PCI-Profil ist aus: Passwörter haben mindestens 8 Zeichen, sind keine der zuerst geratenen, und laufen nie ab.
settings-policy-pci-days = Profil nach PCI DSS 4.0.1: mindestens 12 Zeichen mit Ziffern und Buchstaben, keines der letzten vier, alle 90 Tage ein anderes; zehn Fehlversuche sperren für 30 Minuten.
settings-policy-pci-dynamic = Profil nach PCI DSS 4.0.1: mindestens 12 Zeichen mit Ziffern und Buchstaben, keines der letzten vier, kein Ablauf: Bekannte Geräte werden unterschieden, Fehlversuche nach Konto, Gerät und Netz gezählt, und eine Anmeldung von einem neuen Gerät wird per E-Mail gemeldet; zehn Fehlversuche sperren für 30 Minuten.
settings-policy-reveals-is = { $count ->
    [0] Niemand sieht eine Bankverbindung oder Steuernummer vollständig ohne eine zweite Person.
    [one] Eine Person sieht je Stunde eine Bankverbindung oder Steuernummer vollständig; für mehr braucht es eine zweite Person.
   *[other] Eine Person sieht je Stunde bis zu { $count } Bankverbindungen oder Steuernummern vollständig; für mehr braucht es eine zweite Person.
 }
settings-policy-waits = Wartet auf jemand anderen aus der Verwaltung
settings-policy-change = Eine Änderung vorschlagen
settings-policy-factors = Zweite Faktoren
settings-policy-factors-hint = Mit Passkeys allein melden sich alle neu an, und niemand lässt sich auf einer falschen Seite einen Code entlocken.
settings-policy-choose-any = App oder Passkey
settings-policy-choose-passkeys = Nur Passkeys
settings-policy-no-passkeys = Die Adresse dieser Installation ist eine Zahl, für die Browser keine Passkeys machen.
settings-policy-fresh = Ein Faktor ist frisch für (Minuten)
settings-policy-fresh-hint = 1 bis 60. Kürzer heißt: öfter gefragt, bevor Geld bewegt wird.
settings-policy-idle = Sitzungen enden ohne Anfrage nach (Minuten)
settings-policy-idle-hint = Ab 5, höchstens { $minutes }, wie es Ihre Konfiguration sagt; leer nimmt das. PCI DSS 8.2.8 verlangt 15.
settings-policy-longest = Sitzungen enden in jedem Fall nach (Minuten)
settings-policy-longest-hint = Ab 30, höchstens { $minutes }, wie es Ihre Konfiguration sagt; leer nimmt das.
settings-policy-pci = PCI-DSS-Profil für Passwörter
settings-policy-pci-hint = Wird es eingeschaltet, melden sich alle neu an und wählen ein Passwort nach dem Profil.
settings-policy-choose-pci-off = Aus
settings-policy-choose-pci-days = Ein, Passwörter wechseln alle 90 Tage
settings-policy-choose-pci-dynamic = Ein, mit dynamischer Analyse statt des Wechsels
settings-policy-reveals = Versiegelte Werte, die eine Person je Stunde vollständig sieht
settings-policy-reveals-hint = 0 bis 50; leer heißt 5. Mit 0 braucht jeder Wert eine zweite Person. Mehrere auf einmal brauchen sie immer.
settings-policy-submit = Vorschlagen
settings-mail-policy-proposed-subject = { $organisation }: { $proposer } schlägt eine andere Sicherheitsrichtlinie vor
settings-mail-policy-proposed-text =
    Guten Tag { $name },

    { $proposer } schlägt vor: { $what }

    Jemand anderes aus der Verwaltung bestätigt oder lehnt ab, binnen sieben Tagen:

    { $link }

    Bestätigen Sie nur, worüber Sie mit { $proposer } gesprochen haben, persönlich oder auf einem Weg, dem Sie trauen.
settings-mail-policy-confirmed-subject = { $organisation }: eine andere Sicherheitsrichtlinie gilt
settings-mail-policy-confirmed-text =
    Guten Tag { $name },

    der Vorschlag von { $proposer } wurde bestätigt und gilt: { $what }

    Überrascht Sie das, sprechen Sie jetzt mit der Verwaltung:

    { $link }
settings-mail-policy-refused-subject = { $organisation }: die Sicherheitsrichtlinie bleibt
settings-mail-policy-refused-text =
    Guten Tag { $name },

    der Vorschlag von { $proposer } wurde abgelehnt, und es wurde nichts geändert: { $what }

    { $link }
settings-mail-policy-alone-subject = { $organisation }: { $proposer } hat allein die Sicherheitsrichtlinie geändert
settings-mail-policy-alone-text =
    Guten Tag { $name },

    das gilt jetzt: { $what } Es gilt sofort, da { $organisation } nur eine Person in der Verwaltung hat und niemand bestätigen konnte.

    Sie erfahren es, weil Sie eine Rolle haben. Überrascht Sie das, sprechen Sie jetzt mit { $proposer }. Die Verwaltung sieht es hier:

    { $link }
