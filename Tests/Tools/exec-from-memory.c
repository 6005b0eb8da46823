// Usage: exec-from-memory PROGRAM ARGUMENT...
//
// Copies a program into a memory file and starts it from there: it has no path on any disk.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: exec-from-memory PROGRAM ARGUMENT...\n");
    return 2;
  }
  int program = open(arguments[1], O_RDONLY | O_CLOEXEC);
  int memory = memfd_create("payload", MFD_CLOEXEC);
  struct stat status;
  if (program < 0 || memory < 0 || fstat(program, &status) < 0) {
    perror(arguments[1]);
    return 1;
  }
  for (off_t done = 0; done < status.st_size;)
    if (sendfile(memory, program, &done, (size_t)(status.st_size - done)) <= 0) {
      perror("copy");
      return 1;
    }
  fexecve(memory, arguments + 1, environ);
  perror("exec");
  return 1;
}
