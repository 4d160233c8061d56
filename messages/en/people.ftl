# Messages of the field people.
people-accept-lead = You are invited to { $organisation }.
people-accept-roles = You will be: { $roles }.
people-accept = Accept invitation
people-name = Name
people-email = E-mail address
people-roles = Roles
people-state = State
people-last-seen = Last seen
people-never = never
people-invite = Invite a colleague
people-link-title = Invitation link
people-link-once = It was mailed as well. It works once and is shown only now: where mail does not arrive, give it to your colleague in person or by a channel you trust.
people-invite-lead = Whoever enters a bill cannot approve it, whatever the roles say.
people-invite-submit = Create invitation
people-title-accept = Welcome to Countersign
people-active = Active
people-invited = Invited
people-suspended = Suspended
people-no-role = Choose at least one role.
people-save-roles = Save roles
people-roles-within = Roles in one legal entity
people-roles-within-lead = Instead of in all of them: she sees and does there alone what the role says. Vendors and their bank accounts serve all legal entities, so that changing them takes a role in all.
people-role-in = { $role } in { $entity }
people-suspend = Suspend
people-resume = Let in again
people-suspend-over-lead = A directory has suspended this person, and can let her in again. If you suspend her yourself, only an administrator can.
people-suspend-lead = A suspended person is signed out at once and cannot sign in; what she did stays hers.
people-oneself = This is you. Another administrator changes your roles.
people-role-clerk = AP clerk
people-role-clerk-does = Enters bills, handles intake and vendors' questions.
people-role-coder = Coder
people-role-coder-does = Codes lines to accounts and cost centres.
people-role-approver = Approver
people-role-approver-does = Decides on bills.
people-role-payer = Payer
people-role-payer-does = Proposes, countersigns and releases payment runs.
people-role-vendor-manager = Vendor manager
people-role-vendor-manager-does = Keeps vendors and verifies their bank accounts.
people-role-administrator = Administrator
people-role-administrator-does = Keeps people, settings and policies.
people-role-auditor = Auditor
people-role-auditor-does = Reads everything but secrets, and changes nothing.
people-role-security-officer = Security officer
people-role-security-officer-does = Watches over trust, incidents and keys; sees sealed values in full, and lets others see them.
people-role-unknown = A role that is not there
people-me = My account
people-delegations = Delegations
people-delegations-lead = Let somebody decide on bills on your behalf while you are away. You can end it at any time; it ends by itself on its last day, or when you do not decide on bills any more.
people-delegations-none = You have delegated nothing, and nothing was delegated to you.
people-delegation-new = Delegate deciding on bills
people-delegation-principal = On behalf of
people-delegation-delegate = Delegate
people-delegation-delegate-hint = Somebody who reads the bills already. What either of you entered, neither of you approves.
people-delegation-entity = Legal entity
people-delegation-everywhere = All legal entities
people-delegation-from = First day
people-delegation-until = Last day
people-delegation-until-hint = At most 90 days.
people-delegation-submit = Delegate
people-delegation-end = End
people-delegation-ended = Ended
people-delegation-over = Over
people-delegation-now = Stands
people-delegation-later = Begins later
people-delegation-wrong-entity = Choose one of your legal entities.
people-delegation-wrong-date = Enter a date, such as 2026-01-31.
people-tokens = API tokens
people-tokens-lead = A token lets a program act as you, within the permissions you choose. It never gives more than your roles do.
people-token-name = What it is for
people-token-days = Days until it expires
people-token-days-hint = At most 366.
people-token-permissions = Permissions
people-token-create = Create token
people-token-revoke = Revoke
people-token-used = Last used
people-token-expires = Expires
people-token-revoked = Revoked
people-token-expired = Expired
people-token-works = Works
people-token-new = Your new token
people-token-once = It is shown only now. Put it where your program finds it, and nowhere else.
people-tokens-none = You have no tokens.
people-service = Service account
people-service-add = Add a service account
people-service-lead = For a program: it acts by tokens that administrators make, and has no password. It enters and reads; it approves, verifies, releases and administers nothing. You answer for it: what it enters counts as entered by you.
people-service-name = Name
people-service-name-hint = Which program uses it, such as "Scanner in Cork".
people-service-answers = { $name } answers for it
people-service-no-tokens = It has no tokens yet.
people-service-token-lead = Whoever makes a token answers for the account from then on. Where another administrator did so before, the tokens of before end.
people-service-suspend-lead = While it is suspended, none of its tokens works.
people-security = Second factors
people-security-lead = What you are asked for beside your password: codes of an app, passkeys, and recovery codes for when neither is at hand.
people-security-open = Passkeys and recovery codes
people-security-app = An app gives codes for your account.
people-app = Codes of an app
people-app-title = Another app for codes
people-app-beside = An app gives codes where your passkey is not at hand.
people-app-replaces = The new app takes the place of the one before once you type its first code.
people-app-add = Add an app
people-app-replace = Replace the app
people-app-remove = Remove the app
people-elsewhere = Signed in elsewhere
people-elsewhere-lead = If a factor was lost or somebody else may have had it, end your other sessions as well.
people-elsewhere-end = End all other sessions
people-devices = Known devices
people-devices-lead = Browsers in which you have signed in within 90 days. They let nobody in; strangers who try your password do not lock you out of them. Forget those that are not yours any more.
people-devices-none = No browser is known.
people-device-remembered = Known since
people-device-this = This browser
people-device-forget = Forget
people-security-step-up = Show a factor first
people-security-step-up-lead = Factors can be changed only a moment after one was shown. If you have none at hand, use a recovery code.
people-security-last = This is your only second factor. Add another one before you remove it.
people-step-up-title = Show your second factor
people-step-up-lead = What you asked for moves money, gives power or changes how you sign in. It goes on once you have shown that it is you; nothing of what you typed is lost.
people-step-up-app = A code of your app
people-step-up-recovery = A recovery code instead
people-step-up-show = Show it
people-step-up-none = You have no second factor that can be asked for here. Sign out and in again, and ask an administrator if that does not help.
people-step-up-there = Where your organisation signs you in
people-step-up-there-lead = You sign in there once more, with your second factor, and come back. What you typed on the page before is not carried along this way: do it again afterwards.
people-step-up-there-go = Show it at { $name }
people-step-up-done = Thank you, it is you
people-step-up-go-on-lead = What you asked for goes on now.
people-step-up-go-on = Go on
people-passkey = Passkey
people-passkey-enrol-title = Set up a passkey
people-passkey-enrol-lead = Your organisation takes passkeys alone as second factors. Set one up on this device, or on a key; codes of an app are not asked for any more then.
people-passkeys = Passkeys
people-passkeys-none = You have no passkeys.
people-passkey-name = Name
people-passkey-name-hint = Such as "Laptop" or "blue key".
people-passkey-name-of = Name of { $name }
people-passkey-no-name = Type a name for the passkey, of at most 70 characters.
people-passkey-rename = Rename
people-passkey-created = Added
people-passkey-used = Last used
people-passkey-remove = Remove
people-passkey-remove-of = Remove { $name }
people-passkey-is-last = Your only second factor
people-passkey-another = Another passkey
people-passkey-add = Add a passkey
people-recovery-codes = Recovery codes
people-recovery-codes-lead = Ten new codes are shown once. Those you have now end.
people-recovery-codes-renew = Make new codes
people-token-no-permission = Choose at least one permission.
people-token-wrong-days = Type a number of days from 1 to 366.
people-sessions = Sessions and sign-ins
people-sessions-open = Where you are signed in
people-session-device = Device
people-session-address = Address
people-session-began = Began
people-session-this = This one
people-session-end = End
people-sessions-end-lead = Ends every session of yours but this one.
people-sessions-end-others = End all others
people-attempts = Was this you?
people-attempts-lead = These are the newest sign-ins to your account, and those that failed. If one was not you, say so beside it: every other session, every token and every known device of yours ends with it, your password lets nobody in until you have chosen another, and your administrators are told. A right password with a wrong code means that somebody knows your password.
people-attempt-time = Time
people-attempt-signed-in = Signed in
people-attempt-not-me = Not you
people-attempt-disown = This was not me
people-disowned = This was not you
people-disowned-done = What has ended
people-disowned-done-lead = All other sessions, all API tokens, all known devices and all links that were under way. Your administrators are told by mail.
people-disowned-password = Your password
people-disowned-password-lead = It lets nobody in any more. Choose another one now. If somebody has changed it, so that you do not know it, choose one by a link that is mailed to you.
people-disowned-by-mail = Mail me a link
people-disowned-replaced = You have chosen another one since.
people-disowned-elsewhere = Where you sign in
people-disowned-elsewhere-lead = You have no password here. If you sign in through your organisation's identity provider, change your password there and tell whoever runs it.
people-disowned-factors = Your factors
people-disowned-factors-lead = These were added since that sign-in began. Take away what is not yours; make the recovery codes anew.
people-disowned-factors-none = None was added since that sign-in began.
people-disowned-passkey = The passkey “{ $name }”
people-disowned-app = The app that gives codes
people-disowned-codes = New recovery codes
people-attempt-no-password = Refused: password
people-attempt-no-code = Password right, refused: second factor
people-end-sessions = End all sessions
people-end-sessions-lead = She is signed out everywhere at once, and may sign in again.
people-password = Password
people-password-current = Present password
people-password-change = Change password
people-password-wrong = The present password is not right, or there were too many attempts.
people-password-changed = Your password is changed, and your other sessions have ended.
people-invite-again = Invite again
people-invite-again-lead = A new link is good for a week. Links from before end with it.
people-language = Language of your pages
people-language-save = Use this language
people-language-saved = Your pages are in this language from now on.
people-wrong-language = Choose a language from the list.
people-mail-subject = { $organisation } invites you to Countersign
people-mail-text =
    Hello { $name },

    { $organisation } invites you to Countersign. Open this link to choose your password:

    { $link }

    It works once, for seven days. If you did not expect it, do not open it and tell { $organisation }.
