// Unsafe: libFuzzer's driver takes the program's arguments and lends the bytes of each input.

import CFuzzer
import Glibc

/// `windhover-fuzz TARGET [OPTION]... [DIRECTORY]...`: libFuzzer on one of the places where hostile bytes come in.
///
/// Options and directories are libFuzzer's. Built only by `make fuzz`.
@main
enum Fuzz {
  static func main() {
    let name = CommandLine.arguments.dropFirst().first ?? ""
    guard let target = unsafe target(name) else {
      print("usage: windhover-fuzz condition|yaml|rules|output|event|cases [OPTION]... [DIRECTORY]...")
      exit(2)
    }
    // The driver sees the program's name and what follows the target's.
    // SAFETY: the arguments live as long as the program, and there are two of them at least.
    var arguments = unsafe UnsafeMutablePointer(CommandLine.unsafeArgv) + 1
    unsafe arguments[0] = CommandLine.unsafeArgv[0]
    var count = CommandLine.argc - 1
    let status = unsafe withUnsafeMutablePointer(to: &arguments) { arguments in
      unsafe arguments.withMemoryRebound(
        to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1
      ) {
        unsafe LLVMFuzzerRunDriver(&count, $0, target)
      }
    }
    exit(status)
  }

  private typealias Target = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

  private static func target(_ name: String) -> Target? {
    switch name {
    case "condition": { unsafe take($0, $1, ConditionTarget.take) }
    case "yaml": { unsafe take($0, $1, YAMLTarget.take) }
    case "rules": { unsafe take($0, $1, RulesTarget.take) }
    case "output": { unsafe take($0, $1, OutputTarget.take) }
    case "event": { unsafe take($0, $1, EventTarget.take) }
    case "cases": { unsafe take($0, $1, CasesTarget.take) }
    default: nil
    }
  }
}

// SAFETY: the driver lends `count` bytes for the call; they are copied.
private func take(_ bytes: UnsafePointer<UInt8>?, _ count: Int, _ body: ([UInt8]) -> Void) -> Int32 {
  body(unsafe Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

/// Stops the program, so that the driver keeps the input, unless a claim holds.
func expect(_ claim: Bool, _ message: @autoclosure () -> String) {
  if !claim { fatalError(message()) }
}
