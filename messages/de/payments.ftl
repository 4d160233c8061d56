# Messages of the field payments.
