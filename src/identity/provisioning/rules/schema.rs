//! The resources that a directory sends, by their attributes (RFC 7643). What is not named here is not kept.

use serde_json::{Map, Value, json};

/// A resource or a complex value.
pub type Object = Map<String, Value>;

/// RFC 7643, 2.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Text,
    Boolean,
    Reference,
    DateTime,
    Complex,
}

impl Type {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Boolean => "boolean",
            Self::Reference => "reference",
            Self::DateTime => "dateTime",
            Self::Complex => "complex",
        }
    }
}

/// An attribute, or a part of a complex one (RFC 7643, 2.2 and 7).
#[derive(Debug)]
pub struct Attribute {
    pub name: &'static str,
    pub kind: Type,
    pub is_list: bool,
    pub is_required: bool,
    pub is_read_only: bool,
    /// Whether letters of either case differ (`caseExact`).
    pub is_exact: bool,
    pub is_unique: bool,
    /// Whether we keep what is sent. A directory may send the rest of the standard's attributes: they are never there.
    pub is_kept: bool,
    pub canonical: &'static [&'static str],
    pub refers_to: &'static [&'static str],
    pub parts: &'static [Self],
    pub about: &'static str,
}

const fn attribute(name: &'static str, kind: Type, about: &'static str) -> Attribute {
    Attribute {
        name,
        kind,
        is_list: false,
        is_required: false,
        is_read_only: false,
        is_exact: false,
        is_unique: false,
        is_kept: true,
        canonical: &[],
        refers_to: &[],
        parts: &[],
        about,
    }
}

const fn text(name: &'static str, about: &'static str) -> Attribute {
    attribute(name, Type::Text, about)
}

const fn complex(
    name: &'static str,
    parts: &'static [Attribute],
    about: &'static str,
) -> Attribute {
    Attribute {
        parts,
        ..attribute(name, Type::Complex, about)
    }
}

const fn unkept(name: &'static str) -> Attribute {
    Attribute {
        is_kept: false,
        is_list: true,
        ..attribute(name, Type::Complex, "")
    }
}

impl Attribute {
    const fn list(mut self) -> Self {
        self.is_list = true;
        self
    }

    const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    const fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self
    }

    const fn exact(mut self) -> Self {
        self.is_exact = true;
        self
    }

    const fn unique(mut self) -> Self {
        self.is_unique = true;
        self
    }

    const fn one_of(mut self, canonical: &'static [&'static str]) -> Self {
        self.canonical = canonical;
        self
    }

    const fn to(mut self, kinds: &'static [&'static str]) -> Self {
        self.refers_to = kinds;
        self
    }

    /// A part by its name, in whatever case it was written (RFC 7643, 2.1).
    #[must_use]
    pub fn part(&'static self, name: &str) -> Option<&'static Self> {
        find(self.parts, name)
    }

    fn described(&self) -> Value {
        let mut out = json!({
            "name": self.name,
            "type": self.kind.as_str(),
            "multiValued": self.is_list,
            "description": self.about,
            "required": self.is_required,
            "caseExact": self.is_exact,
            "mutability": if self.is_read_only { "readOnly" } else { "readWrite" },
            "returned": "default",
            "uniqueness": if self.is_unique { "server" } else { "none" },
        });
        if !self.canonical.is_empty() {
            out["canonicalValues"] = json!(self.canonical);
        }
        if !self.refers_to.is_empty() {
            out["referenceTypes"] = json!(self.refers_to);
        }
        if !self.parts.is_empty() {
            out["subAttributes"] = self.parts.iter().map(Self::described).collect();
        }
        out
    }
}

fn find(among: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    among
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// What a schema's URN names.
#[derive(Debug)]
pub struct Schema {
    pub id: &'static str,
    pub name: &'static str,
    pub about: &'static str,
    pub attributes: &'static [Attribute],
}

impl Schema {
    #[must_use]
    pub fn attribute(&'static self, name: &str) -> Option<&'static Attribute> {
        find(self.attributes, name)
    }

    /// As `/Schemas` shows it (RFC 7643, 7).
    #[must_use]
    pub fn described(&self, location: &str) -> Value {
        let kept = self.attributes.iter().filter(|one| one.is_kept);
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": self.id,
            "name": self.name,
            "description": self.about,
            "attributes": kept.map(Attribute::described).collect::<Vec<_>>(),
            "meta": { "resourceType": "Schema", "location": location },
        })
    }
}

/// A kind of resource.
#[derive(Debug)]
pub struct Kind {
    pub name: &'static str,
    pub path: &'static str,
    pub core: &'static Schema,
    pub extension: Option<&'static Schema>,
}

