# Messages of the field bills.
