# Messages of the field people.
people-accept-lead = { $person } invites you to { $organisation }.
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
people-link-once = It works once and is shown only now. Give it to your colleague in person or by a channel you trust.
people-invite-lead = Whoever enters a bill cannot approve it, whatever the roles say.
people-invite-submit = Create invitation
people-title-accept = Welcome to Countersign
