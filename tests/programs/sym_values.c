/* Values of all kinds, in every place where a compiler keeps them: what a debugger prints of them. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

enum color { RED, GREEN = 5, BLUE };
enum flags { READ = 1, WRITE = 2, EXECUTE = 4 };
enum mixed { LOW = 1, HIGH = 6, OTHER = 8 };
enum negative { MINUS = -1, PLUS = 1 };

struct point {
    int x, y;
};

typedef struct {
    short kind;
    struct point at;
} place_t;

struct bits {
    unsigned a : 3;
    int b : 5;
    bool c : 1;
    enum color d : 4;
    unsigned long long e : 40;
};

union number {
    int i;
    float f;
    unsigned char bytes[4];
};

struct node {
    const char *name;
    struct node *next;
    int (*call)(int, char **);
    struct point points[3];
    union {
        int inside;
        char letters[4];
    };
    struct {
        double d;
    } unnamed;
    enum flags mode;
    void *anything;
    int tail[];
};

typedef int (*operation)(int, int);
typedef int vector4 __attribute__((vector_size(16)));

volatile int sink;
int global = 42;
static struct point origin = {1, 2};
const char *const words[] = {"one", "two", NULL};
struct point grid[2][3] = {{{1, 1}, {2, 2}, {3, 3}}, {{4, 4}, {5, 5}, {6, 6}}};

static void __attribute__((noinline)) keep(const void *p) {
    __asm__ volatile("" : : "r"(p) : "memory");
}

static struct {
    struct node node;
    int tail[2];
} storage;

static int add(int a, int b) {
    return a + b;
}

static int __attribute__((noinline)) scalars(int depth) {
    char letter = 'a', newline = '\n', zero = 0;
    signed char small = -5;
    unsigned char byte = 200;
    short s = -300;
    unsigned short us = 60000;
    long l = -1234567890L;
    unsigned long long ull = 18446744073709551615ULL;
    float f = 0.1f, whole = 3.0f;
    double d = 0.1, big = 1e100, tiny = -2.5e-7;
    long double ld = 0.1L;
    bool yes = true, no = false;
    wchar_t wide = L'x';
    int8_t i8 = 65;
    uint8_t u8 = 66;
    _Complex double z = 1.0 + 2.0i;
    const void *all[] = {&f, &whole, &d, &big, &tiny, &ld, &z};
    keep(all);
    sink = depth; /* stop: scalars */
    sink += letter + newline + zero + small + byte + s + us + l + ull + f + whole + d + big + tiny;
    return sink + ld + yes + no + wide + i8 + u8 + (int)z;
}

static int __attribute__((noinline)) aggregates(struct point by_value, place_t *where) {
    char text[12] = "hello", full[3] = {'a', 'b', 'c'}, escapes[] = "tab\t\"quote\" \\ \001\377 end";
    char zeros[40] = "", dashes[64];
    int numbers[5] = {1, 2, 3, 4, 5}, same[20] = {7}, many[300];
    struct point points[12] = {{1, 2}};
    int matrix[2][3] = {{1, 2, 3}, {4, 5, 6}};
    wchar_t wide[] = L"wide";
    const wchar_t *wp = wide;
    struct bits bits = {5, -3, true, BLUE, 1ULL << 39};
    union number number = {.f = 1.5f};
    enum color color = GREEN, unknown = 77;
    enum flags none = 0, both = READ | EXECUTE, more = WRITE | 64, odd = 64;
    enum mixed high = HIGH | OTHER;
    enum negative minus = MINUS;
    vector4 vector = {1, 2, 3, 4};
    float floats[3] = {0.5f, 1.25f, -0.1f};
    double empty[0];
    memset(dashes, '-', sizeof dashes);
    memset(dashes, '=', 5);
    dashes[63] = 0;
    for (int i = 0; i < 300; i++)
        many[i] = i * i;
    const void *all[] = {text,  full,   escapes, zeros, dashes, numbers, same,  many,   points,
                         matrix, wide,  &wp,     &bits, &number, &color, &vector, floats, &by_value};
    keep(all);
    sink = by_value.x + where->at.y; /* stop: aggregates */
    sink += text[0] + full[1] + escapes[0] + zeros[1] + dashes[2] + numbers[3] + same[2] + many[9];
    sink += points[3].x + matrix[1][1] + wide[1] + wp[2] + bits.a + number.i + color + unknown;
    return sink + none + both + more + odd + high + minus + vector[2] + floats[1] + sizeof empty;
}

