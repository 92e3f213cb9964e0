// Marks what libworkflow shows, and what is hidden within a class that it shows; everything else in
// it is hidden.
#ifndef WORKFLOW_EXPORT_HPP
#define WORKFLOW_EXPORT_HPP

#if defined(__GNUC__)
#define WORKFLOW_API __attribute__((visibility("default")))
#define WORKFLOW_LOCAL __attribute__((visibility("hidden")))
#else
#define WORKFLOW_API
#define WORKFLOW_LOCAL
#endif

#endif  // WORKFLOW_EXPORT_HPP
