// churn PROGRAM RATE DIRECTORY [CGROUP]: what happens on a busy host, RATE processes a second, until standard input ends.
// Execs with arguments of all lengths, forks that only end, orphans, sessions, names, user ids, processes that stay for a
// while, mounts in a namespace of its own on DIRECTORY, and cgroups below CGROUP. PROGRAM is tiny. Waits for a line on
// standard input first. Prints when it is done how many processes it started.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { stayers = 64, longest = 4000 };

extern char **environ;
static const char *program, *directory, *cgroup;

static void run(long number) {
  static char argument[longest + 32];
  const int length = snprintf(argument, sizeof argument, "%ld ", number);
  const int filling = (int)(number * 7919 % longest);
  memset(argument + length, 'a' + number % 26, filling);
  argument[length + filling] = 0;
  char *arguments[] = {(char *)program, argument, NULL};
  execve(program, arguments, environ);
  _exit(127);
}

static void enter_cgroup(const char *path) {
  char file[512];
  snprintf(file, sizeof file, "%s/cgroup.procs", path);
  const int descriptor = open(file, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  if (write(descriptor, "0", 1) < 0) perror("churn: cgroup.procs");
  close(descriptor);
}

// What a child does; it never returns.
static void live(long number) {
  switch (number % 8) {
    case 0: _exit(0);
    case 1:
      if (fork() == 0) {
        usleep(2000);
        run(number);
      }
      _exit(0);
    case 2: setsid(); break;
    case 3: prctl(PR_SET_NAME, number % 16 < 8 ? "churn (a) b" : "churn"); break;
    case 4: if (setresuid(65534, 65534, 65534) != 0) _exit(1); break;
  }
  run(number);
}

static pid_t start(long number) {
  const pid_t child = fork();
  if (child == 0) live(number);
  return child;
}

static void in_new_cgroup(long number) {
  char path[256];
  snprintf(path, sizeof path, "%s/churn-%ld", cgroup, number);
  if (mkdir(path, 0755) != 0) return;
  const pid_t child = fork();
  if (child == 0) {
    enter_cgroup(path);
    run(number);
  }
  while (child > 0 && waitpid(child, NULL, 0) != child) {}
  // A process leaves its cgroup a moment after it was waited for.
  for (int i = 0; i < 100 && rmdir(path) != 0; i++) usleep(1000);
}

static void mount_and_unmount(void) {
  if (mount("churn", directory, "tmpfs", MS_NOSUID, "size=64k") != 0) return;
  usleep(2000);
  umount2(directory, MNT_DETACH);
}

// One that stays takes the place of the one that came before it.
static void stay(long number) {
  static pid_t pids[stayers];
  pid_t *place = &pids[number % stayers];
  if (*place > 0) kill(*place, SIGKILL);
  *place = fork();
  if (*place == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }
}

int main(int argc, char **argv) {
  if (argc < 4 || atol(argv[2]) <= 0) {
    fprintf(stderr, "usage: churn PROGRAM RATE DIRECTORY [CGROUP]\n");
    return 2;
  }
  program = argv[1], directory = argv[3], cgroup = argc > 4 ? argv[4] : NULL;
  const long rate = atol(argv[2]);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) perror("churn: mounts");
  if (getchar() == EOF) return 1;
  long number = 0;
  struct pollfd input = {.fd = 0, .events = POLLIN};
  struct timespec began;
  clock_gettime(CLOCK_MONOTONIC, &began);
  // Ten milliseconds at a time.
  while (poll(&input, 1, 10) == 0) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const double seconds = (double)(now.tv_sec - began.tv_sec) + (double)(now.tv_nsec - began.tv_nsec) / 1e9;
    for (; (double)number < seconds * (double)rate; number++) {
      if (number % 50 == 49) {
        stay(number / 50);
      } else if (cgroup && number % 100 == 7) {
        in_new_cgroup(number);
      } else if (number % 200 == 11) {
        mount_and_unmount();
      } else if (start(number) < 0) {
        perror("churn: fork");
        return 1;
      }
      while (waitpid(-1, NULL, WNOHANG) > 0) {}
    }
  }
  printf("%ld\n", number);
  return 0;
}
