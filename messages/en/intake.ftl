# Messages of the field intake.
