/* A library that is loaded while its program runs. */
int in_library(int value)
{
	int twice = 2 * value;
	return twice + 1;
}
