#include "CShim.h"

#include <new>

#include <simdjson.h>

namespace dom = simdjson::dom;

struct wh_json {
  dom::parser parser;
  dom::object object;
  dom::object::iterator member{};
  dom::array array;
  dom::array::iterator element{};
};

namespace {
void describe(const dom::element &element, wh_json_value *value) {
  switch (element.type()) {
    case dom::element_type::NULL_VALUE:
      value->kind = WH_JSON_NULL;
      return;
    case dom::element_type::BOOL:
      value->kind = WH_JSON_BOOL;
      value->bits = bool(element) ? 1 : 0;
      return;
    case dom::element_type::INT64:
      value->kind = WH_JSON_SIGNED;
      value->bits = uint64_t(int64_t(element));
      return;
    case dom::element_type::UINT64:
      value->kind = WH_JSON_UNSIGNED;
      value->bits = uint64_t(element);
      return;
    case dom::element_type::DOUBLE:
      value->kind = WH_JSON_DOUBLE;
      value->number = double(element);
      return;
    case dom::element_type::STRING: {
      std::string_view text(element);
      value->kind = WH_JSON_TEXT;
      value->text = text.data();
      value->text_count = text.size();
      return;
    }
    case dom::element_type::ARRAY:
      value->kind = WH_JSON_ARRAY;
      return;
    case dom::element_type::OBJECT:
      value->kind = WH_JSON_OBJECT;
      return;
  }
}
}  // namespace

wh_json *wh_json_new(void) { return new (std::nothrow) wh_json(); }

void wh_json_delete(wh_json *json) { delete json; }

const char *wh_json_parse(wh_json *json, const uint8_t *bytes, size_t count) {
  dom::element document;
  simdjson::error_code error = json->parser.parse(bytes, count).get(document);
  if (!error) error = document.get(json->object);
  if (error) return simdjson::error_message(error);
  json->member = json->object.begin();
  return nullptr;
}

bool wh_json_next_member(wh_json *json, wh_json_value *value) {
  if (json->member == json->object.end()) return false;
  *value = wh_json_value{};
  std::string_view name = json->member.key();
  value->name = name.data();
  value->name_count = name.size();
  const dom::element member = json->member.value();
  describe(member, value);
  if (value->kind == WH_JSON_ARRAY) {
    json->array = member;
    json->element = json->array.begin();
  }
  ++json->member;
  return true;
}

bool wh_json_next_element(wh_json *json, wh_json_value *value) {
  if (json->element == json->array.end()) return false;
  *value = wh_json_value{};
  describe(*json->element, value);
  ++json->element;
  return true;
}
