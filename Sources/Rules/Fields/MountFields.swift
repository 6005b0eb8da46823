import Events
import Model

extension FieldRegistry {
  /// `mount.*`: what was mounted or unmounted, and where it comes from.
  static let mount: [Field] = [
    mount("mount.point", .fspath, "Where it is mounted, as seen in the mount namespace.") {
      $0.text($1.point)
    },
    mount(
      "mount.root", .fspath, "Which directory or file of the file system is shown: / but for bind mounts."
    ) { $0.text($1.root) },
    mount(
      "mount.source", .charbuf, "What is mounted, as the one who mounted it wrote it: a device, or any word."
    ) {
      $0.text($1.source)
    },
    mount("mount.fstype", .charbuf, "Type of the file system, with its subtype: fuse.sshfs.") {
      $0.text($1.fileSystem)
    },
    mount("mount.options", .charbuf, "Options of the mount, joined by commas: rw,nosuid.") {
      $0.text($1.options)
    },
    mount(
      "mount.host_path", .fspath,
      "Path on the host of the directory or file that is shown; no value when the host does not show it."
    ) { $0.text($1.hostPath) },
    mount(
      "mount.is_host_path", .bool,
      "A directory or file of the host that no container should have: /, /etc, /root/.ssh, the host's /proc and others; "
        + "of /usr only what can be written."
    ) { $0.flag($1.traits.contains(.hostPath)) },
    mount(
      "mount.is_runtime_socket", .bool,
      "The socket of a container runtime, by whatever name, or a directory that holds one."
    ) { $0.flag($1.traits.contains(.runtimeSocket)) },
    mount(
      "mount.is_initial", .bool,
      "It was there when the container's mounts were first looked at. Such mounts are told of only where is_host_path "
        + "or is_runtime_socket is true, a directory of the host once with all that the host has mounted in it."
    ) { $0.flag($1.traits.contains(.initial)) },
    mount(
      "mount.is_propagated", .bool, "Mounts at another place appear here by themselves, and this may be one."
    ) { $0.flag($1.traits.contains(.propagated)) },
  ]

  private static func mount(
    _ name: String, _ type: FieldType, _ help: String,
    _ read: @escaping @Sendable (inout Values, MountChange) -> Void
  ) -> Field {
    Field(
      name, type, help, needs: .mounts, kinds: [EventKinds(.mounted), EventKinds(.unmounted)]
    ) { facts, _, values in
      if case .mount(let mount) = facts.event.change { read(&values, mount) }
    }
  }
}

extension MountChange {
  /// The flags of mount(2) that are known of it, as Falco spells them.
  var flagNames: [String] {
    var names = options.split(separator: UInt8(ascii: ",")).compactMap { word in
      Self.flags.first { word.elementsEqual($0.option.utf8) }?.name
    }
    if traits.contains(.remounted) { names.append("REMOUNT") }
    if traits.contains(.moved) { names.append("MOVE") }
    if root != [UInt8(ascii: "/")] { names.append("BIND") }
    return names
  }

  private static let flags: [(option: String, name: String)] = [
    ("ro", "RDONLY"), ("nosuid", "NOSUID"), ("nodev", "NODEV"), ("noexec", "NOEXEC"), ("noatime", "NOATIME"),
    ("nodiratime", "NODIRATIME"), ("relatime", "RELATIME"),
  ]
}
