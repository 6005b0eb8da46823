import Events

// Mounts in the namespaces of the host and of containers.
extension Model {
  /// The record's process is the one through which the namespace was seen: its container is the mount's. Who mounted is
  /// not known.
  mutating func applyMount(_ kind: RecordKind, _ record: borrowing RecordView, into events: inout [Event]) {
    var mount = MountChange()
    record.forEachParameter { parameter, value in
      switch parameter {
      case .mountNamespace: mount.namespace = value.integer(UInt64.self) ?? 0
      case .mountTraits: mount.traits = MountTraits(rawValue: value.integer(UInt8.self) ?? 0)
      case .mountPoint: mount.point = value.array
      case .mountRoot: mount.root = value.array
      case .mountSource: mount.source = value.array
      case .mountFileSystem: mount.fileSystem = value.array
      case .mountOptions: mount.options = value.array
      case .mountHostPath: mount.hostPath = value.array
      default: break
      }
    }
    let container = (table.row(record.pid) ?? table.lastEnded(record.pid))?.container
    if container == nil {
      // What a service of the host with mounts of its own began with, or got from the host, was no deed in it.
      let isHost = mount.namespace == settings.hostNamespaces.mnt
      guard !mount.traits.contains(.initial), isHost || !mount.traits.contains(.propagated) else { return }
    } else if mount.traits.contains(.beforeRoot) {
      // The runtime's doing. What the container has of it is told once it has a root directory of its own.
      return
    }
    events.append(
      event(kind == .mount ? .mounted : .unmounted, record, nil, .mount(mount), container: container))
  }
}
