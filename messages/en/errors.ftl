# Pages that say what went wrong.
errors-status = Error { $status }
errors-reference = Reference for your administrator
errors-home = Back to the start
error-not-found = There is nothing at this address, or it is not yours to see. Go back and choose from the lists.
error-forbidden = Your roles do not allow this ({ $permission }). Ask an administrator of your organisation if you need it.
error-signed-out = You are not signed in, or your session has ended. Sign in and try again.
error-contended = Others were changing the same records at the same moment. Nothing was changed; try again.
error-unavailable = The database does not answer. Nothing was changed; try again in a minute, and tell your operator if it stays so.
error-internal = Something went wrong on our side, and nothing was changed. Your operator finds the cause in the log under the reference above.
error-idempotency-key = The Idempotency-Key header must have 1 to 200 characters.
error-idempotency-other-request = This Idempotency-Key was already used for another request. Use a new key for each new request.
error-idempotency-under-way = A request with this Idempotency-Key is under way, or was cut off. Look up its outcome before you send it again.
