# Messages of the field journal.
