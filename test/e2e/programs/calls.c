// SPDX-License-Identifier: Apache-2.0
// Makes system calls the ways in which 64-bit programs do not, by number:
//
//   calls WAY NUMBER ARGUMENT... [, NUMBER ARGUMENT...]...
//
// WAY is `ia32` (int 0x80), `x32` (bit 30 of the number is set) or `high` (64-bit, with a bit set
// above the 32 that the kernel looks at). An argument is
//
//   =N           a number, which may be negative
//   inet:PORT    the address of 127.0.0.1 (16 bytes)
//   [ ARGUMENT... ]   an array of 32-bit words
//   TEXT         anything else: a string
//
// The exit status is 0 if the last call succeeded. calls32.c is the same as a 32-bit program: it
// knows only `ia32`. No header and no library is used, so that it needs none for 32 bits. Whatever
// is pointed to is static: a 32-bit call reaches 4 GiB.

enum { kPool = 1 << 18, kWords = 6, kArray = 1024 };

static char pool[kPool] __attribute__((aligned(16)));
static unsigned used;

static int is_same(const char* a, const char* b) {
    while (*a && *a == *b) ++a, ++b;
    return *a == *b;
}

static const char* behind(const char* text, const char* start) {
    while (*start && *text == *start) ++text, ++start;
    return *start ? (const char*)0 : text;
}

static long number_in(const char* text) {
    int negative = *text == '-';
    long number = 0;
    for (text += negative; *text >= '0' && *text <= '9'; ++text) number = number * 10 + *text - '0';
    return negative ? -number : number;
}

static long add(const char* bytes, unsigned size) {
    char* place = pool + used;
    if (used + size > kPool) __builtin_trap();
    for (unsigned i = 0; i < size; ++i) place[i] = bytes[i];
    used += (size + 15) & ~15u;
    return (long)place;
}

static long add_text(const char* text) {
    unsigned size = 1;
    while (text[size - 1]) ++size;
    return add(text, size);
}

static long add_inet(long port) {
    const char address[16] = {2, 0, (char)(port >> 8), (char)port, 127, 0, 0, 1};
    return add(address, sizeof address);
}

// Reads the argument at `*next`, and leaves `next` behind it.
static long argument(char*** next) {
    const char* text = *(*next)++;
    const char* rest;
    if ((rest = behind(text, "="))) return number_in(rest);
    if ((rest = behind(text, "inet:"))) return add_inet(number_in(rest));
    if (!is_same(text, "[")) return add_text(text);
    int words[kArray];
    unsigned count = 0;
    while (**next && !is_same(**next, "]")) words[count++] = (int)argument(next);
    if (**next) ++*next;
    return add((const char*)words, count * sizeof *words);
}

static long by_int80(long number, const long* words) {
    int result;
    register long fifth __asm__("edi") = words[4];
    __asm__ volatile(
        "int $0x80"
        : "=a"(result)
        : "a"((int)number), "b"(words[0]), "c"(words[1]), "d"(words[2]), "S"(words[3]), "r"(fifth)
        : "memory"
#ifdef __x86_64__
          ,
          "r8", "r9", "r10", "r11"
#endif
    );
    return result;
}

#ifdef __x86_64__
static long by_syscall(long number, const long* words) {
    long result;
    register long fourth __asm__("r10") = words[3];
    register long fifth __asm__("r8") = words[4];
    register long sixth __asm__("r9") = words[5];
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(words[0]), "S"(words[1]), "d"(words[2]), "r"(fourth),
                       "r"(fifth), "r"(sixth)
                     : "memory", "rcx", "r11");
    return result;
}
#endif

static long make_call(const char* way, long number, const long* words) {
#ifdef __x86_64__
    if (is_same(way, "x32")) return by_syscall(number | 1 << 30, words);
    if (is_same(way, "high")) return by_syscall(number | 1L << 32, words);
#endif
    (void)way;
    return by_int80(number, words);
}

int main(int count, char** arguments) {
    char** next = arguments + 2;
    long result = -1;
    if (count < 3) return 2;
    while (*next) {
        long words[kWords] = {0};
        long number = number_in(*next++);
        for (int i = 0; *next && !is_same(*next, ","); ++i) {
            long value = argument(&next);
            if (i < kWords) words[i] = value;
        }
        if (*next) ++next;
        result = make_call(arguments[1], number, words);
    }
    return result < 0;
}

#ifndef __x86_64__
// What the C library does elsewhere.
__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tpush %eax\n\tcall begin\n");

__attribute__((used)) static void begin(int* stack) {
    const long kExit[kWords] = {main(stack[0], (char**)(stack + 1))};
    by_int80(1, kExit);
}
#endif
