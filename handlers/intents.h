#ifndef HANDLERS_INTENTS_H
#define HANDLERS_INTENTS_H

#include "handlers/handler.h"

/* The handlers that the table of handler.c names: one file each. */
handler_fn report_handle;
handler_fn correction_handle;
handler_fn cancel_handle;
handler_fn ack_handle;
handler_fn query_handle;
handler_fn help_handle;
handler_fn opt_out_handle;
handler_fn opt_in_handle;
handler_fn other_handle;
handler_fn unknown_handle;
handler_fn attendance_handle;
handler_fn member_handle;
handler_fn confirm_handle;
handler_fn vote_handle;
handler_fn opinion_handle;
handler_fn announce_handle;
handler_fn postpone_handle;
handler_fn no_meeting_handle;
handler_fn candidate_handle;
handler_fn task_handle;
handler_fn unit_update_handle;
handler_fn register_handle;
handler_fn data_request_handle;
handler_fn broadcast_handle;
handler_fn approve_handle;
/* `1` where nothing is asked: too late, or sent twice. */
handler_fn ack_without_question;

#endif
