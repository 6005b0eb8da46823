import Events
import Host

/// A small number in a file of a cgroup of which a change must be seen soon, and not only on the clock.
enum CgroupSign: Int, CaseIterable, Sendable {
  case oomKills, pidsLimitHits, freezing

  var figure: CgroupFigure {
    switch self {
    case .oomKills: .oomKills
    case .pidsLimitHits: .pidsLimitHits
    case .freezing: .isFrozen
    }
  }

  var need: Needs {
    switch self {
    case .oomKills: .oomKills
    case .pidsLimitHits: .pidsLimitHits
    case .freezing: .freezing
    }
  }

  var controller: CgroupController {
    switch self {
    case .oomKills: .memory
    case .pidsLimitHits: .pids
    case .freezing: .freezer
    }
  }

  /// The file of version 1, which nothing notifies of.
  var polledFile: CgroupFileName {
    switch self {
    case .oomKills: .memoryOOMControl
    case .pidsLimitHits: .pidsEvents
    case .freezing: .freezerState
    }
  }

  /// The files of version 2 of which the kernel notifies, the cgroup's own first: kernels before 5.2 have only those
  /// that tell of the cgroups below too.
  var notifyingFiles: [CgroupFileName] {
    switch self {
    case .oomKills: [.memoryEventsLocal, .memoryEvents]
    case .pidsLimitHits: [.pidsEventsLocal, .pidsEvents]
    case .freezing: [.cgroupEvents]
    }
  }

  /// What is not seen without its controller.
  var costOfAbsence: String {
    switch self {
    case .oomKills: "kills for want of memory are not seen"
    case .pidsLimitHits: "limits on processes that are reached are not seen"
    case .freezing: "frozen cgroups are not seen"
    }
  }
}

/// What of the host's cgroups is watched and read: what the needs ask for, as far as the host has it. A value.
struct CgroupPlan: Sendable {
  let root: HostRoot
  let mounts: CgroupMounts
  let needs: Needs
  let intervalNanoseconds: UInt64
  /// The trees whose directories are watched, by their places among `mounts.hierarchies`.
  private(set) var watched: [Int] = []
  /// The trees in which each sign is read: one, but for freezing, which each version has for itself.
  private(set) var places: [CgroupSign: [Int]] = [:]
  /// What is missing and what that costs.
  private(set) var shortcomings: [String] = []

  init(root: HostRoot, mounts: CgroupMounts, needs: Needs, intervalSeconds: UInt64) {
    self.root = root
    self.mounts = mounts
    self.needs = needs
    intervalNanoseconds = max(1, intervalSeconds) * 1_000_000_000
    for sign in CgroupSign.allCases where needs.contains(sign.need) {
      if sign == .freezing {
        places[sign] = mounts.hierarchies.indices.filter {
          mounts.hierarchies[$0].controllers.contains(.freezer)
        }
      } else {
        places[sign] = mounts.index(of: sign.controller).map { [$0] } ?? []
      }
      if trees(of: sign).isEmpty {
        shortcomings.append("no \(sign.controller) controller: \(sign.costOfAbsence)")
      }
    }
    noteMissingFigures()
    // Containers and units are in one of these, whatever else they are in.
    let life = mounts.hierarchies.indices.filter {
      mounts.hierarchies[$0].version == .two || mounts.hierarchies[$0].isNamed
    }
    let usual = [CgroupController.memory, .pids].compactMap(mounts.index)
    watched = Set(life + usual + places.values.joined() + figurePlaces).sorted()
  }

  func trees(of sign: CgroupSign) -> [Int] { places[sign] ?? [] }

  /// Whether the kernel tells of changed files in a tree; in version 1 they must be read again and again.
  func isNotified(_ tree: Int) -> Bool { mounts.hierarchies[tree].version == .two }

  /// The signs that the kernel notifies of in a tree.
  func notified(in tree: Int) -> [CgroupSign] {
    isNotified(tree) ? CgroupSign.allCases.filter { trees(of: $0).contains(tree) } : []
  }

  /// The signs that must be polled.
  var polled: [CgroupSign] { CgroupSign.allCases.filter { !trees(of: $0).allSatisfy(isNotified) } }

  /// Whether rules are about cgroups that come and go.
  var tellsLife: Bool { needs.contains(.cgroupLife) }

  /// Whether anything is read on the clock.
  var readsFigures: Bool { !needs.isDisjoint(with: Self.clocked) }

  private static let clocked: Needs = [.cgroupMemory, .cgroupPids, .cgroupCPU, .cgroupIO, .cgroupPressure]

  private static let figureControllers: [(Needs, CgroupController, String)] = [
    (.cgroupMemory, .memory, "what cgroups use of memory is not known"),
    (.cgroupPids, .pids, "how many processes cgroups have is not known"),
    (.cgroupCPU, .cpu, "neither quotas nor throttling are known"),
    (.cgroupCPU, .cpuacct, "what cgroups use of the CPUs is not known"),
    (.cgroupIO, .io, "what cgroups read and write is not known"),
  ]

  private var figurePlaces: [Int] {
    Self.figureControllers.filter { needs.contains($0.0) }.compactMap { mounts.index(of: $0.1) }
  }

  private mutating func noteMissingFigures() {
    for (need, controller, cost) in Self.figureControllers
    where needs.contains(need) && mounts.index(of: controller) == nil {
      shortcomings.append("no \(controller) controller: \(cost)")
    }
    guard needs.contains(.cgroupPressure) else { return }
    var buffer = ReadBuffer()
    if mounts.unified == nil {
      shortcomings.append("no tree of version 2: the pressure on cgroups is not known")
    } else if !root.read("/proc/pressure/cpu", limit: 4096, into: &buffer).isRead {
      shortcomings.append("the kernel accounts no pressure (psi=1 on its command line)")
    }
  }
}
