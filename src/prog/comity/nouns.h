/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_NOUNS_H
#define COMITY_COMITY_NOUNS_H

/* nouns.h - the commands, one file a noun. argv[0] is the noun; each returns an exit code. */

#include "prog/comity/command.h"

typedef int command_run(struct command *command, int argc, char *argv[]);

command_run key_new, key_show;                                       /* key.c */
command_run federation_new, federation_join, federation_invite;      /* federation.c */
command_run act_sign, act_send, act_show;                            /* act.c */

command_run import_run;                          /* import.c */
command_run audit_run;                           /* audit.c */
command_run policy_run, prove_run, verify_run;   /* verify.c */

#endif
