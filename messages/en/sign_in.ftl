# Messages of the field sign_in.
sign-in-email = E-mail address
sign-in-password = Password
sign-in-continue = Continue
sign-in-forgot = Forgotten your password?
sign-in-code-lead = Open your authenticator app.
sign-in-code = Six digits
sign-in-submit = Sign in
sign-in-lost = I do not have my phone
sign-in-recovery-lead = Use one of the codes you kept when you set up your account.
sign-in-recovery-code = Recovery code
sign-in-recovery-hint = Each code works once. Hyphens, spaces and small letters do not matter.
sign-in-recovery-none = No recovery code left? Ask an administrator: two of them can end your lost second factor together, and a link by mail then lets you set up another. Where there are not enough of them, the operator of the server can.
sign-in-back-to-code = Use the app instead
sign-in-title-code = Your second factor
sign-in-title-recovery = Use a recovery code
sign-in-refused = The sign-in did not work: the address or the password is wrong, or there were too many attempts. Check both; after several attempts wait a few minutes.
sign-in-code-refused = The code is not accepted: it is wrong, was used before, or there were too many attempts. Wait for the app's next code.
sign-in-recovery-refused = The code is not accepted: it is wrong, was used before, or there were too many attempts.
sign-in-passkey-alone = Sign in with a passkey
sign-in-passkey-use = Use a passkey
sign-in-passkey-failed = The browser gave no passkey: you ended the dialogue, it took too long, or this device has none for you. Try again, or use another way.
sign-in-passkey-refused = The passkey is not accepted: it is unknown here or was removed, the page was open for too long, or there were too many attempts. Load the page again and try once more, or use another way.
sign-in-passkey-needs-script = Passkeys need JavaScript and a browser that knows them.
sign-in-organisation = Organisation
sign-in-organisation-hint = Its short name, as in your invitation.
sign-in-title-forgot = Forgotten password
sign-in-forgot-lead = Type your e-mail address. If it belongs to an account with a password, a link to choose another is mailed to it.
sign-in-forgot-send = Mail me a link
sign-in-forgot-asked = If this address belongs to an account with a password, a link is on its way to it. It works once, for half an hour.
sign-in-forgot-no-mail = No mail after a few minutes? Look among unwanted mail, check the address, or ask your administrator.
sign-in-back = Back to signing in
sign-in-title-reset = Choose another password
sign-in-title-renew = Choose another password
sign-in-renew-lead = Your organisation's policy ends the one you have. Choose another, and go on; your other sessions end.
sign-in-renew-hint = At least 12 characters with digits and letters, and none of your last four.
sign-in-reset-lead = All your sessions end with it. At the next sign-in your second factor is asked for, as always.
sign-in-mail-unknown = unknown
sign-in-mail-reset-subject = A new password for { $organisation }
sign-in-mail-reset-text =
    Hello { $name },

    somebody asked for a link to choose another password for your account. If it was you, open it:

    { $link }

    It works once, for half an hour. If it was not you, do nothing: your password stays as it is.
sign-in-mail-device-subject = A new device signed in to { $organisation }
sign-in-mail-device-text =
    Hello { $name },

    somebody signed in to your account at { $organisation } from a device that was not used for it before.

    When: { $time }
    Browser: { $device }
    Address: { $address }

    If it was you, there is nothing to do. If not, say so beside that sign-in, which ends it and all that came by it: { $link }
sign-in-mail-disowned-subject = You said that somebody else signed in to your account at { $organisation }
sign-in-mail-disowned-text =
    Hello { $name },

    it was said in a session of yours that a sign-in to your account at { $organisation } was not you.

    When: { $time }
    Browser: { $device }
    Address: { $address }

    Your other sessions, your tokens and your known devices have ended, and your password lets nobody in until you have chosen another. What is left to do: { $link }
    If you are signed in nowhere any more, choose another password by “Forgotten password” on the sign-in page. If it was not you who said so, tell your administrator at once.
sign-in-mail-password-subject = Your password for { $organisation } was changed
sign-in-mail-password-text =
    Hello { $name },

    the password of your account at { $organisation } was changed.

    When: { $time }
    Browser: { $device }
    Address: { $address }

    If it was not you, tell your administrator at once.
sign-in-mail-password-ends-subject = Your password for { $organisation } ends soon
sign-in-mail-password-ends-text =
    Hello { $name },

    your organisation replaces passwords every 90 days. Yours for { $organisation } ends at { $time }.

    Choose another one before, on your own page: { $link }
    Otherwise you are asked for another one when you sign in next.
sign-in-mail-token-ends-subject = A token of yours for { $organisation } ends soon
sign-in-mail-token-ends-text =
    Hello { $name },

    your token “{ $device }” at { $organisation } ends at { $time }. What uses it is refused from then on.

    Make another one on your own page, put it where the old one is, and revoke the old one: { $link }
sign-in-mail-service-token-ends-subject = A service account's token for { $organisation } ends soon
sign-in-mail-service-token-ends-text =
    Hello { $name },

    the token “{ $device }” of a service account at { $organisation } ends at { $time }. The program that uses it is refused from then on.

    Open the service account among the people, make another token, give it to the program, and revoke the old one: { $link }
sign-in-mail-directory-token-ends-subject = A directory's token for { $organisation } ends soon
sign-in-mail-directory-token-ends-text =
    Hello { $name },

    the token of the directory “{ $device }” at { $organisation } ends at { $time }. From then on nobody is made, changed or suspended by it.

    Make another token for the directory, let another administrator confirm it, give it to the directory, and revoke the old one: { $link }
sign-in-mail-journal-bad-subject = The journal of { $organisation } does not prove itself
sign-in-mail-journal-bad-text =
    Hello { $name },

    the journal of { $organisation } was verified at { $time }, and something does not hold: an entry or a row was changed, added or removed behind the application, or the database is damaged.

    What was found, and when it last held: { $link }

    Show it to whoever runs the server before anybody pays. `countersign journal verify` says it there, and a bundle taken now is evidence.
sign-in-mail-factor-subject = Your second factor for { $organisation } was changed
sign-in-mail-factor-text =
    Hello { $name },

    a second factor of your account at { $organisation } was added, removed or reset.

    When: { $time }
    Browser: { $device }
    Address: { $address }

    If it was not you, tell your administrator at once.
sign-in-mail-recovery-subject = A recovery code for { $organisation } was used
sign-in-mail-recovery-text =
    Hello { $name },

    somebody signed in to your account at { $organisation } with one of your recovery codes.

    When: { $time }
    Browser: { $device }
    Address: { $address }

    If it was not you, tell your administrator at once.
