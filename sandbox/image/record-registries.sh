#!/bin/sh
# Writes /etc/slipway/registries.json: for each package client in this image, the hosts that it is configured to ask.
# The egress policy's default allow list comes from here, so no host is named in Slipway itself. A derived image that
# adds a client runs this again.
set -eu
out=/etc/slipway/registries.json

hosts_of() { # stdin: text with URLs -> a JSON array of hosts
    { grep -oE 'https?://[^/"[:space:]|,]+' || true; } | sed -E 's#^https?://([^@/]*@)?##; s#:[0-9]+$##' | sort -u | jq -R . | jq -sc .
}
apt_urls() { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null | grep -v '^#'; }
npm_urls() { npm config ls -l --json | jq -r 'to_entries[]|select(.key|test("registry$"))|.value|strings'; }
pip_urls() { # pip's own constants, also out of the wheel that venv installs it from
    python3 - <<'P'
import glob, sys
sys.path[:0] = glob.glob("/usr/share/python-wheels/pip-*.whl")
try:
    from pip._internal.models.index import PyPI
    print(PyPI.simple_url, "https://" + PyPI.file_storage_domain)
except ImportError:
    pass
P
    cat /etc/pip.conf 2>/dev/null || true
}
maven_urls() { # Maven's super POM
    home=$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")
    unzip -p "$home"/lib/maven-model-builder-*.jar org/apache/maven/model/pom-4.0.0.xml | grep '<url>'
    cat "$home/conf/settings.xml" 2>/dev/null | grep -E '^[^!]*<url>' || true
}
go_urls() { go env GOPROXY; sum=$(go env GOSUMDB); [ "$sum" = off ] || echo "https://$sum"; }
cargo_urls() { # the crate index as cargo itself names it
    strings -a "$(command -v cargo)" 2>/dev/null | grep -oE 'sparse\+https://[^/]+' | sort -u || true
    cat /usr/local/cargo/config.toml /etc/cargo/config.toml 2>/dev/null || true
}

jq -n '{}' > "$out"
record() { # client program
    command -v "$2" >/dev/null || return 0
    jq --arg client "$1" --argjson hosts "$("$1_urls" | hosts_of)" '. + {($client): $hosts}' "$out" > "$out.new"
    mv "$out.new" "$out"
}
record apt apt-get
record npm npm
record pip python3
record maven mvn
record go go
record cargo cargo
chmod 0644 "$out"
