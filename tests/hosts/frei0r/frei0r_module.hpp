// The filter as a host sees it: a file that is opened, and its functions.
#ifndef TESTS_HOSTS_FREI0R_FREI0R_MODULE_HPP
#define TESTS_HOSTS_FREI0R_FREI0R_MODULE_HPP

#include <dlfcn.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

extern "C" {
#include <frei0r.h>
}

class Frei0rModule {
 public:
  Frei0rModule() : handle_(dlopen(MODULE, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw std::runtime_error(dlerror());
    find(init, "f0r_init");
    find(deinit, "f0r_deinit");
    find(plugin_info, "f0r_get_plugin_info");
    find(param_info, "f0r_get_param_info");
    find(construct, "f0r_construct");
    find(destruct, "f0r_destruct");
    find(set_param, "f0r_set_param_value");
    find(get_param, "f0r_get_param_value");
    find(update, "f0r_update");
    init();
    f0r_plugin_info_t plugin = {};
    plugin_info(&plugin);
    for (int i = 0; i < plugin.num_params; ++i) {
      f0r_param_info_t info = {};
      param_info(&info, i);
      numbers[info.name] = i;
    }
  }
  ~Frei0rModule() {
    deinit();
    dlclose(handle_);
  }
  Frei0rModule(const Frei0rModule&) = delete;
  Frei0rModule& operator=(const Frei0rModule&) = delete;

  decltype(&f0r_init) init;
  decltype(&f0r_deinit) deinit;
  decltype(&f0r_get_plugin_info) plugin_info;
  decltype(&f0r_get_param_info) param_info;
  decltype(&f0r_construct) construct;
  decltype(&f0r_destruct) destruct;
  decltype(&f0r_set_param_value) set_param;
  decltype(&f0r_get_param_value) get_param;
  decltype(&f0r_update) update;
  std::map<std::string, int> numbers;  // of parameters, by name

 private:
  template <typename Function>
  void find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(dlsym(handle_, name));
    if (function == nullptr) throw std::runtime_error(std::string("no function ") + name);
  }

  void* handle_;
};

using Pixels = std::vector<std::uint32_t>;

// One instance.
class Frei0rInstance {
 public:
  Frei0rInstance(const Frei0rModule& module, unsigned width, unsigned height)
      : module_(module), size_(std::size_t{width} * height) {
    instance_ = module.construct(width, height);
    if (instance_ == nullptr) throw std::runtime_error("f0r_construct refused");
    set("cuda", "cpu");
    set("threads", "1");
  }
  ~Frei0rInstance() { module_.destruct(instance_); }
  Frei0rInstance(const Frei0rInstance&) = delete;
  Frei0rInstance& operator=(const Frei0rInstance&) = delete;

  void set(const std::string& name, const std::string& text) {
    std::string copy = text;
    f0r_param_string value = copy.data();
    module_.set_param(instance_, &value, module_.numbers.at(name));
  }
  std::string get(const std::string& name) const {
    f0r_param_string value = nullptr;
    module_.get_param(instance_, &value, module_.numbers.at(name));
    return value;
  }
  Pixels update(const Pixels& src, double time = 0) {
    Pixels dst(size_);
    module_.update(instance_, time, src.data(), dst.data());
    return dst;
  }
  f0r_instance_t handle() const { return instance_; }

 private:
  const Frei0rModule& module_;
  std::size_t size_;
  f0r_instance_t instance_;
};

#endif  // TESTS_HOSTS_FREI0R_FREI0R_MODULE_HPP
