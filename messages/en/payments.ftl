# Messages of the field payments.
payments-propose = Propose a payment run
payments-none = No payment runs yet
payments-none-advice = When bills are approved and due, propose a run. Another person approves it.
payments-run = Run
payments-date = Execution date
payments-state = State
payments-count = Payments
payments-sum = Total
payments-left-out = { $count ->
    [one] 1 bill is left out
   *[other] { $count } bills are left out
  }
payments-left-out-hint = They are due, but something keeps them from being paid.
payments-bill = Bill
payments-why = Why
payments-what-to-do = What to do
payments-amount = Amount
payments-propose-lead = Approved bills that are due. Untick what should wait.
payments-from = Pay from
payments-due-until = Due until
payments-refresh = Show
payments-nothing-due = Nothing payable is due
payments-nothing-due-advice = Choose a later date, or look below at what is left out and why.
payments-select-all = Select all
payments-to = To account
payments-due = Due
payments-total-of = { $count ->
    [one] Total of 1 payment
   *[other] Total of { $count } payments
  }
payments-propose-submit = Propose this run
payments-second-person = Another person approves it before a file exists.
payments-payments = Payments of this run
payments-next-step = Next step
payments-download = Download payment file
payments-facts = This run
payments-people = Who did what
payments-error-conflict = Somebody else changed the run, or its payments are not the ones you saw. Load the page again.
payments-error-field = This is missing or cannot be used.
payments-error-nothing = Choose at least one bill that can be paid.
payments-error-too-many = A run takes { $most } payments at most. Propose several runs.
payments-error-not-payable = These cannot be paid now: { $bills }. Take them out, or settle what is named.
payments-error-in-run = One of these bills is in another run already. Load the page again.
payments-error-not-now = The run is { $state }, so this step is not possible. Load the page again.
payments-error-same-human = You proposed this run, so another person has to countersign it.
payments-error-duties = You had another duty in these payments: { $bills }. Somebody else has to do this, or take the payments out.
payments-error-altered = The stored run does not fit its own record: it was changed outside of Countersign. Void it, and tell your security officer.
payments-error-file = No payment file can be written: { $why }
