/// libseccomp, with what Swift cannot import of it: macros that cast or take an argument.
#pragma once
#include <seccomp.h>
#include <stdint.h>

static const uint32_t wh_arch_x86_64 = SCMP_ARCH_X86_64;
static const uint32_t wh_arch_arm64 = SCMP_ARCH_AARCH64;

/// The action that makes a call fail with `error`. See seccomp_rule_add(3).
static inline uint32_t wh_act_errno(uint16_t error) { return SCMP_ACT_ERRNO(error); }
