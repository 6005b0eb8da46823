// Usage: attach ID [hold]
//
// Attaches itself to a process, or to one thread of it, with ptrace(2) as a debugger does, and says "attached". Lets it run
// on, but with "hold" it stands still. Lets it go when standard input ends.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments) {
  pid_t target = count > 1 ? atoi(arguments[1]) : 0;
  int holds = count > 2 && strcmp(arguments[2], "hold") == 0;
  if (ptrace(PTRACE_ATTACH, target, 0, 0) < 0 || waitpid(target, NULL, __WALL) != target ||
      (!holds && ptrace(PTRACE_CONT, target, 0, 0) < 0)) {
    perror("attach");
    return 1;
  }
  puts("attached");
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  // The kernel lets the target go when its tracer ends.
  return 0;
}
