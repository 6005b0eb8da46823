/// runc's `state.json`: how it started a container.
struct RuncStateFile: JSONFile {
  private(set) var description = ContainerDescription()

  init?(_ object: JSONObject) {
    guard let config = object.object("config") else { return nil }
    var annotations: [String: String] = [:]
    for label in config.texts("labels") {
      guard let equals = label.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
      annotations[String(label[..<equals])] = String(label[label.utf8.index(after: equals)...])
    }
    description = ContainerAnnotations(annotations).description
    description.rootFileSystem = config.filledText("rootfs")
    // Behind the annotations, which the container's author chose.
    description.bundle = config.texts("labels").last.flatMap(Self.bundle)
    description.mounts = config.objects("mounts").compactMap(Self.mount)
    let namespaces = config.objects("namespaces").compactMap { $0.text("type") }
    description.sharesHostPID = !namespaces.contains("NEWPID")
    description.sharesHostNetwork = !namespaces.contains("NEWNET")
    description.sharesHostIPC = !namespaces.contains("NEWIPC")
    let privileges = ContainerPrivileges(
      bounding: config.object("capabilities")?.texts("Bounding") ?? [],
      hidesFiles: !config.texts("mask_paths").isEmpty || !config.texts("readonly_paths").isEmpty,
      hasUserNamespace: namespaces.contains("NEWUSER"))
    if description.isPrivileged == nil, privileges.areAll { description.isPrivileged = true }
  }

  private static func bundle(_ label: String) -> String? {
    let key = "bundle="
    return label.hasPrefix(key) ? String(label.dropFirst(key.count)) : nil
  }

  /// See mount(2) for the flags.
  private static func mount(_ mount: JSONObject) -> ContainerDescription.Mount? {
    let (readOnly, bind, recursive): (UInt64, UInt64, UInt64) = (1, 1 << 12, 1 << 14)
    let flags = mount.number("flags") ?? 0
    guard mount.text("device") == "bind" || flags & bind != 0, let source = mount.filledText("source"),
      let destination = mount.filledText("destination")
    else { return nil }
    let names: [(UInt64, String)] = [
      (1 << 17, "unbindable"), (1 << 18, "private"), (1 << 19, "slave"), (1 << 20, "shared"),
    ]
    let propagation = mount.numbers("propagation_flags").last ?? 0
    let name = names.first { propagation & $0.0 != 0 }?.1
    return ContainerDescription.Mount(
      source: source, destination: destination, mode: "", isWritable: flags & readOnly == 0,
      propagation: name.map { (propagation & recursive != 0 ? "r" : "") + $0 } ?? "")
  }
}
