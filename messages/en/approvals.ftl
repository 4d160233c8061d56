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
approvals-not-open = This bill does not wait for a decision any more.
approvals-typed = What you typed:
approvals-stale = The bill changed since you opened it. Look again, then decide.
approvals-on-behalf = On behalf of { $name }
approvals-behalf = You decide on behalf of
approvals-duty-entered = You entered this bill or typed facts of it, so another person approves it.
approvals-duty-requested = You sent this bill to approval, so another person approves it.
approvals-duty-decided = You have decided on this bill already. Each person decides once.
approvals-reason-missing = Say why, so that the next person knows what to do.
approvals-reason-unusable = A comment has at most 2,000 characters of plain text.
approvals-tampered = A record of this approval was altered outside of Countersign. Nothing was decided. Tell your security officer.
approvals-waiting = Waiting
approvals-decided = Decided by me
approvals-decided-on = Decided
approvals-holds = { $count ->
    [one] 1 hold
   *[other] { $count } holds
  }
approvals-why-up-to = Bills up to { $amount } need { $needed ->
    [one] 1 approval.
   *[other] { $needed } approvals.
  }
approvals-why-above = Bills above { $amount } need { $needed ->
    [one] 1 approval.
   *[other] { $needed } approvals.
  }
approvals-why-currency = A bill that is not in { $amount } needs as many approvals as the largest: { $needed }.
approvals-why-always = Every bill needs { $needed ->
    [one] 1 approval.
   *[other] { $needed } approvals.
  }{ $amount }
approvals-changed = The bill changed after it was sent to approval. It has to be sent again.
approvals-approved = Approved
approvals-rejected = Rejected
approvals-sent-back = Sent back
approvals-paid-to = Paid to
approvals-no-account = No verified account may be paid now
approvals-vendor = Vendor
approvals-entered-by = Entered by
approvals-previous = Earlier bill { $number }
approvals-open-bill = Open the bill
approvals-verdict-unknown = The verdict is approve, reject or send-back.
approvals-body-unreadable = The body is not the JSON that is expected here: { $reason }
approvals-policy-count = A policy has 1 to { $band } bands. Take some away: leave their rows empty.
approvals-policy-unreadable = The stored approval policy cannot be read. Ask an administrator to set one.
approvals-policy-unlimited = Band { $band } has no limit, and it is not the last one. Give it a limit.
approvals-policy-limited = Band { $band } is the last one and has a limit. Leave the limit out, so that larger bills are covered.
approvals-policy-limit = Band { $band }: the limit must be a whole number above zero and above the limit before it, such as 5000.
approvals-policy-approvals = Band { $band }: say how many people must approve, from 1 to 5.
approvals-policy-fewer = Band { $band } needs fewer approvals than the band below it. Ask for at least as many.
approvals-policy-changed = Somebody else set another policy in the meantime. It stands above; look at it, then set yours again or leave it.
approvals-policy-lead = How many people must approve a bill, by its amount.
approvals-policy-version = Version { $version }
approvals-policy-none = There is no policy yet, so no bill can be sent to approval
approvals-policy-set-by = Set by { $person }, { $when }
approvals-policy-set-at-setup = Set when the organisation was set up, { $when }
approvals-policy-units = Limits are whole units of the currency in which the legal entity counts: { $currencies }.
approvals-policy-other-currency = A bill in another currency than its legal entity's needs as many approvals as the largest bills.
approvals-policy-who = Whoever entered a bill, typed a fact of it or sent it to approval does not approve it, and each person decides once.
approvals-policy-amount = Amount of the bill
approvals-policy-up-to = Up to { $limit }
approvals-policy-above = Above { $limit }
approvals-policy-every = Every amount
approvals-policy-needed = { $count ->
    [one] 1 person
   *[other] { $count } people
  }
approvals-policy-new = Set another version
approvals-policy-form-hint = Limits ascend, and a higher band needs at least as many approvals as a lower one. To take a band away, leave its row empty.
approvals-policy-band = Band { $band }
approvals-policy-last = Above all limits
approvals-policy-limit-label = Up to and including
approvals-policy-approvals-label = People who must approve
approvals-policy-set = Set the policy
approvals-policy-add = Add a band
approvals-policy-binds = It is for bills that are sent to approval from now on. Bills that wait already go on under the version they were sent with.
approvals-policy-earlier = Earlier versions
approvals-policy-link = The approval policy
approvals-step = Your approval would be number { $number } of { $needed }, under version { $version } of the policy.
approvals-account-verified = verified by a second person
