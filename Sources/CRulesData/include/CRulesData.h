/// The default rules, embedded when the binary is built.
#pragma once
#include <stddef.h>

/// The bytes of rules/windhover_rules.yaml; not NUL-terminated.
extern const unsigned char wh_default_rules[];
extern const size_t wh_default_rules_count;
