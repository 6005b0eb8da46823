// A short-lived program as people write them, with a C library; linked statically and dynamically.
// Its first argument says what it does: x… ends at once; e… replaces itself by `x…` of the same program first.
// It has to be started with its own path as argument 0.
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 2 || argv[1][0] != 'e') return 0;
  argv[1][0] = 'x';
  execv(argv[0], argv);
  return 1;
}
