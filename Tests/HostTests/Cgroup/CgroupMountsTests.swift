@testable import Host
import Testing

@Suite struct CgroupMountsTests {
  private static let one = """
    23 1 254:0 / / rw,relatime - ext4 /dev/vda rw
    31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
    32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:4 - cgroup cgroup rw,cpu,cpuacct
    35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
    38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio
    39 31 0:36 / /sys/fs/cgroup/p\\040ids rw,relatime - cgroup cgroup rw,pids
    40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
    33 31 0:39 / /sys/fs/cgroup/net_cls rw,relatime - cgroup cgroup rw,net_cls

    """
  private static let two = "28 22 0:25 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
  private static let beside = "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"

  @Test("the trees of version 1 are found by their controllers")
  func versionOne() throws {
    let mounts = CgroupMounts(text: Self.one)
    #expect(mounts.layout == .one)
    #expect(mounts.hierarchies.count == 5)
    let memory = try #require(mounts.index(of: .memory))
    #expect(mounts.hierarchies[memory].mountPoint == Array("/sys/fs/cgroup/memory".utf8))
    #expect(mounts.index(of: .cpu) == mounts.index(of: .cpuacct))
    let pids = try #require(mounts.index(of: .pids))
    #expect(mounts.hierarchies[pids].mountPoint == Array("/sys/fs/cgroup/p ids".utf8))
    #expect(mounts.index(of: .freezer) == nil)
    #expect(mounts.unified == nil)
    #expect(mounts.hierarchies.filter(\.isNamed).count == 1)
  }

  @Test("version 2 has everything in one tree, and freezing always")
  func versionTwo() {
    let mounts = CgroupMounts(text: Self.two)
    #expect(mounts.layout == .two)
    #expect(mounts.index(of: .freezer) == 0)
    #expect(mounts.unified == 0)
    #expect(mounts.index(of: .memory) == nil, "its controllers are told by the tree itself")
  }

  @Test("a tree of version 2 beside those of version 1 is hybrid, and comes first")
  func hybrid() {
    let mounts = CgroupMounts(text: Self.one + Self.beside)
    #expect(mounts.layout == .hybrid)
    #expect(mounts.unified == 0)
    #expect(mounts.hierarchies.count == 6)
  }

  @Test("a container's part of a tree, and a second mount of one, are passed over")
  func parts() {
    let text =
      "50 1 0:32 /docker/abc /x rw - cgroup cgroup rw,memory\n" + Self.one
      + "51 1 0:32 / /y rw - cgroup cgroup rw,memory\n"
    #expect(CgroupMounts(text: text) == CgroupMounts(text: Self.one))
  }

  @Test("a host without cgroups has none", arguments: ["", "garbage\n", "1 2 3\n"])
  func none(text: String) { #expect(CgroupMounts(text: text).layout == .none) }

  @Test("spoilt input never traps")
  func fuzz() {
    Mutation.forEach(of: [Array((Self.one + Self.two).utf8)]) {
      #expect(CgroupMounts(parsing: $0.span).hierarchies.count < 100)
    }
  }

  @Test(
    "a process in another cgroup namespace than the host's sees a part of the trees",
    arguments: [
      ("cgroup:[4026531835]", "cgroup:[4026531835]", false),
      ("cgroup:[4026531835]", "cgroup:[4026532001]", true),
      (nil, "cgroup:[4026531835]", false), (nil, "cgroup:[4026532001]", true), (nil, nil, false),
    ] as [(String?, String?, Bool)])
  func namespace(host: String?, own: String?, arePart: Bool) throws {
    let scratch = Scratch()
    for (pid, link) in [("1", host), ("77", own)] {
      if let link { try scratch.link(link, at: "/proc/\(pid)/ns/cgroup") }
    }
    #expect(CgroupMounts.areParts(for: 77, root: HostRoot(scratch.path)) == arePart)
  }

  @Test("this machine's trees can be listed and read")
  func live() throws {
    let mounts = try #require(CgroupMounts(root: .live))
    var buffer = ReadBuffer()
    for hierarchy in mounts.hierarchies {
      var directory = CgroupDirectory(root: .live, hierarchy)
      directory.select([UInt8(ascii: "/")])
      var names: [[UInt8]] = []
      #expect(directory.list(limit: 10_000, into: &names) == .complete)
      #expect(directory.read(CgroupFileName("cgroup.procs"), into: &buffer).isRead)
      #expect(directory.read(CgroupFileName("no.such.file"), into: &buffer) == .absent)
      directory.select(Array("/no such cgroup".utf8))
      #expect(directory.list(limit: 1, into: &names) == .absent)
    }
  }
}

extension CgroupMounts { fileprivate init(text: String) { self.init(parsing: Array(text.utf8).span) } }