people-requests = Waiting for a second administrator
people-requests-count = Waiting: { $count }
people-requests-lead = Roles that approve, verify, release or administer are proposed by one administrator, and exist once another human who administers confirms them.
people-requests-none = Nothing waits.
people-requests-see = See what waits
people-requests-before = Decided
people-request-asks = Asked for: { $what }
people-request-by = Proposed by { $name }, { $time }.
people-request-until = It can be confirmed until { $time }.
people-request-own = You proposed this: another administrator confirms it. You may take it back.
people-request-confirm = Confirm
people-request-refuse = Refuse
people-request-what = What
people-request-proposed = Proposed by
people-request-decided = Decided by
people-request-open = Waits
people-request-late = Not confirmed in time
people-request-confirmed = Confirmed
people-request-refused = Refused
people-request-replaced = Replaced by a later one
people-request-alone = Granted by one alone
people-request-factor-reset = the end of the second factors, which are lost
people-reset-factor = Lost her second factor
people-reset-factor-lead = If she has lost her phone or her key: once another administrator confirms it, her second factors, recovery codes, sessions and known devices end, and a link by mail lets her set up others beside her password. Talk to her first, in person or by a channel you trust.
people-new-factor-title = Set up another second factor
people-new-factor-lead = Your second factors were reset. Show your password; then you set up another.
people-new-factor-connection-lead = Your second factors were reset. Show your organisation's own sign-in; then you set up another.
people-new-factor-refused = The password is not accepted: it is wrong, or there were too many attempts. If you have forgotten it, ask for another on the page of signing in first; this link stays good meanwhile.
people-mail-lost-proposed-subject = { $organisation }: { $proposer } says that { $person } has lost her second factor
people-mail-lost-proposed-text =
    Hello { $name },

    { $proposer } proposes for { $person }: { $what }.

    Another administrator confirms or refuses it until { $until }:

    { $link }

    Talk to { $person } before you confirm, in person or by a channel you trust: whoever wants to take over an account says that its factor is lost.
