// Unsafe: posix_spawn, waitid, and capabilities through libcap.
import Ccap
import Glibc
import Synchronization
import System
import SystemPackage
import Testing

/// A program started for a test, whose standard input stays open and empty until it is ended.
final class Child: Sendable {
  let pid: Int32
  private let input: FileDescriptor
  private let isEnded = Atomic(false)

  init(_ arguments: [String]) throws {
    let pipe = try FileDescriptor.pipe()
    defer { try? pipe.readEnd.close() }
    // The child must not hold the end that ends it.
    _ = fcntl(pipe.writeEnd.rawValue, F_SETFD, FD_CLOEXEC)
    var actions = unsafe posix_spawn_file_actions_t()
    // SAFETY: initialised here, destroyed at the end of the scope; descriptors are open.
    _ = unsafe posix_spawn_file_actions_init(&actions)
    defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
    _ = unsafe posix_spawn_file_actions_adddup2(&actions, pipe.readEnd.rawValue, 0)
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var pid: pid_t = 0
    // SAFETY: `words` ends in nil and its strings live to the end of the scope.
    let result = unsafe posix_spawnp(&pid, arguments[0], &actions, nil, &words, environ)
    guard result == 0 else {
      try pipe.writeEnd.close()
      throw Errno(rawValue: result)
    }
    self.pid = pid
    input = pipe.writeEnd
  }

  deinit { end() }

  /// Kills it and takes its remains away; its pid is free after this.
  func end() {
    guard !isEnded.exchange(true, ordering: .relaxed) else { return }
    kill(pid, SIGKILL)
    var status: Int32 = 0
    // SAFETY: the status is a local.
    _ = unsafe waitpid(pid, &status, 0)
    try? input.close()
  }

  /// Waits until it has ended by itself, and leaves it a zombie.
  func awaitZombie() throws {
    var info = unsafe siginfo_t()
    // SAFETY: the info is a local.
    guard unsafe waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) == 0 else { throw Errno(rawValue: errno) }
  }
}

/// Runs `body` on a thread of its own that has given up every capability, though its user is still root.
func withoutCapabilities(_ body: @escaping @Sendable () throws -> Void) throws {
  let failure = Mutex<(any Error)?>(nil)
  try NamedThread("no-capabilities") {
    do {
      // SAFETY: the state is freed below; cap_set_proc is about the calling thread alone.
      let none = unsafe cap_init()
      defer { _ = unsafe cap_free(UnsafeMutableRawPointer(none)) }
      guard unsafe cap_set_proc(none) == 0 else { throw Errno(rawValue: errno) }
      try body()
    } catch {
      failure.withLock { $0 = error }
    }
  }.join()
  if let error = failure.withLock({ $0 }) { throw error }
}
