# Messages of the field vendors.
