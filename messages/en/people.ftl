# Messages of the field people.
