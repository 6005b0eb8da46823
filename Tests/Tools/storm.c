// Usage: storm exec COUNT PER_SECOND    starts itself so often, one process after the other, each named by a number
//        storm fork COUNT               makes so many processes that live at once, until standard input ends
//
// Prints what it did when it is done: "executed COUNT" or "forked COUNT". Fewer than wanted is no error: a limit of the
// cgroup may be what the test is about.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Four parents fork at once: more than two cores can be asked for.
enum { parents = 4 };

static int storm_of_execs(char *self, int count, int per_second) {
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  int started = 0;
  for (int number = 0; number < count; number++) {
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    char *arguments[] = {self, "drop", text, NULL};
    pid_t child;
    if (posix_spawn(&child, self, NULL, NULL, arguments, environ) == 0) {
      waitpid(child, NULL, 0);
      started++;
    }
    next.tv_nsec += 1000000000 / per_second;
    if (next.tv_nsec >= 1000000000) {
      next.tv_nsec -= 1000000000;
      next.tv_sec++;
    }
    // A start that came late is made up for by the next ones: the rate holds on the average.
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL) == EINTR) continue;
  }
  printf("executed %d\n", started);
  return 0;
}

// Lives as long as the process that forked this one.
static _Noreturn void live(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // It may have ended before this process got to run at all.
  if (getppid() != parent) _exit(0);
  for (;;) pause();
}

// Forks so many, tells how many it could, and lives with them.
static _Noreturn void be_a_parent(int count, int report, pid_t storm) {
  const pid_t self = getpid();
  uint32_t forked = 0;
  for (int number = 0; number < count; number++) {
    pid_t child = fork();
    if (child == 0) live(self);
    if (child < 0) break;
    forked++;
  }
  if (write(report, &forked, sizeof forked) != sizeof forked) _exit(1);
  live(storm);
}

static int storm_of_forks(int count) {
  int reports[2];
  if (pipe(reports) < 0) return 1;
  // Whom the parents leave behind comes to us, so that nobody is left when we end.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t self = getpid();
  pid_t started[parents];
  uint32_t forked = 0;
  for (int parent = 0; parent < parents; parent++) {
    started[parent] = fork();
    if (started[parent] == 0) be_a_parent(count / parents, reports[1], self);
    if (started[parent] > 0) forked++;
  }
  close(reports[1]);
  for (int parent = 0; parent < parents; parent++) {
    uint32_t children = 0;
    if (started[parent] > 0 && read(reports[0], &children, sizeof children) == sizeof children) forked += children;
  }
  printf("forked %u\n", forked);
  fflush(stdout);
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  // Each parent takes its children with it.
  for (int parent = 0; parent < parents; parent++)
    if (started[parent] > 0) kill(started[parent], SIGKILL);
  while (wait(NULL) > 0) continue;
  return 0;
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "drop") == 0) return 0;
  if (count == 4 && strcmp(arguments[1], "exec") == 0)
    return storm_of_execs(arguments[0], atoi(arguments[2]), atoi(arguments[3]));
  if (count == 3 && strcmp(arguments[1], "fork") == 0) return storm_of_forks(atoi(arguments[2]));
  fprintf(stderr, "usage: storm exec COUNT PER_SECOND | storm fork COUNT\n");
  return 2;
}
