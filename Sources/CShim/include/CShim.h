/// C faces of two C++ libraries: libre2 (regular expressions in linear time) and simdjson (event captures).
/// No logic lives here; every function says which library call it stands for.
#pragma once
