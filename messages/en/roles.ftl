# Roles that an organisation makes.
roles-title = Roles of your own
roles-lead = Sets of permissions under a name of yours, given to people like the roles that are built in. Power by two holds for them: a role that approves, verifies, releases or administers is given by two administrators, and so is such a permission to a role.
roles-new = New role
roles-none = There is no role of your own yet. The built-in ones may be enough.
roles-name = Name
roles-permissions = What it gives
roles-holders = Who has it
roles-nobody = nobody
roles-in-use = In use
roles-retired = Retired
roles-waits = Waits for a second administrator
roles-gains = The role { $role } shall give { $permissions } as well, to everybody who has it.
roles-role-lead = What the role loses is lost with your click, and whoever has it signs in anew. Power that it gains waits for another administrator.
roles-save = Save the role
roles-retire = Retire the role
roles-retire-lead = A retired role is given to nobody new and keeps its name. Whoever has it keeps it until it is taken from her.
roles-duties-meet = Several duties of a payment meet in this role: { $duties }. Whoever has it still takes one of them in each payment: they are compared by the human.
roles-duty-entering = entering
roles-duty-approving = approving
roles-duty-verifying = verifying bank accounts
roles-duty-releasing = releasing
roles-mail-proposed-subject = { $organisation }: { $by } proposes more power for the role { $what }
roles-mail-proposed-text =
    Hello { $name },

    { $by } proposes that the role { $what } gives this as well, to everybody who has it: { $more }.

    Another administrator confirms or refuses it within seven days:

    { $link }

    Confirm only what you have talked about with { $by }, in person or by a channel you trust.
roles-mail-confirmed-subject = { $organisation }: the role { $what } has more power
roles-mail-confirmed-text =
    Hello { $name },

    { $by } confirmed that the role { $what } gives this as well: { $more }. Everybody who has the role has it now.

    If this surprises you, talk to the administrators now:

    { $link }
roles-mail-refused-subject = { $organisation }: the role { $what } stays as it is
roles-mail-refused-text =
    Hello { $name },

    { $by } refused that the role { $what } gives this as well: { $more }. Nothing was changed.

    { $link }
roles-mail-alone-subject = { $organisation }: { $by } alone gave the role { $what } more power
roles-mail-alone-text =
    Hello { $name },

    the role { $what } gives this as well now: { $more }. It took effect at once, since { $organisation } has one administrator and nobody could confirm it.

    You are told because you have a role. If this surprises you, talk to { $by } now. Administrators see it here:

    { $link }

# What a permission lets somebody do.
permission-bills-read = Read bills
permission-bills-enter = Enter and correct bills
permission-bills-code = Code bills
permission-bills-decide = Approve, send back or reject bills
permission-holds-release = Release holds
permission-vendors-read = Read vendors
permission-vendors-edit = Keep vendors
permission-bank-accounts-enter = Enter vendors' bank accounts
permission-bank-accounts-verify = Verify bank accounts
permission-runs-read = Read payment runs
permission-runs-propose = Propose payment runs
permission-runs-countersign = Countersign payment runs
permission-runs-release = Release payment runs
permission-people-read = See people and their roles
permission-people-administer = Administer people, roles and signing in
permission-settings-edit = Change settings and own bank accounts
permission-journal-read = Read, verify and take the journal
permission-secrets-reveal = See bank accounts and tax numbers in full, and let others see them
permission-tokens-own = Make tokens for programs
