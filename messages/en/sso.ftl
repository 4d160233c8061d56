# Messages of the field sso.
sso-title = Signing in
sso-lead = How people sign in: through identity providers of your own, and without. Each change is proposed by one administrator and in force once another one confirms it.
sso-add-saml = Add a SAML connection
sso-add-oidc = Add an OpenID Connect connection
sso-connections = Connections
sso-connections-lead = Identity providers that people sign in through. Ending one takes effect at once and ends the sessions that came through it.
sso-connections-none = There is none: people sign in with a password and a second factor, or with a passkey.
sso-end = End
sso-ended = Ended
sso-domains = Domains
sso-domains-lead = Whoever arrives with a mail address of one of these domains for the first time is the person with that address here, or gets an account where the connection makes them. Two administrators answer for it that the domain is yours.
sso-domain = Domain
sso-domain-hint = What follows the @ of your addresses, such as harbour.example.
sso-domain-add = Propose this domain
sso-rule = Other ways to sign in
sso-rule-lead = Passwords and passkeys can be refused to everybody but those who are marked. They find no sign that it is so: the answer is that of a wrong password.
sso-rule-legend = Identity providers alone
sso-rule-only = People sign in through an identity provider alone
sso-break-glass = Marked for emergencies
sso-break-glass-hint = Can always sign in with a password and a second factor, when no identity provider answers. All administrators are told each time. One person at least, with a second factor.
sso-propose = Propose
sso-links = A second identity
sso-links-lead = Somebody who arrives with the address of a person who has an identity already is refused, since she could be anybody who can name that address. Permit it once, for one person and one connection.
sso-connection = Connection
sso-connection-lead = What you propose here is used once another administrator has confirmed it.
sso-addresses = For the identity provider
sso-addresses-lead = Type these into the identity provider.
sso-own-entity-id = Entity id, and the address of our metadata
sso-acs = Assertion consumer service (POST)
sso-logout = Single logout
sso-callback = Redirect address
sso-backchannel-logout = Back-channel logout
sso-after-logout = Where people go after signing out there
sso-try-lead = Sign in by it once, in a private window. If that is refused, this page says below which step failed.
sso-try = Try it
sso-keys = Our keys
sso-metadata-follow = Metadata of the identity provider
sso-fetched = Fetched last { $time }. It is fetched again each day, and when a response does not verify by it, though no more than once in five minutes for that.
sso-never-fetched = It was not fetched yet.
sso-fetch = Fetch it now
sso-keys-lead = What our requests are signed with and what can be encrypted for us. Make a new one, let the identity provider read our metadata, then retire the old one: requests are signed with the older one until then.
sso-key-renew = Make a new key
sso-key-retire = Retire the older key
sso-name = Name
sso-name-hint = Stands on the button of the sign-in page.
sso-metadata-address = Address of the metadata
sso-metadata-address-hint = Begins with https://. It is fetched again each day, so that new keys of the identity provider are known in time.
sso-metadata = Metadata
sso-metadata-hint = Or paste the document. It stays as it is until you propose another one.
sso-file-title = Metadata from a file
sso-file = Metadata file
sso-file-hint = The identity provider's XML, at most 128 KiB. It fills the form below; nothing changes before you propose it.
sso-file-do = Read the file
sso-file-read = The file was read. Look through the form below, then propose it.
sso-entity-id = Entity id of the identity provider
sso-entity-id-hint = Needed beside an address, and where the document describes several. Later metadata must be of the same one.
sso-document-hash = SHA-256 of the metadata
sso-certificates = Certificates (SHA-256)
sso-name-id = Format of the name
sso-name-id-hint = By what the identity provider knows people. Persistent is best: an address can be given to somebody else.
sso-name-id-persistent = Persistent
sso-name-id-email = E-mail address
sso-name-id-unspecified = Unspecified
sso-unsolicited = The identity provider may begin
sso-unsolicited-hint = For tiles on its own start page. Then a response is taken that answers no question of ours, and whoever tricks a browser into sending one signs that browser in as somebody else.
sso-issuer = Issuer
sso-issuer-hint = Begins with https://, as the identity provider writes it.
sso-client-id = Client id
sso-client-id-hint = Under this name the provider knows Countersign.
sso-client-secret = Client secret
sso-client-secret-hint = Leave it empty to keep the one in force, or for a client that has none. It is never shown again.
sso-map-email = Attribute or claim with the mail address
sso-map-email-hint = Empty: the name itself is the address.
sso-map-name = Attribute or claim with the full name
sso-map-groups = Attribute or claim with the groups
sso-map-roles = Roles of groups
sso-map-roles-hint = One in a line: group = role. The roles are { $roles }. A role is taken at the next sign-in after the group is gone; roles that people gave by hand stay.
sso-just-in-time = Make accounts just in time
sso-just-in-time-hint = Whoever arrives with an address of your domains and has no account gets one.
sso-trusts-factor = The identity provider's second factor counts
sso-trusts-factor-hint = Where it says that somebody has shown a second factor, ours is not asked for.
sso-yes = Yes
sso-no = No
sso-failures = Refused lately
sso-failures-lead = The last arrivals that were refused. Whoever was refused can tell you the number.
sso-failures-none = None.
sso-what-saml = Connection { $name } (SAML)
sso-what-oidc = Connection { $name } (OpenID Connect)
sso-what-domain = Domain { $domain }
sso-what-only = People sign in through an identity provider alone
sso-what-not-only = People may sign in with a password or a passkey as well
sso-what-link = A second identity for a person
sso-what-account = A directory takes over an account that was made by hand
sso-wrong-address = This is no address that begins with https://, or it carries a name, a password or a # part.
sso-provider-description = The provider's description
sso-provider-keys = The provider's key set
sso-wrong-fetch-address = { $what } at { $at } has no address that begins with https://.
sso-wrong-fetch-network = { $what } at { $at } is in a network that Countersign does not reach, or the host has no address. Check the issuer; for a provider in your own network the operator sets providers.networks to private.
sso-wrong-fetch-unreachable = { $what } at { $at } cannot be reached, or the host's certificate is not trusted. Check the issuer; for an authority of your own the operator sets providers.ca_file.
sso-wrong-fetch-broken = { $what } at { $at } did not come within 15 seconds, or is far too large.
sso-wrong-fetch-status = { $what } is not there: { $at }. Only 200 counts, and no other address is followed. Check the issuer.
sso-wrong-issuer = An issuer begins with https:// and has no ? and no # part. It is what the provider writes as "issuer" in its description.
sso-wrong-provider-shape = What stands at { $at } is no description of a provider. Check the issuer.
sso-wrong-provider-issuer = The description at { $at } is another issuer's. Type the issuer exactly as it stands there, with or without the slash at its end. Addresses that serve several organisations, such as those with "common" in them, are not taken.
sso-wrong-provider-endpoint = In the description at { $at }, { $name } is missing or does not begin with https://.
sso-wrong-provider-flow = By its description at { $at } the provider does not take authorization codes with PKCE (S256). Allow both there.
sso-wrong-provider-keys = At { $at } there are no keys that verify signatures.
sso-wrong-secret = The secret in force was agreed on with another issuer. Type the secret of this one.
sso-wrong-metadata = This is no metadata of one identity provider with a certificate. Where it describes several, type the entity id of the one that is meant.
sso-wrong-no-metadata = Give the address of the metadata, or paste the document.
sso-wrong-two-metadata = Give the address or the document, not both.
sso-wrong-no-file = Choose the identity provider's metadata file, then press the button again.
sso-wrong-file-size = The file is larger than 128 KiB. If it describes a whole federation, ask for the metadata of your identity provider alone, or give its address.
sso-wrong-file-text = This file is not text in UTF-8. Save the identity provider's metadata as XML in UTF-8 and choose it again.
sso-wrong-file-protocol = This connection speaks OpenID Connect, which has no metadata file: its issuer's address is enough.
sso-wrong-roles = Each line is a group, an equals sign, and one of the roles.
sso-wrong-groups = Roles come from groups: name the attribute that lists them.
sso-wrong-domain = This is no domain, such as harbour.example.
sso-wrong-link = Nobody here has this address, or the connection is not in force any more.
sso-button = Sign in with { $name }
sso-choose = Sign in through your organisation
sso-choose-lead = Your organisation's own sign-in.
sso-choose-none = Under this name there is no sign-in of this kind. Check its spelling, or sign in with your address.
sso-send-lead = Your organisation's sign-in takes this question from a page of ours.
sso-signed-out = You are signed out here
sso-signed-out-lead = Your organisation's own sign-in still knows you. This page goes on there, to sign you out as well.
sso-signed-out-go = Sign out there as well
sso-refused-title = You are not signed in
sso-refused-shown-title = Your factor was not shown
sso-refused-shown = You were to sign in there once more, as yourself and with your second factor. What came back was somebody else's sign-in, one from before, or one without a factor. Here nothing has changed: you are signed in as before. Begin again; if that does not help, tell your administrator the number below.
sso-refused-again = The answer of your organisation's sign-in came too late, in another browser, or twice. Begin again.
sso-refused-provider = The answer of your organisation's sign-in could not be accepted. Begin again; if that does not help, tell your administrator the number below.
sso-refused-account = Your organisation's sign-in knows you, but there is no account here that you may use. Tell your administrator the number below.
sso-reason-not-accepted = The answer was not accepted: the checks say why.
sso-reason-not-asked = The answer belongs to no question that this browser was sent with.
sso-reason-seen-before = The answer was used before.
sso-reason-format = The person is named in another format than the connection takes.
sso-reason-no-email = The answer has no mail address, or several. Compare the attribute's name.
sso-reason-domain = The mail address is of no domain that is yours.
sso-reason-unknown = Nobody has this mail address, and the connection makes no accounts.
sso-reason-suspended = The person is suspended.
sso-reason-factors-reset = Her second factors were reset: she sets up another by the link that was mailed to her.
sso-reason-not-shown = She was asked to sign in there once more, with a second factor. What came back was somebody else's sign-in, one from before, or one without a factor.
sso-reason-linked-elsewhere = The person with this mail address has another identity. Permit a second one, if it is she.
sso-reason-altered = A record was changed outside of Countersign. Tell your security officer.
sso-mail-proposed-subject = A change of how { $organisation } signs in waits for you
sso-mail-proposed-text =
    Hello { $name },

    { $proposer } proposed a change of how people sign in to { $organisation }:

    { $what }

    Another administrator confirms it, until { $until }. Look at what it would put in force:

    { $link }
