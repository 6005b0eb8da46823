#define _GNU_SOURCE
#include "wh_refused_calls.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <ucontext.h>

// A constant of the kernel's siginfo that glibc 2.36 leaves out.
#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif

// Lock-free, or the handler could deadlock with the code that it interrupted.
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics are lock-free");

static _Atomic uint64_t counts[WH_REFUSED_NUMBERS + 1];
// Negative errno values; 0 stands for ENOSYS. Written before the filter, and so the first trap, exists.
static int16_t answers[WH_REFUSED_NUMBERS + 1];

static uint32_t slot(uint32_t number) {
  return number < WH_REFUSED_NUMBERS ? number : WH_REFUSED_NUMBERS;
}

// Async-signal-safe: one relaxed increment and one store into the interrupted thread's registers. The kernel has
// left the call out and put the registers back; the frame resumes behind the instruction.
static void refuse(int signal, siginfo_t *info, void *context) {
  (void)signal;
  // Only the filter's own signal: one sent by kill(2) has no call to answer.
  if (info->si_code != SYS_SECCOMP) return;
  uint32_t number = slot((uint32_t)info->si_syscall);
  atomic_fetch_add_explicit(&counts[number], 1, memory_order_relaxed);
  int64_t answer = answers[number] != 0 ? answers[number] : -ENOSYS;
  ucontext_t *interrupted = context;
#if defined(__x86_64__)
  interrupted->uc_mcontext.gregs[REG_RAX] = answer;
#elif defined(__aarch64__)
  interrupted->uc_mcontext.regs[0] = (uint64_t)answer;
#else
#error "the register that holds a system call's result is not known on this architecture"
#endif
}

int wh_refused_calls_install(void) {
  struct sigaction action = {.sa_sigaction = refuse, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigfillset(&action.sa_mask);
  if (sigaction(SIGSYS, &action, NULL) != 0) return -1;
  sigset_t trap;
  sigemptyset(&trap);
  sigaddset(&trap, SIGSYS);
  int error = pthread_sigmask(SIG_UNBLOCK, &trap, NULL);
  if (error == 0) return 0;
  errno = error;
  return -1;
}

void wh_refused_calls_answer(uint32_t number, int32_t error) {
  answers[slot(number)] = (int16_t)-error;
}

uint64_t wh_refused_calls_count(uint32_t number) {
  return atomic_load_explicit(&counts[slot(number)], memory_order_relaxed);
}