people-mail-lost-confirmed-subject = { $organisation }: the second factors of { $person } were reset
people-mail-lost-confirmed-text =
    Hello { $name },

    { $proposer } proposed for { $person }: { $what }. { $decider } confirmed it. { $person } gets a link by mail to set up others.

    If this surprises you, talk to all three now. All requests are listed here:

    { $link }
people-mail-lost-refused-subject = { $organisation }: the second factors of { $person } stay
people-mail-lost-refused-text =
    Hello { $name },

    { $proposer } proposed for { $person }: { $what }. { $decider } refused it, and nothing was changed.

    All requests are listed here:

    { $link }
people-mail-lost-hers-subject = { $organisation }: your second factors may be reset
people-mail-lost-hers-text =
    Hello { $name },

    an administrator of { $organisation } proposed to end your second factors, because you have lost them. Another one has to confirm it.

    If you have not lost them, tell both at once: somebody may be trying to take over your account.
people-mail-lost-link-subject = { $organisation }: set up another second factor
people-mail-lost-link-text =
    Hello { $name },

    your second factors for { $organisation } have ended, and with them your recovery codes, sessions and known devices. With this link and your password, or your organisation's own sign-in where that is your way in, you set up another:

    { $link }

    It works once, for four hours. If you have not asked for this, do not use it, and tell your administrators at once.
people-mail-lost-operator-subject = { $organisation }: the second factors of { $person } were reset at the server
people-mail-lost-operator-text =
    Hello { $name },

    whoever operates the server ended the second factors of { $person } there. { $person } gets a link by mail to set up others.

    If this surprises you, talk to { $person } and to your operator now.
people-one-administrator = This organisation has one administrator: { $name }. What she grants takes effect at once, and everybody with a role is told by mail. Make somebody else administrator, and power is granted by two.
people-mail-delegated-subject = { $organisation }: { $delegate } decides on bills for { $principal }
people-mail-delegated-text =
    Hello { $name },

    { $principal } lets { $delegate } decide on bills on her or his behalf.

    Legal entity: { $entity }
    From { $from } until { $until }, the last day included.

    Either of you can end it here:

    { $link }
