/* bantin - the program: one command of the table, see gateway/commands/. */
#include "gateway/base/fault.h"
#include "gateway/commands/line.h"

int main(int argc, char **argv)
{
	fault_init();
	return line_run(argc, argv, &clock_system);
}
