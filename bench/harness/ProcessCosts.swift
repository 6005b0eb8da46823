// Unsafe: clock_gettime(2) and clock_getcpuclockid(3) with pointers to locals.
import Glibc

/// What a running process costs, as the kernel tells it.
struct ProcessCosts {
  let pid: pid_t

  /// CPU time of all its threads, those that have ended too; `nil` when it is gone.
  var cpuNanoseconds: UInt64? {
    var clock = clockid_t()
    var time = timespec()
    // SAFETY: both are locals.
    guard unsafe clock_getcpuclockid(pid, &clock) == 0, unsafe clock_gettime(clock, &time) == 0 else {
      return nil
    }
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// CPU time of the threads that now live and whose name begins so. Exact while they sleep: the kernel brings a
  /// running thread's figure up to date at its next tick.
  func cpuNanoseconds(ofThreads prefix: String) -> UInt64 {
    threads(prefix).reduce(0) { sum, thread in
      sum + (text(of: thread + "/schedstat")?.split(separator: " ").first.flatMap { UInt64($0) } ?? 0)
    }
  }

  /// How often those threads called read(2) and its kin.
  func readCalls(ofThreads prefix: String) -> UInt64 {
    threads(prefix).reduce(0) { sum, thread in
      sum + (text(of: thread + "/io").flatMap { number(after: "syscr:", in: $0) } ?? 0)
    }
  }

  /// Memory of its own, in megabytes of 10^6 bytes: what the machine would get back. See proc_pid_status(5).
  var rssAnonMegabytes: Double? {
    text(of: "/proc/\(pid)/status").flatMap { number(after: "RssAnon:", in: $0) }.map {
      Double($0) * 1024 / 1e6
    }
  }

  private func threads(_ prefix: String) -> [String] {
    let tasks = "/proc/\(pid)/task"
    return names(in: tasks).map { "\(tasks)/\($0)" }.filter {
      text(of: $0 + "/comm")?.hasPrefix(prefix) == true
    }
  }
}
