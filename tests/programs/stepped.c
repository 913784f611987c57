/* Lines with several calls, whose code is in pieces when it is optimized. */
int sum;

__attribute__((noinline)) int step(int a) {
  sum += a;
  return a + 1;
}
__attribute__((noinline)) int many(int a, int b, int c, int d, int e, int x, int y, int z) {
  sum += a;
  return a + b + c + d + e + x + y + z;
}

int main(void) {
  int total = step(1) + step(2) +
              step(3);
  for (int i = 0; i < 2; i++)
    total += step(i);
  total += many(1, 2, 3, 4, 5, 6, 7, 8) + step(2);
  if (step(3) > 2 && step(4) > 3)
    total++;
  return total;
}
