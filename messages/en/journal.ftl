# Messages of the field journal.
journal-lead = Who did what, when, before and after. Nothing here can be changed, by anybody.
journal-export = Export
journal-person = Person
journal-action = Action
journal-from = From
journal-until = Until
journal-none = No entry matches
journal-none-advice = Change or clear the filters.
journal-number = No.
journal-time = Time
journal-what = What
journal-pending = pending
journal-pending-hint = Written, and numbered within a second.
