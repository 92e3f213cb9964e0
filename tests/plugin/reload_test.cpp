// A host may load and unload the plugin as often as it likes, also right after a run whose threads
// are still waiting for more work.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "workflow/plugin_abi.h"

namespace {

const void* no_extension(const wf_host*, const char*) {
  return nullptr;
}

void run_once(const wf_plugin* plugin, const wf_host& host) {
  constexpr std::uint32_t kSide = 64;
  std::vector<std::uint8_t> pixels(3 * kSide * kSide, 90), alpha_pixels(kSide * kSide);
  const wf_image picture = {sizeof picture, WF_FORMAT_RGB8, kSide, kSide,
                            3 * kSide,      pixels.data(),  0};
  wf_image alpha = {sizeof alpha, WF_FORMAT_GRAY8, kSide, kSide, kSide, alpha_pixels.data(), 0};
  const wf_image* const inputs[] = {&picture, &picture};
  wf_image* const outputs[] = {nullptr, &alpha};
  const char* const keys[] = {"cuda", "threads"};
  const char* const values[] = {"cpu", "2"};
  wf_error error = {sizeof error, WF_OK, ""};
  wf_instance* instance = nullptr;
  ASSERT_EQ(plugin->create(&host, "infer_background_matting", &instance, &error), WF_OK);
  ASSERT_EQ(plugin->set_parameters(instance, keys, values, 2, &error), WF_OK) << error.text;
  ASSERT_EQ(plugin->run(instance, inputs, 2, outputs, 2, &error), WF_OK) << error.text;
  plugin->destroy(instance);
}

TEST(Reload, TheThreadsOfARunOutliveThePlugin) {
  const wf_host host = {sizeof host, WF_ABI_VERSION, "test", "1", nullptr, no_extension};
  for (int round = 0; round < 20; ++round) {
    void* library = dlopen(PLUGIN, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << dlerror();
    const auto entry =
        reinterpret_cast<wf_plugin_entry_function>(dlsym(library, WF_PLUGIN_ENTRY_SYMBOL));
    ASSERT_NE(entry, nullptr);
    run_once(entry(&host), host);
    ASSERT_EQ(dlclose(library), 0);
    usleep(3000);  // long enough for a spinning thread to go on
  }
#ifndef __SANITIZE_ADDRESS__  // which keeps every library, to name it in its reports
  EXPECT_EQ(dlopen(PLUGIN, RTLD_NOW | RTLD_NOLOAD), nullptr) << "the plugin itself is gone";
#endif
}

}  // namespace
