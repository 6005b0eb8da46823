import Glibc
import Testing

@testable import Host

@Suite struct ContainerMetadataFilesTests {
  private let scratch = Scratch()

  /// Copies files of a fixture, since a checkout may let the group write, and then they would be no witnesses.
  private func copy(_ names: [String], of fixture: String, changing change: (String) -> String = { $0 })
    throws
  {
    for name in names {
      var buffer = ReadBuffer()
      try #require(Fixture.root(fixture).read(name, limit: 1 << 20, into: &buffer) == .complete, "\(name)")
      try scratch.write(Array(change(buffer.text()).utf8), to: name)
    }
  }

  private func read(_ path: String, roots: RuntimeRoots = RuntimeRoots()) throws
    -> ContainerMetadataFiles.Outcome
  {
    let cgroup = Array("0::\(path)\n".utf8)
    let claim = try #require(ContainerClaim(cgroup) ?? ContainerClaim(candidateIn: cgroup))
    var files = ContainerMetadataFiles(root: HostRoot(scratch.path), roots: roots)
    return files.read(claim, in: cgroup.span)
  }

  private func finding(_ path: String, roots: RuntimeRoots = RuntimeRoots()) throws
    -> ContainerMetadataFiles.Finding
  {
    let outcome = try read(path, roots: roots)
    if case .found(let finding) = outcome { return finding }
    throw NotFound(outcome: outcome)
  }

  private struct NotFound: Error { let outcome: ContainerMetadataFiles.Outcome }

  private static let dockerIDs = [
    "docker-labels": "27d6d868c99f8b7ff9b71cbb22c6832d732cef1054a1691f81d565c58efcfb2e",
    "docker-privileged": "233c67889e5c934154bb09cb853f985e7e9c04d5cd24efd65e4c178839bc226a",
    "docker-bind-etc": "c36eed4d508fe98fcccd217c2a17c520f689b186e1cf70ee17b6418398c2d5d0",
    "docker-pid-host": "f02e971443510bd12537269f74dd49d5d0364123868a95f0144a9f1c3ee01ec6",
    "docker-nonroot": "b7ac20e4f421b54d25e05b3fe37ca12f2286310348622117895dc4918dab01f5",
    "docker-sock": "77277deabe028d0e32a98b5aeb9f68304b048d1f8131998b9123a5de934c4661",
    "docker-sock-dir": "6b04535883f5675009c5adf234832f6a479607a2d2a29df0b43c3f2f1dbd67e6",
    "docker-bind-root": "4e1cda13a1690a1b13073b9b7cde2bd4e96611857420e060c9d656cf4a132c7f",
    "docker-bind-root-ro": "477ef68dc518c9f1d1d8e0a5fe858d29f2bada71a73ddfe134c5711e7845c1ed",
    "docker-shared-prop": "0b116ad883bb4f8e6900e2fb32ca3958472b66db3b246773bb2aecc9eb4a6ec4",
    "docker-tmpfs-exec": "c94d6c32b40b9710a17d7c069e560c7e7520219c04fdbb3d7472aafede33ade8",
    "docker-init": "4f3d51b4f2e6273ef23fc1eaba51dd45a73b07f9fe9fa2683942d48bb18f8fc3",
    "docker-net-host": "7bb2e62debbacdc7f730dae03e7412fd175d419bc851b832b48a0fdbbb134f65",
    "docker-ipc-uts-host": "25185cd15c8da55c4de4add5d05916879aa7e5cca4fc84478b3daf0fb759363f",
  ]

  private func copyDocker(_ fixture: String, changing change: (String) -> String = { $0 }) throws -> String {
    let id = try #require(Self.dockerIDs[fixture])
    try copy(
      [
        "/run/docker/runtime-runc/moby/\(id)/state.json", "/var/lib/docker/containers/\(id)/config.v2.json",
        "/var/lib/docker/containers/\(id)/hostconfig.json",
      ], of: fixture, changing: change)
    return id
  }

