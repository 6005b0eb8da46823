// Unsafe: the environment's C strings, which are copied. Nothing here, nor the agent once it has threads, changes it.
import Glibc

/// The variables of this process's environment. Any thread. See environ(7).
public enum Environment {
  /// A variable's value; `nil` when there is none of that name.
  public static func value(of name: String) -> String? {
    // SAFETY: getenv's text ends in NUL, and nobody changes the environment meanwhile.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
