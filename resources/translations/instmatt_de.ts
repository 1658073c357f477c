<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
  <context>
    <name>Actions</name>
    <message>
      <source>100 %</source>
      <translation>100 %</translation>
    </message>
    <message>
      <source>Another person</source>
      <translation>Andere Person</translation>
    </message>
    <message>
      <source>Backdrop: colour…</source>
      <translation>Probehintergrund: Farbe…</translation>
    </message>
    <message>
      <source>Backdrop: photo…</source>
      <translation>Probehintergrund: Foto…</translation>
    </message>
    <message>
      <source>Before and after in a wipe</source>
      <translation>Vorher und nachher mit Trennlinie</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>Pinsel</translation>
    </message>
    <message>
      <source>Candidates: people less sure</source>
      <translation>Kandidaten: weniger sichere Personen</translation>
    </message>
    <message>
      <source>Copy a diagnostic report</source>
      <translation>Diagnosebericht kopieren</translation>
    </message>
    <message>
      <source>Copy the alpha</source>
      <translation>Alpha kopieren</translation>
    </message>
    <message>
      <source>Copy the cut-out</source>
      <translation>Freisteller kopieren</translation>
    </message>
    <message>
      <source>Default class</source>
      <translation>Standardklasse</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>Löschen</translation>
    </message>
    <message>
      <source>Edges</source>
      <translation>Kanten</translation>
    </message>
    <message>
      <source>Edit</source>
      <translation>Bearbeiten</translation>
    </message>
    <message>
      <source>Export people</source>
      <translation>Personen exportieren</translation>
    </message>
    <message>
      <source>Farther</source>
      <translation>Auszoomen</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Datei</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>Handbuch</translation>
    </message>
    <message>
      <source>Harder</source>
      <translation>Härter</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>Hilfe</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Verlauf</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>Tastenkürzel</translation>
    </message>
    <message>
      <source>Larger</source>
      <translation>Größer</translation>
    </message>
    <message>
      <source>Layer down</source>
      <translation>Ebene nach unten</translation>
    </message>
    <message>
      <source>Layer up</source>
      <translation>Ebene nach oben</translation>
    </message>
    <message>
      <source>Line of the wipe to the left</source>
      <translation>Trennlinie nach links</translation>
    </message>
    <message>
      <source>Line of the wipe to the right</source>
      <translation>Trennlinie nach rechts</translation>
    </message>
    <message>
      <source>Matte all photos</source>
      <translation>Alle Fotos freistellen</translation>
    </message>
    <message>
      <source>Models…</source>
      <translation>Modelle…</translation>
    </message>
    <message>
      <source>Nearer</source>
      <translation>Einzoomen</translation>
    </message>
    <message>
      <source>Next person</source>
      <translation>Nächste Person</translation>
    </message>
    <message>
      <source>Next photo</source>
      <translation>Nächstes Foto</translation>
    </message>
    <message>
      <source>Next view</source>
      <translation>Nächste Ansicht</translation>
    </message>
    <message>
      <source>Not this person</source>
      <translation>Nicht diese Person</translation>
    </message>
    <message>
      <source>Only this person</source>
      <translation>Nur diese Person</translation>
    </message>
    <message>
      <source>Open the sample</source>
      <translation>Beispielfoto öffnen</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>Öffnen…</translation>
    </message>
    <message>
      <source>Overlay on or off</source>
      <translation>Überlagerung ein oder aus</translation>
    </message>
    <message>
      <source>Panels on or off</source>
      <translation>Bedienfelder ein oder aus</translation>
    </message>
    <message>
      <source>Paste as a new photo</source>
      <translation>Als neues Foto einfügen</translation>
    </message>
    <message>
      <source>People</source>
      <translation>Personen</translation>
    </message>
    <message>
      <source>Pin strokes</source>
      <translation>Striche fixieren</translation>
    </message>
    <message>
      <source>Preferences…</source>
      <translation>Einstellungen…</translation>
    </message>
    <message>
      <source>Previous person</source>
      <translation>Vorige Person</translation>
    </message>
    <message>
      <source>Previous photo</source>
      <translation>Voriges Foto</translation>
    </message>
    <message>
      <source>Previous view</source>
      <translation>Vorige Ansicht</translation>
    </message>
    <message>
      <source>Quick mask</source>
      <translation>Schnellmaske</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>Beenden</translation>
    </message>
    <message>
      <source>Recent photos</source>
      <translation>Zuletzt geöffnete Fotos</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>Wiederholen</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>Umbenennen</translation>
    </message>
    <message>
      <source>Run</source>
      <translation>Berechnen</translation>
    </message>
    <message>
      <source>Save the project</source>
      <translation>Projekt speichern</translation>
    </message>
    <message>
      <source>Save the project as…</source>
      <translation>Projekt speichern unter…</translation>
    </message>
    <message>
      <source>Smaller</source>
      <translation>Kleiner</translation>
    </message>
    <message>
      <source>Softer</source>
      <translation>Weicher</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>Swap the last two classes</source>
      <translation>Die letzten beiden Klassen tauschen</translation>
    </message>
    <message>
      <source>These pieces are one person</source>
      <translation>Diese Teile sind eine Person</translation>
    </message>
    <message>
      <source>This person</source>
      <translation>Diese Person</translation>
    </message>
    <message>
      <source>Tour of two minutes</source>
      <translation>Rundgang in zwei Minuten</translation>
    </message>
    <message>
      <source>Try all orders</source>
      <translation>Alle Reihenfolgen probieren</translation>
    </message>
    <message>
      <source>Two views side by side</source>
      <translation>Zwei Ansichten nebeneinander</translation>
    </message>
    <message>
      <source>Undecided</source>
      <translation>Unentschieden</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Rückgängig</translation>
    </message>
    <message>
      <source>Unsaved work…</source>
      <translation>Nicht gespeicherte Arbeit…</translation>
    </message>
    <message>
      <source>View</source>
      <translation>Ansicht</translation>
    </message>
    <message>
      <source>When something does not work</source>
      <translation>Wenn etwas nicht klappt</translation>
    </message>
    <message>
      <source>Whole photo</source>
      <translation>Ganzes Foto</translation>
    </message>
    <message>
      <source>Worst conflict</source>
      <translation>Größter Konflikt</translation>
    </message>
  </context>
  <context>
    <name>Autosave</name>
    <message>
      <source>The work could not be kept. {reason}</source>
      <translation>Die Arbeit konnte nicht gesichert werden. {reason}</translation>
    </message>
  </context>
  <context>
    <name>Backdrops</name>
    <message>
      <source>Backdrop</source>
      <translation>Probehintergrund</translation>
    </message>
  </context>
  <context>
    <name>Badge</name>
    <message>
      <source>Masks — Enter makes the mattes</source>
      <translation>Masken – Eingabetaste berechnet die Matten</translation>
    </message>
    <message>
      <source>Masks — mattes follow</source>
      <translation>Masken – Matten folgen</translation>
    </message>
    <message>
      <source>Matting failed — see above</source>
      <translation>Freistellen fehlgeschlagen – siehe oben</translation>
    </message>
    <message>
      <source>Preview — Enter runs the rest</source>
      <translation>Vorschau – Eingabetaste berechnet den Rest</translation>
    </message>
    <message>
      <source>Preview — the full result follows</source>
      <translation>Vorschau – das volle Ergebnis folgt</translation>
    </message>
    <message>
      <source>The last mattes — Enter runs</source>
      <translation>Die letzten Matten – Eingabetaste berechnet neu</translation>
    </message>
    <message>
      <source>The last mattes — new ones follow</source>
      <translation>Die letzten Matten – neue folgen</translation>
    </message>
  </context>
  <context>
    <name>Batch</name>
    <message>
      <source>photo {number} of {count}</source>
      <translation>Foto {number} von {count}</translation>
    </message>
  </context>
  <context>
    <name>Beside</name>
    <message>
      <source>The diagnostic report is being put together…</source>
      <translation>Der Diagnosebericht wird zusammengestellt…</translation>
    </message>
    <message>
      <source>The diagnostic report is on the clipboard; no photo is in it.</source>
      <translation>Der Diagnosebericht ist in der Zwischenablage; er enthält kein Foto.</translation>
    </message>
  </context>
  <context>
    <name>BrushBar</name>
    <message>
      <source>Another person</source>
      <translation>Andere Person</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>Pinsel</translation>
    </message>
    <message>
      <source>Brush hardness</source>
      <translation>Pinselhärte</translation>
    </message>
    <message>
      <source>Brush size</source>
      <translation>Pinselgröße</translation>
    </message>
    <message>
      <source>Hardness</source>
      <translation>Härte</translation>
    </message>
    <message>
      <source>Not this person</source>
      <translation>Nicht diese Person</translation>
    </message>
    <message>
      <source>Pin</source>
      <translation>Fixieren</translation>
    </message>
    <message>
      <source>Run after each stroke</source>
      <translation>Nach jedem Strich berechnen</translation>
    </message>
    <message>
      <source>Run on Enter</source>
      <translation>Mit Eingabetaste berechnen</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Größe</translation>
    </message>
    <message>
      <source>Strokes fix the alpha at exactly 1 or 0, whatever the network says (K)</source>
      <translation>Striche setzen das Alpha auf genau 1 oder 0, was auch immer das Netz sagt (K)</translation>
    </message>
    <message>
      <source>The rim of a soft brush is left to the network</source>
      <translation>Den Rand eines weichen Pinsels bestimmt das Netz</translation>
    </message>
    <message>
      <source>This person</source>
      <translation>Diese Person</translation>
    </message>
    <message>
      <source>Undecided</source>
      <translation>Unentschieden</translation>
    </message>
    <message>
      <source>When to run</source>
      <translation>Wann berechnet wird</translation>
    </message>
  </context>
  <context>
    <name>CandidatesPanel</name>
    <message>
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <source>Candidates</source>
      <translation>Kandidaten</translation>
    </message>
    <message>
      <source>Least score of a candidate, in per cent</source>
      <translation>Mindestwert eines Kandidaten in Prozent</translation>
    </message>
    <message>
      <source>Make the candidate a person</source>
      <translation>Kandidaten zur Person machen</translation>
    </message>
    <message>
      <source>People of whom the recogniser is less sure, dashed in the photo; a click adds one</source>
      <translation>Personen, bei denen die Erkennung weniger sicher ist, im Foto gestrichelt; ein Klick fügt sie hinzu</translation>
    </message>
    <message>
      <source>Score from</source>
      <translation>Wert ab</translation>
    </message>
    <message>
      <source>looking …</source>
      <translation>suche …</translation>
    </message>
    <message>
      <source>score {score:.2f}, {share:.1f} % of the photo</source>
      <translation>Wert {score:.2f}, {share:.1f} % des Fotos</translation>
    </message>
    <message>
      <source>{count} found</source>
      <translation>{count} gefunden</translation>
    </message>
  </context>
  <context>
    <name>Canvas</name>
    <message>
      <source>Choose the person to paint for first.</source>
      <translation>Wähle zuerst die Person, für die du malst.</translation>
    </message>
    <message>
      <source>Click what is missing, right-click what is too much; Enter adds the person.</source>
      <translation>Klicke auf Fehlendes, rechtsklicke auf zu viel; die Eingabetaste fügt die Person hinzu.</translation>
    </message>
    <message>
      <source>Draw the line through the person, who must not be locked.</source>
      <translation>Ziehe die Linie durch die Person; sie darf nicht gesperrt sein.</translation>
    </message>
    <message>
      <source>Photo</source>
      <translation>Foto</translation>
    </message>
    <message>
      <source>refined only here</source>
      <translation>nur hier verfeinert</translation>
    </message>
    <message>
      <source>{name} is locked; unlock the layer to paint.</source>
      <translation>{name} ist gesperrt; entsperre die Ebene, um zu malen.</translation>
    </message>
  </context>
  <context>
    <name>ComparePanel</name>
    <message>
      <source>Cycle</source>
      <translation>Reihum</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <source>Keep left</source>
      <translation>Links behalten</translation>
    </message>
    <message>
      <source>Keep what lies left of the line for everybody</source>
      <translation>Was links der Linie steht, für alle übernehmen</translation>
    </message>
    <message>
      <source>Keep what lies left of the line for the selected people alone</source>
      <translation>Was links der Linie steht, nur für die ausgewählten Personen übernehmen</translation>
    </message>
    <message>
      <source>Left</source>
      <translation>Links</translation>
    </message>
    <message>
      <source>Left, Σ error</source>
      <translation>Links, Σ-Fehler</translation>
    </message>
    <message>
      <source>None</source>
      <translation>Keine</translation>
    </message>
    <message>
      <source>Parallel</source>
      <translation>Parallel</translation>
    </message>
    <message>
      <source>Refinement left of the line</source>
      <translation>Verfeinerung links der Linie</translation>
    </message>
    <message>
      <source>Right, Σ error</source>
      <translation>Rechts, Σ-Fehler</translation>
    </message>
    <message>
      <source>being computed …</source>
      <translation>wird berechnet …</translation>
    </message>
    <message>
      <source>… for selected</source>
      <translation>… für Auswahl</translation>
    </message>
  </context>
  <context>
    <name>Conductor</name>
    <message>
      <source>Its mattes are of another engine, size or version: they are made anew.</source>
      <translation>Die Matten des Projekts sind von einem anderen Verfahren, einer anderen Größe oder Version: Sie werden neu berechnet.</translation>
    </message>
    <message>
      <source>The export was cancelled: no file was written.</source>
      <translation>Der Export wurde abgebrochen: Keine Datei wurde geschrieben.</translation>
    </message>
    <message>
      <source>preparing the photo</source>
      <translation>Foto wird vorbereitet</translation>
    </message>
  </context>
  <context>
    <name>Detailing</name>
    <message>
      <source>There is no detail at the photo's own resolution: {reason} It can be left out (Refinement).</source>
      <translation>Details in der Auflösung des Fotos gibt es nicht: {reason} Sie lassen sich weglassen (Verfeinerung).</translation>
    </message>
    <message>
      <source>This follows as soon as the mattes are ready; Esc cancels it.</source>
      <translation>Das folgt, sobald die Matten fertig sind; Esc bricht es ab.</translation>
    </message>
    <message>
      <source>Without detail at the photo's own resolution (Refinement) it is ready sooner.</source>
      <translation>Ohne Details in der Auflösung des Fotos (Verfeinerung) geht es schneller.</translation>
    </message>
  </context>
  <context>
    <name>EdgePanel</name>
    <message>
      <source>Contrast</source>
      <translation>Kontrast</translation>
    </message>
    <message>
      <source>Drop specks</source>
      <translation>Flecken entfernen</translation>
    </message>
    <message>
      <source>Drops loose pieces at most so large across</source>
      <translation>Entfernt lose Stücke bis zu diesem Durchmesser</translation>
    </message>
    <message>
      <source>Edges</source>
      <translation>Kanten</translation>
    </message>
    <message>
      <source>Feather</source>
      <translation>Weiche Kante</translation>
    </message>
    <message>
      <source>Fill holes</source>
      <translation>Löcher füllen</translation>
    </message>
    <message>
      <source>Fills holes that are at most so large across</source>
      <translation>Füllt Löcher bis zu diesem Durchmesser</translation>
    </message>
    <message>
      <source>Makes a soft outline steeper; at 100 % it is hard</source>
      <translation>Macht einen weichen Umriss steiler; bei 100 % ist er hart</translation>
    </message>
    <message>
      <source>Moves the outline outwards, or, negative, inwards</source>
      <translation>Verschiebt den Umriss nach außen oder, bei negativen Werten, nach innen</translation>
    </message>
    <message>
      <source>Reset edges</source>
      <translation>Kanten zurücksetzen</translation>
    </message>
    <message>
      <source>Shift</source>
      <translation>Versatz</translation>
    </message>
    <message>
      <source>Shift, feather, contrast, smooth, holes and specks of the selected people</source>
      <translation>Versatz, weiche Kante, Kontrast, Glätten, Löcher und Flecken der ausgewählten Personen</translation>
    </message>
    <message>
      <source>Smooth</source>
      <translation>Glätten</translation>
    </message>
    <message>
      <source>Softens the outline</source>
      <translation>Macht den Umriss weicher</translation>
    </message>
    <message>
      <source>Takes small bulges and dents away</source>
      <translation>Entfernt kleine Beulen und Dellen</translation>
    </message>
    <message>
      <source>The outlines of the selected people as they were</source>
      <translation>Die Umrisse der ausgewählten Personen, wie sie waren</translation>
    </message>
    <message>
      <source>locked</source>
      <translation>gesperrt</translation>
    </message>
    <message>
      <source>{count} people</source>
      <translation>{count} Personen</translation>
    </message>
    <message>
      <source>{setting}, number</source>
      <translation>{setting}, Zahl</translation>
    </message>
  </context>
  <context>
    <name>Edit</name>
    <message>
      <source>Add people</source>
      <translation>Personen hinzufügen</translation>
    </message>
    <message>
      <source>Add person</source>
      <translation>Person hinzufügen</translation>
    </message>
    <message>
      <source>Delete people</source>
      <translation>Personen löschen</translation>
    </message>
    <message>
      <source>Delete person</source>
      <translation>Person löschen</translation>
    </message>
    <message>
      <source>Edge</source>
      <translation>Kante</translation>
    </message>
    <message>
      <source>Erase</source>
      <translation>Radieren</translation>
    </message>
    <message>
      <source>Import people</source>
      <translation>Personen importieren</translation>
    </message>
    <message>
      <source>Import person</source>
      <translation>Person importieren</translation>
    </message>
    <message>
      <source>Merge people</source>
      <translation>Personen verbinden</translation>
    </message>
    <message>
      <source>Quick mask</source>
      <translation>Schnellmaske</translation>
    </message>
    <message>
      <source>Refine everywhere</source>
      <translation>Überall verfeinern</translation>
    </message>
    <message>
      <source>Refine only inside</source>
      <translation>Nur innerhalb verfeinern</translation>
    </message>
    <message>
      <source>Refinement</source>
      <translation>Verfeinerung</translation>
    </message>
    <message>
      <source>Refinement of a person</source>
      <translation>Verfeinerung einer Person</translation>
    </message>
    <message>
      <source>Refinement of people</source>
      <translation>Verfeinerung von Personen</translation>
    </message>
    <message>
      <source>Reorder people</source>
      <translation>Personen umordnen</translation>
    </message>
    <message>
      <source>Solo</source>
      <translation>Nur eine Person</translation>
    </message>
    <message>
      <source>Split person</source>
      <translation>Person teilen</translation>
    </message>
  </context>
  <context>
    <name>Exchange</name>
    <message>
      <source>Nothing was copied.</source>
      <translation>Nichts wurde kopiert.</translation>
    </message>
    <message>
      <source>Select a person whose matte is ready.</source>
      <translation>Wähle eine Person, deren Matte fertig ist.</translation>
    </message>
    <message>
      <source>The alpha is in the clipboard.</source>
      <translation>Das Alpha ist in der Zwischenablage.</translation>
    </message>
    <message>
      <source>The cut-out is in the clipboard.</source>
      <translation>Der Freisteller ist in der Zwischenablage.</translation>
    </message>
  </context>
  <context>
    <name>ExportFiles</name>
    <message>
      <source>1 file</source>
      <translation>1 Datei</translation>
    </message>
    <message>
      <source>Files that will be written</source>
      <translation>Dateien, die geschrieben werden</translation>
    </message>
    <message>
      <source>There already: {path}</source>
      <translation>Schon vorhanden: {path}</translation>
    </message>
    <message>
      <source>about {size}</source>
      <translation>etwa {size}</translation>
    </message>
    <message>
      <source>more than this format can hold; choose {instead}</source>
      <translation>mehr, als dieses Format fassen kann; nimm {instead}</translation>
    </message>
    <message>
      <source>{count} files</source>
      <translation>{count} Dateien</translation>
    </message>
    <message>
      <source>{count} there already</source>
      <translation>{count} schon vorhanden</translation>
    </message>
  </context>
  <context>
    <name>ExportForm</name>
    <message>
      <source>Alpha</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <source>As large as the photo</source>
      <translation>So groß wie das Foto</translation>
    </message>
    <message>
      <source>As the format is used</source>
      <translation>Wie beim Format üblich</translation>
    </message>
    <message>
      <source>Background</source>
      <translation>Hintergrund</translation>
    </message>
    <message>
      <source>Both</source>
      <translation>Beides</translation>
    </message>
    <message>
      <source>COCO annotations</source>
      <translation>COCO-Annotationen</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>Arbeitsfläche</translation>
    </message>
    <message>
      <source>Cleaned of the background</source>
      <translation>Vom Hintergrund bereinigt</translation>
    </message>
    <message>
      <source>Cleaning</source>
      <translation>Bereinigung</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>Farben</translation>
    </message>
    <message>
      <source>Cropped, with its place</source>
      <translation>Beschnitten, mit Position</translation>
    </message>
    <message>
      <source>Cryptomatte</source>
      <translation>Cryptomatte</translation>
    </message>
    <message>
      <source>Cut-out</source>
      <translation>Freisteller</translation>
    </message>
    <message>
      <source>EXIF, places included; in PNG, WebP, PSD, PSB and ORA</source>
      <translation>EXIF samt Orten; in PNG, WebP, PSD, PSB und ORA</translation>
    </message>
    <message>
      <source>File names</source>
      <translation>Dateinamen</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <source>How much of what shines through is taken out of the colours</source>
      <translation>Wie viel vom Durchscheinenden aus den Farben entfernt wird</translation>
    </message>
    <message>
      <source>Its own, cleaned colours</source>
      <translation>Eigene, bereinigte Farben</translation>
    </message>
    <message>
      <source>Keep the camera's notes</source>
      <translation>Kameradaten behalten</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>Ebenen</translation>
    </message>
    <message>
      <source>Layers show the photo again</source>
      <translation>Ebenen ergeben wieder das Foto</translation>
    </message>
    <message>
      <source>More options</source>
      <translation>Weitere Optionen</translation>
    </message>
    <message>
      <source>None</source>
      <translation>Ohne</translation>
    </message>
    <message>
      <source>OpenEXR</source>
      <translation>OpenEXR</translation>
    </message>
    <message>
      <source>OpenRaster</source>
      <translation>OpenRaster</translation>
    </message>
    <message>
      <source>OpenRaster, 16 bit</source>
      <translation>OpenRaster, 16 Bit</translation>
    </message>
    <message>
      <source>PNG</source>
      <translation>PNG</translation>
    </message>
    <message>
      <source>PNG, 16 bit</source>
      <translation>PNG, 16 Bit</translation>
    </message>
    <message>
      <source>PSB (large), layer masks</source>
      <translation>PSB (groß), Ebenenmasken</translation>
    </message>
    <message>
      <source>PSB (large), transparency, 16 bit</source>
      <translation>PSB (groß), Transparenz, 16 Bit</translation>
    </message>
    <message>
      <source>PSD, layer masks</source>
      <translation>PSD, Ebenenmasken</translation>
    </message>
    <message>
      <source>PSD, transparency</source>
      <translation>PSD, Transparenz</translation>
    </message>
    <message>
      <source>PSD, transparency, 16 bit</source>
      <translation>PSD, Transparenz, 16 Bit</translation>
    </message>
    <message>
      <source>Profile</source>
      <translation>Profil</translation>
    </message>
    <message>
      <source>TIFF with layers</source>
      <translation>TIFF mit Ebenen</translation>
    </message>
    <message>
      <source>TIFF with layers, 16 bit</source>
      <translation>TIFF mit Ebenen, 16 Bit</translation>
    </message>
    <message>
      <source>The layers, laid over each other, give the photo back; their alphas are stacked</source>
      <translation>Übereinandergelegt ergeben die Ebenen wieder das Foto; ihre Alphas sind gestapelt</translation>
    </message>
    <message>
      <source>The photo</source>
      <translation>Das Foto</translation>
    </message>
    <message>
      <source>The photo's own</source>
      <translation>Das des Fotos</translation>
    </message>
    <message>
      <source>The photo's, under a mask</source>
      <translation>Die des Fotos, unter einer Maske</translation>
    </message>
    <message>
      <source>Tri-matte</source>
      <translation>Tri-Matte</translation>
    </message>
    <message>
      <source>Trimap</source>
      <translation>Trimap</translation>
    </message>
    <message>
      <source>WebP, lossless</source>
      <translation>WebP, verlustfrei</translation>
    </message>
    <message>
      <source>{number} from 1, {index} from 0, {name} the person's, {photo} the photo's; {index:03} pads</source>
      <translation>{number} ab 1, {index} ab 0, {name} der Person, {photo} des Fotos; {index:03} füllt auf</translation>
    </message>
  </context>
  <context>
    <name>ExportPanel</name>
    <message>
      <source>1 file is there already in “{folder}”.</source>
      <translation>In „{folder}“ ist schon 1 Datei vorhanden.</translation>
    </message>
    <message>
      <source>Choose the folder</source>
      <translation>Ordner wählen</translation>
    </message>
    <message>
      <source>Every photo has a folder of its own in this one</source>
      <translation>Jedes Foto bekommt darin einen eigenen Ordner</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Export</translation>
    </message>
    <message>
      <source>Export people</source>
      <translation>Personen exportieren</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Ordner</translation>
    </message>
    <message>
      <source>Folder for the layers</source>
      <translation>Ordner für die Ebenen</translation>
    </message>
    <message>
      <source>Keep both</source>
      <translation>Beide behalten</translation>
    </message>
    <message>
      <source>Replace all</source>
      <translation>Alle ersetzen</translation>
    </message>
    <message>
      <source>{count} files are there already in “{folder}”.</source>
      <translation>In „{folder}“ sind schon {count} Dateien vorhanden.</translation>
    </message>
    <message>
      <source>…</source>
      <translation>…</translation>
    </message>
  </context>
  <context>
    <name>Finder</name>
    <message>
      <source>Draw a box round each person (W and drag), or click on them (C).</source>
      <translation>Ziehe um jede Person einen Rahmen (W und ziehen) oder klicke sie an (C).</translation>
    </message>
  </context>
  <context>
    <name>Giving</name>
    <message>
      <source>The cut-out took too long to make; drag again.</source>
      <translation>Der Freisteller brauchte zu lange; bitte noch einmal ziehen.</translation>
    </message>
    <message>
      <source>The detail of this photo takes longer; drag again when it is ready.</source>
      <translation>Die Details dieses Fotos brauchen länger; ziehe noch einmal, wenn sie fertig sind.</translation>
    </message>
  </context>
  <context>
    <name>GuideWindow</name>
    <message>
      <source>Contents</source>
      <translation>Inhalt</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>Handbuch</translation>
    </message>
    <message>
      <source>Search the guide</source>
      <translation>Im Handbuch suchen</translation>
    </message>
    <message>
      <source>Search; Enter goes to the next place</source>
      <translation>Suchen; Eingabetaste springt weiter</translation>
    </message>
  </context>
  <context>
    <name>HistorySheet</name>
    <message>
      <source>As it began</source>
      <translation>Am Anfang</translation>
    </message>
    <message>
      <source>History</source>
      <translation>Verlauf</translation>
    </message>
    <message>
      <source>{used} of {budget} MB</source>
      <translation>{used} von {budget} MB</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source> — unsaved</source>
      <translation> – nicht gespeichert</translation>
    </message>
    <message>
      <source>1 file written to {place}.</source>
      <translation>1 Datei nach {place} geschrieben.</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Hinzufügen</translation>
    </message>
    <message>
      <source>Add InstMatt Studio to your programs, and to “Open with” for photos?</source>
      <translation>InstMatt Studio zu deinen Programmen und bei Fotos zu „Öffnen mit“ hinzufügen?</translation>
    </message>
    <message>
      <source>After</source>
      <translation>Nachher</translation>
    </message>
    <message>
      <source>An export is under way. Close all the same, and write no files?</source>
      <translation>Ein Export ist im Gange. Trotzdem schließen und keine Dateien schreiben?</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>Vorher</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>InstMatt Studio is among your programs now.</source>
      <translation>InstMatt Studio ist jetzt bei deinen Programmen.</translation>
    </message>
    <message>
      <source>New here? A tour shows the window in two minutes.</source>
      <translation>Neu hier? Ein Rundgang zeigt das Fenster in zwei Minuten.</translation>
    </message>
    <message>
      <source>Pasted picture</source>
      <translation>Eingefügtes Bild</translation>
    </message>
    <message>
      <source>People and background add up to one everywhere: there is no conflict.</source>
      <translation>Personen und Hintergrund ergeben überall eins: Es gibt keinen Konflikt.</translation>
    </message>
    <message>
      <source>Show me</source>
      <translation>Zeig es mir</translation>
    </message>
    <message>
      <source>The launcher could not be added. {reason}</source>
      <translation>Der Starter konnte nicht angelegt werden. {reason}</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
    <message>
      <source>{count} files written to {place}.</source>
      <translation>{count} Dateien nach {place} geschrieben.</translation>
    </message>
  </context>
  <context>
    <name>MessageRow</name>
    <message>
      <source>Close the message</source>
      <translation>Meldung schließen</translation>
    </message>
  </context>
  <context>
    <name>ModelRow</name>
    <message>
      <source>Another program has it; it is taken over when it is first used</source>
      <translation>Ein anderes Programm hat es; bei der ersten Verwendung wird es übernommen</translation>
    </message>
    <message>
      <source>Being fetched</source>
      <translation>Wird heruntergeladen</translation>
    </message>
    <message>
      <source>Checksum: its owners publish none, so only its structure can be checked</source>
      <translation>Prüfsumme: keine veröffentlicht, nur der Aufbau lässt sich prüfen</translation>
    </message>
    <message>
      <source>Checksum: {kind} begins with {digits}</source>
      <translation>Prüfsumme: {kind} beginnt mit {digits}</translation>
    </message>
    <message>
      <source>Fetch</source>
      <translation>Herunterladen</translation>
    </message>
    <message>
      <source>Fetch {name}</source>
      <translation>{name} herunterladen</translation>
    </message>
    <message>
      <source>Licence: {licence}</source>
      <translation>Lizenz: {licence}</translation>
    </message>
    <message>
      <source>Not there; it can be fetched</source>
      <translation>Nicht vorhanden; kann heruntergeladen werden</translation>
    </message>
    <message>
      <source>Not there; it comes with the program</source>
      <translation>Nicht vorhanden; gehört zum Programm</translation>
    </message>
    <message>
      <source>Progress of {name}</source>
      <translation>Fortschritt von {name}</translation>
    </message>
    <message>
      <source>Ready</source>
      <translation>Bereit</translation>
    </message>
    <message>
      <source>Source: {host}</source>
      <translation>Quelle: {host}</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>Stop fetching {name}</source>
      <translation>Herunterladen von {name} anhalten</translation>
    </message>
    <message>
      <source>about {size} MB</source>
      <translation>etwa {size} MB</translation>
    </message>
  </context>
  <context>
    <name>ModelsDialog</name>
    <message>
      <source>Closed-form matting, without weights</source>
      <translation>Closed-form-Matting, ohne Gewichte</translation>
    </message>
    <message>
      <source>Detectron2</source>
      <translation>Detectron2</translation>
    </message>
    <message>
      <source>Detectron2 is installed.</source>
      <translation>Detectron2 ist installiert.</translation>
    </message>
    <message>
      <source>Detectron2 is not installed, and need not be: torchvision finds the same people with the same weights. {link} says how it is installed by pip from its repository, on Linux and macOS. It goes into this program's environment after PyTorch, with --no-build-isolation, needs a C++20 compiler and about 2.5 GB of memory per compiler job, and has to be built anew whenever torch changes.</source>
      <translation>Detectron2 ist nicht installiert und wird nicht gebraucht: torchvision findet mit denselben Gewichten dieselben Personen. {link} erklärt, wie es unter Linux und macOS mit pip aus seinem Repository installiert wird. Es kommt nach PyTorch in die Umgebung dieses Programms, mit --no-build-isolation, braucht einen C++20-Compiler und je Compilerlauf etwa 2,5 GB Speicher und muss neu gebaut werden, sobald sich torch ändert.</translation>
    </message>
    <message>
      <source>Import a file</source>
      <translation>Datei importieren</translation>
    </message>
    <message>
      <source>Import a file…</source>
      <translation>Datei importieren…</translation>
    </message>
    <message>
      <source>In use: {engine}; {recogniser}</source>
      <translation>In Gebrauch: {engine}; {recogniser}</translation>
    </message>
    <message>
      <source>InstMatt with a file of your own…</source>
      <translation>InstMatt mit eigener Datei…</translation>
    </message>
    <message>
      <source>InstMatt with {name}</source>
      <translation>InstMatt mit {name}</translation>
    </message>
    <message>
      <source>Mask R-CNN by torchvision</source>
      <translation>Mask R-CNN von torchvision</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelle</translation>
    </message>
    <message>
      <source>People are found by</source>
      <translation>Personen werden gefunden von</translation>
    </message>
    <message>
      <source>People are matted by</source>
      <translation>Personen werden freigestellt von</translation>
    </message>
    <message>
      <source>The best that is ready</source>
      <translation>Das beste verfügbare</translation>
    </message>
    <message>
      <source>The small network that comes with the program</source>
      <translation>Das kleine Netz, das zum Programm gehört</translation>
    </message>
    <message>
      <source>Weights (*.pth *.pkl *.safetensors)</source>
      <translation>Gewichte (*.pth *.pkl *.safetensors)</translation>
    </message>
    <message>
      <source>Weights (*.pth *.safetensors)</source>
      <translation>Gewichte (*.pth *.safetensors)</translation>
    </message>
    <message>
      <source>Weights of the InstMatt network</source>
      <translation>Gewichte des InstMatt-Netzes</translation>
    </message>
    <message>
      <source>Weights that were downloaded otherwise, or copied from another computer</source>
      <translation>Gewichte, die anders heruntergeladen oder von einem anderen Rechner kopiert wurden</translation>
    </message>
    <message>
      <source>boxes, as nothing that finds people by itself is ready</source>
      <translation>Rahmen, denn nichts, was Personen selbst findet, ist bereit</translation>
    </message>
    <message>
      <source>closed-form matting</source>
      <translation>Closed-form-Matting</translation>
    </message>
    <message>
      <source>{name} (not ready)</source>
      <translation>{name} (nicht bereit)</translation>
    </message>
    <message>
      <source>{name} is ready and in use.</source>
      <translation>{name} ist bereit und in Gebrauch.</translation>
    </message>
    <message>
      <source>{name} is ready.</source>
      <translation>{name} ist bereit.</translation>
    </message>
  </context>
  <context>
    <name>Opening</name>
    <message>
      <source>Open a photo</source>
      <translation>Foto öffnen</translation>
    </message>
    <message>
      <source>There is no photo in it (JPEG, PNG, TIFF, WebP or BMP).</source>
      <translation>Darin ist kein Foto (JPEG, PNG, TIFF, WebP oder BMP).</translation>
    </message>
    <message>
      <source>There is no picture in it; save it as a file first and open that.</source>
      <translation>Darin ist kein Bild; speichere es als Datei und öffne diese.</translation>
    </message>
  </context>
  <context>
    <name>OrderList</name>
    <message>
      <source>Drag people into the order of the cycle, or move them with Alt and the arrows; whoever is not ticked is held as they are</source>
      <translation>Personen in die gewünschte Reihenfolge ziehen oder mit Alt und den Pfeiltasten bewegen; wer nicht angehakt ist, bleibt unverändert</translation>
    </message>
    <message>
      <source>Order of the cycle</source>
      <translation>Reihenfolge</translation>
    </message>
  </context>
  <context>
    <name>OrdersPanel</name>
    <message>
      <source>Every order of the cycle of up to {count} people, the least error first</source>
      <translation>Jede Reihenfolge von bis zu {count} Personen, der kleinste Fehler zuerst</translation>
    </message>
    <message>
      <source>Orders, the least error first</source>
      <translation>Reihenfolgen, der kleinste Fehler zuerst</translation>
    </message>
    <message>
      <source>Try all orders</source>
      <translation>Alle Reihenfolgen probieren</translation>
    </message>
    <message>
      <source>Use</source>
      <translation>Übernehmen</translation>
    </message>
    <message>
      <source>Use the order</source>
      <translation>Diese Reihenfolge übernehmen</translation>
    </message>
    <message>
      <source>trying …</source>
      <translation>probiere …</translation>
    </message>
  </context>
  <context>
    <name>PeoplePanel</name>
    <message>
      <source>Add</source>
      <translation>Neu</translation>
    </message>
    <message>
      <source>Delete</source>
      <translation>Löschen</translation>
    </message>
    <message>
      <source>Merge</source>
      <translation>Verbinden</translation>
    </message>
    <message>
      <source>People</source>
      <translation>Personen</translation>
    </message>
    <message>
      <source>Point at somebody who was not found: clicks, or a box</source>
      <translation>Auf eine nicht gefundene Person zeigen: Klicks oder ein Rahmen</translation>
    </message>
    <message>
      <source>Split</source>
      <translation>Teilen</translation>
    </message>
    <message>
      <source>These pieces are one person</source>
      <translation>Diese Teile sind eine Person</translation>
    </message>
    <message>
      <source>Two people were found as one: draw the line between them</source>
      <translation>Zwei Personen wurden als eine gefunden: Linie dazwischen ziehen</translation>
    </message>
    <message>
      <source>done</source>
      <translation>fertig</translation>
    </message>
    <message>
      <source>edges</source>
      <translation>Kanten</translation>
    </message>
    <message>
      <source>edited, not run</source>
      <translation>bearbeitet, nicht berechnet</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>fehlgeschlagen</translation>
    </message>
    <message>
      <source>found, not run</source>
      <translation>gefunden, nicht berechnet</translation>
    </message>
    <message>
      <source>preview</source>
      <translation>Vorschau</translation>
    </message>
    <message>
      <source>running {share} %</source>
      <translation>läuft, {share} %</translation>
    </message>
    <message>
      <source>{count} found</source>
      <translation>{count} gefunden</translation>
    </message>
  </context>
  <context>
    <name>PersonRow</name>
    <message>
      <source>Colour</source>
      <translation>Farbe</translation>
    </message>
    <message>
      <source>Colour of {name}</source>
      <translation>Farbe von {name}</translation>
    </message>
    <message>
      <source>Hide {name}</source>
      <translation>{name} ausblenden</translation>
    </message>
    <message>
      <source>Lock</source>
      <translation>Sperren</translation>
    </message>
    <message>
      <source>Lock {name}</source>
      <translation>{name} sperren</translation>
    </message>
    <message>
      <source>Lock: strokes for others cannot change this person</source>
      <translation>Sperren: Striche für andere ändern diese Person nicht</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Rename</source>
      <translation>Umbenennen</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Einblenden</translation>
    </message>
    <message>
      <source>Show or hide (Alt: only this person)</source>
      <translation>Ein- oder ausblenden (Alt: nur diese Person)</translation>
    </message>
    <message>
      <source>Show {name}</source>
      <translation>{name} einblenden</translation>
    </message>
    <message>
      <source>Unlock {name}</source>
      <translation>{name} entsperren</translation>
    </message>
  </context>
  <context>
    <name>PreferencesDialog</name>
    <message>
      <source> min</source>
      <translation> min</translation>
    </message>
    <message>
      <source> px</source>
      <translation> px</translation>
    </message>
    <message>
      <source>Alpha</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <source>Apple GPU</source>
      <translation>Apple-GPU</translation>
    </message>
    <message>
      <source>As at first</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>Wie das System</translation>
    </message>
    <message>
      <source>Both</source>
      <translation>Beides</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>Farben</translation>
    </message>
    <message>
      <source>Computing</source>
      <translation>Berechnung</translation>
    </message>
    <message>
      <source>Cut-out</source>
      <translation>Freisteller</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>Dunkel</translation>
    </message>
    <message>
      <source>Device</source>
      <translation>Gerät</translation>
    </message>
    <message>
      <source>Everything on these pages; shortcuts stay as they are</source>
      <translation>Alles auf diesen Seiten; Tastenkürzel bleiben, wie sie sind</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Export</translation>
    </message>
    <message>
      <source>Format</source>
      <translation>Format</translation>
    </message>
    <message>
      <source>General</source>
      <translation>Allgemein</translation>
    </message>
    <message>
      <source>Keep the camera's notes</source>
      <translation>Kameradaten behalten</translation>
    </message>
    <message>
      <source>Keep the work every</source>
      <translation>Arbeit sichern alle</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>Sprache</translation>
    </message>
    <message>
      <source>Layers</source>
      <translation>Ebenen</translation>
    </message>
    <message>
      <source>Layers show the photo again</source>
      <translation>Ebenen ergeben wieder das Foto</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>Hell</translation>
    </message>
    <message>
      <source>Memory at most</source>
      <translation>Speicher höchstens</translation>
    </message>
    <message>
      <source>Otherwise strokes wait until Enter is pressed.</source>
      <translation>Sonst warten Striche auf die Eingabetaste.</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>Umrisse</translation>
    </message>
    <message>
      <source>Preferences</source>
      <translation>Einstellungen</translation>
    </message>
    <message>
      <source>Processor (CPU)</source>
      <translation>Prozessor (CPU)</translation>
    </message>
    <message>
      <source>Run after each stroke</source>
      <translation>Nach jedem Strich berechnen</translation>
    </message>
    <message>
      <source>Takes effect at the next start.</source>
      <translation>Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
      <source>That of the working size</source>
      <translation>In Arbeitsgröße</translation>
    </message>
    <message>
      <source>The fastest there is</source>
      <translation>Das schnellste</translation>
    </message>
    <message>
      <source>The longer side at which photos are matted: more is finer and slower.</source>
      <translation>Längere Seite, bei der freigestellt wird: mehr ist feiner und langsamer.</translation>
    </message>
    <message>
      <source>The photo's own</source>
      <translation>Das des Fotos</translation>
    </message>
    <message>
      <source>The photo's own resolution</source>
      <translation>In der Auflösung des Fotos</translation>
    </message>
    <message>
      <source>The photo's own resolution, with InstMatt</source>
      <translation>In der Auflösung des Fotos, mit InstMatt</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>Farbschema</translation>
    </message>
    <message>
      <source>Tri-matte</source>
      <translation>Tri-Matte</translation>
    </message>
    <message>
      <source>Trimap</source>
      <translation>Trimap</translation>
    </message>
    <message>
      <source>What is free</source>
      <translation>Was frei ist</translation>
    </message>
    <message>
      <source>What the export panel begins with.</source>
      <translation>Womit das Exportfeld beginnt.</translation>
    </message>
    <message>
      <source>Working size</source>
      <translation>Arbeitsgröße</translation>
    </message>
  </context>
  <context>
    <name>PresetRow</name>
    <message>
      <source>Alphas</source>
      <translation>Alphas</translation>
    </message>
    <message>
      <source>Compositing (EXR)</source>
      <translation>Compositing (EXR)</translation>
    </message>
    <message>
      <source>Delete this preset</source>
      <translation>Diese Vorgabe löschen</translation>
    </message>
    <message>
      <source>Keep these options under this name</source>
      <translation>Diese Optionen unter diesem Namen sichern</translation>
    </message>
    <message>
      <source>Krita and GIMP</source>
      <translation>Krita und GIMP</translation>
    </message>
    <message>
      <source>Name for these options</source>
      <translation>Name für diese Optionen</translation>
    </message>
    <message>
      <source>Name of the preset</source>
      <translation>Name der Vorgabe</translation>
    </message>
    <message>
      <source>Photoshop layers</source>
      <translation>Photoshop-Ebenen</translation>
    </message>
    <message>
      <source>Preset</source>
      <translation>Vorgabe</translation>
    </message>
    <message>
      <source>Some presets of exports could not be read: {names}. Their file is kept when it is next changed.</source>
      <translation>Einige Exportvorgaben konnten nicht gelesen werden: {names}. Ihre Datei wird vor der nächsten Änderung aufgehoben.</translation>
    </message>
    <message>
      <source>The photo in layers</source>
      <translation>Das Foto in Ebenen</translation>
    </message>
    <message>
      <source>Web</source>
      <translation>Web</translation>
    </message>
  </context>
  <context>
    <name>Progress</name>
    <message>
      <source>Refined</source>
      <translation>Verfeinert</translation>
    </message>
    <message>
      <source>Refining all people</source>
      <translation>Alle Personen werden verfeinert</translation>
    </message>
    <message>
      <source>Refining person {one}</source>
      <translation>Person {one} wird verfeinert</translation>
    </message>
    <message>
      <source>Writing {name}</source>
      <translation>{name} wird geschrieben</translation>
    </message>
    <message>
      <source>clean colours</source>
      <translation>Farben werden bereinigt</translation>
    </message>
    <message>
      <source>cutting out person {one} of {all}</source>
      <translation>Person {one} von {all} wird ausgeschnitten</translation>
    </message>
    <message>
      <source>detail ready</source>
      <translation>Details fertig</translation>
    </message>
    <message>
      <source>detail, window {one} of {all}</source>
      <translation>Details, Fenster {one} von {all}</translation>
    </message>
    <message>
      <source>edges</source>
      <translation>Kanten</translation>
    </message>
    <message>
      <source>finding the outline</source>
      <translation>Umriss wird gesucht</translation>
    </message>
    <message>
      <source>getting ready</source>
      <translation>wird vorbereitet</translation>
    </message>
    <message>
      <source>getting ready for the first time</source>
      <translation>wird zum ersten Mal vorbereitet</translation>
    </message>
    <message>
      <source>loading the engine</source>
      <translation>Freistellung wird geladen</translation>
    </message>
    <message>
      <source>loading {name}</source>
      <translation>{name} wird geladen</translation>
    </message>
    <message>
      <source>looking for people</source>
      <translation>Personen werden gesucht</translation>
    </message>
    <message>
      <source>looking for people with {name}</source>
      <translation>Personen werden mit {name} gesucht</translation>
    </message>
    <message>
      <source>looking round the clicks</source>
      <translation>rund um die Klicks wird gesucht</translation>
    </message>
    <message>
      <source>mattes ready</source>
      <translation>Matten fertig</translation>
    </message>
    <message>
      <source>matting person {one} of {all}</source>
      <translation>Person {one} von {all} wird freigestellt</translation>
    </message>
    <message>
      <source>people found</source>
      <translation>Personen gefunden</translation>
    </message>
    <message>
      <source>person found</source>
      <translation>Person gefunden</translation>
    </message>
    <message>
      <source>putting the layers together</source>
      <translation>Ebenen werden zusammengesetzt</translation>
    </message>
    <message>
      <source>reading the mattes</source>
      <translation>Matten werden gelesen</translation>
    </message>
    <message>
      <source>reading the photo</source>
      <translation>Foto wird gelesen</translation>
    </message>
    <message>
      <source>reading {name}</source>
      <translation>{name} wird gelesen</translation>
    </message>
    <message>
      <source>saving the mattes</source>
      <translation>Matten werden gespeichert</translation>
    </message>
    <message>
      <source>saving the photo</source>
      <translation>Foto wird gespeichert</translation>
    </message>
    <message>
      <source>saving the project</source>
      <translation>Projekt wird gespeichert</translation>
    </message>
  </context>
  <context>
    <name>ProjectActions</name>
    <message>
      <source>Close</source>
      <translation>Schließen</translation>
    </message>
    <message>
      <source>Projects (*{suffix})</source>
      <translation>Projekte (*{suffix})</translation>
    </message>
    <message>
      <source>Save the project</source>
      <translation>Projekt speichern</translation>
    </message>
    <message>
      <source>The photo of “{name}”</source>
      <translation>Das Foto von „{name}“</translation>
    </message>
    <message>
      <source>The project was not saved. {reason}</source>
      <translation>Das Projekt wurde nicht gespeichert. {reason}</translation>
    </message>
    <message>
      <source>There is no unsaved work.</source>
      <translation>Es gibt keine nicht gespeicherte Arbeit.</translation>
    </message>
    <message>
      <source>This work is open in another window.</source>
      <translation>Diese Arbeit ist in einem anderen Fenster offen.</translation>
    </message>
    <message>
      <source>Your work could not be kept. {reason} Close all the same, and lose it?</source>
      <translation>Deine Arbeit konnte nicht gesichert werden. {reason} Trotzdem schließen und sie verlieren?</translation>
    </message>
    <message>
      <source>“{name}” is open in another window; save under another name.</source>
      <translation>„{name}“ ist in einem anderen Fenster offen; speichere unter anderem Namen.</translation>
    </message>
    <message>
      <source>“{name}” is open in another window; what you do here is saved under another name.</source>
      <translation>„{name}“ ist in einem anderen Fenster offen; was du hier tust, wird unter anderem Namen gespeichert.</translation>
    </message>
    <message>
      <source>“{name}” was changed by another program since; save under another name, or over it.</source>
      <translation>„{name}“ wurde inzwischen von einem anderen Programm geändert; speichere unter anderem Namen oder darüber.</translation>
    </message>
  </context>
  <context>
    <name>QuickMask</name>
    <message>
      <source>Choose the person whose mask you want to paint first.</source>
      <translation>Wähle zuerst die Person, deren Maske du malen willst.</translation>
    </message>
    <message>
      <source>Mask of {name}: the brush wipes the film off, its opposite lays it on. Q: done, Esc: drop it.</source>
      <translation>Maske von {name}: Der Pinsel nimmt den Film ab, sein Gegenteil trägt ihn auf. Q: fertig, Esc: verwerfen.</translation>
    </message>
    <message>
      <source>Nothing would be left of this person; delete the person instead.</source>
      <translation>Von dieser Person bliebe nichts übrig; lösche sie stattdessen.</translation>
    </message>
    <message>
      <source>The film knows no undecided places; leave it and use the hair brush.</source>
      <translation>Der Film kennt nichts Unentschiedenes; verlasse ihn und nimm den Haarpinsel.</translation>
    </message>
    <message>
      <source>{name} is locked; unlock the layer to paint.</source>
      <translation>{name} ist gesperrt; entsperre die Ebene, um zu malen.</translation>
    </message>
  </context>
  <context>
    <name>RecoveryDialog</name>
    <message>
      <source>It is in no project file and cannot be brought back.</source>
      <translation>Sie steht in keiner Projektdatei und lässt sich nicht zurückholen.</translation>
    </message>
    <message>
      <source>Later</source>
      <translation>Später</translation>
    </message>
    <message>
      <source>This work is in no project file yet. It stays here until you open it or throw it away.</source>
      <translation>Diese Arbeit ist noch in keiner Projektdatei. Sie bleibt hier, bis du sie öffnest oder wegwirfst.</translation>
    </message>
    <message>
      <source>Throw away</source>
      <translation>Wegwerfen</translation>
    </message>
    <message>
      <source>Throw the work on “{name}” away?</source>
      <translation>Die Arbeit an „{name}“ wegwerfen?</translation>
    </message>
    <message>
      <source>Unsaved work</source>
      <translation>Nicht gespeicherte Arbeit</translation>
    </message>
  </context>
  <context>
    <name>RefinementPanel</name>
    <message>
      <source>Closed-form matting looks at each person alone; a model of InstMatt refines them all together (Run › Models).</source>
      <translation>Closed-form-Matting betrachtet jede Person allein; ein InstMatt-Modell verfeinert alle gemeinsam (Berechnen › Modelle).</translation>
    </message>
    <message>
      <source>Compare</source>
      <translation>Vergleich</translation>
    </message>
    <message>
      <source>Cycle</source>
      <translation>Reihum</translation>
    </message>
    <message>
      <source>Detail at the photo's own resolution</source>
      <translation>Details in der Auflösung des Fotos</translation>
    </message>
    <message>
      <source>Everybody</source>
      <translation>Alle</translation>
    </message>
    <message>
      <source>Everywhere</source>
      <translation>Überall</translation>
    </message>
    <message>
      <source>For</source>
      <translation>Für</translation>
    </message>
    <message>
      <source>Large photos are matted once more near all outlines, at full size, when nothing else is to be done and before they are exported</source>
      <translation>Große Fotos werden an allen Umrissen noch einmal in voller Größe freigestellt, wenn sonst nichts zu tun ist und bevor sie exportiert werden</translation>
    </message>
    <message>
      <source>Mean gap of people and background to one: before and after refinement</source>
      <translation>Mittlere Abweichung der Summe aus Personen und Hintergrund von eins: vor und nach der Verfeinerung</translation>
    </message>
    <message>
      <source>Nobody keeps a refinement of their own</source>
      <translation>Niemand behält eine eigene Verfeinerung</translation>
    </message>
    <message>
      <source>None</source>
      <translation>Keine</translation>
    </message>
    <message>
      <source>Of their own — {words}</source>
      <translation>Eigene – {words}</translation>
    </message>
    <message>
      <source>Only inside {width} × {height} px</source>
      <translation>Nur innerhalb von {width} × {height} px</translation>
    </message>
    <message>
      <source>Parallel</source>
      <translation>Parallel</translation>
    </message>
    <message>
      <source>Passes</source>
      <translation>Durchgänge</translation>
    </message>
    <message>
      <source>Refine in the whole photo again</source>
      <translation>Wieder im ganzen Foto verfeinern</translation>
    </message>
    <message>
      <source>Refinement</source>
      <translation>Verfeinerung</translation>
    </message>
    <message>
      <source>Same for all</source>
      <translation>Für alle gleich</translation>
    </message>
    <message>
      <source>Selected people</source>
      <translation>Ausgewählte Personen</translation>
    </message>
    <message>
      <source>Step back</source>
      <translation>Schritt zurück</translation>
    </message>
    <message>
      <source>Step on</source>
      <translation>Schritt weiter</translation>
    </message>
    <message>
      <source>Step through</source>
      <translation>Schritte</translation>
    </message>
    <message>
      <source>The order applies after step {number}.</source>
      <translation>Die Reihenfolge gilt nach Schritt {number}.</translation>
    </message>
    <message>
      <source>The order applies from this step on: the run goes on from here.</source>
      <translation>Die Reihenfolge gilt ab diesem Schritt: Es geht von hier aus weiter.</translation>
    </message>
    <message>
      <source>This model has no refiner: it mattes each person alone. Another one refines them all together (Run › Models).</source>
      <translation>Dieses Modell hat keinen Verfeinerer: Es stellt jede Person allein frei. Ein anderes verfeinert alle gemeinsam (Berechnen › Modelle).</translation>
    </message>
    <message>
      <source>Whom the refinement is chosen for</source>
      <translation>Für wen die Verfeinerung gilt</translation>
    </message>
    <message>
      <source>before the first step</source>
      <translation>vor dem ersten Schritt</translation>
    </message>
    <message>
      <source>everybody</source>
      <translation>alle</translation>
    </message>
  </context>
  <context>
    <name>Roll</name>
    <message>
      <source>The work on the other photos is kept: File › Unsaved work.</source>
      <translation>Die Arbeit an den anderen Fotos ist gesichert: Datei › Nicht gespeicherte Arbeit.</translation>
    </message>
  </context>
  <context>
    <name>SessionRow</name>
    <message>
      <source>1 person</source>
      <translation>1 Person</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>Öffnen</translation>
    </message>
    <message>
      <source>Throw away</source>
      <translation>Wegwerfen</translation>
    </message>
    <message>
      <source>{count} days ago</source>
      <translation>vor {count} Tagen</translation>
    </message>
    <message>
      <source>{count} hours ago</source>
      <translation>vor {count} Stunden</translation>
    </message>
    <message>
      <source>{count} minutes ago</source>
      <translation>vor {count} Minuten</translation>
    </message>
    <message>
      <source>{count} people</source>
      <translation>{count} Personen</translation>
    </message>
  </context>
  <context>
    <name>Settings</name>
    <message>
      <source>Some preferences could not be read: {names}. The file as it was is kept as “{kept}”.</source>
      <translation>Einige Einstellungen konnten nicht gelesen werden: {names}. Die bisherige Datei ist als „{kept}“ aufgehoben.</translation>
    </message>
    <message>
      <source>The preferences could not be kept. {reason}</source>
      <translation>Die Einstellungen konnten nicht gesichert werden. {reason}</translation>
    </message>
    <message>
      <source>The preferences could not be read and are as at first. The file is kept as “{kept}”.</source>
      <translation>Die Einstellungen konnten nicht gelesen werden und sind zurückgesetzt. Die Datei ist als „{kept}“ aufgehoben.</translation>
    </message>
  </context>
  <context>
    <name>ShortcutSheet</name>
    <message>
      <source>Action</source>
      <translation>Aktion</translation>
    </message>
    <message>
      <source>All as at first</source>
      <translation>Alle zurücksetzen</translation>
    </message>
    <message>
      <source>Alt+click on the eye</source>
      <translation>Alt+Klick auf das Auge</translation>
    </message>
    <message>
      <source>Alt+right button: sideways, up and down</source>
      <translation>Alt+rechte Taste: seitwärts, auf und ab</translation>
    </message>
    <message>
      <source>As at first</source>
      <translation>Zurücksetzen</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>Pinsel</translation>
    </message>
    <message>
      <source>Choose an action, then press its new key in the field.</source>
      <translation>Wähle eine Aktion und drücke im Feld ihre neue Taste.</translation>
    </message>
    <message>
      <source>Ctrl+click</source>
      <translation>Strg+Klick</translation>
    </message>
    <message>
      <source>Ctrl+wheel, pinch</source>
      <translation>Strg+Mausrad, Zwei-Finger-Geste</translation>
    </message>
    <message>
      <source>Farther</source>
      <translation>Auszoomen</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>Tastenkürzel</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>Tasten</translation>
    </message>
    <message>
      <source>Menu</source>
      <translation>Menü</translation>
    </message>
    <message>
      <source>Move the photo</source>
      <translation>Foto verschieben</translation>
    </message>
    <message>
      <source>Move the photo sideways</source>
      <translation>Foto seitwärts verschieben</translation>
    </message>
    <message>
      <source>Nearer</source>
      <translation>Einzoomen</translation>
    </message>
    <message>
      <source>Nearer or farther at the cursor</source>
      <translation>Am Mauszeiger ein- oder auszoomen</translation>
    </message>
    <message>
      <source>New key</source>
      <translation>Neue Taste</translation>
    </message>
    <message>
      <source>No key</source>
      <translation>Keine Taste</translation>
    </message>
    <message>
      <source>On the photo</source>
      <translation>Auf dem Foto</translation>
    </message>
    <message>
      <source>On to the controls</source>
      <translation>Weiter zu den Bedienelementen</translation>
    </message>
    <message>
      <source>One more person, or one less</source>
      <translation>Eine Person mehr oder weniger</translation>
    </message>
    <message>
      <source>Only this person</source>
      <translation>Nur diese Person</translation>
    </message>
    <message>
      <source>Paint the opposite</source>
      <translation>Das Gegenteil malen</translation>
    </message>
    <message>
      <source>Panels on or off</source>
      <translation>Bedienfelder ein oder aus</translation>
    </message>
    <message>
      <source>People</source>
      <translation>Personen</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>Suchen</translation>
    </message>
    <message>
      <source>Shift+Tab</source>
      <translation>Umschalt+Tab</translation>
    </message>
    <message>
      <source>Shift+click</source>
      <translation>Umschalt+Klick</translation>
    </message>
    <message>
      <source>Shift+wheel</source>
      <translation>Umschalt+Mausrad</translation>
    </message>
    <message>
      <source>Size, and hardness</source>
      <translation>Größe und Härte</translation>
    </message>
    <message>
      <source>Straight line from the last point</source>
      <translation>Gerade Linie vom letzten Punkt</translation>
    </message>
    <message>
      <source>Tab, with the cursor on the photo</source>
      <translation>Tab, mit dem Mauszeiger auf dem Foto</translation>
    </message>
    <message>
      <source>Take the class or the person under the cursor</source>
      <translation>Klasse oder Person unter dem Mauszeiger übernehmen</translation>
    </message>
    <message>
      <source>The photo as it is</source>
      <translation>Das unveränderte Foto</translation>
    </message>
    <message>
      <source>The photo itself uses {key}.</source>
      <translation>Das Foto selbst verwendet {key}.</translation>
    </message>
    <message>
      <source>Use it, too</source>
      <translation>Zusätzlich verwenden</translation>
    </message>
    <message>
      <source>Use this key</source>
      <translation>Diese Taste verwenden</translation>
    </message>
    <message>
      <source>What can be done here</source>
      <translation>Was hier möglich ist</translation>
    </message>
    <message>
      <source>hold Alt+Space and click</source>
      <translation>Alt+Leertaste halten und klicken</translation>
    </message>
    <message>
      <source>hold Alt, or the right button</source>
      <translation>Alt oder die rechte Taste halten</translation>
    </message>
    <message>
      <source>hold Ctrl+Space and click</source>
      <translation>Strg+Leertaste halten und klicken</translation>
    </message>
    <message>
      <source>hold P</source>
      <translation>P halten</translation>
    </message>
    <message>
      <source>hold Space and drag, middle button</source>
      <translation>Leertaste halten und ziehen, mittlere Taste</translation>
    </message>
    <message>
      <source>right click</source>
      <translation>Rechtsklick</translation>
    </message>
    <message>
      <source>{key} calls “{action}”, which would lose it.</source>
      <translation>{key} ruft „{action}“ auf und ginge dort verloren.</translation>
    </message>
  </context>
  <context>
    <name>StartPage</name>
    <message>
      <source>Drop a photo here</source>
      <translation>Foto hierher ziehen</translation>
    </message>
    <message>
      <source>Every person becomes a layer with a fine alpha matte.</source>
      <translation>Jede Person wird zur Ebene mit einer feinen Alphamatte.</translation>
    </message>
    <message>
      <source>No, thanks</source>
      <translation>Nein, danke</translation>
    </message>
    <message>
      <source>Opened before</source>
      <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>Öffnen…</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>Einfügen</translation>
    </message>
    <message>
      <source>Try the sample</source>
      <translation>Beispiel ausprobieren</translation>
    </message>
  </context>
  <context>
    <name>StatusBar</name>
    <message>
      <source>Esc stops</source>
      <translation>Esc hält an</translation>
    </message>
    <message>
      <source>How fine the outlines are that are shown, on a photo above the working size</source>
      <translation>Wie fein die gezeigten Umrisse sind, bei einem Foto über der Arbeitsgröße</translation>
    </message>
    <message>
      <source>Mean gap of people and background to one after refinement</source>
      <translation>Mittlere Abweichung der Summe aus Personen und Hintergrund von eins nach der Verfeinerung</translation>
    </message>
    <message>
      <source>Memory that this program holds</source>
      <translation>Speicher, den dieses Programm belegt</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>Fortschritt</translation>
    </message>
    <message>
      <source>about {minutes} min left</source>
      <translation>noch etwa {minutes} min</translation>
    </message>
    <message>
      <source>about {seconds} s left</source>
      <translation>noch etwa {seconds} s</translation>
    </message>
    <message>
      <source>detail ready</source>
      <translation>Details fertig</translation>
    </message>
    <message>
      <source>detail {done} of {count}</source>
      <translation>Details {done} von {count}</translation>
    </message>
    <message>
      <source>working size</source>
      <translation>Arbeitsgröße</translation>
    </message>
    <message>
      <source>{used} of {there} GB</source>
      <translation>{used} von {there} GB</translation>
    </message>
  </context>
  <context>
    <name>Strip</name>
    <message>
      <source>Finds and mattes everybody in all photos, while you work on this one</source>
      <translation>Findet alle Personen in allen Fotos und stellt sie frei, während du an diesem arbeitest</translation>
    </message>
    <message>
      <source>Matte all</source>
      <translation>Alle freistellen</translation>
    </message>
    <message>
      <source>Matting {done} of {count}</source>
      <translation>Freistellen: {done} von {count}</translation>
    </message>
    <message>
      <source>Photos</source>
      <translation>Fotos</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Anhalten</translation>
    </message>
    <message>
      <source>done</source>
      <translation>fertig</translation>
    </message>
    <message>
      <source>edited</source>
      <translation>bearbeitet</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>fehlgeschlagen</translation>
    </message>
    <message>
      <source>running</source>
      <translation>läuft</translation>
    </message>
    <message>
      <source>waiting</source>
      <translation>wartet</translation>
    </message>
    <message>
      <source>{done} of {count} done</source>
      <translation>{done} von {count} fertig</translation>
    </message>
  </context>
  <context>
    <name>Toolbox</name>
    <message>
      <source>Brush: paint the chosen class</source>
      <translation>Pinsel: malt die gewählte Klasse</translation>
    </message>
    <message>
      <source>Choose people, or drag a box round one to add</source>
      <translation>Personen auswählen oder einen Rahmen um eine neue ziehen</translation>
    </message>
    <message>
      <source>Choose people, or drag to move the photo</source>
      <translation>Personen auswählen oder ziehen, um das Foto zu verschieben</translation>
    </message>
    <message>
      <source>Eraser: give the pixels back</source>
      <translation>Radierer: gibt die Pixel zurück</translation>
    </message>
    <message>
      <source>Hair brush: let the network decide here</source>
      <translation>Haarpinsel: Hier entscheidet das Netz</translation>
    </message>
    <message>
      <source>Lasso: fill with the chosen class</source>
      <translation>Lasso: mit der gewählten Klasse füllen</translation>
    </message>
    <message>
      <source>Move the photo</source>
      <translation>Foto verschieben</translation>
    </message>
    <message>
      <source>Nearer, with Alt farther; drag a box to fill the window</source>
      <translation>Einzoomen, mit Alt auszoomen; Rahmen ziehen, um das Fenster zu füllen</translation>
    </message>
    <message>
      <source>Point at a person: click on them, right-click beside them, Enter</source>
      <translation>Auf eine Person zeigen: auf sie klicken, daneben rechtsklicken, Eingabetaste</translation>
    </message>
    <message>
      <source>Refine only inside a box: drag it</source>
      <translation>Nur in einem Rahmen verfeinern: ihn aufziehen</translation>
    </message>
    <message>
      <source>Split a person along a line</source>
      <translation>Person entlang einer Linie teilen</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
  </context>
  <context>
    <name>Tour</name>
    <message>
      <source>A file per person, or one document with everybody as layers. Help › Guide has the rest.</source>
      <translation>Eine Datei je Person oder ein Dokument mit allen als Ebenen. Den Rest erklärt Hilfe › Handbuch.</translation>
    </message>
    <message>
      <source>Boxes, clicks, brushes, eraser. Point at one to read its key; F1 lists all keys.</source>
      <translation>Rahmen, Klicks, Pinsel, Radierer. Zeige auf eines, um seine Taste zu lesen; F1 listet alle Tasten.</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Fertig</translation>
    </message>
    <message>
      <source>Drop a photo anywhere into the window, or try the sample. People are found by themselves.</source>
      <translation>Ziehe ein Foto irgendwo ins Fenster oder probiere das Beispiel aus. Personen werden von selbst gefunden.</translation>
    </message>
    <message>
      <source>Each person is a layer here. Whom the search missed you add with a box or a click.</source>
      <translation>Jede Person ist hier eine Ebene. Wen die Suche übersehen hat, fügst du mit Rahmen oder Klick hinzu.</translation>
    </message>
    <message>
      <source>F goes through the views: overlay, outlines, black, white, alpha, cut-out and more.</source>
      <translation>F wechselt die Ansicht: Überlagerung, Umrisse, Schwarz, Weiß, Alpha, Freisteller und mehr.</translation>
    </message>
    <message>
      <source>Let people agree</source>
      <translation>Personen aufeinander abstimmen</translation>
    </message>
    <message>
      <source>Look at it</source>
      <translation>Sieh es dir an</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Open a photo</source>
      <translation>Foto öffnen</translation>
    </message>
    <message>
      <source>Refinement makes people who touch agree about their border, all at once or in an order.</source>
      <translation>Die Verfeinerung stimmt Personen, die sich berühren, an ihrer Grenze aufeinander ab, alle zugleich oder der Reihe nach.</translation>
    </message>
    <message>
      <source>Say what is meant</source>
      <translation>Sag, was gemeint ist</translation>
    </message>
    <message>
      <source>Strokes do not paint the matte. They tell the network: this person, another person, nobody, or decide yourself. Everything can be undone.</source>
      <translation>Striche malen nicht die Matte. Sie sagen dem Netz: diese Person, eine andere, niemand oder entscheide selbst. Alles lässt sich rückgängig machen.</translation>
    </message>
    <message>
      <source>Take the layers with you</source>
      <translation>Nimm die Ebenen mit</translation>
    </message>
    <message>
      <source>Tools</source>
      <translation>Werkzeuge</translation>
    </message>
    <message>
      <source>Who is there</source>
      <translation>Wer ist da?</translation>
    </message>
  </context>
  <context>
    <name>TroubleDialog</name>
    <message>
      <source>({count} times)</source>
      <translation>({count}-mal)</translation>
    </message>
    <message>
      <source>Copy the details</source>
      <translation>Einzelheiten kopieren</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Einzelheiten</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Something unexpected happened</source>
      <translation>Etwas Unerwartetes ist passiert</translation>
    </message>
    <message>
      <source>The program goes on, and your work is kept. If it happens again, copy the details and send them to whoever looks after the program; there is no photo in them.</source>
      <translation>Das Programm läuft weiter, und deine Arbeit ist gesichert. Passiert es wieder, kopiere die Einzelheiten und schicke sie denen, die das Programm betreuen; sie enthalten kein Foto.</translation>
    </message>
  </context>
  <context>
    <name>Twin</name>
    <message>
      <source>Photo</source>
      <translation>Foto</translation>
    </message>
    <message>
      <source>Second view</source>
      <translation>Zweite Ansicht</translation>
    </message>
    <message>
      <source>What the second view shows</source>
      <translation>Was die zweite Ansicht zeigt</translation>
    </message>
  </context>
  <context>
    <name>View</name>
    <message>
      <source>Alpha</source>
      <translation>Alpha</translation>
    </message>
    <message>
      <source>Backdrop</source>
      <translation>Probehintergrund</translation>
    </message>
    <message>
      <source>Black</source>
      <translation>Schwarz</translation>
    </message>
    <message>
      <source>Conflicts</source>
      <translation>Konflikte</translation>
    </message>
    <message>
      <source>Cut-out</source>
      <translation>Freisteller</translation>
    </message>
    <message>
      <source>Outlines</source>
      <translation>Umrisse</translation>
    </message>
    <message>
      <source>Overlay</source>
      <translation>Überlagerung</translation>
    </message>
    <message>
      <source>Tri-mask</source>
      <translation>Tri-Maske</translation>
    </message>
    <message>
      <source>White</source>
      <translation>Weiß</translation>
    </message>
  </context>
  <context>
    <name>ViewBar</name>
    <message>
      <source>View</source>
      <translation>Ansicht</translation>
    </message>
  </context>
  <context>
    <name>_Bubble</name>
    <message>
      <source>Back</source>
      <translation>Zurück</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Weiter</translation>
    </message>
    <message>
      <source>Skip the tour</source>
      <translation>Überspringen</translation>
    </message>
    <message>
      <source>Tour</source>
      <translation>Rundgang</translation>
    </message>
  </context>
</TS>
