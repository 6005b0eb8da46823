// storm PROGRAM COUNT RATE MODE: starts COUNT short-lived processes, RATE a second (0: one after the other at once).
// Waits for a line on standard input first, so that whoever watches knows its pid. PROGRAM is tiny; each process gets
// the one argument MODE INDEX "@" NANOSECONDS, the moment just before its exec by CLOCK_MONOTONIC.
// Prints when it is done: COUNT, nanoseconds it took, nanoseconds of CPU of itself and its children together.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void wait_until(long long moment) {
  struct timespec time = {.tv_sec = moment / 1000000000, .tv_nsec = moment % 1000000000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) != 0) {}
}

static long long cpu(int whose) {
  struct rusage usage;
  getrusage(whose, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

int main(int argc, char **argv) {
  if (argc != 5 || atol(argv[2]) <= 0 || atol(argv[3]) < 0) {
    fprintf(stderr, "usage: storm PROGRAM COUNT RATE MODE\n");
    return 2;
  }
  long count = atol(argv[2]), rate = atol(argv[3]), ended = 0;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_TIMERSLACK, 1);
  if (getchar() == EOF) return 1;
  long long began = now();
  for (long i = 0; i < count; i++) {
    if (rate) wait_until(began + i * 1000000000LL / rate);
    char argument[64];
    char *arguments[] = {argv[1], argument, NULL};
    snprintf(argument, sizeof argument, "%s%ld@%lld", argv[4], i, now());
    // The child has the parent's memory until it executes, so the parent stands still until then.
    pid_t child = vfork();
    if (child == 0) {
      execve(argv[1], arguments, environ);
      _exit(127);
    }
    if (child < 0) {
      perror("storm: vfork");
      return 1;
    }
    int status = 0;
    if (!rate) ended += waitpid(child, &status, 0) == child;
    while (rate && waitpid(-1, &status, WNOHANG) > 0) ended++;
    if (status != 0) {
      fprintf(stderr, "storm: %s could not be started\n", argv[1]);
      return 1;
    }
  }
  while (ended < count && wait(NULL) > 0) ended++;
  printf("%ld %lld %lld\n", count, now() - began, cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN));
  return 0;
}
