# Messages of the field sign_in.
sign-in-email = E-Mail-Adresse
sign-in-password = Passwort
sign-in-continue = Weiter
sign-in-forgot = Passwort vergessen? Bitten Sie Ihre Administration um eine neue Einladung.
sign-in-code-lead = Öffnen Sie Ihre Authenticator-App.
sign-in-code = Sechs Ziffern
sign-in-submit = Anmelden
sign-in-lost = Ich habe mein Telefon nicht
sign-in-recovery-lead = Verwenden Sie einen der Codes, die Sie bei der Einrichtung verwahrt haben.
sign-in-recovery-code = Wiederherstellungscode
sign-in-recovery-hint = Jeder Code gilt einmal.
sign-in-back-to-code = Stattdessen die App verwenden
sign-in-title-code = Ihr zweiter Faktor
sign-in-title-recovery = Wiederherstellungscode verwenden
