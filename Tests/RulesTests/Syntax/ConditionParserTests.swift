import Testing

@testable import Rules

@Suite struct ConditionParserTests {
  @Test(
    "what Falco's grammar takes is taken",
    arguments: [
      "macro", " macro ", "(macro)", "((macro))", "( macro )", "macro and macro", "macro or macro",
      "not macro", "not(macro)", "not (macro)", "not not not macro", "not not(not macro)", "not\nmacro",
      "macro and(macro)", "macro or(macro)", "macro and not(macro)", "(macro)and(macro)",
      "(macro) and\tmacro",
      "notify_procs", "notify_procs and not not_a_keyword", "order or android", "a.b exists",
      "a.b existsand macro",
      "a.b exists or a.c exists", "a.b=c", "a.b = c", "a.b == c", "a.b==c", "a.b != c", "a.b!=c", "a.b = not",
      "a.b = and", "a.b = 1", "a.b = -1", "a.b = <NA>", "a.b =>5", "a.b = /etc/*", "a.b = val",
      "a.b = tolower",
      "a.b glob c", "a.b iglob c", "a.b contains c", "a.b icontains c", "a.b bcontains 0a0b",
      "a.b startswith c",
      "a.b bstartswith 0a", "a.b endswith c", "a.b regex '.*'", "a.b contains\n'c'",
      "a.b < 1", "a.b <= -1", "a.b > +1", "a.b >= 1.5", "a.b>=0", "a.b<0x1F", "a.b < 1.5e+10", "a.b < 1e-1",
      "a.b in ()", "a.b in()", "a.b in ( )", "a.b in (c)", "a.b in(c,d)", "a.b in ( c , 'd e' , \"f\" )",
      "a.b in c", "a.b inside", "a.b intersects (c)", "a.b intersects()", "a.b pmatch (/etc, /usr/*)",
      "a.b pmatch()",
      "a.b = oneof (c)", "a.b != anyof (c, d)", "a.b contains allof ()", "a.b regex anyof ('.*')",
      "a.b = oneof", "a.b =oneof", "a.b = anyof\t(c)",
      "a.b = val(c.d)", "a.b = val( c.d[1] )", "a.b < val(c.d)", "a.b in val(c.d)", "a.b = tolower(c.d)",
      "a.b in tolower(c.d)", "a.b = anyof val(c.d)",
      "tolower(a.b) = c", "tolower( a.b ) = c", "b64( a.b ) = c", "toupper(tolower(a.b[1])) exists",
      "basename(a.b) in (c)", "len(a.b) > 5", "join(',', a.b) = c", "concat(a.b, '-', tolower(c.d)) = e-f",
      "getopt(proc.args, 't:')[t] = /tmp", "join(',', (a.b, c.d)) = 'e,f'", "concat(a.b, -, x) = c",
      "a.b[1] = c", "a.b['c d'] = e", "a.b[\"c]\"] = e", "a.b[/x/0] = e", "a.b[é] = ü",
      "a.b.c.d_1 = c", "a.b = 'it\\'s'", "a.b = \"a\\\"b\"", "a.b = ''", "a.b in ('')", "a.b = 'a\\\\b'",
    ])
  func accepted(text: String) throws {
    let condition = try ConditionParser.parse(Array(text.utf8))
    #expect(try ConditionParser.parse(Array(condition.text.utf8)) == condition, "\(condition.text)")
  }

  @Test(
    "what Falco's grammar refuses is refused",
    arguments: [
      "", " ", "\n", "()", "(", ")", "(macro", "macro)", "((macro)", "macro macro", "and", "or", "not",
      "not ",
      "and macro", "macro and", "macro and ", "macro or", "macro or ", "macro and and", "macro andmacro",
      "macro ormacro", "not)", "macro not macro", "macro,macro", "1", "'macro'", "_macro", "macro.1",
      "a.b", "a.b c", "a.b like c", "a.b =", "a.b = ", "a.b = (c)", "a.b = ,", "a.b === c", "a.b = c d",
      "a.b containsc", "a.b contains'c'", "a.b contains", "a.b startswith(c)", "a.b globc", "a.b regex'c'",
      "a.b < c", "a.b < 'c'", "a.b < ", "a.b <= '1'", "a.b < -", "a.b < 1a", "a.b < 0x", "a.b < 1.2.3",
      "a.b in", "a.b in (", "a.b in (c", "a.b in (c,", "a.b in (c,)", "a.b in (,c)", "a.b in (c d)",
      "a.b in 'c'",
      "a.b in ((c))", "a.b in (val(c.d))", "a.b intersects 1", "a.b = c, d",
      "a.b = oneof(c)", "a.b =oneof (c)", "a.b = oneof and macro)", "a.b in oneof (c)", "a.b < anyof (1)",
      "a.b = val(c)", "a.b = val()", "a.b = val(c.d", "a.b = val(tolower(c.d))", "a.b = tolower()",
      "a.b = tolower(c)",
      "b64 (a.b) = c", "tolower(a.b) ", "tolower(a.b = c", "tolower('c') = c", "tolower(a.b)",
      "lower(a.b) = c",
      "a.b[] = c", "a.b[1 = c", "a.b [1] = c", "a.b[1]] = c", "a.b['c] = d", "a.b[c d] = e",
      "a.b = 'c", "a.b = \"c", "a.b = 'c\"", "a.b = 'ab\\\\'", "a.b = '\\q'", "a.b = '\\\"'", "a.b = \"\\'\"",
      "a.b = '\\x41'", "a.b = c\0d", "a.b = 'c\0d'", ".b = c", "a. = c", "a..b = c", "a.b && a.c", "!macro",
    ])
  func refused(text: String) {
    #expect(throws: SyntaxError.self) { try ConditionParser.parse(Array(text.utf8)) }
  }

