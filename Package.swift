// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]
let strictC: [CSetting] = [
  .treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra"),
]
let strictCXX: [CXXSetting] = [
  .treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra"),
]

let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

// One line a module, floor by floor; what it may import is checked by .ci/check-imports.
let modules: [(name: String, dependencies: [Target.Dependency])] = [
  ("System", ["CLinux", systemPackage]),
  ("Events", []),
  ("Host", ["System", "CLinux", "Ccap", systemPackage]),
  ("Model", ["Events"]),
  ("Rules", ["Events", "Model", "CYAML", "CShim"]),
  ("Alerts", ["Events", "System", "Cssl", "Ccurl", "Cz", systemPackage]),
  (
    "Monitor",
    [
      "System", "Events", "Host", "Model", "Rules", "Alerts", "CLinux", "Cseccomp", "Ccap", "Cssl",
      systemPackage, logging,
    ]
  ),
]

/// What tests of a module use besides.
let testsAlsoNeed: [String: [Target.Dependency]] = [
  "Monitor": ["ProtectionProbe", "CRawCalls"],
  "Rules": ["System", "CAllocations"],
]

let package = Package(
  name: "windhover",
  products: [.executable(name: "windhover", targets: ["windhover"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "Ccap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
    .systemLibrary(name: "Cseccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
    .target(name: "CLinux", cSettings: strictC),
    .target(
      name: "CShim", cSettings: strictC, cxxSettings: strictCXX,
      linkerSettings: [.linkedLibrary("re2"), .linkedLibrary("simdjson")]),
    .target(name: "CRulesData", cSettings: strictC),
    // Only headers are needed to build; the libraries are loaded when a sink asks for them.
    .target(name: "Cdl", cSettings: strictC),
    .target(name: "Cssl", dependencies: ["Cdl"], cSettings: strictC),
    .target(name: "Ccurl", dependencies: ["Cdl"], cSettings: strictC),
    .target(name: "Cz", dependencies: ["Cdl"], cSettings: strictC),
  ]
    + modules.map { module in
      .target(name: module.name, dependencies: module.dependencies, swiftSettings: strict)
    }
    + [
      .executableTarget(
        name: "windhover",
        dependencies: modules.map { .init(stringLiteral: $0.name) } + [
          "CRulesData", argumentParser, logging,
        ],
        swiftSettings: strict),
      // Drives the built agent; its load programs, C without Swift, are compiled by `make bench`.
      .executableTarget(
        name: "windhover-bench",
        dependencies: [
          "Alerts", "Events", "Model", "Rules", "System", "CRulesData", argumentParser, systemPackage,
        ],
        path: "bench", exclude: ["programs", "RESULTS.md"], swiftSettings: strict),
    ]
    + modules.map { module in
      .testTarget(
        name: "\(module.name)Tests",
        dependencies: [.init(stringLiteral: module.name)] + module.dependencies
          + (testsAlsoNeed[module.name] ?? []),
        swiftSettings: strict)
    }
    + [
      // A dropped process cannot be undone, so the tests of self-protection run it beside the test runner.
      .target(name: "CRawCalls", path: "Tests/CRawCalls", cSettings: strictC),
      .target(name: "CAllocations", path: "Tests/CAllocations", cSettings: strictC),
      .executableTarget(
        name: "ProtectionProbe", dependencies: ["Monitor", "System", "CRawCalls", "Cseccomp", systemPackage],
        path: "Tests/ProtectionProbe", swiftSettings: strict),
      .testTarget(
        name: "EndToEndTests", dependencies: ["windhover", "Host", "System", "CLinux", systemPackage],
        swiftSettings: strict),
    ],
  cLanguageStandard: .gnu2x,
  cxxLanguageStandard: .cxx17
)

// Parts are built alone under a sanitizer (see Makefile): all the rest would take ten minutes more.
let rulesAlone: Set = ["CLinux", "System", "Events", "Model", "Rules", "CShim", "CYAML"]
let kept: Set<String>? =
  switch Context.environment["WINDHOVER_ONLY"] {
  case "ring": ["Events", "EventsTests"]
  case "rules": rulesAlone.union(["RulesTests", "CAllocations"])
  case "fuzz": rulesAlone.union(["CFuzzer", "windhover-fuzz"])
  default: nil
  }
if let kept {
  package.products = []
  // libFuzzer comes with the compiler's option that only this build is given.
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
    .executableTarget(
      name: "windhover-fuzz", dependencies: ["Rules", "CFuzzer"], path: "Tests/Fuzz/targets",
      swiftSettings: strict),
  ]
  package.targets.removeAll { !kept.contains($0.name) }
}
