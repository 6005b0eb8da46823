import Synchronization

/// Who wants to know of cgroups as soon as they are made: a container's metadata can be read from then on.
///
/// Whoever listens is called on the cgroup source's thread, and must not wait.
final class CgroupAudience: Sendable {
  typealias Listener = @Sendable (_ path: [UInt8], _ isMade: Bool) -> Void

  private let listener = Mutex<Listener?>(nil)

  /// Calls `listener` from now on, in the place of the one before.
  func listen(_ listener: @escaping Listener) { self.listener.withLock { $0 = listener } }

  /// A cgroup that claims to be a container's was made or removed.
  func tell(_ path: [UInt8], isMade: Bool) { listener.withLock { $0 }?(path, isMade) }
}