  @Test(
    "and binds tighter than or, and parentheses are kept",
    arguments: [
      ("a and b or c and d", "((a and b) or (c and d))"),
      ("a or b and c", "(a or (b and c))"),
      ("a and (b or c)", "(a and (b or c))"),
      ("a and b and c", "(a and b and c)"),
      ("(a and b) and c", "((a and b) and c)"),
      ("not a and b", "(not a and b)"),
      ("not (a and b)", "not (a and b)"),
      ("not not a", "a"),
      ("not not not a", "not a"),
      ("not (not a)", "not (not a)"),
      ("((a))", "a"),
      ("not(a)and(b)or(c)", "((not a and b) or c)"),
    ])
  func structure(text: String, printed: String) throws {
    let condition = try ConditionParser.parse(Array(text.utf8))
    #expect(condition.text == printed)
    #expect(try ConditionParser.parse(Array(printed.utf8)) == condition)
  }

  @Test(
    "values keep what their quotes hold",
    arguments: [
      ("a.b = 'c d'", "c d"), ("a.b = \"c'd\"", "c'd"), ("a.b = 'c\"d'", "c\"d"), ("a.b = 'it\\'s'", "it's"),
      ("a.b = 'a\\\\b'", "a\\b"), ("a.b = \"a\\ b\"", "a\\b"),
      ("a.b = '\\n\\t\\r\\b\\f\\/'", "\n\t\r\u{8}\u{c}/"),
      ("a.b = c\\d", "c\\d"), ("a.b = not", "not"), ("a.b = c[1]", "c[1]"), ("a.b =<NA>", "<NA>"),
      ("a.b = ''", ""),
      ("a.b = oneof", "oneof"), ("a.b =  c", "c"), ("a.b = é", "é"), ("a.b = \"a\\ \"", "a\\"),
    ])
  func values(text: String, value: String) throws {
    let condition = try ConditionParser.parse(Array(text.utf8))
    guard case .check(let check) = condition.kind, case .literal(let literal)? = check.right else {
      Issue.record("\(condition)")
      return
    }
    #expect(literal.bytes == Array(value.utf8))
    #expect(try ConditionParser.parse(Array(condition.text.utf8)) == condition)
  }

  @Test(
    "every value can be printed and read back",
    arguments: [
      "a\\", "\\", "a b\\", "\\\"", "'", "\"'", "oneof", "anyof", "a,b", "a=b", "(a)", " ", "\u{8}", "\u{b}",
      "\u{7f}",
      "\u{1}", "\\ ", "tolower(", "\r\n", "\\\\", "\\\\\\", "ü\\", "",
    ])
  func printing(value: String) throws {
    let literal = Literal(Array(value.utf8))
    for (comparison, right) in [
      (Comparison.equal, Check.Right.literal(literal)), (.in, .list([literal, literal], range: .none)),
    ] {
      let condition = Condition(
        .check(Check(.field(FieldReference("a.b", argument: value)), comparison, right)))
      #expect(try ConditionParser.parse(Array(condition.text.utf8)) == condition, "\(condition.text)")
    }
  }

  @Test("nodes know the text they were read from")
  func ranges() throws {
    let text = "x and not (proc.aname[2] in (sh, 'a b')) or tolower(a.b) exists"
    let condition = try ConditionParser.parse(Array(text.utf8))
    func excerpt(_ range: SourceRange) -> String {
      String(decoding: Array(text.utf8)[Int(range.lower)..<Int(range.upper)], as: UTF8.self)
    }
    guard case .or(let parts) = condition.kind, case .and(let left) = parts[0].kind,
      case .not(let negated) = left[1].kind, case .check(let check) = negated.kind,
      case .list(let literals, let range)? = check.right, case .check(let exists) = parts[1].kind
    else {
      Issue.record("\(condition.text)")
      return
    }
    #expect(excerpt(left[0].range) == "x")
    #expect(excerpt(left[1].range) == "not (proc.aname[2] in (sh, 'a b')")
    #expect(excerpt(check.left.range) == "proc.aname[2]")
    #expect(excerpt(check.comparisonRange) == "in")
    #expect(excerpt(range) == "(sh, 'a b')")
    #expect(literals.map { excerpt($0.range) } == ["sh", "'a b'"])
    #expect(excerpt(exists.left.range) == "tolower(a.b)")
  }
}
