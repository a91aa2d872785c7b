/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_NOUNS_H
#define COMITY_COMITY_NOUNS_H

/* nouns.h - the commands, one file a noun. argv[0] is the noun; each returns an exit code. */

#include "prog/comity/command.h"

typedef int command_run(struct command *command, int argc, char *argv[]);

command_run status, inbox, watch, why, explain, drill; /* a file each */
command_run impact_run;                                /* impact.c */
command_run key_new, key_show, key_next, key_open;     /* key.c */
command_run federation_new;                            /* federation.c */
command_run federation_invite, federation_join;        /* join.c */
command_run act_write_text, act_sign, act_send, act_list; /* act.c */
command_run act_show_one;                              /* act_show.c */
command_run tld_list, tld_show, tld_history, tld_grant, tld_transfer, tld_withdraw,
        tld_waive, tld_freeze;                         /* tld.c */
command_run tld_empower, tld_disempower, tld_operators; /* operators.c */
command_run tld_batch;                                 /* tld_batch.c */
command_run tld_edit, tld_ds_drop;                     /* tld_edit.c */
command_run tld_retire, tld_plan, tld_operate, tld_resume, party_rekey; /* succession.c */
command_run host_list, host_show, host_set, server_list, server_set, server_retire; /* host.c */
command_run party_list, party_show, party_rotate, party_withdraw_own,
        party_proxy, party_suspend;                    /* party.c */
command_run party_impact;                              /* party_impact.c */
command_run charter_show, charter_amend;               /* charter.c */
command_run charter_check;                             /* charter_check.c */
command_run charter_diff;                              /* charter_diff.c */
command_run proposal_list, proposal_show, proposal_comment, proposal_withdraw, proposal_cancel, consent,
        object;                                        /* proposal.c */
command_run dispute_list, dispute_show, dispute_open, dispute_answer, dispute_appoint, dispute_rank,
        dispute_challenge, dispute_exhibit, dispute_interim, dispute_rule, dispute_correct,
        dispute_settle;                                /* dispute.c */
command_run norm_list, norm_show, norm_breaches, norm_adopt, norm_repeal, norm_accept, norm_reserve,
        norm_denounce, norm_contest;                   /* norm.c */
command_run register_list, register_show, register_adopt; /* register.c */
command_run release_list, release_show, zone_export;   /* release.c */
command_run zone_diff;                                 /* zone_diff.c */
command_run signing_watch;                             /* signing.c */
command_run anchor;                                    /* anchor.c */
command_run import_run;                                /* import.c */
command_run check_run;                                 /* check.c */
command_run audit_run;                                 /* audit.c */
command_run policy_run, prove_run, verify_run;         /* verify.c */
command_run help;                                      /* help.c */

#endif
