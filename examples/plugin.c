/* The plugin ABI from C: loads a plugin, mattes a made-up picture, prints the mean of alpha.
 *   plugin libinfer_background_matting.so.1 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <workflow/plugin_abi.h>

enum { kWidth = 320, kHeight = 240 };

/* A grey wall; with a subject, also a bright square before it. */
static void draw(uint8_t* pixels, int subject) {
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const int inside = subject && x > 100 && x < 220 && y > 60;
      memset(pixels + 3 * (y * kWidth + x), inside ? 220 : 60 + (x / 16 + y / 16) % 2 * 20, 3);
    }
  }
}

static int fail(const char* what, const wf_error* error) {
  fprintf(stderr, "%s: %s\n", what, error->text);
  return 1;
}

static int matte(const wf_plugin* plugin, wf_instance* instance, wf_error* error) {
  static uint8_t image_pixels[3 * kWidth * kHeight], plate_pixels[3 * kWidth * kHeight];
  static uint8_t alpha_pixels[kWidth * kHeight];
  draw(image_pixels, 1);
  draw(plate_pixels, 0);

  const wf_image image = {sizeof image, WF_FORMAT_RGB8, kWidth, kHeight, 3 * kWidth, image_pixels, 0};
  const wf_image plate = {sizeof plate, WF_FORMAT_RGB8, kWidth, kHeight, 3 * kWidth, plate_pixels, 0};
  wf_image alpha = {sizeof alpha, WF_FORMAT_GRAY8, kWidth, kHeight, kWidth, alpha_pixels, 0};
  const wf_image* const inputs[] = {&image, &plate};
  wf_image* const outputs[] = {NULL, &alpha}; /* NULL: the composite is not computed */
  if (plugin->run(instance, inputs, 2, outputs, 2, error) != WF_OK) return fail("run", error);

  double sum = 0;
  for (int i = 0; i < kWidth * kHeight; ++i) sum += alpha_pixels[i];
  printf("mean alpha %.3f\n", sum / (255.0 * kWidth * kHeight));
  return 0;
}

static const void* no_extension(const wf_host* host, const char* id) {
  (void)host;
  (void)id;
  return NULL;
}

int main(int argc, char** argv) {
  static const wf_host host = {sizeof host, WF_ABI_VERSION, "example", "1", NULL, no_extension};
  wf_error error = {sizeof error, WF_OK, ""};
  void* library = dlopen(argc > 1 ? argv[1] : "libinfer_background_matting.so.1", RTLD_NOW);
  void* symbol = library ? dlsym(library, WF_PLUGIN_ENTRY_SYMBOL) : NULL;
  if (!symbol) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  wf_plugin_entry_function entry;
  memcpy(&entry, &symbol, sizeof entry);
  const wf_plugin* plugin = entry(&host);
  if (!plugin) return fail("the plugin speaks another major version of the ABI", &error);

  wf_instance* instance = NULL;
  const char* const keys[] = {"cuda"};
  const char* const values[] = {"cpu"};
  if (plugin->create(&host, "infer_background_matting", &instance, &error) != WF_OK) {
    return fail("create", &error);
  }
  int result = 1;
  if (plugin->set_parameters(instance, keys, values, 1, &error) != WF_OK) {
    fail("set_parameters", &error);
  } else {
    result = matte(plugin, instance, &error);
  }
  plugin->destroy(instance);
  dlclose(library);
  return result;
}
