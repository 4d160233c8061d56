# Messages of the field sign_in.
sign-in-email = E-mail address
sign-in-password = Password
sign-in-continue = Continue
sign-in-forgot = Forgotten your password? Ask your administrator for a new invitation.
sign-in-code-lead = Open your authenticator app.
sign-in-code = Six digits
sign-in-submit = Sign in
sign-in-lost = I do not have my phone
sign-in-recovery-lead = Use one of the codes you kept when you set up your account.
sign-in-recovery-code = Recovery code
sign-in-recovery-hint = Each code works once.
sign-in-back-to-code = Use the app instead
sign-in-title-code = Your second factor
sign-in-title-recovery = Use a recovery code
