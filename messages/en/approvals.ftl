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
