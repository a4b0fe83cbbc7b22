// SPDX-License-Identifier: Apache-2.0
// calls SCRIPT: makes the system calls of a script, and nothing else between the first and the last
// of them, so that the events of this thread are those of the script, one for each line. Then
// prints a line for each call that it made: the line's number in the script and what the kernel
// returned.
//
// A line of a script is one of
//     let NAME VALUE           gives a value a name
//     call NUMBER VALUE...     a call, by its number; arguments that are not given are 0
//     NAME = NUMBER VALUE...   the same; what it returns gets a name
//     must NUMBER VALUE...     the same; if it fails, the program ends with 3
//     child NUMBER VALUE...    is for the child that the call before it made; the parent passes
//     over
// and a value is one of
//     12, -1, 0x10             a number
//     s:TEXT                   the address of a text that ends with NUL; %20 is a blank
//     z:SIZE                   the address of so many zero bytes
//     m:SIZE/VALUE,...         the address of a struct; SIZE is 1, 2, 4 or 8, VALUE a number or a
//     name
//     @NAME                    what has that name
//     *NAME.N                  the N-th 32-bit word at the address that has that name
//     **NAME.N                 the N-th 64-bit word
//
// A child ends after its lines. A signal that a script asks for interrupts and does nothing else.
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef __x86_64__
#error "the calls are made by their x86-64 numbers"
#endif

enum { kArguments = 6, kNames = 512, kLines = 4096, kWords = 32 };

struct name {
    const char* text;
    long value;
};

static char script[1 << 18], memory[1 << 20];
static size_t used;
static struct name names[kNames];
static size_t name_count;
static struct {
    size_t line;
    long value;
} results[kLines];
static size_t result_count;

// Inline: the child of vfork must not return into a frame that its parent needs.
static inline __attribute__((always_inline)) long call(long number, const long* a) {
    long result;
    register long r10 __asm__("r10") = a[3];
    register long r8 __asm__("r8") = a[4];
    register long r9 __asm__("r9") = a[5];
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static void fail(const char* what, const char* text) {
    fprintf(stderr, "calls: %s: %s\n", what, text);
    exit(2);
}

static char* allocate(size_t size) {
    size_t begin = (used + 15) & ~(size_t)15;
    if (size > sizeof(memory) - begin) fail("no room for", "a value");
    used = begin + size;
    return memory + begin;
}

static void give_name(const char* text, long value) {
    if (name_count == kNames) fail("no room for", text);
    names[name_count++] = (struct name){text, value};
}

// The last one of that name; `length` bytes of the text are looked at.
static long named(const char* text, size_t length) {
    for (size_t i = name_count; i-- > 0;) {
        if (strlen(names[i].text) == length && memcmp(names[i].text, text, length) == 0)
            return names[i].value;
    }
    fail("no such name", text);
    return 0;
}

static long make_text(const char* text) {
    char* begin = allocate(strlen(text) + 1);
    char* to = begin;
    for (; *text; ++text) {
        unsigned byte = 0;
        if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1) {
            *to++ = (char)byte;
            text += 2;
        } else {
            *to++ = *text;
        }
    }
    *to = 0;
    return (long)begin;
}

static long number_or_name(const char* text, const char* end) {
    return *text == '@' ? named(text + 1, (size_t)(end - text - 1)) : (long)strtoull(text, NULL, 0);
}

static long make_struct(const char* text) {
    char* begin = allocate(512);
    char* to = begin;
    while (*text) {
        const char* end = text + strcspn(text, ",");
        const char* slash = text + strcspn(text, "/");
        const size_t size = (size_t)atol(text);
        const long value = number_or_name(slash + 1, end);
        if (size > 8 || to + size > begin + 512) fail("no such struct", text);
        memcpy(to, &value, size);
        to += size;
        text = *end ? end + 1 : end;
    }
    return (long)begin;
}

static long word_of(const char* text) {
    const char* point = text + strcspn(text, ".");
    int word;
    memcpy(&word, (char*)named(text, (size_t)(point - text)) + 4 * atol(point + 1), sizeof(word));
    return word;
}

