# Messages of showing sealed values in full.
reveals-title = Shown in full
reveals-lead = Bank accounts and tax numbers are masked everywhere. Here stands who asked to see some in full, what for, and who approved it.
reveals-none = Nobody has asked to see anything in full.
reveals-new = Show in full
reveals-new-one = Say what for. The journal keeps who saw it, when and why, and everybody who may read the object can read that.
reveals-new-two = Say what for. Another person has to approve this before you see it; then you can open it once.
reveals-several = Several at once
reveals-several-lead = Choose vendors: all their bank accounts are asked for in one batch, which another person approves.
reveals-from = Names from
reveals-no-vendors = No vendor from this name on has a bank account.
reveals-go-on = Go on
reveals-accounts = { $count ->
    [one] 1 account
   *[other] { $count } accounts
 }
reveals-count = { $count ->
    [one] 1 value
   *[other] { $count } values
 }
reveals-request = Request to show in full
reveals-purpose = Purpose
reveals-purpose-bank = The bank asks about a payment
reveals-purpose-owner = The one whom it is about compares or corrects it
reveals-purpose-authority = A tax authority or a court asks
reveals-purpose-audit = An auditor compares it with a paper
reveals-purpose-incident = A fraud or an incident is looked into
reveals-reason = Reason in your words
reveals-reason-hint = 5 to 500 characters, such as the payment that the bank names. Do not repeat the number itself.
reveals-values = Values
reveals-value = Value
reveals-what = What it is
reveals-owner = Of
reveals-vendor-iban = Bank account
reveals-vendor-vat-id = VAT id
reveals-vendor-legal-id = Registration number
reveals-entity-iban = Account that we pay from
reveals-entity-vat-id = VAT id of ours
reveals-state = State
reveals-state-open = Waits for another person
reveals-state-approved = Approved, not opened
reveals-state-opened = Shown
reveals-state-refused = Refused
reveals-state-withdrawn = Withdrawn
reveals-state-late = Not in time
reveals-asked-by = Asked by
reveals-decided-by = Decided by
reveals-approved-by = Approved by
reveals-by = { $name }, { $time }
reveals-ask = Ask another person
reveals-approve = Approve
reveals-refuse = Refuse
reveals-open = Open once
reveals-open-csv = Open once as CSV
reveals-withdraw = Withdraw
reveals-open-until = You can open it once, until { $time }.
reveals-decide-until = You can decide until { $time }. Approve only what you have talked about with whoever asks.
reveals-another-decides = Another person decides, not you.
reveals-shown = Shown once
reveals-shown-lead = This page is kept nowhere. To see it again, ask again.
reveals-seen = Who saw this
reveals-seen-lead = Each time that somebody saw a bank account or a tax number of it in full. Reading masked pages is not recorded.
reveals-seen-person = What this person saw in full. Reading masked pages is not recorded.
reveals-seen-run = Who fetched the payment file, which holds every account that it pays. Reading the run's page is not recorded.
reveals-seen-bill = Each time that somebody opened the document of this bill, on a page or as a file: told once an hour for each sign-in or token.
reveals-seen-none = Nobody has.
reveals-document-opened = Document opened
reveals-file-fetched = Payment file fetched
reveals-mail-asked-subject = { $organisation }: { $by } asks to see values in full
reveals-mail-asked-text =
    Hello { $name },

    { $by } asks to see bank accounts or tax numbers in full. Another person approves or refuses it within a day:

    { $link }

    Approve only what you have talked about with { $by }, in person or by a channel you trust.
reveals-mail-approved-subject = { $organisation }: { $by } approved what you asked to see
reveals-mail-approved-text =
    Hello { $name },

    { $by } approved what you asked to see in full. You can open it once within 30 minutes:

    { $link }

    If you asked for nothing, tell an administrator at once.
reveals-mail-refused-subject = { $organisation }: { $by } refused what you asked to see
reveals-mail-refused-text =
    Hello { $name },

    { $by } refused what you asked to see in full. The request and its reason:

    { $link }
error-reveal-purpose = No purpose is chosen. Choose one of the list.
error-reveal-reason = The reason is missing, or shorter than 5 or longer than 500 characters. Say in your words why you need it.
error-reveal-count = Nothing is named, or more than { $most } values. Ask for 1 to { $most }.
error-reveal-nobody-approves = Nobody else can approve this: give another person a role that sees sealed values in full, and ask again.
error-reveal-not-open = This was decided on, opened or withdrawn before. Ask again if you still need it.
error-reveal-late = The time for this is over. Ask again.
error-reveal-same-human = Whoever asked does not approve: another human has to.
error-reveal-not-asked = Only whoever asked can do this.
error-reveal-altered = What is stored is not what was asked for or approved. Nothing is shown; tell your security officer.
