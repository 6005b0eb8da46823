/// docker's `repositories.json`: which names and digests stand for which image.
struct DockerRepositories: JSONFile {
  /// Of each reference the id of its image, in digits.
  private let images: [String: String]

  init?(_ object: JSONObject) {
    guard let repositories = object.object("Repositories") else { return nil }
    var images: [String: String] = [:]
    for name in repositories.keys {
      for (reference, id) in repositories.textTable(name) { images[reference] = ImageID.digits(id) }
    }
    self.images = images
  }

  /// The digest of an image in the registry it came from, first of the repository by whose name it was asked for.
  func digest(ofImage id: String, repository: String?) -> String? {
    let digests = images.filter { $0.value == id }.keys.compactMap(ImageReference.init)
      .filter { $0.digest != nil }.sorted {
        ($0.repository, $0.digest ?? "") < ($1.repository, $1.digest ?? "")
      }
    return (digests.first { $0.repository == repository } ?? digests.first)?.digest
  }

  /// A name for an image that was asked for by its id.
  func name(ofImage id: String) -> String? {
    images.filter { $0.value == id && !$0.key.utf8.contains(UInt8(ascii: "@")) }.keys.min()
  }
}
