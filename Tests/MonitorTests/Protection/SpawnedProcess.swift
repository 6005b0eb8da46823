// Unsafe: spawning and reading a child, on buffers of this file.
import CRawCalls
import Glibc
import SystemPackage

/// A child process whose standard output is read; it is killed when it says nothing for five minutes.
struct SpawnedProcess {
  let pid: pid_t
  private let output: FileDescriptor

  init(_ command: [String]) throws {
    // SAFETY: strdup's copies are freed once, after the call that reads them; the list ends with nil.
    let arguments = unsafe command.map { unsafe strdup($0) }
    defer { unsafe arguments.forEach { unsafe free($0) } }
    var reading: Int32 = -1
    pid = unsafe raw_spawn(arguments + [nil], &reading)
    guard pid > 0 else { throw Errno(rawValue: -pid) }
    output = FileDescriptor(rawValue: reading)
  }

  /// Waits for the end.
  func finish() throws -> ProbeResult {
    let bytes = readOutput(deadline: 300_000)
    try? output.close()
    var status: Int32 = 0
    // SAFETY: the status is a local.
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    let signal = status & 0x7F
    return ProbeResult(lines: lines, end: signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal))
  }

  /// Ends a child that would not end by itself.
  func stop() {
    kill(pid, SIGKILL)
    _ = try? finish()
  }

  private func readOutput(deadline milliseconds: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      var poll = pollfd(fd: output.rawValue, events: Int16(POLLIN), revents: 0)
      // SAFETY: one pollfd and one buffer, both locals.
      if unsafe Glibc.poll(&poll, 1, milliseconds) == 0 { kill(pid, SIGKILL) }
      let count = unsafe read(output.rawValue, &chunk, chunk.count)
      guard count > 0 else { return bytes }
      bytes += chunk[..<count]
    }
  }
}
