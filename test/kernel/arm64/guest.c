// SPDX-License-Identifier: Apache-2.0
// The first process of an arm64 guest: loads and attaches the kernel side from each of the objects
// that the kernel's command line names (saker.objects=FILE,...), opens a file and fails to open
// another, and prints a line for each record that comes of it:
//     OBJECT loaded | OBJECT refused: REASON
//     OBJECT record openat RESULT DIRFD FLAGS ASKED REAL
//     end
// There is no user space of Saker for arm64: the one call that is watched is set up here.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "saker/record.h"

enum { kRingBytes = 1 << 20, kCpus = 4 };

static const char* current;  // object

static int show(void* context, void* data, size_t size) {
    const struct saker_record* record = data;
    const char* asked = (const char*)(record + 1) + sizeof(struct saker_path);
    const char* real = (const char*)(record + 1) + record->lengths[0] + sizeof(struct saker_fd);
    (void)context;
    if (size < sizeof(*record) || record->event != SAKER_EVENT_openat || record->tgid != 1)
        return 0;
    printf("%s record openat %lld %d %llu %s %s\n", current, (long long)record->ret,
           (int)record->args[0], (unsigned long long)record->args[2], asked,
           record->lengths[1] ? real : "-");
    return 0;
}

// Where a global variable lies in a section of the object; -1: nowhere.
static int offset_of(struct bpf_object* object, const char* section, const char* name) {
    const struct btf* btf = bpf_object__btf(object);
    const int id = btf__find_by_name_kind(btf, section, BTF_KIND_DATASEC);
    const struct btf_type* type = id < 0 ? NULL : btf__type_by_id(btf, (unsigned)id);
    for (int i = 0; type && i < btf_vlen(type); ++i) {
        const struct btf_var_secinfo* place = &btf_var_secinfos(type)[i];
        const struct btf_type* variable = btf__type_by_id(btf, place->type);
        if (!strcmp(btf__name_by_offset(btf, variable->name_off), name)) return (int)place->offset;
    }
    return -1;
}

static struct bpf_map* map_of(struct bpf_object* object, const char* name) {
    return bpf_object__find_map_by_name(object, name);
}

// Before it is loaded: that one call is wanted, of 64-bit programs.
static int want(struct bpf_object* object, unsigned number) {
    struct bpf_map *map, *zeros = NULL;
    size_t size = 0;
    bpf_object__for_each_map(map, object) {
        if (strstr(bpf_map__name(map), ".bss")) zeros = map;
    }
    const int wanted = offset_of(object, ".bss", "wanted");
    char* memory = zeros ? (char*)bpf_map__initial_value(zeros, &size) : NULL;
    if (!memory || wanted < 0 || (size_t)wanted + number >= size) return -EINVAL;
    memory[(size_t)wanted + number] = 1 << SAKER_ABI_64;
    return 0;
}

static int describe(struct bpf_object* object, unsigned number, int ring) {
    const struct saker_syscall call = {
        .event = SAKER_EVENT_openat,
        .syscall = (__u16)number,
        .ring = SAKER_RING_BULK,
        .captures = 2,
        .opens = 1,
        .wanted = 1 << SAKER_ABI_64,
        .failures = 1,
        .pass = 1,
        .capture = {{.kind = SAKER_CAPTURE_PATH, .arg = 1, .aux = 0},
                    {.kind = SAKER_CAPTURE_FD, .arg = SAKER_ARG_RET}}};
    const unsigned zero = 0;
    int error = bpf_map_update_elem(bpf_map__fd(map_of(object, "syscalls")), &number, &call, 0);
    return error ? error
                 : bpf_map_update_elem(bpf_map__fd(map_of(object, "bulk")), &zero, &ring, 0);
}

static int load(struct bpf_object* object, int ring) {
    struct bpf_program* program;
    int error = want(object, SYS_openat);
    // Which of those for io_uring fit is for user space to find out.
    bpf_object__for_each_program(program, object) {
        bpf_program__set_autoload(program, strncmp(bpf_program__name(program), "uring", 5) != 0);
    }
    bpf_map__set_inner_map_fd(map_of(object, "bulk"), ring);
    bpf_map__set_max_entries(map_of(object, "scratches"), kCpus);
    bpf_map__set_max_entries(map_of(object, "cpus"), kCpus);
    if (!error) error = bpf_object__load(object);
    if (!error) error = describe(object, SYS_openat, ring);
    if (error) return error;
    bpf_object__for_each_program(program, object) {
        if (bpf_program__autoload(program) && !bpf_program__attach(program)) return -errno;
    }
    return 0;
}

static void try(const char* path) {
    struct bpf_object* object = bpf_object__open_file(path, NULL);
    int ring = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "bulk", 0, 0, kRingBytes, NULL);
    int error = object ? load(object, ring) : -errno;
    current = path;
    if (error) {
        printf("%s refused: %s\n", path, strerror(-error));
        return;
    }
    printf("%s loaded\n", path);
    openat(AT_FDCWD, "/proc/self/../self/status", O_RDONLY);
    openat(AT_FDCWD, "nothing", O_RDWR);
    ring_buffer__consume(ring_buffer__new(ring, show, NULL, NULL));
    bpf_object__close(object);
}

static void try_all(char* line) {
    char* objects = strstr(line, "saker.objects=");
    if (!objects) return;
    objects += strlen("saker.objects=");
    objects[strcspn(objects, " \n")] = 0;
    for (char* path = strtok(objects, ","); path; path = strtok(NULL, ",")) try(path);
}

int main(void) {
    char line[1024] = "";
    mount("sys", "/sys", "sysfs", 0, NULL);
    mount("proc", "/proc", "proc", 0, NULL);
    int fd = open("/proc/cmdline", O_RDONLY);
    if (read(fd, line, sizeof(line) - 1) > 0) try_all(line);
    puts("end");
    fflush(stdout);
    tcdrain(1);
    reboot(RB_POWER_OFF);
}
