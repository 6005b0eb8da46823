import Host
import Testing

@Suite struct MountTableTests {
  private static let root = "27 1 254:0 / / rw - ext4 /dev/vda rw\n"
  private static let tmp = "40 27 0:50 / /tmp rw,nosuid - tmpfs tmpfs rw\n"

  /// What becomes of a table that held `before` and then holds `after`, as words.
  private func changes(_ before: String, _ after: String, isWhole: Bool = true) throws -> [String]? {
    var table = MountTable()
    let first = table.replace(with: try reading(before))
    #expect(first == nil)
    return table.replace(with: try reading(after, isWhole: isWhole)).map { changes in
      changes.map { change in
        switch change {
        case .added(let mount): "added \(String(decoding: mount.point, as: UTF8.self))"
        case .remounted(let mount): "remounted \(String(decoding: mount.options, as: UTF8.self))"
        case .moved(let mount): "moved \(String(decoding: mount.point, as: UTF8.self))"
        case .removed(let mount): "removed \(String(decoding: mount.point, as: UTF8.self))"
        }
      }
    }
  }

  private func reading(_ text: String, isWhole: Bool = true) throws -> MountTable.Reading {
    let scratch = Scratch()
    try scratch.write(Array(text.utf8), to: "/mountinfo")
    var buffer = ReadBuffer()
    #expect(HostRoot(scratch.path).read("/mountinfo", limit: 1 << 20, into: &buffer) == .complete)
    return MountTable.Reading(buffer, isWhole: isWhole)
  }

  @Test(
    "a mount that came, went, has other options or lies elsewhere is a change; one that is the same is none")
  func changed() throws {
    #expect(try changes(Self.root, Self.root) == [])
    #expect(try changes(Self.root, Self.root + Self.tmp) == ["added /tmp"])
    #expect(try changes(Self.root + Self.tmp, Self.root) == ["removed /tmp"])
    let remounted = Self.tmp.replacing("rw,nosuid", with: "ro")
    #expect(try changes(Self.root + Self.tmp, Self.root + remounted) == ["remounted ro"])
    let moved = Self.tmp.replacing("/tmp", with: "/mnt")
    #expect(try changes(Self.root + Self.tmp, Self.root + moved) == ["moved /mnt"])
  }

  @Test("another mount that got the same number is one that went and one that came")
  func sameNumber() throws {
    let other = "40 27 0:51 / /proc rw - proc proc rw\n"
    #expect(try changes(Self.root + Self.tmp, Self.root + other) == ["removed /tmp", "added /proc"])
  }

  @Test("a table that shares nothing with the one before is another namespace's")
  func stranger() throws {
    #expect(try changes(Self.root, "90 80 0:60 / / rw - overlay overlay rw\n") == nil)
  }

  @Test("of a table that was cut nobody knows what went")
  func cut() throws {
    #expect(try changes(Self.root + Self.tmp, Self.root, isWhole: false) == [])
  }
}
