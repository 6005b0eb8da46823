import SystemPackage

/// Why a measurement could not be made.
enum BenchError: Error, CustomStringConvertible {
  /// A program that the bench needs could not be started.
  case cannotStart(String, Errno)
  /// A program ended, or said something else than was waited for.
  case failed(program: String, saying: String)
  /// What was waited for did not come.
  case deadlinePassed(waitingFor: String)
  case cannotWrite(String, Errno)
  /// The machine does not allow it.
  case unavailable(String)

  var description: String {
    switch self {
    case .cannotStart(let program, let error): "cannot start \(program): \(error)"
    case .failed(let program, let text): "\(program) failed: \(text)"
    case .deadlinePassed(let what): "deadline passed waiting for \(what)"
    case .cannotWrite(let path, let error): "cannot write \(path): \(error)"
    case .unavailable(let reason): "not measured: \(reason)"
    }
  }
}
