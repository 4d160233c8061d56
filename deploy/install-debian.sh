#!/bin/sh
# Installs the Debian packages that Countersign needs, and only those that are missing.
#   deploy/install-debian.sh          to build and run
#   deploy/install-debian.sh test     to run every test as well
# Safe to run again. Uses the package sources that the machine has.
set -eu

# A C compiler builds SQLCipher and aws-lc; libcrypto is found through pkg-config.
packages="gcc libc6-dev make pkg-config libssl-dev"
case "${1:-run}" in
    run) ;;
    # The grown engine, a real browser, XML schema checks, reading back our own PDFs, an S3 server, identity providers, a SCIM client, a PKCS#11 token
    # in software and the tool that makes keys in it, and a receiver of syslog over TLS.
    test) packages="$packages postgresql chromium chromium-driver libxml2-utils poppler-utils git python3-venv xmlsec1 softhsm2 opensc rsyslog rsyslog-openssl" ;;
    *) echo "usage: $0 [run|test]" >&2; exit 2 ;;
esac

# A Node.js that is there already, with its npm, is left alone, wherever it came from.
if [ "${1:-run}" = test ] && ! command -v npm >/dev/null; then
    packages="$packages nodejs npm"
fi

missing=
for package in $packages; do
    case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)" in
        *" ok installed") ;;
        *) missing="$missing $package" ;;
    esac
done

if [ -n "$missing" ]; then
    command -v apt-get >/dev/null || { echo "This is no Debian machine. Please install:$missing" >&2; exit 1; }
    root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "Run this as root, or install sudo. Missing:$missing" >&2; exit 1; }
        root=sudo
    fi
    echo "Installing:$missing"
    # Debian starts a cluster of its own with postgresql. The tests start theirs, and it may keep port 5432.
    $root apt-get update -q
    # shellcheck disable=SC2086 # one word per package is what is wanted
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
fi

# An S3 server to keep documents in. It goes with `cargo clean`, and stays the same until its version here changes.
if [ "${1:-run}" = test ]; then
    moto=$(dirname "$0")/../target/moto
    version=5.2.5
    if [ "$(cat "$moto/version" 2>/dev/null || true)" != "$version" ]; then
        echo "Installing: moto $version into target/moto"
        python3 -m venv "$moto"
        "$moto/bin/pip" install -q "moto[s3,server]==$version"
        echo "$version" >"$moto/version"
    fi
fi

# An identity provider to sign in through, with what it stands on. It signs by xmlsec1.
if [ "${1:-run}" = test ]; then
    pysaml2=$(dirname "$0")/../target/pysaml2
    version="pysaml2==7.5.5 pyOpenSSL==26.4.0 cryptography==50.0.2 xmlschema==2.5.1"
    if [ "$(cat "$pysaml2/version" 2>/dev/null || true)" != "$version" ]; then
        echo "Installing: pysaml2 into target/pysaml2"
        python3 -m venv "$pysaml2"
        # shellcheck disable=SC2086 # one word per package is what is wanted
        "$pysaml2/bin/pip" install -q $version
        echo "$version" >"$pysaml2/version"
    fi
fi

# Another one, which encrypts what it says. The lock file names every package it stands on.
if [ "${1:-run}" = test ]; then
    here=$(dirname "$0")/../tests/it/support/saml_idps
    samlify=$(dirname "$0")/../target/samlify
    if ! cmp -s "$here/package-lock.json" "$samlify/installed"; then
        echo "Installing: samlify into target/samlify"
        mkdir -p "$samlify"
        cp "$here/package.json" "$here/package-lock.json" "$samlify/"
        (cd "$samlify" && npm ci --no-audit --no-fund --ignore-scripts)
        cp "$here/package-lock.json" "$samlify/installed"
    fi
fi

# The same for OpenID Connect.
if [ "${1:-run}" = test ]; then
    here=$(dirname "$0")/../tests/it/support/openid_provider
    provider=$(dirname "$0")/../target/oidc_provider
    if ! cmp -s "$here/package-lock.json" "$provider/installed"; then
        echo "Installing: oidc-provider into target/oidc_provider"
        mkdir -p "$provider"
        cp "$here/package.json" "$here/package-lock.json" "$provider/"
        (cd "$provider" && npm ci --no-audit --no-fund --ignore-scripts)
        cp "$here/package-lock.json" "$provider/installed"
    fi
fi

# Asks our SCIM service what every directory may ask of one.
if [ "${1:-run}" = test ]; then
    scim=$(dirname "$0")/../target/scim
    version=0.5.2
    if [ "$(cat "$scim/version" 2>/dev/null || true)" != "$version" ]; then
        echo "Installing: scim2-tester $version into target/scim"
        python3 -m venv "$scim"
        "$scim/bin/pip" install -q "scim2-tester==$version" "scim2-client[httpx2]==0.13.2" "scim2-models==0.12.3" "httpx2==2.16.2"
        echo "$version" >"$scim/version"
    fi
fi

command -v cargo >/dev/null || { echo "Rust is missing: install a toolchain of at least the version in Cargo.toml (rustup does it)." >&2; exit 1; }