people-mail-delegation-ended-subject = { $organisation }: { $delegate } does not decide for { $principal } any more
people-mail-delegation-ended-text =
    Hello { $name },

    The delegation from { $principal } to { $delegate } ({ $from } until { $until }) has been ended. What was decided by then stays decided.

    { $link }
people-mail-proposed-subject = { $organisation }: { $proposer } proposes power for { $person }
people-mail-proposed-text =
    Hello { $name },

    { $proposer } proposes for { $person }: { $what }.

    Another administrator confirms or refuses it until { $until }:

    { $link }

    Confirm only what you have talked about with { $proposer }, in person or by a channel you trust.
people-mail-confirmed-subject = { $organisation }: power for { $person } was confirmed
people-mail-confirmed-text =
    Hello { $name },

    { $proposer } proposed for { $person }: { $what }. { $decider } confirmed it.

    If this surprises you, talk to both now. All requests are listed here:

    { $link }
people-mail-refused-subject = { $organisation }: power for { $person } was refused
people-mail-refused-text =
    Hello { $name },

    { $proposer } proposed for { $person }: { $what }. { $decider } refused it, and nothing was changed.

    All requests are listed here:

    { $link }
people-mail-alone-subject = { $organisation }: { $proposer } alone granted power to { $person }
people-mail-alone-text =
    Hello { $name },

    { $proposer } granted to { $person }: { $what }. It took effect at once, since { $organisation } has one administrator and nobody could confirm it.

    You are told because you have a role. If this surprises you, talk to { $proposer } now.
people-joins = One human
people-joins-lead = Some people have two accounts. Say so, and duties are compared as if they were one: who entered with one approves with neither, and so for what was done before. It counts at once; parting them again takes two administrators.
people-joined-with = One human with { $name }, as { $by } said on { $time }.
people-join-other = The other account
people-join = These are one human
people-split = These are two humans
people-split-asked = { $name } asks that they are parted, until { $time }.
people-mail-disowned-subject = { $organisation }: somebody else signed in as { $by }
people-mail-disowned-text =
    Hello { $name },

    { $by } says that a sign-in to that account was somebody else's.

    Browser: { $what }
    Address: { $more }

    All other sessions, tokens and known devices of the account have ended, and its password lets nobody in until it is replaced. Look in the journal at what was done in that session; what came from the account in the meantime may not be { $by }'s. You can suspend the account there:

    { $link }
people-mail-joined-subject = { $organisation }: { $what } and { $more } are one human
people-mail-joined-text =
    Hello { $name },

    { $by } said that the accounts of { $what } and of { $more } are one human's. Duties are compared as if they were one account, and what was done before counts as well.

    If this is wrong, two administrators can part them again:

    { $link }
people-mail-split-proposed-subject = { $organisation }: shall { $what } and { $more } be two humans again?
people-mail-split-proposed-text =
    Hello { $name },

    { $by } says that the accounts of { $what } and of { $more } are two humans' after all. Another administrator, who is neither of them, confirms or refuses it within seven days:

    { $link }

    Confirm only what you have talked about with { $by }, in person or by a channel you trust.
people-mail-split-subject = { $organisation }: { $what } and { $more } are two humans
people-mail-split-text =
    Hello { $name },

    { $by } confirmed that the accounts of { $what } and of { $more } are two humans'. Duties are compared for each alone.

    If this surprises you, talk to the administrators now:

    { $link }
people-mail-split-refused-subject = { $organisation }: { $what } and { $more } stay one human
people-mail-split-refused-text =
    Hello { $name },

    { $by } refused to part the accounts of { $what } and of { $more }. Nothing was changed.

    { $link }
people-delegation-waits = Waits for a second administrator until { $time }
people-delegation-absent = For somebody who is absent
people-delegation-absent-lead = Deciding on bills is power: another administrator confirms it within seven days, and both people are told. Neither of you two is the delegate.
people-delegation-absent-submit = Propose it
people-mail-absent-proposed-subject = { $organisation }: shall { $more } decide on bills for { $what }?
people-mail-absent-proposed-text =
    Hello { $name },

    { $what } is absent, and { $by } proposes that { $more } decides on bills on her behalf. Another administrator confirms or refuses it within seven days:

    { $link }

    Confirm only what you have talked about with { $by }, in person or by a channel you trust.
people-mail-absent-refused-subject = { $organisation }: { $more } does not decide for { $what }
people-mail-absent-refused-text =
    Hello { $name },

    { $by } refused that { $more } decides on bills on behalf of { $what }. Nothing was changed.

    { $link }
people-mail-absent-alone-subject = { $organisation }: { $by } alone let { $more } decide for { $what }
people-mail-absent-alone-text =
    Hello { $name },

    { $more } decides on bills on behalf of { $what } now. It took effect at once, since { $organisation } has one administrator and nobody could confirm it.

    You are told because you have a role. If this surprises you, talk to { $by } now.

    { $link }
