# Messages of the field sign_in.
