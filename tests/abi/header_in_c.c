/* The header compiles alone as C11 with pedantic warnings, and its layout is the frozen one. */
#include "workflow/plugin_abi.h"

#include "abi/frozen_layout.h"

int main(void) { return WF_ABI_VERSION >> 16 == WF_ABI_MAJOR ? 0 : 1; }
