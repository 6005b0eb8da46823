import Testing

@testable import Host

@Suite struct ImageReferenceTests {
  @Test(
    "the name of an image has a repository, and perhaps a tag and a digest",
    arguments: [
      ("nginx", "nginx", nil, nil), ("nginx:1.25", "nginx", "1.25", nil),
      ("docker.io/library/nginx:1.25-alpine", "docker.io/library/nginx", "1.25-alpine", nil),
      ("registry.example:5000/team/app", "registry.example:5000/team/app", nil, nil),
      ("registry.example:5000/team/app:v1", "registry.example:5000/team/app", "v1", nil),
      ("localhost:5000/x", "localhost:5000/x", nil, nil), ("localhost/bb:2", "localhost/bb", "2", nil),
      ("app@sha256:ab", "app", nil, "sha256:ab"),
      ("r.example/app:v1@sha256:ab", "r.example/app", "v1", "sha256:ab"),
      ("r.example:1/app@sha256:ab", "r.example:1/app", nil, "sha256:ab"),
      ("[::1]:5000/x:y", "[::1]:5000/x", "y", nil), ("app:", "app", nil, nil), ("app@", "app", nil, nil),
      ("a:b:c", "a:b", "c", nil), ("/", "/", nil, nil), ("x/\u{301}:y", "x/\u{301}", "y", nil),
      ("a b\u{1b}[31m:t", "a b\u{1b}[31m", "t", nil),
    ] as [(String, String, String?, String?)])
  func parts(text: String, repository: String, tag: String?, digest: String?) throws {
    let image = try #require(ImageReference(text))
    #expect(image.repository == repository)
    #expect(image.tag == tag)
    #expect(image.digest == digest)
  }

  @Test(
    "what names no repository is no reference",
    arguments: [
      "", ":x", "@sha256:ab", "sha256:" + String(repeating: "a1", count: 32),
      String(repeating: "0f", count: 32),
    ])
  func none(text: String) { #expect(ImageReference(text) == nil) }
}