  @Test("docker's own files tell name, image, labels, pod, user and health check")
  func docker() throws {
    let id = try copyDocker("docker-labels")
    let digest = "sha256:" + String(repeating: "e", count: 64)
    let image = "67a0e5eb66d980bb4cdc5d8438b058a46327f10e2cb2be71e3444882e9a38385"
    try scratch.write(
      Array(
        """
        {"Repositories":{"bb":{"bb:1":"sha256:\(image)","bb@\(digest)":"sha256:\(image)"},
         "a":{"a:1":"sha256:\(image)","a@sha256:00":"sha256:\(image)","n":7}}}
        """.utf8), to: "/var/lib/docker/image/overlay2/repositories.json")
    let finding = try finding("/docker/\(id)")
    #expect(finding.runtime == .docker)
    #expect(finding.initPID == 21729)
    let description = finding.description
    #expect(description.name == "docker-labels")
    #expect(description.image == "bb:1")
    #expect(description.imageID == image)
    #expect(description.imageDigest == digest)
    #expect(description.labels["io.kubernetes.pod.name"] == "web-0")
    #expect(description.pod.name == "web-0")
    #expect(description.pod.namespace == "default")
    #expect(description.user == "0:0")
    #expect(description.isPrivileged == false)
    #expect(description.healthcheck == .command(["/bin/sh", "-c", "true"]))
    #expect(description.mounts == [])
    #expect(description.sharesHostPID == false)
    #expect(finding.files.map(\.path).contains { $0.hasSuffix("config.v2.json") })
  }

  @Test("an environment is never copied, whichever file it stands in")
  func secrets() throws {
    let secret = "hunter2-in-the-environment"
    let specification =
      #"{\"spec\":{\"containers\":[{\"name\":\"a\",\"env\":[{\"name\":\"P\",\"value\":\"\#(secret)\"}],"#
      + #"\"livenessProbe\":{\"exec\":{\"command\":[\"cat\",\"/ok\"]}}}]}}"#
    let id = try copyDocker("docker-labels") { text in
      text.replacing("\"Env\":null", with: "\"Env\":[\"P=\(secret)\"]")
        .replacing("\"Name\":\"/docker-labels\"", with: "\"Name\":\"/k8s_a_web-0_default_0f1e_0\"")
        .replacing(
          "\"Labels\":{",
          with:
            "\"Labels\":{\"annotation.kubectl.kubernetes.io/last-applied-configuration\":\"\(specification)\","
        )
    }
    let bundle = """
      {"linux":{"cgroupsPath":"/docker/\(id)"},"process":{"env":["P=\(secret)"],"user":{"uid":7}},
       "annotations":{"io.kubernetes.cri-o.Annotations":"{\\"x\\":\\"\(secret)\\"}"}}
      """
    try scratch.write(
      Array(bundle.utf8),
      to: "/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/\(id)/config.json")
    let finding = try finding("/docker/\(id)")
    #expect(finding.description.livenessProbe == .command(["cat", "/ok"]))
    #expect(!String(describing: finding).contains(secret))
  }

  @Test(
    "docker's host configuration tells what a container was given of the host",
    arguments: [
      ("docker-labels", "", "", "0:0"), ("docker-privileged", "", "privileged", "0:0"),
      ("docker-pid-host", "", "pid", "0:0"), ("docker-net-host", "", "network", "0:0"),
      ("docker-ipc-uts-host", "", "ipc", "0:0"), ("docker-nonroot", "", "", "1000:1000"),
      ("docker-sock", "/var/lib/lab/d/docker.sock:/var/run/docker.sock::true:rprivate", "", "0:0"),
      ("docker-sock-dir", "/var/lib/lab/d:/hostrun::true:rslave", "", "0:0"),
      ("docker-bind-etc", "/etc:/hostetc::true:rprivate", "", "0:0"),
      ("docker-bind-root", "/:/host::true:rslave", "", "0:0"),
      ("docker-bind-root-ro", "/:/host:ro:false:rslave", "", "0:0"),
      ("docker-shared-prop", "/var/lib/lab/share:/s:shared:true:shared", "", "0:0"),
      // What docker itself puts there, a file system in memory or its init, is nothing of the host's.
      ("docker-tmpfs-exec", "", "", "0:0"), ("docker-init", "", "", "0:0"),
    ])
  func hostConfiguration(fixture: String, mount: String, given: String, user: String) throws {
    let id = try copyDocker(fixture)
    let description = try finding("/docker/\(id)").description
    #expect(description.name == fixture)
    #expect(description.isPrivileged == (given == "privileged"))
    #expect(description.sharesHostPID == (given == "pid"))
    #expect(description.sharesHostNetwork == (given == "network"))
    #expect(description.sharesHostIPC == (given == "ipc"))
    #expect(description.user == user)
    #expect(description.mounts.map(text) == [mount].filter { !$0.isEmpty })
  }

  /// As `container.mounts` has it.
  private func text(_ mount: ContainerDescription.Mount) -> String {
    "\(mount.source):\(mount.destination):\(mount.mode):\(mount.isWritable):\(mount.propagation)"
  }

