# Messages of the field intake.
intake-lead = Elektronische Rechnungen (UBL, CII, Factur-X, ZUGFeRD), PDF-Dateien und Scans. Eine Datei, die nicht gelesen werden kann, wird aufbewahrt und wartet auf Erfassung.
intake-drop = Dateien hier ablegen oder auswählen
intake-choose = Dateien auswählen
intake-limits = Bis zu { $size } je Datei. Doppelte Dateien werden erkannt.
intake-send = Diese Dateien hinzufügen
intake-lost = Die Verbindung brach ab, bevor der Server antwortete. Fügen Sie die Datei erneut hinzu: Nichts wird doppelt erfasst.
intake-open = Rechnung öffnen
intake-progress = Fortschritt
intake-outcome-created = Rechnung angelegt
intake-outcome-findings = Mit Befunden angelegt
intake-outcome-typing = Wartet auf Erfassung
intake-outcome-duplicate = Bereits vorhanden
intake-outcome-failed = Nicht angenommen
intake-too-large = Die Datei ist größer als { $size }. Bitten Sie den Absender um eine kleinere.
intake-no-entity = Ihre Organisation hat keine Gesellschaft, für die Rechnungen sein könnten. Schließen Sie zuerst die Einrichtung ab.
intake-other-entity = Dieses Dokument ist für eine Gesellschaft, die Ihre Rolle nicht umfasst. Bitten Sie jemanden, der dort Rechnungen erfasst.
intake-busy = Im Augenblick werden zu viele Dateien gelesen. Fügen Sie diese in einer Minute wieder hinzu: nichts wird doppelt erfasst.
intake-known = Diese Datei ist schon einmal eingegangen. Nichts wurde doppelt erfasst.
intake-no-file = Mit dem Formular kam keine Datei. Wählen Sie mindestens eine.
intake-cut = Die Dateien sind zusammen zu viele oder zu groß für ein Formular, oder die Verbindung brach hier ab. Fügen Sie die oben nicht genannten erneut hinzu: nichts wird doppelt erfasst.
intake-name-missing = Nennen Sie den Dateinamen in der Adresse: ?file_name=rechnung.xml
