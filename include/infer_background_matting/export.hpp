// Marks what the shared library shows; everything else in it is hidden.
#ifndef INFER_BACKGROUND_MATTING_EXPORT_HPP
#define INFER_BACKGROUND_MATTING_EXPORT_HPP

#if defined(__GNUC__)
#define MATTING_API __attribute__((visibility("default")))
#else
#define MATTING_API
#endif

#endif  // INFER_BACKGROUND_MATTING_EXPORT_HPP
