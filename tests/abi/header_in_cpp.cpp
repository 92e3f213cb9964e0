// The header compiles alone as C++17, and C and C++ agree on the layout.
#include "abi/frozen_layout.h"
#include "workflow/plugin_abi.h"

int main() {
  return (WF_ABI_VERSION >> 16) == WF_ABI_MAJOR ? 0 : 1;
}
