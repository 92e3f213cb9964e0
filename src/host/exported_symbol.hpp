// What a shared library exports, read from its bytes: loading it would run its code.
#ifndef WORKFLOW_HOST_EXPORTED_SYMBOL_HPP
#define WORKFLOW_HOST_EXPORTED_SYMBOL_HPP

#include <string>
#include <vector>

namespace workflow {

// Names of the symbols that the ELF file defines for others (System V ABI, chapter 4, section type
// SHT_DYNSYM). Empty for a file that is missing, damaged, of another word size, or no library.
std::vector<std::string> exported_symbols(const std::string& path);

// Whether name is one of them. Cheap on files that do not mention the name at all.
bool exports_symbol(const std::string& path, const std::string& name);

}  // namespace workflow

#endif  // WORKFLOW_HOST_EXPORTED_SYMBOL_HPP
