/// What a source states in one record: what it saw, never what it concludes.
public enum RecordKind: UInt16, CaseIterable, Sendable {
  /// Filler at the end of the ring before it wraps; never handed to a reader.
  case padding = 0
  /// A process was made: `pid` is the child, `.parentPID` the creator.
  case forked
  /// A process replaced its program; the details that were read follow as parameters.
  case executed
  /// A process ended: `.exitStatus`.
  case exited
  /// A process changed user ids: `.userIDs` holds what the kernel told (real, effective).
  case userChanged
  /// A process changed group ids: `.groupIDs`.
  case groupChanged
  /// A process made a session.
  case sessionChanged
  /// A tracer attached (`.tracerPID` > 0) or let go (0).
  case traced
  /// A process changed its name: `.name`.
  case nameChanged
  /// A process dumped core.
  case coreDumped
  /// What `/proc` says of a process, as far as it was read.
  case state
  /// Processes that a listing saw: `.presence` is an array of (pid, start ticks).
  case present
  /// A listing of `/proc` ended, whole: `pid` is its number, the stamp the moment it began.
  case listingEnded
  /// A process held a reader for too long: its memory is not read again.
  case tampering
  /// A value larger than a record lies in its mailbox: `.mailbox` says which.
  case notice
  /// What value a setting of the kernel has.
  case setting
  /// A module is in the kernel.
  case module
  /// A module is in the kernel no more.
  case moduleGone
  /// Something is mounted: `pid` is a process that sees it.
  case mount
  /// Something is mounted no more: `pid` is a process that saw it.
  case mountGone
  /// A cgroup was made: `.cgroup`, and the container that it claims. `pid` is 0, as in all records about cgroups.
  case cgroupCreated
  /// A cgroup was removed: `.cgroup`.
  case cgroupRemoved
  /// What the files of a cgroup say: `.cgroup`, the container that it claims, `.figures`.
  case cgroupState
}
