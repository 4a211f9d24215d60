#!/bin/sh
# The base layer: Debian packages, extra certificate authorities, the user. Runs inside the build, as root.
set -eu
host=/opt/slipway/host

if [ -s "$host/apt-sources.list" ]; then
    rm -f /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list
    cp "$host/apt-sources.list" /etc/apt/sources.list
fi
# Only for this script: a mirror behind TLS must be trusted before the package ca-certificates is here.
if [ -s "$host/bundle.pem" ]; then
    echo "Acquire::https::CAInfo \"$host/bundle.pem\";" > /etc/apt/apt.conf.d/98slipway-build
fi
if [ -s "$host/apt.conf" ]; then
    cp "$host/apt.conf" /etc/apt/apt.conf.d/99slipway-build
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -qy --no-install-recommends \
    ca-certificates curl git iproute2 jq less openssh-client patch procps python3 python3-venv ripgrep tini unzip xz-utils

# The system's bundle, OpenSSL's default file and the key store that Debian's JDKs share are links into a folder that each sandbox has
# mounted: so programs trust the proxy there whatever their environment says, and a new authority is seen when it is written there. What
# lies in the folder of the image itself serves its builds, and those of images that derive from it.
cat > /etc/ca-certificates/update.d/slipway-trust <<'H'
#!/bin/sh
# Runs after every update-ca-certificates, which replaces the links by files.
set -eu
trust=/run/slipway/ca
mkdir -p $trust /etc/ssl/certs/java
keep() { # what is there now, the name in the folder
    [ -L "$1" ] || [ ! -f "$1" ] || { cp "$1" "$trust/$2" && chmod 0644 "$trust/$2"; }
    ln -sfn "$trust/$2" "$1"
}
keep /etc/ssl/certs/ca-certificates.crt bundle.pem
keep /etc/ssl/certs/java/cacerts cacerts
ln -sfn $trust/bundle.pem /usr/lib/ssl/cert.pem
H
chmod 0755 /etc/ca-certificates/update.d/slipway-trust

mkdir -p /usr/local/share/ca-certificates
for ca in "$host"/ca/*.crt; do
    [ -e "$ca" ] && cp "$ca" /usr/local/share/ca-certificates/
done
update-ca-certificates
rm -f /etc/apt/apt.conf.d/98slipway-build "$host/bundle.pem"

# npm's global configuration, for the build and for whoever runs npm in the sandbox.
mkdir -p /usr/local/etc
[ -s "$host/npmrc" ] && cp "$host/npmrc" /usr/local/etc/npmrc
[ -s "$host/pip.conf" ] && cp "$host/pip.conf" /etc/pip.conf

# A base image may already have a user with uid 1000; then it becomes ours.
if taken=$(getent passwd 1000 | cut -d: -f1) && [ -n "$taken" ]; then
    usermod --login agent --home /data/home "$taken"
    groupmod --new-name agent "$(id -gn 1000)"
else
    groupadd --gid 1000 agent
    useradd --uid 1000 --gid 1000 --home-dir /data/home --no-create-home --shell /bin/bash agent
fi
install -d -o 1000 -g 1000 -m 0700 /data
install -d -o 1000 -g 1000 /data/home
install -d -o 1000 -g 1000 -m 0755 /run/slipway/agent
install -d /run/slipway/egress /run/slipway/ca /etc/slipway

# No setuid program is needed in here, so none is left.
find / -xdev -type f -perm /6000 -exec chmod ug-s {} +
rm -rf /var/lib/apt/lists/* /usr/share/doc/* /usr/share/man/* /var/cache/debconf/*-old
