# Pages that say what went wrong.
errors-status = Error { $status }
errors-reference = Reference for your administrator
errors-home = Back to the start
