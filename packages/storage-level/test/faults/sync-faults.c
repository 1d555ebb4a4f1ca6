/*
 * Preloaded under a program (LD_PRELOAD): counts the calls of fsync and fdatasync below one folder,
 * notes them, and lets chosen ones fail as a disk does. What a test wants stands in the environment;
 * the program under test may change it while no such call is under way.
 *
 *   SYNC_FAULTS_FOLDER  what counts; a change of it starts the count at 1 again
 *   SYNC_FAULTS_FIRST   the number of the first call that fails; none without it
 *   SYNC_FAULTS_LAST    the number of the last one
 *   SYNC_FAULTS_DROP    where it is set, a failure takes what was written since the last sync of the
 *                       file, as it is lost when the system gives up the pages it could not write
 *   SYNC_FAULTS_TRACE   gets a line for each call: its number, name of the file, bytes, outcome
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 4096

typedef int sync_function(int);

static struct { ino_t inode; off_t bytes; } synced[FILES_MAX];
static int files = 0;
static char folder[PATH_MAX];
static long calls = 0;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* How much of a file is on the disk. */
static off_t *synced_bytes(ino_t inode) {
  for (int i = 0; i < files; i++) {
    if (synced[i].inode == inode) return &synced[i].bytes;
  }
  if (files == FILES_MAX) abort();
  synced[files].inode = inode;
  synced[files].bytes = 0;
  return &synced[files++].bytes;
}

/* The name of an open file relative to the folder, or NULL where it does not count. */
static const char *name_of(int fd, char *path) {
  const char *wanted = getenv("SYNC_FAULTS_FOLDER");
  if (wanted == NULL) return NULL;
  if (strcmp(wanted, folder) != 0) {
    snprintf(folder, sizeof folder, "%s", wanted);
    calls = 0;
    files = 0;
  }
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return NULL;
  path[length] = '\0';
  size_t prefix = strlen(folder);
  if (strncmp(path, folder, prefix) != 0) return NULL;
  if (path[prefix] == '\0') return ".";
  return path[prefix] == '/' ? path + prefix + 1 : NULL;
}

static int is_chosen(void) {
  const char *first = getenv("SYNC_FAULTS_FIRST");
  const char *last = getenv("SYNC_FAULTS_LAST");
  return first != NULL && calls >= atol(first) && (last == NULL || calls <= atol(last));
}

static void note(const char *name, off_t bytes, const char *outcome) {
  const char *trace = getenv("SYNC_FAULTS_TRACE");
  if (trace == NULL) return;
  int fd = open(trace, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) abort();
  dprintf(fd, "%ld %s %lld %s\n", calls, name, (long long)bytes, outcome);
  close(fd);
}

static int sync_or_fail(int fd, sync_function *real) {
  char path[PATH_MAX];
  struct stat status;
  pthread_mutex_lock(&mutex);
  const char *name = name_of(fd, path);
  if (name == NULL || fstat(fd, &status) != 0) {
    pthread_mutex_unlock(&mutex);
    return real(fd);
  }
  calls++;
  off_t *bytes = synced_bytes(status.st_ino);
  int failed = is_chosen() ? -1 : real(fd);
  if (failed) {
    if (getenv("SYNC_FAULTS_DROP") != NULL && S_ISREG(status.st_mode)) {
      if (ftruncate(fd, *bytes) != 0) abort();
    }
  } else {
    *bytes = status.st_size;
  }
  note(name, status.st_size, failed ? "failed" : "made");
  pthread_mutex_unlock(&mutex);
  if (failed) errno = EIO;
  return failed;
}

int fsync(int fd) {
  return sync_or_fail(fd, (sync_function *)dlsym(RTLD_NEXT, "fsync"));
}

int fdatasync(int fd) {
  return sync_or_fail(fd, (sync_function *)dlsym(RTLD_NEXT, "fdatasync"));
}
