/*
 * A disk that fails when it is told to, and that remembers what was made durable. Loaded before libc
 * (LD_PRELOAD) into a process under test; concerns files below FAULTY_DISK_DIR only.
 *
 * FAULTY_DISK_CONTROL names a file of lines "OP SUFFIX ERRNO": while one stands there, each OP (write, sync,
 * truncate, unlink, read) on a file whose path ends in SUFFIX, or on any file for "*", fails with that number. It is mapped, so that
 * asking costs no system call and no descriptor.
 *
 * FAULTY_DISK_LOG names a file that gets a record of each change, in its order:
 *   "W path offset length\n" and the bytes; "T path length\n"; "S path\n" (made durable);
 *   "F path\n" (could not be made durable); "U path\n" (removed); "D path\n" (a folder made durable).
 * Paths are relative to the folder. With a log, syncs are noted instead of made: a killed process keeps
 * the page cache, so what counts as durable is what the log says. FAULTY_DISK_IGNORE_SYNC=1 notes none.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { CONTROL_BYTES = 4096, PATH_BYTES = 4096 };

static const char *folder;
static size_t folder_length;
static const char *control;
static int log_fd = -1;
static int ignore_sync;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_unlink)(const char *);

__attribute__((constructor)) static void begin(void) {
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_read = dlsym(RTLD_NEXT, "read");
  real_pread = dlsym(RTLD_NEXT, "pread64");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  const char *directory = getenv("FAULTY_DISK_DIR");
  const char *control_file = getenv("FAULTY_DISK_CONTROL");
  const char *log_file = getenv("FAULTY_DISK_LOG");
  ignore_sync = getenv("FAULTY_DISK_IGNORE_SYNC") != NULL;
  if (log_file) {
    log_fd = syscall(SYS_openat, AT_FDCWD, log_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  if (control_file) {
    int fd = syscall(SYS_openat, AT_FDCWD, control_file, O_RDONLY | O_CLOEXEC, 0);
    void *mapped = mmap(NULL, CONTROL_BYTES, PROT_READ, MAP_SHARED, fd, 0);
    control = mapped == MAP_FAILED ? NULL : mapped;
    close(fd);
  }
  folder_length = directory ? strlen(directory) : 0;
  folder = directory;
}

/* The path below the folder of a descriptor; NULL: it is none of ours. "" is the folder itself. */
static const char *path_of(int fd, char *buffer) {
  if (!folder) return NULL;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, buffer, PATH_BYTES - 1);
  if (length < 0) return NULL;
  buffer[length] = 0;
  if (strncmp(buffer, folder, folder_length) != 0) return NULL;
  if (buffer[folder_length] == 0) return buffer + folder_length;
  return buffer[folder_length] == '/' ? buffer + folder_length + 1 : NULL;
}

static int ends_with(const char *text, const char *end, size_t end_length) {
  if (strcmp(end, "*") == 0) return 1;
  size_t length = strlen(text);
  return length >= end_length && strncmp(text + length - end_length, end, end_length) == 0;
}

/* The errno that an operation is to fail with; 0: it is to work. */
static int fault_of(const char *operation, const char *path) {
  char line_operation[16], suffix[256];
  int number;
  for (const char *at = control; at && *at; ) {
    if (sscanf(at, "%15s %255s %d", line_operation, suffix, &number) == 3 &&
        strcmp(line_operation, operation) == 0 && ends_with(path, suffix, strlen(suffix))) {
      return number;
    }
    at = strchr(at, '\n');
    at = at ? at + 1 : NULL;
  }
  return 0;
}

static void note(const char *head, const void *bytes, size_t length) {
  if (log_fd < 0) return;
  struct iovec parts[] = {{(void *)head, strlen(head)}, {(void *)bytes, length}};
  ssize_t written = syscall(SYS_writev, log_fd, parts, length ? 2 : 1);
  if (written != (ssize_t)(strlen(head) + length)) abort();
}

