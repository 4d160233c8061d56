# Messages of the field trust.
trust-lead = What is claimed here, with when it was last found to hold. What does not hold says so by itself.
trust-checked = Checked
trust-holds = Holds
trust-look = Look at this
trust-broken = Does not hold
trust-power = Power is granted by two
trust-power-two = { $count } people administer.
trust-power-two-rule = What gives the right to approve, verify, release or administer, ends somebody's second factor or changes how people sign in is proposed by one of them and is in force once another human confirms it. Everybody who administers is told of the proposal and of what became of it.
trust-power-left = Only one person can administer at the moment; another one could within the last seven days.
trust-power-left-rule = What gives power still takes two: an administrator who was removed or suspended counts for seven days, so that removing her does not make anybody all-powerful. Until then nobody can confirm.
trust-power-alone = Only one person administers.
trust-power-alone-rule = The rule for an organisation of one: what gives power is in force at once when its only administrator does it, is marked as done alone in the journal, and everybody with a role is told by mail. It ends by itself when a second person administers. Ending somebody's second factors takes two even then, and a payment takes three people however few administer.
trust-proof = The journal proves itself
trust-proof-sound = { $size } entries were sound on { $when }.
trust-proof-old = It was last verified on { $when }, more than { $days } days ago.
trust-proof-rule = Verified each day by the server itself: each entry, its order and every row that it speaks of are recomputed. Whoever reads the journal can verify it again, or take it home and verify it without this server.
trust-silence = Silence is seen
trust-silence-last = The newest entry is of { $when }.
trust-silence-never = There is no entry yet.
trust-silence-rule = A running server writes an entry at least once an hour. A longer gap means that no server ran, or that entries were kept out.
trust-heads = A database that was put back is seen
trust-heads-holds = The journal contains the head of { $when } that the server keeps elsewhere.
trust-heads-alarm = The journal does not contain the head of { $when } that was kept: an older database was put back, or entries were removed or changed. Whoever runs the server declares a restore, or looks for who did it.
trust-heads-none = No head of this journal is kept yet, or what is kept cannot be read. Whoever runs the server finds why in its log.
trust-heads-no-head = What lies in the place of the kept head is no head of this journal. Whoever runs the server looks where it came from.
trust-heads-in-data = Heads are kept inside the data folder, and a backup would put them back with everything else. Whoever runs the server names another folder.
trust-heads-rule = The server keeps the newest signed head each hour and when it stops, where backups do not put it back, and never an older one in its place.
trust-streams = The journal reaches its receivers
trust-streams-fine = { $count ->
    [one] 1 stream delivers, or has been trying for less than an hour.
   *[other] { $count } streams deliver, or have been trying for less than an hour.
 }
trust-streams-failing = { $failing } of { $count } streams have delivered nothing for more than an hour.
trust-streams-rule = Entries are sent in the order of their numbers, each until it was taken. A receiver sees a loss as a gap in the numbers.
