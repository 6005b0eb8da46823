/// One entry of `containers.json`, the list of every container in the store that podman and CRI-O share.
struct StorageContainer: JSONFile {
  let id: String
  private(set) var description = ContainerDescription()

  init?(_ object: JSONObject) {
    guard let id = object.filledText("id") else { return nil }
    self.id = id
    description.name = object.texts("names").first
    description.imageID = object.filledText("image").map(ImageID.digits)
    // What their own makers say lies in a text of JSON.
    guard let text = object.text("metadata"), let metadata = Metadata(parsing: Array(text.utf8)) else {
      return
    }
    description.name = metadata.name ?? description.name
    description.image = metadata.image
    description.imageID = metadata.imageID ?? description.imageID
  }

  private struct Metadata: JSONFile {
    let name: String?
    let image: String?
    let imageID: String?

    init?(_ object: JSONObject) {
      name = object.filledText("name")
      image = object.filledText("image-name")
      imageID = object.filledText("image-id").map(ImageID.digits)
    }
  }
}
