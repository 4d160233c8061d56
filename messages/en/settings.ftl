# Messages of the field settings.
settings-lead = The organisation, its legal entities, and the bank accounts that payments leave from.
settings-own = Your language, password and tokens
settings-organisation = Organisation
settings-slug = Short name, for --org on the command line
settings-address = Address
settings-accounts = Accounts to pay from
settings-account = Account
settings-state = State
settings-by = By
settings-next = Next step
settings-see = Open
settings-verify = Verify
settings-entered = Waits for a second person
settings-verified = In use
settings-closed = Closed
settings-altered = Altered outside of the program
settings-by-setup = Entered at the setup
settings-entered-by = Entered by { $name }
settings-both-by = Entered by { $entered }, verified by { $verified }
settings-back = Back
settings-entity-add = Add a legal entity
settings-entity-lead = Another company of the organisation that owes and pays bills. Its account pays nothing before a second person has verified it.
settings-vat-id-doubtful = The check digits of the VAT id that you entered are not those that its country makes: most of the time that is a slip. Compare it with the company's papers; documents that name the company are found by it.
settings-entity-submit = Add legal entity
settings-account-add = Add an account
settings-account-lead = An account that payments leave from. Nothing is paid from it before another administrator or a payer has verified it. Close the old account if this one takes its place.
settings-account-label = Name of the account
settings-account-label-hint = How your colleagues know it, such as Main account.
settings-account-submit = Submit for verification
settings-account-verify = Verify an account to pay from
settings-account-page = An account to pay from
settings-in-use-lead = Payments leave from this account. Close it when nothing is to be paid from it any more.
settings-closed-lead = Nothing is paid from this account any more, and it cannot be opened again.
settings-verify-lead = Take the bank's own papers to hand, such as a statement: not the message or the person that asked for the change.
settings-verify-iban = IBAN from the bank's papers
settings-verify-iban-hint = Type it from the paper. It is compared with what was entered.
settings-close = Close this account
settings-close-reason = Why
settings-close-hint = Nothing is paid from a closed account. It cannot be opened again; enter it anew.
settings-error-field = This is missing, or longer than 500 characters.
settings-error-known = The entity has this account already.
settings-error-not-now = The account does not wait for this step: load the settings again to see where it stands.
settings-error-same-human = You entered this account. Another administrator, or a payer, has to verify it.
settings-error-other-iban = This is not the IBAN that was entered. Compare it once more with the bank's papers; if the entry is wrong, close this account and enter it anew.
settings-error-altered = The account was altered outside of the program. Pay nothing from it and tell the security officer.
settings-policy-title = Security
settings-policy-lead = What your organisation asks of everybody who signs in. One administrator proposes a change; it holds once another one confirms it, at once and everywhere.
settings-policy-now = In force
settings-policy-all = A second factor is required of everybody, and cannot be turned off.
settings-policy-factors-any = Second factors are codes of an app, passkeys, and recovery codes where neither is at hand.
settings-policy-factors-passkeys = Second factors are passkeys alone: who has only an app sets up a passkey at the next sign-in.
settings-policy-fresh-is = What moves money, gives power or changes how somebody signs in needs a factor that was shown within { $minutes } minutes.
settings-policy-idle-is = A session ends after { $minutes } minutes without a request.
settings-policy-idle-standard = A session ends without a request when the installation's configuration says so.
settings-policy-longest-is = A session ends after { $minutes } minutes in any case.
settings-policy-longest-standard = A session ends in any case when the installation's configuration says so.
settings-policy-pci-off = The PCI profile is off: passwords have at least 8 characters, are not among those that are tried first, and never expire.
settings-policy-pci-days = PCI DSS 4.0.1 profile: at least 12 characters with digits and letters, none of the last four, another one every 90 days; ten failed attempts lock for 30 minutes.
settings-policy-pci-dynamic = PCI DSS 4.0.1 profile: at least 12 characters with digits and letters, none of the last four, no expiry: known devices are told apart, failed attempts are counted by account, device and network, and a sign-in from a new device is mailed; ten failed attempts lock for 30 minutes.
settings-policy-reveals-is = { $count ->
    [0] Nobody sees a bank account or a tax number in full without a second person.
    [one] One person sees one bank account or tax number in full within an hour; more take a second person.
   *[other] One person sees up to { $count } bank accounts or tax numbers in full within an hour; more take a second person.
 }
settings-policy-waits = Waits for another administrator
settings-policy-change = Propose a change
settings-policy-factors = Second factors
settings-policy-factors-hint = With passkeys alone everybody signs in again, and nobody can be led to a false page for a code.
settings-policy-choose-any = An app or a passkey
settings-policy-choose-passkeys = Passkeys alone
settings-policy-no-passkeys = The address of this installation is a number, for which browsers make no passkeys.
settings-policy-fresh = A factor is fresh for (minutes)
settings-policy-fresh-hint = 1 to 60. Shorter asks more often before money moves.
settings-policy-idle = Sessions end without a request after (minutes)
settings-policy-idle-hint = From 5, at most { $minutes }, which your configuration says; empty takes that. PCI DSS 8.2.8 asks for 15.
settings-policy-longest = Sessions end in any case after (minutes)
settings-policy-longest-hint = From 30, at most { $minutes }, which your configuration says; empty takes that.
settings-policy-pci = PCI DSS profile for passwords
settings-policy-pci-hint = When it is turned on everybody signs in again and chooses a password of the profile.
settings-policy-choose-pci-off = Off
settings-policy-choose-pci-days = On, passwords change every 90 days
settings-policy-choose-pci-dynamic = On, with dynamic analysis in place of the change
settings-policy-reveals = Sealed values that one person sees in full within an hour
settings-policy-reveals-hint = 0 to 50; empty takes 5. With 0 every one takes a second person. Several at once always do.
settings-policy-submit = Propose
settings-mail-policy-proposed-subject = { $organisation }: { $proposer } proposes another security policy
settings-mail-policy-proposed-text =
    Hello { $name },

    { $proposer } proposes: { $what }

    Another administrator confirms or refuses it within seven days:

    { $link }

    Confirm only what you have talked about with { $proposer }, in person or by a channel you trust.
settings-mail-policy-confirmed-subject = { $organisation }: another security policy is in force
settings-mail-policy-confirmed-text =
    Hello { $name },

    what { $proposer } proposed was confirmed and is in force: { $what }

    If this surprises you, talk to the administrators now:

    { $link }
settings-mail-policy-refused-subject = { $organisation }: the security policy stays
settings-mail-policy-refused-text =
    Hello { $name },

    what { $proposer } proposed was refused, and nothing was changed: { $what }

    { $link }
settings-mail-policy-alone-subject = { $organisation }: { $proposer } alone changed the security policy
settings-mail-policy-alone-text =
    Hello { $name },

    this is in force now: { $what } It took effect at once, since { $organisation } has one administrator and nobody could confirm it.

    You are told because you have a role. If this surprises you, talk to { $proposer } now. Administrators see it here:

    { $link }
