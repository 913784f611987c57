/* Functions to be called from a debugger, and values that it changes. */
#include <stdlib.h>

struct pair {
  int first, second;
};
struct pack {
  unsigned low : 3, high : 5;
  int (*twice)(int);
  char name[8];
};

int total = 40;
double ratio = 0.5;
int numbers[4] = {1, 2, 3, 4};

int add(int a, int b) {
  total += a + b;
  return a + b;
}
int twice(int number) { return 2 * number; }
double half(double number) { return number / 2; }
float third(float number) { return number / 3; }
long wide(long number) { return (long)((unsigned long)number << 20 << 20); }
struct pair pair(int first, int second) { return (struct pair){first, second}; }
const char *word(int number) { return number ? "yes" : "no"; }
void nothing(void) { total++; }
struct pack pack = {5, 17, twice, "name"};

int main(void) {
  int local = 3;
  struct pair *none = NULL;
  nothing();
  local += add(1, 2);
  local += add(3, 4);
  return local + (none != NULL) + atoi(word(1)) + (int)(half(1) + third(1) + wide(1)) +
         pair(1, 2).first;
}
