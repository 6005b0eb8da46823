// Unsafe: system calls on a terminal, with pointers to locals.

import Glibc
public import SystemPackage

/// What a terminal is asked and told. Any thread may call. See termios(3).
public enum Terminal {
  /// Whether it is one. See isatty(3).
  public static func isTerminal(_ descriptor: FileDescriptor) -> Bool { isatty(descriptor.rawValue) == 1 }

  /// How many columns and rows it shows; `nil` of what is no terminal, or does not know. See ioctl_tty(2).
  public static func size(of descriptor: FileDescriptor) -> (columns: Int, rows: Int)? {
    var size = winsize()
    // SAFETY: the call fills a local of the size that it expects.
    guard unsafe ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// How a terminal treats what is typed.
  public struct Mode: Sendable {
    fileprivate let attributes: termios
  }

  /// Has keys come one by one and unseen; those that send signals go on doing so.
  /// - Returns: the mode as it was, for `restore`; `nil` of what is no terminal, or one that another program has now: to
  ///   change that would stop this one.
  public static func takeKeys(of descriptor: FileDescriptor) -> Mode? {
    guard tcgetpgrp(descriptor.rawValue) == getpgrp() else { return nil }
    var attributes = termios()
    // SAFETY: both calls are given a local.
    guard unsafe tcgetattr(descriptor.rawValue, &attributes) == 0 else { return nil }
    let before = Mode(attributes: attributes)
    attributes.c_lflag &= ~tcflag_t(ICANON | ECHO)
    return unsafe tcsetattr(descriptor.rawValue, TCSANOW, &attributes) == 0 ? before : nil
  }

  /// Goes back to a mode.
  public static func restore(_ mode: Mode, of descriptor: FileDescriptor) {
    var attributes = mode.attributes
    // SAFETY: a local.
    _ = unsafe tcsetattr(descriptor.rawValue, TCSANOW, &attributes)
  }
}
