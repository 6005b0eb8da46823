import Testing

@testable import Rules

@Suite struct ConditionErrorTests {
  @Test(
    "errors say what stands where, and what to write",
    arguments: [
      ("a.b = c d", 8, "expected 'and' or 'or', found 'd'", nil),
      ("(a.b = c d)", 9, "expected 'and', 'or' or ')', found 'd'", nil),
      ("a.b = c AND x", 8, "expected 'and' or 'or', found 'AND'", "write 'and': keywords are in lower case"),
      ("a.b = c && x", 8, "expected 'and' or 'or', found '&&'", "write 'and'"),
      ("a.b = c || x", 8, "expected 'and' or 'or', found '||'", "write 'or'"),
      ("!x", 0, "expected a comparison, a macro or '(', found '!x'", "write 'not'"),
      ("x)", 1, "there is no '(' for this ')'", nil),
      ("(x and (y)", 0, "this '(' is never closed", nil),
      ("a.b", 3, "expected an operator after 'a.b', found the end", "compare it: 'a.b = …', or 'a.b exists'"),
      (
        "a.b startwith c", 4, "expected an operator after 'a.b', found 'startwith'",
        "did you mean 'startswith'?"
      ),
      (
        "a.b contains'c'", 4, "expected an operator after 'a.b', found 'contains'",
        "put a blank and a value after 'contains'"
      ),
      ("a.b =~ c", 7, "expected 'and' or 'or', found 'c'", nil),
      (
        "a.b = (c, d)", 6, "expected a value after '=', found '('",
        "several values go with 'in (a, b)', or '= anyof (a, b)'"
      ),
      (
        "a.b = c, d", 7, "expected 'and' or 'or', found ','",
        "several values go with 'in (a, b)', or '= anyof (a, b)'"
      ),
      ("a.b in 5", 7, "expected a list after 'in', found '5'", "write 'in (a, b)'"),
      (
        "a.b in (c d)", 10, "expected ',' or ')', found 'd'",
        "put a value with blanks or parentheses in quotes"
      ),
      ("a.b < x", 6, "expected a number after '<', found 'x'", nil),
      ("a.b = 'c", 6, "this quote is never closed", nil),
      (
        "a.b = 'c\\'", 6, "this quote is never closed",
        "a quote after a backslash does not close; end the value with '\\ ' for a backslash"
      ),
      ("a.b = 'c\\d'", 8, "there is no escape '\\d' here", "write '\\\\' for a backslash"),
      ("b64 (a.b) = c", 4, "expected 'and' or 'or', found '('", nil),
      ("x andy", 5, "expected a blank or '(' after 'and', found 'y'", nil),
      ("tolower(c) = d", 8, "expected a field or a transformer in 'tolower(…)', found 'c'", nil),
      ("a.b[c d] = e", 5, "expected ']', found ' '", "put an argument with blanks or brackets in quotes"),
    ] as [(String, Int, String, String?)])
  func message(text: String, offset: Int, message: String, cure: String?) {
    let error = #expect(throws: SyntaxError.self) { try ConditionParser.parse(Array(text.utf8)) }
    #expect(error?.message == message)
    #expect(error?.cure == cure)
    #expect(error?.range.lowerBound == offset)
  }

  @Test("100 parentheses are too many for a condition alone, 1,000 for one in a file")
  func depth() throws {
    func nested(_ count: Int) -> [UInt8] {
      Array((String(repeating: "(", count: count) + "x" + String(repeating: ")", count: count)).utf8)
    }
    #expect(try ConditionParser.parse(nested(99)) == ConditionParser.parse(Array("x".utf8)))
    #expect(throws: SyntaxError.self) { try ConditionParser.parse(nested(100)) }
    _ = try ConditionParser.parse(nested(999), limits: .ruleFile)
    #expect(throws: SyntaxError.self) { try ConditionParser.parse(nested(1000), limits: .ruleFile) }
  }

  @Test("hostile conditions are refused at once, whatever their size")
  func hostile() {
    let deep = 100_000
    let texts = [
      String(repeating: "(", count: deep), String(repeating: "not (", count: deep),
      String(repeating: "tolower(", count: deep), String(repeating: "join((", count: deep),
      String(repeating: "not ", count: deep), String(repeating: "a and (b or ", count: deep),
      "a.b = " + String(repeating: "x", count: 10 << 20), "a.b = '" + String(repeating: "\\", count: 900_000),
      "a.b in (" + String(repeating: "a,", count: 500_000), "a.b = " + String(repeating: "'", count: 900_001),
      String(repeating: "'\\", count: 400_000), "a.b[" + String(repeating: "[", count: 900_000),
    ]
    for text in texts {
      let bytes = Array(text.utf8)
      let time = ContinuousClock().measure {
        _ = #expect(throws: SyntaxError.self) { try ConditionParser.parse(bytes, limits: .ruleFile) }
      }
      #expect(time < .seconds(20), "\(text.prefix(20)) took \(time)")
    }
  }

  @Test("many conditions side by side are no depth")
  func width() throws {
    let text = Array(repeating: "a.b = c", count: 50_000).joined(separator: " and ")
    guard case .and(let parts) = try ConditionParser.parse(Array(text.utf8)).kind else {
      Issue.record("no conjunction")
      return
    }
    #expect(parts.count == 50_000)
  }
}
