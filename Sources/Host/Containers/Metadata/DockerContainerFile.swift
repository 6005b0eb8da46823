/// docker's `config.v2.json`: what it knows of one container.
///
/// `Config.Env` is not read, and of what `State` says nothing is: it is of the run before while a container starts.
struct DockerContainerFile: JSONFile {
  private(set) var description = ContainerDescription()
  /// The storage driver, a directory's name below `image`.
  let driver: String?

  init?(_ object: JSONObject) {
    guard let config = object.object("Config") else { return nil }
    driver = object.filledText("Driver")
    description.name = object.filledText("Name").map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }
    description.image = config.filledText("Image")
    description.imageID = object.filledText("Image").map(ImageID.digits)
    // docker copies the image's user in: without one it is root.
    description.user = config.filledText("User") ?? "0:0"
    description.healthcheck = config.object("Healthcheck").flatMap(Self.probe)
    description.mounts = object.objectTable("MountPoints").map { destination, mount in
      ContainerDescription.Mount(
        source: mount.filledText("Source") ?? mount.text("Name") ?? "",
        destination: mount.filledText("Destination") ?? destination, mode: mount.text("Relabel") ?? "",
        isWritable: mount.flag("RW") ?? false, propagation: mount.text("Propagation") ?? "")
    }
    let labels = config.textTable("Labels")
    description.fill(from: ContainerAnnotations(dockerLabels: labels, name: description.name).description)
  }

  /// `["CMD", program, …]`, `["CMD-SHELL", text]` or `["NONE"]`. See docker's HEALTHCHECK.
  private static func probe(_ healthcheck: JSONObject) -> ContainerDescription.Probe? {
    let test = healthcheck.texts("Test")
    switch test.first {
    case "NONE": return ContainerDescription.Probe.none
    case "CMD" where test.count > 1: return .command(Array(test.dropFirst()))
    case "CMD-SHELL" where test.count > 1: return .command(["/bin/sh", "-c", test[1]])
    default: return nil
    }
  }
}

/// How runtimes write the id of an image.
enum ImageID {
  /// The digits, without the name of the hash before them.
  static func digits(_ text: String) -> String {
    text.utf8.firstIndex(of: UInt8(ascii: ":")).map { String(text[text.utf8.index(after: $0)...]) } ?? text
  }
}
