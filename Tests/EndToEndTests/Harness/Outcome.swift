import Glibc

/// How a program ended and everything that it wrote.
struct Outcome {
  var ending: Ending
  var outputBytes: [UInt8]
  var errorBytes: [UInt8]

  enum Ending: Equatable {
    case exited(Int32)
    case signalled(Int32)

    /// From the status that waitpid(2) gives.
    init(waitStatus: Int32) {
      let signal = waitStatus & 0x7F
      self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .signalled(signal)
    }
  }

  /// The exit status, or -1 when a signal ended the program.
  var status: Int32 {
    if case .exited(let status) = ending { status } else { -1 }
  }
  var output: String { String(decoding: outputBytes, as: UTF8.self) }
  var errors: String { String(decoding: errorBytes, as: UTF8.self) }
}

/// What a test that waits in vain is told: all that the program wrote until then.
struct DeadlinePassed: Error, CustomStringConvertible {
  var waitingFor: String
  var output: String
  var errors: String

  var description: String {
    "deadline passed waiting for \(waitingFor)\n--- output:\n\(output)\n--- errors:\n\(errors)"
  }
}
