// Unsafe: raw system calls on Swift strings and arrays, which outlive them.
import CRawCalls
import Cseccomp
import Glibc
import Synchronization
import System
import SystemPackage

func say(_ line: String) {
  _ = try? FileDescriptor.standardOutput.writeAll((line + "\n").utf8)
}

func outcome(_ error: Int32) -> String { error == 0 ? "ok" : "errno \(error)" }

/// Makes one attempt, `name` or `name=argument`, and says what came of it.
func perform(_ attempt: String) -> String {
  let parts = attempt.split(separator: "=", maxSplits: 1).map(String.init)
  let argument = parts.count > 1 ? parts[1] : ""
  switch parts[0] {
  case "call": return outcome(call(argument))
  case "exec": return outcome(unsafe raw_exec("/bin/true"))
  case "fork": return outcome(raw_fork())
  case "proc": return inspect(process: argument)
  case "write-memory": return outcome(raw_open_memory_for_writing(Int32(argument) ?? 0))
  case "file": return outcome(keepFile(in: FilePath(argument)))
  case "connect": return outcome(unsafe raw_connect(argument))
  case "netlink": return outcome(raw_open_netlink(Int32(argument) ?? 0))
  case "wait": return outcome(raw_wait_for_descriptors())
  case "thread": return startThread()
  case "lower-priority": return lowerPriority()
  case "resolve": return outcome(unsafe raw_resolve(argument))
  case "load": return outcome(unsafe raw_load_library(argument))
  case "memory": return outcome(useMemory())
  case "descriptor": return outcome(fcntl(Int32(argument) ?? -1, F_GETFD) < 0 ? errno : 0)
  case "variable": return unsafe getenv(argument) == nil ? "absent" : "present"
  case "umask": return String(umask(0), radix: 8)
  case "dumpable": return String(raw_dumpable())
  case "abort": abort()
  case "thread-without-capabilities": startIdleThread { _ = raw_drop_capabilities() }
  case "thread-that-blocks": startIdleThread { raw_block_signals() }
  default: return "unknown attempt"
  }
  return "ok"
}

/// `NAME,ARGUMENT,…` or `NUMBER,ARGUMENT,…`, arguments hexadecimal.
private func call(_ text: String) -> Int32 {
  let words = text.split(separator: ",")
  let name = words.first.map(String.init) ?? ""
  let number = unsafe Int(name) ?? Int(seccomp_syscall_resolve_name(name))
  guard number >= 0 else { return ENOTSUP }
  var arguments = words.dropFirst().map { Int(truncatingIfNeeded: UInt64($0, radix: 16) ?? 0) }
  arguments += [Int](repeating: 0, count: max(0, 4 - arguments.count))
  return unsafe raw_call(number, arguments)
}

/// Reads what the agent must see of a process, each part alone.
private func inspect(process: String) -> String {
  let directory = "/proc/\(process)"
  let links = ["exe", "cwd", "root", "ns/mnt", "ns/net", "ns/pid", "fd/0"]
  let files = [
    "stat", "status", "cmdline", "cgroup", "environ", "auxv", "maps", "mountinfo", "root/etc/passwd",
  ]
  let unseen =
    links.filter { unsafe raw_read_link("\(directory)/\($0)") != 0 }
    + files.filter { unsafe raw_read_file("\(directory)/\($0)") != 0 }
  return unseen.isEmpty ? "ok" : "unseen \(unseen.joined(separator: " "))"
}

/// What the journal and a rotated alert file take.
private func keepFile(in directory: FilePath) -> Int32 {
  do {
    let path = directory.appending("alerts.\(getpid())")
    let file = try FileDescriptor.open(
      path, .readWrite, options: [.create, .append], permissions: [.ownerReadWrite, .groupRead])
    try file.closeAfter {
      _ = try file.writeAll("alert\n".utf8)
      if fsync(file.rawValue) != 0 { throw Errno(rawValue: errno) }
    }
    let rotated = "\(path).1"
    return unsafe rename(path.string, rotated) == 0 && unlink(rotated) == 0 ? 0 : errno
  } catch {
    return (error as? Errno)?.rawValue ?? EIO
  }
}

/// - Returns: what scheduling the new thread inherited.
private func startThread() -> String {
  let policy = Mutex<Int32>(-1)
  do {
    let thread = try NamedThread("probe") { policy.withLock { $0 = sched_getscheduler(0) } }
    thread.join()
    return policy.withLock { $0 } == SCHED_FIFO ? "ok, real-time" : "ok"
  } catch {
    return outcome(error.rawValue)
  }
}

private func lowerPriority() -> String {
  do {
    try ThreadPriority.lower()
    return "ok"
  } catch {
    return outcome(error.rawValue)
  }
}

/// Starts a thread that runs `prepare` and stays.
func startIdleThread(_ prepare: @escaping @Sendable () -> Void) {
  let ready = Gate()
  _ = try? NamedThread("idle") {
    prepare()
    ready.open()
    while true { pause() }
  }
  ready.wait()
}

/// Grows and shrinks the heap, and maps what a large allocation maps.
private func useMemory() -> Int32 {
  var sum = 0
  for size in [1 << 10, 1 << 16, 1 << 20, 1 << 26] {
    let block = [UInt8](repeating: 1, count: size)
    sum += Int(block[size - 1])
  }
  return sum == 4 ? 0 : ENOMEM
}
