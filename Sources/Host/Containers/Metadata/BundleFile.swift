/// The `config.json` of an OCI bundle: what a runtime was told to start. See the OCI runtime specification.
///
/// `process.env` is not read.
struct BundleFile: JSONFile {
  private(set) var description = ContainerDescription()

  init?(_ object: JSONObject) {
    guard let linux = object.object("linux") else { return nil }
    description = ContainerAnnotations(object.textTable("annotations")).description
    description.rootFileSystem = object.object("root")?.filledText("path")
    let process = object.object("process")
    if let user = process?.object("user"), let uid = user.number("uid") {
      description.user = "\(uid):\(user.number("gid") ?? 0)"
    }
    description.mounts = object.objects("mounts").compactMap(Self.mount)
    let namespaces = linux.objects("namespaces").compactMap { $0.text("type") }
    description.sharesHostPID = !namespaces.contains("pid")
    description.sharesHostNetwork = !namespaces.contains("network")
    description.sharesHostIPC = !namespaces.contains("ipc")
    let privileges = ContainerPrivileges(
      bounding: process?.object("capabilities")?.texts("bounding") ?? [],
      hidesFiles: !linux.texts("maskedPaths").isEmpty || !linux.texts("readonlyPaths").isEmpty,
      hasUserNamespace: namespaces.contains("user"))
    if description.isPrivileged == nil, privileges.areAll { description.isPrivileged = true }
  }

  /// A mount of something that the host has; file systems that the container gets new are none.
  private static func mount(_ mount: JSONObject) -> ContainerDescription.Mount? {
    let options = mount.texts("options")
    guard mount.text("type") == "bind" || options.contains("bind") || options.contains("rbind"),
      let source = mount.filledText("source"), let destination = mount.filledText("destination")
    else { return nil }
    let propagations = ["private", "shared", "slave", "unbindable"].flatMap { [$0, "r" + $0] }
    return ContainerDescription.Mount(
      source: source, destination: destination, mode: "", isWritable: !options.contains("ro"),
      propagation: options.last { propagations.contains($0) } ?? "")
  }
}

/// What a runtime's file says of a container's power over the host, where it has no word for it.
struct ContainerPrivileges {
  let bounding: [String]
  /// Whether files of /proc and /sys are hidden or read-only.
  let hidesFiles: Bool
  let hasUserNamespace: Bool

  /// Whether nothing was taken from it: the mark of what docker and Kubernetes call privileged. The newest capabilities
  /// are not asked for, which older runtimes do not know.
  var areAll: Bool {
    !hidesFiles && !hasUserNamespace && Self.decisive.allSatisfy { bounding.contains($0) }
  }

  private static let decisive = [
    "CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_SYS_BOOT",
    "CAP_DAC_READ_SEARCH", "CAP_MAC_ADMIN", "CAP_SYSLOG",
  ]
}
