import Events
import Model

extension FieldRegistry {
  /// `proc.ns.<type>.*`, for each of the eight types of namespace.
  static let namespaces: [Field] = NamespaceType.allCases.flatMap { type in
    [
      Field(
        "proc.ns.\(type.name).id", .uint64,
        "Inode number of the process's \(type.name) namespace; it comes back soon after the namespace has gone.",
        needs: .namespace(type)
      ) { facts, _, values in
        guard let id = facts.row?.namespaces[type], id != 0 else { return }
        values.number(id)
      },
      Field(
        "proc.ns.\(type.name).is_host", .bool, "The process's \(type.name) namespace is the host's.",
        needs: .namespace(type)
      ) { facts, _, values in
        guard let row = facts.row else { return }
        values.flag(facts.model.isHost(type, of: row))
      },
      Field(
        "proc.ns.\(type.name).is_container", .bool,
        "The process's \(type.name) namespace is that of the process which stands for its container.",
        needs: [.namespace(type), .cgroup]
      ) { facts, _, values in
        guard let row = facts.row, let reference = facts.model.reference(of: facts.event.container) else {
          return
        }
        let own = row.namespaces[type]
        let expected = reference.namespaces[type]
        if own != 0, expected != 0 { values.flag(own == expected) }
      },
    ]
  }
}
