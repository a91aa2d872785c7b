/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_PROG_COMITY_IMPORT_H
#define COMITY_PROG_COMITY_IMPORT_H

/* import.h - comity import: from the zone of another root to an import manifest
 * (comity-import(1)). */

int import_main(int argc, char *argv[]);

#endif
