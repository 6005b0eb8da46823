import Testing

@testable import Host

@Suite struct HostPlacesTests {
  static let host = """
    22 27 0:21 / /proc rw - proc proc rw
    27 1 254:0 / / rw - ext4 /dev/vda rw
    30 27 0:27 / /run rw shared:5 - tmpfs tmpfs rw
    33 27 0:40 / /home/u/remote rw - fuse.sshfs u@far: rw
    35 27 254:1 /@data /data rw - btrfs /dev/vdb rw
    36 27 254:0 /var/lib/x /mnt/x rw - ext4 /dev/vda rw

    """

  static func mounts(_ text: String) -> [Mount] { mounts(Array(text.utf8)) }

  static func mounts(_ bytes: [UInt8]) -> [Mount] {
    var mounts: [Mount] = []
    MountInfo.forEachLine(in: bytes.span) { mounts.append(Mount($0, in: bytes.span)) }
    return mounts
  }

  static func mount(_ line: String) throws -> Mount { try #require(mounts(line + "\n").first) }

  private let places = HostPlaces(Self.mounts(Self.host))

  @Test(
    "a mount's place on the host follows from its device and its directory there",
    arguments: [
      ("90 80 254:0 / /host rw - ext4 /dev/vda rw", "/"),
      ("90 80 254:0 /etc /x rw - ext4 /dev/vda rw", "/etc"),
      ("90 80 0:27 /docker.sock /x ro - tmpfs tmpfs rw", "/run/docker.sock"),
      ("90 80 0:27 / /hostrun rw - tmpfs tmpfs rw", "/run"),
      ("90 80 254:1 /@data/sub /x rw - btrfs /dev/vdb rw", "/data/sub"),
      ("90 80 254:0 /var/lib/x/y /x rw - ext4 /dev/vda rw", "/mnt/x/y"),
      ("90 80 254:0 /var/lib/xy /x rw - ext4 /dev/vda rw", "/var/lib/xy"),
      ("90 80 254:0 /a\\040b /x rw - ext4 /dev/vda rw", "/a b"),
    ])
  func found(line: String, path: String) throws {
    #expect(places.place(of: try Self.mount(line)) == .init(path: Array(path.utf8), isRemote: false))
  }

  @Test(
    "what the host does not show has no place",
    arguments: [
      "90 80 0:99 / / rw - overlay overlay rw", "90 80 254:1 /other /x rw - btrfs /dev/vdb rw",
      "90 80 254:1 /@dat /x rw - btrfs /dev/vdb rw",
    ])
  func unknown(line: String) throws { #expect(places.place(of: try Self.mount(line)) == nil) }

  @Test("behind a place on FUSE stands a program of any user")
  func remote() throws {
    let place = try #require(places.place(of: try Self.mount("90 80 0:40 /d /x rw - fuse.sshfs u@far: rw")))
    #expect(place == .init(path: Array("/home/u/remote/d".utf8), isRemote: true))
  }

  @Test(
    "the way to a file leads over FUSE also when the mount that is nearest to a container's is a disk",
    arguments: [
      ("/home/u/remote", true), ("/home/u/remote/docker.sock", true), ("/home/u/remotes", false),
      ("/home/u", false), ("/", false),
    ])
  func way(path: String, isRemote: Bool) {
    #expect(places.crossesRemote(Array(path.utf8)) == isRemote)
  }
}

@Suite struct SensitivePlacesTests {
  private let places = HostPlaces(HostPlacesTests.mounts(HostPlacesTests.host))

  @Test(
    "a runtime's socket is known by its name there or on the host",
    arguments: [
      ("90 80 0:27 /docker.sock /x ro - tmpfs tmpfs rw", true),
      ("90 80 254:0 /tmp/any /var/run/docker.sock rw - ext4 /dev/vda rw", true),
      ("90 80 0:77 /podman/podman.sock /s rw - tmpfs tmpfs rw", true),
      ("90 80 254:0 /srv/docker.sock.d /x rw - ext4 /dev/vda rw", false),
      ("90 80 0:99 / / rw - overlay overlay rw", false),
    ])
  func names(line: String, isSocket: Bool) throws {
    let mount = try HostPlacesTests.mount(line)
    let isFound = SensitivePlaces(root: .live).isRuntimeSocket(mount, among: places)
    #expect(isFound == isSocket)
  }

  @Test(
    "what no container should have of the host",
    arguments: [
      ("90 80 254:0 / /host rw - ext4 /dev/vda rw", true),
      ("90 80 254:0 /etc /x rw - ext4 /dev/vda rw", true),
      ("90 80 254:0 /etc/localtime /etc/localtime ro - ext4 /dev/vda rw", false),
      ("90 80 254:0 /root/.ssh /x rw - ext4 /dev/vda rw", true),
      ("90 80 254:0 /usr/bin/docker-init /sbin/docker-init ro,relatime - ext4 /dev/vda rw", false),
      ("90 80 254:0 /usr/lib/modules /lib/modules ro - ext4 /dev/vda rw", false),
      ("90 80 254:0 /usr/lib/modules /lib/modules rw - ext4 /dev/vda rw", true),
      ("90 80 254:0 /usr /x ro - ext4 /dev/vda rw", false),
      ("90 80 254:0 /usr/share/doc /x rw,nosuid - ext4 /dev/vda rw", true),
      ("90 80 254:0 / /x ro - ext4 /dev/vda rw", true), ("90 80 254:0 /etc /x ro - ext4 /dev/vda rw", true),
      ("90 80 254:0 /rootfs /x rw - ext4 /dev/vda rw", false),
      ("90 80 254:0 /var/lib/docker/volumes/v/_data /data rw - ext4 /dev/vda rw", false),
      ("90 80 254:0 /var/lib/docker/containers/1/hosts /etc/hosts rw - ext4 /dev/vda rw", false),
      ("90 80 0:21 / /proc rw - proc proc rw", false), ("90 80 0:21 / /host/proc rw - proc proc rw", true),
      ("90 80 0:99 / /proc rw - proc proc rw", false),
    ])
  func paths(line: String, isHostPath: Bool) throws {
    let mount = try HostPlacesTests.mount(line)
    let isFound = SensitivePlaces(root: .live).isHostPath(mount, at: places.place(of: mount))
    #expect(isFound == isHostPath)
  }

  @Test(
    "of the mounts of real containers those are told that no container should have",
    arguments: [
      ("docker-default", 17551, "docker-default", 17520, [], []),
      ("docker-sock", 19711, "docker-sock", 19691, ["/var/run/docker.sock"], []),
      // It has another name there.
      ("runc-sock-renamed", 29909, "podman-sock", 3545, ["/x"], []),
      ("podman-sock", 3555, "podman-sock", 3545, ["/run/podman/podman.sock"], []),
      ("docker-bind-etc", 19554, "docker-bind-etc", 19534, [], ["/hostetc"]),
      ("docker-bind-root", 19153, "docker-bind-root", 19133, [], ["/host"]),
      ("runc-privileged", 29120, "podman-sock", 3545, [], ["/dev"]),
    ] as [(String, Int32, String, Int32, [String], [String])])
  func found(
    name: String, pid: Int32, host: String, hostPID: Int32, sockets: [String], paths: [String]
  ) {
    let places = HostPlaces(HostPlacesTests.mounts(Fixture.bytes(.mountInfo, of: hostPID, in: host)))
    let mounts = HostPlacesTests.mounts(Fixture.bytes(.mountInfo, of: pid, in: name))
    // Below a root without any socket only names tell.
    let sensitive = SensitivePlaces(root: Fixture.root(name))
    var (foundSockets, foundPaths): ([String], [String]) = ([], [])
    var shown = ShownTrees()
    for mount in mounts {
      let point = String(decoding: mount.point, as: UTF8.self)
      let place = places.place(of: mount)
      if sensitive.isRuntimeSocket(mount, among: places) { foundSockets.append(point) }
      if sensitive.isHostPath(mount, at: place), !shown.hold(mount, among: places) {
        foundPaths.append(point)
      }
      if let place, sensitive.isHostPath(mount, at: place) { shown.add(mount, at: place) }
    }
    #expect(mounts.count > 10)
    #expect(foundSockets == sockets)
    #expect(foundPaths == paths)
  }
}

@Suite struct ShownTreesTests {
  private let places = HostPlaces(HostPlacesTests.mounts(HostPlacesTests.host))

  @Test(
    "what the host has mounted in a tree that is shown comes with it; what somebody put there does not",
    arguments: [
      ("91 90 0:27 / /host/run rw - tmpfs tmpfs rw", true),
      ("91 90 254:1 /@data /host/data rw - btrfs /dev/vdb rw", true),
      ("91 90 0:21 / /host/proc rw - proc proc rw", true),
      ("91 90 0:99 / /host/var/lib/x/merged/sys ro - sysfs sysfs ro", true),
      ("91 90 254:0 /etc /host/etc rw - ext4 /dev/vda rw", false),
      ("91 90 0:27 / /host/srv rw - tmpfs tmpfs rw", false), ("91 90 0:27 / /run rw - tmpfs tmpfs rw", false),
      ("91 90 0:27 / /hosts/run rw - tmpfs tmpfs rw", false),
      ("91 90 254:0 / /host rw - ext4 /dev/vda rw", false),
    ])
  func parts(line: String, isPart: Bool) throws {
    let tree = try HostPlacesTests.mount("90 80 254:0 / /host ro master:1 - ext4 /dev/vda rw")
    var shown = ShownTrees()
    shown.add(tree, at: try #require(places.place(of: tree)))
    let mount = try HostPlacesTests.mount(line)
    #expect(shown.hold(mount, among: places) == isPart)
    #expect(!ShownTrees().hold(mount, among: places))
  }

  @Test("a directory of the host is a tree as well")
  func directory() throws {
    let tree = try HostPlacesTests.mount("90 80 254:0 /mnt /x rw - ext4 /dev/vda rw")
    var shown = ShownTrees()
    shown.add(tree, at: try #require(places.place(of: tree)))
    let part = try HostPlacesTests.mount("91 90 254:0 /var/lib/x /x/x rw - ext4 /dev/vda rw")
    #expect(shown.hold(part, among: places))
    let kernel = try HostPlacesTests.mount("91 90 0:21 / /x/proc rw - proc proc rw")
    #expect(!shown.hold(kernel, among: places))
  }

  @Test(
    "of thousands of trees that somebody mounts none hides another, nor are they compared with one another")
  func many() throws {
    var shown = ShownTrees()
    var mounts: [Mount] = []
    for index in 0..<20_000 {
      let mount = try HostPlacesTests.mount("\(index) 80 254:0 /etc /m/\(index) rw - ext4 /dev/vda rw")
      #expect(!shown.hold(mount, among: places))
      shown.add(mount, at: try #require(places.place(of: mount)))
      mounts.append(mount)
    }
    let began = ContinuousClock.now
    for mount in mounts { _ = shown.hold(mount, among: places) }
    // All with all of them would take minutes.
    #expect(ContinuousClock.now - began < .seconds(20))
  }
}
