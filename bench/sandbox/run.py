#!/usr/bin/env python3
"""From POST session to ready, stage by stage, cold and warm, beside a bare `docker run` of the same image in the same run; then many
sessions at once, and the memory of a sandbox before its agent starts. Prints Markdown tables.

    bench/sandbox/run.py [--url URL] [--runs 10] [--warm-up 10] [--at-once 50] [--image slipway/sandbox:0.1.0]

Needs a running stack (`./slipway up`) whose REPO_ALLOWLIST holds the temporary folder, login off, its image built, and no other
sessions. The agent is a stand-in of a few lines, so that what is measured is Slipway and not somebody's CLI. Times of stages are those that
Slipway's own events carry; `ready` means that the repository is cloned, the agent's process runs and has answered `session/new`. Cold
sessions have a variable of their own, which no sandbox made ahead can have. What it makes it removes again.
"""
import argparse, datetime, json, os, statistics, subprocess, sys, tempfile, threading, time, urllib.request

AGENT = """
import json, sys
for line in sys.stdin:
    m = json.loads(line)
    if "id" not in m: continue
    r = {"initialize": {"protocolVersion": 1, "agentCapabilities": {"loadSession": False}, "authMethods": []},
         "session/new": {"sessionId": "bench"}}.get(m.get("method"), {})
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}), flush=True)
"""
PROJECT = "/api/projects/local"


