// Usage: inject THREAD CALL...
//
// Makes system calls in another process's thread, as whoever took that process over would: stops the thread with
// ptrace(2), sets its registers, lets it run one system call after the other, and puts everything back. For each call it
// prints "CALL: RESULT", a negative errno when the call failed; "CALL: killed by SIGNAL" when it ended the process, and
// then nothing else. A call that the process answers in a handler of SIGSYS has the handler's result. What the calls
// opened or mapped stays with the process.
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { argument_count = 4, text_size = 64, red_zone = 256 };

// Stands for the address of the call's text.
#define TEXT ((long)0x7e87)
#define NONE 0L

static const struct attempt {
  const char *name;
  long number;
  const char *text;
  long arguments[argument_count];
} attempts[] = {
    // What the agent does all the time.
    {"getpid", SYS_getpid, "", {NONE}},
    {"openat", SYS_openat, "/proc/1/stat", {AT_FDCWD, TEXT, O_RDONLY | O_CLOEXEC}},
    {"readlinkat", SYS_readlinkat, "/proc/self/exe", {AT_FDCWD, TEXT, TEXT, text_size}},
    {"socket", SYS_socket, "", {AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0}},
    {"mmap", SYS_mmap, "", {0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS}},
    // What it has no business with, though it might be a library's.
    {"memfd_create", SYS_memfd_create, "x", {TEXT, 0}},
    {"kill", SYS_kill, "", {1, 0}},
    {"executable-mmap", SYS_mmap, "", {0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS}},
    // What only an intruder calls. Without the filter none of them would do harm.
    {"execve", SYS_execve, "/nonexistent", {TEXT, NONE, NONE}},
    {"execveat", SYS_execveat, "/nonexistent", {AT_FDCWD, TEXT, NONE, NONE}},
    {"ptrace", SYS_ptrace, "", {PTRACE_PEEKDATA, 1, NONE, NONE}},
    {"process_vm_writev", SYS_process_vm_writev, "", {1, NONE, 0, NONE}},
    {"bpf", SYS_bpf, "", {-1, NONE, 0}},
    {"init_module", SYS_init_module, "", {NONE, 0, NONE}},
    {"kexec_load", SYS_kexec_load, "", {NONE, 0, NONE, -1}},
    {"mount", SYS_mount, "/nonexistent", {TEXT, TEXT, NONE, 4096}},
    {"unshare", SYS_unshare, "", {CLONE_NEWNS}},
    {"setns", SYS_setns, "", {-1, 0}},
};

#if defined(__x86_64__)
typedef struct user_regs_struct registers;
enum { instruction_size = 2 };
static int is_call(long word) { return (word & 0xffff) == 0x050f; }
static unsigned long *counter(registers *all) { return (unsigned long *)&all->rip; }
static unsigned long stack(const registers *all) { return all->rsp; }
static long result(const registers *all) { return (long)all->rax; }
static void set_call(registers *all, long number, const long arguments[argument_count]) {
  all->rax = (unsigned long)number;
  // Else the kernel takes the call that was interrupted up again.
  all->orig_rax = -1UL;
  all->rdi = arguments[0], all->rsi = arguments[1], all->rdx = arguments[2], all->r10 = arguments[3];
  all->r8 = -1UL, all->r9 = 0;
}
#elif defined(__aarch64__)
typedef struct user_regs_struct registers;
enum { instruction_size = 4 };
static int is_call(long word) { return (word & 0xffffffff) == 0xd4000001; }
static unsigned long *counter(registers *all) { return (unsigned long *)&all->pc; }
static unsigned long stack(const registers *all) { return all->sp; }
static long result(const registers *all) { return (long)all->regs[0]; }
static void set_call(registers *all, long number, const long arguments[argument_count]) {
  all->regs[8] = (unsigned long)number;
  for (int index = 0; index < argument_count; index++) all->regs[index] = (unsigned long)arguments[index];
  all->regs[4] = -1UL, all->regs[5] = 0;
}
#else
#error "the registers of a system call are not known on this architecture"
#endif

static pid_t thread;

static _Noreturn void fail(const char *what) {
  perror(what);
  exit(1);
}

static registers get_registers(void) {
  registers all;
  struct iovec room = {&all, sizeof all};
  if (ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &room) < 0) fail("PTRACE_GETREGSET");
  return all;
}

static void set_registers(registers all) {
  struct iovec room = {&all, sizeof all};
  if (ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &room) < 0) fail("PTRACE_SETREGSET");
}

// Lets the thread go on until it stops again. Returns the status of the stop, or of the end.
static int go_on(int request, int signal) {
  if (ptrace(request, thread, 0, signal) < 0) fail("ptrace");
  int status;
  if (waitpid(thread, &status, __WALL) != thread) fail("waitpid");
  return status;
}

