# Messages of the field sign_in.
sign-in-email = E-Mail-Adresse
sign-in-password = Passwort
sign-in-continue = Weiter
sign-in-forgot = Passwort vergessen?
sign-in-code-lead = Öffnen Sie Ihre Authenticator-App.
sign-in-code = Sechs Ziffern
sign-in-submit = Anmelden
sign-in-lost = Ich habe mein Telefon nicht
sign-in-recovery-lead = Verwenden Sie einen der Codes, die Sie bei der Einrichtung verwahrt haben.
sign-in-recovery-code = Wiederherstellungscode
sign-in-recovery-hint = Jeder Code gilt einmal. Bindestriche, Leerzeichen und Kleinbuchstaben spielen keine Rolle.
sign-in-recovery-none = Kein Wiederherstellungscode mehr da? Fragen Sie die Verwaltung: Zwei von ihnen können Ihren verlorenen zweiten Faktor gemeinsam beenden, und mit einem Link per Mail richten Sie dann einen neuen ein. Wo es nicht genug von ihnen gibt, kann es, wer den Server betreibt.
sign-in-back-to-code = Stattdessen die App verwenden
sign-in-title-code = Ihr zweiter Faktor
sign-in-title-recovery = Wiederherstellungscode verwenden
sign-in-refused = Die Anmeldung ist fehlgeschlagen: Adresse oder Passwort sind falsch, oder es gab zu viele Versuche. Prüfen Sie beides; warten Sie nach mehreren Versuchen einige Minuten.
sign-in-code-refused = Der Code wird nicht angenommen: Er ist falsch, wurde schon verwendet, oder es gab zu viele Versuche. Warten Sie auf den nächsten Code der App.
sign-in-recovery-refused = Der Code wird nicht angenommen: Er ist falsch, wurde schon verwendet, oder es gab zu viele Versuche.
sign-in-passkey-alone = Mit einem Passkey anmelden
sign-in-passkey-use = Passkey verwenden
sign-in-passkey-failed = Der Browser hat keinen Passkey gegeben: Sie haben das Fenster geschlossen, es hat zu lange gedauert, oder dieses Gerät hat keinen für Sie. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.
sign-in-passkey-refused = Der Passkey wird nicht angenommen: er ist hier unbekannt oder wurde entfernt, die Seite war zu lange offen, oder es waren zu viele Versuche. Laden Sie die Seite neu und versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.
sign-in-passkey-needs-script = Passkeys brauchen JavaScript und einen Browser, der sie kennt.
sign-in-organisation = Organisation
sign-in-organisation-hint = Ihr Kurzname, wie in Ihrer Einladung.
sign-in-title-forgot = Passwort vergessen
sign-in-forgot-lead = Geben Sie Ihre E-Mail-Adresse ein. Gehört sie zu einem Konto mit Passwort, geht ein Link an sie, mit dem Sie ein anderes wählen.
sign-in-forgot-send = Link zusenden
sign-in-forgot-asked = Gehört diese Adresse zu einem Konto mit Passwort, ist ein Link dorthin unterwegs. Er gilt einmal und eine halbe Stunde lang.
sign-in-forgot-no-mail = Keine Mail nach einigen Minuten? Sehen Sie unter den unerwünschten nach, prüfen Sie die Adresse, oder fragen Sie Ihre Administration.
sign-in-back = Zurück zur Anmeldung
sign-in-title-reset = Ein anderes Passwort wählen
sign-in-title-renew = Ein anderes Passwort wählen
sign-in-renew-lead = Die Richtlinie Ihrer Organisation beendet Ihr bisheriges. Wählen Sie ein anderes, dann geht es weiter; Ihre anderen Sitzungen enden.
sign-in-renew-hint = Mindestens 12 Zeichen mit Ziffern und Buchstaben, und keines Ihrer letzten vier.
sign-in-reset-lead = Alle Ihre Sitzungen enden damit. Bei der nächsten Anmeldung wird Ihr zweiter Faktor verlangt, wie immer.
sign-in-mail-unknown = unbekannt
sign-in-mail-reset-subject = Ein neues Passwort für { $organisation }
sign-in-mail-reset-text =
    Guten Tag { $name },

    jemand hat einen Link verlangt, um ein anderes Passwort für Ihr Konto zu wählen. Waren Sie es, öffnen Sie ihn:

    { $link }

    Er gilt einmal und eine halbe Stunde lang. Waren Sie es nicht, ist nichts zu tun: Ihr Passwort bleibt, wie es ist.
sign-in-mail-device-subject = Anmeldung bei { $organisation } von einem neuen Gerät
sign-in-mail-device-text =
    Guten Tag { $name },

    jemand hat sich mit Ihrem Konto bei { $organisation } von einem Gerät angemeldet, das dafür bisher nicht benutzt wurde.

    Wann: { $time }
    Browser: { $device }
    Adresse: { $address }

    Waren Sie es, ist nichts zu tun. Wenn nicht, sagen Sie es neben dieser Anmeldung; das beendet sie und alles, was durch sie kam: { $link }
