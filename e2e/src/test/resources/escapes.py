"""Tries to get out of the sandbox that it runs in. Prints a line for each try: name, "refused" or "OPEN", what was seen.

Arguments: a TCP port on which somebody listens on the host's loopback interface; the host's process number of a neighbour's first
process; the hash of the neighbour's name.
"""
import ctypes, errno, glob, os, resource, socket, stat, struct, subprocess, sys, urllib.error, urllib.request

port, neighbour, neighbour_hash = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
libc = ctypes.CDLL(None, use_errno=True)
RELAY = ("127.0.0.1", 17080)


class Refused(Exception):
    pass


def attempt(name, what):
    try:
        seen = what()
        print(name, "OPEN", str(seen)[:120], sep="|")
    except Refused as e:
        print(name, "refused", e, sep="|")
    except OSError as e:
        print(name, "refused", errno.errorcode.get(e.errno, type(e).__name__), sep="|")
    sys.stdout.flush()


def call(function, *arguments):
    """A C function that must fail."""
    if getattr(libc, function)(*arguments) != -1:
        return function + " succeeded"
    raise OSError(ctypes.get_errno(), function)


def syscall(number, *arguments):
    return call("syscall", number, *arguments)


def connect(family, address, kind=socket.SOCK_STREAM):
    with socket.socket(family, kind) as s:
        s.settimeout(2)
        s.connect(address)
        return "connected to %s" % (address,)


def must_be_empty(found):
    if found:
        return found
    raise Refused("nothing there")


def through_proxy(url):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": "http://%s:%d" % RELAY}))
    try:
        return opener.open(url, timeout=10).status
    except urllib.error.HTTPError as e:
        raise Refused("status %d" % e.code)
    except urllib.error.URLError as e:
        raise Refused(type(e.reason).__name__)


def through_tunnel(host, to):
    with socket.create_connection(RELAY, 5) as s:
        s.settimeout(10)
        s.sendall(b"CONNECT %s:%d HTTP/1.1\r\nHost: %s\r\n\r\n" % (host, to, host))
        status = s.recv(64).split(b"\r\n")[0].decode()
        if " 200" in status:
            return status
        raise Refused(status or "closed")


def through_socks(host, to):
    with socket.create_connection(RELAY, 5) as s:
        s.settimeout(10)
        s.sendall(b"\x05\x01\x00")
        if s.recv(2) != b"\x05\x00":
            raise Refused("no SOCKS")
        s.sendall(b"\x05\x01\x00\x01" + socket.inet_aton(host) + struct.pack(">H", to))
        answer = s.recv(10)
        if answer[1:2] == b"\x00":
            return "granted"
        raise Refused("code %s" % answer[1:2].hex())


def write(path, data="x"):
    with open(path, "w") as f:
        f.write(data)
    return "wrote " + path


def write_any(paths):
    for path in paths:
        try:
            return write(path)
        except OSError as e:
            last = e
    raise last


def read(path):
    with open(path, "rb") as f:
        return "read %d bytes" % len(f.read(16))


def read_any(paths):
    last = None
    for path in paths:
        try:
            return path + ": " + read(path)
        except OSError as e:
            last = e
    raise last


def dns_by_udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"\0" * 12, ("9.9.9.9", 53))
        return "sent"


def abstract_sockets():
    """Others' would be seen here if the network namespace were the host's."""
    names = [line.split()[-1] for line in open("/proc/net/unix") if "@" in line]
    return must_be_empty([n for n in names if "containerd" in n or "docker" in n or "dbus" in n])


def setuid_copy():
    """A copy of a shell of one's own with the setuid bit gives nobody more than he has."""
    copy = "/data/home/sh-setuid"
    subprocess.run(["cp", "/bin/sh", copy], check=True)
    os.chmod(copy, 0o6755)
    who = subprocess.run([copy, "-pc", "id -u"], capture_output=True, text=True).stdout.strip()
    os.remove(copy)
    if who == "0":
        return "is root"
    raise Refused("still uid " + who)


def setuid_programs():
    found = subprocess.run(["find", "/", "-xdev", "-perm", "/6000", "-type", "f"], capture_output=True, text=True).stdout
    return must_be_empty(found.split())


def other_processes():
    """Every process that is seen must be in this container: the host's and the neighbours' would be many."""
    roots = [p for p in os.listdir("/proc") if p.isdigit() and open("/proc/%s/comm" % p).read().strip()
             in ("dockerd", "containerd", "containerd-shim", "systemd", "init")]
    return must_be_empty(roots)


def handles():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard * 2, hard * 2))
    except ValueError as e:
        raise Refused(e)
    return "raised"


