# Messages of the field intake.
intake-lead = Electronic invoices (UBL, CII, Factur-X, ZUGFeRD), PDFs and scans. A file no reader understands is kept and waits for typing.
intake-drop = Drop files here, or choose them
intake-choose = Choose files
intake-limits = Up to { $size } per file. The same file twice is recognised.
intake-send = Add these files
intake-lost = The connection was lost before the server answered. Add the file again: nothing is entered twice.
intake-open = Open bill
intake-progress = Upload progress
intake-outcome-created = Bill created
intake-outcome-findings = Created with findings
intake-outcome-typing = Waits for typing
intake-outcome-duplicate = Already here
intake-outcome-failed = Not accepted
intake-too-large = The file is larger than { $size }. Ask the sender for a smaller one.
intake-no-entity = Your organisation has no legal entity that bills could be for. Finish the setup first.
intake-other-entity = This document is for a legal entity that your role does not cover. Ask somebody who enters bills there.
intake-busy = Too many files are being read at this moment. Add this one again in a minute: nothing is entered twice.
intake-known = This file came in before. Nothing was entered twice.
intake-no-file = No file came with the form. Choose at least one.
intake-cut = The files together are too many or too large for one form, or the connection broke here. Add those that are not listed above again: nothing is entered twice.
intake-name-missing = Say the file's name in the query: ?file_name=invoice.xml