sign-in-mail-disowned-subject = Sie haben gesagt, dass sich jemand anderes an Ihrem Konto bei { $organisation } angemeldet hat
sign-in-mail-disowned-text =
    Guten Tag { $name },

    in einer Ihrer Sitzungen wurde gesagt, dass Sie eine Anmeldung an Ihrem Konto bei { $organisation } nicht selbst waren.

    Wann: { $time }
    Browser: { $device }
    Adresse: { $address }

    Ihre anderen Sitzungen, Ihre Tokens und Ihre bekannten Geräte sind beendet, und Ihr Passwort lässt niemanden herein, bis Sie ein anderes gewählt haben. Was noch zu tun ist: { $link }
    Sind Sie nirgends mehr angemeldet, wählen Sie auf der Anmeldeseite über „Passwort vergessen“ ein anderes. Haben nicht Sie das gesagt, sagen Sie es sofort Ihrer Administration.
sign-in-mail-password-subject = Ihr Passwort für { $organisation } wurde geändert
sign-in-mail-password-text =
    Guten Tag { $name },

    das Passwort Ihres Kontos bei { $organisation } wurde geändert.

    Wann: { $time }
    Browser: { $device }
    Adresse: { $address }

    Waren Sie es nicht, sagen Sie es sofort Ihrer Administration.
sign-in-mail-password-ends-subject = Ihr Passwort für { $organisation } läuft bald ab
sign-in-mail-password-ends-text =
    Guten Tag { $name },

    Ihre Organisation ersetzt Passwörter alle 90 Tage. Ihres für { $organisation } läuft ab: { $time }.

    Wählen Sie vorher ein anderes, auf Ihrer eigenen Seite: { $link }
    Sonst werden Sie bei der nächsten Anmeldung danach gefragt.
sign-in-mail-token-ends-subject = Eines Ihrer Tokens für { $organisation } läuft bald ab
sign-in-mail-token-ends-text =
    Guten Tag { $name },

    Ihr Token „{ $device }“ bei { $organisation } läuft ab: { $time }. Was es benutzt, wird von da an abgewiesen.

    Machen Sie auf Ihrer eigenen Seite ein neues, setzen Sie es anstelle des alten ein, und widerrufen Sie das alte: { $link }
sign-in-mail-service-token-ends-subject = Ein Token eines Dienstkontos für { $organisation } läuft bald ab
sign-in-mail-service-token-ends-text =
    Guten Tag { $name },

    das Token „{ $device }“ eines Dienstkontos bei { $organisation } läuft ab: { $time }. Das Programm, das es benutzt, wird von da an abgewiesen.

    Öffnen Sie das Dienstkonto unter den Personen, machen Sie ein neues Token, geben Sie es dem Programm, und widerrufen Sie das alte: { $link }
sign-in-mail-directory-token-ends-subject = Ein Token eines Verzeichnisses für { $organisation } läuft bald ab
sign-in-mail-directory-token-ends-text =
    Guten Tag { $name },

    das Token des Verzeichnisses „{ $device }“ bei { $organisation } läuft ab: { $time }. Von da an wird durch das Verzeichnis niemand angelegt, geändert oder gesperrt.

    Machen Sie ein neues Token für das Verzeichnis, lassen Sie es von einem zweiten Administrator bestätigen, geben Sie es dem Verzeichnis, und widerrufen Sie das alte: { $link }
sign-in-mail-journal-bad-subject = Das Journal von { $organisation } beweist sich nicht mehr
sign-in-mail-journal-bad-text =
    Guten Tag { $name },

    das Journal von { $organisation } wurde geprüft: { $time }. Etwas stimmt nicht: Ein Eintrag oder eine Zeile wurde an der Anwendung vorbei geändert, hinzugefügt oder entfernt, oder die Datenbank ist beschädigt.

    Was gefunden wurde, und wann es zuletzt stimmte: { $link }

    Zeigen Sie es denen, die den Server betreiben, bevor jemand zahlt. `countersign journal verify` sagt es dort, und ein jetzt gezogenes Bündel ist ein Beleg.
sign-in-mail-factor-subject = Ihr zweiter Faktor für { $organisation } wurde geändert
sign-in-mail-factor-text =
    Guten Tag { $name },

    ein zweiter Faktor Ihres Kontos bei { $organisation } wurde hinzugefügt, entfernt oder zurückgesetzt.

    Wann: { $time }
    Browser: { $device }
    Adresse: { $address }

    Waren Sie es nicht, sagen Sie es sofort Ihrer Administration.
sign-in-mail-recovery-subject = Ein Wiederherstellungscode für { $organisation } wurde benutzt
sign-in-mail-recovery-text =
    Guten Tag { $name },

    jemand hat sich mit Ihrem Konto bei { $organisation } mit einem Ihrer Wiederherstellungscodes angemeldet.

    Wann: { $time }
    Browser: { $device }
    Adresse: { $address }

    Waren Sie es nicht, sagen Sie es sofort Ihrer Administration.