impl Kind {
    /// Its schemas, the core's first.
    pub fn schemas(&self) -> impl Iterator<Item = &'static Schema> + use<> {
        std::iter::once(self.core).chain(self.extension)
    }

    /// An attribute of the core, or one that every resource has (RFC 7643, 3.1).
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'static Attribute> {
        self.core.attribute(name).or_else(|| find(COMMON, name))
    }

    /// As `/ResourceTypes` shows it (RFC 7643, 6).
    #[must_use]
    pub fn described(&self, location: &str) -> Value {
        let extensions: Vec<Value> = self
            .extension
            .iter()
            .map(|schema| json!({ "schema": schema.id, "required": false }))
            .collect();
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": self.name,
            "name": self.name,
            "description": self.core.about,
            "endpoint": self.path,
            "schema": self.core.id,
            "schemaExtensions": extensions,
            "meta": { "resourceType": "ResourceType", "location": location },
        })
    }
}

const COMMON: &[Attribute] = &[
    text("schemas", "").list().exact().read_only(),
    text("id", "").exact().read_only(),
    text("externalId", "").exact(),
    complex(
        "meta",
        &[
            text("resourceType", "").exact().read_only(),
            attribute("created", Type::DateTime, "").read_only(),
            attribute("lastModified", Type::DateTime, "").read_only(),
            attribute("location", Type::Reference, "")
                .exact()
                .read_only(),
            text("version", "").exact().read_only(),
        ],
        "",
    )
    .read_only(),
];

const NAME: &[Attribute] = &[
    text("formatted", "The full name, as it is shown."),
    text("familyName", "The family name."),
    text("givenName", "The given name."),
    text("middleName", "The middle names."),
    text("honorificPrefix", "A title before the name."),
    text("honorificSuffix", "What follows the name."),
];

const EMAIL: &[Attribute] = &[
    text("value", "The address."),
    text("display", "A name to show with the address."),
    text("type", "What the address is for.").one_of(&["work", "home", "other"]),
    attribute(
        "primary",
        Type::Boolean,
        "Whether it is the preferred address.",
    ),
];

const OF_GROUP: &[Attribute] = &[
    text("value", "The group's id.").exact().read_only(),
    attribute("$ref", Type::Reference, "The group's address.")
        .exact()
        .to(&["Group"])
        .read_only(),
    text("display", "The group's name.").read_only(),
];

const USER: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:User",
    name: "User",
    about: "A person in the directory",
    attributes: &[
        text(
            "userName",
            "By what the directory names the person. It is her address here, where no e-mail is sent and it is one.",
        )
        .required()
        .unique(),
        complex("name", NAME, "The parts of the person's name."),
        text("displayName", "The name as it is shown."),
        text("title", "What the person is called at work."),
        text(
            "preferredLanguage",
            "The language of the person's pages, until she chooses one herself.",
        ),
        attribute(
            "active",
            Type::Boolean,
            "Whether the person may use Countersign.",
        ),
        complex(
            "emails",
            EMAIL,
            "E-mail addresses. The primary one, else the first for work, else the first is where mail goes.",
        )
        .list(),
        complex("groups", OF_GROUP, "The groups that the person is in.")
            .list()
            .read_only(),
        unkept("nickName"),
        unkept("profileUrl"),
        unkept("userType"),
        unkept("locale"),
        unkept("timezone"),
        unkept("password"),
        unkept("phoneNumbers"),
        unkept("ims"),
        unkept("photos"),
        unkept("addresses"),
        unkept("entitlements"),
        unkept("roles"),
        unkept("x509Certificates"),
    ],
};

const MANAGER: &[Attribute] = &[
    text("value", "The manager's id.").exact(),
    attribute("$ref", Type::Reference, "The manager's address.")
        .exact()
        .to(&["User"]),
    text("displayName", "The manager's name.").read_only(),
];

const ENTERPRISE: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
    name: "EnterpriseUser",
    about: "Where the person works",
    attributes: &[
        text("employeeNumber", "The company's number for the person."),
        text("costCenter", "The cost centre."),
        text("organization", "The organisation."),
        text("division", "The division."),
        text("department", "The department."),
        complex("manager", MANAGER, "The person's manager."),
    ],
};

const MEMBER: &[Attribute] = &[
    text("value", "The member's id.").exact(),
    attribute("$ref", Type::Reference, "The member's address.")
        .exact()
        .to(&["User"]),
    text("type", "What kind of member it is.").one_of(&["User"]),
];

const GROUP: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:Group",
    name: "Group",
    about: "A group in the directory",
    attributes: &[
        text("displayName", "The group's name.").required(),
        complex("members", MEMBER, "The people in the group.").list(),
    ],
};

pub const USERS: Kind = Kind {
    name: "User",
    path: "/Users",
    core: &USER,
    extension: Some(&ENTERPRISE),
};

pub const GROUPS: Kind = Kind {
    name: "Group",
    path: "/Groups",
    core: &GROUP,
    extension: None,
};

pub const KINDS: [&Kind; 2] = [&USERS, &GROUPS];
