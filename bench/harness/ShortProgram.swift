/// What the short-lived processes run. All end at once.
enum ShortProgram: String, CaseIterable {
  /// Without a C library: gone 25 µs after its exec.
  case tiny
  /// A C program, linked statically.
  case smallStatic = "small-static"
  /// The same, linked dynamically, as nearly every program of a distribution.
  case smallDynamic = "small-dynamic"

  /// The name that its processes have; at most 15 bytes, so that the kernel cuts nothing.
  var name: String { "whb-" + rawValue.replacing("small-", with: "") }

  var description: String {
    switch self {
    case .tiny: "a program without a C library"
    case .smallStatic: "a static program"
    case .smallDynamic: "a dynamic program"
    }
  }
}
