# Seiten, die sagen, was schiefgegangen ist.
errors-status = Fehler { $status }
errors-reference = Kennung für Ihre Administration
errors-home = Zurück zum Anfang
