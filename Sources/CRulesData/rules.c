#include "CRulesData.h"

const unsigned char wh_default_rules[] = {
#embed "../../rules/windhover_rules.yaml"
};
const size_t wh_default_rules_count = sizeof wh_default_rules;