static ssize_t write_at(int fd, const char *path, const void *bytes, size_t length, off_t offset, int seeks) {
  int fault = fault_of("write", path);
  if (fault) {
    errno = fault;
    return -1;
  }
  pthread_mutex_lock(&order);
  ssize_t written = seeks ? real_write(fd, bytes, length) : real_pwrite(fd, bytes, length, offset);
  if (written > 0) {
    char head[PATH_BYTES + 64];
    snprintf(head, sizeof head, "W %s %lld %lld\n", path, (long long)offset, (long long)written);
    note(head, bytes, written);
  }
  pthread_mutex_unlock(&order);
  return written;
}

ssize_t write(int fd, const void *bytes, size_t length) {
  char buffer[PATH_BYTES];
  const char *path = path_of(fd, buffer);
  return path ? write_at(fd, path, bytes, length, lseek(fd, 0, SEEK_CUR), 1) : real_write(fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) {
  char buffer[PATH_BYTES];
  const char *path = path_of(fd, buffer);
  return path ? write_at(fd, path, bytes, length, offset, 0) : real_pwrite(fd, bytes, length, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t read(int fd, void *bytes, size_t length) {
  char buffer[PATH_BYTES];
  const char *path = path_of(fd, buffer);
  int fault = path ? fault_of("read", path) : 0;
  if (fault) {
    errno = fault;
    return -1;
  }
  return real_read(fd, bytes, length);
}

ssize_t pread64(int fd, void *bytes, size_t length, off_t offset) {
  char buffer[PATH_BYTES];
  const char *path = path_of(fd, buffer);
  int fault = path ? fault_of("read", path) : 0;
  if (fault) {
    errno = fault;
    return -1;
  }
  return real_pread(fd, bytes, length, offset);
}

ssize_t pread(int fd, void *bytes, size_t length, off_t offset) { return pread64(fd, bytes, length, offset); }

int ftruncate64(int fd, off_t length) {
  char buffer[PATH_BYTES];
  const char *path = path_of(fd, buffer);
  if (!path) return real_ftruncate(fd, length);
  int fault = fault_of("truncate", path);
  if (fault) {
    errno = fault;
    return -1;
  }
  pthread_mutex_lock(&order);
  int result = real_ftruncate(fd, length);
  if (result == 0) {
    char head[PATH_BYTES + 64];
    snprintf(head, sizeof head, "T %s %lld\n", path, (long long)length);
    note(head, NULL, 0);
  }
  pthread_mutex_unlock(&order);
  return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int sync_file(int fd) {
  char buffer[PATH_BYTES];
  const char *path = path_of(fd, buffer);
  if (!path) return real_fsync(fd);
  int fault = fault_of("sync", path);
  char head[PATH_BYTES + 64];
  pthread_mutex_lock(&order);
  int result = fault || log_fd >= 0 ? 0 : real_fsync(fd);
  if (fault) {
    snprintf(head, sizeof head, "F %s\n", path);
    note(head, NULL, 0);
  } else if (result == 0 && !ignore_sync) {
    snprintf(head, sizeof head, "%c %s\n", *path ? 'S' : 'D', *path ? path : ".");
    note(head, NULL, 0);
  }
  pthread_mutex_unlock(&order);
  if (fault) {
    errno = fault;
    return -1;
  }
  return result;
}

int fsync(int fd) { return sync_file(fd); }
int fdatasync(int fd) { return sync_file(fd); }

int unlink(const char *name) {
  int ours = folder && strncmp(name, folder, folder_length) == 0 && name[folder_length] == '/';
  if (!ours) return real_unlink(name);
  const char *path = name + folder_length + 1;
  int fault = fault_of("unlink", path);
  if (fault) {
    errno = fault;
    return -1;
  }
  pthread_mutex_lock(&order);
  int result = real_unlink(name);
  if (result == 0) {
    char head[PATH_BYTES + 64];
    snprintf(head, sizeof head, "U %s\n", path);
    note(head, NULL, 0);
  }
  pthread_mutex_unlock(&order);
  return result;
}
