import System

/// How long `make build` takes on a fresh clone, packages and their sources being there.
enum ColdBuild {
  static func measurement(of repository: String) -> Measurement {
    Measurement("cold-build") { bench throws(BenchError) in
      let clone = bench.directory + "/clone"
      defer { try? shell(#"rm -rf -- "$1""#, clone) }
      try shell(#"git clone -q --shared -- "$1" "$2""#, repository, clone)
      let began = Clock.monotonicNanoseconds
      try shell(#"make -s -C "$1" build"#, clone)
      let seconds = Double(Clock.monotonicNanoseconds - began) / 1e9
      return [
        Figure("cold `make build`", seconds, .seconds, .atMost(300)).adding("one run, of what is committed")
      ]
    }
  }

  private static func shell(_ script: String, _ arguments: String...) throws(BenchError) {
    let shell = try Child("/bin/sh", ["-e", "-c", script, "sh"] + arguments)
    _ = try shell.outputEnd(within: 3600)
    guard shell.end(by: 0) == 0 else { throw .failed(program: script, saying: shell.errorText) }
  }
}
