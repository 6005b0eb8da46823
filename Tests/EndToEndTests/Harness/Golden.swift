import Glibc
import SystemPackage
import Testing

/// Holds text that users see against the file of that name in a directory of Tests/Fixtures.
///
/// With WINDHOVER_RECORD_GOLDEN=1 in the environment the file is written instead: look at the difference, then commit.
func expectGolden(
  _ text: String, _ name: String, in directory: String = "EndToEnd",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
    .appending(["Fixtures", FilePath.Component(directory)!, FilePath.Component(name)!])
  if unsafe getenv("WINDHOVER_RECORD_GOLDEN") != nil {
    let descriptor = try FileDescriptor.open(
      file, .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    defer { try? descriptor.close() }
    try descriptor.writeAll(Array(text.utf8))
    return
  }
  #expect(text == (try contents(of: file)), "golden file \(name)", sourceLocation: sourceLocation)
}

/// The whole text of a file.
func contents(of file: FilePath) throws -> String {
  let descriptor = try FileDescriptor.open(file, .readOnly)
  defer { try? descriptor.close() }
  var bytes: [UInt8] = []
  _ = Pipe.End(descriptor: descriptor).read(into: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}
