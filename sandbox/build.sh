#!/usr/bin/env bash
# Builds the sandbox image. Usually called as `./slipway image build`; `--help` lists the options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
    cat <<'U'
build.sh [--bootstrap] [--base-image IMAGE] [--tag IMAGE] [--force] [--engine docker|podman]

  --bootstrap        make the base image here with mmdebstrap, even if it could be pulled
  --base-image X     what to build on (default debian:bookworm-slim; Debian 12 or newer)
  --tag X            name of the image (default slipway/sandbox:0.1.0)
  --force            build even if nothing changed
  --engine X         docker or podman (default: the one that DOCKER_HOST or SLIPWAY_ENGINE names, else Podman on
                     Linux where its service listens, else Docker, else Podman)

Environment: JAVA_HOME (a JDK 25), http_proxy, https_proxy, no_proxy, SLIPWAY_BUILD_NETWORK (network of the build's
containers; default: the engine's own, `host` when that one reaches nothing), SLIPWAY_BUILD_DIR (default: under TMPDIR).
U
}

base_image=debian:bookworm-slim
tag=slipway/sandbox:0.1.0
bootstrap=no
force=no
engine=${SLIPWAY_ENGINE:-}
while [ $# -gt 0 ]; do
    case $1 in
        --bootstrap) bootstrap=yes ;;
        --force) force=yes ;;
        --base-image) base_image=${2:?--base-image needs a name}; shift ;;
        --tag) tag=${2:?--tag needs a name}; shift ;;
        --engine) engine=${2:?--engine needs a name}; shift ;;
        -h|--help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

started=$SECONDS
say() { printf '[image %3ds] %s\n' $((SECONDS - started)) "$*"; }
fail() { # what is wrong, then what mends it
    printf '\nThe sandbox image was not built: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  To fix: %s\n' "$2" >&2
    exit 1
}

main() {
    find_engine
    find_jdk
    find_agent_jar
    context=$(mktemp -d "${SLIPWAY_BUILD_DIR:-${TMPDIR:-/tmp}}/slipway-image.XXXXXX")
    trap 'rm -rf "$context"' EXIT
    collect_host_configuration
    copy_sources
    inputs=$(inputs_hash)
    if [ $force = no ] && [ "$(label_of "$tag" dev.slipway.inputs)" = "$inputs" ]; then
        say "$tag is up to date"
        return
    fi
    if [ $force = no ] && copy_from_other_engine; then
        return
    fi
    ensure_base_image
    link_runtime
    build
    say "$tag is ready ($("$engine" image inspect --format '{{.Size}}' "$tag" | awk '{printf "%.0f MB", $1/1e6}'))"
}

find_engine() {
    local candidate order="docker podman"
    # Podman's program works without its service, which sandboxes need; so it comes first only where that is.
    if [ "$(uname -s)" = Linux ] && { [ -S "${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/podman/podman.sock" ] || [ -S /run/podman/podman.sock ]; }; then
        order="podman docker"
    fi
    [ "$engine" != auto ] || engine=
    # The launcher has chosen an engine already; where that is Podman, its own command builds into the store it reads.
    case ${DOCKER_HOST:-} in
        "") ;;
        *podman*) engine=${engine:-podman docker} ;;
        *) engine=${engine:-docker podman} ;;
    esac
    for candidate in ${engine:-$order}; do
        if command -v "$candidate" >/dev/null && "$candidate" version >/dev/null 2>&1; then
            engine=$candidate
            return
        fi
    done
    fail "no container engine answers (looked for ${engine:-$order})" \
        "start Docker or Podman; on Debian or Ubuntu: apt-get install docker.io && systemctl start docker"
}

