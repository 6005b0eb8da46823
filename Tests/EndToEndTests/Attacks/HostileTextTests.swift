import SystemPackage
import Testing

extension LiveHost {
  /// A process may have any name and any arguments; what it makes of an alert is one clean line.
  @Suite struct HostileTextTests {
    static let rules = """
      - rule: Hostile text
        desc: The program that the test starts.
        condition: evt.type = execve and proc.exepath startswith "DIRECTORY"
        output: name=%proc.name exe=%proc.exepath command=%proc.cmdline
        priority: WARNING
      """

    /// Line ends, quotes, a backslash, colours and a window title for the terminal, a control character of eight bits as
    /// UTF-8, marks that turn the reading direction, bytes that are no UTF-8, and what JSON and syslog end with.
    static let name = #"a\nb"'\\\e[31m\xff\xc2\x9b"#
    static let argument =
      #"\r\n{"rule":"forged"}\n<1>forged: \e]0;owned\a\t\x7f\xe2\x80\xae\xed\xa0\x80\xc0\xaf\xf5\x80 end"#

    @Test("hostile names and arguments make one clean line", arguments: [true, false])
    func oneLine(asJSON: Bool) throws {
      let directory = try TemporaryDirectory()
      let agent = try Agent(
        rules: Self.rules.replacing("DIRECTORY", with: directory.path.string),
        options: ["json_output=\(asJSON)"])
      // Bash writes the bytes: Swift's strings hold no others than UTF-8.
      let run = try Program(
        "/bin/bash",
        [
          "-euc",
          """
          cp /bin/sh "$0"/$'\(Self.name.replacing("'", with: #"\'"#))'
          exec -a $'\(Self.name.replacing("'", with: #"\'"#))' "$0"/$'\(Self.name.replacing("'", with: #"\'"#))' \
          -c 'sleep 600; :' $'\(Self.argument)'
          """, directory.path.string,
        ]
      )
      try agent.line { $0.contains("name=") }
      run.end()
      #expect(try run.finish().errors == "")
      let bytes = try agent.finish().outputBytes

      let text = try #require(String(validating: bytes, as: UTF8.self), "bytes that are no UTF-8")
      // What others do meanwhile may be lost, which is told too.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        .filter { !$0.contains("Events were lost, and rules were blind") }
      #expect(lines.count == 2 && lines.last == "", "one line that ends: \(lines)")
      for scalar in text.unicodeScalars where scalar != "\n" {
        let isControl =
          scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
        #expect(!isControl, "U+\(String(scalar.value, radix: 16)) in \(text)")
      }
      #expect(text.contains(" end"))
      if asJSON {
        let alert = try JSONTree(String(lines[0]))
        #expect(alert["rule"]?.text == "Hostile text")
        #expect(alert.outputText("proc.cmdline")?.hasSuffix(" end") == true)
      }
    }
  }
}
