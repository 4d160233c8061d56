# Messages of the field people.
people-accept-lead = { $person } lädt Sie zu { $organisation } ein.
people-accept-roles = Ihre Rolle: { $roles }.
people-accept = Einladung annehmen
people-name = Name
people-email = E-Mail-Adresse
people-roles = Rollen
people-state = Stand
people-last-seen = Zuletzt gesehen
people-never = nie
people-invite = Person einladen
people-link-title = Einladungslink
people-link-once = Er gilt einmal und wird nur jetzt gezeigt. Übergeben Sie ihn persönlich oder auf einem vertrauenswürdigen Weg.
people-invite-lead = Wer eine Rechnung erfasst, kann sie nicht freigeben, gleich welche Rollen vergeben sind.
people-invite-submit = Einladung erstellen
people-title-accept = Willkommen bei Countersign