def call(url, method, path, body=None):
    request = urllib.request.Request(url + path, method=method, headers={"Content-Type": "application/json"},
                                     data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def docker(*arguments):
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Events:
    """The project's event stream: when each session came to each status, by Slipway's own clock."""

    def __init__(self, url):
        self.seen, self.changed, self.open = {}, threading.Condition(), threading.Event()
        self.url = url
        threading.Thread(target=self.follow, daemon=True).start()
        if not self.open.wait(20):
            raise RuntimeError("the event stream does not open")

    def follow(self):
        with urllib.request.urlopen(self.url + PROJECT + "/events", timeout=600) as stream:
            for line in stream:
                self.open.set()
                if line.startswith(b"data: ") and b'"session_updated"' in line:
                    self.take(json.loads(line[6:]))

    def take(self, event):
        data = event["data"]
        if "status" not in data:
            return
        # Nanoseconds are more than this library takes.
        text = event["timestamp"].rstrip("Z")
        at = datetime.datetime.fromisoformat(text[:26]).replace(tzinfo=datetime.timezone.utc)
        final = data["status"] in ("ready", "error", "removed")
        name = data["status"] if final else data.get("phase") or data["status"]
        with self.changed:
            self.seen.setdefault(data["sessionId"], {}).setdefault(name, at.timestamp())
            if name == "error":
                self.seen[data["sessionId"]]["why"] = data.get("errorMessage")
            self.changed.notify_all()

    def until(self, session, name, seconds):
        end = time.monotonic() + seconds
        with self.changed:
            while True:
                stages = self.seen.get(session, {})
                if name in stages:
                    return dict(stages)
                if "error" in stages:
                    raise RuntimeError(stages.get("why"))
                if time.monotonic() > end:
                    raise RuntimeError(f"not {name} within {seconds} s; seen: {sorted(stages)}")
                self.changed.wait(1)


class Bench:
    def __init__(self, arguments):
        self.url, self.image, self.arguments = arguments.url, arguments.image, arguments
        self.made = []

    def prepare(self, folder):
        sh = lambda command: subprocess.run(command, shell=True, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        sh("git init -q -b main && echo hello > README.md && git add -A && git -c user.name=B -c user.email=b@b commit -q -m first")
        self.workspace = call(self.url, "POST", PROJECT + "/workspaces", {"path": folder})["id"]
        while call(self.url, "GET", f"{PROJECT}/workspaces/{self.workspace}")["status"] != "ready":
            time.sleep(0.1)
        self.agent = call(self.url, "POST", PROJECT + "/agents",
                          {"name": "bench", "agentType": "acp", "command": ["python3", "-u", "-c", AGENT]})["id"]
        self.events = Events(self.url)

    def session(self, cold=False, within=200):
        """Seconds from the request to each stage, the last of them `ready`; and the id."""
        begun = time.time()
        body = {"workspaceId": self.workspace, "agentId": self.agent}
        if cold:
            body["env"] = {"SLIPWAY_BENCH": "cold"}
        made = call(self.url, "POST", f"{PROJECT}/sessions", body)["id"]
        self.made.append(made)
        answered = time.time()
        stages = {name: at - begun for name, at in self.events.until(made, "ready", within).items()}
        return {"POST answered": answered - begun, **stages}

    def docker_run(self):
        begun = time.monotonic()
        name = f"slipway-bench-{os.getpid()}"
        subprocess.run(["docker", "run", "--name", name, "--network", "none", self.image, "true"], check=True,
                       stdout=subprocess.DEVNULL)
        took = time.monotonic() - begun
        docker("rm", "-v", name)
        return took

    def warm_containers(self):
        rows = docker("ps", "--no-trunc", "--format", '{{.ID}} {{.Label "dev.slipway.session"}}').splitlines()
        return [row.split(" ")[0] for row in rows if row.split(" ", 1)[1].startswith("warm:")]

    def await_warm(self, count=1):
        end = time.monotonic() + 60
        while len(self.warm_containers()) < count:
            if time.monotonic() > end:
                raise RuntimeError("no sandbox is made ahead (slipway.warm-pool.max is 0, or the image is missing)")
            time.sleep(0.2)
        time.sleep(2.5)  # its agent listens by then, and the machine is at rest

    def remove_all(self):
        for made in self.made:
            try:
                call(self.url, "DELETE", f"{PROJECT}/sessions/{made}")
            except OSError as e:
                print("not removed:", made, e, file=sys.stderr)
        for made in self.made:
            end = time.monotonic() + 60
            while time.monotonic() < end:
                try:
                    call(self.url, "GET", f"{PROJECT}/sessions/{made}")
                    time.sleep(0.2)
                except OSError:
                    break
        self.made.clear()

    def one_by_one(self):
        bare, rows = [], {"cold": [], "warm": []}
        for _ in range(self.arguments.warm_up):  # a service that has just started does everything for the first time
            self.session(cold=True)
            self.session()
            self.remove_all()
        self.await_warm()
        for _ in range(self.arguments.runs):
            bare.append(self.docker_run())
            rows["cold"].append(self.session(cold=True))
            self.remove_all()
            time.sleep(1)
            self.await_warm()
            waiting = set(self.warm_containers())
            rows["warm"].append(self.session())
            if not waiting & set(self.warm_containers()):
                raise RuntimeError("a session took none of the sandboxes made ahead")
            self.remove_all()
            time.sleep(1)
            self.await_warm()
        base = statistics.median(bare)
        print(f"\nBare `docker run --network none {self.image} true` ({len(bare)} runs): median {base:.3f} s, "
              f"{min(bare):.3f} to {max(bare):.3f}.")
        for kind, seen in rows.items():
            print(f"\n| {kind}: from POST session to … | seconds (median) | after the one before | of a bare docker run |")
            print("| --- | --- | --- | --- |")
            before = 0.0
            medians = {name: statistics.median(row[name] for row in seen if name in row)
                       for name in {name for row in seen for name in row}}
            for name, median in sorted(medians.items(), key=lambda item: item[1]):
                print(f"| {name} | {median:.3f} | {median - before:.3f} | {median / base:.2f} |")
                before = median
            for what, begin, end in (("asked for until it works for the session", "creating_sandbox", "cloning"),
                                     ("asked for until ready", "creating_sandbox", "ready")):
                took = statistics.median(row[end] - row[begin] for row in seen if begin in row and end in row)
                print(f"| **{what}** | {took:.3f} | | **{took / base:.2f}** |")

    def at_once(self):
        count = self.arguments.at_once
        if count == 0:
            return
        results, errors = [], []
        def one():
            try:
                results.append(self.session(within=250)["ready"])
            except Exception as e:  # whatever it is, it is a session that was not there
                errors.append(str(e))
        threads = [threading.Thread(target=one) for _ in range(count)]
        begun = time.monotonic()
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        took = time.monotonic() - begun
        print(f"\n| sessions asked for at once | ready | lost | median s | p95 s | all done after s | sessions/s |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        print(f"| {count} | {len(results)} | {len(errors)} | {statistics.median(results or [0]):.1f} | "
              f"{percentile(results or [0], 0.95):.1f} | {took:.1f} | {len(results) / took:.2f} |")
        for error in sorted(set(errors)):
            print("lost:", error)

    def idle_memory(self):
        self.await_warm()
        container = self.warm_containers()[0]
        used = docker("stats", "--no-stream", "--format", "{{.MemUsage}}", container).split("/")[0].strip()
        print(f"\nMemory of a sandbox whose agent CLI has not started: {used} (goal: at most 80 MB)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--warm-up", type=int, default=10, help="pairs of sessions before those that count")
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--image", default="slipway/sandbox:0.1.0")
    bench = Bench(parser.parse_args())
    load = open("/proc/loadavg").read().split()[0] if os.path.exists("/proc/loadavg") else "?"
    print(f"On {os.uname().sysname} {os.uname().machine}, {os.cpu_count()} processors, load {load}, "
          f"{time.strftime('%Y-%m-%d', time.gmtime())}:")
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        bench.prepare(folder)
        try:
            if bench.arguments.runs > 0:
                bench.one_by_one()
                bench.idle_memory()
            bench.at_once()
        finally:
            bench.remove_all()


if __name__ == "__main__":
    main()
