# Messages of the field approvals.
