// Usage: become-root
//
// Gives root away but for the saved user id, as a set-uid program of an ordinary user has it, then takes it back: the
// change that an exploit ends with. Then waits until standard input ends, so that it can be looked at.
#define _GNU_SOURCE
#include <stdio.h>
#include <unistd.h>

enum { nobody = 65534 };

int main(void) {
  if (setresuid(nobody, nobody, 0) < 0 || setresuid(0, 0, 0) < 0) {
    perror("become-root");
    return 1;
  }
  puts("root");
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  return 0;
}
