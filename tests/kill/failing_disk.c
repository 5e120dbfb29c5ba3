/* A disk that fails when it is told to: loaded before libc into the process of a till.
 *
 * The file named by FAILING_DISK holds an order, "CALL ENDING HOW": the system call (fsync or
 * pwrite), how the name of the struck file ends (-wal), and once, ever or full. A struck call does
 * nothing and answers EIO, of a full disk ENOSPC; that it did stands in a file beside the order,
 * ending in .hit. An order for once is taken away by its hit.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text), tail = strlen(ending);
    return length >= tail && strcmp(text + length - tail, ending) == 0;
}

static int strikes(const char *call, int fd)
{
    const char *place = getenv("FAILING_DISK");
    FILE *order = place ? fopen(place, "r") : NULL;
    char wanted[16], ending[64], how[8], link[64], name[4096], hit[4096];
    int known;
    ssize_t length;

    if (order == NULL)
        return 0;
    known = fscanf(order, "%15s %63s %7s", wanted, ending, how);
    fclose(order);
    if (known != 3 || strcmp(wanted, call) != 0)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, name, sizeof name - 1);
    if (length < 0)
        return 0;
    name[length] = '\0';
    if (!ends_with(name, ending))
        return 0;
    snprintf(hit, sizeof hit, "%s.hit", place);
    order = fopen(hit, "a");
    if (order != NULL)
        fclose(order);
    if (strcmp(how, "once") == 0)
        unlink(place);
    return strcmp(how, "full") == 0 ? ENOSPC : EIO;
}

int fsync(int fd)
{
    static int (*real)(int);
    int fault = strikes("fsync", fd);
    if (fault) {
        errno = fault;
        return -1;
    }
    if (real == NULL)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return real(fd);
}

int fdatasync(int fd)
{
    static int (*real)(int);
    int fault = strikes("fsync", fd);
    if (fault) {
        errno = fault;
        return -1;
    }
    if (real == NULL)
        real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    return real(fd);
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset)
{
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    int fault = strikes("pwrite", fd);
    if (fault) {
        errno = fault;
        return -1;
    }
    if (real == NULL)
        real = (ssize_t(*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    return real(fd, data, count, offset);
}
