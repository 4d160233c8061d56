# Messages of the field keys.
keys-title = Schlüssel
keys-lead = Seit wann die Schlüssel in Gebrauch sind, die die Daten dieser Organisation versiegeln. Einen zu ersetzen hält niemanden auf: Neue Werte werden nach wenigen Sekunden unter dem neuen Schlüssel versiegelt, alte im Hintergrund, und der alte wird vernichtet, sobald nichts mehr unter ihm liegt.
keys-level = Schlüssel
keys-version = Version
keys-since = In Gebrauch seit
keys-due-at = Zu ersetzen bis
keys-state = Zustand
keys-rotate = Ersetzen
keys-rotating = Wird ersetzt
keys-due = Fällig
keys-in-time = In der Zeit
keys-left = Noch { $left } von { $total } unter abgelösten Schlüsseln
keys-former = Schlüssel dieser Organisation, die noch unter einer früheren Wurzel liegen: { $keys }. Die frühere Wurzel verlässt die Konfiguration, sobald nirgends einer übrig ist; `countersign keys status` sagt es.
keys-level-values = Werte der Organisation und die Schlüssel der Betroffenen
keys-level-documents = Belege
keys-level-subjects = Lieferanten, Personen, Gesellschaften und Rechnungen
keys-under-way = Dieser Schlüssel wird schon ersetzt. Warten Sie, bis nichts mehr unter dem abgelösten liegt.
