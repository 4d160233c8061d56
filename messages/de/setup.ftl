# Messages of the field setup.
