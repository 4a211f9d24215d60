"""Runs the attempts of attempts.json inside a sandbox and prints what came of each, a line of JSON for one."""
import json
import socket
import ssl
import subprocess
import sys
import threading

sys.path.insert(0, "/sandbox")
import relay

DOOR = "/run/slipway/egress/egress.sock"


def door():
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(6)
    connection.connect(DOOR)
    return connection


def answer(connection, first=6.0, pause=0.4):
    """All bytes until the end, or until nothing came for a while."""
    found = b""
    connection.settimeout(first)
    try:
        while True:
            data = connection.recv(65536)
            if not data:
                return found.decode("latin-1") + " [closed]"
            found += data
            connection.settimeout(pause)
    except (OSError, ssl.SSLError) as end:
        if isinstance(end, TimeoutError) or "timed out" in str(end):
            return found.decode("latin-1") + " [open]"
        return found.decode("latin-1") + " [%s]" % end


def raw(attempt):
    connection = door()
    found = ""
    for text in attempt["send"]:
        try:
            connection.sendall(text.encode("latin-1"))
        except OSError as cut:
            found += " [cut off: %s]" % cut
        found += answer(connection)
    return found


def tls(attempt):
    connection = door()
    connection.sendall(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (attempt["connect"], attempt["connect"])).encode())
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(1)
        if not data:
            break
        head += data
    found = head.decode("latin-1")
    if " 200 " not in found:
        return found + answer(connection)
    context = ssl.create_default_context(cafile="/run/slipway/ca/ca.pem")
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        secure = context.wrap_socket(connection, server_hostname=attempt.get("sni") or None)
    except (OSError, ssl.SSLError) as refused:
        return found + " [tls: %s]" % refused
    for text in attempt["send"]:
        secure.sendall(text.encode("latin-1"))
        found += answer(secure)
    return found


def curl(attempt):
    done = subprocess.run(
        ["curl", "-sS", "-i", "--max-time", "8", "--cacert", "/run/slipway/ca/ca.pem"] + attempt["arguments"],
        capture_output=True,
    )
    return done.stdout.decode("latin-1") + done.stderr.decode("latin-1") + " [exit %d]" % done.returncode


def direct(attempt):
    """Leaves without the proxy: there must be no way."""
    try:
        kind = socket.SOCK_DGRAM if attempt.get("udp") else socket.SOCK_STREAM
        connection = socket.socket(socket.AF_INET, kind)
        connection.settimeout(3)
        connection.connect((attempt["host"], attempt["port"]))
        connection.send(b"x")
        return "left the sandbox"
    except OSError as refused:
        return "[no way: %s]" % refused


threading.Thread(target=relay.serve, daemon=True).start()
KINDS = {"raw": raw, "tls": tls, "curl": curl, "direct": direct}
for line in open("/sandbox/attempts.json"):
    one = json.loads(line)
    try:
        result = KINDS[one["kind"]](one)
    except Exception as failure:
        result = "[driver failed: %r]" % failure
    print(json.dumps({"name": one["name"], "answer": result[:4000]}), flush=True)
