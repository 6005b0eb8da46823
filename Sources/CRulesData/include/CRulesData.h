/// The default rules, embedded when the binary is built.
#pragma once
#include <stddef.h>

/// The bytes of rules/windhover_rules.yaml, not NUL-terminated, for as long as the program runs.
const unsigned char *wh_default_rules(void);
size_t wh_default_rules_count(void);
