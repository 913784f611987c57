/* C++ as a debugger meets it: classes, templates, references, overloads, namespaces. */

#include <cstdio>

static void __attribute__((noinline)) keep(const void *p) {
    asm volatile("" : : "r"(p) : "memory");
}

namespace ns {

enum class Color { red, green = 7 };
enum Plain { first, second };

struct Base {
    int b = 1;
    virtual ~Base() {}
    virtual int area(int scale) const { return b * scale; }
};

struct Mixin {
    short mixed[2] = {3, 4};
};

class Derived : public Base, protected Mixin {
  public:
    static int count;
    static const int limit = 9;
    enum Mode { off, on };
    typedef unsigned long size_type;
    struct Inner {
        char tag;
        Color color;
    };

    Derived(int v, Inner i) : value(v), inner(i), self(*this), mode(on) {}
    int area(int scale) const override;
    int area(int scale, double by) { return area(scale) * by; }
    static int twice(int n);
    Derived &operator+=(const Derived &other);
    size_type size() { return sizeof *this; }

  private:
    int value;
    Inner inner;
    Derived &self;
    Mode mode;
    union {
        int whole;
        unsigned char parts[4];
    };
};

int Derived::count = 3;

int Derived::area(int scale) const {
    int result = value * scale + b;
    keep(&result);
    return result; /* stop: method */
}

int __attribute__((noinline)) Derived::twice(int n) {
    int doubled = n * 2;
    keep(&doubled);
    return doubled; /* stop: static */
}

Derived &Derived::operator+=(const Derived &other) {
    value += other.value;
    keep(this);
    return *this; /* stop: operator */
}

struct Virtual : virtual Mixin {
    int v = 5;
};
struct Left : virtual Base {
    int l = 6;
};
struct Right : virtual Base {
    int r = 7;
};
struct Diamond : Left, Right {
    int d = 8;
};

template <typename T> struct Pair {
    T one, two;
    T sum() const { return one + two; }
};

template <typename T, int N> T __attribute__((noinline)) fill(const T &with) {
    T all[N];
    for (int i = 0; i < N; i++)
        all[i] = with;
    keep(all);
    return all[N - 1]; /* stop: template */
}

namespace {
int hidden = 11;
int __attribute__((noinline)) secret(int n) {
    int more = n + hidden;
    keep(&more);
    return more; /* stop: anonymous */
}
} // namespace

int overloaded(int n) {
    keep(&n);
    return n; /* stop: overload */
}
double overloaded(double d) {
    keep(&d);
    return d;
}
int overloaded(const char *s, int) {
    keep(&s);
    return *s;
}

} // namespace ns

struct Empty {};
struct OnlyBase : ns::Mixin {};

static int __attribute__((noinline)) objects(ns::Derived &d, const ns::Base *base, ns::Color color) {
    ns::Pair<int> pair = {1, 2};
    ns::Pair<ns::Pair<double>> pairs = {{1.5, 2}, {3, 4}};
    Empty empty;
    OnlyBase only;
    ns::Virtual with_virtual;
    ns::Diamond diamond;
    ns::Plain plain = ns::second;
    ns::Derived::Mode mode = ns::Derived::off;
    ns::Derived::Inner inner = {'x', ns::Color::red}, *to_inner = &inner;
    int number = 17, &reference = number, &&temporary = 18;
    ns::Derived::Inner &inner_reference = inner;
    const ns::Derived *derived = &d;
    bool truth = true;
    char16_t wide = u'w';
    const char32_t *text = U"text";
    int ns::Derived::Inner::*nothing = nullptr;
    int (*function)(int) = &ns::Derived::twice;
    auto lambda = [&](int n) {
        int sum = n + number;
        keep(&sum);
        return sum; /* stop: lambda */
    };
    const void *all[] = {&pair,    &pairs,     &empty, &only, &with_virtual,    &diamond,  &plain,
                         &mode,    &to_inner,  &number, &text, &inner_reference, &derived,  &truth,
                         &wide,    &reference, &temporary, &nothing, &function,   &lambda,  &color};
    keep(all);
    return lambda(1) + base->area(2) + function(4); /* stop: objects */
}

int main() {
    ns::Derived d(10, {'i', ns::Color::green}), other(20, {'o', ns::Color::red});
    keep(&d);
    d += other;
    objects(d, &d, static_cast<ns::Color>(3));
    ns::fill<int, 3>(5);
    ns::fill<double, 2>(2.5);
    ns::fill<ns::Pair<int>, 2>({1, 2});
    d.area(2, 1.5);
    ns::secret(1);
    ns::overloaded(1);
    ns::overloaded(1.0);
    ns::overloaded("s", 1);
    return 0;
}
