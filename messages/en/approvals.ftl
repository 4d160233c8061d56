# Messages of the field approvals.
approvals-lead = { $count ->
    [0] Nothing to decide.
    [one] 1 bill waits for your decision.
   *[other] { $count } bills wait for your decision.
  }
approvals-none = Nothing waits for your decision
approvals-none-advice = When a bill needs you, it appears here with the reason.
approvals-bill = Bill
approvals-amount = Amount
approvals-due = Due
approvals-why-you = Why you
approvals-sent-by = Sent by
approvals-your-decision = Your decision
approvals-comment = Comment
approvals-comment-hint = Needed to send back or to reject. The next person reads it.
approvals-approve = Approve
approvals-send-back = Send back
approvals-reject = Reject
approvals-binds = Your decision is bound to exactly what this page shows. A later change of amount, lines, vendor, account or document voids it.
approvals-check = What to check
approvals-conflict = Somebody else changed the bill in the meantime. Load it again.
approvals-not-now = In its present state this bill cannot be sent to approval.
approvals-incomplete = Something is still missing: { $fields }. Type it first.
approvals-no-lines = The bill has no lines. Type at least one, then code it.
approvals-uncoded = Line { $line } is not coded yet. Code every line, then send the bill.
approvals-held = Holds have to be settled first: { $holds }.
approvals-no-policy = There is no approval policy. Ask an administrator to set one.
approvals-policy-bands = A policy has 1 to 10 bands. The last one has no limit, the others have one.
approvals-policy-limits = The limits must be above zero and ascend.
approvals-policy-approvals = Each band needs 1 to 5 approvals, and a higher band not fewer than a lower one.
approvals-not-open = This bill does not wait for a decision any more.
approvals-stale = The bill changed since you opened it. Look again, then decide.
approvals-duty-entered = You entered this bill or typed facts of it, so another person approves it.
approvals-duty-requested = You sent this bill to approval, so another person approves it.
approvals-duty-decided = You have decided on this bill already. Each person decides once.
approvals-reason-missing = Say why, so that the next person knows what to do.
approvals-reason-unusable = A comment has at most 2,000 characters of plain text.
approvals-tampered = A record of this approval was altered outside of Countersign. Nothing was decided. Tell your security officer.