  @Test(
    "runc's state file tells what a container was given by hand",
    arguments: [
      ("runc-default", [], nil, ""),
      ("runc-bind-root", ["/:/host::true:rprivate"], nil, ""),
      ("runc-sock-renamed", ["/var/lib/lab/runtmp/docker.sock:/x::false:"], nil, ""),
      ("runc-privileged", ["/dev:/dev::true:"], true, ""),
      ("runc-userns-caps", [], nil, ""),
      ("runc-host-pid", [], nil, "pid"), ("runc-nosandbox", [], nil, "pid network ipc"),
    ] as [(String, [String], Bool?, String)])
  func runc(fixture: String, mounts: [String], isPrivileged: Bool?, shared: String) throws {
    try copy(["/run/runc/\(fixture)/state.json"], of: fixture)
    let finding = try finding("/posture/\(fixture)")
    #expect(finding.runtime == .runc)
    let description = finding.description
    #expect(description.mounts.map(text) == mounts)
    #expect(description.isPrivileged == isPrivileged)
    #expect(description.sharesHostPID == shared.contains("pid"))
    #expect(description.sharesHostNetwork == shared.contains("network"))
    #expect(description.sharesHostIPC == shared.contains("ipc"))
    #expect(description.user == nil)
  }

  @Test(
    "the bundle that runc's state file names tells as whom the program was started",
    arguments: [("runc-default", "0:0"), ("runc-ambient", "1000:1000")])
  func namedBundle(fixture: String, user: String) throws {
    let (state, bundle) = ("/run/runc/\(fixture)/state.json", "/var/lib/lab/b/\(fixture)/config.json")
    try copy([bundle], of: fixture)
    try copy([state], of: fixture)
    #expect(try finding("/posture/\(fixture)").description.user == user)

    // An annotation is not runc's own word.
    try copy([state], of: fixture) { $0.replacing("\"bundle=", with: "\"bundle=/elsewhere\",\"bundle=") }
    #expect(try finding("/posture/\(fixture)").description.user == user)
    for directory in ["/var/lib/lab/b/../b/\(fixture)", "relative", ""] {
      try copy([state], of: fixture) { $0.replacing("/var/lib/lab/b/\(fixture)", with: directory) }
      #expect(try finding("/posture/\(fixture)").description.user == nil, "\(directory)")
    }
  }

  @Test("a bundle that was changed after runc had read it is not believed")
  func changedBundle() throws {
    try copy(["/run/runc/runc-default/state.json"], of: "runc-default")
    // Times of files come in steps of the kernel's clock.
    usleep(50_000)
    try copy(["/var/lib/lab/b/runc-default/config.json"], of: "runc-default")
    #expect(try finding("/posture/runc-default").description.user == nil)
  }

  @Test("without docker's own files runc's state tells mounts, namespaces and whether nothing was taken away")
  func runcAlone() throws {
    for (fixture, isPrivileged) in [("docker-privileged", true), ("docker-bind-etc", nil)]
      as [(String, Bool?)]
    {
      let id = try #require(Self.dockerIDs[fixture])
      try copy(["/run/docker/runtime-runc/moby/\(id)/state.json"], of: fixture)
      let description = try finding("/docker/\(id)").description
      #expect(description.name == nil)
      #expect(description.isPrivileged == isPrivileged)
      #expect(description.sharesHostPID == false)
      #expect(description.mounts.contains { $0.destination == "/etc/hosts" && $0.propagation == "rprivate" })
    }
  }

  @Test("a docker daemon with directories of its own is found by the container's files")
  func dataRoot() throws {
    let id = try copyDocker("docker-labels")
    // The state file says where the root file system lies: /var/lib/lab/d/root/overlay2/<id>/merged.
    let files = ["config.v2.json", "hostconfig.json"]
    for file in files {
      var buffer = ReadBuffer()
      let path = "/var/lib/docker/containers/\(id)/\(file)"
      try #require(HostRoot(scratch.path).read(path, limit: 1 << 20, into: &buffer) == .complete)
      try scratch.write(
        Array(buffer.text().replacing("/docker-labels", with: "/elsewhere").utf8),
        to: "/var/lib/lab/d/root/containers/\(id)/\(file)")
    }
    let again = try finding("/docker/\(id)")
    #expect(again.description.name == "elsewhere")
  }

