import Glibc
import SystemPackage
import Testing

/// `windhover tail` of files and standard input.
@Suite struct TailInputTests {
  /// An alert as Falco writes it.
  static func alert(_ text: String, rule: String = "Shell", priority: String = "Notice", fields: String = "")
    -> String
  {
    """
    {"hostname":"h","output":"16:43:40.568482585: \(priority) \(text)","output_fields":{"evt.time":1700000000000000000\
    \(fields)},"priority":"\(priority)","rule":"\(rule)","source":"syscall","tags":[],"time":"2023-11-14T22:13:20.5Z"}

    """
  }

  private func tail(_ file: String, _ arguments: String...) throws -> Program {
    try Program(BuiltBinary.path, ["tail", file] + arguments, input: nil)
  }

  private func append(_ text: String, to file: String) throws {
    let descriptor = try FileDescriptor.open(FilePath(file), .writeOnly, options: .append)
    defer { try? descriptor.close() }
    try descriptor.writeAll(Array(text.utf8))
  }

  @Test("standard input is shown from its first alert to its end, a line and its process below it")
  func standardInput() throws {
    let input =
      Self.alert("one", fields: #","container.id":"3f2a00112233","proc.lineage":"init(1) > sh(2)""#) + "\n"
      + Self.alert("two", rule: "Über", priority: "Critical")
      + Self.alert(
        "Rule with a name beyond its column here | three", rule: "Rule with a name beyond its column here"
      )
      .dropLast()
    let outcome = try windhover("tail", "-", input: input)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    #expect(
      outcome.output == """
        11-14 22:13:20.500  Notice   3f2a00112233    Shell                                 one
            init(1) > sh(2)
        11-14 22:13:20.500  Crit     -               Über                                  two
        11-14 22:13:20.500  Notice   -               Rule with a name beyond its column here  three

        """)
  }

  @Test("a file that has no alerts, as one in another format, is given up; a priority may be abbreviated")
  func otherFormat() throws {
    let line = "CEF:0|Windhover|Windhover|1|Shell|Shell|5|rt=1\n"
    let directory = try TemporaryDirectory()
    let file = try directory.write(String(repeating: line, count: 50), to: "alerts.cef")
    let outcome = try windhover("tail", file, "--last", "100")
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    let errors = outcome.errors.split(separator: "\n")
    #expect(errors.count == 11)
    #expect(errors.last?.contains("none of 50 lines is an alert in JSON") == true)
    let input = Self.alert("one", priority: "Error") + Self.alert("two", priority: "Critical")
    #expect(try windhover("tail", "-", "--priority", "crit", input: input).output.contains("two\n"))
    #expect(try windhover("tail", "-", "--priority", "cr", input: "").status == 2)
  }

  @Test("a line that is no alert is told, the others are shown, and the end is 2")
  func faults() throws {
    let outcome = try windhover(
      "tail", "-", "--format", "json",
      input: "nonsense \u{1B}[2J\n" + Self.alert("one")
        + "{\"rule\":\"r\"}\n[]\n{\"rule\":\"r\",\"priority\":\"Loud\"}\n")
    #expect(outcome.status == 2)
    #expect(outcome.output == Self.alert("one"))
    #expect(outcome.errors.split(separator: "\n").count == 4)
    #expect(outcome.errors.hasPrefix("windhover: no alert: nonsense \\u{1b}[2J\n"))
  }

