import ArgumentParser
import SystemPackage

/// How a command ends, as scripts see it.
enum ExitStatus: Int32 {
  /// Done, matched, nothing wrong; also when the reader of the output has gone.
  case done = 0
  /// The answer is no: nothing matched, a rule file has errors, a test failed.
  case no = 1
  /// Usage, configuration, or input and output.
  case error = 2

  /// Performs a command; what it throws is explained on the way: help on standard output, errors on standard error.
  init(of command: () throws -> Void) {
    do {
      try command()
      self = .done
    } catch let answer as Answer {
      self = answer == .no ? .no : .done
    } catch let failure as CommandFailure {
      self = failure == .outputClosed ? .done : .error
      if let text = failure.message { Self.explain(text) }
    } catch {
      self = Self.explain(parserError: error)
    }
  }

  /// ArgumentParser throws help and the version too, and ends a wrong command line with 64 instead of 2.
  private static func explain(parserError error: any Error) -> ExitStatus {
    let text = Windhover.fullMessage(for: error)
    guard Windhover.exitCode(for: error) == .success else {
      write(text + "\n")
      return .error
    }
    return ExitStatus {
      var output = StandardOutput()
      try output.writeLine(text)
      try output.flush()
    }
  }

  /// Says on standard error what went wrong, in text that is safe for a terminal.
  static func explain(_ text: String) { write("windhover: \(text)\n") }

  private static func write(_ text: String) {
    // Nobody is left to tell when standard error cannot be written.
    _ = try? FileDescriptor.standardError.writeAll(text.utf8)
  }
}

/// Thrown by a command whose question was answered without a fault.
enum Answer: Error {
  case no
}

/// Why a command could not do its work.
enum CommandFailure: Error, Equatable {
  /// The reader of standard output has gone; there is no one left to serve.
  case outputClosed
  /// Anything else, in words that begin with what was tried and are safe for a terminal.
  case failed(String)
  /// What went wrong was said already.
  case explained

  var message: String? {
    switch self {
    case .outputClosed, .explained: nil
    case .failed(let text): text
    }
  }
}
