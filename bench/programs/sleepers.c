// sleepers PROGRAM COUNT: starts COUNT processes that wait, says "ready", ends them when standard input ends.
// PROGRAM is tiny. Each gets arguments of the length that services have, about 100 bytes.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void end(const pid_t *children, long count) {
  for (long i = 0; i < count; i++) kill(children[i], SIGKILL);
  for (long i = 0; i < count; i++) waitpid(children[i], NULL, 0);
}

int main(int argc, char **argv) {
  long count = argc == 3 ? atol(argv[2]) : 0;
  pid_t *children = calloc((size_t)(count > 0 ? count : 1), sizeof *children);
  if (count <= 0 || !children) {
    fprintf(stderr, "usage: sleepers PROGRAM COUNT\n");
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  for (long i = 0; i < count; i++) {
    char number[32];
    snprintf(number, sizeof number, "--instance=%ld", i);
    char *arguments[] = {argv[1], "w", "--configuration=/etc/a-service/main.conf", "--listen=127.0.0.1:8080",
                         number,  "--log-level=warning", NULL};
    pid_t child = vfork();
    if (child == 0) {
      execve(argv[1], arguments, environ);
      _exit(127);
    }
    if (child < 0) {
      fprintf(stderr, "sleepers: only %ld of %ld: %s\n", i, count, strerror(errno));
      end(children, i);
      return 1;
    }
    children[i] = child;
  }
  printf("ready\n");
  fflush(stdout);
  char ignored[64];
  while (read(0, ignored, sizeof ignored) > 0) {}
  end(children, count);
  return 0;
}
