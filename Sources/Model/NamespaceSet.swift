public import Events

/// The inode numbers of a process's eight namespaces; 0 where one was not read.
///
/// A number alone names nothing for long: it comes back within seconds. Compare it with what was read at the
/// same time. See namespaces(7).
public struct NamespaceSet: Equatable, Sendable {
  public var cgroup, ipc, mnt, net, pid, time, user, uts: UInt64

  public static let unknown = NamespaceSet()

  public init(
    cgroup: UInt64 = 0, ipc: UInt64 = 0, mnt: UInt64 = 0, net: UInt64 = 0, pid: UInt64 = 0, time: UInt64 = 0,
    user: UInt64 = 0, uts: UInt64 = 0
  ) {
    (self.cgroup, self.ipc, self.mnt, self.net) = (cgroup, ipc, mnt, net)
    (self.pid, self.time, self.user, self.uts) = (pid, time, user, uts)
  }

  public subscript(type: NamespaceType) -> UInt64 {
    get {
      switch type {
      case .cgroup: cgroup
      case .ipc: ipc
      case .mnt: mnt
      case .net: net
      case .pid: pid
      case .time: time
      case .user: user
      case .uts: uts
      }
    }
    set {
      switch type {
      case .cgroup: cgroup = newValue
      case .ipc: ipc = newValue
      case .mnt: mnt = newValue
      case .net: net = newValue
      case .pid: pid = newValue
      case .time: time = newValue
      case .user: user = newValue
      case .uts: uts = newValue
      }
    }
  }

  /// The types in which both numbers are known and differ.
  public func differences(from other: NamespaceSet) -> [NamespaceType] {
    NamespaceType.allCases.filter { self[$0] != 0 && other[$0] != 0 && self[$0] != other[$0] }
  }

  /// This set with its unread members taken from `other`.
  func filled(from other: NamespaceSet) -> NamespaceSet {
    var result = self
    for type in NamespaceType.allCases where result[type] == 0 { result[type] = other[type] }
    return result
  }
}