find_jdk() {
    local candidate
    for candidate in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v jlink || echo /none/bin/x)")")")" \
            /usr/lib/jvm/*25* /opt/*jdk*25* "$HOME"/.sdkman/candidates/java/25*; do
        if [ -x "$candidate/bin/jlink" ] && "$candidate/bin/java" -version 2>&1 | head -1 | grep -q '"25'; then
            jdk=$candidate
            return
        fi
    done
    fail "no JDK 25 with jlink found" "set JAVA_HOME to a JDK 25"
}

find_agent_jar() {
    app=../agent/target
    if ! compgen -G "$app/agent-*.jar" >/dev/null || ! [ -d "$app/libs" ]; then
        say "building the agent"
        (cd .. && JAVA_HOME=$jdk ./mvnw -q -pl agent package -DskipTests) \
            || fail "the module agent does not build" "run ./mvnw -pl agent package and read what it says"
    fi
}

# What this machine needs to reach its package servers, for the build and for package clients in the sandbox. Only
# addresses and certificates are taken: a password or token would stay in the image.
collect_host_configuration() {
    local host=$context/host
    mkdir -p "$host/ca"
    cp /usr/local/share/ca-certificates/*.crt "$host/ca/" 2>/dev/null || true
    touch "$host/ca/none" "$host/npmrc" "$host/pip.conf" "$host/apt.conf" "$host/apt-sources.list"
    cp /etc/ssl/certs/ca-certificates.crt "$host/bundle.pem" 2>/dev/null || touch "$host/bundle.pem"

    if command -v npm >/dev/null; then
        npm config ls -l --json 2>/dev/null | node -e '
            const config = JSON.parse(require("fs").readFileSync(0));
            for (const [key, value] of Object.entries(config)) {
                if (/(^|:)registry$/.test(key) && value && !/\/\/[^/]*@/.test(value)) console.log(`${key}=${value}`);
            }' > "$host/npmrc" || true
    fi
    if command -v pip3 >/dev/null; then
        { echo '[global]'; pip3 config list 2>/dev/null \
            | sed -nE "s/^(global\.)?(index-url|extra-index-url|trusted-host)='(https?:\/\/[^@']*|[a-z0-9.:-]+)'$/\2 = \3/p"; } > "$host/pip.conf"
        [ "$(wc -l < "$host/pip.conf")" -gt 1 ] || : > "$host/pip.conf"
    fi
    if command -v apt-config >/dev/null; then
        apt-config dump 2>/dev/null | grep -E '^Acquire::https?::(Proxy|Verify|CAInfo)' | grep -v '@' > "$host/apt.conf" || true
        # The mirrors of a host that runs the same Debian are the ones that can be reached from here.
        if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release && [ "$base_image" = debian:bookworm-slim ]; then
            debian_sources > "$host/apt-sources.list"
        fi
    fi
}

debian_sources() {
    apt-get indextargets --format 'deb $(SITE) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' 2>/dev/null \
        | awk '$1 == "deb" && $4 == "Debian" && $2 !~ /@/ {print "deb", $2, $3, "main"}' | sort -u
}

copy_sources() {
    cp -r Dockerfile image agents "$context/"
    rm -rf "$context/agents/node_modules"
    mkdir -p "$context/app"
    cp "$app"/libs/*.jar "$context/app/"
    find "$app" -maxdepth 1 -name 'agent-*.jar' ! -name '*-sources.jar' ! -name '*-tests.jar' -exec cp {} "$context/app/" \;
    # Equal inputs must give equal layers, whatever the umask and clock here.
    chmod -R u=rwX,go=rX "$context"
    chmod 0755 "$context"/image/*.sh
    find "$context" -exec touch -h -d @1767225600 {} +
}

# Whoever changes from one engine to the other has the image already, only not where it is looked for.
copy_from_other_engine() {
    local other=docker
    [ "$engine" != docker ] || other=podman
    command -v "$other" >/dev/null || return 1
    [ "$(other_engine image inspect --format '{{index .Config.Labels "dev.slipway.inputs"}}' "$tag" 2>/dev/null)" = "$inputs" ] || return 1
    say "$tag is on $other only, and sandboxes run on $engine: copying it (SLIPWAY_ENGINE=$other would use it where it is)"
    other_engine save "$tag" | "$engine" load >/dev/null || return 1
    # Podman saves it under a name that Docker takes as it stands.
    [ "$engine" != docker ] || { docker tag "localhost/$tag" "$tag" && docker rmi "localhost/$tag"; } >/dev/null 2>&1 || true
    [ "$(label_of "$tag" dev.slipway.inputs)" = "$inputs" ] && say "$tag is ready"
}

other_engine() {
    env -u DOCKER_HOST "$other" "$@"
}

inputs_hash() {
    {
        echo "$base_image"
        "$jdk/bin/java" -version 2>&1
        cd "$context" && find . -type f | LC_ALL=C sort | xargs sha256sum
    } | sha256sum | cut -c1-32
}

label_of() { # image label
    "$engine" image inspect --format "{{index .Config.Labels \"$2\"}}" "$1" 2>/dev/null || true
}

ensure_base_image() {
    if [ $bootstrap = no ]; then
        if "$engine" image inspect "$base_image" >/dev/null 2>&1; then
            return
        fi
        say "pulling $base_image"
        if "$engine" pull -q "$base_image" >/dev/null 2>"$context/.pull"; then
            return
        fi
        say "it cannot be pulled ($(tail -1 "$context/.pull"))"
        case $base_image in
            debian:bookworm-slim) ;;
            *) fail "the base image $base_image is neither here nor to be pulled" "choose another --base-image" ;;
        esac
    fi
    say "making $base_image with mmdebstrap"
    bootstrap_base
}

bootstrap_base() {
    if ! command -v mmdebstrap >/dev/null; then
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null \
            || fail "mmdebstrap is not installed" "on Debian or Ubuntu: sudo apt-get install mmdebstrap"
        say "installing mmdebstrap"
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends mmdebstrap \
            debian-archive-keyring; } >"$context/.apt" 2>&1 \
            || fail "mmdebstrap cannot be installed: $(tail -1 "$context/.apt")" "apt-get install mmdebstrap"
    fi
    # By this ending mmdebstrap knows which of the two formats it is.
    local sources=$context/.debian.list
    debian_sources > "$sources"
    # Without arguments mmdebstrap takes its own default mirror for the suite.
    mmdebstrap --quiet --variant=minbase --mode=auto bookworm "$context/.base.tar" $([ -s "$sources" ] && echo "$sources") \
        2>"$context/.mmdebstrap" \
        || fail "mmdebstrap failed: $(tail -1 "$context/.mmdebstrap")" "check that this machine reaches a Debian mirror"
    "$engine" import "$context/.base.tar" "$base_image" >/dev/null
    rm -f "$context/.base.tar"
}

link_runtime() {
    say "linking a Java runtime"
    "$jdk/bin/jlink" --add-modules java.base,java.logging,jdk.unsupported --strip-debug --no-header-files --no-man-pages \
        --compress zip-0 --generate-cds-archive --output "$context/jre" 2>"$context/.jlink" \
        || fail "jlink failed: $(tail -1 "$context/.jlink")" "use a JDK 25 that has jlink with its modules (JAVA_HOME=$jdk)"
    find "$context/jre" -exec touch -h -d @1767225600 {} +
}

# The engine's default network, unless containers on it reach nothing.
build_network() {
    if [ -n "${SLIPWAY_BUILD_NETWORK:-}" ]; then
        echo "$SLIPWAY_BUILD_NETWORK"
    elif "$engine" run --rm --entrypoint sh "$base_image" -c \
            'getent hosts $(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -oE "https?://[^/]+" | head -1 | cut -d/ -f3)' \
            >/dev/null 2>&1; then
        echo default
    else
        echo host
    fi
}

build() {
    local network arguments=() name log=$context/.log
    network=$(build_network)
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        [ -z "${!name:-}" ] || arguments+=(--build-arg "$name=${!name}")
    done
    printf '.*\n' > "$context/.dockerignore"
    say "building $tag on $base_image (network: $network)"
    # The classic builder: it is in every engine, and nothing here needs another.
    if ! DOCKER_BUILDKIT=0 "$engine" build --network "$network" --build-arg BASE_IMAGE="$base_image" "${arguments[@]}" \
            --tag "$tag-unlabelled" "$context" 2>&1 | tee "$log" | while IFS= read -r line; do
        case $line in Step*|STEP*) say "$line" ;; esac
    done; then
        tail -40 "$log" >&2
        fail "the engine's build failed (its last lines are above)" \
            "check the network of containers (try SLIPWAY_BUILD_NETWORK=host) and run it again; finished steps are kept"
    fi
    # Labels come last, so that a changed input does not spoil the layers below. The registries are told by a label too,
    # because what reads them has to know before a sandbox runs.
    local registries
    registries=$("$engine" run --rm --network none --entrypoint cat "$tag-unlabelled" /etc/slipway/registries.json | tr -d ' \n')
    printf 'FROM %s\n' "$tag-unlabelled" | DOCKER_BUILDKIT=0 "$engine" build --quiet --label dev.slipway.inputs="$inputs" \
        --label dev.slipway.kind=sandbox --label dev.slipway.registries="$registries" --tag "$tag" - >/dev/null 2>"$log" \
        || fail "labelling failed: $(tail -1 "$log")"
    "$engine" rmi "$tag-unlabelled" >/dev/null
}

main
