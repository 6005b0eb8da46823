import Testing

@testable import Rules

@Suite struct TransformerTests {
  @Test(
    "a transformer gives",
    arguments: [
      ("tolower(proc.name) = bäsh", #"{"proc.name":"BäSH"}"#, true),
      ("toupper(proc.name) = BäSH", #"{"proc.name":"bäsh"}"#, true),
      ("b64(proc.args) = hello", #"{"proc.args":"aGVsbG8="}"#, true),
      ("b64(proc.args) = hello", #"{"proc.args":"aGVsbG8"}"#, true),
      ("b64(proc.args) exists", #"{"proc.args":"aGVsbG8*"}"#, false),
      ("b64(proc.args) exists", #"{"proc.args":"a"}"#, false),
      ("b64(proc.args) exists", #"{"proc.args":"aGVsbG8=="}"#, false),
      ("b64(proc.args) = ''", #"{"proc.args":""}"#, true),
      ("b64( evt.buffer ) = hi", #"{"evt.buffer":"aGk="}"#, true),
      ("basename(proc.exepath) = cat", #"{"proc.exepath":"/usr/bin/cat"}"#, true),
      ("basename(proc.exepath) = cat", #"{"proc.exepath":"cat"}"#, true),
      ("basename(proc.exepath) = ''", #"{"proc.exepath":"/usr/"}"#, true),
      ("len(proc.name) = 4", #"{"proc.name":"bash"}"#, true),
      ("len(fd.types) > 2", #"{"fd.types":["a","b","c"]}"#, true),
      ("join(\",\", fd.types) = 'a,b'", #"{"fd.types":["a","b"]}"#, true),
      ("join('-', (proc.name, proc.pname)) = 'a-b'", #"{"proc.name":"a","proc.pname":"b"}"#, true),
      ("join('-', (proc.name, proc.pname)) exists", #"{"proc.name":"a"}"#, false),
      ("concat(proc.name, ':', proc.pname) = a:b", #"{"proc.name":"a","proc.pname":"b"}"#, true),
      ("tolower(basename(proc.exepath)) = cat", #"{"proc.exepath":"/bin/CAT"}"#, true),
      ("proc.name = tolower(proc.pname)", #"{"proc.name":"a","proc.pname":"A"}"#, true),
      ("tolower(proc.aname) = init", #"{"proc.aname":["SSHD","INIT"]}"#, true),
      ("evt.time startswith 22:13:20.0", #"{"evt.time":1700000000000000000}"#, true),
      ("evt.datetime = '2023-11-14 22:13:20.000000001'", #"{"evt.datetime":1700000000000000001}"#, true),
      (
        "evt.time.iso8601 = '2024-02-29T00:00:00.000000000Z'", #"{"evt.time.iso8601":1709164800000000000}"#,
        true
      ),
    ])
  func meaning(condition: String, event: String, expected: Bool) throws {
    #expect(try verdict(condition, event) == expected)
  }

  @Test(
    "options are found as getopt finds them",
    arguments: [
      (#"getopt(proc.args, "t:v")[t] = x"#, "-t x", true), (#"getopt(proc.args, "t:v")[t] = x"#, "-tx", true),
      (#"getopt(proc.args, "t:v")[t] = y"#, "-t x -t y", true),
      (#"getopt(proc.args, "t:v")[t] = x"#, "-vtx", true),
      (#"getopt(proc.args, "t:v")[t] exists"#, "file -t x", false),
      (#"getopt(proc.args, "t:v")[v] exists"#, "-v", true),
      (#"getopt(proc.args, "t:v")[v] = ''"#, "-v", true),
      (#"getopt(proc.args, "t:v")[t] exists"#, "-- -t x", false),
      (#"getopt(proc.args, "t:v")[t] = x"#, "--long -t x", true),
      (#"getopt(proc.args, "t:v")[t] exists"#, "-t", false),
      (#"getopt(proc.args, "t::")[t] = ''"#, "-t x", true),
      (#"getopt(proc.args, "v")[v] exists"#, "-xv", true),
      (#"getopt(proc.args, "t:v") intersects (v)"#, "-t x -v", true),
      (#"getopt(proc.args, "t:v") in (v)"#, "-tx -v", false),
      (#"getopt(proc.args, "v")[v] exists"#, "-", false),
    ])
  func options(condition: String, arguments: String, expected: Bool) throws {
    #expect(try verdict(condition, #"{"proc.args":"\#(arguments)"}"#) == expected)
  }

  @Test("the words of a list are its elements, whatever blanks they hold")
  func words() throws {
    let event = #"{"proc.args":["-t","a b","-v"]}"#
    #expect(try verdict(#"getopt(proc.args, "t:v")[t] = 'a b'"#, event))
    #expect(try verdict("proc.args = '-t a b -v'", event))
  }

  @Test(
    "wrong arguments are refused with the right ones",
    arguments: [
      ("tolower(proc.name, proc.exe) = a", "'tolower' has the wrong arguments; write tolower(text)"),
      ("join(proc.name) = a", "'join' has the wrong arguments; write join(\"separator\", list)"),
      ("getopt(proc.args) = a", "'getopt' has the wrong arguments; write getopt(words, \"ab:\")[b]"),
      ("getopt(proc.args, 'a')[ab] = x", "'ab' is no option: an option is one letter"),
    ])
  func refused(condition: String, fault: String) throws {
    #expect(try faults(condition) == [fault])
  }
}
