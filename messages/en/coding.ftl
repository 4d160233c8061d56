# Messages of the field coding.
coding-conflict = Somebody else changed this in the meantime. Load the page again and repeat what is still needed.
coding-not-now = This bill cannot be coded any more. A bill that is rejected, cancelled or paid keeps its coding.
coding-no-currency = The bill has no currency yet. Type what is missing first.
coding-no-amount = Line { $line } has no net amount yet. Type it first.
coding-parts-wrong = The coding was not saved. Correct the fields that are marked.
coding-code-wrong = A code has 1 to 24 letters (A to Z), digits, points, hyphens, slashes or underscores.
coding-name-wrong = A name has 1 to 120 characters.
coding-code-taken = The code { $code } is in the list already. Rename it or choose another code.