  @Test("the configuration of docker and of the containers' store names other directories")
  func configuration() throws {
    try scratch.write(
      Array(#"{"data-root":"/srv/docker","exec-root":"/srv/exec","hosts":[]}"#.utf8),
      to: "/etc/docker/daemon.json")
    try scratch.write(
      Array(
        "# x\n[storage]\ndriver = \"overlay\"\ngraphroot = '/srv/graph' # x\n[other]\nrunroot = \"/no\"\n"
          .utf8),
      to: "/etc/containers/storage.conf")
    var roots = RuntimeRoots()
    roots.read(HostRoot(scratch.path))
    #expect(roots.docker == ["/var/lib/docker", "/srv/docker"])
    #expect(roots.storage.last == "/srv/graph")
    #expect(
      roots.places.map { $0.prefix } == [
        "/srv/exec/runtime-runc/moby/", "/srv/exec/containerd/daemon/io.containerd.runtime.v2.task/moby/",
        "/srv/graph/overlay-containers/",
      ])
  }

  @Test(
    "arguments of daemons and shims name directories; hostile ones name none",
    arguments: [
      (["dockerd", "--data-root", "/d", "--exec-root=/e"], ["/var/lib/docker", "/d"], 2),
      (["/usr/sbin/dockerd", "-g", "/d/"], ["/var/lib/docker", "/d"], 0),
      (["dockerd", "--data-root", "../d", "-g"], ["/var/lib/docker"], 0),
      (["dockerd", "--exec-root", "/a/../b"], ["/var/lib/docker"], 0),
      (["xdockerd", "--data-root", "/d"], ["/var/lib/docker"], 0),
      (
        [
          "containerd-shim-runc-v2", "-namespace", "moby", "-id", "x", "-address",
          "/e/containerd/containerd.sock",
        ],
        ["/var/lib/docker"], 2
      ),
      (
        ["containerd-shim-runc-v2", "-namespace", "shop", "-id", "x", "-address", "/run/a"],
        ["/var/lib/docker"], 2
      ),
      (["containerd-shim-runc-v2", "-namespace", "../..", "-id", "x"], ["/var/lib/docker"], 0),
    ])
  func arguments(words: [String], docker: [String], places: Int) {
    var roots = RuntimeRoots()
    let bytes: [UInt8] = words.flatMap { Array($0.utf8) + [0] }
    roots.note(arguments: bytes.span)
    #expect(roots.docker == docker)
    #expect(roots.places.count == places, "\(roots.places)")
  }

  @Test("a shim's working directory names its containerd's bundles, and the directories are bounded")
  func shimDirectory() {
    var roots = RuntimeRoots()
    for number in 0..<100 {
      roots.note(shimDirectory: "/srv/\(number)/io.containerd.runtime.v2.task/k8s.io/abc")
      let arguments = Array("dockerd\0--data-root\0/d/\(number)\0".utf8)
      roots.note(arguments: arguments.span)
    }
    roots.note(shimDirectory: "/srv/else")
    #expect(roots.places.count == RuntimeRoots.limit)
    #expect(roots.places.first?.prefix == "/srv/0/io.containerd.runtime.v2.task/k8s.io/")
    #expect(roots.docker.count == RuntimeRoots.limit)
  }

  @Test("containerd's annotations tell a pod's container")
  func containerd() throws {
    let files = [
      "/run/containerd/runc/k8s.io/ctrk/state.json",
      "/run/containerd/io.containerd.runtime.v2.task/k8s.io/ctrk/config.json",
    ]
    try copy(files, of: "containerd-ctrk")
    let finding = try finding("/k8s.io/ctrk")
    #expect(finding.runtime == .containerd)
    let description = finding.description
    #expect(description.name == "app")
    #expect(description.image == "registry.example/app:1.2")
    #expect(description.pod.name == "web-0")
    #expect(description.pod.namespace == "shop")
    #expect(description.user == "0:0")
    #expect(!description.isSandbox)
    #expect(description.labels == [:])
  }

  @Test("CRI-O's files tell a pod's container, and the cgroup path its uid")
  func crio() throws {
    let id = String(repeating: "d", count: 64)
    try copy(["/run/containers/storage/overlay-containers/\(id)/userdata/config.json"], of: "runc-crio-name")
    let slice = "/kubepods.slice/kubepods-pod0f1e2d3c_4b5a_6978_8899_aabbccddeeff.slice"
    let finding = try finding("\(slice)/crio-\(id).scope")
    #expect(finding.runtime == .crio)
    #expect(finding.description.name == "k8s_app_web-0_shop_0f1e_0")
    #expect(finding.description.pod.namespace == "shop")
    #expect(finding.description.pod.uid == "0f1e2d3c")
  }

