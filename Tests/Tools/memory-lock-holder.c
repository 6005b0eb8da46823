// Usage: memory-lock-holder DIRECTORY SECONDS
//
// Starts a process that holds the lock of its own memory, so that whoever reads its command line waits for ever, and
// prints "holding PID" once it does. It ends, with everything it made, after so many seconds, by a signal, or when its
// standard input ends.
//
// How: a FUSE file system whose one file is never read to the end. The holder maps that file; one of its threads reads
// the page through /proc/self/mem, which keeps the memory lock for reading while the kernel waits for FUSE; the other
// wants the lock for writing by mmap(2) and queues. Every later reader queues behind the writer.
//
// Nothing can stay stuck: this process alone has /dev/fuse open, and the kernel aborts the connection when it ends,
// however it ends. Mounts are made in a mount namespace of its own.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { page_size = 4096, node_of_page = 2, request_size = 64 << 10 };

static void die(const char *what) {
  fprintf(stderr, "memory-lock-holder: %s: %s\n", what, strerror(errno));
  exit(1);
}

// MARK: - The holder

static int own_memory;
static void *trap_page;

static void *hold_for_reading(void *unused) {
  (void)unused;
  char byte;
  pread(own_memory, &byte, 1, (off_t)(size_t)trap_page);
  return NULL;
}

// Runs as a program of its own, so that its exec is what makes a monitor read its command line.
static _Noreturn void hold(int file) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  own_memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (own_memory < 0) die("/proc/self/mem");
  trap_page = mmap(NULL, page_size, PROT_READ, MAP_PRIVATE, file, 0);
  if (trap_page == MAP_FAILED) die("mmap of the FUSE file");
  pthread_t thread;
  if (pthread_create(&thread, NULL, hold_for_reading, NULL) != 0) die("pthread_create");
  // Before the other thread holds the lock these succeed; the first one after it waits for ever.
  for (;;) {
    void *page = mmap(NULL, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED) munmap(page, page_size);
  }
}

// MARK: - The file system

static void reply(int fuse, const struct fuse_in_header *request, int error, const void *body, size_t size) {
  char message[sizeof(struct fuse_out_header) + 256];
  struct fuse_out_header header = {
      .len = (uint32_t)(sizeof header + size), .error = -error, .unique = request->unique};
  memcpy(message, &header, sizeof header);
  if (size > 0) memcpy(message + sizeof header, body, size);
  if (write(fuse, message, header.len) < 0 && errno != ENOENT) die("reply to the kernel");
}

static struct fuse_attr attributes(uint64_t node) {
  struct fuse_attr attributes = {.ino = node, .nlink = 1, .blksize = page_size};
  attributes.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0444;
  attributes.size = node == FUSE_ROOT_ID ? 0 : page_size;
  return attributes;
}

// Answers one request; returns whether it was the read that is never answered.
static int serve(int fuse) {
  static char buffer[request_size];
  ssize_t size = read(fuse, buffer, sizeof buffer);
  if (size < 0 && (errno == EINTR || errno == EAGAIN || errno == ENOENT)) return 0;
  if (size < (ssize_t)sizeof(struct fuse_in_header)) die("request of the kernel");
  const struct fuse_in_header *request = (const struct fuse_in_header *)buffer;
  switch (request->opcode) {
  case FUSE_INIT: {
    const struct fuse_init_in *asked = (const struct fuse_init_in *)(request + 1);
    struct fuse_init_out answer = {
        .major = FUSE_KERNEL_VERSION, .minor = asked->minor < 31 ? asked->minor : 31, .max_write = page_size};
    reply(fuse, request, 0, &answer, sizeof answer);
    return 0;
  }
  case FUSE_LOOKUP: {
    struct fuse_entry_out entry = {
        .nodeid = node_of_page, .entry_valid = 60, .attr_valid = 60, .attr = attributes(node_of_page)};
    reply(fuse, request, 0, &entry, sizeof entry);
    return 0;
  }
  case FUSE_GETATTR: {
    struct fuse_attr_out answer = {.attr_valid = 60, .attr = attributes(request->nodeid)};
    reply(fuse, request, 0, &answer, sizeof answer);
    return 0;
  }
  case FUSE_OPEN: {
    struct fuse_open_out answer = {.fh = 1};
    reply(fuse, request, 0, &answer, sizeof answer);
    return 0;
  }
  case FUSE_READ:
    return 1;
  case FUSE_FORGET:
  case FUSE_BATCH_FORGET:
  case FUSE_INTERRUPT:
    return 0;
  default:
    reply(fuse, request, request->opcode == FUSE_FLUSH || request->opcode == FUSE_RELEASE ? 0 : ENOSYS, NULL, 0);
    return 0;
  }
}

static int mount_file_system(const char *directory) {
  int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (fuse < 0) die("/dev/fuse");
  if (unshare(CLONE_NEWNS) < 0) die("a mount namespace");
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) die("a private mount tree");
  char options[128];
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse);
  if (mount("memory-lock-holder", directory, "fuse", MS_NOSUID | MS_NODEV, options) < 0) die("the FUSE mount");
  return fuse;
}

static pid_t start_holder(const char *self, const char *directory, pid_t parent) {
  pid_t holder = fork();
  if (holder < 0) die("fork");
  if (holder > 0) return holder;
  // /dev/fuse stays open until the exec; if the parent ended before, nobody would answer the open below.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  char path[page_size];
  snprintf(path, sizeof path, "%s/page", directory);
  int file = open(path, O_RDONLY);
  if (file < 0) die(path);
  char number[16];
  snprintf(number, sizeof number, "%d", file);
  execl(self, self, "--hold", number, (char *)NULL);
  die("exec");
  return 0;
}

// Whether the holder's first thread sleeps where no signal wakes it: in mmap(2), behind the thread that reads.
static int is_queued(pid_t holder) {
  char path[32], line[128] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", holder);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) die(path);
  if (read(file, line, sizeof line - 1) < 0) die(path);
  close(file);
  return strstr(line, ") D ") != NULL;
}

int main(int count, char **arguments) {
  if (count == 3 && strcmp(arguments[1], "--hold") == 0) hold(atoi(arguments[2]));
  if (count != 3) {
    fprintf(stderr, "usage: memory-lock-holder DIRECTORY SECONDS\n");
    return 2;
  }
  alarm((unsigned)atoi(arguments[2]));
  int fuse = mount_file_system(arguments[1]);
  pid_t holder = start_holder(arguments[0], arguments[1], getpid());
  while (!serve(fuse)) continue;
  // Twice, since it may also sleep so for a moment while it still gets the lock.
  for (int times = 0; times < 2; times = is_queued(holder) ? times + 1 : 0) usleep(2000);
  printf("holding %d\n", holder);
  fflush(stdout);
  // What the kernel asks from here on, such as to interrupt that read, stays unanswered.
  char byte;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  return 0;
}
