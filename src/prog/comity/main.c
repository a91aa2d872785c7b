/* SPDX-License-Identifier: Apache-2.0 */
/* comity(1): the command line of a party. One file per subcommand beside this one. */
#include <stdio.h>

int main(void)
{
	fputs("comity: no commands yet\n", stderr);
	return 2;
}
