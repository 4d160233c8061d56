# Messages of streaming the journal to others.
streams = Streams of the journal
streams-lead = Where entries of the journal are sent as they are written. Each goes out until it was taken, however long the receiver is away.
streams-none = The journal is streamed nowhere.
streams-secret-new = Secret of { $name }
streams-secret-once = Give it to the receiver, which verifies by it that an entry comes from here. It is shown this once.
streams-address = Address
streams-address-hint = A webhook: https://siem.example.com/in. Syslog: logs.example.com:6514.
streams-how = How
streams-kind = By
streams-kind-webhook = Webhook (signed requests)
streams-kind-syslog = Syslog over TLS (RFC 5424)
streams-format = Form
streams-format-ocsf = OCSF 1.3.0
streams-format-jsonl = JSON lines
streams-begins = Begins
streams-begins-first = With the first entry
streams-begins-now = With what is written after the confirmation
streams-begins-hint = A stream that comes in another's place goes on where that one is.
streams-replaces = In place of
streams-replaces-none = None
streams-replaces-hint = To send a stream elsewhere, ask for one in its place. The former one ends when the new one is confirmed.
streams-in-place-of = In place of { $name }
streams-delivered = Last delivered
streams-proposed = Asked for
streams-decided = Decided
streams-by = { $name }, { $time }
streams-lag = { $count ->
    [0] Everything is delivered.
    [one] 1 entry waits.
   *[other] { $count } entries wait.
 }
streams-again = Tried again at { $time }.
streams-confirm = Confirm
streams-refuse = Refuse
streams-test = Send a test entry
streams-resume = Go on
streams-pause = Pause
streams-rotate = New secret
streams-remove = Remove
streams-add = Ask for a stream
streams-add-lead = The journal leaves the house by it, with names and addresses: another person confirms it before anything is sent.
streams-name = Name
streams-propose = Ask for it
streams-state-waiting = Waits for another person
streams-state-late = Not confirmed in time
streams-state-fine = Delivers
streams-state-trying = Tries again
streams-state-failing = Fails
streams-state-paused = Paused
streams-state-gone = Paused: the receiver said that it is gone
streams-state-refused = Refused
streams-state-removed = Removed
streams-state-replaced = Replaced
streams-trouble-network = The host has no address, or one in a network that is not reached. Check the name; for a receiver in your own network the operator sets providers.networks.
streams-trouble-certificate = The receiver's certificate is not trusted, or is another host's. Check it; the operator names your own authority in providers.ca_file.
streams-trouble-authorities = The authorities in providers.ca_file cannot be read. Tell the operator.
streams-trouble-unreachable = The receiver cannot be reached. See whether it runs and whether a firewall is in between.
streams-trouble-late = The receiver does not answer in time. See whether it is overloaded.
streams-trouble-broken = The connection to the receiver broke. See the receiver's own log.
streams-trouble-redirect = The receiver points to another address, which is not followed. Ask for a stream to the right address in this one's place.
streams-trouble-busy = The receiver asks for time. Nothing is to be done if this ends by itself.
streams-trouble-refused = The receiver refuses the entries. Check address and secret there.
streams-trouble-failing = The receiver is in trouble itself. See its own log.
streams-trouble-forged = What is stored of this stream is not what two people agreed on. Nothing is sent; tell your security officer.
streams-trouble-keys = The secret does not open. Make a new one; if that does not help, tell the operator.
streams-trouble-gap = An entry that the journal counts is missing. Verify the journal, and tell your security officer.
streams-mail-proposed-subject = { $organisation }: { $by } asks that the journal be streamed elsewhere
streams-mail-proposed-text =
    Hello { $name },

    { $by } asks that entries of the journal be sent to an address elsewhere as they are written. Another person confirms or refuses it within a week:

    { $link }

    Confirm only what you have talked about with { $by }, in person or by a channel you trust.
streams-mail-confirmed-subject = { $organisation }: { $by } confirmed a stream of the journal
streams-mail-confirmed-text =
    Hello { $name },

    { $by } confirmed a stream of the journal. Entries are sent from now on:

    { $link }

    If you know nothing of it, pause it at once: one person is enough for that.
streams-mail-changed-subject = { $organisation }: a stream of the journal was changed
streams-mail-changed-text =
    Hello { $name },

    A stream of the journal was paused, resumed, removed or given another secret. The page shows which, and the journal by whom:

    { $link }
streams-mail-fails-subject = { $organisation }: a stream of the journal fails
streams-mail-fails-text =
    Hello { $name },

    For more than an hour no entry of the journal has reached one of its receivers. Nothing is lost: entries wait and are sent when it takes them. What is wrong and what to do:

    { $link }
