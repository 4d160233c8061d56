# The frame around every page.
platform-date = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
  } { $year }
platform-date-time = { $date }, { $clock }
platform-skip = Skip to content
platform-search-label = Search bills
platform-search-hint = Vendor, invoice number, amount
platform-key-search = Search
platform-upload = Add bills
platform-account-of = Account of { $name }
platform-my-account = My account
platform-shortcuts = Keyboard shortcuts
platform-sign-out = Sign out
platform-nav-label = Sections
platform-waiting = waiting:
platform-leave = You have changes that are not saved.
platform-copied = Copied
platform-copy = Copy
platform-close = Close
platform-key-next = Next in the list
platform-key-previous = Previous in the list
platform-key-open = Open
platform-promise = Your bills and bank details are encrypted on this server.
platform-source-term = Business term of the invoice standard EN 16931
platform-source-typed = typed by { $person }
platform-absent = not stated
platform-meanwhile = What changed in the meantime
platform-removed = removed
platform-holds = { $count ->
    [one] 1 hold keeps this from being paid
   *[other] { $count } holds keep this from being paid
  }
platform-who-saw = Who saw this
platform-what-i-saw = What I saw in full
platform-what-changed = What changed
platform-not-seen = Who saw this: nothing sealed is shown here, and opening this page is not recorded.
platform-pages = Pages
platform-previous = Previous
platform-next = Next
platform-form-errors = { $count ->
    [one] One entry needs your attention
   *[other] { $count } entries need your attention
  }
platform-steps = Steps
platform-step-done = Done:
platform-show = Show
nav-home = Waiting for you
nav-bills = Bills
nav-approvals = Approvals
nav-vendors = Vendors
nav-payments = Payments
nav-journal = Journal
nav-trust = Trust
nav-people = People
nav-policy = Approval policy
nav-settings = Settings
platform-views = Views
home-nothing = Nothing waits for you
home-nothing-advice = You are up to date. New bills appear here as soon as they need you.
home-all = Show all
home-figures = At a glance
home-summary = { $count ->
    [0] Nothing waits for you.
    [one] 1 thing waits for you.
   *[other] { $count } things wait for you.
  }
home-to-approve = to approve
home-to-approve-for = to approve for { $name }, until { $until }
home-to-countersign = payment runs to countersign
home-to-release = payment runs to release
home-to-verify = bank accounts to verify
home-to-reveal = Sealed values to let somebody see
home-asked-by-another = asks to see it in full
home-to-verify-own = accounts of ours to verify
home-on-hold = bills on hold
home-to-mend = bills sent back, to mend
home-to-type = bills to type
home-to-code = bills to code and send
home-due = Due { $date }
home-overdue = Overdue since { $date }
home-execution = To be executed on { $date }
home-no-due-date = No due date
home-entered-by-another = Another person entered it
home-unread = Unread document
