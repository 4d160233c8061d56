# Messages of the field keys.
keys-title = Keys
keys-lead = How long the keys that seal this organisation’s data have been in use. Replacing one keeps nobody waiting: new values are sealed under the new key after a few seconds, old ones in the background, and the old key is destroyed when nothing is left under it.
keys-level = Key
keys-version = Version
keys-since = In use since
keys-due-at = To be replaced by
keys-state = State
keys-rotate = Replace
keys-rotating = Being replaced
keys-due = Due
keys-in-time = In time
keys-left = { $left } of { $total } left under retired keys
keys-former = Keys of this organisation that are still under a former root: { $keys }. The former root leaves the configuration when none is left anywhere, as `countersign keys status` says.
keys-level-values = Values of the organisation, and the keys of subjects
keys-level-documents = Documents
keys-level-subjects = Vendors, people, legal entities and bills
keys-under-way = This key is being replaced already. Wait until nothing is left under the retired one.
