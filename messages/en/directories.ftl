# Messages of the field provisioning.
directories = Directories
directories-lead = A directory (SCIM 2.0) sends the people who may use Countersign, and tells when somebody has left. It reaches nobody but those whom it sent itself.
directories-address = Where the directory sends people
directories-none = No directory sends people.
directories-counts = { $users ->
    [one] 1 person sent, { $accounts } with an account
   *[other] { $users } people sent, { $accounts } of them with an account
  }
directories-waiting = { $count ->
    [one] 1 active person has no account. The account is made once she has an address of a domain that two administrators have confirmed under Signing in, at the directory's next change of her.
   *[other] { $count } active people have no account. Each account is made once the person has an address of a domain that two administrators have confirmed under Signing in, at the directory's next change of the person.
  }
directories-tokens = Tokens
directories-token-new = The directory's token
directories-token-make = Make a token
directories-made = Made by
directories-used = Last used
directories-mappings = Roles that groups give
directories-group = Group
directories-role = Role
directories-map = Propose that the group gives the role
directories-mapping-end = End
directories-add = Add a directory
directories-add-lead = Its token works once another administrator has confirmed it.
directories-name = Name of the directory
directories-mail-proposed-subject = { $organisation }: { $proposer } made a token for the directory { $what }
directories-mail-proposed-text =
    Hello { $name },

    { $proposer } made a token for the directory { $what }. Whoever has it makes people's accounts and suspends them, and gives the roles that groups give.

    It works once another administrator has confirmed it:

    { $link }

    Confirm only what you have talked about with { $proposer }, in person or by a channel you trust.
directories-mail-confirmed-subject = { $organisation }: a token of the directory { $what } was confirmed
directories-mail-confirmed-text =
    Hello { $name },

    The token that { $proposer } made for the directory { $what } was confirmed, and works.

    If this surprises you, revoke it:

    { $link }
directories-mail-alone-subject = { $organisation }: a token of the directory { $what } works
directories-mail-alone-text =
    Hello { $name },

    { $proposer } made a token for the directory { $what }. It works at once, because nobody else administers { $organisation }. Whoever has it makes people's accounts and suspends them.

    If this surprises you, talk to { $proposer }.
directories-mail-mapping-subject = { $organisation }: { $proposer } proposes a role for the group { $what }
directories-mail-mapping-text =
    Hello { $name },

    { $proposer } proposes that the group { $what } of a directory gives a role. Whoever the directory puts into the group has it then.

    Another administrator confirms or refuses it:

    { $link }

    Confirm only what you have talked about with { $proposer }, in person or by a channel you trust.
directories-mail-mapping-alone-subject = { $organisation }: the group { $what } gives a role
directories-mail-mapping-alone-text =
    Hello { $name },

    { $proposer } decided that the group { $what } of a directory gives a role. It does at once, because nobody else administers { $organisation }.

    If this surprises you, talk to { $proposer }.
scim-error-filter = The filter cannot be read. It compares attributes of this kind of resource, such as userName eq "ann@example.com".
scim-error-no-filter = What this service can do is not filtered. Ask for it without a filter.
scim-error-path = There is no attribute at the path { $path }.
scim-error-target = The path finds no value that could be changed.
scim-error-syntax = The request cannot be read at { $what }. See the schemas of this service.
scim-error-value = { $what } is missing, or cannot have this value.
scim-error-mutability = { $what } cannot be changed.
scim-error-known = Another user has this name, or another account this address.
scim-error-not-its-own = An account that this directory did not make has this address. Two administrators can permit the directory to take it over, under Directories in the settings; not while she is invited, suspended, or approves, verifies, releases or administers anything.
directories-permit = Take over an account that was made by hand
directories-permit-lead = An account of this address that was made by an invitation comes under this directory when the directory sends its user, once another administrator has confirmed it. From then on the directory can rename and suspend it. Its roles stay; whoever has power stays outside.
directories-permit-email = E-mail address of the account
directories-permit-do = Propose it
directories-nobody = Nobody here has this address.
scim-error-version = The resource has changed since it was read. Read it again.
scim-error-not-here = This service does not offer this part of SCIM. Its service provider configuration tells what it offers.
scim-error-media-type = Send application/scim+json.
