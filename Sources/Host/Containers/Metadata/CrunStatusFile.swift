/// crun's `status`: of what concerns metadata, only where the container's root file system lies.
struct CrunStatusFile: JSONFile {
  private(set) var description = ContainerDescription()

  init?(_ object: JSONObject) {
    guard let path = object.filledText("rootfs") else { return nil }
    description.rootFileSystem = path
  }
}
