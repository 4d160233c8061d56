# Messages of the field trust.
trust-lead = Was hier behauptet wird, und wann es zuletzt als wahr befunden wurde. Was nicht gilt, zeigt sich von selbst.
trust-checked = Geprüft
trust-holds = Gilt
trust-look = Bitte ansehen
trust-broken = Gilt nicht
trust-power = Macht geben immer zwei
trust-power-two = { $count } Personen verwalten.
trust-power-two-rule = Was das Recht gibt, freizugeben, zu prüfen, auszuzahlen oder zu verwalten, jemandes zweiten Faktor beendet oder die Anmeldung ändert, schlägt eine von ihnen vor; es gilt, sobald ein anderer Mensch es bestätigt. Alle, die verwalten, erfahren vom Vorschlag und davon, was daraus wurde.
trust-power-left = Im Augenblick kann nur eine Person verwalten; in den letzten sieben Tagen konnte es noch eine andere.
trust-power-left-rule = Macht geben weiterhin nur zwei: Wer entfernt oder gesperrt wurde, zählt noch sieben Tage, damit ihr Entfernen niemanden allmächtig macht. Bis dahin kann niemand bestätigen.
trust-power-alone = Nur eine Person verwaltet.
trust-power-alone-rule = Die Regel für eine Organisation mit einer Person: Was Macht gibt, gilt sofort, wenn die einzige Verwalterin es tut, steht im Journal als allein getan, und alle mit einer Rolle erfahren es per E-Mail. Die Regel endet von selbst, sobald eine zweite Person verwaltet. Jemandes zweite Faktoren beenden auch dann nur zwei, und eine Zahlung braucht drei Personen, wie wenige auch verwalten.
trust-proof = Das Journal beweist sich selbst
trust-proof-sound = { $size } Einträge waren am { $when } in Ordnung.
trust-proof-old = Zuletzt geprüft am { $when }, vor mehr als { $days } Tagen.
trust-proof-rule = Täglich vom Server selbst geprüft: Jeder Eintrag, seine Reihenfolge und jede Zeile, von der er spricht, werden nachgerechnet. Wer das Journal lesen darf, kann es erneut prüfen oder mitnehmen und ohne diesen Server prüfen.
trust-silence = Schweigen fällt auf
trust-silence-last = Der neueste Eintrag ist vom { $when }.
trust-silence-never = Es gibt noch keinen Eintrag.
trust-silence-rule = Ein laufender Server schreibt mindestens einmal in der Stunde einen Eintrag. Eine längere Lücke heißt, dass kein Server lief oder dass Einträge ferngehalten wurden.
trust-heads = Eine zurückgespielte Datenbank fällt auf
trust-heads-holds = Das Journal enthält den Kopf vom { $when }, den der Server anderswo verwahrt.
trust-heads-alarm = Das Journal enthält den verwahrten Kopf vom { $when } nicht: Eine ältere Datenbank wurde zurückgespielt, oder Einträge wurden entfernt oder geändert. Wer den Server betreibt, erklärt die Wiederherstellung oder sucht, wer es war.
trust-heads-none = Von diesem Journal ist noch kein Kopf verwahrt, oder der verwahrte ist nicht lesbar. Wer den Server betreibt, findet den Grund im Protokoll.
trust-heads-no-head = Was an der Stelle des verwahrten Kopfs liegt, ist kein Kopf dieses Journals. Wer den Server betreibt, sucht, woher es kam.
trust-heads-in-data = Köpfe werden im Datenordner verwahrt, und eine Sicherung spielte sie mit allem anderen zurück. Wer den Server betreibt, nennt einen anderen Ordner.
trust-heads-rule = Der Server verwahrt den neuesten signierten Kopf jede Stunde und beim Beenden, wo Sicherungen ihn nicht zurückspielen, und nie einen älteren an seiner Stelle.
trust-streams = Das Journal erreicht seine Empfänger
trust-streams-fine = { $count ->
    [one] 1 Weiterleitung stellt zu oder versucht es seit weniger als einer Stunde.
   *[other] { $count } Weiterleitungen stellen zu oder versuchen es seit weniger als einer Stunde.
 }
trust-streams-failing = { $failing } von { $count } Weiterleitungen haben seit mehr als einer Stunde nichts zugestellt.
trust-streams-rule = Einträge werden in der Reihenfolge ihrer Nummern gesendet, jeder, bis er angenommen ist. Einen Verlust sieht der Empfänger als Lücke in den Nummern.
