# Sourced by ./demo and ./test: installs Debian packages that are missing, as root or with sudo.

# What the build needs; docs say why next to each target.
build_packages=(
  g++ cmake ninja-build ccache pkg-config
  libtorch-dev                # the TorchScript engine
  libdnnl-dev libhwy-dev      # the native engine: convolutions, vector code
  nlohmann-json3-dev          # results and workflows
  libopencv-imgcodecs-dev libopencv-imgproc-dev libopencv-highgui-dev  # image files, --show
  libopencv-features2d-dev libopencv-calib3d-dev  # plates that are laid on the frames
  libcurl4-openssl-dev        # input by URL, model download
  libssl-dev                  # SHA-256
  libcli11-dev                # the command line
  libavformat-dev libavcodec-dev libavutil-dev libswscale-dev  # video files
  libavdevice-dev             # cameras
  libopenexr-dev              # OpenEXR pictures
)
test_packages=(
  frei0r-plugins-dev melt     # the frei0r filter: its header, and a host to test it in beside ffmpeg
  libgstreamer-plugins-base1.0-dev gstreamer1.0-tools  # the GStreamer element, likewise
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  libgtest-dev libgmock-dev libbenchmark-dev
  python3-venv                # the Python package and its tests
  python3-torch               # writes TorchScript as the LibTorch of Debian reads it
  python3-numpy
  ffmpeg                      # makes the clips that video tests read
  dpkg-dev file               # make the Debian packages
  man-db zsh fish             # the manual and the completions in them
  xvfb xdotool                # a screen and a keyboard for the window of matting video live
  parallel                    # makes chunks of a video, beside Dask and Slurm
)
# A virtual machine whose kernel has cameras, and their tests; tests/camera/machine adds a kernel.
machine_packages=(
  qemu-system-x86 busybox-static cpio kmod make
  v4l-utils                   # unplugs a camera
)

say() { printf '\n== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else
    echo "These packages need root to install, and there is no sudo: $*" >&2
    return 1
  fi
}

# install_packages NAME...: does nothing where all are there.
install_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q '^install ok installed$' ||
      missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "Installing from Debian: ${missing[*]}"
  as_root apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}"
}
