// Unsafe: wraps libre2 (CShim); the handle lives as long as the object.

import CShim

/// A compiled regular expression: POSIX syntax of libre2, matched against a whole value in linear time.
///
/// Immutable; any thread may match. See https://github.com/google/re2/wiki/Syntax.
@safe
final class Regex: Sendable {
  let pattern: [UInt8]
  // SAFETY: written once by `init`; libre2 allows concurrent matching.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// - Throws: the library's reason when the pattern is wrong or too large.
  init(_ pattern: [UInt8]) throws(RegexError) {
    // SAFETY: the buffer outlives the call, which ends it with NUL.
    var reason = [CChar](repeating: 0, count: 256)
    let handle = unsafe pattern.withUnsafeBufferPointer { pattern in
      unsafe reason.withUnsafeMutableBufferPointer { reason in
        unsafe wh_regex_new(pattern.baseAddress, pattern.count, reason.baseAddress, reason.count)
      }
    }
    guard let handle = unsafe handle else {
      let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw RegexError(reason: String(decoding: text, as: UTF8.self))
    }
    self.pattern = pattern
    unsafe self.handle = handle
  }

  deinit { unsafe wh_regex_delete(handle) }

  /// Whether the whole of `text`, which must be UTF-8, is matched.
  func matchesWhole(_ text: Span<UInt8>) -> Bool {
    // SAFETY: the span outlives the call.
    unsafe text.withUnsafeBufferPointer { text in
      unsafe wh_regex_matches_whole(handle, text.baseAddress, text.count)
    }
  }
}

/// Why a pattern is no regular expression, in the library's words.
struct RegexError: Error, Equatable {
  let reason: String
}
