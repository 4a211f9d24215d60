#!/usr/bin/env python3
"""From POST session to ready, stage by stage, beside a bare `docker run` of the same image in the same run; then many sessions at
once, and the memory of a sandbox before its agent starts. Prints Markdown tables.

    bench/sandbox/run.py [--url URL] [--runs 10] [--at-once 50] [--image slipway/sandbox:0.1.0]

Needs a running stack (`./slipway up`) whose REPO_ALLOWLIST holds the temporary folder, login off, and its image built. The agent is
a stand-in of a few lines, so that what is measured is Slipway and not somebody's CLI. What it makes it removes again.
"""
import argparse, json, os, statistics, subprocess, sys, tempfile, threading, time, urllib.request

AGENT = """
import json, sys
for line in sys.stdin:
    m = json.loads(line)
    if "id" not in m: continue
    r = {"initialize": {"protocolVersion": 1, "agentCapabilities": {"loadSession": False}, "authMethods": []},
         "session/new": {"sessionId": "bench"}}.get(m.get("method"), {})
    print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}), flush=True)
"""
LOOK_EVERY = 0.03


def call(url, method, path, body=None):
    request = urllib.request.Request(url + path, method=method, headers={"Content-Type": "application/json"},
                                     data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
    return json.loads(text) if text else {}


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Bench:
    def __init__(self, arguments):
        self.url, self.image, self.arguments = arguments.url, arguments.image, arguments
        self.project = "/api/projects/local"
        self.made = []

    def prepare(self, folder):
        sh = lambda command: subprocess.run(command, shell=True, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        sh("git init -q -b main && echo hello > README.md && git add -A && git -c user.name=B -c user.email=b@b commit -q -m first")
        self.workspace = call(self.url, "POST", self.project + "/workspaces", {"path": folder})["id"]
        while call(self.url, "GET", f"{self.project}/workspaces/{self.workspace}")["status"] != "ready":
            time.sleep(0.1)
        self.agent = call(self.url, "POST", self.project + "/agents",
                          {"name": "bench", "agentType": "acp", "command": ["python3", "-u", "-c", AGENT]})["id"]

    def session(self):
        """Seconds from the request to each thing that was first seen, the last of them `ready`."""
        begun, seen = time.monotonic(), {}
        made = call(self.url, "POST", f"{self.project}/sessions", {
            "workspaceId": self.workspace, "agentId": self.agent,
            "limits": {"memoryBytes": 512 << 20, "cpus": 1}})["id"]
        self.made.append(made)
        seen["POST answered"] = time.monotonic() - begun
        while time.monotonic() - begun < 900:
            now = call(self.url, "GET", f"{self.project}/sessions/{made}")
            detail = now.get("statusDetail") or {}
            name = now["status"] if now["status"] in ("ready", "error") else (detail.get("phase") or now["status"])
            seen.setdefault(name, time.monotonic() - begun)
            if now["status"] == "ready":
                return seen
            if now["status"] == "error":
                raise RuntimeError(now.get("errorMessage"))
            time.sleep(LOOK_EVERY)
        raise RuntimeError("not ready within 900 s")

    def docker_run(self):
        begun = time.monotonic()
        subprocess.run(["docker", "run", "--rm", "--network", "none", self.image, "true"], check=True,
                       stdout=subprocess.DEVNULL)
        return time.monotonic() - begun

    def remove_all(self):
        for made in self.made:
            try:
                call(self.url, "DELETE", f"{self.project}/sessions/{made}")
            except OSError as e:
                print("not removed:", made, e, file=sys.stderr)
        self.made.clear()

    def one_by_one(self):
        bare, ready, phases = [], [], {}
        for _ in range(self.arguments.runs):
            bare.append(self.docker_run())
            seen = self.session()
            ready.append(seen["ready"])
            for name, at in seen.items():
                phases.setdefault(name, []).append(at)
            self.remove_all()
        base = statistics.median(bare)
        print(f"\n| from POST session to … ({self.arguments.runs} runs, one at a time) | seconds (median) | of a bare docker run |")
        print("| --- | --- | --- |")
        for name, values in sorted(phases.items(), key=lambda item: statistics.median(item[1])):
            median = statistics.median(values)
            print(f"| {name} | {median:.2f} | {median / base:.2f} |")
        print(f"| bare `docker run --rm --network none {self.image} true` | {base:.2f} | 1.00 |")

    def at_once(self):
        count = self.arguments.at_once
        if count == 0:
            return
        results, errors = [], []
        def one():
            try:
                results.append(self.session()["ready"])
            except Exception as e:  # whatever it is, it is a session that was not there
                errors.append(str(e))
        threads = [threading.Thread(target=one) for _ in range(count)]
        begun = time.monotonic()
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        took = time.monotonic() - begun
        print(f"\n| sessions asked for at once | ready | lost | median s | p95 s | all done after s | sessions/s |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        print(f"| {count} | {len(results)} | {len(errors)} | {statistics.median(results):.1f} | "
              f"{percentile(results, 0.95):.1f} | {took:.1f} | {len(results) / took:.2f} |")
        for error in sorted(set(errors)):
            print("lost:", error)
        self.remove_all()

    def idle_memory(self):
        run = tempfile.mkdtemp(prefix="slipway-bench-")
        for name in ("agent", "egress", "ca"):
            os.makedirs(f"{run}/{name}")
        os.chmod(run, 0o755)
        os.chmod(run + "/agent", 0o777)
        container = subprocess.run(
            ["docker", "run", "-d", "--rm", "--network", "none", "--cap-drop", "ALL", "--memory", "512m", "--tmpfs", "/data:uid=1000",
             "-v", f"{run}:/run/slipway", self.image], check=True, capture_output=True, text=True).stdout.strip()
        try:
            time.sleep(5)
            used = subprocess.run(["docker", "stats", "--no-stream", "--format", "{{.MemUsage}}", container],
                                  check=True, capture_output=True, text=True).stdout.split("/")[0].strip()
        finally:
            subprocess.run(["docker", "kill", container], stdout=subprocess.DEVNULL)
        print(f"\nMemory of a sandbox whose agent CLI has not started: {used} (goal: at most 80 MB)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--image", default="slipway/sandbox:0.1.0")
    bench = Bench(parser.parse_args())
    load = open("/proc/loadavg").read().split()[0] if os.path.exists("/proc/loadavg") else "?"
    print(f"On {os.uname().sysname} {os.uname().machine}, {os.cpu_count()} processors, load {load}, "
          f"{time.strftime('%Y-%m-%d', time.gmtime())}:")
    with tempfile.TemporaryDirectory(prefix="slipway-bench-") as folder:
        bench.prepare(folder)
        try:
            bench.one_by_one()
            bench.at_once()
        finally:
            bench.remove_all()
        bench.idle_memory()


if __name__ == "__main__":
    main()
