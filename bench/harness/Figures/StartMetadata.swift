import Glibc
import System

/// In how many starts of a container what its runtime knows of it is there when its first program is judged.
enum StartMetadata {
  static func measure(_ bench: Workbench) throws(BenchError) -> [Figure] {
    guard let runc = first(of: ["/usr/sbin/runc", "/usr/bin/runc"]),
      let busybox = first(of: ["/bin/busybox", "/usr/bin/busybox"])
    else { throw .unavailable("runc and a static busybox (Debian packages runc and busybox-static)") }
    let bundle = try bench.makeDirectory("bundle")
    for name in ["rootfs", "rootfs/bin", "rootfs/dev", "rootfs/proc"] {
      _ = try bench.makeDirectory("bundle/" + name)
    }
    try bench.install(busybox, as: "bundle/rootfs/bin/busybox")
    var figures: [Figure] = []
    for (program, text) in [
      (["sleep", "0.05"], "that lives for 50 ms"), (["true"], "that lives for a millisecond"),
    ] {
      _ = try bench.write(configuration(["/bin/busybox"] + program), to: "bundle/config.json")
      figures += try figuresOf(text, bench, runc, bundle)
    }
    return figures
  }

  private static func figuresOf(
    _ program: String, _ bench: Workbench, _ runc: String, _ bundle: String
  ) throws(BenchError) -> [Figure] {
    let starts = bench.isQuick ? 20 : 200
    bench.settle()
    let rules = try bench.write(
      """
      - rule: bench start
        desc: The first program of a container of the bench.
        condition: evt.type in (execve, execveat) and proc.name = busybox and proc.pname = runc
        output: start <%container.id|%container.label.bench|%evt.incomplete>
        priority: NOTICE

      """, to: "rules-start.yaml")
    let agent = try Agent(bench, ["-r", rules])
    // It need not be quiet, only at work.
    Clock.sleep(milliseconds: 3000)
    for start in 1...starts {
      let child = try Child(runc, ["run", "--bundle", bundle, "whb-\(getpid())-\(start)"])
      _ = try child.outputEnd(within: 30)
      child.end(by: 0)
    }
    Clock.sleep(milliseconds: 1000)
    let alerts = agent.alerts.map(\.text).filter { $0.contains("start <") }
    try agent.end()
    let isKnown = { (text: String) in
      text.contains("start <whb-\(getpid())-") && text.contains("|yes|")
    }
    let known = alerts.count(where: isKnown)
    let incomplete = alerts.count { $0.contains("|true>") }
    let unknown = alerts.count { !isKnown($0) && $0.contains("|true>") }
    let share = { (part: Int) in Double(part) / Double(starts) * 100 }
    return [
      Figure(
        "metadata at the first exec of a container, a program \(program)", share(known), .percent,
        .atLeast(99)
      )
      .adding("\(starts) starts of runc, one after the other; \(incomplete) flagged incomplete"),
      Figure(
        "starts known or flagged incomplete, a program \(program)", share(min(starts, known + unknown)),
        .percent, .atLeast(100)),
    ]
  }

  private static func first(of paths: [String]) -> String? { paths.first { bytes(of: $0) != nil } }

  private static func configuration(_ program: [String]) -> String {
    """
    {"ociVersion": "1.0.2",
     "process": {"terminal": false, "user": {"uid": 0, "gid": 0}, "cwd": "/", "env": ["PATH=/bin"],
                 "args": [\(program.map { "\"\($0)\"" }.joined(separator: ", "))]},
     "root": {"path": "rootfs"}, "annotations": {"bench": "yes"},
     "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
     "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}]}}
    """
  }
}