def capability_sets():
    rows = dict(line.split(":\t") for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
    kept = {k: rows[k] for k in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(rows[k], 16)}
    if rows["NoNewPrivs"] != "1" or rows["Seccomp"] != "2":
        return rows
    return must_be_empty(kept)


def engine_sockets():
    return must_be_empty([s for pattern in ("/var/run/*.sock", "/run/*.sock", "/run/*/*.sock", "/run/*/*/*.sock")
                          for s in glob.glob(pattern) if not s.startswith("/run/slipway/")])


def foreign_sockets():
    """Of the folders that hold all sessions' sockets only this session's own two are here."""
    found = glob.glob("/run/slipway/*/*.sock") + glob.glob("/run/slipway/../**/%s" % neighbour_hash, recursive=True)
    return must_be_empty([s for s in found if s not in ("/run/slipway/agent/agent.sock", "/run/slipway/egress/egress.sock")])


def neighbour_disk():
    return must_be_empty([p for p in open("/proc/self/mountinfo").read().split() if neighbour_hash in p])


def devices():
    allowed = {"null", "zero", "full", "random", "urandom", "tty", "console", "ptmx"}
    found = [n for n in os.listdir("/dev")
             if stat.S_ISBLK(os.stat("/dev/" + n).st_mode) or stat.S_ISCHR(os.stat("/dev/" + n).st_mode) and n not in allowed]
    return must_be_empty(found)


attempt("be root: setuid(0)", lambda: os.setuid(0))
attempt("have or gain capabilities", capability_sets)
attempt("setuid programs of the image", setuid_programs)
attempt("a setuid shell of one's own", setuid_copy)
attempt("a network besides loopback", lambda: must_be_empty([n for _, n in socket.if_nameindex() if n != "lo"]))
attempt("raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
attempt("packet socket", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt("DNS by the resolver", lambda: socket.getaddrinfo("leak.example.com", 80))
attempt("DNS by UDP", dns_by_udp)
attempt("an address of the internet", lambda: connect(socket.AF_INET, ("1.1.1.1", 443)))
attempt("the metadata service", lambda: connect(socket.AF_INET, ("169.254.169.254", 80)))
attempt("the metadata service, by proxy", lambda: through_proxy("http://169.254.169.254/latest/meta-data/"))
attempt("a port of the host", lambda: connect(socket.AF_INET, ("127.0.0.1", port)))
attempt("a port of the host's bridge", lambda: connect(socket.AF_INET, ("172.17.0.1", port)))
attempt("a port of the host, by proxy", lambda: through_proxy("http://127.0.0.1:%d/" % port))
attempt("a port of the host, by another name", lambda: through_proxy("http://[::ffff:127.0.0.1]:%d/" % port))
attempt("a port of the host, by CONNECT", lambda: through_tunnel(b"127.0.0.1", port))
attempt("a port of the host, by SOCKS", lambda: through_socks("127.0.0.1", port))
attempt("the engine's socket", engine_sockets)
attempt("abstract sockets of the host", abstract_sockets)
attempt("other sandboxes' sockets", foreign_sockets)
attempt("other sandboxes' disks", neighbour_disk)
attempt("put another egress socket in place", lambda: os.remove("/run/slipway/egress/egress.sock"))
attempt("change the trusted certificates", lambda: write("/run/slipway/ca/ca.pem"))
attempt("see the host's processes", other_processes)
attempt("signal a neighbour", lambda: os.kill(neighbour, 0))
attempt("ptrace a neighbour", lambda: call("ptrace", 16, neighbour, 0, 0))
attempt("read a neighbour's memory", lambda: read("/proc/%d/mem" % neighbour))
attempt("mount a file system", lambda: call("mount", b"none", b"/mnt", b"tmpfs", 0, None))
attempt("make the root writable", lambda: call("mount", b"none", b"/", None, 32, None))
attempt("a user namespace", lambda: call("unshare", 0x10000000))
attempt("enter a namespace", lambda: call("setns", os.open("/proc/1/ns/mnt", os.O_RDONLY), 0))
attempt("another root", lambda: os.chroot("/tmp"))
attempt("write outside one's own folders",
        lambda: write_any(["/etc/passwd", "/usr/bin/x", "/opt/x", "/x", "/root/x", "/run/slipway/x"]))
attempt("write kernel parameters", lambda: write_any(["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sysrq-trigger",
                                                      "/sys/kernel/uevent_helper"]))
attempt("loosen one's own limits", lambda: write_any(glob.glob("/sys/fs/cgroup/*/memory.limit_in_bytes") + glob.glob("/sys/fs/cgroup/memory.max")
                                                    + glob.glob("/sys/fs/cgroup/*/release_agent") + ["/sys/fs/cgroup/pids/pids.max"]))
attempt("more file handles", handles)
attempt("more processor", lambda: os.setpriority(os.PRIO_PROCESS, 0, -10))
attempt("read the kernel's memory", lambda: read_any(["/dev/mem", "/dev/kmem", "/proc/kcore", "/dev/kmsg", "/sys/firmware/acpi/tables/DSDT"]))
attempt("devices of the host", devices)
attempt("make a device", lambda: os.mknod("/tmp/disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0)))
attempt("load a kernel module", lambda: syscall(313, 0, b"", 0))
attempt("load a BPF program", lambda: syscall(321, 5, 0, 0))
attempt("watch the kernel (perf)", lambda: syscall(298, b"\0" * 128, 0, -1, -1, 0))
attempt("userfaultfd", lambda: syscall(323, 0))
attempt("the kernel's keyring", lambda: syscall(248, b"user", b"slipway", b"x", 1, -3))
attempt("open by handle", lambda: syscall(304, -100, b"\0" * 32, 0))
attempt("another kernel (kexec)", lambda: syscall(246, 0, 0, None, 0))
attempt("reboot", lambda: syscall(169, 0xfee1dead, 672274793, 0x1234567, None))
attempt("set the clock", lambda: call("clock_settime", 0, ctypes.create_string_buffer(16)))
attempt("set the host name", lambda: socket.sethostname("elsewhere"))
