import Events
import Host
import Model

// Where a process is: its cgroup, the container that this claims, its namespaces.
extension DetailReader {
  /// What is known of the cgroup that was read last.
  enum Place {
    case unread
    /// The root of version 1, which the kernel says of every process that has begun to end, wherever it was.
    case root
    /// Stated, or refused to the agent.
    case settled
  }

  /// Where a process was before its next exec, kept in case it has ended before that exec's details are read.
  struct Whereabouts {
    /// The bytes of `/proc/PID/cgroup`.
    let cgroup: [UInt8]
    let namespaces: ProcessNamespaces
    /// When the process was started: a pid comes back.
    let startTicks: UInt64
  }

  /// The cgroup and the container that it claims; the namespaces where they are needed, or where they tell
  /// whether the claim is true. `appendCredentials` must follow, which tells a process at the root from one that ends.
  /// - Returns: whether the process was still there.
  mutating func appendPlace(to record: inout RecordWriter) -> Bool {
    var types = neededNamespaces
    if needs.contains(.cgroup) {
      let outcome = directory.read(.cgroup, into: &buffer)
      if isRead(outcome) {
        if !isKernelThread, isAtRoot {
          place = .root
        } else {
          let isRuntime = runsRuntime
          let standing = buffer.withBytes { bytes in
            containers.append(cgroup: bytes, isRuntime: isRuntime, to: &record)
          }
          place = .settled
          lastClaims = standing != nil
          if lastClaims { types = witnessNamespaces }
        }
      } else if isRefused(outcome, &record) {
        place = .settled
      } else {
        return false
      }
    }
    guard !types.isEmpty else { return true }
    var namespaces = ProcessNamespaces()
    switch directory.readNamespaces(into: &namespaces, of: types, using: &buffer) {
    case .complete, .truncated:
      hasNamespaces = true
      append(namespaces, to: &record)
    case .absent: return false
    case .denied:
      hasNamespaces = true
      losses.count(.denied)
    case .failed:
      hasNamespaces = true
      losses.count(.unreadable)
    }
    return true
  }

  /// Whether the place is needed and was not to be had in full: the process has begun to end, or has gone.
  var lacksPlace: Bool {
    needs.contains(.cgroup)
      && (place != .settled || !hasNamespaces && (lastClaims || !neededNamespaces.isEmpty))
  }

  /// States the root of version 1 of a process that still runs.
  /// - Parameter hasMemory: what its status says; a process that ends gives its memory back first of all. `nil` when
  ///   that was not read.
  mutating func settleRoot(_ hasMemory: Bool?, to record: inout RecordWriter) {
    guard place == .root, hasMemory ?? isRunning() else { return }
    record.append(.cgroup, [UInt8(ascii: "/")].span)
    record.append(.containerID, [UInt8]().span)
    place = .settled
  }

  /// Where the chosen process is now; `nil` when it has gone or begun to end. What a container is that a runtime is just
  /// starting there is asked for at once.
  mutating func whereabouts() -> Whereabouts? {
    guard needs.contains(.cgroup), directory.read(.cgroup, into: &buffer).isRead, !isAtRoot else {
      return nil
    }
    let cgroup = buffer.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    var namespaces = ProcessNamespaces()
    _ = directory.readNamespaces(into: &namespaces, of: witnessNamespaces, using: &buffer)
    guard directory.read(.stat, into: &buffer).isRead else { return nil }
    let stat = buffer.withBytes { bytes -> (name: [UInt8], startTicks: UInt64)? in
      ProcStat(parsing: bytes).map { ($0.name.map { bytes[$0] }, $0.startTicks) }
    }
    guard let stat else { return nil }
    lastName = stat.name
    if needs.contains(.containerMetadata), runsRuntime { containers.announce(cgroup: cgroup.span) }
    return Whereabouts(cgroup: cgroup, namespaces: namespaces, startTicks: stat.startTicks)
  }

  /// States where the process was before, in the place of what could not be read.
  mutating func append(_ before: Whereabouts, to record: inout RecordWriter) {
    if place != .settled {
      lastClaims = containers.append(cgroup: before.cgroup.span, to: &record) != nil
      place = .settled
    }
    if !hasNamespaces { append(before.namespaces, to: &record) }
  }

  private func append(_ namespaces: ProcessNamespaces, to record: inout RecordWriter) {
    record.append(.namespaces, NamespaceType.allCases.map { namespaces[Namespace($0)] })
  }

  /// Whether the cgroup that was just read may be that of a process which ends.
  private var isAtRoot: Bool {
    buffer.withBytes { CgroupFile(parsing: $0)?.isRootOfVersion1 ?? false }
  }

  /// Whether the process may be a runtime's init, by its name: runc's has the name of the file it was copied to, or of runc.
  private var runsRuntime: Bool {
    Self.runtimeNames.contains { lastName.starts(with: $0) } || lastName == Self.copiedName
  }

  private static let runtimeNames = RuntimePrograms.names.map { Array($0.utf8) }
  private static let copiedName = Array("exe".utf8)

  private mutating func isRunning() -> Bool {
    guard directory.read(.stat, into: &buffer).isRead else { return false }
    return buffer.withBytes { bytes in ProcStat(parsing: bytes).map { !$0.isExiting } ?? false }
  }
}
