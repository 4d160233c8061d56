# Seiten, die sagen, was schiefgegangen ist.
errors-status = Fehler { $status }
errors-reference = Kennung für Ihre Administration
errors-home = Zurück zum Anfang
error-not-found = Unter dieser Adresse gibt es nichts, oder es ist nicht für Sie bestimmt. Gehen Sie zurück und wählen Sie aus den Listen.
error-forbidden = Ihre Rollen erlauben das nicht ({ $permission }). Fragen Sie eine Administratorin Ihrer Organisation, wenn Sie es brauchen.
error-signed-out = Sie sind nicht angemeldet, oder Ihre Sitzung ist beendet. Melden Sie sich an und versuchen Sie es erneut.
error-contended = Andere haben im selben Moment dieselben Datensätze geändert. Es wurde nichts geändert; versuchen Sie es erneut.
error-unavailable = Die Datenbank antwortet nicht. Es wurde nichts geändert; versuchen Sie es in einer Minute erneut und melden Sie es dem Betrieb, wenn es so bleibt.
error-internal = Bei uns ist etwas schiefgegangen, und es wurde nichts geändert. Der Betrieb findet die Ursache im Protokoll unter der Referenz oben.
error-idempotency-key = Der Kopf Idempotency-Key muss 1 bis 200 Zeichen haben.
error-idempotency-other-request = Dieser Idempotency-Key wurde schon für eine andere Anfrage verwendet. Nehmen Sie für jede neue Anfrage einen neuen.
error-idempotency-under-way = Eine Anfrage mit diesem Idempotency-Key läuft noch oder wurde abgebrochen. Prüfen Sie ihr Ergebnis, bevor Sie sie erneut senden.
