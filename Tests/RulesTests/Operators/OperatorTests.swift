import Testing

@testable import Rules

@Suite struct OperatorTests {
  @Test(
    "an operator means for each type what the language says",
    arguments: [
      // Text.
      ("proc.name = sh", #"{"proc.name":"sh"}"#, true),
      ("proc.name == sh", #"{"proc.name":"bash"}"#, false),
      ("proc.name != sh", #"{"proc.name":"bash"}"#, true),
      ("proc.name != sh", #"{"proc.name":"sh"}"#, false),
      ("proc.name < 5", #"{"proc.name":"4z"}"#, true),
      ("proc.name >= 5", #"{"proc.name":"4z"}"#, false),
      ("proc.cmdline contains 'a b'", #"{"proc.cmdline":"x a b y"}"#, true),
      ("proc.cmdline contains ab", #"{"proc.cmdline":"aab"}"#, true),
      ("proc.cmdline contains aab", #"{"proc.cmdline":"ab"}"#, false),
      ("proc.cmdline contains ''", #"{"proc.cmdline":""}"#, true),
      ("proc.cmdline icontains BeGin", #"{"proc.cmdline":"xbEGINx"}"#, true),
      ("proc.cmdline icontains BeGin", #"{"proc.cmdline":"xbEGI"}"#, false),
      ("proc.name startswith ba", #"{"proc.name":"bash"}"#, true),
      ("proc.name startswith bash5", #"{"proc.name":"bash"}"#, false),
      ("proc.name endswith sh", #"{"proc.name":"bash"}"#, true),
      ("proc.name endswith ba", #"{"proc.name":"bash"}"#, false),
      ("proc.name glob 'b*h'", #"{"proc.name":"bash"}"#, true),
      ("fd.name glob '/home/*/.ssh/*'", #"{"fd.name":"/home/a/b/.ssh/id"}"#, true),
      ("proc.name glob 'b?h'", #"{"proc.name":"bash"}"#, false),
      ("proc.name iglob 'B*H'", #"{"proc.name":"bash"}"#, true),
      ("proc.name regex 'b.*h'", #"{"proc.name":"bash"}"#, true),
      ("evt.source regex 'yscal.*'", #"{"evt.source":"syscall"}"#, false),
      ("proc.name regex '(ba|z)?sh'", #"{"proc.name":"zsh"}"#, true),
      ("proc.name in (sh, bash)", #"{"proc.name":"bash"}"#, true),
      ("proc.name in (sh)", #"{"proc.name":"bash"}"#, false),
      ("proc.name in ()", #"{"proc.name":"bash"}"#, false),
      ("proc.name intersects (sh, bash)", #"{"proc.name":"bash"}"#, true),
      // Numbers.
      ("proc.pid = 22", #"{"proc.pid":22}"#, true),
      ("proc.pid = 0x16", #"{"proc.pid":"22"}"#, true),
      ("proc.pid = 2.2e1", #"{"proc.pid":22}"#, true),
      ("proc.pid = -1", #"{"proc.pid":-1}"#, true),
      ("proc.pid != 22", #"{"proc.pid":23}"#, true),
      ("proc.pid < 22", #"{"proc.pid":-5}"#, true),
      ("proc.pid <= 22", #"{"proc.pid":22}"#, true),
      ("proc.pid > 22", #"{"proc.pid":22}"#, false),
      ("proc.pid >= 22", #"{"proc.pid":22}"#, true),
      ("proc.pid in (1, 2, 3, 4, 5)", #"{"proc.pid":4}"#, true),
      ("proc.pid in (1, 2, 3, 4, 5)", #"{"proc.pid":6}"#, false),
      ("evt.num > 9223372036854775808", #"{"evt.num":18446744073709551615}"#, true),
      ("user.uid = -1", #"{"user.uid":0}"#, false),
      ("user.uid != -1", #"{"user.uid":0}"#, true),
      ("user.uid > -1", #"{"user.uid":0}"#, true),
      ("user.uid < -1", #"{"user.uid":0}"#, false),
      ("thread.cpu > 1.5", #"{"thread.cpu":1.6}"#, true),
      ("thread.cpu = 2", #"{"thread.cpu":2.0}"#, true),
      ("thread.cpu != 2", #"{"thread.cpu":2.5}"#, true),
      ("thread.cpu in (1.5, 2)", #"{"thread.cpu":1.5}"#, true),
      ("proc.duration <= 5000000000", #"{"proc.duration":4999999999}"#, true),
      // Flags.
      ("evt.failed = true", #"{"evt.failed":true}"#, true),
      ("evt.failed = false", #"{"evt.failed":"false"}"#, true),
      ("evt.failed != true", #"{"evt.failed":false}"#, true),
      // Bytes.
      ("evt.buffer contains ab", #"{"evt.buffer":"xaby"}"#, true),
      ("evt.buffer bcontains 6162", #"{"evt.buffer":"xaby"}"#, true),
      ("evt.buffer bstartswith 6162", #"{"evt.buffer":"xaby"}"#, false),
      ("evt.buffer bstartswith 7861", #"{"evt.buffer":"xaby"}"#, true),
      ("evt.buffer endswith by", #"{"evt.buffer":"xaby"}"#, true),
      // Addresses, networks, ports.
      ("fd.sip = 10.0.0.1", #"{"fd.sip":"10.0.0.1"}"#, true),
      ("fd.sip = ::1", #"{"fd.sip":"0:0:0:0:0:0:0:1"}"#, true),
      ("fd.sip = ::1", #"{"fd.sip":"10.0.0.1"}"#, false),
      ("fd.sip != ::1", #"{"fd.sip":"10.0.0.1"}"#, true),
      ("fd.sip in (10.0.0.1, ::1)", #"{"fd.sip":"::1"}"#, true),
      ("fd.snet = 142.251.1.1/4", #"{"fd.snet":"142.0.0.1"}"#, true),
      ("fd.snet in (10.0.0.0/8, 192.168.0.0/16)", #"{"fd.snet":"192.168.7.7"}"#, true),
      ("fd.snet != 10.0.0.0/8", #"{"fd.snet":"11.0.0.1"}"#, true),
      ("fd.snet = fe80::/10", #"{"fd.snet":"febf::1"}"#, true),
      ("fd.snet = fe80::/10", #"{"fd.snet":"fec0::1"}"#, false),
      ("fd.snet = 0.0.0.0/0", #"{"fd.snet":"9.9.9.9"}"#, true),
      ("fd.sport = 22", #"{"fd.sport":"22"}"#, true),
      ("fd.sport = ssh", #"{"fd.sport":22}"#, true),
      ("fd.sport in (http, 443)", #"{"fd.sport":80}"#, true),
      // Paths.
      ("fd.name pmatch (/opt/*)", #"{"fd.name":"/opt/dir/subdir/file.txt"}"#, true),
      ("fd.name pmatch (/opt/dir2)", #"{"fd.name":"/opt/dir/subdir/file.txt"}"#, false),
      ("fd.name pmatch (/opt3/*/subdir2/*)", #"{"fd.name":"/opt3/dir/subdir2"}"#, false),
      ("fd.name pmatch (/opt3/*/subdir2/*)", #"{"fd.name":"/opt3/dir/subdir2/x/y"}"#, true),
      ("fd.name pmatch ('')", #"{"fd.name":"/anything"}"#, true),
      ("fd.name pmatch ()", #"{"fd.name":"/anything"}"#, false),
      ("fd.name pmatch (/etc, /var)", #"{"fd.name":"/var"}"#, true),
      ("fd.name pmatch (/etc)", #"{"fd.name":"/etcetera"}"#, false),
      // Presence.
      ("proc.name exists", #"{"proc.name":""}"#, true),
      ("proc.name exists", #"{"proc.name":null}"#, false),
      ("proc.name exists", #"{}"#, false),
    ])
  func meaning(condition: String, event: String, expected: Bool) throws {
    #expect(try verdict(condition, event) == expected)
  }

  @Test(
    "a missing value makes every comparison false, and its negation true",
    arguments: [
      "proc.name = a", "proc.name != a", "proc.name in (a)", "proc.name startswith a",
      "proc.name != allof (a)",
      "proc.pid != 1", "fd.ip != 1.1.1.1", "fd.net != 1.0.0.0/8", "fd.types in (a)",
      "proc.name != val(proc.pname)",
      "tolower(proc.name) != a", "len(proc.name) >= 0", "proc.aname != a", "proc.name pmatch ('')",
    ])
  func missing(condition: String) throws {
    #expect(try !verdict(condition, "{}"))
    #expect(try verdict("not \(condition)", "{}"))
  }

  @Test(
    "of two ends one must be equal, and both must differ",
    arguments: [
      ("fd.ip = 1.1.1.1", true), ("fd.ip = 3.3.3.3", false), ("fd.ip != 3.3.3.3", true),
      ("fd.ip != 1.1.1.1", false),
      ("fd.ip in (3.3.3.3, 2.2.2.2)", true), ("fd.port = 443", true), ("fd.port != 443", false),
      ("fd.port < 500", true), ("fd.port > 500", true), ("fd.net = 2.0.0.0/8", true),
      ("fd.net != 2.0.0.0/8", false),
      ("fd.net in (9.0.0.0/8)", false), ("fd.port in (443)", true),
    ])
  func ends(condition: String, expected: Bool) throws {
    let event = #"{"fd.ip":["1.1.1.1","2.2.2.2"],"fd.net":["1.1.1.1","2.2.2.2"],"fd.port":[40000,443]}"#
    #expect(try verdict(condition, event) == expected)
  }

  @Test(
    "of a list, in wants all, intersects wants one",
    arguments: [
      ("fd.types in (file, ipv4, pipe)", true), ("fd.types in (file)", false),
      ("fd.types intersects (file)", true),
      ("fd.types intersects (pipe)", false), ("fd.types exists", true), ("len(fd.types) = 2", true),
      ("fd.types in ()", false),
    ])
  func list(condition: String, expected: Bool) throws {
    #expect(try verdict(condition, #"{"fd.types":["file","ipv4"]}"#) == expected)
  }

  @Test(
    "ancestors without an index meet an operator when one of them does",
    arguments: [
      ("proc.aname = init", true), ("proc.aname = good-exe", false), ("proc.aname != init", true),
      ("proc.aname in (sshd, x)", true), ("proc.aname startswith ini", true),
      ("not proc.aname = init", false),
      ("proc.aname[1] = sshd", true), ("proc.aname[1] = init", false), ("proc.apid > 500", true),
    ])
  func ancestors(condition: String, expected: Bool) throws {
    let event =
      #"{"proc.name":"good-exe","proc.aname":["sshd","init"],"proc.aname[1]":"sshd","proc.apid":[900,1]}"#
    #expect(try verdict(condition, event) == expected)
  }

  @Test(
    "a modifier counts the constants for which the operator holds",
    arguments: [
      ("proc.name = oneof (sh, bash)", true), ("proc.name = oneof (sh, sh)", false),
      ("proc.name != anyof (sh, bash)", true), ("proc.name != anyof (sh)", false),
      ("proc.name != allof (bash, zsh)", true), ("proc.name != allof (sh, zsh)", false),
      ("proc.name = allof ()", false), ("proc.name = anyof ()", false), ("proc.name = oneof ()", false),
      ("proc.name startswith allof (s, sh)", true), ("proc.name startswith oneof (s, sh)", false),
      ("proc.name contains anyof (x, h)", true), ("proc.pid = anyof (1, 7)", true),
    ])
  func modifiers(condition: String, expected: Bool) throws {
    #expect(try verdict(condition, #"{"proc.name":"sh","proc.pid":7}"#) == expected)
  }

  @Test(
    "another field is compared with val, and a bare name is text",
    arguments: [
      ("proc.name = val(proc.pname)", true), ("proc.name != val(proc.pname)", false),
      ("proc.name = proc.pname", false), ("proc.cmdline startswith val(proc.name)", true),
      ("proc.pid > val(proc.ppid)", true), ("proc.pid <= val(proc.ppid)", false),
      ("proc.name = val(proc.exe)", false), ("proc.name != val(proc.exe)", false),
      ("proc.name = tolower(proc.sname)", true), ("user.uid < val(proc.pid)", true),
      ("fd.name pmatch val(proc.cwd)", true), ("proc.name in val(proc.aname)", true),
    ])
  func otherFields(condition: String, expected: Bool) throws {
    let event = """
      {"proc.name":"sh","proc.pname":"sh","proc.cmdline":"sh -c","proc.pid":9,"proc.ppid":-1,"proc.sname":"SH",
      "user.uid":0,"fd.name":"/srv/a/b","proc.cwd":"/srv/a/","proc.aname":["init","sh"]}
      """
    #expect(try verdict(condition, event) == expected)
  }

  @Test("a regular expression sees one replacement character for each byte that is not UTF-8")
  func regexOnBadText() throws {
    var values = Values(constants: [])
    values.text([0x61, 0xFF, 0xE2, 0x82, 0x62])
    let regex = try Regex(Array("a...b".utf8))
    let text = values.list[0].text
    let matchesAny = values.matches(regex, text)
    #expect(matchesAny)
    let literal = try Regex(Array("a\u{FFFD}{3}b".utf8))
    let matchesReplacements = values.matches(literal, text)
    #expect(matchesReplacements)
    let count = values.bytes.count
    #expect(count == 5)
  }

  @Test(
    "what the type check refuses",
    arguments: [
      ("proc.nmae = a", "no field is called 'proc.nmae'; did you mean 'proc.name'?"),
      ("proc.pid contains 1", "'contains' does not work on 'proc.pid', which is INT64"),
      ("proc.name bcontains 61", "'bcontains' does not work on 'proc.name', which is CHARBUF"),
      ("evt.buffer regex a", "'regex' does not work on 'evt.buffer', which is BYTEBUF"),
      ("evt.failed < 1", "'<' does not work on 'evt.failed', which is BOOL"),
      ("proc.pid = abc", "'abc' is no whole number"),
      ("proc.pid < 1.5", "'1.5' is no whole number"),
      ("evt.failed = yes", "'yes' is no 'true' or 'false'"),
      ("fd.sip = host", "'host' is no IP address"),
      (
        "fd.sip = 10.0.0.0/8",
        "'10.0.0.0/8' is a network, and the field is an address; "
          + "compare 'fd.net', 'fd.cnet', 'fd.snet', 'fd.lnet' or 'fd.rnet' with a network"
      ),
      ("fd.snet = 10.0.0.0/33", "'10.0.0.0/33' is no network in CIDR notation"),
      ("fd.sport = gopherx", "'gopherx' is no port number or name of a service"),
      (
        "fd.types = file",
        "'fd.types' is a list, which '=' does not work on; "
          + "use 'in' when all of its values must be in a set, 'intersects' when one is enough"
      ),
      ("evt.type = exevce", "no event type is called 'exevce'; did you mean 'execve'?"),
      ("evt.type in (execve, opn)", "no event type is called 'opn'; did you mean 'open'?"),
      ("evt.arg.flgs = 1", "no event has a parameter 'flgs'; did you mean 'flags'?"),
      ("evt.arg = 1", "'evt.arg' needs an argument; write 'evt.arg.NAME'"),
      ("proc.name[1] = a", "'proc.name' takes no argument; write 'proc.name'"),
      ("proc.aname[x] = a", "'proc.aname' takes a number in brackets, not 'x'"),
      (
        "proc.aname[9223372036854775807] = a",
        "'proc.aname' takes a number in brackets, not '9223372036854775807'"
      ),
      ("container.mount = a", "'container.mount' needs an argument; write 'container.mount[…]'"),
      ("proc.name regex '(a'", "'(a' is no regular expression: missing ): (a"),
      ("evt.buffer bcontains 6g", "'6g' is not pairs of hexadecimal digits"),
      (
        "proc.name = val(proc.pid)", "'proc.name' is CHARBUF and 'proc.pid' is INT64: they cannot be compared"
      ),
      ("proc.name regex val(proc.exe)", "'regex' wants a constant on its right"),
      ("len(proc.pid) = 1", "'len' does not take 'proc.pid', which is INT64"),
      ("tolower(proc.pid) = 1", "'tolower' does not take 'proc.pid', which is INT64"),
      ("proc.name = oneof val(proc.exe)", "'oneof' wants constants; write 'oneof (a, b)'"),
    ])
  func refused(condition: String, fault: String) throws {
    #expect(try faults(condition) == [fault])
  }

  @Test("every fault of a condition is found")
  func allFaults() throws {
    #expect(try faults("proc.nmae = a and (proc.pid = x or not evt.failed = 2)").count == 3)
  }

  @Test("a constant of 255 bytes is allowed, one of 256 is not")
  func longConstants() throws {
    let longest = String(repeating: "a", count: 255)
    #expect(try verdict("proc.name = \(longest)", #"{"proc.name":"\#(longest)"}"#))
    for condition in [
      "proc.name = \(longest)a", "proc.name in (b, \(longest)a)", "proc.name regex \(longest)a",
    ] {
      #expect(try faults(condition) == ["the constant is longer than 255 bytes"])
    }
  }
}