  @Test(
    "podman's store tells name, image, what of the host a container has and whether it is privileged",
    arguments: [
      ("podman-privileged", "615ed526c3faa859224b732d1b4c4e332df742ff2b621ed8fe5473fa12763ec8", true, false),
      ("podman-host", "f1efe6f7b4da542f012f9014455821fc40d3871136e5eb1b5aaf73536890b131", nil, true),
      ("podman-userns", "0f042be6fb98a46e088d767c1fe6b480cf07a223249e59bc7d75b564ac6df425", nil, false),
      ("podman-sock", "ca16f3a38f24748af0a9b75c2d97d8ba6b0bde3d89f69b92394700a8c9a108c5", nil, false),
    ] as [(String, String, Bool?, Bool)])
  func podman(fixture: String, id: String, isPrivileged: Bool?, sharesHost: Bool) throws {
    let store = "/var/lib/containers/storage/overlay-containers"
    try copy(["\(store)/containers.json", "\(store)/\(id)/userdata/config.json"], of: fixture)
    let finding = try finding("/libpod_parent/libpod-\(id)")
    #expect(finding.runtime == .podman)
    let description = finding.description
    #expect(description.name == fixture)
    #expect(description.image == "localhost/bb:2")
    #expect(description.imageID == "3469e2a6ac63d3a7988973bd72bc13ca3349ef3a310b4cdee727e6b33d916e3b")
    #expect(description.isPrivileged == isPrivileged)
    #expect(description.sharesHostPID == sharesHost && description.sharesHostNetwork == sharesHost)
    #expect(description.user == "0:0")
    #expect(description.mounts.contains { $0.destination == "/etc/hosts" && $0.propagation == "rprivate" })
    #expect(
      description.mounts.contains {
        text($0).hasSuffix("/docker.sock:/run/podman/podman.sock::true:rprivate")
      }
        == (fixture == "podman-sock"))
  }

  @Test("LXC's configuration and systemd-machined's file tell what they know")
  func machines() throws {
    try copy(["/var/lib/lxc/c1/config"], of: "lxc-default")
    let lxc = try finding("/lxc.payload.c1")
    #expect(lxc.runtime == .lxc)
    #expect(lxc.description.name == "c1")
    #expect(lxc.description.sharesHostNetwork == true)
    try scratch.write(
      Array("# x\nNAME=m1\nROOT=/var/lib/machines/m1\nLEADER=42\n".utf8), to: "/run/systemd/machines/m1")
    let machine = try finding("/machine.slice/machine-m1.scope/payload")
    #expect(machine.runtime == .nspawn)
    #expect(machine.description.name == "m1")
  }

  @Test("a mount entry of LXC counts when it is bound from the host")
  func lxcMounts() {
    let text =
      "lxc.mount.entry = /etc hostetc none bind,ro 0 0\nlxc.mount.entry=proc proc proc rw 0 0\nlxc.mount.entry=x\n=\n"
    #expect(
      LXCConfiguration(parsing: Array(text.utf8)).description.mounts == [
        .init(source: "/etc", destination: "/hostetc", mode: "", isWritable: false, propagation: "")
      ])
  }

  @Test("a change of a file shows")
  func change() throws {
    let id = try copyDocker("docker-labels")
    let path = "/var/lib/docker/containers/\(id)/config.v2.json"
    let before = try finding("/docker/\(id)")
    let host = HostRoot(scratch.path)
    #expect(!before.files.contains { $0.hasChanged(below: host) })
    try copy([path], of: "docker-labels") { $0.replacing("/docker-labels", with: "/renamed") }
    #expect(before.files.contains { $0.hasChanged(below: host) })
    let again = try finding("/docker/\(id)")
    #expect(again.description.name == "renamed")
  }

  @Test("a forged cgroup gets nothing of the container whose name it took")
  func forged() throws {
    let id = try copyDocker("docker-labels")
    #expect(try read("/user.slice/user-1000.slice/docker-\(id).scope") == .contradicted)
    #expect(try read("/docker/" + String(id.reversed())) == .unknown)
  }

  @Test(
    "files of docker that are not what they should be leave what the others tell",
    arguments: [
      "", "{}", "[]", "null", "{\"Config\":7}", "{\"Config\":{},\"MountPoints\":[1]}", "\u{0}",
      "{\"Config\":" + String(repeating: "[", count: 100_000),
      "{\"Config\":{\"Labels\":{\"a\":{\"b\":1}},\"Image\":[],\"User\":1,\"Healthcheck\":{\"Test\":[7]}}}",
      "{\"Config\":{\"Image\":\"a\",\"Image\":\"b\"},\"Name\":null}", "{\"Config\":{},\"Name\":\"\\ud800\"}",
    ] as [String])
  func malformed(text: String) throws {
    let id = try copyDocker("docker-labels")
    try scratch.write(Array(text.utf8), to: "/var/lib/docker/containers/\(id)/config.v2.json")
    let again = try finding("/docker/\(id)")
    #expect(again.initPID == 21729)
  }
}
