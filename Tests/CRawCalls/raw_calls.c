#define _GNU_SOURCE
#include "CRawCalls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int outcome(long result) { return result < 0 ? errno : 0; }

int raw_call(long number, const long arguments[4]) {
  return outcome(syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], 0L, 0L));
}

int raw_exec(const char *path) {
  char *const arguments[] = {(char *)path, NULL};
  return outcome(execv(path, arguments));
}

int raw_fork(void) {
  pid_t child = fork();
  if (child == 0) _exit(0);
  if (child < 0) return errno;
  return outcome(waitpid(child, NULL, 0));
}

int raw_dumpable(void) { return prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL); }

void raw_block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
}

int raw_drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[2] = {0};
  return outcome(syscall(SYS_capset, &header, data));
}

int raw_open_memory_for_writing(pid_t process) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/mem", process);
  int file = open(path, O_RDWR | O_CLOEXEC);
  int result = outcome(file);
  if (file >= 0) close(file);
  return result;
}

int raw_open_netlink(int protocol) {
  int descriptor = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, protocol);
  int result = outcome(descriptor);
  if (descriptor >= 0) close(descriptor);
  return result;
}

int raw_wait_for_descriptors(void) {
  sigset_t terminate;
  sigemptyset(&terminate);
  sigaddset(&terminate, SIGTERM);
  struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
  struct epoll_event event = {.events = EPOLLIN};
  int signals = signalfd(-1, &terminate, SFD_CLOEXEC);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  int files = inotify_init1(IN_CLOEXEC);
  int poll = epoll_create1(EPOLL_CLOEXEC);
  if (signals < 0 || timer < 0 || files < 0 || poll < 0) return errno;
  if (inotify_add_watch(files, "/", IN_CREATE) < 0) return errno;
  if (timerfd_settime(timer, 0, &soon, NULL) < 0) return errno;
  if (epoll_ctl(poll, EPOLL_CTL_ADD, timer, &event) < 0) return errno;
  return outcome(epoll_wait(poll, &event, 1, 1000));
}

int raw_listen(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0 && chmod(path, 0777) == 0 &&
      listen(descriptor, 8) == 0) return descriptor;
  close(descriptor);
  return -1;
}

int raw_connect(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return ENAMETOOLONG;
  strcpy(address.sun_path, path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return errno;
  int result = outcome(connect(descriptor, (struct sockaddr *)&address, sizeof address));
  if (result == 0) result = outcome(send(descriptor, "x", 1, MSG_NOSIGNAL));
  close(descriptor);
  return result;
}

int raw_read_link(const char *path) {
  char target[4096];
  return outcome(readlink(path, target, sizeof target));
}

int raw_read_file(const char *path) {
  char bytes[4096];
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  ssize_t count;
  do count = read(file, bytes, sizeof bytes);
  while (count > 0);
  int result = outcome(count);
  close(file);
  return result;
}

int raw_resolve(const char *name) {
  struct addrinfo *found = NULL;
  int error = getaddrinfo(name, "514", NULL, &found);
  if (error == EAI_SYSTEM) return errno;
  if (error != 0) return ENOENT;
  freeaddrinfo(found);
  return 0;
}

int raw_load_library(const char *name) { return dlopen(name, RTLD_NOW) != NULL ? 0 : ENOENT; }

pid_t raw_spawn(char *const command[], int *output) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  pid_t child;
  int error = posix_spawnp(&child, command[0], &actions, NULL, command, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  *output = ends[0];
  if (error == 0) return child;
  close(ends[0]);
  return -error;
}
