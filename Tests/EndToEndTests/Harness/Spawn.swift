import Glibc
import SystemPackage

/// Starts a program with these descriptors as its first ones and none of the harness's others, in a process group of its own.
/// See posix_spawn(3).
func spawn(
  _ path: FilePath, _ arguments: [String], environment: [String], streams: [FileDescriptor]
) throws -> pid_t {
  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
  for (number, stream) in streams.enumerated() {
    _ = unsafe posix_spawn_file_actions_adddup2(&actions, stream.rawValue, Int32(number))
  }

  var attributes = posix_spawnattr_t()
  unsafe posix_spawnattr_init(&attributes)
  defer { _ = unsafe posix_spawnattr_destroy(&attributes) }
  // The runner may ignore or block signals; the program is to find them as a shell would leave them.
  var signals = sigset_t()
  unsafe sigfillset(&signals)
  _ = unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
  unsafe sigemptyset(&signals)
  _ = unsafe posix_spawnattr_setsigmask(&attributes, &signals)
  _ = unsafe posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

  var pid: pid_t = 0
  // SAFETY: both vectors are null-terminated and live until the call has returned.
  let error = unsafe withCStrings([path.string] + arguments) { arguments in
    unsafe withCStrings(environment) { environment in
      unsafe posix_spawn(&pid, path.string, &actions, &attributes, arguments, environment)
    }
  }
  guard error == 0 else { throw Errno(rawValue: error) }
  return pid
}

/// Lends the strings as C wants them: a vector of pointers that a null pointer ends.
private func withCStrings<R>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
  var pointers = unsafe strings.map { unsafe strdup($0) }
  unsafe pointers.append(nil)
  defer { unsafe pointers.forEach { unsafe free($0) } }
  // SAFETY: the array is not empty, so it has an address, which is used only within the closure.
  return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress!) }
}