sso-mail-confirmed-subject = How { $organisation } signs in was changed
sso-mail-confirmed-text =
    Hello { $name },

    this change of how people sign in to { $organisation } was confirmed and is in force:

    { $what }

    Proposed by: { $proposer }
    When: { $time }

    If you know nothing of it, look at it now: { $link }
sso-mail-refused-subject = A change of how { $organisation } signs in was refused
sso-mail-refused-text =
    Hello { $name },

    this change of how people sign in to { $organisation } was refused:

    { $what }

    Proposed by: { $proposer }
    See { $link }
sso-mail-alone-subject = How { $organisation } signs in was changed by one person
sso-mail-alone-text =
    Hello { $name },

    { $proposer } is the only administrator of { $organisation } and changed how people sign in:

    { $what }

    When: { $time }

    Nobody else could confirm it, so that everybody is told. If you did not expect it, ask at once.
sso-mail-ended-subject = A way to sign in to { $organisation } was ended
sso-mail-ended-text =
    Hello { $name },

    this is not in force any more at { $organisation }:

    { $what }

    When: { $time }
    See { $link }
sso-mail-break-glass-subject = An emergency account of { $organisation } was used
sso-mail-break-glass-text =
    Hello { $name },

    { $person } is marked for emergencies and signed in to { $organisation } without an identity provider.

    When: { $time }

    If that is no emergency that you know of, ask at once.
sso-mail-keys-subject = An identity provider of { $organisation } has other keys
sso-mail-keys-text =
    Hello { $name },

    the metadata of this connection names other keys than before:

    { $what }

    When: { $time }

    Identity providers change keys from time to time. If yours has not, end the connection: { $link }
sso-mail-reset-text =
    Hello { $name },

    somebody asked for a link to choose another password for your account. Your organisation signs in through its own sign-in alone, where passwords of this one count for nothing. Choose it on the sign-in page:

    { $link }

    If it was not you, do nothing.