static int __attribute__((noinline)) pointers(struct node *list, int count, char **strings) {
    int *to_global = &global, *to_local = &count, *null = NULL, **twice = &to_local;
    void *raw = list;
    operation op = add, ops[2] = {add, NULL};
    const char *string = "a string", *nothing = NULL, *bad = (const char *)1;
    const unsigned char *unsigned_string = (const unsigned char *)"bytes";
    struct point *inside = &grid[1][1];
    char (*row)[4] = NULL;
    int (*plain)(int, char **) = list->call;
    const int *const fixed = to_global;
    volatile struct node *unsteady = list;
    char long_text[260];
    memset(long_text, 'x', sizeof long_text);
    for (int i = 0; i < 240; i += 2)
        long_text[i] = 'a' + i % 26;
    long_text[259] = 0;
    const char *pointer = long_text;
    const void *all[] = {&string, &op, ops, long_text, &unsigned_string, &bad, &twice};
    keep(all);
    sink = *to_global + *to_local + (null != NULL) + **twice; /* stop: pointers */
    sink += raw != NULL && op(1, 2) && ops[0] && string[0] && !nothing && bad && unsigned_string[0];
    return sink + inside->x + (row != NULL) + plain(1, strings) + *fixed + unsteady->mode + pointer[0];
}

static int __attribute__((noinline)) blocks(int n) {
    static int calls = 3;
    int value = n;
    register int fast = n * 2;
    int sizes[n + 1];
    for (int i = 0; i <= n; i++)
        sizes[i] = i * 10;
    calls++;
    for (int value = 0; value < 2; value++) {
        int inner = value + fast;
        {
            int deepest = inner * 2;
            sink = deepest + sizes[n]; /* stop: blocks */
        }
        sink += inner;
    }
    return value + calls + sizes[1];
}

static inline __attribute__((always_inline)) int twice_of(int q) {
    int product = q * 2;
    sink = product; /* stop: inlined */
    return product + sink;
}

static inline __attribute__((always_inline)) int more_than(int base) {
    int more = base + 1;
    return twice_of(more) + more;
}

static int __attribute__((noinline)) inlining(int start) {
    int result = more_than(start + 3);
    sink = result;
    return result;
}

static int __attribute__((noinline)) leaf(int a, long b, struct point *p, double d, const char *text) {
    sink = a + p->x + text[0]; /* stop: leaf */
    b += sink;
    d *= 2;
    sink = b + d;
    return sink;
}

static int __attribute__((noinline)) chain(int a, struct point *p) {
    int r = leaf(a + 1, 7, p, 2.5, "constant");
    sink = r;
    return r + a;
}

static int __attribute__((noinline)) recursive(int depth, struct point *p) {
    struct point here = {depth, p->y};
    if (depth == 0) {
        return chain(5, &here);
    }
    return recursive(depth - 1, &here) + here.x;
}

static int target(int argc, char **argv) {
    return argc + (argv != NULL);
}

int main(int argc, char **argv) {
    struct node *list = &storage.node, second = {"second", NULL, NULL, {{0}}, {0}, {0.25}, READ, list};
    *list = (struct node){"first", &second, target, {{1, 2}, {3, 4}}, {65}, {1.5}, READ | WRITE, &global};
    place_t place = {3, {4, 5}};
    scalars(argc);
    aggregates(origin, &place);
    pointers(list, argc, argv);
    blocks(argc + 2);
    inlining(argc);
    recursive(2, &origin);
    puts(words[0]);
    return grid[0][0].x == 0;
}
