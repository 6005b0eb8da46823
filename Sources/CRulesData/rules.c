#include "CRulesData.h"

// A function and not the array: Swift does not import an array whose size its header does not tell.
static const unsigned char rules[] = {
#embed "../../rules/windhover_rules.yaml"
};

const unsigned char *wh_default_rules(void) { return rules; }
size_t wh_default_rules_count(void) { return sizeof rules; }