static int is_event_stop(int status) { return WIFSTOPPED(status) && status >> 16 == PTRACE_EVENT_STOP; }

// Stops the thread where signals would be handled, from where the kernel takes an interrupted call up again.
static void halt(void) {
  if (ptrace(PTRACE_INTERRUPT, thread, 0, 0) < 0) fail("PTRACE_INTERRUPT");
  int status;
  if (waitpid(thread, &status, __WALL) != thread) fail("waitpid");
  while (!is_event_stop(status)) {
    if (!WIFSTOPPED(status)) fail("the thread has ended");
    // Another signal was first: the thread gets it later, when it is let go.
    const int signal = WSTOPSIG(status);
    status = go_on(PTRACE_CONT, signal == SIGTRAP || signal == (SIGTRAP | 0x80) ? 0 : signal);
  }
}

// Whether the filter's SIGSYS waits for the thread.
static int is_refused(void) {
  struct __ptrace_peeksiginfo_args from = {.nr = 1};
  siginfo_t info;
  return ptrace(PTRACE_PEEKSIGINFO, thread, &from, &info) == 1 && info.si_signo == SIGSYS;
}

// Where a system call stands that the thread has just made, or that the kernel would take up again; 0 when there is none.
static unsigned long find_call(registers all) {
  const unsigned long here = *counter(&all);
  if (is_call(ptrace(PTRACE_PEEKTEXT, thread, here, 0))) return here;
  return is_call(ptrace(PTRACE_PEEKTEXT, thread, here - instruction_size, 0)) ? here - instruction_size : 0;
}

// Makes one call. The thread stands at a stop, and its program counter at a system call.
static int perform(const struct attempt *attempt, registers at_call) {
  long arguments[argument_count];
  const unsigned long text = (stack(&at_call) - red_zone - text_size) & ~15UL;
  for (int index = 0; index < argument_count; index++)
    arguments[index] = attempt->arguments[index] == TEXT ? (long)text : attempt->arguments[index];
  char bytes[text_size] = {0};
  strcpy(bytes, attempt->text);
  for (size_t offset = 0; offset < sizeof bytes; offset += sizeof(long)) {
    long word;
    memcpy(&word, bytes + offset, sizeof word);
    if (ptrace(PTRACE_POKEDATA, thread, text + offset, word) < 0) fail("PTRACE_POKEDATA");
  }
  set_call(&at_call, attempt->number, arguments);
  set_registers(at_call);

  int status = go_on(PTRACE_SYSCALL, 0);  // the entry
  if (WIFSTOPPED(status)) status = go_on(PTRACE_SYSCALL, 0);  // the exit
  if (WIFSTOPPED(status) && is_refused()) {
    status = go_on(PTRACE_SYSCALL, 0);  // the signal
    if (WIFSTOPPED(status)) status = go_on(PTRACE_SYSCALL, SIGSYS);  // the handler's return: entry and exit
    if (WIFSTOPPED(status)) status = go_on(PTRACE_SYSCALL, 0);
  }
  if (WIFSTOPPED(status)) {
    const registers all = get_registers();
    printf("%s: %ld\n", attempt->name, result(&all));
    return 1;
  }
  printf("%s: killed by %d\n", attempt->name, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  return 0;
}

static const struct attempt *find(const char *name) {
  for (size_t index = 0; index < sizeof attempts / sizeof *attempts; index++)
    if (strcmp(attempts[index].name, name) == 0) return &attempts[index];
  fprintf(stderr, "inject: no call is known as %s\n", name);
  exit(2);
}

int main(int count, char **words) {
  thread = count > 2 ? atoi(words[1]) : 0;
  for (int index = 2; index < count; index++) find(words[index]);
  if (thread <= 0 || ptrace(PTRACE_SEIZE, thread, 0, PTRACE_O_TRACESYSGOOD) < 0) fail("PTRACE_SEIZE");
  halt();
  registers before = get_registers();
  if (!find_call(before)) {
    // It was at work, and not waiting: then its next system call is waited for, entry and exit.
    if (!WIFSTOPPED(go_on(PTRACE_SYSCALL, 0)) || !WIFSTOPPED(go_on(PTRACE_SYSCALL, 0))) fail("the thread has ended");
    before = get_registers();
  }
  registers at_call = before;
  *counter(&at_call) = find_call(before);
  for (int index = 2; index < count; index++)
    if (!perform(find(words[index]), at_call)) return 0;
  if (ptrace(PTRACE_INTERRUPT, thread, 0, 0) < 0) fail("PTRACE_INTERRUPT");
  if (!is_event_stop(go_on(PTRACE_CONT, 0))) fail("the thread went on");
  set_registers(before);
  return ptrace(PTRACE_DETACH, thread, 0, 0) < 0;
}