static long long_of(const char* text) {
    const char* point = text + strcspn(text, ".");
    long word;
    memcpy(&word, (char*)named(text, (size_t)(point - text)) + 8 * atol(point + 1), sizeof(word));
    return word;
}

static long value_of(const char* text) {
    if (text[0] == '@') return named(text + 1, strlen(text + 1));
    if (strncmp(text, "**", 2) == 0) return long_of(text + 2);
    if (text[0] == '*') return word_of(text + 1);
    if (strncmp(text, "s:", 2) == 0) return make_text(text + 2);
    if (strncmp(text, "z:", 2) == 0) return (long)allocate((size_t)atol(text + 2));
    if (strncmp(text, "m:", 2) == 0) return make_struct(text + 2);
    return (long)strtoull(text, NULL, 0);
}

static bool makes_process(long number) {
    return number == SYS_fork || number == SYS_vfork || number == SYS_clone || number == SYS_clone3;
}

struct line {
    char* words[kWords];
    size_t count;
};

static struct line split(char* text) {
    struct line line = {.count = 0};
    for (char* word = strtok(text, " "); word && line.count < kWords; word = strtok(NULL, " "))
        line.words[line.count++] = word;
    return line;
}

static void arguments_of(const struct line* line, size_t first, long* arguments) {
    for (size_t i = 0; i < kArguments; ++i)
        arguments[i] = first + i < line->count ? value_of(line->words[first + i]) : 0;
}

// What the child does: the lines from `next` on that are for it.
static void run_child(char** lines, size_t count, size_t next) {
    const long kStatus[kArguments] = {0};
    for (; next < count && strncmp(lines[next], "child ", 6) == 0; ++next) {
        long arguments[kArguments];
        const struct line line = split(lines[next]);
        arguments_of(&line, 2, arguments);
        call(atol(line.words[1]), arguments);
    }
    call(SYS_exit_group, kStatus);
}

static void run(char** lines, size_t count) {
    const long kStatus[kArguments] = {0};
    for (size_t i = 0; i < count; ++i) {
        if (strncmp(lines[i], "child ", 6) == 0) continue;
        const struct line line = split(lines[i]);
        if (line.count < 2) continue;
        if (strcmp(line.words[0], "let") == 0) {
            give_name(line.words[1], value_of(line.words[2]));
            continue;
        }
        const bool is_named = strcmp(line.words[1], "=") == 0;
        const size_t at = is_named ? 2 : 1;
        const long number = atol(line.words[at]);
        long arguments[kArguments];
        arguments_of(&line, at + 1, arguments);
        const long value = call(number, arguments);
        // A child of vfork shares this stack: it may not even return from here.
        if (value == 0 && number == SYS_vfork) call(SYS_exit_group, kStatus);
        if (value == 0 && makes_process(number)) run_child(lines, count, i + 1);
        if (is_named) give_name(line.words[0], value);
        if (strcmp(line.words[0], "must") == 0 && value < 0) exit(3);
        results[result_count].line = i;
        results[result_count++].value = value;
    }
}

static void nothing(int signal) {
    (void)signal;
}

static size_t read_script(const char* path) {
    int fd = open(path, O_RDONLY);
    size_t size = 0;
    ssize_t got = 0;
    while (fd >= 0 && (got = read(fd, script + size, sizeof(script) - 1 - size)) > 0)
        size += (size_t)got;
    if (fd < 0 || got < 0) fail("cannot be read", path);
    close(fd);
    return size;
}

int main(int argc, char** argv) {
    static char* lines[kLines];
    size_t count = 0;
    if (argc != 2 || read_script(argv[1]) == 0) return 2;
    for (char* text = strtok(script, "\n"); text && count < kLines; text = strtok(NULL, "\n"))
        lines[count++] = text;
    const struct sigaction interrupt = {.sa_handler = nothing};
    sigaction(SIGALRM, &interrupt, NULL);
    sigaction(SIGILL, &interrupt, NULL);
    sigaction(SIGUSR1, &interrupt, NULL);
    signal(SIGPIPE, SIG_IGN);
    run(lines, count);
    for (size_t i = 0; i < result_count; ++i)
        printf("%zu %ld\n", results[i].line, results[i].value);
    return 0;
}
