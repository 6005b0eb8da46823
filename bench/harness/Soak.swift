import Glibc
import System

/// Whether the agent's memory stays as it is while the host is busy for long.
///
/// Processes, cgroups, mounts and containers come and go all the time; the memory of the last fifth of that time is held
/// against that of the second, when the agent has seen everything once.
struct Soak {
  static let limit = 0.05
  private static let sampleMilliseconds: UInt32 = 5000
  private static let rate = 200

  /// What came of it.
  struct Outcome {
    var seconds: Int
    var processes: String
    /// Medians of RssAnon, in megabytes of 10^6 bytes.
    var early, late: Double
    var cpuShare: Double
    var summary: String

    var growth: Double { late / early - 1 }
    var isFlat: Bool { growth <= Soak.limit }

    var text: String {
      """
      \(summary)
      soak: \(seconds) s, \(processes) processes, \(decimal(cpuShare * 100)) % of a core; RssAnon \(decimal(early)) MB in \
      the second fifth, \(decimal(late)) MB in the last (\(decimal(growth * 100)) %): \
      \(isFlat ? "flat" : "NOT flat") within \(decimal(Soak.limit * 100)) %
      """
    }
  }

  /// - Parameter seconds: at least a minute; with less a fifth holds too few samples.
  static func run(_ bench: Workbench, seconds: Int) throws(BenchError) -> Outcome {
    let directory = try bench.makeDirectory("soak")
    let churn = try Child(
      bench.program("churn"), [bench.path(of: .tiny), String(rate), directory] + cgroup)
    // Alerts are kept in memory up to a limit of their own, which would take longer than this to reach.
    let agent = try Agent(
      bench,
      [
        "--duration", String(seconds + 600), "-o", "throttle.per_second=0.001", "-o", "throttle.burst=1",
      ])
    // Its start is over by then; that it is quiet need not be waited for on a host that is busy.
    Clock.sleep(milliseconds: sampleMilliseconds)
    let containers = try containers(in: bench.makeDirectory("container"))
    defer { containers?.end(by: SIGTERM) }
    churn.tell("go")
    let began = Clock.monotonicNanoseconds
    let cpu = try agent.cpuNanoseconds()
    var memory: [Double] = []
    for _ in 0..<max(10, seconds * 1000 / Int(sampleMilliseconds)) {
      Clock.sleep(milliseconds: sampleMilliseconds)
      guard let megabytes = agent.costs.rssAnonMegabytes else {
        throw .failed(program: "windhover run", saying: "it has ended")
      }
      memory.append(megabytes)
    }
    let elapsed = Clock.monotonicNanoseconds - began
    let used = try agent.cpuNanoseconds() - cpu
    churn.closeInput()
    let processes = try churn.line(within: 30).text
    let summary = try agent.end()
    let fifth = memory.count / 5
    return Outcome(
      seconds: Int(elapsed / 1_000_000_000), processes: processes,
      early: Sample(Array(memory[fifth..<2 * fifth])).median, late: Sample(memory.suffix(fifth)).median,
      cpuShare: Double(used) / Double(elapsed),
      summary: summary.split(separator: "\n").filter { $0.contains("source ") || $0.contains(" events in ") }
        .joined(separator: "\n"))
  }

  /// Where cgroups can be made: version 2, or the pids controller of version 1.
  private static var cgroup: [String] {
    let places = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids"]
    return places.first { text(of: $0 + "/cgroup.procs") != nil }.map { [$0] } ?? []
  }

  /// One container of runc after the other, each for a second; `nil` where runc or busybox is missing.
  private static func containers(in directory: String) throws(BenchError) -> Child? {
    guard names(in: "/usr/sbin").contains("runc"), names(in: "/usr/bin").contains("busybox") else {
      return nil
    }
    return try Child("/bin/sh", ["-euc", script, directory])
  }

  private static let script = """
    cd "$0"; mkdir -p rootfs/bin rootfs/proc; cp /usr/bin/busybox rootfs/bin/
    cat > config.json <<END
    {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
     "process": {"user": {"uid": 0, "gid": 0}, "args": ["/bin/busybox", "sleep", "1"], "cwd": "/", "env": []},
     "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
     "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "network"}, {"type": "ipc"}]}}
    END
    number=0
    trap 'runc delete --force "$id" || true; rm -rf rootfs config.json log; exit 0' TERM
    while :; do
      number=$((number + 1))
      id=$(printf '%032x%032x' $$ $number)
      runc run --bundle . "$id" < /dev/null > log 2>&1 &
      wait $! || true
    done
    """
}