  @Test(
    "filters show what meets all of them",
    arguments: [
      (["--priority", "warning"], "b"), (["--priority", "CRITICAL"], ""), (["--priority", "debug"], "abc"),
      (["--rule", "shell"], "a"), (["--rule", "s*"], "ac"), (["--rule", "*[ds]"], "bc"),
      (["--rule", "x"], ""),
      (["--container", "web"], "a"), (["--container", "3f2a"], "a"), (["--container", "host"], "b"),
      (["--container", "3f2a00112233445566778899aabbccddeeff00112233445566778899aabbccdd"], "a"),
      (["--where", "proc.pid > 10"], "b"), (["--where", "not proc.pid exists"], "c"),
      (["--where", "container.id != host and proc.pid < 10"], "a"),
      (["--where", "proc.name in (sh, bash)"], "ab"),
      (["--priority", "warning", "--rule", "Shell"], ""), (["--last", "2"], "bc"), (["--last", "0"], ""),
      (["--last", "1", "--where", "proc.pid exists"], "b"), (["--since", "2023-11-14T22:13:20.5Z"], "abc"),
      (["--since", "2023-11-14T23:13:20.6+01:00"], ""), (["--since", "1h"], ""),
    ])
  func filters(arguments: [String], shown: String) throws {
    let input =
      Self.alert(
        "a", fields: #","proc.pid":7,"proc.name":"sh","container.id":"3f2a00112233","container.name":"web""#)
      + Self.alert(
        "b", rule: "Passwd", priority: "Warning",
        fields: #","proc.pid":77,"proc.name":"bash","container.id":"host""#)
      + Self.alert("c", rule: "Sockets", priority: "Informational", fields: #","proc.pid":null"#)
    let outcome = try Program(
      BuiltBinary.path, ["tail", "-", "--format", "json"] + arguments, input: Array(input.utf8)
    ).finish()
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
    let letters = try outcome.output.split(separator: "\n").map {
      try JSONTree(String($0))["output"]?.text?.last
    }
    #expect(String(letters.compactMap(\.self)) == shown)
  }

  @Test("a condition that is wrong is shown with the place, and other wrong arguments with what is right")
  func wrongArguments() throws {
    let outcome = try windhover("tail", "-", "--where", "proc.nmae = sh")
    #expect(outcome.status == 2)
    try expectGolden(outcome.errors, "tail-where.txt")
    for (arguments, word) in [
      (["--priority", "loud"], "emergency, alert"), (["--since", "yesterday"], "10m"),
      (["--last", "-1"], "--last"),
      (["--socket", "/s"], "--socket is for"), (["--where", ""], "condition"),
    ] {
      let outcome = try Program(BuiltBinary.path, ["tail", "-"] + arguments).finish()
      #expect(outcome.status == 2, "\(arguments)")
      #expect(outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
    }
  }

  @Test("a value that its field cannot have is told, since the condition says nothing of that alert")
  func misfit() throws {
    let input = Self.alert("a", fields: #","proc.pid":"seven""#) + Self.alert("b", fields: #","proc.pid":7"#)
    let outcome = try windhover("tail", "-", "--where", "proc.pid = 7", input: input)
    #expect(outcome.status == 2)
    #expect(outcome.output.hasSuffix("  b\n"))
    #expect(
      outcome.errors == "windhover: not judged by --where: 'proc.pid' is INT64, and the event has seven\n")
  }

  @Test("a file is followed when it grows, is renamed and made again, is cut, goes and comes back")
  func follow() throws {
    let directory = try TemporaryDirectory()
    let old = (1...30).map { Self.alert("old \($0).") }.joined()
    let file = try directory.write(old, to: "alerts.json")
    let program = try tail(file)
    try program.outputLine { $0.hasSuffix("old 30.") }
    try append(String(Self.alert("half").prefix(50)), to: file)
    try append(String(Self.alert("half").dropFirst(50)), to: file)
    try program.outputLine { $0.hasSuffix("half") }

    // Renamed as by logrotate, and written to until the writer is told.
    guard unsafe rename(file, file + ".1") == 0 else { throw Errno(rawValue: errno) }
    try append(Self.alert("late"), to: file + ".1")
    try directory.write(Self.alert("new"), to: "alerts.json")
    try program.outputLine { $0.hasSuffix("late") }
    try program.outputLine { $0.hasSuffix("new") }
    try program.errorLine { $0.contains("it was replaced") }

    // Cut as by copytruncate.
    guard unsafe truncate(file, 0) == 0 else { throw Errno(rawValue: errno) }
    try program.errorLine { $0.contains("it was cut") }
    try append(Self.alert("short"), to: file)
    try program.outputLine { $0.hasSuffix("short") }

    guard unsafe unlink(file) == 0 else { throw Errno(rawValue: errno) }
    try program.errorLine { $0.contains("not there; waiting for it") }
    try directory.write(Self.alert("again"), to: "alerts.json")
    try program.outputLine { $0.hasSuffix("again") }
    program.signal(SIGTERM)
    let outcome = try program.finish()
    #expect(outcome.status == 0)
    // The last ten of the beginning, and all that came then, once.
    let texts = outcome.output.split(separator: "\n").map { String($0.dropFirst(83)) }
    #expect(texts == (21...30).map { "old \($0)." } + ["half", "late", "new", "short", "again"])
  }

  @Test("a file is followed asleep, also when standard input has ended")
  func sleep() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(Self.alert("one"), to: "alerts.json")
    let program = try Program(BuiltBinary.path, ["tail", file], input: [])
    try program.outputLine { $0.hasSuffix("one") }
    let deadline = ContinuousClock.now + .seconds(60)
    var asleep = 0
    while asleep < 20, ContinuousClock.now < deadline {
      let stat = try contents(of: FilePath("/proc/\(program.pid)/stat"))
      asleep = stat.contains(") S ") ? asleep + 1 : 0
      usleep(2000)
    }
    #expect(asleep == 20)
    program.signal(SIGTERM)
    #expect(try program.finish().status == 0)
  }

  @Test("a file that is not there yet is waited for; a directory is refused")
  func missing() throws {
    let directory = try TemporaryDirectory()
    let program = try tail(directory.path.appending("alerts.json").string, "--last", "5")
    try program.errorLine { $0.contains("not there; waiting for it") }
    try directory.write(Self.alert("first"), to: "alerts.json")
    try program.outputLine { $0.hasSuffix("first") }
    let outcome = try windhover("tail", directory.path.string)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("neither a file nor a pipe"))
  }

  @Test("hostile alerts come out as text that no terminal obeys, in both formats")
  func hostile() throws {
    let evil = #"\u001b[2J\u001b]0;title\u0007\u0000\n\r\t\u007f\u009b31m\u202e\u2028\u200bü"#
    let raw = "\u{9B}31m\u{202E}\u{2066}\u{FEFF}"
    let long = String(repeating: "A", count: 64 << 10)
    var input = Array(
      Self.alert(evil + raw, rule: evil, fields: #","container.id":"\#(evil)","proc.lineage":"\#(evil)""#)
        .utf8)
    // Not UTF-8, raw control characters in the JSON, and half a surrogate pair.
    input += Array(Self.alert("x", rule: "bytes").replacing("x\"", with: "@@\"").utf8)
    let place = input.lastIndex(of: UInt8(ascii: "@")) ?? 0
    input.replaceSubrange(place - 1...place, with: [0xFF, 0xC0, 0xAF, 0x1B, 0x5B, 0x32, 0x4A, 0x07])
    input += Array(Self.alert(#"\ud83d half"#).utf8)
    input += Array(Self.alert(long, fields: #","proc.lineage":"\#(long)""#).utf8)
    for format in ["pretty", "json"] {
      let outcome = try Program(BuiltBinary.path, ["tail", "-", "--format", format], input: input).finish()
      #expect(outcome.status == 0, "\(outcome.errors)")
      let text = try #require(String(validating: outcome.outputBytes, as: UTF8.self))
      for scalar in text.unicodeScalars where scalar != "\n" {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
          Issue.record("U+\(String(scalar.value, radix: 16)) in \(format)")
        default: break
        }
      }
      #expect(text.contains(long))
      guard format == "json" else { continue }
      // Half a surrogate pair is nothing that every parser takes; it is passed on as it came.
      for line in text.split(separator: "\n") where !line.contains("half") { _ = try JSONTree(String(line)) }
    }
  }

  @Test("the help tells everything, with examples")
  func help() throws {
    try expectGolden(try windhover("help", "tail").output, "help-tail.txt")
  }
}
